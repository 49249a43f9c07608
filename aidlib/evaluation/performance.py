"""How well a place did in a year: every measure with its trend, what it is compared with, its target, a verdict, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from aidlib.errors import ParameterFault
from aidlib.evaluation.by_year import History, LinkageYear, of_year
from aidlib.evaluation.form import Form, fill
from aidlib.evaluation.households import Households, NoHouseholds, read_households
from aidlib.evaluation.measures import FLOOR, HEADS, MEASURES, POINT, Measure, Records, Seen, payment_asked, unread
from aidlib.indices import Figure, Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Book, Value, weakest
from aidlib.regions import NATION, Region, province_of, provinces, region
from aidlib.regions import place as place_named
from aidlib.result import Result
from aidlib.standards.basis import RATIO_TARGET, StandardBasis
from aidlib.standards.levels import AREAS, LAW_NAMES, latest_year
from aidlib.standards.targets import Check, Checks, check_targets

if TYPE_CHECKING:
    import pandas as pd

PEERS, FEWEST_PEERS = 10, 5
CARRIED_YEARS = 3
HISTORY_YEARS = 6
INCOME = "disposable_income_pc:total"
TARGETS = {
    "level": ("dibao_floor", "dibao_guide"),
    "level_growth": ("standard_growth_min",),
    "adequacy_consumption": ("standard_share_of_consumption", "standard_share_of_consumption_min"),
    "adequacy_income": ("standard_share_of_income_min",),
    "rural_urban_ratio": (RATIO_TARGET,),
    "tekun_multiple": ("tekun_basic_multiple",),
}
EVERY_ONE = {
    "recognised_on_time": ("approve_workdays", ""),
    "reviewed": ("review_months", "dibao_unstable|dibao_stable"),
}
"""Measures of how many kept a rule of the law, and its groups: the rule asks it of every one."""
OWN_FIGURES = ("execution", "recognised_on_time", "linkage_on_time", "reviewed")
CARD = ("level", "real_growth", "adequacy_consumption", "rural_urban_ratio", "coverage", "payment", "linkage_due")
FRAME = (
    "head", "measure", "area", "value", "period", "value_kind", "formula", "before", "before_period", "value_change", "province_value",
    "nation_value", "lower_quartile", "median", "upper_quartile", "peers", "rank", "op", "required", "due", "verdict", "reason", "sources",
)  # fmt: skip
SHORT = ("measure", "area", "value", "value_change", "median", "required", "verdict", "reason", "sources")
FULL = (
    "measure", "area", "value", "period", "value_kind", "formula", "value_change", "required", "verdict", "reason", "sources",
)  # fmt: skip
BESIDE = (
    "measure", "area", "value", "period", "value_kind", "province_value", "nation_value", "lower_quartile", "median", "upper_quartile",
    "peers", "rank", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class Benchmark:
    """What a value is compared with: the same measure, year and basis elsewhere.

    Attributes
    ----------
    province, nation : Known or None
        Of the province a place belongs to, and of the nation.
    peers : mapping of str to Known
        Of places of like income, by region code.
    """

    province: Known | None
    nation: Known | None
    peers: Mapping[str, Known]

    @property
    def quartiles(self) -> tuple[Fraction, Fraction, Fraction] | None:
        """Lower quartile, median and upper quartile of the peers; None where fewer than five are known."""
        if len(self.peers) < FEWEST_PEERS:
            return None
        low, middle, high = quantiles((known.number for known in self.peers.values()), n=4, method="inclusive")
        return low, middle, high


@dataclass(frozen=True)
class Line:
    """One measure of the place, with what it stands beside.

    Attributes
    ----------
    measure : Measure
    area : str
        `urban`, `rural` or empty.
    year : int
        The year asked about.
    now : Seen, Missing or Note
        What is known of the year; of an earlier year where `carried`.
    carried : bool
        True where a value of an earlier year, or the range a level lies in, stands for the year: it is never judged.
    last : Seen or None
        The same measure a year before the value, on the same basis.
    benchmark : Benchmark or None
        What it is compared with.
    target : Target or None
        What was asked for, where a target was in force at the end of the year.
    reason : Note, Missing or None
        What qualifies the value or the verdict.
    """

    measure: Measure
    area: str
    year: int
    now: Seen | Missing | Note
    carried: bool = False
    last: Seen | None = None
    benchmark: Benchmark | None = None
    target: Target | None = None
    reason: Note | Missing | None = None

    @property
    def name(self) -> str:
        """Code of the measure."""
        return self.measure.name

    @property
    def value(self) -> Known | None:
        """The number, where there is one."""
        return self.now.value if isinstance(self.now, Seen) else None

    @property
    def known(self) -> bool:
        """Whether the number of the year itself is known, as a point."""
        return self.value is not None and self.value.point and not self.carried

    @property
    def verdict(self) -> str:
        """met, not_met; not_assessed where the value or a comparison is lacking; not_applicable where no target was in force."""
        if isinstance(self.now, Note):
            return "not_applicable"
        if not self.known:
            return "not_assessed"
        if self.target is None:
            return "not_applicable"
        return "not_assessed" if self.target.met is None else "met" if self.target.met else "not_met"

    @property
    def change(self) -> Known | None:
        """The change since a year before: of a share in percentage points, of anything else as a ratio."""
        if self.last is None or self.value is None or not self.value.point:
            return None
        old, new = self.last.value, self.value
        status = weakest(old.status, new.status)
        if new.unit == "ratio":
            return Known((new.number - old.number) * 100, POINT, status)
        return Known(_plain(new) / _plain(old) - 1, "ratio", status) if old.number else None

    @property
    def among_peers(self) -> str:
        """below, within or above the middle half of the peers; empty where there is no comparison."""
        found = self.benchmark.quartiles if self.benchmark else None
        if found is None or self.value is None:
            return ""
        low, _, high = found
        return "below" if self.value.number < low else "above" if self.value.number > high else "within"

    @property
    def rank(self) -> tuple[int, int, int] | None:
        """Best and worst rank among the peers, highest first, and how many are ranked; a range where an error leaves it open."""
        if self.benchmark is None or self.benchmark.quartiles is None or self.value is None:
            return None
        own, others = _ends(self.value), [_ends(known) for known in self.benchmark.peers.values()]
        return 1 + sum(low > own[1] for low, _ in others), 1 + sum(high > own[0] for _, high in others), len(others) + 1


def _lacking(line: Line) -> str:
    """What a line lacks: a level, whatever it is called for, or a figure."""
    what = line.now.what if isinstance(line.now, Missing) else ""
    return "level" if what.startswith("level") else what


def _ends(known: Known) -> tuple[Fraction, Fraction]:
    """Least and greatest value a number can have, its error considered."""
    error = known.error or Fraction(0)
    low, high = (known.number if end is None else end for end in (known.low, known.high))
    return low - error, high + error


def _plain(known: Known) -> Fraction:
    """A head-count or sum in single persons or yuan."""
    row = known.row
    return row.plain if isinstance(row, Figure) and row.value == known.number else known.number


@dataclass(frozen=True)
class Evaluation(Result):
    """What is known of a place's work in a year.

    Attributes
    ----------
    law, figures : Book, Figures
        The readers it was made with.
    place : str
        Region code.
    years : tuple of int
        Years of the trend, the last of which is judged.
    lines : tuple of Line
        Every measure.
    checks : Checks
        Every target in force at the end of the year.
    peers : tuple of str
        Places of like income, nearest first; empty where the place's income of the year is not published.
    """

    law: Book
    figures: Figures
    place: str
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    checks: Checks
    peers: tuple[str, ...]

    @property
    def year(self) -> int:
        """The year that is judged."""
        return self.years[-1]

    @cached_property
    def records(self) -> Records:
        """The place's law and figures of the year."""
        return Records(self.law, self.figures, self.place, self.year)

    @property
    def basis(self) -> StandardBasis:
        """What the standards of the year are set on."""
        return self.records.basis

    def of(self, name: str, area: str = "") -> Line:
        """The line of a measure.

        Raises
        ------
        ParameterFault
            No such measure.
        """
        found = next((line for line in self.lines if (line.name, line.area) == (name, area)), None)
        if found is None:
            raise ParameterFault("no such measure", got=f"{name} {area}".strip(), expected=", ".join(MEASURES))
        return found

    def pair(self, name: str) -> tuple[Line, ...]:
        """The lines of a measure, town and country."""
        return tuple(line for line in self.lines if line.name == name)

    def part(self, *heads: str) -> Lines:
        """The lines of some parts of the work: `protected`, `covered`, `delivered`."""
        return Lines(tuple(line for line in self.lines if line.measure.head in heads))

    @property
    def card(self) -> Lines:
        """The measures that answer first."""
        return Lines(tuple(line for line in self.lines if line.name in CARD))

    @property
    def verdicts(self) -> dict[str, int]:
        """How many lines have each verdict."""
        codes = ("met", "not_met", "not_assessed", "not_applicable")
        return {code: sum(line.verdict == code for line in self.lines) for code in codes}

    @property
    def verdict(self) -> str:
        """The answer in one word: not_met where a target was missed, met where all could be told and were reached, none_missed where some
        could, not_assessed where none could."""
        counts = self.targets
        if counts["not_met"] or not counts["met"]:
            return "not_met" if counts["not_met"] else "not_assessed"
        return "none_missed" if counts["cannot_tell"] else "met"

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Lines of which nothing is known."""
        return tuple(line for line in self.lines if isinstance(line.now, Missing))

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """Measures of which nothing is known in any area, each once."""
        known = {line.name for line in self.lines if not isinstance(line.now, Missing)}
        return tuple(dict.fromkeys(line.name for line in self.unknown if line.name not in known))

    @property
    def first_to_fill(self) -> tuple[str, ...]:
        """Measures to fill in first: of those that lack for the same figure one, the level itself where it is a level; what answers first leads."""
        lost = [line for line in self.unknown if line.name in self.unknown_names]
        first = {_lacking(line): line.name for line in reversed(lost)}
        names = {"level" if what == "level" else name for what, name in first.items()}
        return tuple(sorted(names, key=lambda name: (name not in CARD, list(MEASURES).index(name))))

    @property
    def own_figures_lacking(self) -> tuple[Line, ...]:
        """Lines that only the unit's own figures can answer, and that nobody has given."""
        return tuple(line for line in self.unknown if line.name in OWN_FIGURES)

    @property
    def own_targets(self) -> tuple[Line, ...]:
        """Lines whose target is not among the checks: an average payment asked for, a rule to be kept in every case."""
        return tuple(line for line in self.lines if line.target and line.name not in TARGETS)

    @property
    def targets(self) -> dict[str, int]:
        """How many targets and limits in force are met, not_met, or cannot be told, every check and every line's own."""
        told = [one.verdict for one in self.checks] + [line.verdict for line in self.own_targets]
        found = {code: told.count(code) for code in ("met", "not_met")}
        return found | {"cannot_tell": len(told) - sum(found.values()) - told.count("not_applicable")}

    @property
    def missed(self) -> tuple[tuple[str, str], ...]:
        """Area and code of what was asked for and not reached."""
        lines = [(line.area, line.name) for line in self.own_targets if line.verdict == "not_met"]
        return (*((one.area, one.target.name) for one in self.checks if one.verdict == "not_met"), *lines)

    @property
    def not_yet(self) -> tuple[Line, ...]:
        """Lines below a target that is not due yet."""
        return tuple(line for line in self.lines if isinstance(line.reason, Note) and line.reason.code == "not_due")

    @property
    def below_peers(self) -> tuple[Line, ...]:
        """Lines below the lower quartile of places of like income, where more is better."""
        return tuple(line for line in self.lines if line.measure.better == "high" and line.among_peers == "below")

    @property
    def falling(self) -> tuple[Line, ...]:
        """Levels that fell in real terms."""
        return tuple(line for line in self.pair("real_growth") if line.known and line.value and line.value.number < 0)

    @property
    def compared(self) -> Lines:
        """Lines that the province, the nation or enough peers stand beside."""
        found = ((line, line.benchmark) for line in self.lines)
        return Lines(tuple(line for line, one in found if one and (one.province or one.nation or one.quartiles)))

    @property
    def linkage(self) -> LinkageYear:
        """Price linkage of the year, month by month."""
        return LinkageYear(tuple(self.records.months))

    def form(self, rubric: str = "", filled: str = "", households: Households | NoHouseholds | None = None) -> Form:
        """The official form, filled as far as data, a register and an official's file go (`aidlib.evaluation.form.fill`)."""
        return fill(self.records, rubric, filled, households)

    def households(self, register: str = "", earlier: str = "") -> Households | NoHouseholds:
        """What a register says of coverage, errors and money (`aidlib.evaluation.households.read_households`)."""
        return read_households(self.records, register, earlier)

    @cached_property
    def history(self) -> History:
        """The trend: levels, recipients, payments year by year."""
        return History(self.place, {year: of_year(replace(self.records, year=year)) for year in self.years})

    def to_frame(self) -> pd.DataFrame:
        """One row a measure and area (`Lines.to_frame`)."""
        return Lines(self.lines).to_frame()


