"""The gap workbook: one row a figure that the pages of a place lack, to be filled by whoever has it and given to `aidlib data add`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import tables
from aidlib.errors import DataFault, nearest
from aidlib.evaluation.form import asked, bound_to, lacking
from aidlib.evaluation.measures import Records, unread
from aidlib.indices import Figure, Figures
from aidlib.law import Book
from aidlib.law.rubrics import FORM_SERIES, Criterion
from aidlib.law.value import Value
from aidlib.money import digits
from aidlib.prices.method import methods
from aidlib.prices.months import MONTH, first_day
from aidlib.regions import NATION, Region, children, lineage, provinces, region
from aidlib.regions import place as place_of
from aidlib.standards.basis import StandardBasis
from aidlib.standards.level_ranges import level_range
from aidlib.tables import write_whole
from aidlib.words import language as spoken_here
from aidlib.words import speaking, word

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TABLE = "additions/template.csv"
FORM, EVALUATION = "form", "performance_evaluation"
COLUMNS = ("report", "sheet", "series", "group", "period", "unit", "decides", "zh", "en")
SHEETS = ("indices", "standards", "counts", "incomes", "actuals", FORM)
HEADS = ("place_code", "place_name", "when", "series_code", "meaning", "unit_word", "figure", "source_title", "day_published",
         "last_known", "where_found")  # fmt: skip
LAW_HEADS = ("place_code", "place_name", "when", "series_code", "group_code", "meaning", "unit_word", "figure", "source_title",
             "day_published", "day_in_force", "article_words", "last_known", "where_found")  # fmt: skip
FORM_HEADS = ("place_code", "place_name", "when", "series_code", "form_head", "form_item", "form_indicator", "form_target", "form_weight",
              "unit_word", "form_actual", "form_reason", "source_title", "day_published")  # fmt: skip
HEADS_OF = {"standards": LAW_HEADS, FORM: FORM_HEADS}
FILLED = ("figure", "source_title", "day_published", "day_in_force", "article_words", "form_actual", "form_reason")
OWN_ROW = ("form_indicator", "form_target", "form_weight")
"""Cells that a row of the unit's own needs too."""
WIDTHS = {
    "place_name": 14,
    "meaning": 30,
    "source_title": 30,
    "last_known": 26,
    "where_found": 46,
    "series_code": 26,
    "figure": 12,
    "form_indicator": 34,
    "form_target": 22,
    "form_reason": 30,
}
YELLOW = "#fff2b3"
BOUNDS = {"上年同月=100": (70, 150), "上年=100": (70, 150), "%": (0, 100)}
"""Least and greatest number a cell takes, by unit; other cells take any number that is not negative."""
MOST = 10**9


@dataclass(frozen=True)
class Gap:
    """A figure that a page lacks.

    Attributes
    ----------
    sheet : str
        indices, standards, counts, incomes, actuals or form.
    place, period, series, group : str
        Region code; month, year or first day; series or law name, or `form:` and the name of the form; area of a law value.
    unit : str
        Unit it is asked in, in the words that `data add` reads.
    where : dict of str to str
        Where officials find it, by language.
    last : Figure, Value or None
        The last one known, for comparison.
    row : Criterion or None
        The row of an evaluation form that only the unit can answer.
    """

    sheet: str
    place: str
    period: str
    series: str
    group: str
    unit: str
    where: dict[str, str]
    last: Figure | Value | None
    row: Criterion | None = None


def gaps(
    place: str | Region,
    period: str,
    reports: Iterable[str] = ("price_linkage",),
    *,
    law: Book | None = None,
    figures: Figures | None = None,
    rubric: str = "",
) -> list[Gap]:
    """List what the pages of a place lack for a period.

    Parameters
    ----------
    place : str or Region
        Code or full name.
    period : str
        `YYYY-MM` or `YYYY`; of a month a yearly report takes the year.
    reports : iterable of str
        Names of reports that `data/additions/template.csv` has rows of.
    law, figures : Book, Figures, optional
        What is known already.
    rubric : str, optional
        The evaluation form; that of the year where left out.

    Returns
    -------
    list of Gap
        Each once: published figures that the place itself does not have, indices only where a rule of the place tests them, and standards
        not known to be in force.

    Examples
    --------
    >>> [gap.series for gap in gaps("450400", "2026-08") if gap.sheet == "indices"]
    ['cpi_yoy:total:all_items', 'cpi_yoy:total:food', 'scpi_yoy:total:all_items']
    """
    code = place_of(place).code
    book, known, wanted = law or Book(), figures or Figures(), list(reports)
    rows = list(tables.rows(TABLE, COLUMNS))
    if unknown := [name for name in wanted if name not in {row["report"] for row in rows}]:
        names = sorted({row["report"] for row in rows})
        raise DataFault(
            "no gap list for this report", got=unknown[0], expected=", ".join(names), hint=nearest(unknown[0], names)
        )
    found: dict[tuple[str, ...], Gap] = {}
    for row in (row for row in rows if row["report"] in wanted):
        gap = _gap(book, known, code, period, row)
        if gap is not None:
            found.setdefault((gap.place, gap.period, gap.series, gap.group), gap)
    more = _form_gaps(Records(book, known, code, int(period[:4])), rows, rubric) if EVALUATION in wanted else ()
    return [*found.values(), *more]


