"""The form as a workbook whose formulas are alive: type an actual value or adjusted points and every total follows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from aidlib.errors import AidError
from aidlib.evaluation.scorecard import Scored, stages
from aidlib.law.rubrics import Criterion
from aidlib.money import exact
from aidlib.reports.official_form import Form, words
from aidlib.reports.official_form.formulas import COLUMN, automatic, grade_formula, is_away
from aidlib.reports.official_form.text import about, actual_text, basis_text

FONT = "宋体"
HEAD_ROW = 4
FIRST = HEAD_ROW + 1  # counted from 0
SHOWN = tuple(words.HEADS)
HELPERS: tuple[words.Words, ...] = (
    ("适用", "applies"),
    ("分值（二级内）", "points in its item"),
    ("分值（一级内）", "points in its head"),
    ("有效分值", "points that count"),
)
WIDTHS = {"item": 11, "head": 11, "indicator": 26, "rule": 17, "target": 14, "reason": 20, "basis": 34}
LINE_POINTS = 14
MADE = datetime(2016, 1, 1)  # a fixed day of making, so that the same form is the same file


@dataclass(frozen=True)
class _Sheet:
    """A sheet being written: its formats, the form, and the language (0 Chinese, 1 English)."""

    sheet: Any
    formats: dict[str, Any]
    form: Form
    stages: list[dict[str, Fraction]]
    at: int

    @property
    def last(self) -> int:
        """Row of the last indicator, as Excel counts."""
        return FIRST + len(self.form.card.rows)

    def span(self, key: str) -> str:
        """All indicators of a column."""
        return f"${COLUMN[key]}${FIRST + 1}:${COLUMN[key]}${self.last}"


def workbook(form: Form, language: str = "zh") -> bytes:
    """Write the form as `.xlsx`.

    Points that apply move as the engine moves them: a row that is 不适用 gives its points to its item, an empty item to its
    head, an empty head to the form. Cached values are the engine's, so that a reader without a calculator sees them too.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.reports.official_form import fill
    >>> workbook(fill(Book(), Figures(), "450400", 2019, "2019-suixi"))[:2]
    b'PK'
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": about(form, language)[0], "created": MADE})
    rows = form.card.rows
    points = stages(tuple(s.criterion for s in rows), {s.criterion.indicator: s.actual for s in rows})
    sheet = book.add_worksheet("评分表" if language == "zh" else "Form")
    page = _Sheet(sheet, _formats(book), form, points, int(language == "en"))
    _layout(page)
    for number, row in enumerate(form.card.rows):
        _row(page, FIRST + number, row)
    _totals(page)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base: dict[str, object] = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    kinds: dict[str, dict[str, object]] = {
        "title": {"font_name": "黑体", "font_size": 16, "bold": True, "border": 0, "text_wrap": False},
        "note": {"border": 0, "text_wrap": False},
        "head": {"bold": True, "bg_color": "#E8EEF4", "align": "center"},
        "text": {},
        "number": {"num_format": "0.00", "align": "right"},
        "weight": {"num_format": "0.##", "align": "right"},
        "given": {"bg_color": "#FFF9E0", "align": "right"},
        "helper": {"num_format": "0.00", "font_color": "#777777", "align": "right"},
        "total": {"bold": True, "num_format": "0.00", "align": "right"},
        "grade": {"bold": True, "align": "right"},
    }
    return {kind: book.add_format({**base, **own}) for kind, own in kinds.items()}


def _layout(page: _Sheet) -> None:
    sheet, formats = page.sheet, page.formats
    title, *notes = about(page.form, "en" if page.at else "zh")
    sheet.write_string(0, 0, title, formats["title"])
    for line, note in enumerate(notes[: HEAD_ROW - 1], 1):
        sheet.write_string(line, 0, note, formats["note"])
    for at, pair in enumerate((*words.HEADS.values(), *HELPERS)):
        sheet.write_string(HEAD_ROW, at, pair[page.at], formats["head"])
    for at, key in enumerate(SHOWN):
        sheet.set_column(at, at, WIDTHS.get(key, 8))
    sheet.freeze_panes(FIRST, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, page.last + 6, len(SHOWN) - 1)
    sheet.repeat_rows(HEAD_ROW)


def _row(page: _Sheet, line: int, scored: Scored) -> None:
    sheet, formats, row = page.sheet, page.formats, scored.criterion
    for key, text in (("head", row.head), ("item", row.item), ("indicator", row.indicator), ("unit", row.unit),
                      ("rule", words.rule(row, page.at)), ("basis", basis_text(page.form, scored, page.at)),
                      ("reason", _reason(page, scored)), ("date", scored.override.date if scored.override else "")):  # fmt: skip
        sheet.write_string(line, SHOWN.index(key), text, formats["text"])
    sheet.write_number(line, SHOWN.index("weight"), float(row.weight), formats["weight"])
    _write(page, line, "target", row.target if row.op in ("ge", "le", "eq") else words.target(row, page.at))
    sheet.set_row(line, LINE_POINTS * _lines(page, scored))
    _write(page, line, "actual", actual_text(scored, page.at) if scored.actual is not None else "")
    _write(page, line, "points", str(float(scored.override.points)) if scored.override else "")
    _validate(page, line, row)
    own = f"{COLUMN['automatic']}{line + 1}"
    points = f"{COLUMN['points']}{line + 1}"
    _formula(page, line, "automatic", automatic(row, line + 1), scored.automatic)
    _formula(page, line, "final", f'=IF({points}<>"",{points},{own})', scored.final)
    _helpers(page, line, scored)