@dataclass(frozen=True)
class Lines(Result, Sequence[Line]):
    """Some lines of an evaluation."""

    lines: tuple[Line, ...]

    def __getitem__(self, at: Any) -> Any:
        return self.lines[at]

    def __len__(self) -> int:
        return len(self.lines)

    def to_frame(self) -> pd.DataFrame:
        """One row a measure and area."""
        import pandas as pd

        rows: Any = [_row(line) for line in self.lines]
        return pd.DataFrame(rows, columns=list(FRAME))

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the levels are that the lines rest on: one kind is said once, several stand beside their values."""
        found = [line.now.basis.partition(" ")[0] for line in self.lines if isinstance(line.now, Seen)]
        return tuple(dict.fromkeys(kind for kind in found if kind))

    def short(self) -> pd.DataFrame:
        """What a reader needs first: value, change, median of the peers, target, verdict."""
        return self.to_frame()[list(SHORT)]

    def full(self) -> pd.DataFrame:
        """Values with how they came about, how they moved and what was asked for; a measure that lacks in town and country is one row."""
        lost = {line.name for line in self.lines if isinstance(line.now, Missing)}
        lost -= {line.name for line in self.lines if not isinstance(line.now, Missing)}
        kept = [line for line in self.lines if line.name not in lost or line.area != AREAS[-1]]
        shown = [name for name in FULL if name != "value_kind" or len(self.kinds) > 1]
        frame = Lines(tuple(replace(line, area="") if line.name in lost else line for line in kept)).to_frame()[shown]
        frame.attrs["lacking"] = [line.now for line in self.lines if line.name in lost]
        return frame

    def beside(self) -> pd.DataFrame:
        """Values beside those of the province, the nation and the peers, whose rows are listed too."""
        frame = self.to_frame()[list(BESIDE)]
        sources: Any = [[*own, *_rows_elsewhere(line)] for own, line in zip(frame["sources"], self.lines, strict=True)]
        return frame.assign(sources=sources)


def _rows_elsewhere(line: Line) -> list[Value | Figure]:
    found = line.benchmark
    held = [] if found is None else [found.province, found.nation, *found.peers.values()]
    return [row for known in held if known for row in known.rows]


def _row(line: Line) -> list[Any]:
    seen = line.now if isinstance(line.now, Seen) else None
    found, goal = line.benchmark, line.target
    quartiles = found.quartiles if found and found.quartiles else (None, None, None)
    unit = line.value.unit if line.value else ""
    ends = [None if end is None else Known(end, unit, "observed") for end in quartiles]
    span = seen.period.replace("..", "–") if seen else None
    rank = line.rank
    placed = None if rank is None else f"{rank[0]}{f'–{rank[1]}' if rank[1] != rank[0] else ''}/{rank[2]}"
    return [
        line.measure.head, line.name, line.area or None, line.value or (line.now if isinstance(line.now, Missing) else None),
        span, seen.basis.partition(" ")[0] or None if seen else None, seen.formula or None if seen else None,
        line.last.value if line.last else None, line.last.period.replace("..", "–") if line.last else None, line.change,
        found.province if found else None, found.nation if found else None, *ends, len(found.peers) if found else None, placed,
        goal.op if goal else None, goal.asked if goal else None, goal.due if goal else None, line.verdict, line.reason,
        [*(seen.value.rows if seen else ()), *(goal.required.rows if goal else ())],
    ]  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What was asked for, and whether it was reached.

    Attributes
    ----------
    required : Known
        The number asked for, with its row.
    op : str
        ge, gt, le or lt.
    met : bool or None
        None where that cannot be told.
    due : date or None
        The day by which it is to be reached, where there is one.
    """

    required: Known
    op: str
    met: bool | None
    due: date | None = None

    @property
    def asked(self) -> Known:
        """What is asked for as a number: `at least` is one without an upper end."""
        least = self.op == "ge" and self.required.point
        return replace(self.required, low=self.required.number) if least else self.required


