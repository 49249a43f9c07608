"""The form's rules as spreadsheet formulas."""

from __future__ import annotations

from fractions import Fraction

from aidlib.evaluation.scorecard import FAIL, GRADES
from aidlib.law.rubrics import Criterion
from aidlib.reports.official_form import Form, words

COLUMN = {key: chr(ord("A") + at) for at, key in enumerate((*words.HEADS, "applies", "in_item", "in_head", "counts"))}


def automatic(row: Criterion, line: int) -> str:
    """Write the formula of a row's automatic points; a row whose rule is not known has none.

    Examples
    --------
    >>> from aidlib.law.rubrics import load
    >>> automatic(load("2019-suixi")[1], 7)
    '=IF(H7="","",IF(OR(H7="不适用",H7="n/a"),0,R7*(IF(H7>=F7,1,H7/F7))))'
    """
    actual, counts = f"{COLUMN['actual']}{line}", f"{COLUMN['counts']}{line}"
    if row.op == "open":
        return '=""'
    away = counts if row.not_applicable == "full" else "0"
    return f'=IF({actual}="","",IF({is_away(actual)},{away},{counts}*({_share(row, line)})))'


def is_away(cell: str) -> str:
    said = ",".join(f'{cell}="{word}"' for word in words.NOT_APPLICABLE)
    return f"OR({said})"


def _share(row: Criterion, line: int) -> str:
    actual, target = f"{COLUMN['actual']}{line}", f"{COLUMN['target']}{line}"
    if row.op == "levels":
        return _nested([(f'{actual}="{word}"', share) for word, share in row.steps])
    if row.op == "steps":
        return _nested([(f"{actual}>={bound}", share) for bound, share in row.steps])
    if row.op == "band":
        low, high = row.target.split("..")
        return f"IF(AND({actual}>={low},{actual}<={high}),1,0)"
    short = {"ge": f"{actual}/{target}", "le": f"MAX(0,1-({actual}-{target})/{target})"}
    rest = short[row.op] if row.grading == "prorata" and row.op in short and row.target != "0" else "0"
    return f"IF({actual}{ {'ge': '>=', 'le': '<=', 'eq': '='}[row.op] }{target},1,{rest})"


def _nested(steps: list[tuple[str, Fraction]]) -> str:
    formula = "0"
    for condition, share in reversed(steps):
        formula = f"IF({condition},{float(share):g},{formula})"
    return formula


def grade_formula(total: str, form: Form, at: int = 0) -> str:
    """Write the formula that grades an unrounded total on the lines of the law book.

    Nine decimals are kept before the comparison, because a spreadsheet adds in binary; 89.995 stays below 90.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.reports.official_form import fill
    >>> grade_formula("K9", fill(Book(), Figures(), "450400", 2019, "2016-national"))
    '=IF(ROUND(K9,9)>=90,"优秀",IF(ROUND(K9,9)>=80,"良好",IF(ROUND(K9,9)>=60,"合格","不合格")))'
    """
    formula = f'"{words.GRADES[FAIL][at]}"'
    for name in reversed(GRADES):
        formula = f'IF(ROUND({total},9)>={form.local.value(name).text},"{words.GRADES[name][at]}",{formula})'
    return f"={formula}"
