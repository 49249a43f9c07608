"""What the overview looks at: figures of the nation by year, of the provinces, and the months each province started payment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aidlib.evaluation.administrative import Measure, coverage_share
from aidlib.evaluation.composite import rank_bounds
from aidlib.evaluation.panel import Estimate, beta_convergence, sigma_convergence
from aidlib.indices import Figure, Figures
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.prices.readings import SERIES, Readings
from aidlib.regions import NATION, provinces
from aidlib.reports import Report
from aidlib.standards.announced import AREAS, Level, announced, fen_month

if TYPE_CHECKING:
    import pandas as pd

COVERED = 9, 10  # a year covers the provinces well when nine in ten of them have a figure
FIRST_YEAR = 2010
CPI = "cpi_yoy:total:all_items"
PANELS = ("disposable_income_pc:total", "consumption_pc:total", "dibao_avg:rural", "dibao_avg:urban")


@dataclass(frozen=True)
class Ranked:
    """One province of the league table: its figure, the one before, and the best and worst rank it can have."""

    place: str
    now: Figure
    then: Figure | None
    best: int
    worst: int


class Country:
    """Everything the overview shows, read once.

    Parameters
    ----------
    report : Report
        The open report; its year is the last one looked at.
    """

    def __init__(self, report: Report) -> None:
        self.report, self.year = report, int(report.period[:4])
        self.codes = [place.code for place in provinces()]

    def well_covered(self, series: str) -> str | None:
        """Return the latest period, up to the year, for which nine in ten provinces have a figure."""
        counts: dict[str, int] = {}
        for code in self.codes:
            for period in self.report.figures.all(code, series):
                counts[period] = counts.get(period, 0) + 1
        enough = [
            p for p, n in counts.items() if n * COVERED[1] >= len(self.codes) * COVERED[0] and int(p[:4]) <= self.year
        ]
        return max(enough, key=lambda period: period[:4], default=None)

    def of_provinces(self, series: str, period: str) -> dict[str, Figure]:
        """Return the figures of a period by province; those without one are left out."""
        found = {code: self.report.figures.find(code, series, period) for code in self.codes}
        return {code: figure for code, figure in found.items() if figure}

    @cached_property
    def league(self) -> list[Ranked]:
        """Rural average standards of the best-covered year, highest first.

        The month of the figures within the year is not published: each may lie anywhere between the figure before and this one,
        and the ranks are those possible under that.
        """
        period = self.well_covered("dibao_avg:rural")
        if period is None:
            return []
        now = self.of_provinces("dibao_avg:rural", period)
        then = {code: self._before(figure) for code, figure in now.items()}
        low = {code: fen_month(then[code] or figure) for code, figure in now.items()}
        middle = [float(low[c] + fen_month(f)) / 2 for c, f in now.items()]
        error = [abs(float(fen_month(f) - low[c])) / 2 for c, f in now.items()]
        ranks = rank_bounds(middle, error)
        rows = [Ranked(code, now[code], then[code], *rank) for code, rank in zip(now, ranks, strict=True)]
        return sorted(rows, key=lambda row: (-fen_month(row.now), row.place))

    def _before(self, figure: Figure) -> Figure | None:
        """The figure before, of the year before at the earliest."""
        known = [p for p in self.report.figures.all(figure.region, figure.series) if p < figure.period]
        known = [p for p in known if int(p[:4]) >= int(figure.period[:4]) - 1]
        return self.report.figures.get(figure.region, figure.series, max(known)) if known else None

    @cached_property
    def latest_levels(self) -> list[tuple[str, int, dict[str, Level]]]:
        """Each province's latest announced level up to the year, with the year it is of; a province without any is left out."""
        found = []
        for code in self.codes:
            for year in range(self.year, FIRST_YEAR - 1, -1):
                levels = {area: announced(self.report.book, self.report.figures, code, area, year) for area in AREAS}
                if held := {area: level for area, level in levels.items() if level}:
                    found.append((code, year, held))
                    break
        return found

    @cached_property
    def months(self) -> list[str]:
        """Months for which nine in ten provinces have an index of all items."""
        counts: dict[str, int] = {}
        for code in self.codes:
            for period in self.report.figures.all(code, CPI):
                counts[period] = counts.get(period, 0) + 1
        enough = sorted(
            p for p, n in counts.items() if n * COVERED[1] >= len(self.codes) * COVERED[0] and int(p[:4]) <= self.year
        )
        return list(span(enough[0], enough[-1])) if enough else []

    @cached_property
    def linkage(self) -> dict[str, list[Decision]]:
        """What every province's index decided in those months.

        Twenty thousand indices are looked at; the report cites those that met a condition.
        """
        book, figures = self.report.book, Figures()
        readings = Readings(figures)
        found = {
            code: [decide(book, figures, code, month, readings=readings) for month in self.months]
            for code in self.codes
        }
        for one in (decision for decisions in found.values() for decision in decisions):
            for reading in (reading for condition in one.met for reading in condition.readings if reading):
                self.report.figures.find(reading.place, SERIES[reading.index], reading.month)
        return found

    def national(self) -> Iterator[tuple[int, str, Level, Figure | None, Measure | None]]:
        """Yield, by year and area: the average level, last year's consumption per head, and recipients over residents."""
        figures = self.report.figures
        for year in range(FIRST_YEAR, self.year + 1):
            for area in AREAS:
                level = announced(self.report.book, figures, NATION, area, year)
                if level:
                    yield (
                        year,
                        area,
                        level,
                        figures.find(NATION, f"consumption_pc:{area}", str(year - 1)),
                        self.share(area, year),
                    )

    def share(self, area: str, year: int) -> Measure | None:
        """Recipients over residents of exactly that year."""
        found = coverage_share(self.report.figures, NATION, area, year)
        return found if found and found.period.startswith(str(year)) else None

    def latest_share(self, area: str) -> Measure | None:
        """The latest recipients over residents that can be computed."""
        years = range(self.year, FIRST_YEAR - 1, -1)
        return next((found for year in years if (found := self.share(area, year))), None)

    def panel(self, series: str) -> pd.DataFrame:
        """Lay out the provinces' figures of well-covered periods: region, period, value in yuan."""
        import pandas as pd

        rows = []
        for code in self.codes:
            for figure in self.report.figures.all(code, series).values():
                if int(figure.period[:4]) <= self.year:
                    value = float(fen_month(figure)) / 100 if series.startswith("dibao_avg") else float(figure.value)
                    rows.append((code, figure.period, value))
        frame = pd.DataFrame(rows, columns=["region", "period", "value"])
        counts = frame["period"].map(frame["period"].value_counts())
        return frame[counts * COVERED[1] >= len(self.codes) * COVERED[0]].reset_index(drop=True)

    def convergence(self) -> Iterator[tuple[str, pd.DataFrame, Estimate]]:
        """Yield, by series: how far apart the provinces are by period, and whether those that started low grew faster."""
        for series in PANELS:
            frame = self.panel(series)
            if frame["period"].nunique() > 1:
                self.report.figures.frame(series, self.codes, last=str(self.year) + "-99")
                yield series, sigma_convergence(frame, "value"), beta_convergence(frame, "value")
