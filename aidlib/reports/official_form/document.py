"""The form as a Word document with East-Asian fonts, for printing and signing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from aidlib.evaluation.scorecard import Scored
from aidlib.money import decimal_text
from aidlib.reports.official_form import Form, words
from aidlib.reports.official_form.text import about, actual_text, basis_text
from aidlib.reports.official_form.workbook import MADE

BODY, TITLE, LATIN = "仿宋", "黑体", "Times New Roman"
COLUMNS = ("head", "item", "indicator", "weight", "target", "actual", "automatic", "final", "reason")
WIDTHS_CM = (2.4, 2.2, 6.2, 1.4, 3.4, 2.2, 1.9, 1.9, 5.0)
SIGNED = (("填报单位：", "Filled in by: "), ("负责人：", "Head: "), ("日期：", "Date: "))


def document(form: Form, language: str = "zh") -> bytes:
    """Write the form as `.docx`: every row, both totals, the grade or its range, the sources, and lines to sign.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.reports.official_form import fill
    >>> document(fill(Book(), Figures(), "450400", 2019, "2019-suixi"))[:2]
    b'PK'
    """
    from docx import Document

    made, at = Document(), int(language == "en")
    _page(made)
    title, *lines = about(form, language)
    _paragraph(made, title, 18, TITLE, centred=True)
    for line in lines:
        _paragraph(made, line, 10)
    _table(made, form, at)
    if form.evidence:
        _paragraph(made, ("依据", "Basis")[at], 12, TITLE)
    for scored in form.card.rows:
        if scored.criterion.indicator in form.evidence:
            _paragraph(made, f"{scored.criterion.indicator}：{basis_text(form, scored, at)}", 9)
    _paragraph(made, "        ".join(pair[at] + "____________" for pair in SIGNED), 11)
    return _bytes(made)


def _page(made: Any) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = made.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.6)
    style = made.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    made.core_properties.created = made.core_properties.modified = MADE
    made.core_properties.author = "aidlib"


def _paragraph(made: Any, text: str, size: int, font: str = BODY, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, font)


def _run(paragraph: Any, text: str, size: float, font: str = BODY, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(made: Any, form: Form, at: int) -> None:
    table = made.add_table(rows=1, cols=len(COLUMNS))
    table.style, table.autofit = "Table Grid", False
    for cell, key in zip(table.rows[0].cells, COLUMNS, strict=True):
        _fill(cell, words.HEADS[key][at], font=TITLE)
    _repeat(table.rows[0])
    for scored in form.card.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, _texts(scored, at), strict=True):
            _fill(cell, text)
    _sums(table, form, at)
    for column, width in zip(table.columns, WIDTHS_CM, strict=True):
        _wide(column, width)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS_CM, strict=True):
            _wide(cell, width)
    _merge(table, [(s.criterion.head, s.criterion.item) for s in form.card.rows])


def _texts(scored: Scored, at: int) -> tuple[str, ...]:
    row, override = scored.criterion, scored.override
    reason = (override.reason or ("未说明理由", "no reason given")[at]) if override else ""
    review = ("远超目标，请复核目标", "far above its target: review")[at] if scored.review else ""
    return (
        row.head, row.item, row.indicator, f"{float(row.weight):g}", words.target(row, at), actual_text(scored, at), _points(scored.automatic),
        _points(scored.final), "；".join(filter(None, (reason, review))),
    )  # fmt: skip


def _points(points: Any) -> str:
    return "—" if points is None else decimal_text(points, 2)


def _sums(table: Any, form: Form, at: int) -> None:
    card, (low, high) = form.card, form.grades
    grades = [words.GRADES[name][at] for name in dict.fromkeys((low, high))]
    rows = (
        (words.TOTAL[at], "100", decimal_text(card.automatic, 2), card.shown()),
        (words.UNDECIDED[at], decimal_text(card.undecided, 2), "", ""),
        (("等级", "Grade")[at], "", "", "—".join(grades)),
    )
    for label, weight, automatic, final in rows:
        cells = table.add_row().cells
        for key, text in (("indicator", label), ("weight", weight), ("automatic", automatic), ("final", final)):
            _fill(cells[COLUMNS.index(key)], text, bold=True)


def _fill(cell: Any, text: str, *, font: str = BODY, bold: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _run(cell.paragraphs[0], text, 9, font, bold=bold)


def _wide(part: Any, width: float) -> None:
    from docx.shared import Cm

    part.width = Cm(width)


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    flag = OxmlElement("w:tblHeader")
    flag.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(flag)


def _merge(table: Any, keys: list[tuple[str, str]]) -> None:
    """Join neighbouring cells of the same head, and of the same item inside it."""
    for column in (0, 1):
        start = 0
        for at in range(1, len(keys) + 1):
            if at == len(keys) or keys[at][: column + 1] != keys[start][: column + 1]:
                for row in range(start + 1, at):
                    table.cell(row + 1, column).paragraphs[0].clear()
                if at - start > 1:
                    merged = table.cell(start + 1, column).merge(table.cell(at, column))
                    _trim(merged)
                start = at


def _trim(cell: Any) -> None:
    """A merge keeps the empty paragraphs of every cell it swallowed."""
    for paragraph in cell.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)


def _bytes(made: Any) -> bytes:
    """Return the file with fixed times inside, so that the same form is the same file."""
    buffer, out = io.BytesIO(), io.BytesIO()
    made.save(buffer)
    with zipfile.ZipFile(buffer) as pack, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in pack.namelist():
            part = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(part, pack.read(name))
    return out.getvalue()