def evaluate(
    region: str | int | Region,
    years: int | str | Iterable[int] | None = None,
    law: Book | None = None,
    figures: Figures | None = None,
) -> Evaluation:
    """救助工作绩效评价:按公布的数据逐项测算。 Measure the work of a place in a year, from published figures or those of your overlay.

    Missing is not assessed and never nought; nothing of a place above stands in unmarked; no household is simulated.

    Parameters
    ----------
    region : str, int or Region
        Code, Chinese or English name.
    years : int or iterable of int, optional
        The year to judge, or the years of the trend, the last of which is judged. Left out: the newest year with figures.
    law, figures : Book, Figures, optional
        Readers that remember what is read; new ones where left out.

    Returns
    -------
    Evaluation
        `.to_frame()`, `.of("coverage", "rural")`, `.history`, `.checks`, `.plot()`.

    Raises
    ------
    ParameterFault
        No year given and no figures of the place at all; an unreadable year.

    Examples
    --------
    >>> found = evaluate("黑龙江", 2024)
    >>> found.of("level", "rural").value, found.of("recipients", "rural").verdict
    (Known(517 yuan/person/month, enacted), 'not_assessed')
    >>> found.of("rural_urban_ratio").reason
    Note(code='not_due', facts=('2025-12-31',))
    """
    book, known = law or Book(), figures or Figures()
    code = place_named(region).code
    span = _span(years if years is not None else newest_year(code, book, known), code)
    at = Records(book, known, code, span[-1])
    checks = check_targets(at.basis)
    peers = peers_of(known, code, span[-1])
    lines = tuple(
        _line(at, checks, peers, one, area) for head in HEADS for one in MEASURES.values() if one.head == head for area in one.areas
    )  # fmt: skip
    return Evaluation(book, known, code, span, lines, checks, peers)


