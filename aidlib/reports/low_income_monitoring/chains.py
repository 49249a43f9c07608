"""Sections on chains: gaps and doubles from published totals, and the lists that go to the restricted folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.monitoring.vocabulary import causes
from aidlib.reports.low_income_monitoring import counts, restricted, words
from aidlib.reports.low_income_monitoring.protected import rounded
from aidlib.reports.low_income_monitoring.sections import show_table

if TYPE_CHECKING:
    from aidlib.reports.low_income_monitoring.opening import Monitoring


def show_chains(opened: Monitoring) -> None:
    """Show gaps and doubles, from totals that were published."""
    import pandas as pd

    report = opened.report
    report.heading("救助链上的缺口与重复", "Gaps and doubles along the chains")
    kinds = {
        report.t("缺口", "gap"): ("month_not_paid", "underpaid", "price_subsidy_not_paid", *(c for c in causes() if c.endswith("_missing"))),
        report.t("未覆盖", "not covered"): tuple(c for c in causes() if c.endswith(("_not_covered", "_missed"))),
        report.t("重复", "double"): ("exclusive_schemes", "paid_twice"),
    }  # fmt: skip
    rows = [
        (kind, words.group(report, cause), count, opened.status if count is not None else "suppressed")
        for kind, names in kinds.items()
        for cause in names
        if cause in opened.rules
        for count in [opened.by_cause.total(cause)]
    ]
    frame = pd.DataFrame(rows, columns=["chain_kind", "alert_cause", "families", "families_status"], dtype="object")
    note = (
        "每户（人）一条链：层级、各项救助逐月发放、未满足的需要、预警、走访。个案时间线只在受限文件夹。",
        "One chain a family and person: layer, aid by month, open needs, alerts, visits. Timelines of single families are in the restricted folder only.",
    )
    show_table(opened, "chains", frame, ("缺口与重复", "Gaps and doubles"), note)
    _cannot_tell(opened)
    _not_tested(opened)


def _cannot_tell(opened: Monitoring) -> None:
    """Say of how many families the rules cannot tell: a nought above is no all-clear for them."""
    found = {scheme: rounded(count) for scheme, count in counts.doubtful(opened.month.found).items()}
    zh = "、".join(f"{words.LAYERS[scheme][0]}{count}户" for scheme, count in found.items())
    en = ", ".join(f"{words.LAYERS[scheme][1]} {count}" for scheme, count in found.items())
    opened.report.say(
        f"规则不能确定是否符合的家庭：{zh}（当地的比例、标准或家庭的情况未知）。这些家庭没有据此预警，上面的数不包括他们。",
        f"Families of which the rules cannot tell whether they qualify: {en} (a local share, standard or fact is not known). No alert was raised "
        "on that ground, and the counts above leave them out.",
    )


def _not_tested(opened: Monitoring) -> None:
    lost = opened.month.found.not_tested
    for cause in lost:
        started = opened.month.found.decision is None
        why = (
            ("近几个月价格补贴联动没有启动的记录", "no month of late is known in which the linkage started")
            if started
            else ("缺数据", "data is missing")
        )
        name = words.group(opened.report, cause)
        opened.report.say(f"“{name}”没有检查：{why[0]}。", f"“{name}” was not tested: {why[1]}.")


def write_lists(opened: Monitoring) -> None:
    """Write lists of persons to the restricted folder, and say that they were written, not where."""
    report = opened.report
    report.heading("名单", "Lists of persons")
    folder, many = restricted.export(report, opened.month, opened.rules, opened.chains, report.parameters["restricted"])
    restricted.keep_published(folder, opened.published)
    report.say(
        f"名单按部门分写为{many}个工作簿，各部门只见到办理所需的内容；放在受限文件夹，不在报告中。",
        f"Lists of persons were written as {many} workbooks, one a department, each with only what it needs, to a restricted folder outside the reports.",
    )
