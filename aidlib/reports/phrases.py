"""Words for what stands coded in the data: units of figures, coded law values, rounding rules, messages about gaps."""

from __future__ import annotations

FIGURE_UNITS: dict[str, tuple[str, str]] = {
    "100m yuan": ("亿元", "100 million yuan"),
    "10k cases": ("万件", "10,000 cases"),
    "10k households": ("万户", "10,000 households"),
    "10k person-times": ("万人次", "10,000 person-times"),
    "10k persons": ("万人", "10,000 persons"),
    "10k yuan": ("万元", "10,000 yuan"),
    "households": ("户", "households"),
    "households in sample": ("户（样本）", "households in the sample"),
    "index_mom": ("（上月=100）", "(month before = 100)"),
    "index_year": ("（上年=100）", "(year before = 100)"),
    "index_yoy": ("（上年同月=100）", "(same month of the year before = 100)"),
    "kg/person/year": ("公斤/人·年", "kg per person per year"),
    "pct_point": ("个百分点", "percentage points"),
    "person-times": ("人次", "person-times"),
    "persons": ("人", "persons"),
    "persons in sample": ("人（样本）", "persons in the sample"),
    "persons/household": ("人/户", "persons per household"),
    "yuan/hour": ("元/小时", "yuan per hour"),
    "yuan/person-time": ("元/人次", "yuan per person-time"),
    "yuan/person/ytd": ("元/人（年初至今）", "yuan per person, year to date"),
}


CODED_VALUES: dict[str, tuple[str, str]] = {
    "month_end": ("当月月末", "end of the month"),
    "review_date": ("上次核查起算", "from the last review"),
    "price_deadline": ("联动机制发放时限", "the linkage's payment deadline"),
    "not_delivered": ("政策未落实", "policy not delivered"),
    "may_qualify": ("未纳入但可能符合", "not covered but may qualify"),
    "complex": ("情形复杂", "complex case"),
    "may_not_qualify": ("可能不再符合", "may no longer qualify"),
    "announced": ("按公告的数额", "as announced"),
    "bands": ("分档", "by bands"),
    "consecutive": ("连续数月", "months in a row"),
    "cpi": ("居民消费价格涨幅", "rise of the CPI"),
    "fixed": ("定额", "fixed amount"),
    "food": ("食品价格涨幅", "rise of food prices"),
    "food_points": ("按食品涨幅的点数", "per point of the food rise"),
    "higher": ("两项涨幅中较高的", "the higher of the two rises"),
    "local": ("由当地规定", "set locally"),
    "month": ("按月", "monthly"),
    "months_mean": ("数月平均", "mean of some months"),
    "no": ("否", "no"),
    "points": ("按起算点", "per started point"),
    "priority": ("优先", "first in line"),
    "quarter_mean": ("季度平均", "mean of the quarter"),
    "scpi": ("低收入居民基本生活费用价格涨幅", "rise of the low-income price index"),
    "share": ("基数×涨幅", "base × rise"),
    "single": ("单月", "one month"),
    "trigger": ("达到启动条件的那项涨幅", "rise of the index that started payment"),
    "unemployment_benefit_standard": ("失业保险金标准", "unemployment insurance benefit"),
    "workdays": ("若干个工作日内", "within a number of working days"),
    "year": ("按年", "yearly"),
    "yes": ("是", "yes"),
}

INDICES: dict[str, tuple[str, str]] = {
    "cpi": ("居民消费价格", "CPI"),
    "food": ("食品价格", "food"),
    "grain": ("粮食价格", "grain"),
    "scpi": ("低收入居民价格", "SCPI"),
    "utilities": ("水电燃料价格", "water, power and fuel"),
}

ROUNDINGS: dict[str, tuple[str, str]] = {
    "ceil": ("不足{step}元的进到{step}元", "up to the next {step} yuan"),
    "exact": ("不舍入", "not rounded"),
    "floor": ("不足{step}元的舍去", "down to {step} yuan"),
    "half_up": ("四舍五入到{step}元", "half up to {step} yuan"),
}

# What the law book and the figures say in English when something is not there, and the same for a reader.
GAPS: tuple[tuple[str, str, str], ...] = (
    (
        r"the law book has no (?P<name>\w+)(?: for (?P<group>\S+))? on (?P<day>\S+)",
        "{day}没有可依据的规定：{name}{group}",
        "no rule is known on {day}: {name}{group}",
    ),
    (
        r"the nearest known row is (?P<place>\S+) \((?P<first>\S+) to (?P<last>\S+)\)",
        "最近的一行是{place}（{first}至{last}）",
        "the nearest row is {place} ({first} to {last})",
    ),
    (
        r"the nearest known row is (?P<place>\S+) \(from (?P<first>\S+) on\)",
        "最近的一行是{place}（{first}起）",
        "the nearest row is {place} (from {first} on)",
    ),
    (
        r"add a row with its source to data/law/",
        "在 data/law/ 加一行并注明来源",
        "add a row with its source to data/law/",
    ),
    (
        r"no figure of (?P<series>\S+) for (?P<period>\S+)",
        "没有{period}的数据：{series}",
        "no figure for {period}: {series}",
    ),
    (r"the nearest period known is (?P<period>\S+)", "最近的时期是{period}", "the nearest period is {period}"),
    (r"add it with: (?P<command>.+)", "用命令加入：{command}", "add it with: {command}"),
)