def newest_year(region: str | int | Region, law: Book | None = None, figures: Figures | None = None) -> int | None:
    """最近有数据的年份。 The newest year in which a place has a level, recipients or payments of its own; None where it has none in any year.

    Examples
    --------
    >>> newest_year("黑龙江"), newest_year(450400)
    (2024, 2019)
    """
    place, known = place_named(region).code, figures or Figures()
    series = [f"{stem}:{area}" for stem in ("dibao_recipients", "dibao_subsidy_avg", "dibao_avg") for area in AREAS]
    years = [int(period[:4]) for name in series for period in known.all(place, name)]
    level = latest_year(place, law or Book(), known)
    return max([*years, *([level] if level else [])], default=None)


def peers_of(figures: Figures, place: str, year: int) -> tuple[str, ...]:
    """收入相近的地区。 Places of the same level nearest in disposable income per head of the year, nearest first: ten at most."""
    own = figures.find(place, INCOME, str(year))
    if own is None:
        return ()
    every = [one.code for one in provinces()] if region(place).level == "province" else figures.places(INCOME)
    alike = [code for code in every if code != place and region(code).level == region(place).level]
    known = {code: found for code in alike if (found := figures.all(code, INCOME).get(str(year)))}
    return tuple(sorted(known, key=lambda code: (abs(known[code].value / own.value - 1), code))[:PEERS])


