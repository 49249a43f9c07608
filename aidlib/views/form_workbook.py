"""The official form as a workbook in the bureau's layout, its formulas alive: type a value, and points and total follow."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from aidlib.errors import AidError
from aidlib.evaluation.form import AWAY, Form, asked
from aidlib.evaluation.scorecard import Scored, stages
from aidlib.law.rubrics import Criterion
from aidlib.money import decimal_text, exact
from aidlib.regions import region
from aidlib.words import speaking, word

FONT, TITLE_FONT = "宋体", "黑体"
PRINTED = ("head", "item", "indicator", "target", "actual", "weight", "points", "reason")
BESIDE = ("automatic", "adjusted", "bound", "basis", "applies", "in_item", "in_head", "counts")
COLUMN = {key: chr(ord("A") + at) for at, key in enumerate((*PRINTED, *BESIDE))}
WIDTHS = {
    "head": 15,
    "item": 13,
    "indicator": 30,
    "target": 20,
    "actual": 12,
    "weight": 8,
    "points": 9,
    "reason": 30,
    "basis": 34,
}
MONEY_ROW, HEAD_ROW = 5, 7  # counted from 0
FIRST = HEAD_ROW + 1
LINE_POINTS = 16
MOST_ON_A_PAGE = 25
FIXED_DAY = datetime(2016, 1, 1)  # a fixed day of making, so that the same form is the same file


def label(key: str) -> str:
    """Call a part of the form by its name."""
    return word(key, "form")


def title(form: Form, language: str) -> str:
    """The title of the form: which form, of whom, of what year.

    Examples
    --------
    >>> from aidlib.evaluation.form import fill
    >>> from aidlib.evaluation.measures import Records
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> title(fill(Records(Book(), Figures(), "450400", 2024)), "zh")
    '项目支出绩效自评表（梧州市2024年度）'
    """
    named = form.rubric.title(language)
    return label("title").format(named, region(form.place).name(language), form.year)


@dataclass(frozen=True)
class _Sheet:
    """A sheet being written: its formats and the form."""

    sheet: Any
    formats: dict[str, Any]
    form: Form
    stages: list[dict[str, Fraction]]
    language: str

    @property
    def rows(self) -> list[tuple[Scored, str]]:
        """Rows of the sheet: those of the form, and for a block that the unit sets by itself one to write in for each of its items."""
        return [(one, item) for one in self.form.card.rows for item in _items(one.criterion)]

    @property
    def last(self) -> int:
        """Row of the last indicator, as a spreadsheet counts."""
        return FIRST + len(self.rows)

    def span(self, key: str) -> str:
        """All indicators of a column."""
        return f"${COLUMN[key]}${FIRST + 1}:${COLUMN[key]}${self.last}"

    def text(self, line: int, key: str, text: str, kind: str = "text") -> None:
        """Write a text, with its own format."""
        self.sheet.write_string(line, ord(COLUMN[key]) - ord("A"), text, self.formats[kind])

    def formula(self, line: int, key: str, formula: str, value: Fraction | None, kind: str = "number") -> None:
        """Write a formula with the engine's value beside it, so that a reader without a calculator sees it too."""
        cached = "" if value is None else float(value)
        self.sheet.write_formula(line, ord(COLUMN[key]) - ord("A"), formula, self.formats[kind], cached)

    def number(self, line: int, key: str, text: str, kind: str) -> None:
        """Write a number as a number, so that formulas can use it, and anything else as text."""
        try:
            self.sheet.write_number(line, ord(COLUMN[key]) - ord("A"), float(exact(text)), self.formats[kind])
        except AidError:
            self.text(line, key, text, kind)


def workbook(form: Form, language: str = "zh") -> bytes:
    """Write the form as `.xlsx`: title, unit and money above, the indicators, total, what was assessed, grade, and lines to sign.

    Points move as the engine moves them: a row that is 不适用 gives its points to its item, an empty item to its head, an empty head to the
    form. Cells to fill in are yellow; how a row is scored stands right of the printed area.
    """
    import xlsxwriter

    if not form.card.rows:
        return b""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"author": "aidlib", "created": FIXED_DAY})
    rows = form.card.rows
    points = stages(tuple(s.criterion for s in rows), {s.criterion.indicator: s.actual for s in rows})
    with speaking(language):
        page = _Sheet(book.add_worksheet(label("sheet")), _formats(book), form, points, language)
        _above(page)
        for number, (row, item) in enumerate(page.rows):
            if item:
                _to_write(page, FIRST + number, row.criterion, item)
            else:
                _row(page, FIRST + number, row)
        _totals(page)
        _layout(page)
    book.close()
    return buffer.getvalue()


