"""Which tables and figures of the full report are not here, and the data each would need."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from aidlib.reports import Report
from aidlib.reports.performance_evaluation.cells import frame

if TYPE_CHECKING:
    import pandas as pd

Words = tuple[str, str]
SIMULATED: Words = ("当年标准（模拟用）", "a level of the year, to simulate on")
FULL: dict[str, tuple[Words, Words]] = {
    "T1": (("摘要", "summary card"), ("标准、领取人数、资金的公布数", "published levels, recipients and spending")),
    "T2": (("所用数据", "data used"), ("任一公布数据", "any published figure")),
    "T3": (("标准与保障水平", "levels and adequacy"), ("当年公布的标准", "a level announced for the year")),
    "T4": (("对象人数与增减", "caseload and flow"),
           ("当地当年的低保、特困、临时救助人数；新增、退出人数及原因要登记台账", "published heads of the year; entries, exits and reasons need the register")),
    "T5": (("资金与人均补助", "spending and payment per person-month"), ("当地当年的支出、预算和人次", "spending, budget and person-times of the year")),
    "T6": (("分组覆盖率", "coverage by group"), SIMULATED),
    "T7": (("受益归宿", "incidence"), SIMULATED),
    "T8": (("漏保、错保与缺口减少", "errors beside gap reduction"), SIMULATED),
    "T9": (("补助的慷慨度与缺口补足", "generosity and gap filled"), SIMULATED),
    "T10": (("对贫困与不平等的影响", "impact on poverty and inequality"), SIMULATED),
    "T11": (("瞄准与累进指标", "progressivity"), SIMULATED),
    "T12": (("横向公平", "horizontal equity"), ("下辖三个以上地区当年各自的标准", "levels of the year set by three or more places below")),
    "T13": (("救助项目重叠", "overlap of programmes"), ("各项救助的领取登记", "registers of each programme")),
    "T14": (("时效与过程", "timeliness and process"),
            ("受理、公示、决定、发放的日期，核查与投诉记录；2021年7月以后的月份见低收入人口动态监测报告",
             "dates of intake, notice, decision and payment, checks and complaints; the low-income monitoring report has months after 2021-07")),
    "T15": (("跨部门比对结果", "cross-register findings"), ("与死亡、社保、不动产等登记的比对结果（只列数）；有登记时见低收入人口动态监测报告",
             "counts from matching with other registers; with registers at hand the low-income monitoring report has them")),
    "T16": (("满意度", "satisfaction"), ("有抽样设计的问卷（方法已备：aidlib.evaluation.variance）", "a survey (method: aidlib.evaluation.variance)")),
    "T17": (("评分表", "official form"), ("所选评分表", "the chosen form")),
    "T18": (("价格补贴联动", "price linkage"), ("当年各月的价格指数", "price indices of the year's months")),
    "T19": (("启动概率及其记录", "trigger probabilities and their record"),
            ("当地或本省截至当年12月连续两年的月度指数，及可以对照的预测记录",
             "two unbroken years of monthly indices of the place or its province up to December, and a record to hold the forecast against")),
    "T20": (("标准测算值", "candidates"), ("上年消费、收入或上次标准", "last year's consumption or income, or the level before")),
    "T21": (("敏感性", "sensitivity"), SIMULATED),
    "T22": (("说明与变化", "caveats and changes"), ("", "")),
    "F1": (("标准与物价", "levels and prices"), ("两年以上的标准", "levels of two years or more")),
    "F2": (("十分组覆盖率", "coverage by tenth"), SIMULATED),
    "F3": (("集中曲线", "concentration curve"), SIMULATED),
    "F4": (("收入队列", "income parade"), SIMULATED),
    "F5": (("绩效三角", "performance triangle"), SIMULATED),
    "F6": (("各地标准", "levels of places"), ("下辖或同级两个以上地区的标准", "levels of two or more places below or beside")),
    "F7": (("缺口补足分布", "gap filled"), SIMULATED),
    "F8": (("事件研究", "event study"),
            ("某项政策在各地先后实施的日期，及实施前后各年的结果（方法已备：aidlib.evaluation.events）",
             "dates at which places adopted a policy and results before and after (the method is there: aidlib.evaluation.events)")),
    "F9": (("指数、启动线与启动月份", "indices, lines and months that started"), ("当年能判断的月份", "months of the year that can be decided")),
    "F10": (("测算值与公布标准", "candidates and the announced level"), ("上年消费、收入或上次标准", "last year's consumption or income, or the level before")),
}  # fmt: skip


HIDDEN: Words = ("登记中人数过少，按规定隐去", "too few persons in the register: hidden")


def missing(report: Report, shown: Collection[str], *, simulated: bool = False) -> pd.DataFrame:
    """One row a table or figure that is not in this report; where households were there, a simulated one is hidden, not lacking."""
    return frame([
        {"pe_number": number, "pe_title": report.t(*title), "pe_needs": report.t(*(HIDDEN if simulated and needs == SIMULATED else needs))}
        for number, (title, needs) in FULL.items() if number not in shown
    ])  # fmt: skip