def _span(years: int | str | Iterable[int] | None, place: str) -> tuple[int, ...]:
    if years is None:
        raise ParameterFault("no figures of this place in any year", where="years", got=place, hint="name a year")
    try:
        if isinstance(years, (int, str)):
            return tuple(range(int(years) - HISTORY_YEARS + 1, int(years) + 1))
        found = tuple(sorted({int(year) for year in years}))
    except (TypeError, ValueError):
        raise ParameterFault("not a year", where="years", expected="2024, or years", got=str(years)) from None
    if not found:
        raise ParameterFault("no year", where="years", expected="at least one")
    return found


def _line(at: Records, checks: Checks, peers: tuple[str, ...], one: Measure, area: str) -> Line:
    now, year, reason = stands(at, one, area)
    line = Line(one, area, at.year, now, year != at.year, reason=reason)
    if not isinstance(now, Seen):
        return replace(line, target=_target(at, checks, line))
    own = replace(at, year=year)
    last = (
        _looked_up(at, replace(at, year=year - 1), one, area, lambda then: _alike(then, now))
        if now.value.point
        else None
    )
    line = replace(line, last=last, benchmark=_benchmark(own, one, area, now, peers))
    check = _check(checks, one.name, area)
    return replace(line, target=_target(at, checks, line), reason=reason or (check.reason if check else None))


