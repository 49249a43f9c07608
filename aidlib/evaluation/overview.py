"""All provinces side by side in a year: levels, what they are worth, coverage and payments; ranks, linkage, and whether they draw together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.evaluation.comparison import Interval, dea, dea_intervals, entropy_weights, rank_bounds, rank_range, topsis
from aidlib.evaluation.measures import MEASURES, Records, Seen, unread
from aidlib.evaluation.panel import Estimate, beta_convergence, panel_regression, sigma_convergence, wild_cluster_p
from aidlib.evaluation.performance import stands
from aidlib.evaluation.sample import Floats
from aidlib.indices import Figure, Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Book
from aidlib.money import FEN_PER_YUAN
from aidlib.parameters import year as read_year
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.prices.readings import SERIES, Readings
from aidlib.regions import NATION, provinces
from aidlib.result import Frame, Result
from aidlib.standards.levels import AREAS, average_series, fen_month

if TYPE_CHECKING:
    import pandas as pd

COVERED = Fraction(9, 10)
"""A period covers the provinces well when nine in ten of them have a figure."""
FIRST_YEAR = 2010
SHOWN = ("level", "adequacy_consumption", "rural_urban_ratio", "coverage", "payment")
COLUMNS = {"level": "level", "adequacy_consumption": "adequacy", "rural_urban_ratio": "ratio", "coverage": "coverage", "payment": "payment"}  # fmt: skip
STANDARDS, WORTH, PEOPLE = ("level", "rural_urban_ratio"), ("adequacy_consumption",), ("coverage", "payment")
PANELS = ("disposable_income_pc:total", "consumption_pc:total", "dibao_avg:rural", "dibao_avg:urban")
ASKED_FOR = ("level", "coverage")
OUTCOMES = ("triggered", "not_triggered", "undetermined")
FEWEST_POINTS, FEWEST_TOGETHER, FEWEST_YEARS = 3, 12, 3
"""Points of a correlation; provinces of an envelopment of two inputs and two outputs; years of a panel with effects of both."""
SEED, DRAWS = 20161231, 100
ALL_HIGH = (True, True, True)


@dataclass(frozen=True)
class Stand:
    """A measure of a place as it stands in a year.

    Attributes
    ----------
    now : Seen, Missing or Note
        The value; of an earlier year where `carried`.
    carried : bool
        Whether a value of an earlier year stands for the year: it is marked stale and never ranked.
    """

    now: Seen | Missing | Note
    carried: bool

    @property
    def value(self) -> Known | None:
        """The number, where there is one."""
        return self.now.value if isinstance(self.now, Seen) else None

    @property
    def basis(self) -> str:
        """What kind of number it is: only those of one basis are comparable."""
        return self.now.basis if isinstance(self.now, Seen) else ""

    @property
    def period(self) -> str:
        """The period of the published figure it rests on: a year, or the month within it; else the year it is of."""
        if not isinstance(self.now, Seen):
            return ""
        first = self.now.value.row
        own = isinstance(first, Figure) and first.period.startswith(self.now.period)
        return first.period if own and isinstance(first, Figure) else self.now.period


Stands = Mapping[tuple[str, str], Stand]


@dataclass(frozen=True)
class Standings(Result):
    """Some measures of the provinces in a year, side by side."""

    places: Mapping[str, Stands]
    measures: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a province: place, each measure by area (Known, marked where carried or a range, or Missing), the kind of its level, and
        the periods the values are of, town before country; sources."""
        import pandas as pd

        rows = [{"place": code} | _row(stand, self.measures) for code, stand in self.places.items()]
        return pd.DataFrame(rows)


