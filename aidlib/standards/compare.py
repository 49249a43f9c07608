"""Candidates of any method beside the announced standard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.standards import grouped
from aidlib.standards.announced import Level
from aidlib.standards.candidate import Candidate
from aidlib.standards.eles import Eles, estimate
from aidlib.standards.study import study

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd


def compare(candidates: Iterable[Candidate], announced: Level | None = None) -> pd.DataFrame:
    """把各方法的测算值与公布标准并列。 Put candidates beside the announced standard, dearest last.

    Returns
    -------
    pandas.DataFrame
        Columns method, yuan_month, low, high, se (float, yuan per month), of_announced (ratio), status, warnings (English);
        the announced level is the row `announced`.

    Examples
    --------
    >>> from aidlib.standards.candidates import cpi_uprating, growth_uprating
    >>> compare([growth_uprating("600", "5"), cpi_uprating("600", "2")])[["method", "yuan_month"]].values.tolist()
    [['cpi_uprating', 612.0], ['growth_uprating', 630.0]]
    """
    import pandas as pd

    base = None if announced is None else announced.fen_month
    rows = [
        (
            one.method, _yuan(one.fen_month), _yuan(one.low), _yuan(one.high), None if one.se_fen is None else one.se_fen / 100,
            None if base is None else float(one.fen_month / base), one.status, "; ".join(en for _, en in one.warnings),
        )
        for one in candidates
    ]  # fmt: skip
    if announced is not None:
        rows.append(("announced", _yuan(announced.fen_month), None, None, None, 1.0, announced.status, ""))
    columns = ["method", "yuan_month", "low", "high", "se", "of_announced", "status", "warnings"]
    return pd.DataFrame(rows, columns=columns).sort_values("yuan_month", ignore_index=True)


def survey_estimate(figures: Figures, place: str, area: str, year: int) -> Eles | None:
    """某地某年分组收支表的ELES估计。 The ELES estimate from a place's own table by income group, or None where there is none.

    Examples
    --------
    >>> round(survey_estimate(Figures(), "350000", "urban", 2013).line)
    7660
    """
    table = grouped.from_figures(figures, place, area, year)
    return None if table is None else estimate(table)


def place_and_year(book: Book, figures: Figures, place: str, area: str, year: int, theta: Fraction) -> pd.DataFrame:
    """一地一年各方法与公布标准。 Everything that can be computed for a place, area and year, in one table.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures.
    place, area, year : str, str, int
        Region code; `urban` or `rural`; the year of the standard. A survey table of the year before is used where one exists.
    theta : Fraction
        Part of real growth the mixed method passes on.

    Examples
    --------
    >>> from fractions import Fraction
    >>> list(place_and_year(Book(), Figures(), "450400", "urban", 2019, Fraction(1, 2))["method"])
    ['cpi_uprating', 'mixed_uprating', 'income_share', 'consumption_share', 'announced']
    """
    found = study(book, figures, place, year, theta).area(area)
    own = [] if found is None else [bounded.candidate for bounded in found.candidates]
    survey = survey_estimate(figures, place, area, year - 1)
    return compare([*own, *([survey.candidate()] if survey else [])], found.level if found else None)


def _yuan(fen: Fraction | None) -> float | None:
    return None if fen is None else float(fen) / 100