def _form_gaps(at: Records, rows: Iterable[tables.Row], rubric: str) -> Iterator[Gap]:
    """Rows of the evaluation form that no figure of the list answers; a block of the unit's own has one for each of its items."""
    listed = {f"figure:{row['series']}" for row in rows}
    name, lost = lacking(at, rubric)
    for row in lost:
        kind = bound_to(row)
        if kind.startswith("measure:") or kind in listed:
            continue
        for item in row.items if row.op == "own" else [row.item]:
            one = replace(row, item=item, indicator="" if row.op == "own" else row.indicator)
            yield Gap(FORM, at.place, str(at.year), f"{FORM_SERIES}{name}", "", row.unit, {}, None, one)


def places(name: str, below: bool = False) -> list[Region]:
    """A place, and if asked the prefectures below it; below the nation, the provinces."""
    own = place_of(name)
    if not below:
        return [own]
    return [
        own,
        *(provinces() if own.code == NATION else [one for one in children(own.code) if one.level == "prefecture"]),
    ]


def _gap(book: Book, figures: Figures, place: str, period: str, row: tables.Row) -> Gap | None:
    """One row of the list for a place and period; None where it is known, or nobody asks for it there."""
    when = {
        "month": period if MONTH.match(period) else "",
        "year": period[:4],
        "year_before": str(int(period[:4]) - 1),
        "day": f"{period[:7]}-01" if MONTH.match(period) else f"{period[:4]}-12-01",
        "level": f"{period[:4]}-12-01",
    }[row["period"]]
    where = {language: row[language] for language in ("zh", "en")}
    if not when:
        return None
    if row["period"] == "level" and StandardBasis.of(book, figures, place, int(when[:4]))[row["group"]].level:
        return None  # a guide or an average says too how well a place protected
    if row["period"] in ("day", "level"):
        return _law_gap(book, figures, place, when, row, where)
    owner = (
        _owner(book, place, when, row["series"]) if row["period"] == "month" and row["sheet"] == "indices" else place
    )
    if not owner or _has(figures, owner, row["series"], when, row["period"]):
        return None
    return Gap(
        row["sheet"], owner, when, row["series"], "", row["unit"], where, _last(figures, owner, row["series"], when)
    )


def _owner(book: Book, place: str, month: str, series: str) -> str:
    """The place whose index counts, where a condition or an amount of its method names it; else nothing."""
    index = {"cpi_yoy:total:all_items": "cpi", "cpi_yoy:total:food": "food", "scpi_yoy:total:all_items": "scpi"}[series]
    for method in methods(book, place, month):
        tested = {name for start in method.starts for name in start.indices}
        used = {name for rule in method.groups.values() for name in rule.factors}
        if index in tested | used or ("higher" in used and index in ("cpi", "scpi")):
            return method.index_place
    return ""


def _has(figures: Figures, place: str, series: str, when: str, kind: str) -> bool:
    found = figures.find(place, series, when) if kind == "month" else figures.of_year(place, series, when)
    return found is not None and found.status == "observed"


def _last(figures: Figures, place: str, series: str, when: str) -> Figure | None:
    """The latest figure of the place, else of the place above it, not after a period; not counted as read."""
    for code in lineage(place):
        known = {period: figure for period, figure in figures.all(code, series).items() if period <= when}
        if known:
            return known[max(known)]
    return None


def _law_gap(book: Book, figures: Figures, place: str, day: str, row: tables.Row, where: dict[str, str]) -> Gap | None:
    found = level_range(book, figures, place, row["group"], first_day(day[:7]), row["series"])
    if found is not None and found.in_force:
        return None
    last = found.basis[0] if found is not None and found.basis else None
    return Gap(row["sheet"], place, day, row["series"], row["group"], row["unit"], where, last)


def workbook(found: Iterable[Gap], spoken: str = "zh") -> bytes:
    """Write gaps as a workbook: a sheet a kind, yellow cells to fill, units to choose, the last known figure beside each.

    A row whose yellow cells stay empty is left out by `aidlib data add`.
    """
    import xlsxwriter

    content = BytesIO()
    with speaking(spoken):
        book = xlsxwriter.Workbook(content, {"in_memory": True})
        book.set_properties({"created": datetime(2026, 1, 1)})  # the same gaps are the same bytes on every day
        _guide(book)
        by_sheet: dict[str, list[Gap]] = {}
        for gap in found:
            by_sheet.setdefault(gap.sheet, []).append(gap)
        for name in (name for name in SHEETS if name in by_sheet):
            _sheet(book, name, by_sheet[name], spoken)
        book.close()
    return content.getvalue()