def _items(row: Criterion) -> list[str]:
    """The items of a block that the unit sets by itself; one empty name for any other row."""
    return row.items if row.op == "own" else [""]


def _to_write(page: _Sheet, line: int, row: Criterion, item: str) -> None:
    """A row for the unit to write in: indicator, target such as ≥98 or ≤5300, actual value and points; its score follows."""
    at = line + 1
    cell = {key: f"{COLUMN[key]}{at}" for key in COLUMN}
    page.text(line, "head", label("block").format(row.head, f"{float(row.weight):g}"))
    page.text(line, "item", item)
    for key in ("indicator", "target", "actual", "weight", "reason"):
        page.text(line, key, "", "write")
    bare = cell["target"]
    for sign in ("≥", "≤", "=", "%"):
        bare = f'SUBSTITUTE({bare},"{sign}","")'
    page.formula(line, "bound", f'=IF({cell["target"]}="","",VALUE({bare}))', None, "helper")
    less = f"IF({cell['actual']}<={cell['bound']},1,MAX(0,1-({cell['actual']}-{cell['bound']})/{cell['bound']}))"
    more = f"MIN(1,{cell['actual']}/{cell['bound']})"
    share = f'IF(LEFT({cell["target"]},1)="≤",{less},{more})'
    points = (
        f'=IF(OR({cell["actual"]}="",{cell["target"]}="",{cell["weight"]}=""),"",ROUND({cell["weight"]}*{share},2))'
    )
    page.formula(line, "automatic", points, None, "helper")
    page.number(line, "adjusted", "", "given")
    page.formula(line, "points", f'=IF({cell["adjusted"]}<>"",{cell["adjusted"]},{cell["automatic"]})', None)
    for key in ("in_item", "in_head", "counts"):
        page.formula(line, key, f"=N({cell['weight']})", Fraction(0), "helper")
    page.formula(line, "applies", "=1", Fraction(1), "helper")
    page.text(line, "basis", label("to_fill"))


def _formats(book: Any) -> dict[str, Any]:
    base: dict[str, object] = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    kinds: dict[str, dict[str, object]] = {
        "title": {"font_name": TITLE_FONT, "font_size": 16, "bold": True, "border": 0, "align": "center"},
        "note": {"border": 0},
        "head": {"bold": True, "bg_color": "#E8EEF4", "align": "center"},
        "label": {"bold": True, "align": "center"},
        "text": {},
        "number": {"num_format": "0.00", "align": "right"},
        "weight": {"num_format": "0.##", "align": "right"},
        "given": {"bg_color": "#FFF2B3", "align": "right"},
        "write": {"bg_color": "#FFF2B3"},
        "percent": {"num_format": "0.00%", "align": "right"},
        "helper": {"num_format": "0.00", "font_color": "#777777", "align": "right"},
        "total": {"bold": True, "num_format": "0.00", "align": "right"},
        "sum": {"bold": True, "align": "center"},
    }
    return {kind: book.add_format({**base, **own}) for kind, own in kinds.items()}


def _layout(page: _Sheet) -> None:
    sheet = page.sheet
    for at, key in enumerate((*PRINTED, *BESIDE)):
        sheet.set_column(at, at, WIDTHS.get(key, 9))
    sheet.freeze_panes(FIRST, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0 if len(page.rows) > MOST_ON_A_PAGE else 1)
    sheet.print_area(0, 0, page.last + 4, len(PRINTED) - 1)
    sheet.repeat_rows(HEAD_ROW)


