"""Asking for published figures; reads are remembered, missing is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aidlib.errors import DataGap
from aidlib.indices.store import Figure, Series, Store, store, words
from aidlib.regions import region

if TYPE_CHECKING:
    import pandas as pd

FRAME_COLUMNS = ("region", "period", "series", "value", "text", "unit", "status", "source", "place")


class Figures:
    """公布的统计数。 The tables of `data/reference/` and the user's overlay, by region, series and period.

    One instance sees one state of the files: each table is loaded when first asked for and kept. Loading is cached, so
    making another instance is cheap.

    Parameters
    ----------
    as_of : str, optional
        A day; only vintages surely known on that day answer. A figure that came by a later export, or whose vintage is unknown,
        was not known: most of the shipped history is of that kind.

    Attributes
    ----------
    series : dict
        Every series by name.
    reads : dict
        What was read, by file and line, for the list of sources of a report.

    Examples
    --------
    >>> Figures().get("000000", "cpi_yoy:total:all_items", "2020-02").rise
    Fraction(26, 5)
    """

    def __init__(self, as_of: str = "") -> None:
        self.as_of = as_of
        self.reads: dict[str, Figure] = {}
        self._words = words()
        self._stores: dict[str, Store] = {}

    @property
    def series(self) -> dict[str, Series]:
        """Every series by name."""
        return self._words.series

    @property
    def asked(self) -> list[str]:
        """The tables asked for figures so far, whether or not they had an answer."""
        return [f"reference/{table}.csv" for table in self._stores]

    def get(self, place: str, series: str, period: str) -> Figure:
        """Return a figure.

        Raises
        ------
        DataGap
            Not in the data; the nearest period that is there is named.
        """
        period = str(period)
        if (found := self.find(place, series, period)) is None:
            raise self._gap(place, series, period)
        return found

    def find(self, place: str, series: str, period: str) -> Figure | None:
        """Return a figure, or None where the data has none. Missing is unknown, never zero.

        Examples
        --------
        >>> Figures().find("450400", "cpi_yoy:total:all_items", "2030-01") is None
        True
        """
        found = self._known(place, series).get(period)
        if found is not None:
            self.reads[found.place] = found
        return found

    def all(self, place: str, series: str) -> dict[str, Figure]:
        """Return every figure of a region and series by period, oldest first, without counting them as read.

        Examples
        --------
        >>> len(Figures().all("310000", "cpi_mom:total:all_items"))
        23
        """
        return dict(self._known(place, series))

    def latest(self, place: str, series: str, until: str = "9999") -> Figure | None:
        """Return the figure of the latest period not after `until` (a period sorts as text), or None.

        Examples
        --------
        >>> Figures().latest("000000", "disposable_income_pc:total", "2019").text
        '30732.85'
        """
        periods = [period for period in self._known(place, series) if period <= until]
        return self.find(place, series, max(periods)) if periods else None

    def of_year(self, place: str, series: str, year: int | str) -> Figure | None:
        """Return a figure of a year: the whole year's, else that of the latest month within it; never a neighbour's.

        Its `period` tells which (`2020`, or `2020-09`): a page says so beside the number.

        Examples
        --------
        >>> figures = Figures()
        >>> [figures.of_year("000000", f"dibao_avg:{area}", 2020).text for area in ("urban", "rural")]
        ['677.6', '5962.3']
        >>> figures.of_year("000000", "dibao_avg:urban", 2022).period
        '2022-09'
        """
        known = self._known(place, series)
        within = [period for period in known if period[:5] == f"{year}-" and "Q" not in period]
        period = str(year) if str(year) in known else max(within, default="")
        return self.find(place, series, period) if period else None

    def vintages(self, place: str, series: str, period: str) -> list[Figure]:
        """Return every vintage of a figure, oldest first, shipped and overlaid; the last one is what `find` answers.

        They are not counted as read.
        """
        return self._store(series).vintages(region(place).code, series, period, self.as_of)

    def places(self, series: str) -> tuple[str, ...]:
        """List the region codes that have any figure of a series.

        Examples
        --------
        >>> Figures().places("gini_disposable_income:total")
        ('000000',)
        """
        return tuple(code for code, name in self._store(series).rows if name == series)

    def frame(
        self, series: str | Iterable[str], places: Iterable[str], first: str = "", last: str = "9999"
    ) -> pd.DataFrame:
        """Return figures as a tidy frame, one row per fact, for tables, plots and statistics; they count as read.

        Returns
        -------
        pandas.DataFrame
            Columns region, period, series, value (float, for plotting and statistics only), text, unit, status, source, place.
        """
        import pandas as pd

        wanted = [series] if isinstance(series, str) else list(series)
        known = [figure for place in places for name in wanted for figure in self._known(place, name).values()]
        found = [figure for figure in known if first <= figure.period <= last]
        self.reads |= {figure.place: figure for figure in found}
        cells = [
            (f.region, f.period, f.series, float(f.value), f.text, f.unit, f.status, f.source.id, f.place)
            for f in found
        ]
        return pd.DataFrame(cells, columns=list(FRAME_COLUMNS))

    def _store(self, series: str) -> Store:
        name = self._words.of(series).table
        if name not in self._stores:
            self._stores[name] = store(name)
        return self._stores[name]

    def _known(self, place: str, series: str) -> dict[str, Figure]:
        return self._store(series).figures(region(place).code, series, self.as_of)

    def _gap(self, place: str, series: str, period: str) -> DataGap:
        known = self._known(place, series)
        near = [p for p in known if p <= period][-1:] or list(known)[:1]
        hint = f"the nearest period known is {near[0]}" if near else "add it with: aidlib data add FILE"
        return DataGap(f"no figure of {series} for {period}", where=str(region(place)), hint=hint)