def _guide(book: Workbook) -> None:
    sheet, wrap = book.add_worksheet(word("guide", "template")), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for at in range(1, 7):
        sheet.write(at - 1, 0, word(f"guide_{at}", "template"), wrap)


def _sheet(book: Workbook, name: str, rows: list[Gap], language: str) -> None:
    heads = HEADS_OF.get(name, HEADS)
    sheet = book.add_worksheet(word(name, "template"))
    bold, text = book.add_format({"bold": True, "text_wrap": True, "border": 1}), book.add_format({"num_format": "@"})
    yellow = book.add_format({"bg_color": YELLOW, "border": 1})
    dated = book.add_format({"bg_color": YELLOW, "border": 1, "num_format": "@"})
    for column, head in enumerate(heads):
        sheet.write(0, column, word(head, "template"), bold)
        sheet.set_column(column, column, WIDTHS.get(head, 13))
        for at, gap in enumerate(rows, 1):
            own_row = gap.row is not None and gap.row.op == "own" and head in OWN_ROW
            style = yellow if head in ("figure", "form_actual") else dated if head in FILLED or own_row else text
            sheet.write(at, column, _cell(head, gap, language), style)
    sheet.freeze_panes(1, 3)
    for at, gap in enumerate(rows, 1):
        if gap.row is None:
            _checked(sheet, heads, at, gap)
        elif gap.row.op in ("levels", "range"):
            listed = [*(gap.row.ranges if gap.row.op == "range" else dict(gap.row.steps)), word("away", "form")]
            column = heads.index("form_actual")
            sheet.data_validation(at, column, at, column, {"validate": "list", "source": listed})


def _checked(sheet: Worksheet, heads: Sequence[str], at: int, gap: Gap) -> None:
    """A number only within what its unit can be; a unit from a list."""
    low, high = BOUNDS.get(gap.unit, (0, MOST))
    asked = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high, "ignore_blank": True}
    asked |= {"error_title": word("figure", "template"), "error_message": f"{low} – {high}"}
    column = heads.index("figure")
    sheet.data_validation(at, column, at, column, asked)
    units = {"元/人月": ["元/人月", "元/人年"], "人": ["人", "万人"], "万元": ["万元", "亿元"]}.get(
        gap.unit, [gap.unit]
    )
    column = heads.index("unit_word")
    sheet.data_validation(at, column, at, column, {"validate": "list", "source": units})


def _cell(head: str, gap: Gap, language: str) -> str:
    if head.startswith("form_"):
        return _form_cell(head, gap.row) if gap.row else ""
    return {
        "place_code": gap.place,
        "place_name": region(gap.place).name(language),
        "when": gap.period,
        "series_code": gap.series,
        "group_code": gap.group,
        "meaning": "" if gap.row else word(gap.series) + (f"（{word(gap.group, 'area')}）" if gap.group else ""),
        "unit_word": gap.unit,
        "day_in_force": "",
        "last_known": _known(gap.last, language),
        "where_found": gap.where.get(language, ""),
    }.get(head, "")


def _form_cell(head: str, row: Criterion) -> str:
    own, points = row.op == "own", digits(row.weight)
    return {
        "form_head": word("block", "form").format(row.head, points) if own else row.head,
        "form_item": row.item,
        "form_indicator": row.indicator,
        "form_target": asked(row) or "",
        "form_weight": "" if own else points,
    }.get(head, "")


def _known(last: Figure | Value | None, language: str) -> str:
    if last is None:
        return "—"
    when = last.period if isinstance(last, Figure) else f"{last.start}"
    return f"{last.text} {word(last.unit, 'unit')} {when} {region(last.region).name(language)}"


def gap_workbook(
    place: str | Region,
    period: str,
    report: str = "price_linkage",
    *,
    language: str = "",
    below: bool = False,
    law: Book | None = None,
    figures: Figures | None = None,
    rubric: str = "",
) -> bytes:
    """缺数填报表。 The gap workbook of a place (and of those below it) for one report: what a page offers for download; nothing where nothing lacks.

    Examples
    --------
    >>> gap_workbook("广西", "2020-04")[:2]  # an .xlsx file
    b'PK'
    """
    code = place_of(place).code
    book, known = unread(law or Book()), unread(figures or Figures())  # what is only looked for is not what a page read
    found = [
        gap
        for one in places(code, below)
        for gap in gaps(one, str(period), [report], law=book, figures=known, rubric=rubric)
    ]
    return workbook(found, language or spoken_here()) if found else b""


def write(path: str | Path, found: Iterable[Gap], spoken: str = "zh") -> Path:
    """Write the workbook to a file, whole or not at all."""
    target: Any = write_whole(Path(path), workbook(found, spoken))
    return Path(target)
