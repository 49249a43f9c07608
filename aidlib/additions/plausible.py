"""Does a figure fit what is known? It is held against the place's last, the places above it, town and country, and the rule of the province.

What fits is read from the shipped figures themselves: how far such figures moved from month to month, and how far places stood from the
nation. Floats are good enough here: nothing of this is an amount, it only says what somebody should look at twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from math import inf, isinf
from statistics import median

from aidlib import tables
from aidlib.additions.layouts import Line
from aidlib.errors import Fault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.load import Entry
from aidlib.money import exact
from aidlib.regions import NATION, lineage, region

CONFIRM = "--confirm, if the source prints it so"
DIFFERENCES = ("index_", "pct", "ratio")  # units whose figures are compared by difference, others by how many times
PER_HEAD = (
    "/person",
    "/month",
    "index_",
    "pct",
    "ratio",
)  # what may be compared with the nation: no counts and no sums
AREAS = {"urban": "rural", "rural": "urban"}
MONTHS, DAYS = 12, 365.25  # of a year
Known = dict[str, float]
GUIDES = {"dibao_standard": ("dibao_guide", "dibao_floor"), "tekun_basic_standard": ("tekun_basic_floor",)}
AVERAGES = {"dibao_standard": "dibao_avg"}


@lru_cache(maxsize=1)
def conventions() -> dict[str, float]:
    """Return the conventions of `data/additions/conventions.csv`."""
    rows = tables.rows("additions/conventions.csv", ("name", "value", "unit", "source"))
    return {row["name"]: float(row["value"]) for row in rows}


@dataclass(frozen=True)
class Spread:
    """How differences were spread in the past: their count, the least, the middle and the largest, by difference or by factor.

    Examples
    --------
    >>> Spread.of([-1.0, 0.0, 2.0] * 20).widened()
    (-1.25, 2.5)
    """

    count: int
    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, found: list[float]) -> Spread | None:
        """Describe differences; None where there are none."""
        return cls(len(found), min(found), median(found), max(found)) if found else None

    def to_the(self, power: float) -> Spread:
        """Return the factors of one year as those of several."""
        return Spread(self.count, self.low**power, self.middle**power, self.high**power)

    def widened(self) -> tuple[float, float]:
        """Return the least and the largest that do not stand out."""
        margin = conventions()["margin"]
        return self.low - margin * (self.middle - self.low), self.high + margin * (self.high - self.middle)


@dataclass(frozen=True)
class Beside:
    """A figure another is held against, and the range that follows from it; no range where nothing of the kind is known."""

    what: str
    shown: str
    low: float | None = None
    high: float | None = None
    count: int = 0

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.what} {self.shown}"
        span = f"{_short(self.low)} or more" if isinf(self.high) else f"{_short(self.low)} to {_short(self.high)}"
        past = f", by {self.count} past differences" if self.count else ""
        return f"{self.what} {self.shown} (so {span}{past})"

    def excludes(self, value: float) -> bool:
        """Tell whether a value lies outside the range."""
        return self.low is not None and self.high is not None and not self.low <= value <= self.high


def month_number(period: str) -> int:
    """Count months; a year or a cumulative quarter stands at its end.

    Examples
    --------
    >>> month_number("2026-10") - month_number("2025"), month_number("2026-Q1Q3") - month_number("2026-09")
    (10, 0)
    """
    year, _, rest = period[:10].partition("-")
    month = 3 * int(rest[-1]) if rest.startswith("Q") else int(rest[:2] or MONTHS)
    return int(year) * MONTHS + month


class Judge:
    """What is known, asked for one series at a time."""

    def __init__(self, figures: Figures | None = None, book: Book | None = None) -> None:
        self.figures, self.book = figures or Figures(), book or Book()
        self.changes, self.apart, self.pairs = cache(self._changes), cache(self._apart), cache(self._pairs)
        self.steps, self.levels, self.areas = cache(self._steps), cache(self._levels), cache(self._areas)

    def of_figures(self, lines: Iterable[Line]) -> Iterator[Fault]:
        """Yield the figures that stand out, by period, so that a month is also held against the one before it in the file."""
        added: dict[tuple[str, str, str], Known] = {}
        for line in sorted(lines, key=lambda line: line["period"]):
            yield from (Fault("a cell that may mean something else", what, hint=CONFIRM) for what in line.asked)
            yield from _late(line)
            own = added.setdefault((line["region"], line["series"], line["unit"]), {})
            found = list(self._beside(line, own))
            if _odd(line) or any(beside.excludes(float(line["value"])) for beside in found):
                yield _stands_out(line, found)
            else:
                own[line["period"]] = float(line["value"])

    def _beside(self, line: Line, own: Known) -> Iterator[Beside]:
        series, unit, period = line["series"], line["unit"], line["period"]
        known = self._known(line["region"], series, unit) | own
        if found := _nearest(known, period, same=False):
            yield _range("last", unit, found, self.changes(series, unit, _gap(found[0], period)))
        for place in lineage(line["region"])[1:] if any(mark in unit for mark in PER_HEAD) else ():
            if found := _nearest(self._known(place, series, unit), period):
                moved = self.changes(series, unit, gap) if (gap := _gap(found[0], period)) else None
                yield _range(region(place).name_zh, unit, found, _together(unit, self.apart(series, unit), moved))
        area = next((part for part in series.split(":") if part in AREAS), "")
        other = series.replace(f":{area}", f":{AREAS[area]}") if area else ""
        found = _nearest(self._known(line["region"], other, unit), period) if other in self.figures.series else None
        if found and found[0] == period:
            yield _range(AREAS[area], unit, found, self.pairs(series, other, unit))

    def _known(self, place: str, series: str, unit: str) -> Known:
        figures = self.figures.all(place, series).values()
        return {one.period: float(one.text) for one in figures if one.unit == unit and ".." not in one.period}

    def _histories(self, series: str, unit: str) -> list[list[tuple[int, float]]]:
        """Return, place by place, months and figures of a series, and of all like it where it has few."""
        found = [self._months(place, series, unit) for place in self.figures.places(series)]
        if sum(map(len, found)) >= 2 * conventions()["least_past"]:
            return found
        table = self.figures.series[series].table
        like = [one.name for one in self.figures.series.values() if one.table == table and unit in one.units]
        return [self._months(place, name, unit) for name in like for place in self.figures.places(name)]

    def _months(self, place: str, series: str, unit: str) -> list[tuple[int, float]]:
        return sorted((month_number(period), value) for period, value in self._known(place, series, unit).items())

    def _changes(self, series: str, unit: str, gap: int) -> Spread | None:
        """Describe how a figure changed over a span of months: by how much, or by what factor a year; backwards for a span below nought."""
        histories = self._histories(series, unit)
        if _by_difference(unit):
            span = min(abs(gap), int(conventions()["longest_gap"]))
            found = [
                value - known[month - span]
                for one in histories
                if (known := dict(one))
                for month, value in one
                if month - span in known
            ]
            return _turned(Spread.of(found), gap, by_factor=False)
        pairs = (
            (x, y)
            for one in histories
            for x, y in pairwise(one)
            if x[1] > 0 and y[1] > 0 and 2 * (y[0] - x[0]) >= MONTHS
        )
        yearly = Spread.of([(y[1] / x[1]) ** (MONTHS / (y[0] - x[0])) for x, y in pairs])
        return _turned(yearly.to_the(max(abs(gap), MONTHS) / MONTHS) if yearly else None, gap, by_factor=True)

    def _apart(self, series: str, unit: str) -> Spread | None:
        """Describe how far places stood from the nation in the same period."""
        nation = dict(self._months(NATION, series, unit))
        places = [place for place in self.figures.places(series) if place != NATION]
        both = [(v, nation[m]) for place in places for m, v in self._months(place, series, unit) if nation.get(m)]
        return (
            Spread.of([_compared(unit, *pair) for pair in both]) if len(both) >= conventions()["least_past"] else None
        )

    def _pairs(self, series: str, other: str, unit: str) -> Spread | None:
        """Describe how far town and country stood from one another."""
        both = [(v, known[m]) for place in self.figures.places(series) if (known := dict(self._months(place, other, unit)))
                for m, v in self._months(place, series, unit) if known.get(m)]  # fmt: skip
        return (
            Spread.of([_compared(unit, *pair) for pair in both]) if len(both) >= conventions()["least_past"] else None
        )

    def of_standards(self, rows: Iterable[Line]) -> Iterator[Fault]:
        """Yield the standards that stand out."""
        for line in rows:
            if line["unit"].startswith("yuan/person"):
                found = list(self._beside_standard(line))
                if _odd(line) or any(beside.excludes(_monthly(line["value"], line["unit"])) for beside in found):
                    yield _stands_out(line, found, "a monthly amount that stands out")

    def _beside_standard(self, line: Line) -> Iterator[Beside]:
        name, group, unit, day = line["name"], line["group"], line["unit"], date.fromisoformat(line["from"])
        area, there = group.partition(":")[0], self.book.at(line["region"], day)
        own = [one for one in self.book.rows(line["region"], name) if one.row["group"] == group and one.start != day]
        if near := max((one for one in own if one.start < day), key=_start, default=min(own, key=_start, default=None)):
            yield _range("last", unit, (f"{near.start}", _of(near)), self._change_over(name, (day - near.start).days))
        for place in lineage(line["region"])[1:] if name in AVERAGES and area in AREAS else ():
            if found := self._average(place, f"{AVERAGES[name]}:{area}", str(day.year)):
                yield _range(f"{region(place).name_zh} average", unit, found, self.levels(name, area))
        other = there.optional(name, group.replace(area, AREAS[area])) if area in AREAS else None
        if other and other.region == line["region"]:
            yield _range(
                AREAS[area], unit, (f"{other.start}", _monthly(other.text, other.unit)), self.areas(name, area)
            )
        for least in filter(None, (there.optional(rule, area) for rule in GUIDES.get(name, ()))):
            yield Beside(
                f"{least.name} {region(least.region).name_zh}", least.text, _monthly(least.text, least.unit), inf
            )

    def _change_over(self, name: str, days: int) -> Spread | None:
        """Describe by what factor a standard of a name changes in so many days; backwards for days before."""
        yearly = self.steps(name)
        return _turned(yearly.to_the(max(1.0, abs(days) / DAYS)), days, by_factor=True) if yearly else None

    def _average(self, place: str, series: str, year: str) -> tuple[str, float] | None:
        known = {
            one.period: _monthly(one.text, one.unit)
            for one in self.figures.all(place, series).values()
            if one.unit.startswith("yuan/")
        }
        return _nearest(known, year)

    def _entries(self, name: str) -> list[Entry]:
        return [
            one
            for one in self.book.tables.entries
            if one.row["name"] == name and one.row["unit"].startswith("yuan/person")
        ]

    def _steps(self, name: str) -> Spread | None:
        """Describe by what factor a year a standard of this name was changed."""
        keyed: dict[object, list[Entry]] = {}
        for one in sorted(self._entries(name), key=_start):
            keyed.setdefault(one.key, []).append(one)
        pairs = ((x, y) for own in keyed.values() for x, y in pairwise(own) if 2 * (y.start - x.start).days >= DAYS)
        return Spread.of(
            [
                (_of(y) / _of(x)) ** min(1.0, DAYS / (y.start - x.start).days)
                for x, y in pairs
                if _of(x) > 0 and _of(y) > 0
            ]
        )

    def _levels(self, name: str, area: str) -> Spread | None:
        """Describe by what factor standards stood over or under the national average of their year."""
        found = [(_of(one), self._average(NATION, f"{AVERAGES[name]}:{area}", str(one.start.year))) for one in self._entries(name)
                 if one.row["group"].partition(":")[0] == area]  # fmt: skip
        return Spread.of([value / nation[1] for value, nation in found if nation])

    def _areas(self, name: str, area: str) -> Spread | None:
        """Describe by what factor standards of town stood over those of the country beside them, or the other way round."""
        rows = {(one.row["region"], one.row["group"], one.start): _of(one) for one in self._entries(name)}
        both = [(value, rows.get((place, group.replace(area, AREAS[area]), start))) for (place, group, start), value in rows.items()
                if group.partition(":")[0] == area]  # fmt: skip
        return Spread.of([value / other for value, other in both if other])


def _start(entry: Entry) -> date:
    return entry.start


def _of(entry: Entry) -> float:
    return _monthly(entry.row["value"], entry.row["unit"])


def _monthly(text: str, unit: str) -> float:
    return float(exact(text)) / (MONTHS if unit.endswith("/year") else 1)


def _gap(before: str, after: str) -> int:
    return month_number(after) - month_number(before)


def _by_difference(unit: str) -> bool:
    return unit.startswith(DIFFERENCES)


def _compared(unit: str, value: float, other: float) -> float:
    return value - other if _by_difference(unit) else value / other


def _nearest(known: Known, period: str, same: bool = True) -> tuple[str, float] | None:
    """Return the figure of a period, the latest before it, or else the earliest after it."""
    before = [other for other in known if other < period or (same and other == period)]
    after = [other for other in known if other > period]
    at = max(before) if before else min(after) if after else None
    return (at, known[at]) if at else None


def _turned(spread: Spread | None, gap: int, by_factor: bool) -> Spread | None:
    """Turn a spread round where the known figure is the later one."""
    if spread is None or gap >= 0:
        return spread
    if by_factor:
        return Spread(spread.count, 1 / spread.high, 1 / spread.middle, 1 / spread.low)
    return Spread(spread.count, -spread.high, -spread.middle, -spread.low)


def _together(unit: str, apart: Spread | None, moved: Spread | None) -> Spread | None:
    """Put the distance from the nation and the time between two figures together."""
    if apart is None or moved is None:
        return apart
    if _by_difference(unit):
        return Spread(apart.count, apart.low + moved.low, apart.middle + moved.middle, apart.high + moved.high)
    return Spread(apart.count, apart.low * moved.low, apart.middle * moved.middle, apart.high * moved.high)


def _short(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < inf else f"{value:.4g}"


def _range(what: str, unit: str, found: tuple[str, float], spread: Spread | None) -> Beside:
    period, base = found
    shown = f"{base:g} ({period})"
    if spread is None:
        return Beside(what, shown)
    low, high = spread.widened()
    bounds = (base + low, base + high) if _by_difference(unit) else (base * low, base * high)
    return Beside(what, shown, *bounds, spread.count)


def _odd(line: Line) -> bool:
    """Tell whether a figure is odd whatever stands beside it: below nought, or a fraction where percent belong."""
    rise = line.get("rise").removesuffix("%")
    fraction = len(rise.partition(".")[2]) > 1 and abs(float(rise)) < conventions()["fraction_below"] if rise else False
    return fraction or (float(line["value"]) < 0 and not line["unit"].startswith("pct"))


def _late(line: Line) -> Iterator[Fault]:
    """Ask about a single figure that was published years after its period."""
    years = conventions()["publication_years"]
    period, released = line["period"], line["vintage"]
    if "period" in line.columns and released and ".." not in period and _gap(period, released) > MONTHS * years:
        yield Fault("a figure published years after its period", line.at("vintage"), f"at most {years:g} years later",
                    f"{released} for {period}", CONFIRM)  # fmt: skip


def _stands_out(line: Line, found: list[Beside], what: str = "a figure that stands out") -> Fault:
    beside = "; ".join(map(str, found)) or "nothing is known beside it"
    got = line["value"] if not line.get("rise") else f"{line['value']} (a rise of {line.get('rise')})"
    return Fault(what, line.at("value"), beside, got, CONFIRM)
