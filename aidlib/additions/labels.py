"""What a label in somebody's table says: the place, the period, the series and its unit, in the words of `data/additions/`."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aidlib import tables
from aidlib.errors import AidError, nearest
from aidlib.indices.store import words as vocabulary
from aidlib.law import Book
from aidlib.regions import Region, children, lineage, region

LONGEST_LABEL = 120  # characters; a longer text is prose
CLOSE = 0.75  # a suggestion less like what was written is worse than none
_BRACKETS = re.compile(r"[(\[【《](.*?)[)\]】》]")
_NUMBERING = re.compile(r"^(?:[(]?(?:[一二三四五六七八九十]+|\d{1,2})[)、.]+|[A-Z](?=[\u4e00-\u9fff])|[#*]|其中:?)+")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE = re.compile(r"[〇零一二三四五六七八九十]+(?=年|月|日|季度)")
_BASES = re.compile(r"(上年同月|上年同期|上月|上年)=100")
_YEARS = re.compile(r"(?:19|20)\d\d年?[-—–~至](?:19|20)\d\d年?")
_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)(?:年|-|/|\.)(?P<month>\d{1,2})(?:月|-|/|\.)(?P<day>\d{1,2})日?(?:[T ]0{1,2}:00(?::00)?)?",
        r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        r"(?:(?P<year>(?:19|20)\d\d)年?)?(?:第?(?P<quarter>[1-4])季度|[Qq](?P<quarter_>[1-4])(?!\d))(?:末|累计)?",
        r"(?:(?P<year>(?:19|20)\d\d)年?)?(?P<half>上半年|前三季度)",
        r"(?:(?P<year>(?:19|20)\d\d)年)?1(?:-|—|–|~|至)(?P<through>\d{1,2})月",
        r"(?P<year>(?:19|20)\d\d)(?:年度?|-|/)(?P<month>\d{1,2})(?:月份?|(?!\d))末?",
        r"(?P<year>(?:19|20)\d\d)\.(?P<month>\d\d)(?!\d)|(?P<year_>(?:19|20)\d\d)(?P<month_>0[1-9]|1[0-2])(?!\d)",
        r"(?P<year>(?:19|20)\d\d)(?:年度?末?|年底|(?=$|[^\d.]))",
        r"(?<!\d)(?P<month>1[0-2]|[1-9])月份?末?",
    )
)  # fmt: skip


def clean(text: str) -> str:
    """Fold full-width characters, marks without ink and spaces, and strip.

    Examples
    --------
    >>> clean("　１０２．５ "), clean("涨幅（％）")
    ('102.5', '涨幅(%)')
    """
    folded = unicodedata.normalize("NFKC", text)
    return " ".join(re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", folded).split())


@dataclass(frozen=True)
class Period:
    """A period as it was written, perhaps without its year.

    Attributes
    ----------
    year, month, day, quarter : int
        0 where it was not said.
    through : bool
        From January on to the month or quarter.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    quarter: int = 0
    through: bool = False

    def over(self, other: Period) -> Period:
        """Fill what this one does not say from another."""
        finer = self.month or self.quarter
        return Period(self.year or other.year, self.month or (0 if finer else other.month), self.day,
                      self.quarter or (0 if finer else other.quarter), self.through or (not finer and other.through))  # fmt: skip

    def text(self, kind: str) -> str:
        """Write the period as a series of a kind has it (`month`, `year`, `stock`, `cumulative`, `day`); empty where it cannot be.

        Examples
        --------
        >>> Period(2026, quarter=3).text("stock"), Period(2026, quarter=3).text("cumulative"), Period(2026, quarter=3).text("month")
        ('2026-09', '2026-Q1Q3', '')
        """
        quarter = self.quarter or (self.month // 3 if self.through and self.month % 3 == 0 else 0)
        month = self.month or 3 * self.quarter
        if not self.year:
            return ""
        if kind == "day":
            return f"{self.year}-{self.month:02d}-{self.day:02d}" if self.day else ""
        if kind == "cumulative":
            return f"{self.year}-Q1{f'Q{quarter}' if quarter > 1 else ''}" if quarter else ""
        if kind == "year":
            return "" if month else f"{self.year}"
        if kind == "month":
            return f"{self.year}-{self.month:02d}" if self.month and not self.through else ""
        if kind == "any" and (self.day or self.quarter or self.through):
            return self.text("day") if self.day else self.text("cumulative")
        return f"{self.year}-{month:02d}" if month else f"{self.year}"

    @property
    def is_edge(self) -> bool:
        """Tell whether the day is the first or the last of its month, as spreadsheets write months."""
        return self.day in (1, monthrange(self.year, self.month)[1])


def period(text: str) -> tuple[Period | None, str]:
    """Find a period in a text; return it and the text without it.

    `2026.1` is none: a spreadsheet writes October as 2026.1, so nobody can tell which month it is.

    Examples
    --------
    >>> period("二〇二六年十月")[0], period("2026年 10月食品")
    (Period(year=2026, month=10, day=0, quarter=0, through=False), (Period(year=2026, month=10, day=0, quarter=0, through=False), '食品'))
    >>> period("2024年1-3季度")[0], period("2026.1")[0]
    (Period(year=2024, month=0, day=0, quarter=3, through=True), None)
    """
    bare = re.sub(r"(\d{4}年)1[-—–~至]([1-4])季度", r"\1前\2季度", _CHINESE.sub(_arabic, clean(text)).replace(" ", ""))
    bare = _YEARS.sub("", bare).replace("前2季度", "上半年").replace("前3季度", "前三季度").replace("前4季度", "4季度")
    for pattern in _PERIODS:
        if found := pattern.search(bare):
            told = {name.rstrip("_"): value for name, value in found.groupdict().items() if value}
            if (made := _period(told)) is not None:
                return made, bare[: found.start()] + bare[found.end() :]
    return None, bare


def _period(told: dict[str, str]) -> Period | None:
    month = int(told.get("through") or told.get("month") or 0)
    quarter = {"上半年": 2, "前三季度": 3}.get(told.get("half", ""), int(told.get("quarter", 0)))
    year, day = int(told.get("year", 0)), int(told.get("day", 0))
    if month > 12 or (day and not 1 <= day <= monthrange(year, month or 1)[1]) or ("month" in told and not month):
        return None
    return Period(year, month, day, quarter, "through" in told or "half" in told)


def _arabic(found: re.Match[str]) -> str:
    """Write 二〇二六 as 2026, 十月 as 10, 二十一 as 21."""
    text = found[0]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return f"{tens.translate(_DIGITS) or 1}{ones.translate(_DIGITS) or 0}"
    return text.translate(_DIGITS)


# Places


def _place_rows() -> list[tables.Row]:
    return tables.rows("additions/places.csv", ("alias", "region", "source"))


@lru_cache(maxsize=1)
def _elsewhere() -> frozenset[str]:
    return frozenset(row["alias"] for row in _place_rows() if not row["region"])


def is_elsewhere(text: str) -> bool:
    """Tell whether a row of a table is of no region of ours: a corps, a part of the country, an office's own level.

    Examples
    --------
    >>> is_elsewhere("新疆生产建设兵团"), is_elsewhere("新疆")
    (True, False)
    """
    return clean(text).replace(" ", "") in _elsewhere()


@lru_cache(maxsize=1)
def _aliases() -> dict[str, list[str]]:
    from aidlib.regions import COLUMNS

    found: dict[str, list[str]] = {}
    for row in _place_rows():
        if row["region"]:
            found.setdefault(row["alias"], []).append(row["region"])
    for row in tables.rows("reference/regions.csv", COLUMNS):
        known = found.setdefault(row["name_zh"], [])
        known += [] if row["region"] in known else [row["region"]]
    return found


def places(text: str) -> tuple[Region, ...]:
    """List the places a text may mean: by code, by name, by a name in short, with the places above written before it or not.

    Examples
    --------
    >>> [str(place) for name in ("广西壮族自治区梧州市", "广西梧州", "450400", "吉林") for place in places(name)]
    ['梧州市 450400', '梧州市 450400', '梧州市 450400', '吉林省 220000', '吉林市 220200']
    """
    bare = _NUMBERING.sub("", clean(text).replace(" ", ""))
    if re.fullmatch(r"\d{6}(\d{6})?", bare):
        try:
            return (region(bare[:6]),)
        except AidError:
            return ()
    return tuple(map(region, _below(bare, "")))


@lru_cache(maxsize=4096)
def _below(text: str, above: str) -> tuple[str, ...]:
    """Find a name below a place (anywhere: empty); the longest name of a place may stand before it."""
    if not text or len(text) > LONGEST_LABEL:
        return ()
    if here := tuple(code for code in _aliases().get(text, ()) if not above or above in lineage(code)[1:]):
        return here
    for cut in range(len(text) - 1, 1, -1):
        for code in _aliases().get(text[:cut], ()):
            if (not above or above in lineage(code)[1:]) and code != "000000" and (found := _below(text[cut:], code)):
                return found
    return ()


def code(text: str) -> str:
    """Return the code of the only place a text means; what is unknown or means several stays, for the checks to refuse.

    Examples
    --------
    >>> code("梧州市"), code("梧洲市"), code("")
    ('450400', '梧洲市', '')
    """
    found = places(text)
    return found[0].code if len(found) == 1 else text


def place_before(text: str) -> tuple[Region | None, str]:
    """Find a place at the beginning of a title, as far as it reaches; return it and the rest.

    Examples
    --------
    >>> place_before("梧州市居民消费价格指数汇总表")
    (Region(code='450400', name_zh='梧州市', ...), '居民消费价格指数汇总表')
    """
    bare = clean(text).replace(" ", "")[:LONGEST_LABEL]
    for cut in range(len(bare), 1, -1):
        if len(found := _below(bare[:cut], "")) == 1:
            return region(found[0]), bare[cut:]
    return None, bare


def near_place(text: str) -> str:
    """Suggest the place a misspelled name means, below the place written before it; never a place the text lies in.

    Examples
    --------
    >>> near_place("梧洲市"), near_place("广西壮族自治区梧洲市"), near_place("广西壮族自治区某某市")
    ('梧州市 450400', '梧州市 450400', '')
    """
    above, rest = place_before(text)
    if above is not None and not rest:
        return ", ".join(map(str, places(text)[:5]))
    inside = children(above.code) if above else ()
    known = {place.name_zh: place for place in (*inside, *(far for near in inside for far in children(near.code)))}
    if above is None:
        known = {name: region(codes[0]) for name, codes in _aliases().items() if len(codes) == 1}
    close = _closest(rest, [name for name in known if name[-1] == rest[-1:] and abs(len(name) - len(rest)) < 2])
    return str(known[close]) if close else ""


def _closest(word: str, known: Iterable[str], least: float = CLOSE) -> str:
    """Return the word most like one, by how many letters agree and whether it begins alike."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.extractOne(word, list(known), scorer=JaroWinkler.normalized_similarity, score_cutoff=least)
    return str(found[0]) if found else ""


# Headings of attributes, units


@lru_cache(maxsize=1)
def _fields() -> dict[str, str]:
    return {row["word"]: row["field"] for row in tables.rows("additions/headings.csv", ("word", "field", "source"))}


def field(heading: str) -> str:
    """Return the attribute of a figure a heading means, or an empty string.

    Examples
    --------
    >>> field("数值"), field("同比涨幅（%）"), field("Region Code"), field("序号"), field("地 区")
    ('value', 'rise', 'region', '', 'region')
    """
    word = _BRACKETS.sub("", clean(heading)[:LONGEST_LABEL]).strip(" *:").lower()
    return _fields().get(word.replace(" ", "_")) or _fields().get(word.replace(" ", ""), "")


def field_words() -> list[str]:
    """List one word for each attribute, for a message."""
    return list({field: word for word, field in reversed(_fields().items())}.values())[::-1]


@lru_cache(maxsize=1)
def _units() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in tables.rows("additions/units.csv", ("word", "unit", "source")):
        found.setdefault(row["word"], []).append(row["unit"])
    return found


def units(text: str) -> list[str]:
    """List the units a text may mean.

    Examples
    --------
    >>> units("元/人·月"), units("（元/月）"), units("万人"), units("斤")
    (['yuan/person/month'], ['yuan/month', 'yuan/person/month'], ['10k persons'], [])
    """
    bare = clean(text).strip("()[]:").removeprefix("单位:").replace(" ", "")
    if bare in _units():
        return _units()[bare]
    head, _, rest = bare.partition("/")
    return _units().get(f"{head}/{re.sub(r'[·•.、,/]', '', rest)}", []) or _units().get(
        re.sub(r"[·•.、,]", "", bare), []
    )


# Series


@dataclass(frozen=True)
class Rule:
    """One series, or law name, that facets of a label lead to; `{area}` and `{item}` stand for theirs."""

    concept: str
    what: str
    measure: str
    span: str
    series: str
    period: str


@dataclass(frozen=True)
class Label:
    """What a label says, and what of it was not understood.

    Attributes
    ----------
    facets : dict
        concept, what, measure, span, area, item, rise, per; or `series`, where the label is a series' own name.
    period : Period or None
        The period in it.
    units : tuple of str
        Units it may state.
    left : str
        What is left of it.
    """

    facets: dict[str, str]
    period: Period | None = None
    units: tuple[str, ...] = ()
    left: str = ""

    @property
    def says(self) -> bool:
        """Tell whether all of it was understood, and it says something of a series, a period or a unit."""
        return not self.left and bool(self.facets or self.period or self.units)


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    rows = tables.rows("additions/words.csv", ("word", "facet", "value", "source"))
    known = {row["word"]: (row["facet"], row["value"]) for row in rows}
    longest = sorted(known, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), known


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    columns = ("concept", "what", "measure", "span", "series", "period")
    return tuple(Rule(*(row[column] for column in columns)) for row in tables.rows("additions/series.csv", columns))


@lru_cache(maxsize=1)
def _named() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    series = [(one.name, one.zh, one.en) for one in vocabulary().series.values()]
    for name, *shown in [*series, *((one.name, one.zh, one.en) for one in Book().tables.names.values())]:
        for label in (name, *shown):
            known.setdefault(label, set()).add(name)
    return known


def names(text: str) -> tuple[str, ...]:
    """List the series and law names whose name or label is the text.

    Examples
    --------
    >>> names("居民消费价格同比指数"), names("dibao_standard"), names("物价")
    (('cpi_yoy:total:all_items',), ('dibao_standard',), ())
    """
    return tuple(sorted(_named().get(text.strip(), ())))


def fresh() -> None:
    """Forget what labels meant: another data folder may name other series."""
    _named.cache_clear()
    read_label.cache_clear()


@lru_cache(maxsize=4096)
def read_label(text: str) -> Label:
    """Read a label: a series' own name, or words that say of what, where, how measured, in which unit and when.

    Examples
    --------
    >>> read_label("食品烟酒类居民消费价格指数(上年同月=100)").facets
    {'measure': 'yoy', 'item': 'food_tobacco_alcohol', 'concept': 'cpi'}
    >>> label = read_label("2026年10月城市低保人数（万人）")
    >>> label.facets, label.period.text("stock"), label.units, label.left
    ({'area': 'urban', 'concept': 'dibao', 'what': 'persons'}, '2026-10', ('10k persons',), '')
    >>> read_label("低保对象中的残疾人").left
    '中残疾人'
    """
    bare = clean(text)[:LONGEST_LABEL]
    if len(exact := names(bare)) == 1:
        return Label({"series": exact[0]})
    rest, stated = _without_brackets(_NUMBERING.sub("", bare.replace(" ", "")))
    found, rest = period(rest)
    facets: dict[str, str] = {}
    pattern, known = _words()
    for base in _BASES.finditer(bare.replace(" ", "")):
        facets[known[base[0]][0]] = known[base[0]][1]
    rest = _BASES.sub("", rest).lower()
    left, twice = pattern.sub("", rest).strip(), set()
    for match in pattern.finditer(rest):
        facet, value = known[match[0]]
        if facet != "noise" and facets.setdefault(facet, value) != value:
            left += match[0]
            twice.add(facet)  # two areas, or two measures: which is meant is not known
    facets = {facet: value for facet, value in facets.items() if facet not in twice}
    return Label(facets, found, tuple(stated), left)


def _without_brackets(text: str) -> tuple[str, list[str]]:
    """Take units, bases and years of validity out of a label's brackets; other words in brackets stay."""
    stated: list[str] = []

    def inside(found: re.Match[str]) -> str:
        word = found[1]
        if known := units(word):
            stated.extend(known)
            return ""
        return "" if re.fullmatch(r"(?:\d{4})?-(?:\d{4})?|±%|[A-Za-z/ ]+", word) else word

    rest = _BRACKETS.sub(inside, text)
    return (rest, stated) if stated or not units(rest) else ("", units(rest))


@dataclass(frozen=True)
class Named:
    """A series, the group of a law name, and the kind of period it has."""

    series: str
    groups: tuple[str, ...] = ()
    period: str = ""

    @property
    def is_law(self) -> bool:
        """Tell whether it is a name of the law book."""
        return self.series not in vocabulary().series

    @property
    def is_index(self) -> bool:
        """Tell whether it is an index with base 100."""
        return any(unit.startswith("index_") for unit in self._known())

    def units(self, stated: Iterable[str] = (), per: str = "") -> tuple[str, ...]:
        """Return the units it may have, of those stated, or by the month or by the year.

        Examples
        --------
        >>> Named("dibao_avg:rural").units(["yuan/month", "yuan/person/month"]), Named("dibao_avg:rural").units(per="year")
        (('yuan/person/month',), ('yuan/person/year',))
        """
        known = [unit for unit in self._known() if unit in stated] if stated else list(self._known())
        timed = [unit for unit in known if unit.endswith(f"/{per}")] if per else known
        return tuple(timed) if stated or per or len(timed) == 1 else ()

    def _known(self) -> tuple[str, ...]:
        known = vocabulary().series.get(self.series)
        return known.units if known else Book().tables.names[self.series].units


def series_of(facets: dict[str, str], period: Period | None = None) -> Named | None:
    """Return the series that facets lead to; None where there is none.

    Examples
    --------
    >>> series_of({"concept": "dibao", "what": "avg", "area": "rural"}).series, series_of({"item": "food"}).series
    ('dibao_avg:rural', 'cpi_yoy:total:food')
    >>> series_of({"concept": "dibao", "what": "standard", "area": "total"})
    Named(series='dibao_standard', groups=('urban', 'rural'), period='day')
    >>> series_of({"concept": "income", "rise": "1"}) is None
    True
    """
    if "series" in facets:
        named = _by_own_name(facets)
        return None if "rise" in facets and not named.is_index else named
    if "concept" not in facets and "item" in facets:  # a measure alone may be that of incomes
        facets = {"concept": "cpi", **facets}
    concept, what, measure, span = (facets.get(name, "") for name in ("concept", "what", "measure", "span"))
    keys = [[concept, what, measure, span]]
    if period and period.quarter and not span:
        keys.insert(0, [concept, what, measure, "ytd"])
    if period and not (period.quarter or period.month or measure or span):
        keys.insert(0, [concept, what, "annual", span])
    for key in keys:
        for rule in _rules():
            if [rule.concept, rule.what, rule.measure, rule.span] == key:
                return _filled(rule, facets)
    return None


def _by_own_name(facets: dict[str, str]) -> Named:
    """Name a series given by its own name; the group of a law name comes from the words beside it."""
    name = facets["series"]
    area = {"total": ("urban", "rural")}.get(facets.get("area", ""), (facets.get("area", ""),))
    stem = name.partition(":")[0]
    kind = next((rule.period for rule in _rules() if rule.series.partition(":")[0] == stem), "")
    return Named(name, tuple(filter(None, area)) if name in Book().tables.names else (), kind)


def _filled(rule: Rule, facets: dict[str, str]) -> Named | None:
    if "rise" in facets and rule.concept not in ("cpi", "scpi"):
        return None
    area = facets.get("area", "total" if rule.period != "day" else "")
    if rule.period == "day":
        return Named(rule.series, ("urban", "rural") if area == "total" else tuple(filter(None, (area,))), "day")
    item = facets.get("item", "all_items" if rule.concept in ("cpi", "scpi") else "")
    name = rule.series.replace("{area}", area).replace("{item}", item).rstrip(":")
    return Named(name, (), rule.period) if name in vocabulary().series else None


def near_series(text: str) -> str:
    """Suggest series for a label that was not understood: what its words lead to, the same letters in another order, or a label much like it.

    Examples
    --------
    >>> near_series("指数同比居民消费价格"), near_series("梧州大桥")
    ('居民消费价格同比指数', '')
    """
    wanted = clean(text)
    labels = {one.zh: one.name for one in vocabulary().series.values()} | {
        one.zh: one.name for one in Book().tables.names.values()
    }
    if len(shared := names(wanted)) > 1:
        return ", ".join(shared)
    reordered = next((label for label in labels if sorted(label) == sorted(wanted)), "")
    return reordered or _closest(wanted, labels, least=0.85) or nearest(wanted, labels.values())
