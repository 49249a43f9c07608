"""Words of the monitoring report that are neither law nor vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.monitoring.vocabulary import registers

if TYPE_CHECKING:
    from aidlib.monitoring.alert_rules import AlertRule
    from aidlib.reports.context import Report

Words = tuple[str, str]

SYNTHETIC: Words = (
    "合成数据：本页的家庭、人员、部门登记和其中的错误都是按公布的总量随机编造的，不代表任何真实住户，也不反映当地工作。",
    "Synthetic data: the families, persons, registers and errors of this page are invented from published totals; they stand for no "
    "real household and say nothing of the place's work.",
)
LAYERS: dict[str, Words] = {
    "tekun": ("特困", "tekun"),
    "dibao": ("低保", "dibao"),
    "monitored": ("防止返贫监测", "monitored"),
    "edge": ("低保边缘", "edge"),
    "rigid": ("刚性支出困难", "rigid spending"),
    "other": ("其他困难", "other difficulty"),
    "none": ("不在册", "not in the register"),
    "single": ("单人户", "single entry"),
    "合计": ("合计", "total"),
}
PROGRAMMES: dict[str, Words] = {
    "basic_living": ("基本生活救助", "basic living aid"),
    "education_aid": ("教育救助", "education aid"),
    "medical_aid": ("医疗救助", "medical aid"),
    "employment_aid": ("就业救助", "employment aid"),
    "premium": ("资助参保", "premium help"),
    "dibao": ("低保", "dibao"),
    "single": ("单人户低保", "dibao, single entry"),
    "tekun": ("特困供养", "tekun aid"),
    "price_subsidy": ("价格临时补贴", "price subsidy"),
    "temporary_aid": ("临时救助", "temporary aid"),
}
KINDS: dict[str, Words] = {
    "layer": ("层级", "layer"),
    "aid": ("发放", "paid"),
    "need": ("未满足", "open need"),
    "alert": ("预警", "alert"),
    "visit": ("走访", "visit"),
}
STATES: dict[str, Words] = {
    "new": ("新发现", "new"),
    "open": ("持续", "still open"),
    "again": ("有变化，再次触发", "changed, fired again"),
    "resting": ("已暂缓", "put to rest"),
}
DIFFERENCES: dict[str, Words] = {
    "not_paid": ("应发未发", "due and not paid"),
    "not_due": ("不应发而发", "paid and not due"),
    "underpaid": ("少发", "paid short"),
    "overpaid": ("多发", "paid over"),
}
CLOCKS: dict[str, Words] = {
    "no_days": ("法律未规定天数（及时）", "the law sets no day (in time)"),
    "cannot_tell": ("无节假日表，不能推算", "no holiday table: cannot tell"),
    "month_end": ("当月月末", "end of the month"),
    "review_date": ("上次核查起算", "from the last review"),
    "price_deadline": ("联动机制发放时限", "the linkage's payment deadline"),
}
INTERVALS: dict[str, Words] = {
    "yearly": ("每年", "yearly"),
    "half_yearly": ("每半年", "half-yearly"),
    "unknown": ("未知", "unknown"),
}

# Departments as the law book writes them, for readers of English.
DEPARTMENTS = {
    "民政部门": "civil affairs",
    "教育部门": "education",
    "人力资源社会保障部门": "human resources and social security",
    "住房城乡建设部门": "housing",
    "应急管理部门": "emergency management",
    "医疗保障部门": "medical insurance",
    "县级以上地方人民政府": "government of the county or above",
    "县级困难群众基本生活保障工作协调机制": "county coordination body",
    "县级社会救助协调机制": "county coordination body",
}


def department(report: Report, name: str | None) -> str | None:
    """Name a department in the report's language."""
    return None if name is None else report.t(name, DEPARTMENTS.get(name, name))


def of(words: dict[str, Words], key: str, report: Report) -> str:
    """Return a word in the report's language, or the key itself."""
    return report.t(*words[key]) if key in words else key


def link(report: Report, kind: str, what: str) -> str:
    """Name a link of a chain: what kind it is, and of what."""
    known = (LAYERS if kind == "layer" else PROGRAMMES).get(what)
    name = report.t(*known) if known else "" if kind == what else group(report, what)
    return " · ".join(filter(None, (report.t(*KINDS[kind]), name)))


def group(report: Report, name: str) -> str:
    """Name a group of the law book."""
    found = report.book.tables.groups.get(name)
    return report.t(found.zh, found.en) if found else name


def register(report: Report, name: str) -> str:
    """Name a departmental register."""
    found = registers()[name]
    return report.t(found.zh, found.en)


def clock(report: Report, rule: AlertRule) -> str:
    """Say which clock runs for a cause, and how long it is."""
    if rule.length is None:
        return of(CLOCKS, rule.how, report)
    unit = report.book.tables.names[rule.length.name]
    days = report.t("个工作日", " working days") if rule.length.unit == "workday" else report.t("个月", " months")
    return f"{report.t(unit.zh, unit.en)} {rule.length.text}{days}"


def last_day(report: Report, rule: AlertRule) -> str | None:
    """Say the last day of a clock that runs from the alert; others end case by case, and some causes have no clock."""
    if rule.ends_on is not None:
        return f"{rule.ends_on}"
    return None if rule.how in ("no_days", "cannot_tell") else report.t("逐案起算", "case by case")