def stands(at: Records, one: Measure, area: str) -> tuple[Seen | Missing | Note, int, Note | Missing | None]:
    """The value of the year, else what is known of it otherwise; the year it is of; and what a reader must know of it."""
    found = one.find(at, area)
    if isinstance(found, Seen):
        return found, at.year, _whose(at.place, found) or _over_years(found)
    if isinstance(found, Note):
        return found, at.year, found
    if wide := _range(at, one.name, area):
        return wide, at.year, Note("known_as_range")
    for year in range(at.year - 1, at.year - 1 - CARRIED_YEARS, -1) if one.carried else ():
        if then := _looked_up(at, replace(at, year=year), one, area):
            stale = replace(then.value, status=weakest("stale", then.value.status))
            code = "carried_from_month" if "-" in then.period else "carried_from"
            return replace(then, value=stale), year, Note(code, (then.period.replace("..", "–"),))
    return found, at.year, None


def _whose(place: str, found: Seen) -> Note | None:
    """Say whose level it is, where it is that of a place above."""
    first = found.value.rows[:1]
    above = [
        row.region for row in first if isinstance(row, Value) and row.name in LAW_NAMES.values() and row.region != place
    ]
    return Note("level_of_above", (above[0],)) if above else None


def _over_years(found: Seen) -> Note | None:
    """Say over how many years a rise is, where it is more than one."""
    first, joint, last = found.period.partition("..")
    return Note("rise_since", (first, last)) if joint and int(last) - int(first) > 1 else None


def _range(at: Records, name: str, area: str) -> Seen | None:
    """The range a level of the year lies in, and what it is worth, where the level or the mean per head is not known as a point."""
    if name == "level":
        found = at.basis[area].standard
        return Seen(found, str(at.year)) if found and not found.point else None
    what = {"adequacy_consumption": "consumption_pc", "adequacy_income": "disposable_income_pc"}.get(name)
    own = at.basis[area] if what else None
    if what is None or own is None or own.kind == FLOOR:
        return None
    pair = next(((mean, ratio) for mean, ratio in own.adequacy() if mean.name.startswith(what)), None)
    if pair is None or pair[1].low is None:
        return None
    mean, ratio = pair
    return Seen(Known(ratio.value, "ratio", ratio.status, None, mean.rows, "", ratio.low, ratio.high), str(at.year))


