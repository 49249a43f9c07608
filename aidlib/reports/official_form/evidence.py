"""What the law book and the published figures support of a form's rows; everything else stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from aidlib.indices import Figures
from aidlib.law import Book, Value
from aidlib.law.rubrics import Criterion
from aidlib.money import FEN_PER_YUAN, decimal_text
from aidlib.regions import NATION, lineage
from aidlib.standards.announced import Level, announced
from aidlib.standards.levels import in_year

# Indicator -> names of law rows that only a local instrument of that kind can hold.
INSTRUMENTS: dict[str, tuple[str, ...]] = {
    "特困人员救助供养文件": ("tekun_",),
    "收入财产认定办法": ("income_window", "work_cost_", "member_", "property_"),
    "临时救助分类分档": ("ta_person_cap", "ta_amount_", "ta_month_amount", "ta_year_cap"),
}
YES = {"特困人员救助供养文件": "有", "收入财产认定办法": "有", "临时救助分类分档": "有"}
AMOUNTS: dict[str, tuple[str, str]] = {
    "农村低保标准": ("dibao_standard", "rural"),
    "农村特困人员救助供养基本生活标准": ("tekun_basic_standard", "rural"),
}


@dataclass(frozen=True)
class Evidence:
    """An actual value that rows of the book support: the value as the form wants it, and the rows."""

    actual: str
    rows: tuple[Value, ...]


def evidence(
    book: Book, figures: Figures, place: str, year: int, rubric: tuple[Criterion, ...]
) -> Mapping[str, Evidence]:
    """Return what can be filled in, by indicator.

    That a local or provincial instrument is in the book proves 有; that none is in the book proves nothing.

    Examples
    --------
    >>> from aidlib.law.rubrics import load
    >>> found = evidence(Book(), Figures(), "500000", 2025, load("2016-national"))
    >>> found["特困人员救助供养文件"].actual, "政策宣传" in found
    ('有', False)
    """
    found = {row.indicator: _found(book, figures, place, year, row.indicator) for row in rubric}
    return {indicator: one for indicator, one in found.items() if one}


def _found(book: Book, figures: Figures, place: str, year: int, indicator: str) -> Evidence | None:
    if indicator in INSTRUMENTS:
        rows = _instruments(book, place, year, INSTRUMENTS[indicator])
        return Evidence(YES[indicator], rows) if rows else None
    if indicator in AMOUNTS:
        return _amount(book, figures, place, year, *AMOUNTS[indicator])
    return None


def _instruments(book: Book, place: str, year: int, names: tuple[str, ...]) -> tuple[Value, ...]:
    """One row of each local or provincial instrument with a number that held rows of these names within the year.

    What a newspaper or a web page says proves no document: its source has no number.
    """
    found: dict[str, Value] = {}
    for code in (code for code in lineage(place) if code != NATION):
        for entry in book.tables.entries:
            held = entry.start <= date(year, 12, 31) and entry.end >= date(year, 1, 1)
            if held and entry.key[0] == code and entry.key[1].startswith(names):
                on = min(entry.end, date(year, 12, 31))
                value = book.at(code, on).find(entry.key[1], entry.key[2])
                if value is not None and value.region == code and value.source.number:
                    found.setdefault(value.source.id, value)
    return tuple(found.values())


def _amount(book: Book, figures: Figures, place: str, year: int, name: str, area: str) -> Evidence | None:
    if name == "dibao_standard":
        level: Level | None = announced(book, figures, place, area, year)
        value = level.basis if level and level.kind == "standard" and isinstance(level.basis, Value) else None
    else:
        value = in_year(book, place, area, year, name)
    return Evidence(_yuan(value.fen_month), (value,)) if value else None


def _yuan(fen: Fraction) -> str:
    return decimal_text(fen / FEN_PER_YUAN, 2)
