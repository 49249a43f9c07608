"""What the published national index already settles for a place that published none: a predictive distribution, with its record.

A place's index is the nation's plus a gap. Gaps of provinces are followed by `gap_model`: fitted on the months in which every
province is known, conditioned on everything published up to the month asked for, nothing later. Statistics only: a float here
never becomes money.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

import numpy as np

from aidlib import tables
from aidlib.errors import ParameterFault, nearest
from aidlib.indices import INDEX_BASE, Figure, Figures
from aidlib.law.value import Status
from aidlib.prices import scpi
from aidlib.prices.forecast import LEAST_DF, Floats, Follower, GapFit, Seen, Sighting, fit, half_step
from aidlib.prices.months import MONTHS_IN_YEAR, number, shift, span
from aidlib.prices.readings import SERIES
from aidlib.regions import NATION, province_of, provinces, region

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["excluded", "very_likely_not", "cannot_tell", "very_likely"]
CPI, FOOD, CLASS = SERIES["cpi"], SERIES["food"], "cpi_yoy:total:food_tobacco_alcohol"
SCPI = SERIES["scpi"]
TARGETS = {"cpi": CPI, "food": CLASS, "scpi": CPI}
"""The panel whose gaps are followed for an index: food by its class, the low-income index by all items."""
COMPANIONS = {CPI: (CLASS, FOOD), CLASS: (FOOD, CPI)}
"""What stands in for a province's gap in a month in which it is not published itself, the closest first."""
BASKET_FROM = "2016-01"
LEAST_MONTHS = 24
LEAST_PAIRS = 8
ORIGIN_STEP, LOW_INCOME_STEP = 3, 5
LEVELS = (0.5, 0.8, 0.95)
WORDS = "reference/likelihood_words.csv"
WORD_COLUMNS = ("word", "from", "to", "source", "note")
RECORD_COLUMNS = ("series", "region", "kind", "n", "mae", "coverage_50", "coverage_80", "coverage_95")


@dataclass(frozen=True)
class Predictive:
    """What is known of an index that a place did not publish: Student's t in percentage points.

    Attributes
    ----------
    place, month, series : str
        Region code; month; `cpi`, `food` or `scpi`.
    mean, sd, df : float
        Mean, standard deviation and degrees of freedom of the rise, year on year.
    since : str
        Last month up to this one in which the place, or its province, published the index; empty: never.
    basis : tuple of Figure
        National figures the distribution is centred on.
    status : str
        Always estimated.
    """

    place: str
    month: str
    series: str
    mean: float
    sd: float
    df: float
    since: str
    basis: tuple[Figure, ...]
    desk: Desk = field(repr=False, compare=False)
    status: Status = "estimated"

    @property
    def _scale(self) -> float:
        return self.sd * float(np.sqrt((self.df - 2) / self.df))

    def probability_at_least(self, line: float, decimals: int = 1) -> float:
        """Return the chance that the figure, once published with so many decimals, is at or above a line."""
        from scipy.special import stdtr

        return float(stdtr(self.df, (self.mean - line + half_step(decimals)) / self._scale))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central interval that holds the rise with a probability, in percentage points."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.df, 0.5 + level / 2)) * self._scale
        return self.mean - half, self.mean + half

    def verdict(self, line: float) -> Verdict:
        """Say in a word whether a line was reached; the limits of the words are rows of `likelihood_words.csv`."""
        return verdict_of(self.probability_at_least(line))

    @property
    def fit(self) -> GapFit:
        """The fitted numbers of the model that it comes from."""
        found = self.desk.fitted(TARGETS[self.series], self.month)
        assert found is not None
        return found

    @property
    def record(self) -> pd.DataFrame:
        """How intervals made this way have held, for this place's province and for all (see `record`)."""
        whole = self.desk.record(self.series)
        return whole[whole["region"].isin(["", province_of(self.place).code])].reset_index(drop=True)


def predict(figures: Figures, place: str, month: str, series: str = "cpi") -> Predictive | None:
    """未公布本地指数的月份，按全国指数推算其分布。 Judge a place's month from what was published of the nation and of others."""
    if series not in TARGETS:
        raise ParameterFault("unknown series", expected=" or ".join(TARGETS), got=series, hint=nearest(series, TARGETS))
    number(month)
    return _desk(figures).predict(region(place).code, month, series)


