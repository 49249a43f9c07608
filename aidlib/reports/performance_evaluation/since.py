"""T22, second part: what changed since the last edition, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aidlib.reports import Report, text
from aidlib.reports.numbers import Difference
from aidlib.reports.performance_evaluation import editions, labels
from aidlib.reports.performance_evaluation.cells import Row, frame
from aidlib.reports.performance_evaluation.evaluation import Evaluation
from aidlib.reports.performance_evaluation.last import last_edition
from aidlib.reports.performance_evaluation.sections_simulated import TABLES
from aidlib.reports.performance_evaluation.summary import SIMULATED_ITEMS

if TYPE_CHECKING:
    import pandas as pd

Words = labels.Words
MOST_DETAILS, MOST_NUMBERS = 6, 60
NONE: Words = (
    "与上次报告的变化：没有给出上次报告（参数 last），不列变化。给出已执行的报告或存放历次报告的文件夹，这里按数据、参数、方法分开列出。",
    "Change since the last edition: none was given (parameter last), so nothing is compared. Given an executed report, or a folder of "
    "earlier ones, what moved is listed here by data, parameters and method.",
)
THERE: Words = ("有此行", "row there")
SHORT: dict[str, Words] = {
    editions.PARAMETERS: ("参数", "parameters"),
    editions.DATA: ("数据", "data"),
    editions.METHOD: ("方法", "method"),
    editions.TOGETHER: ("数据或方法", "data or method"),
    editions.UNKNOWN: ("没有记录", "nothing recorded"),
}
CAUSES: dict[str, Words] = {
    editions.PARAMETERS: ("参数（年份、评分表、所给登记等）", "parameters (year, form, register given)"),
    editions.DATA: ("数据", "data"),
    editions.METHOD: ("方法（程序或软件版本）", "method (code or versions)"),
    editions.TOGETHER: ("数据或方法，分不开", "data or method, cannot be told apart"),
    editions.UNKNOWN: ("没有记录的原因，如文件在原处更换", "nothing recorded, such as a file replaced in place"),
}


def show_since(found: Evaluation) -> None:
    """Show what changed since the last edition, or say that there is none."""
    report = found.report
    then = last_edition(report)
    if then is None:
        report.say(*NONE)
        return
    changed = editions.since(found, then)
    if not changed.moved:
        report.say(
            f"与上次报告（{changed.period}）相比，数没有变化。",
            f"No number has changed since the last edition ({changed.period}).",
        )
        return
    note = (
        "用上次的参数、今天的数据和程序再算一遍：由此到本次有变动的归参数，上次到由此有变动的归数据或方法；一个数可以有两个原因。",
        "Today's data and code are run once more with the last edition's parameters: from there to this edition the parameters moved "
        "the numbers, from the last edition to there data or method did; one number can have both causes.",
    )
    found.table("T22", "changes", _causes(report, changed), (f"与上次报告（{changed.period}）相比变动的数，按原因",
                f"numbers that moved since the last edition ({changed.period}), by cause"), note)  # fmt: skip
    shown = min(len(changed.moved), MOST_NUMBERS)
    rest = (
        f"列出{shown}个，共{len(changed.moved)}个；其余用 aidlib diff 查看。",
        f"{shown} of {len(changed.moved)}; aidlib diff lists all.",
    )
    found.table("T22", "changed_numbers", _numbers(found, changed), ("变动的数", "what moved"), rest)


def _causes(report: Report, changed: editions.Since) -> pd.DataFrame:
    """One row a cause that there is: how many numbers it moved, and what differs."""
    counts, rows = Counter(cause for causes, _ in changed.moved for cause in causes), list[Row]()
    for cause, words in CAUSES.items():
        details = changed.details.get(cause, [])
        if counts[cause] or details:
            more = [f"… +{len(details) - MOST_DETAILS}"] if len(details) > MOST_DETAILS else []
            rows.append(
                {
                    "pe_cause": report.t(*words),
                    "pe_moved": counts[cause],
                    "remark": "; ".join([*details[:MOST_DETAILS], *more]),
                }
            )
    return frame(rows)


def _numbers(found: Evaluation, changed: editions.Since) -> pd.DataFrame:
    """One row a number that moved: where it stands, then and now, what is simulated marked as such."""
    report, rows = found.report, list[Row]()
    for causes, one in changed.moved[:MOST_NUMBERS]:
        kept = found.tables.get(one.table)
        kinds = [
            kind if _simulated(one) else None
            for kind in (changed.kind, found.population.kind if found.population else None)
        ]
        rows.append({
            "pe_number": kept.number if kept else one.table, "pe_row": one.row, "pe_column": text.word(one.column, report.language),
            "pe_then": _shown(report, one.old), "pe_then_status": kinds[0] if one.old else None,
            "pe_now": _shown(report, one.new), "pe_now_status": kinds[1] if one.new else None,
            "pe_cause": report.t("；", "; ").join(report.t(*SHORT[cause]) for cause in causes),
        })  # fmt: skip
    return frame(rows)


def _simulated(one: Difference) -> bool:
    """Whether a number comes from households: it stands in a simulated table, or on the line of the card that is."""
    return one.table in TABLES or (one.table == "summary" and one.row in SIMULATED_ITEMS)


def _shown(report: Report, cell: object) -> str | None:
    if cell == "there":
        return report.t(*THERE)
    return None if cell is None else str(cell)