def _alike(one: Seen, other: Seen) -> bool:
    """Whether two values may be compared: of one kind, and of spans of one length."""
    return (one.basis.partition(" ")[0], _span_of(one)) == (other.basis.partition(" ")[0], _span_of(other))


def _span_of(one: Seen) -> tuple[int, int]:
    """How many years a value spans, and how closely its period is stated."""
    first, joint, last = one.period.partition("..")
    return int(last) - int(first) if joint else 0, len(one.period)


def _benchmark(at: Records, one: Measure, area: str, now: Seen, peers: tuple[str, ...]) -> Benchmark | None:
    """The same measure, year and basis in the province, the nation and places of like income."""
    if not one.compared or not now.value.point:
        return None

    def elsewhere(place: str) -> Known | None:
        found = _looked_up(
            at, replace(at, place=place), one, area, lambda seen: seen.basis == now.basis and not _whose(place, seen)
        )
        return found.value if found else None

    province = province_of(at.place).code
    held = {place: known for place in peers if (known := elsewhere(place))}
    above = [elsewhere(code) if code != at.place else None for code in (province, NATION)]
    return Benchmark(above[0], above[1], held) if held or any(above) else None


def _looked_up(
    at: Records, other: Records, one: Measure, area: str, fits: Callable[[Seen], bool] = lambda _: True
) -> Seen | None:
    """A measure of another place or year, where it is known as a point and fits: only then do its rows count as read."""
    found = one.find(replace(other, law=unread(at.law), figures=unread(at.figures)), area)
    if not isinstance(found, Seen) or not found.value.point or not fits(found):
        return None
    at.law.reads.update({row.place: row for row in found.value.rows if isinstance(row, Value)})
    at.figures.reads.update({row.place: row for row in found.value.rows if isinstance(row, Figure)})
    return found


def _check(checks: Checks, name: str, area: str) -> Check | None:
    """The check of a measure's target; one that came into force later is none."""
    named = TARGETS.get(name, ())
    found = [one for one in checks if one.target.name in named and one.area == area]
    return next(iter(sorted(found, key=lambda one: one.verdict == "not_applicable")), None)


def _target(at: Records, checks: Checks, line: Line) -> Target | None:
    if found := _check(checks, line.name, line.area):
        if found.verdict == "not_applicable":
            return None
        low, high = found.target.bounds
        ends = (low, high) if low != high else (None, None)
        as_share = line.value is not None and line.value.unit == "ratio" and found.target.unit != "pct"
        unit = "ratio" if as_share else found.target.unit
        required = Known(low, unit, found.target.status, None, (found.target,), "", *ends)
        met = {"met": True, "not_met": False}.get(found.verdict)
        return Target(required, found.op, None if line.carried else met, found.due)
    if line.name == "payment":
        return _payment_target(at, line)
    if line.name in EVERY_ONE or line.name == "linkage_started":
        return _every_one(at, line)
    return None


def _payment_target(at: Records, line: Line) -> Target | None:
    if (row := payment_asked(at, line.area)) is None:
        return None
    required = Known.of(row)
    met = line.value.fen_month >= required.fen_month if line.known and line.value else None
    return Target(required, "ge", met)


def _every_one(at: Records, line: Line) -> Target | None:
    """A rule of the law in force, which is to be kept in every case."""
    started = (month.regime for month in at.months if month.outcome == "triggered" and month.regime)
    row = next(started, None) if line.name == "linkage_started" else at.basis.urban.rule(*EVERY_ONE[line.name])
    if row is None:
        return None
    met = line.value.number >= 1 if line.known and line.value else None
    return Target(Known(Fraction(1), "ratio", row.status, None, (row,)), "ge", met)