def record(figures: Figures, series: str = "cpi") -> pd.DataFrame:
    """Return how the intervals have held: one row a province and kind of record, the rows of all provinces without a region.

    Returns
    -------
    pandas.DataFrame
        series, region (empty: all), kind, n, mae (mean absolute error, percentage points), coverage_50, coverage_80, coverage_95 (share of
        outcomes inside). `rolling_origin`: fitted anew at every third month and asked for all later months of the whole panel,
        with nothing published by any province in between (for `food` the class food, tobacco and alcohol, whose panel it is).
        `held_out`: months after the last one that any fit saw, each province's own figure left out.
    """
    return _desk(figures).record(series)


def verdict_of(chance: float) -> Verdict:
    """Return the word for a probability."""
    for word, low, high in _words():
        if low <= chance < high:
            return word
    raise ParameterFault("not a probability", expected="0 to 1", got=str(chance))


@cache
def _words() -> tuple[tuple[Verdict, float, float], ...]:
    rows = tables.rows(WORDS, WORD_COLUMNS)
    last = max(float(row["to"]) for row in rows)
    return tuple(
        (row["word"], float(row["from"]), np.inf if float(row["to"]) == last else float(row["to"]))  # type: ignore[misc]
        for row in rows
    )


@lru_cache(maxsize=4)
def _desk(figures: Figures) -> Desk:
    return Desk(figures)


@dataclass(frozen=True)
class _Line:
    """A least-squares line through the origin: slope, and variance of what it leaves."""

    slope: float
    rest_var: float