def _above(page: _Sheet) -> None:
    """Title, unit and day, project and departments, money."""
    sheet, formats, facts = page.sheet, page.formats, page.form.facts
    sheet.merge_range(0, 0, 0, len(PRINTED) - 1, title(page.form, page.language), formats["title"])
    sheet.set_row(0, 30)
    unit = f"{label('filled_by')}{facts.get('filled_by', '')}"
    sheet.merge_range(1, 0, 1, 3, unit, formats["note"])
    sheet.merge_range(1, 4, 1, len(PRINTED) - 1, label("filled_on"), formats["note"])
    _pair(page, 2, 0, "project", 1, len(PRINTED) - 1)
    _pair(page, 3, 0, "department", 1, 3)
    _pair(page, 3, 4, "operator", 5, len(PRINTED) - 1)
    for at, key in enumerate(("money", "", "first_budget", "budget", "executed", "weight", "rate", "points")):
        if key:
            sheet.write_string(4, at, label(key), formats["head"])
    sheet.merge_range(4, 0, 4, 1, label("money"), formats["head"])
    sheet.merge_range(MONEY_ROW, 0, MONEY_ROW, 1, label("money_total"), formats["label"])
    for at, key in ((2, "first_budget"), (3, "budget"), (4, "executed")):
        text = facts.get(key, "").replace(",", "")
        sheet.write_blank(MONEY_ROW, at, None, formats["given"])
        if text:
            sheet.write_number(MONEY_ROW, at, float(exact(text)), formats["given"])
    _money(page)
    sheet.merge_range(6, 0, 6, len(PRINTED) - 1, result_sentence(page.form), formats["note"])


def _money(page: _Sheet) -> None:
    """Execution rate and its points: those of the row of the table, which follows the money once it is typed in."""
    row = _execution(page.form)
    line, money = MONEY_ROW + 1, f'AND(N(D{MONEY_ROW + 1})>0,E{MONEY_ROW + 1}<>"")'
    rate = f'=IF({money},E{line}/D{line},"")'
    page.sheet.write_formula(MONEY_ROW, 6, rate, page.formats["percent"], _given_rate(page.form))
    if row is None:
        return
    page.sheet.write_number(MONEY_ROW, 5, float(row[1].criterion.weight), page.formats["weight"])
    cached = "" if row[1].final is None else float(row[1].final)
    points = f"={COLUMN['points']}{FIRST + row[0] + 1}"
    page.sheet.write_formula(MONEY_ROW, 7, points, page.formats["number"], cached)


def _given_rate(form: Form) -> float | str:
    if not {"budget", "executed"} <= form.facts.keys():
        return ""
    budget, spent = (exact(form.facts[key].replace(",", "")) for key in ("budget", "executed"))
    return float(spent / budget)


def _execution(form: Form) -> tuple[int, Scored] | None:
    return next(
        ((at, one) for at, one in enumerate(form.card.rows) if one.criterion.bound == "measure:execution"), None
    )


def _pair(page: _Sheet, line: int, at: int, key: str, first: int, last: int) -> None:
    page.sheet.write_string(line, at, label(key), page.formats["label"])
    page.sheet.merge_range(line, first, line, last, page.form.facts.get(key, ""), page.formats["write"])


def result_sentence(form: Form) -> str:
    """Say how much was assessed and what it came to, and the grade where one may be given."""
    card = form.card
    least = f"{float(form.rubric.least_assessed):g}"
    parts = [label("assessed").format(f"{float(card.assessed):g}", card.shown()) if card.assessed else label("nothing")]
    if form.rubric.grades:
        grades = card.grades
        between = label("between").format(*grades) if grades and grades[0] != grades[1] else ""
        parts.append(between or (label("graded").format(grades[0]) if grades else label("no_grade").format(least)))
    return label("joint").join(parts) + label("stop")


def _row(page: _Sheet, line: int, scored: Scored) -> None:
    sheet, row, override = page.sheet, scored.criterion, scored.override
    for key, text in (
        ("head", row.head),
        ("item", row.item),
        ("indicator", row.indicator),
        ("target", asked(row) or label("open")),
    ):
        page.text(line, key, text)
    page.text(line, "reason", page.form.reason(scored) or (label("no_reason") if override else ""), "write")
    page.text(line, "basis", _basis(page.form, scored))
    sheet.set_row(line, LINE_POINTS * _lines(row))
    page.sheet.write_number(line, ord(COLUMN["weight"]) - ord("A"), float(row.weight), page.formats["weight"])
    if row.op in ("ge", "le", "eq", "deduct"):
        page.number(line, "bound", row.target, "helper")
    _actual(page, line, scored)
    page.number(line, "adjusted", str(float(override.points)) if override else "", "given")
    _validate(page, line, row)
    own, adjusted = f"{COLUMN['automatic']}{line + 1}", f"{COLUMN['adjusted']}{line + 1}"
    page.formula(line, "automatic", automatic(row, line + 1, page.form), scored.automatic, "helper")
    page.formula(line, "points", f'=IF({adjusted}<>"",{adjusted},{own})', scored.final)
    _helpers(page, line, scored)


