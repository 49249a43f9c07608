"""Words of the official form, Chinese and English."""

from __future__ import annotations

from aidlib.law.rubrics import Criterion

Words = tuple[str, str]

HEADS: dict[str, Words] = {
    "head": ("一级指标", "Head"),
    "item": ("二级指标", "Item"),
    "indicator": ("三级指标", "Indicator"),
    "weight": ("分值", "Points"),
    "rule": ("评分规则", "Rule"),
    "target": ("年度指标值", "Target"),
    "unit": ("单位", "Unit"),
    "actual": ("实际值", "Actual"),
    "automatic": ("自动得分", "Automatic"),
    "points": ("调整得分", "Adjusted"),
    "final": ("最终得分", "Final"),
    "reason": ("未完成或调整原因", "Reason"),
    "date": ("日期", "Date"),
    "basis": ("依据", "Basis"),
}
OPEN: Words = ("来源未列明", "not stated in the source")
NOT_APPLICABLE: Words = ("不适用", "n/a")
UNDECIDED: Words = ("尚未确定的分值", "Points still open")
TOTAL: Words = ("合计", "Total")
GRADE_LOW: Words = ("目前至少", "At least, as it stands")
GRADE_HIGH: Words = ("最高可达", "At best")
GRADES: dict[str, Words] = {
    "eval_excellent": ("优秀", "excellent"),
    "eval_good": ("良好", "good"),
    "eval_pass": ("合格", "pass"),
    "eval_fail": ("不合格", "fail"),
}
READINGS: Words = (
    "带“法规库”的实际值由法规库中当地或所在省的文件推定，是本报告的读法，以考评方认定为准。",
    "Actual values marked “law book” are inferred from local or provincial instruments: our reading; the evaluator decides.",
)
_RULES: dict[str, Words] = {
    "ge": ("不低于目标值", "at least the target"),
    "le": ("不高于目标值", "at most the target"),
    "eq": ("等于目标值", "equal to the target"),
    "band": ("在区间内", "inside the band"),
    "steps": ("分档", "by steps"),
    "levels": ("按等次", "by level"),
}
_GRADING: dict[str, Words] = {
    "prorata": ("，未达到按比例", ", else pro rata"),
    "strict": ("，未达到不得分", ", else nothing"),
}


def rule(row: Criterion, at: int) -> str:
    """Say in words how a row is scored; `at` is 0 for Chinese, 1 for English.

    Examples
    --------
    >>> from aidlib.law.rubrics import load
    >>> rule(load("2019-suixi")[0], 0), rule(load("2016-national")[6], 1)
    ('不低于目标值，未达到按比例', 'not stated in the source')
    """
    if row.op == "open":
        return OPEN[at]
    return _RULES[row.op][at] + (_GRADING[row.grading][at] if row.op in ("ge", "le") else "")


def target(row: Criterion, at: int) -> str:
    """Write what a row is measured against.

    Examples
    --------
    >>> from aidlib.law.rubrics import load
    >>> rows = load("2016-national")
    >>> target(rows[0], 0), target(rows[3], 0), target(rows[6], 1)
    ('有：100%；无：0%', '≥4：100%；≥3：75%；≥2：50%；≥1：25%（个）', 'not stated in the source')
    """
    if row.op == "open":
        return OPEN[at]
    unit = f"（{row.unit}）" if row.unit else ""
    if row.op in ("steps", "levels"):
        sign = "≥" if row.op == "steps" else ""
        between, after = ("：", "；") if at == 0 else (": ", "; ")
        return after.join(f"{sign}{bound}{between}{share * 100}%" for bound, share in row.steps) + unit
    return f"{ {'ge': '≥', 'le': '≤', 'eq': '=', 'band': ''}[row.op] }{row.target}{unit}"
