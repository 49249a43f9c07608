"""The official form as a Word document on one landscape page a form, East-Asian fonts named with what may stand for them, to print and sign."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from aidlib.evaluation.form import AWAY, Form, asked
from aidlib.evaluation.scorecard import Scored
from aidlib.money import decimal_text
from aidlib.views.form_workbook import FIXED_DAY, PRINTED, label, result_sentence, title
from aidlib.words import speaking, word

BODY, TITLE, LATIN = "仿宋", "黑体", "Times New Roman"
STAND_INS = {"仿宋": "FangSong;STFangsong;Noto Serif CJK SC", "黑体": "SimHei;Noto Sans CJK SC"}
WIDTHS_CM = (2.3, 2.6, 6.4, 4.0, 2.4, 1.4, 1.7, 5.8)
SIGNED = ("chief", "phone", "signed_on")


def document(form: Form, language: str = "zh") -> bytes:
    """Write the form as `.docx`: unit, project and money, every row, what was assessed, what to look at, and lines to sign."""
    from docx import Document

    if not form.card.rows:
        return b""
    made = Document()
    _page(made)
    with speaking(language):
        _paragraph(made, title(form, language), 16, TITLE, centred=True)
        _paragraph(
            made, f"{label('filled_by')}{form.facts.get('filled_by', '____________')}        {label('filled_on')}", 10
        )
        _above(made, form)
        _table(made, form)
        _paragraph(made, result_sentence(form), 10)
        for note in form.warnings:
            _paragraph(made, word(note.code, "note").format(*note.facts), 9)
        _paragraph(made, "        ".join(f"{label(key)}____________" for key in SIGNED), 11)
    return _bytes(made)


def _above(made: Any, form: Form) -> None:
    """Project, departments and money."""
    table = made.add_table(rows=3, cols=6)
    table.style = "Table Grid"
    lines = (("project", "department", "operator"), ("first_budget", "budget", "executed"))
    for row, keys in zip(table.rows, lines, strict=False):
        for at, key in enumerate(keys):
            _fill(row.cells[2 * at], label(key), font=TITLE)
            _fill(row.cells[2 * at + 1], form.facts.get(key, ""))
    rate = next((one.actual for one in form.card.rows if one.criterion.bound == "measure:execution"), None)
    _fill(table.rows[2].cells[0], label("rate"), font=TITLE)
    _fill(table.rows[2].cells[1], f"{rate}%" if rate and rate != AWAY else label("not_assessed"))
    for at in range(2, 6):
        table.rows[2].cells[1].merge(table.rows[2].cells[at])
    _paragraph(made, "", 4)


def _page(made: Any) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = made.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.2)
    style = made.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    made.core_properties.created = made.core_properties.modified = FIXED_DAY
    made.core_properties.author = "aidlib"


def _paragraph(made: Any, text: str, size: int, font: str = BODY, *, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, font)


def _run(paragraph: Any, text: str, size: float, font: str = BODY, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(made: Any, form: Form) -> None:
    table = made.add_table(rows=1, cols=len(PRINTED))
    table.style, table.autofit = "Table Grid", False
    for cell, key in zip(table.rows[0].cells, PRINTED, strict=True):
        _fill(cell, label(key), font=TITLE)
    _repeat(table.rows[0])
    for scored in form.card.rows:
        for cell, text in zip(table.add_row().cells, _texts(form, scored), strict=True):
            _fill(cell, text)
    _sums(table, form)
    for column, width in zip(table.columns, WIDTHS_CM, strict=True):
        _wide(column, width)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS_CM, strict=True):
            _wide(cell, width)
    _merge(table, [(s.criterion.head, s.criterion.item) for s in form.card.rows])


def _texts(form: Form, scored: Scored) -> tuple[str, ...]:
    row, override = scored.criterion, scored.override
    reason = form.reason(scored) or (label("no_reason") if override else "")
    actual = "" if scored.actual is None else label("away") if scored.actual == AWAY else scored.actual
    points = label("not_assessed") if scored.final is None else decimal_text(scored.final, 2)
    return (
        row.head,
        row.item,
        row.indicator,
        asked(row) or label("open"),
        actual,
        f"{float(row.weight):g}",
        points,
        reason,
    )


def _sums(table: Any, form: Form) -> None:
    card = form.card
    cells = table.add_row().cells
    total = card.shown() if card.assessed else label("not_assessed")
    for key, text in (("indicator", label("total")), ("weight", "100"), ("points", total)):
        _fill(cells[PRINTED.index(key)], text, bold=True)


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
                    _trim(table.cell(start + 1, column).merge(table.cell(at, column)))
                start = at


def _trim(cell: Any) -> None:
    """A merge keeps the empty paragraphs of every cell it swallowed."""
    for paragraph in cell.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)


def _bytes(made: Any) -> bytes:
    """Return the file with fixed times inside, so that the same form is the same file, and with fonts that may stand for those named."""
    buffer, out = io.BytesIO(), io.BytesIO()
    made.save(buffer)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in STAND_INS.items()
    )
    with zipfile.ZipFile(buffer) as pack, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in pack.namelist():
            part = zipfile.ZipInfo(name, FIXED_DAY.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            content = pack.read(name)
            if name == "word/fontTable.xml":
                content = content.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")
            fixed.writestr(part, content)
    return out.getvalue()