def _actual(page: _Sheet, line: int, scored: Scored) -> None:
    """The actual value; that of the execution row follows the money above once it is typed in."""
    text = "" if scored.actual is None else label("away") if scored.actual == AWAY else scored.actual
    execution = scored.criterion.bound == "measure:execution"
    if not execution or scored.actual == AWAY:
        page.number(line, "actual", text, "given")
        return
    money = f"E{MONEY_ROW + 1}/D{MONEY_ROW + 1}*100"
    otherwise = text or '""'
    formula = f'=IF(AND(N(D{MONEY_ROW + 1})>0,E{MONEY_ROW + 1}<>""),ROUND({money},4),{otherwise})'
    page.formula(line, "actual", formula, exact(text) if text else None, "given")


def _lines(row: Criterion) -> int:
    """Count the lines of the fullest cell of a row; a Chinese character is two of a sheet's units wide."""
    texts = {"head": row.head, "item": row.item, "indicator": row.indicator, "target": asked(row) or ""}
    return max(-(-2 * len(text) // (WIDTHS[key] - 1)) for key, text in texts.items()) or 1


def _basis(form: Form, scored: Scored) -> str:
    """Say where an actual value comes from, or that it is to be filled in."""
    if found := form.answers.get(scored.criterion.indicator):
        return "；".join(dict.fromkeys(row.place for row in found.rows))
    if scored.actual is not None or scored.override:
        return label("filled")
    return label("open") if scored.criterion.op == "open" else label("to_fill")


def _validate(page: _Sheet, line: int, row: Criterion) -> None:
    points = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(row.weight)}
    at = ord(COLUMN["adjusted"]) - ord("A")
    page.sheet.data_validation(line, at, line, at, points)
    if row.op in ("levels", "range"):
        listed = [*(row.ranges if row.op == "range" else dict(row.steps)), label("away")]
        at = ord(COLUMN["actual"]) - ord("A")
        page.sheet.data_validation(line, at, line, at, {"validate": "list", "source": listed})


def automatic(row: Criterion, line: int, form: Form) -> str:
    """Write the formula of a row's automatic points; a row whose rule is not known, or whose points a person sets, has none."""
    actual, counts = f"{COLUMN['actual']}{line}", f"{COLUMN['counts']}{line}"
    if row.op in ("open", "own", "range"):
        return '=""'
    away = counts if row.not_applicable == "full" else "0"
    points = f"{counts}*({_share(row, line, form.rubric.equal)})"
    points = f"ROUND({points},2)" if form.rubric.rounding == "row2" else points
    return f'=IF({actual}="","",IF({_is_away(actual)},{away},{points}))'


def _is_away(cell: str) -> str:
    said = ",".join(f'{cell}="{text}"' for text in dict.fromkeys((word("away", "form", "zh"), AWAY)))
    return f"OR({said})"


def _share(row: Criterion, line: int, equal: str) -> str:
    actual, target = f"{COLUMN['actual']}{line}", f"{COLUMN['bound']}{line}"
    if row.op == "levels":
        return _nested([('{}="{}"'.format(actual, text.replace('"', '""')), share) for text, share in row.steps])
    if row.op in ("steps", "steps_le"):
        sign = ">=" if row.op == "steps" else "<="
        return _nested([(f"{actual}{sign}{bound}", share) for bound, share in row.steps])
    if row.op == "band":
        low, high = row.target.split("..")
        return f"IF(AND({actual}>={low},{actual}<={high}),1,0)"
    if row.op == "deduct":
        return f"MAX(0,1-{actual}*{target}/{float(row.weight):g})"
    op = "ge" if row.op == "eq" and equal == "prorata" and exact(row.target) else row.op
    op = "le" if op == "eq" and equal == "prorata" else op
    short = {"ge": f"{actual}/{target}", "le": f"MAX(0,1-({actual}-{target})/{target})"}
    rest = short[op] if row.grading == "prorata" and op in short and exact(row.target) else "0"
    return f"IF({actual}{ {'ge': '>=', 'le': '<=', 'eq': '='}[op] }{target},1,{rest})"


def _nested(steps: list[tuple[str, Fraction]]) -> str:
    formula = "0"
    for condition, share in reversed(steps):
        formula = f"IF({condition},{float(share):g},{formula})"
    return formula


def _helpers(page: _Sheet, line: int, scored: Scored) -> None:
    """Points that count: a row that does not apply gives its own to its item, an empty item to its head, then to the form."""
    at, row = line + 1, scored.criterion
    cell = {key: f"{COLUMN[key]}{at}" for key in COLUMN}
    head, item = f"{page.span('head')},{cell['head']}", f"{page.span('item')},{cell['item']}"
    every, applies, weight = page.span("weight"), page.span("applies"), cell["weight"]
    away = "1" if row.not_applicable == "full" else f"IF({_is_away(cell['actual'])},0,1)"
    given = Fraction(0) if scored.actual == AWAY and row.not_applicable == "rescale" else Fraction(1)
    cached = [stage[row.indicator] for stage in page.stages]
    in_item = f"{weight}*SUMIFS({every},{head},{item})/SUMIFS({every},{head},{item},{applies},1)"
    in_head = f"{cell['in_item']}*SUMIFS({every},{head})/SUMIFS({page.span('in_item')},{head})"
    counts = f"=IFERROR({cell['in_head']}*SUM({every})/SUM({page.span('in_head')}),0)"
    page.formula(line, "applies", f"={away}", given, "helper")
    page.formula(line, "in_item", f"=IF({cell['applies']}=1,IFERROR({in_item},0),0)", cached[0], "helper")
    page.formula(line, "in_head", f"=IFERROR({in_head},0)", cached[1], "helper")
    page.formula(line, "counts", counts, cached[2], "helper")


def _totals(page: _Sheet) -> None:
    card, sheet, line = page.form.card, page.sheet, page.last
    for at, key in enumerate((*PRINTED, *BESIDE)):
        sheet.write_string(HEAD_ROW, at, label(key), page.formats["head"])
    for number, key in enumerate(("total", "assessed_points", "grade")):
        sheet.merge_range(line + number, 0, line + number, 4, label(key), page.formats["sum"])
        for at in range(5, len(PRINTED)):
            sheet.write_blank(line + number, at, None, page.formats["text"])
    points = page.span("points")
    written = sum((one.criterion.weight for one, item in page.rows if not item), Fraction(0))
    page.formula(line, "weight", f"=SUM({page.span('weight')})", written, "total")
    none = not card.assessed
    page.formula(line, "points", f'=IF(COUNT({points})=0,"",SUM({points}))', None if none else card.final, "total")
    assessed = f'=SUMPRODUCT(({points}<>"")*{page.span("counts")})'
    page.formula(line + 1, "weight", assessed, card.assessed, "total")
    sheet.write_formula(line + 2, 6, _grade(page, line + 1), page.formats["total"], _graded(page.form))
    sign = "        ".join(f"{label(key)}____________" for key in ("chief", "phone", "signed_on"))
    sheet.merge_range(line + 4, 0, line + 4, len(PRINTED) - 1, sign, page.formats["note"])


def _graded(form: Form) -> str:
    grades = form.card.grades
    return "" if grades is None else grades[0] if grades[0] == grades[1] else "—".join(grades)


def _grade(page: _Sheet, line: int) -> str:
    """The grade as a formula: none before enough is assessed; nine decimals are kept before a comparison, because a sheet adds in binary."""
    rubric = page.form.rubric
    if not rubric.grades:
        return '=""'
    points, assessed = f"{COLUMN['points']}{line}", f"{COLUMN['weight']}{line + 1}"

    def words(total: str) -> str:
        formula = f'"{rubric.grades[-1][0]}"'
        for text, low in reversed(rubric.grades[:-1]):
            formula = f'IF(ROUND({total},9)>={decimal_text(low, 0)},"{text}",{formula})'
        return formula

    low, high = words(points), words(f"({points}+100-{assessed})")
    return f'=IF({assessed}<{float(rubric.least_assessed):g},"",IF({low}={high},{low},{low}&"—"&{high}))'