def _row(held: Stands, measures: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in measures:
        own = {area: held[name, area] for area in MEASURES[name].areas}
        row |= {"_".join(filter(None, (COLUMNS[name], area))): _cell(name, stand.now) for area, stand in own.items()}
        known = [stand for stand in own.values() if stand.value]
        row[f"{COLUMNS[name]}_period"] = list(dict.fromkeys(stand.period for stand in known))
        if name == "level":
            row["kind"] = list(dict.fromkeys(stand.basis for stand in known if stand.basis))
    seen = [held[name, area].value for name in measures for area in MEASURES[name].areas]
    row["sources"] = list({one.place: one for value in seen if value for one in value.rows}.values())
    return row


def _cell(name: str, now: Seen | Missing | Note) -> Known | Missing | None:
    """A value, or the gap of what is published for most places; what is worked out of it lacks nothing of its own."""
    return now.value if isinstance(now, Seen) else now if isinstance(now, Missing) and name in ASKED_FOR else None


@dataclass(frozen=True)
class Ranked:
    """One province of the league: its figure, the one before, and the best and worst rank it can have."""

    place: str
    now: Figure
    then: Figure | None
    best: int
    worst: int


@dataclass(frozen=True)
class League(Result):
    """Average standards of one area in one period, highest first: one series, one period, so that ranks mean something."""

    area: str
    rows: tuple[Ranked, ...]

    @property
    def period(self) -> str:
        """The period all its figures are of."""
        return self.rows[0].now.period if self.rows else ""

    @property
    def times(self) -> Fraction | None:
        """How many times the lowest the highest is."""
        return fen_month(self.rows[0].now) / fen_month(self.rows[-1].now) if self.rows else None

    def to_frame(self) -> pd.DataFrame:
        """One row a province: place, rank_best, rank_worst, level_fen (exact fen a month), level_before_fen, level_before_period, sources."""
        import pandas as pd

        columns = ["place", "rank_best", "rank_worst", "level_fen", "level_fen_status", "level_before_fen", "level_before_period", "sources"]  # fmt: skip
        rows = [[one.place, one.best, one.worst, fen_month(one.now), one.now.status, fen_month(one.then) if one.then else None,
                 one.then.period if one.then else None, [one.now, *([one.then] if one.then else [])]] for one in self.rows]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Against(Result):
    """Average standards against consumption per head of the same area and year.

    Attributes
    ----------
    pairs : mapping of str to (Figure, Figure)
        Level and consumption of each province that has both.
    """

    area: str
    pairs: Mapping[str, tuple[Figure, Figure]]

    @property
    def correlation(self) -> float | None:
        """Pearson's r; None below three provinces."""
        if len(self.pairs) < FEWEST_POINTS:
            return None
        sides = np.array([[float(fen_month(one)) for one in pair] for pair in self.pairs.values()])
        return float(np.corrcoef(sides.T)[0, 1])

    def to_frame(self) -> pd.DataFrame:
        """One row a province: place, area, average, mean_consumption (Known, as published), sources."""
        import pandas as pd

        rows = [
            [code, self.area, Known.of(level), Known.of(spent), [level, spent]]
            for code, (level, spent) in self.pairs.items()
        ]
        return pd.DataFrame(rows, columns=["place", "area", "average", "mean_consumption", "sources"])


@dataclass(frozen=True)
class Starts(Result):
    """Price linkage of every province over the months for which provincial indices cover the country.

    Attributes
    ----------
    months : tuple of str
        Index months.
    decided : mapping of str to list of Decision
        By province, one for each month.
    """

    months: tuple[str, ...]
    decided: Mapping[str, Sequence[Decision]]

    def started(self, *, published: bool = False) -> int:
        """How many provinces met a start condition in at least one month; on published indices only, where asked."""
        fits = {"observed"} if published else {"observed", "estimated"}
        return sum(any(one.outcome == "triggered" and one.outcome_status in fits for one in found) for found in self.decided.values())  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """One row a province: place, months_triggered, months_not_triggered, months_undetermined, and last_started (month)."""
        import pandas as pd

        rows = []
        for code, found in self.decided.items():
            counted = Counter(str(one.outcome) for one in found)
            last = max((one.month for one in found if one.outcome == "triggered"), default=None)
            rows.append([code, *(counted[outcome] for outcome in OUTCOMES), last])
        return pd.DataFrame(rows, columns=["place", *(f"months_{outcome}" for outcome in OUTCOMES), "last_started"])

    def by_year(self) -> Frame:
        """One row a year: months looked at, provinces that started at least once, and province-months that started, on published indices and
        on estimated ones, and that cannot be told."""
        import pandas as pd

        every = [(code, one) for code, found in self.decided.items() for one in found]
        rows = []
        for year in dict.fromkeys(month[:4] for month in self.months):
            own = [(code, one) for code, one in every if one.month.startswith(year)]
            started = [(code, one) for code, one in own if one.outcome == "triggered"]
            published = sum(one.outcome_status == "observed" for _, one in started)
            rows.append([int(year), sum(month.startswith(year) for month in self.months), len({code for code, _ in started}), published,
                         len(started) - published, sum(one.outcome == "undetermined" for _, one in own)])  # fmt: skip
        columns = [
            "year",
            "months_looked_at",
            "provinces_started",
            "starts_published",
            "starts_estimated",
            "starts_undetermined",
        ]
        return Frame(pd.DataFrame(rows, columns=columns))


@dataclass(frozen=True)
class Together(Result):
    """Provinces on several figures at once, a secondary view and never a score: closeness to the best (entropy weights, TOPSIS) and the
    envelopment of levels over consumption (DEA, input-oriented).

    Attributes
    ----------
    year : str
        The year all figures are of.
    basis : mapping of str to tuple of Figure
        Urban and rural level, urban and rural consumption per head of each province.
    """

    year: str
    basis: Mapping[str, tuple[Figure, Figure, Figure, Figure]]

    @cached_property
    def _levels_and_consumption(self) -> tuple[Floats, Floats]:
        """Levels and consumption in fen a month, a row a province, town before country."""
        cells = np.array([[float(fen_month(one)) for one in four] for four in self.basis.values()]).reshape(-1, 4)
        return cells[:, :2], cells[:, 2:]

    @cached_property
    def worth(self) -> Floats:
        """Rural and urban level over consumption, rural over urban level."""
        levels, spent = self._levels_and_consumption
        shares = levels / spent
        return np.column_stack([shares[:, 1], shares[:, 0], levels[:, 1] / levels[:, 0]])

    @cached_property
    def weights(self) -> Floats:
        """Entropy weights of the three, which belong to these provinces and this year."""
        return entropy_weights(self.worth, ALL_HIGH).weights

    def intervals(self, draws: int = DRAWS, seed: int = SEED) -> dict[str, Interval]:
        """Envelopment with constant returns of each province, bias taken off, with an interval (smoothed bootstrap; takes seconds)."""
        levels, spent = self._levels_and_consumption
        return dict(zip(self.basis, dea_intervals(spent, levels, draws=draws, seed=seed), strict=True))

    def to_frame(self) -> pd.DataFrame:
        """One row a province, closest to the best first: place, worth_rural, worth_urban, rural_over_urban, closeness, rank_best and
        rank_worst (when one weight moves by ten percent), envelope_constant and envelope_variable (returns), sources."""
        import pandas as pd

        columns = ["place", "worth_rural", "worth_urban", "rural_over_urban", "closeness", "rank_best", "rank_worst", "envelope_constant",
                   "envelope_variable", "sources"]  # fmt: skip
        if not self.basis:
            return pd.DataFrame(columns=columns)
        levels, spent = self._levels_and_consumption
        closeness, ranks = topsis(self.worth, self.weights, ALL_HIGH), rank_range(self.worth, self.weights, ALL_HIGH)
        constant, variable = dea(spent, levels), dea(spent, levels, variable_returns=True)
        rows: Any = [[code, *map(float, self.worth[at]), float(closeness[at]), *ranks[at], float(constant[at]), float(variable[at]), list(four)]
                for at, (code, four) in enumerate(self.basis.items())]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        return frame.sort_values(["closeness", "place"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Shares(Result):
    """Recipients over residents of one area by province and year."""

    area: str
    years: Mapping[str, Mapping[int, float]]

    def to_frame(self) -> pd.DataFrame:
        """One row a province and year: place, year, share."""
        import pandas as pd

        rows = [(code, year, share) for code, held in self.years.items() for year, share in held.items()]
        return pd.DataFrame(rows, columns=["place", "year", "share"])


@dataclass(frozen=True)
class Slope:
    """How two things move together within a province: an estimate of the panel, and its p by the wild cluster bootstrap."""

    area: str
    first: int
    last: int
    estimate: Estimate
    p: float


@dataclass(frozen=True)
class Slopes(Result, Sequence[Slope]):
    """Recipients over residents with consumption per head of the same area, both in logarithms, province and year effects. No cause."""

    slopes: tuple[Slope, ...]

    def __getitem__(self, at: Any) -> Any:
        return self.slopes[at]

    def __len__(self) -> int:
        return len(self.slopes)

    def to_frame(self) -> pd.DataFrame:
        """One row an area: area, first_year, last_year, n_provinces, n, elasticity, std_error (by province), ci_low, ci_high, p_wild."""
        import pandas as pd

        columns = [
            "area",
            "first_year",
            "last_year",
            "n_provinces",
            "n",
            "elasticity",
            "std_error",
            "ci_low",
            "ci_high",
            "p_wild",
        ]
        rows = [[one.area, one.first, one.last, one.estimate.clusters, one.estimate.n, one.estimate.value, one.estimate.error,
                 one.estimate.low, one.estimate.high, one.p] for one in self.slopes]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Apart:
    """One series over the provinces: how far apart they are in each period, and whether those that started low grew faster."""

    series: str
    spread: pd.DataFrame
    beta: Estimate

    @property
    def reading(self) -> str:
        """closer: the low grew faster; apart: the high did; cannot_tell."""
        return "closer" if self.beta.high < 0 else "apart" if self.beta.low > 0 else "cannot_tell"


@dataclass(frozen=True)
class Convergence(Result, Sequence[Apart]):
    """Whether the provinces draw together, by series. A correlation over time, no effect of anything."""

    series: tuple[Apart, ...]

    def by_period(self) -> Frame:
        """One row a series and period: series, period, n (provinces), mean (yuan a month), variation."""
        import pandas as pd

        frames = [one.spread.assign(series=one.series) for one in self.series]
        columns = ["series", "period", "n", "mean", "variation"]
        return Frame(
            pd.concat(frames)[columns].rename(columns={"mean": "mean_yuan_month"})
            if frames
            else pd.DataFrame(columns=columns)
        )

    def __getitem__(self, at: Any) -> Any:
        return self.series[at]

    def __len__(self) -> int:
        return len(self.series)

    def to_frame(self) -> pd.DataFrame:
        """One row a series: series, first_period, last_period, variation_first, variation_last (coefficients of variation), n (provinces),
        slope (yearly log growth on the log of the start), std_error (HC1), ci_low, ci_high, reading."""
        import pandas as pd

        columns = ["series", "first_period", "last_period", "variation_first", "variation_last", "n", "slope", "std_error", "ci_low", "ci_high",
                   "reading"]  # fmt: skip
        rows = [[one.series, *one.spread["period"].iloc[[0, -1]], *one.spread["variation"].iloc[[0, -1]], one.beta.n, one.beta.value,
                 one.beta.error, one.beta.low, one.beta.high, one.reading] for one in self.series]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Overview(Result):
    """The country in a year.

    Attributes
    ----------
    law, figures : Book, Figures
        What it was read from.
    year : int
        The year asked about.
    """

    law: Book
    figures: Figures
    year: int

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The provinces."""
        return tuple(place.code for place in provinces())

    def _stands(self, place: str, year: int) -> dict[tuple[str, str], Stand]:
        law = unread(self.law)  # that a province has no standard of its own is no gap: its counties set them
        at = Records(law, self.figures, place, year)
        found = {(name, area): stands(at, MEASURES[name], area) for name in SHOWN for area in MEASURES[name].areas}
        self.law.reads.update(law.reads)
        return {key: Stand(now, of != year) for key, (now, of, _) in found.items()}

    @cached_property
    def nation(self) -> Stands:
        """The measures of the nation as they stand in the year."""
        return self._stands(NATION, self.year)

    def of(self, name: str, area: str = "") -> Stand:
        """A measure of the nation."""
        return self.nation[name, area]

    @cached_property
    def places(self) -> dict[str, Stands]:
        """The measures of every province as they stand in the year, the same numbers as `evaluate` gives for each."""
        return {code: self._stands(code, self.year) for code in self.codes}

    @property
    def standards(self) -> Standings:
        """Levels, and the country's over the towns' level."""
        return Standings(self.places, STANDARDS)

    @property
    def worth(self) -> Standings:
        """What the levels are worth: their share of last year's consumption per head."""
        return Standings(self.places, WORTH)

    @property
    def people(self) -> Standings:
        """Recipients over residents, and payments."""
        return Standings(self.places, PEOPLE)

    def to_frame(self) -> pd.DataFrame:
        """One row a province with every measure."""
        return Standings(self.places, SHOWN).to_frame()

    @property
    def verdict(self) -> str:
        """nation_published where the nation's averages of the year are, nation_carried where earlier ones stand in; else unknown."""
        known = [one for area in MEASURES["level"].areas if (one := self.of("level", area)).value]
        return ("nation_carried" if any(one.carried for one in known) else "nation_published") if known else "unknown"

    def count(self, name: str, area: str = "") -> int:
        """Of how many provinces a measure of the year itself is known."""
        return sum(bool(held[name, area].value) and not held[name, area].carried for held in self.places.values())

    def history(self) -> Frame:
        """全国历年。 One row a year since 2010: level, worth, ratio, coverage and payment of the nation, of that year only."""
        import pandas as pd

        years = range(FIRST_YEAR, self.year + 1)
        held = {
            year: {key: one for key, one in self._stands(NATION, year).items() if one.value and not one.carried}
            for year in years
        }
        absent = Stand(Note("absent"), carried=False)
        rows = [
            {"year": year} | _row({(n, a): own.get((n, a), absent) for n in SHOWN for a in MEASURES[n].areas}, SHOWN)
            for year, own in held.items() if own
        ]  # fmt: skip
        return Frame(pd.DataFrame(rows))

    def _covering(self, series: str) -> list[str]:
        """Periods, up to the year, for which nine in ten provinces have a figure."""
        counts = Counter(period for code in self.codes for period in self.figures.all(code, series))
        return sorted(p for p, n in counts.items() if n >= COVERED * len(self.codes) and int(p[:4]) <= self.year)

    @cached_property
    def league(self) -> League:
        """Rural average standards of the latest period that covers the provinces well; a whole year goes before its months.

        The month of the figures within the year is not published: each may lie anywhere between the figure before and this one, and the
        ranks are those possible under that.
        """
        series = average_series("rural")
        period = max(self._covering(series), key=lambda p: (p[:4], len(p) == len("2020"), p), default="")
        found = {code: self.figures.find(code, series, period) for code in self.codes} if period else {}
        now = {code: figure for code, figure in found.items() if figure}
        then = {code: self._before(figure) for code, figure in now.items()}
        low = [fen_month(then[code] or figure) for code, figure in now.items()]
        high = [fen_month(figure) for figure in now.values()]
        middle = [float(a + b) / 2 for a, b in zip(low, high, strict=True)]
        error = [abs(float(b - a)) / 2 for a, b in zip(low, high, strict=True)]
        ranks = rank_bounds(middle, error) if now else []
        rows = [Ranked(code, now[code], then[code], *rank) for code, rank in zip(now, ranks, strict=True)]
        return League("rural", tuple(sorted(rows, key=lambda row: (-fen_month(row.now), row.place))))

    def _before(self, figure: Figure) -> Figure | None:
        """The figure before, of the year before at the earliest."""
        known = [p for p in self.figures.all(figure.region, figure.series) if p < figure.period]
        known = [p for p in known if int(p[:4]) >= int(figure.period[:4]) - 1]
        return self.figures.get(figure.region, figure.series, max(known)) if known else None

    @property
    def against(self) -> Against:
        """The league against rural consumption per head of the same year."""
        league = self.league
        spent = {
            one.place: self.figures.find(one.place, f"consumption_pc:{league.area}", league.period[:4])
            for one in league.rows
        }
        return Against(league.area, {one.place: (one.now, base) for one in league.rows if (base := spent[one.place])})

    @cached_property
    def together(self) -> Together:
        """The provinces that have both levels and both means of consumption in the year of the league; none where they are too few."""
        year = self.league.period[:4]
        names = [f"{stem}:{area}" for stem in ("dibao_avg", "consumption_pc") for area in AREAS]
        look = unread(self.figures)
        held = {code: [look.of_year(code, name, int(year)) for name in names] for code in self.codes} if year else {}
        whole = [code for code, four in held.items() if all(four)]
        if len(whole) < FEWEST_TOGETHER:
            return Together(year, {})
        found = {code: [self.figures.of_year(code, name, int(year)) for name in names] for code in whole}
        return Together(year, {code: tuple(four) for code, four in found.items()})  # type: ignore[misc]

    def shares(self, area: str = "rural") -> Shares:
        """Recipients over residents of every province and year. Hundreds of figures are looked at: those of the year asked about are cited."""
        look, found = unread(self.figures), {}
        for code in self.codes:
            at = {year: Records(unread(self.law), look, code, year) for year in range(FIRST_YEAR, self.year + 1)}
            seen = {year: MEASURES["coverage"].find(one, area) for year, one in at.items()}
            found[code] = {year: float(one.value.number) for year, one in seen.items() if isinstance(one, Seen)}
        return Shares(area, found)

    @cached_property
    def slopes(self) -> Slopes:
        """How recipients over residents move with consumption per head, town and country."""
        return Slopes(tuple(filter(None, map(self._slope, AREAS))))

    def _slope(self, area: str) -> Slope | None:
        import pandas as pd

        look = unread(self.figures)
        rows = [(code, str(year), np.log(share), np.log(float(spent.value)))
                for code, held in self.shares(area).years.items() for year, share in held.items()
                if (spent := look.find(code, f"consumption_pc:{area}", str(year)))]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["region", "period", "share", "spent"])
        if frame["period"].nunique() < FEWEST_YEARS or frame["region"].nunique() < FEWEST_TOGETHER:
            return None
        (estimate,) = panel_regression(frame, "share", ["spent"])
        years = sorted(map(int, frame["period"].unique()))
        return Slope(area, years[0], years[-1], estimate, wild_cluster_p(frame, "share", ["spent"], "spent", seed=SEED))

    @cached_property
    def linkage(self) -> Starts:
        """Which province started price linkage in which month. Thousands of indices are looked at; those that met a condition are cited."""
        covered = self._covering(SERIES["cpi"])
        months = tuple(span(covered[0], covered[-1])) if covered else ()
        law, figures = unread(self.law), unread(self.figures)
        readings = Readings(figures)
        found = {
            code: [decide(law, figures, code, month, readings=readings) for month in months] for code in self.codes
        }
        for condition in (met for decided in found.values() for one in decided for met in one.met):
            for reading in filter(None, condition.readings):
                self.figures.find(reading.place, SERIES[reading.index], reading.month)
        return Starts(months, found if months else {})

    @cached_property
    def convergence(self) -> Convergence:
        """Whether the provinces draw together in income, consumption and average standards."""
        frames = {series: self._panel(series) for series in PANELS}
        return Convergence(tuple(
            Apart(series, sigma_convergence(frame, "value"), beta_convergence(frame, "value"))
            for series, frame in frames.items() if frame["period"].str[:4].nunique() > 1
        ))  # fmt: skip

    def _panel(self, series: str) -> pd.DataFrame:
        """The provinces' figures of well-covered periods: region, period, value in yuan a month."""
        import pandas as pd

        found = [self.figures.find(code, series, period) for period in self._covering(series) for code in self.codes]
        rows = [(one.region, one.period, float(fen_month(one) / FEN_PER_YUAN)) for one in found if one]
        return pd.DataFrame(rows, columns=["region", "period", "value"], dtype=object).astype({"value": float})


def national_overview(year: int | str, law: Book | None = None, figures: Figures | None = None) -> Overview:
    """全国概览:各省份并列。 All provinces side by side in a year, from published figures or those of your overlay.

    A value of an earlier year that stands for the year is marked stale and never ranked; a ratio is formed on one basis or not at all.

    Parameters
    ----------
    year : int or str
        The year.
    law, figures : Book, Figures, optional
        Readers that remember what is read; new ones where left out.

    Returns
    -------
    Overview
        `.standards`, `.worth`, `.people`, `.history()`, `.league`, `.together`, `.linkage`, `.shares()`, `.slopes`, `.convergence`,
        `.to_frame()`.

    Raises
    ------
    ParameterFault
        Not a year: a month has no overview of its own.

    Examples
    --------
    >>> found = national_overview(2020)
    >>> found.of("level", "urban").value.number, found.of("level", "urban").period
    (Fraction(3388, 5), '2020')
    >>> national_overview(2021).of("level", "urban").period
    '2021-09'
    """
    return Overview(law or Book(), figures or Figures(), read_year(year))
