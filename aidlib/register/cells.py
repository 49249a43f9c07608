"""Turn columns of texts into typed values, and say which cells could not be turned, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import polars as pl

from aidlib import regions, tables
from aidlib.disclosure import ids
from aidlib.errors import RegionUnknown, nearest
from aidlib.register.columns import LONGEST_HEADING, MONEY_UNITS, Field, words

DECIMALS = 6  # decimals of an amount in ten thousand yuan that still make whole fen
LONGEST_WHOLE = 12
HINTS = 50  # distinct unknown words of a column that are compared with every known one
SERIAL_DAY = r"^[1-5]\d{4}(\.\d+)?$"
_MONEY = r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?$"
_SCIENTIFIC = r"^-?\d(\.\d+)?[eE][+-]?\d+$"
_COUNT_WORDS = r"(周?岁|人|个月|月|项|级|次|户)$"
_DATE = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}.*)?$|^(\d{4})(\d{2})(\d{2})$"
# who is meant, without whose and which: 户主之长子 and 二女儿 are 子 and 女儿
_ROLE = r"^(?:户主|申请人)?[的之]?(?:第?[一二三四五六七八九]|[大长次小幺老])?(.+?)\d*$"
_MONTH = r"^(\d{4})[-/.年]?(\d{1,2})月?$"


@dataclass(frozen=True)
class Trouble:
    """Cells that one fault holds for: a mask over the rows, the code, and what was expected (one text, or one per row)."""

    mask: pl.Series
    code: str
    expected: str | pl.Series = ""


@dataclass(frozen=True)
class Typed:
    """A column of values (null where there is none) and the trouble met on the way."""

    values: pl.Series
    troubles: list[Trouble] = field(default_factory=list)


def tidy(texts: pl.Series) -> pl.Series:
    """Fold full-width characters, strip blanks, invisible marks, leading apostrophes and Excel's `="..."`; empty is null.

    Examples
    --------
    >>> tidy(pl.Series([" １２.5\\u200b", "='0'", '="007"', "'18", "　"])).to_list()
    ['12.5', "='0'", '007', '18', None]
    """
    folded = (
        texts.str.normalize("NFKC").str.replace_all("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "")
        .str.strip_chars().str.replace(r'^="(.*)"$', "$1").str.replace(r"^'", "").str.strip_chars()
    )  # fmt: skip
    return folded.set(folded == "", None).rename(texts.name)


def says(texts: pl.Series, pattern: str) -> pl.Series:
    """Tell which texts match a pattern; an empty cell does not.

    Examples
    --------
    >>> says(pl.Series(["12", None]), "^[0-9]+$").to_list()
    [True, False]
    """
    return texts.str.contains(pattern).fill_null(False)


def money(texts: pl.Series, unit_fen: int, high: int) -> Typed:
    """Read amounts as whole fen.

    Examples
    --------
    >>> money(pl.Series(["1,234.50", "0.01", "3e5"]), 100, 10**10).values.to_list()
    [123450, 1, None]
    """
    bare = texts.str.replace_all("[¥$ ]", "").str.replace(r"^\((.*)\)$", "-$1")
    word = bare.str.extract(r"(万元|千元|元|分)$")
    number = bare.str.replace(r"(万元|千元|元|分)$", "")
    known = says(number, _MONEY)
    scientific = says(number, _SCIENTIFIC)
    digits = number.str.replace_all(",", "").set(~known, None)
    amount, broken, long = _fen(digits, unit_fen)
    negative, over = (amount < 0).fill_null(False), long | (amount > high).fill_null(False)
    other = (word.replace_strict(MONEY_UNITS, default=None, return_dtype=pl.Int64) != unit_fen).fill_null(False)
    troubles = [
        Trouble(texts.is_not_null() & ~known & ~scientific, "R-MONEY-TEXT", "1234.50"),
        Trouble(scientific, "R-MONEY-SCIENTIFIC", "1234.50"),
        Trouble(broken & ~other, "R-MONEY-SUBFEN", "at most two decimals of a yuan"),
        Trouble(negative, "R-MONEY-NEGATIVE", "0 or more"),
        Trouble(over & ~other, "R-MONEY-BOUND", f"at most {high // 100} yuan"),
        Trouble(other, "R-MONEY-UNIT", "the unit of the heading"),
    ]
    bad = troubles[2].mask | negative | over | other
    return Typed(amount.set(bad, None), troubles)


def _fen(digits: pl.Series, unit_fen: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return whole fen, where parts of a fen were left, and where the number is too long to read."""
    sign = (
        pl.Series([1], dtype=pl.Int64)
        .new_from_index(0, len(digits))
        .set(digits.str.starts_with("-").fill_null(False), -1)
    )
    whole = digits.str.extract(r"^-?0*(\d+)").fill_null("")
    fraction = digits.str.extract(r"\.(\d*?)0*$").fill_null("")
    long = whole.str.len_chars() > LONGEST_WHOLE
    deep = fraction.str.len_chars() > DECIMALS
    units = whole.set(long, None).cast(pl.Int64, strict=False)
    parts = fraction.str.slice(0, DECIMALS).str.pad_end(DECIMALS, "0").cast(pl.Int64) * unit_fen
    scale = 10**DECIMALS
    return sign * (units * unit_fen + parts // scale), deep | (parts % scale != 0), long


def mixed(amounts: pl.Series, texts: pl.Series, fold: int = 100, least: int = 20) -> pl.Series:
    """Mark whole amounts a hundred times the usual size, whose hundredth is usual: fen where yuan were meant.

    Two units leave a gap between the usual amounts and the large ones; a column that runs on without one, as spending with its few
    large bills does, or that is spread widely, is left alone. Cells that state their own unit are taken at their word; columns with fewer than `least` amounts
    are not judged.

    Examples
    --------
    >>> yuan = pl.Series([100_000 + 100 * n for n in range(30)] + [10_500_000])
    >>> mixed(yuan, (yuan // 100).cast(pl.String)).sum()
    1
    >>> bills = pl.concat([yuan, pl.Series([700_000, 900_000, 1_200_000])])
    >>> mixed(bills, (bills // 100).cast(pl.String)).sum()
    0
    """
    some = amounts.filter(amounts > 0)
    none = amounts.is_null() & False
    if len(some) < least:
        return none
    median = float(some.median())  # type: ignore[arg-type]
    suspect = ((amounts > median * fold / 5) & ~says(texts, r"\.\d*[1-9]|[元分]")).fill_null(False)
    count = int(suspect.sum())
    running_on = int(some.is_between(median * 5, median * fold / 5, closed="right").sum()) >= 3 * count
    spread = some.quantile(0.75) > 5 * some.quantile(0.25)  # type: ignore[operator]
    clear = 0 < count < len(some) / 2 and not running_on and not spread
    return suspect if clear and _usual(amounts.filter(suspect), median, fold) else none


def _usual(suspects: pl.Series, median: float, fold: int) -> bool:
    middle = float(suspects.median()) / fold  # type: ignore[arg-type]
    return median / 5 <= middle <= median * 5


def count(texts: pl.Series, low: int, high: int, code: str = "R-COUNT-RANGE") -> Typed:
    """Read whole numbers between bounds; words such as 岁, 人 or 个月 may follow.

    Examples
    --------
    >>> count(pl.Series(["7岁", "212", "x"]), 0, 130).values.to_list()
    [7, None, None]
    """
    bare = texts.str.replace(_COUNT_WORDS, "").str.replace(r"\.0+$", "")
    known = says(bare, r"^-?\d{1,9}$")
    values = bare.set(~known, None).cast(pl.Int64, strict=False)
    outside = ((values < low) | (values > high)).fill_null(False)
    troubles = [
        Trouble(texts.is_not_null() & ~known, "R-COUNT-TEXT", "a whole number"),
        Trouble(outside, code, f"{low} to {high}"),
    ]
    return Typed(values.set(outside, None), troubles)


def day(texts: pl.Series, today: date) -> Typed:
    """Read dates such as 1990-01-31, 1990/1/31, 1990年1月31日 and 19900131.

    Examples
    --------
    >>> day(pl.Series(["1990年1月31日", "1990-02-30", "32874"]), date(2026, 1, 1)).values.to_list()
    [datetime.date(1990, 1, 31), None, None]
    """
    parts = texts.str.extract_groups(_DATE).struct.unnest()
    year, month, dom = (parts.to_series(at).fill_null(parts.to_series(at + 3)) for at in range(3))
    written = year + "-" + month.str.zfill(2) + "-" + dom.str.zfill(2)
    values = written.str.to_date("%Y-%m-%d", strict=False)
    serial = says(texts, SERIAL_DAY) & values.is_null()
    future = (values > today).fill_null(False)
    troubles = [
        Trouble(texts.is_not_null() & values.is_null() & ~serial, "R-DATE-UNREADABLE", "1990-01-31"),
        Trouble(serial, "R-DATE-SERIAL", "1990-01-31"),
        Trouble(future, "R-DATE-FUTURE", f"not after {today}"),
    ]
    return Typed(values.set(future, None), troubles)


def start(texts: pl.Series) -> Typed:
    """Read a day, or a month as its first day, such as 起始保障年月 holds.

    Examples
    --------
    >>> start(pl.Series(["2024年3月", "2024-03-15", "soon"])).values.to_list()
    [datetime.date(2024, 3, 1), datetime.date(2024, 3, 15), None]
    """
    days = day(texts, date.max).values
    months = (month(texts).values + "-01").str.to_date("%Y-%m-%d", strict=False)
    values = days.fill_null(months)
    return Typed(
        values, [Trouble(texts.is_not_null() & values.is_null(), "R-DATE-UNREADABLE", "2026-05-01 or 2026-05")]
    )


def month(texts: pl.Series) -> Typed:
    """Read months such as 2026-05, 2026年5月 and 202605 as `YYYY-MM`.

    Examples
    --------
    >>> month(pl.Series(["2026年5月", "2026-13"])).values.to_list()
    ['2026-05', None]
    """
    parts = texts.str.extract_groups(_MONTH).struct.unnest()
    number = parts.to_series(1).cast(pl.Int64, strict=False)
    sound = number.is_between(1, 12).fill_null(False)
    values = (parts.to_series(0) + "-" + parts.to_series(1).str.zfill(2)).set(~sound, None)
    return Typed(values, [Trouble(texts.is_not_null() & ~sound, "R-MONTH-UNREADABLE", "2026-05")])


def worded(texts: pl.Series, column: Field) -> Typed:
    """Read a flag, or a word out of a list, by the words of `data/register_words.csv`.

    Examples
    --------
    >>> from aidlib.register.columns import fields
    >>> worded(pl.Series(["男", "女 ", "?"]).str.strip_chars(), fields("persons")["sex"]).values.to_list()
    ['male', 'female', None]
    """
    known = words(column.name)
    low = texts.str.to_lowercase()
    values = low.replace_strict(known, default=None, return_dtype=pl.String)
    if column.name == "relation":
        plain = low.str.replace(r"\(.*\)$", "").str.extract(_ROLE)
        values = values.fill_null(plain.replace_strict(known, default=None, return_dtype=pl.String))
    unknown = texts.is_not_null() & values.is_null()
    near = _hints(low.set(~unknown, None), lambda word: nearest(word, known), _choices(column))
    if column.kind == "flag":
        values = (values == "1").set(values.is_null(), None)
    return Typed(values, [Trouble(unknown, "R-FLAG-UNKNOWN" if column.kind == "flag" else "R-WORD-UNKNOWN", near)])


def _choices(column: Field) -> str:
    return "是 or 否" if column.kind == "flag" else " ".join(column.codes)


def _each(texts: pl.Series, answer: Callable[[str], str | None]) -> pl.Series:
    """Answer each distinct text once."""
    known = {text: answer(text) for text in texts.drop_nulls().unique().to_list()}
    return texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts


def _hints(texts: pl.Series, near: Callable[[str], str], otherwise: str = "") -> pl.Series:
    """Suggest a word for the first distinct texts only: each is compared with every word there is."""
    some = set(texts.drop_nulls().unique(maintain_order=True).head(HINTS).to_list())
    return _each(texts, lambda text: (near(text) if text in some and len(text) <= LONGEST_HEADING else "") or otherwise)


def place(texts: pl.Series) -> Typed:
    """Read region codes of six digits or full names; a code that is no more gets the nearest valid one named.

    Examples
    --------
    >>> place(pl.Series(["450400", "梧州市", "450499"])).values.to_list()
    ['450400', '450400', None]
    """
    values = _each(texts, _places().get)
    unknown = texts.is_not_null() & values.is_null()
    return Typed(values, [Trouble(unknown, "R-REGION-UNKNOWN", _hints(texts.set(~unknown, None), _near_place))])


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Return codes, and names that only one place has, with the code each means."""
    rows = tables.rows("reference/regions.csv", regions.COLUMNS)
    names = Counter(row["name_zh"] for row in rows)
    own = {row["name_zh"]: row["region"] for row in rows if names[row["name_zh"]] == 1}
    return own | {row["region"]: row["region"] for row in rows}


def _near_place(text: str) -> str:
    try:
        return str(regions.region(text))
    except RegionUnknown as fault:
        return fault.faults[0].hint


def identity(texts: pl.Series, today: date) -> Typed:
    """Read identity numbers in their eighteen-character form and check shape, check character, birth day and province.

    Examples
    --------
    >>> first = "450000" + "19800520" + "001"
    >>> read = identity(pl.Series([first + ids.check_character(first), "12345"]), date(2026, 1, 1))
    >>> read.values.is_null().to_list(), [trouble.code for trouble in read.troubles if trouble.mask.any()]
    ([False, True], ['R-ID-LENGTH'])
    """
    folded = texts.str.replace_all(r"[\s\-]", "")
    upper = folded.str.to_uppercase()
    old = says(upper, r"^\d{15}$")
    number = _each(upper.set(~old, None), ids.normal).zip_with(old, upper)
    shaped = says(number, r"^\d{17}[\dX]$")
    scientific = says(upper, r"^\d\.\d+E\+?1\d$")
    right = _checks_out(number.set(~shaped, None))
    cut = shaped & ~right & says(number, r"000$")
    born = number.str.slice(6, 8).set(~shaped, None).str.to_date("%Y%m%d", strict=False)
    lived = (born.is_not_null() & (born <= today)).fill_null(False)
    prefixes = [place.code[:2] for place in regions.children(regions.NATION)]
    placed = number.str.slice(0, 2).is_in(prefixes).fill_null(False)
    troubles = [
        Trouble(scientific, "R-ID-SCIENTIFIC", "eighteen characters stored as text"),
        Trouble(texts.is_not_null() & ~shaped & ~scientific, "R-ID-LENGTH", "eighteen characters"),
        Trouble(cut, "R-ID-CUT", "eighteen characters stored as text"),
        Trouble(shaped & ~right & ~cut, "R-ID-CHECKSUM", "a check character that agrees"),
        Trouble(shaped & ~lived, "R-ID-BIRTH", "a birth day not after today"),
        Trouble(shaped & ~placed, "R-ID-REGION", "a province's two digits first"),
        Trouble(old, "R-ID-OLD15", "eighteen characters"),
        Trouble(says(folded, "x$"), "R-ID-SMALL-X", "X"),
    ]
    return Typed(number.set(~(shaped & right & lived & placed), None), troubles)


def _checks_out(numbers: pl.Series) -> pl.Series:
    total = sum(
        (numbers.str.slice(at, 1).cast(pl.Int64, strict=False) * weight for at, weight in enumerate(ids.WEIGHTS)),
        start=pl.Series([0], dtype=pl.Int64).new_from_index(0, len(numbers)),
    )
    marks = dict(enumerate(ids.REMAINDERS))
    expected = (total % ids.CHECK_MODULUS).replace_strict(marks, default=None, return_dtype=pl.String)
    return (expected == numbers.str.slice(17, 1)).fill_null(False)