class Desk:
    """Everything worked out once over one set of figures."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.aside = copy(
            figures
        )  # what errors are measured on is not what an answer rests on: it does not count as read
        self.aside.reads = {}
        self.codes = [place.code for place in provinces()]
        self.groups = [code[0] for code in self.codes]
        self.followed = cache(self._followed)
        self.record = cache(self._record)
        self.fitted = cache(self._fitted)
        self._line = cache(self._line_of)
        self._later = cache(self._walk_on)
        self._excesses = cache(lambda series: tuple(self._each_excess(series)))

    def predict(self, place: str, month: str, series: str) -> Predictive | None:
        """See the function of the same name."""
        basis = tuple(f for name in (CPI, SERIES[series]) if (f := self.figures.find(NATION, name, month)))
        province = province_of(place).code
        if place == NATION or not basis or province not in self.codes:
            return None
        fitted, seen = self.fitted(TARGETS[series], month), self.followed(TARGETS[series], month)
        if fitted is None or seen is None:
            return None
        at = self.codes.index(province)
        centre = self._rise(series, month, seen.mean[at], seen.var[at])
        if centre is None:
            return None
        mean, var = centre
        if place != province:
            away, spread = self._below(place, series, month)
            mean, var = mean + away, var + spread
        df = LEAST_DF if series == "scpi" else fitted.df  # a handful of published cases tell little of the tails
        return Predictive(place, month, series, float(mean), float(np.sqrt(var)), df,
                          self._last_known(place, series, month), tuple(dict.fromkeys(basis)), self)  # fmt: skip

    def _last_known(self, place: str, series: str, month: str) -> str:
        own = [self.rises(code, SERIES[series]) for code in {place, province_of(place).code}]
        return max((known for rises in own for known in rises if known <= month), default="")

    def _rise(self, series: str, month: str, gap: float, gap_var: float) -> tuple[float, float] | None:
        """Turn a gap into a rise: the nation's all items plus the gap, or the nation's food plus what the class says of food."""
        if series == "cpi":
            return self.national[CPI][month] + gap, gap_var + _rounding_var()
        line, food = self._line(FOOD, CLASS, month), self.national_food(month)
        if food is None or line is None:
            return None
        if series == "scpi":
            return self._low_income(month, gap, gap_var, food)
        return food[0] + line.slope * gap, food[1] + line.slope**2 * gap_var + line.rest_var + _rounding_var()

    def _low_income(
        self, month: str, gap: float, gap_var: float, food: tuple[float, float]
    ) -> tuple[float, float] | None:
        """All items of the province, and what national food moves a low-income basket away from them."""
        line, missed = self.low_income, self.compiled_miss
        if line is None or missed is None:
            return None
        general = self.national[CPI][month]
        away = line.slope * (food[0] - general)
        return general + gap + away, gap_var + line.rest_var + line.slope**2 * food[1] + missed + _rounding_var()

    @cached_property
    def low_income(self) -> _Line | None:
        """How many points a compiled low-income index moves away from all items with a point of national food over all items.

        Measured on every fifth month of the provinces' panel.
        """
        pairs = []
        for month in self.whole(CPI, max(self.national[CPI]))[::LOW_INCOME_STEP]:
            food = self.national[FOOD].get(month)
            for at, gap in self.gaps[CPI][month].items() if food is not None else ():
                compiled = scpi.rise(self.aside, self.codes[at], month)
                if compiled is not None and food is not None:
                    general = self.national[CPI][month]
                    pairs.append((food - general, float(compiled) - general - gap))
        if len(pairs) < LEAST_PAIRS:
            return None
        x, y = np.array(pairs).T
        slope = float(x @ y / (x @ x))
        return _Line(slope, float(((y - slope * x) ** 2).sum() / (len(pairs) - 1)))

    @cached_property
    def compiled_miss(self) -> float | None:
        """Mean square by which published low-income indices lay off those compiled for their province; None where none can be held."""
        misses = [
            float(figure.rise - compiled)
            for place in self.figures.places(SCPI)
            for month, figure in self.figures.all(place, SCPI).items()
            if figure.status == "observed"
            and (compiled := scpi.rise(self.aside, province_of(place).code, month)) is not None
        ]
        return float(np.mean(np.square(misses))) if misses else None

    # -- what was published

    def rises(self, code: str, series: str) -> dict[str, float]:
        """Rises of a place by month from the present basket on, in percentage points."""
        known = self.figures.all(code, series)
        return {month: float(f.text) - INDEX_BASE for month, f in known.items() if month >= BASKET_FROM}

    @cached_property
    def national(self) -> dict[str, dict[str, float]]:
        """National rises by series and month."""
        return {series: self.rises(NATION, series) for series in (CPI, CLASS, FOOD)}

    @cached_property
    def gaps(self) -> dict[str, dict[str, dict[int, float]]]:
        """Gaps of the provinces to the nation: series, month, province."""
        found: dict[str, dict[str, dict[int, float]]] = {series: {} for series in (CPI, CLASS, FOOD)}
        for series, by_month in found.items():
            nation = self.national[series]
            for at, code in enumerate(self.codes):
                for month, rise in self.rises(code, series).items():
                    if month in nation:
                        by_month.setdefault(month, {})[at] = rise - nation[month]
        return found

    def whole(self, series: str, until: str) -> list[str]:
        """The longest run of months in which every province is known, up to a month."""
        runs: list[list[str]] = [[]]
        for month in sorted(month for month, known in self.gaps[series].items() if month <= until):
            if len(self.gaps[series][month]) < len(self.codes):
                continue
            if runs[-1] and shift(runs[-1][-1], 1) != month:
                runs.append([])
            runs[-1].append(month)
        return max(runs, key=len)

    def _line_of(self, of: str, on: str, until: str) -> _Line | None:
        """How many points the gap in one series moves with the gap in another, over all provinces and months up to one."""
        pairs = [
            (known[at], gap)
            for month, by_place in self.gaps[of].items() if month <= until
            for at, gap in by_place.items() if at in (known := self.gaps[on].get(month, {}))
        ]  # fmt: skip
        if len(pairs) < LEAST_PAIRS:
            return None
        x, y = np.array(pairs).T
        slope = float(x @ y / (x @ x))
        return _Line(slope, float(((y - slope * x) ** 2).sum() / (len(pairs) - 1)))

    # -- the nation's food, and what drives the gaps

    def national_food(self, month: str) -> tuple[float, float] | None:
        """National food of a month and its variance: published, or carried from the last month known by what all items did since."""
        if month in self.national[FOOD]:
            return self.national[FOOD][month], 0.0
        both = {m for m in self.national[FOOD] if m in self.national[CPI] and m < month}
        if month not in self.national[CPI] or len(both) < LEAST_MONTHS:
            return None
        last = max(both)
        lag = number(month) - number(last)
        if lag > MONTHS_IN_YEAR:
            return None
        change = {s: np.array([self.national[s][m] - self.national[s][shift(m, -lag)] for m in sorted(both)
                               if shift(m, -lag) in both]) for s in (CPI, FOOD)}  # fmt: skip
        slope = float(change[CPI] @ change[FOOD] / (change[CPI] @ change[CPI]))
        rest = change[FOOD] - slope * change[CPI]
        moved = self.national[CPI][month] - self.national[CPI][last]
        return self.national[FOOD][last] + slope * moved, float(rest @ rest / (len(rest) - 1))

    def _drive(self, target: str, month: str) -> tuple[float, float]:
        """What moves provinces apart: national food, for all items relative to the whole; unknown: none, with no certainty."""
        food = self.national_food(month)
        if food is None:
            before = [rise for m, rise in self.national[FOOD].items() if m < month]
            return 0.0, float(np.var(before)) if before else 0.0
        return food[0] - (self.national[CPI][month] if target == CPI else 0.0), food[1]

    # -- the model

    def _fitted(self, target: str, until: str) -> GapFit | None:
        months = self.whole(target, until)
        if len(months) < LEAST_MONTHS:
            return None
        if until > months[-1]:
            return self.fitted(target, months[-1])
        return fit(self._panel(target, months), self._drives(target, months), self.groups)

    def _panel(self, target: str, months: Sequence[str]) -> Floats:
        return np.array([[self.gaps[target][month][at] for at in range(len(self.codes))] for month in months])

    def _drives(self, target: str, months: Sequence[str]) -> Floats:
        return np.array([self._drive(target, month)[0] for month in months])

    def _followed(self, target: str, month: str) -> Seen | None:
        """What is known of the month; months after the last whole one share one walk through time."""
        months = self.whole(target, month)
        if len(months) < LEAST_MONTHS or month not in self.national[CPI]:
            return None
        if month <= months[-1]:
            return self._walk(target, months[-1], month)[month]
        return self._later(target, months[-1]).get(month)

    def _walk_on(self, target: str, last_whole: str) -> Mapping[str, Seen]:
        return self._walk(target, last_whole, max(self.national[CPI]))

    def _walk(self, target: str, last_whole: str, until: str) -> dict[str, Seen]:
        fitted = self.fitted(target, last_whole)
        assert fitted is not None
        follower, first = Follower(fitted, self.groups), self.whole(target, last_whole)[0]
        known = takewhile(lambda month: month in self.national[CPI], span(first, until))
        return {
            month: follower.step(*self._drive(target, month), self._sightings(target, month, last_whole))
            for month in known
        }

    def _sightings(self, target: str, month: str, fitted_until: str) -> list[Sighting]:
        """One number a province: its own, else the closest companion published for the month."""
        own = self.gaps[target].get(month, {})
        found = [Sighting(at, gap, 1.0, _rounding_var()) for at, gap in own.items()]
        taken = set(own)
        for companion in COMPANIONS[target]:
            line = self._line(companion, target, max(month, fitted_until))
            for at, gap in self.gaps[companion].get(month, {}).items() if line else ():
                if at not in taken and line:
                    found.append(Sighting(at, gap, line.slope, line.rest_var))
                    taken.add(at)
        return found

    # -- places in a province

    def _below(self, place: str, series: str, month: str) -> tuple[float, float]:
        """How far a place lies from its province: its own mean so far, drawn to that of all cities, and the variance left."""
        excess = [row for row in self._excesses(series) if row[1] <= month]
        if len(excess) < LEAST_PAIRS:
            excess = [row for row in self._excesses("cpi") if row[1] <= month]
        if len(excess) < LEAST_PAIRS:
            return 0.0, self.fitted(TARGETS[series], month).passing_var  # type: ignore[union-attr]
        value, noise = np.array([row[2] for row in excess]), np.array([row[3] for row in excess])
        mean = float(value.mean())
        total = max(float(((value - mean) ** 2).mean() - noise.mean()), float(value.var()) / 2)
        own = np.array([row[2] for row in excess if row[0] == place])
        between = total / 2
        held = len(own) * between / (len(own) * between + total - between + float(noise.mean()))
        return mean + held * (float(own.mean()) - mean if len(own) else 0.0), total - held * between

    def _each_excess(self, series: str) -> Iterator[tuple[str, str, float, float]]:
        """Cities' published rises less what their province published or would be said to have: place, month, excess, its variance."""
        for place in self.figures.places(SERIES[series]):
            if region(place).level in ("country", "province"):
                continue
            province = province_of(place).code
            own = self.rises(province, SERIES[series])
            for month, rise in self.rises(place, SERIES[series]).items():
                if month in own:
                    yield place, month, rise - own[month], 2 * _rounding_var()
                elif (found := self.predict(province, month, series)) is not None:
                    yield place, month, rise - found.mean, found.sd**2

    # -- the record

    def _record(self, series: str) -> pd.DataFrame:
        import pandas as pd

        cases = pd.DataFrame(
            [*self._rolling(series), *self._held_out(series)], columns=["region", "kind", "miss", "sd", "df"]
        )
        everywhere = cases.assign(region="")
        rows = [
            (series, code, kind, *_kept(found))
            for (code, kind), found in pd.concat([everywhere, cases]).groupby(["region", "kind"], sort=True)
        ]
        return pd.DataFrame(rows, columns=list(RECORD_COLUMNS))

    def _rolling(self, series: str) -> Iterator[tuple[str, str, float, float, float]]:
        if series == "scpi":
            return
        target = TARGETS[series]
        months = self.whole(target, max(self.national[CPI]))
        for end in range(LEAST_MONTHS, len(months), ORIGIN_STEP):
            follower = self._after(target, months[:end])
            for month in months[end:]:
                seen = follower.step(*self._drive(target, month), ())
                for at, gap in self.gaps[target][month].items():
                    sd = float(np.sqrt(seen.var[at] + _rounding_var()))
                    yield self.codes[at], "rolling_origin", gap - seen.mean[at], sd, follower.fitted.df

    def _after(self, target: str, months: Sequence[str]) -> Follower:
        """Follow a whole panel to its last month, fitted on it alone."""
        panel, drives = self._panel(target, months), self._drives(target, months)
        follower = Follower(fit(panel, drives, self.groups), self.groups)
        for gaps, drive in zip(panel, drives, strict=True):
            follower.step(
                float(drive), 0.0, [Sighting(at, float(gap), 1.0, _rounding_var()) for at, gap in enumerate(gaps)]
            )
        return follower

    def _held_out(self, series: str) -> Iterator[tuple[str, str, float, float, float]]:
        if series == "scpi":
            yield from self._low_income_cases()
            return
        target = TARGETS[series]
        last = self.whole(target, max(self.national[CPI]))[-1]
        fitted = self.fitted(target, last)
        for month, seen in self._later(target, last).items():
            for at, gap in self.gaps[SERIES[series]].get(month, {}).items() if month > last else ():
                centre = self._rise(series, month, seen.blind_mean[at], seen.blind_var[at])
                if centre and fitted:
                    miss = gap + self.national[SERIES[series]][month] - centre[0]
                    yield self.codes[at], "held_out", miss, float(np.sqrt(centre[1])), fitted.df

    def _low_income_cases(self) -> Iterator[tuple[str, str, float, float, float]]:
        """Published low-income indices against what would have been said of them."""
        for place in self.figures.places(SCPI):
            for month, figure in self.figures.all(place, SCPI).items():
                found = self.predict(place, month, "scpi") if figure.status == "observed" else None
                if found is not None:
                    yield province_of(place).code, "held_out", float(figure.rise) - found.mean, found.sd, found.df


def _kept(cases: pd.DataFrame) -> tuple[float, ...]:
    """Count of cases, mean absolute error, and share of outcomes inside each interval."""
    from scipy.special import stdtrit

    df = cases["df"].to_numpy()
    size = np.abs(cases["miss"]) / (cases["sd"] * np.sqrt((df - 2) / df))
    inside = [float((size <= stdtrit(df, 0.5 + level / 2)).mean()) for level in LEVELS]
    return len(cases), float(np.abs(cases["miss"]).mean()), *inside


def _rounding_var() -> float:
    """Variance of a figure rounded to one decimal."""
    return half_step(1) ** 2 / 3