def _lines(page: _Sheet, scored: Scored) -> int:
    """Count the lines of the fullest cell of a row; a Chinese character is two of Excel's units wide."""
    row = scored.criterion
    texts = {
        "head": row.head, "item": row.item, "indicator": row.indicator, "basis": basis_text(page.form, scored, page.at),
        "target": words.target(row, page.at), "rule": words.rule(row, page.at),
    }  # fmt: skip
    return max(-(-2 * len(text) // WIDTHS[key]) for key, text in texts.items())


def _reason(page: _Sheet, scored: Scored) -> str:
    if scored.override and not scored.override.reason:
        return ("未说明理由", "no reason given")[page.at]
    return scored.override.reason if scored.override else ""


def _write(page: _Sheet, line: int, key: str, text: str) -> None:
    """Write a number as a number, so that formulas can use it, and anything else as text."""
    kind = page.formats["given" if key in ("actual", "points") else "text"]
    try:
        page.sheet.write_number(line, SHOWN.index(key), float(exact(text)), kind)
    except AidError:
        page.sheet.write_string(line, SHOWN.index(key), text, kind)


def _formula(page: _Sheet, line: int, key: str, formula: str, value: Fraction | None) -> None:
    cached = "" if value is None else float(value)
    kind = page.formats["number" if key in SHOWN else "helper"]
    page.sheet.write_formula(line, ord(COLUMN[key]) - ord("A"), formula, kind, cached)


def _validate(page: _Sheet, line: int, row: Criterion) -> None:
    points = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(row.weight)}
    page.sheet.data_validation(line, SHOWN.index("points"), line, SHOWN.index("points"), points)
    if row.op == "levels":
        listed = [*(word for word, _ in row.steps), words.NOT_APPLICABLE[page.at]]
        page.sheet.data_validation(
            line, SHOWN.index("actual"), line, SHOWN.index("actual"), {"validate": "list", "source": listed}
        )


def _helpers(page: _Sheet, line: int, scored: Scored) -> None:
    """Points that count: a row that does not apply gives its own to its item, an empty item to its head, then to the form."""
    at, row = line + 1, scored.criterion
    cell = {key: f"{COLUMN[key]}{at}" for key in COLUMN}
    head, item = f"{page.span('head')},{cell['head']}", f"{page.span('item')},{cell['item']}"
    every, applies, weight = page.span("weight"), page.span("applies"), cell["weight"]
    away = "1" if row.not_applicable == "full" else f"IF({is_away(cell['actual'])},0,1)"
    given = Fraction(0) if scored.actual == "n/a" and row.not_applicable == "rescale" else Fraction(1)
    cached = [stage[row.indicator] for stage in page.stages]
    in_item = f"{weight}*SUMIFS({every},{head},{item})/SUMIFS({every},{head},{item},{applies},1)"
    in_head = f"{cell['in_item']}*SUMIFS({every},{head})/SUMIFS({page.span('in_item')},{head})"
    _formula(page, line, "applies", f"={away}", given)
    _formula(page, line, "in_item", f"=IF({cell['applies']}=1,IFERROR({in_item},0),0)", cached[0])
    _formula(page, line, "in_head", f"=IFERROR({in_head},0)", cached[1])
    _formula(page, line, "counts", f"=IFERROR({cell['in_head']}*SUM({every})/SUM({page.span('in_head')}),0)", cached[2])


def _totals(page: _Sheet) -> None:
    card, sheet, line = page.form.card, page.sheet, page.last
    label, kind = SHOWN.index("indicator"), page.formats["total"]
    sheet.write_string(line, label, words.TOTAL[page.at], kind)
    for key, value in (("weight", Fraction(100)), ("automatic", card.automatic), ("final", card.final)):
        sheet.write_formula(line, SHOWN.index(key), f"=SUM({page.span(key)})", kind, float(value))
    final = COLUMN["final"]
    sheet.write_string(line + 1, label, words.UNDECIDED[page.at], kind)
    undecided = f'=SUMPRODUCT(({page.span("final")}="")*{page.span("counts")})'
    sheet.write_formula(line + 1, SHOWN.index("final"), undecided, kind, float(card.undecided))
    for step, (pair, total, known) in enumerate(((words.GRADE_LOW, f"{final}{line + 1}", page.form.grades[0]),
                                                 (words.GRADE_HIGH, f"({final}{line + 1}+{final}{line + 2})", page.form.grades[1])), 2):  # fmt: skip
        sheet.write_string(line + step, label, pair[page.at], kind)
        graded = grade_formula(total, page.form, page.at)
        sheet.write_formula(
            line + step, SHOWN.index("final"), graded, page.formats["grade"], words.GRADES[known][page.at]
        )
