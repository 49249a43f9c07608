"""Words of the performance report: indicators with what they mean, groups, benchmarks, scenarios."""

from __future__ import annotations

Words = tuple[str, str]

SCENARIOS: dict[str, Words] = {
    "roll": ("名册", "roll"),
    "rule": ("规则", "rules"),
}
SCENARIO_NOTE: Words = (
    "“名册”：合成人口中抽取的在保户，每人领取公布的人均补助（数据中没有的，取规则补差的均值）。“规则”：符合规定的全部补差发放。",
    "“Roll”: households drawn as recipients, each person paid the published average (or the mean gap payment). “Rules”: everyone "
    "the rules admit gets the gap.",
)
REGISTER_NOTE: Words = (
    "“名册”：登记的在保户和实发金额。“规则”：登记中符合规定的全部补差发放。登记为全部名册，没有抽样误差，不印置信区间。",
    "“Roll”: registered recipients and what they were paid. “Rules”: everyone the rules admit gets the gap. A full register has no "
    "sampling error: no interval is printed.",
)
SYNTHETIC_NOTE: Words = (
    "合成人口：收入、规模、残疾等取自公布的分布，谁在名册上是模型的假定；只演示方法，不是对当地的测量。",
    "Synthetic population: incomes, sizes and disability follow published distributions, who is on the roll is an assumption of the "
    "model. It shows the method; it does not measure the place.",
)
DEPTH_NOTE: Words = (
    "漏保率、错保率不反映贫困深度，必须与缺口减少率一起看：世界银行2022年的例子中，三种方案漏保率都是50%，缺口减少率为65%、52.5%、35%。",
    "Exclusion and inclusion errors ignore depth and must be read with the gap reduction: in the World Bank's example of 2022 three "
    "designs share an exclusion error of 50 % while they close 65, 52.5 and 35 % of the gap.",
)
CANNOT_TELL_NOTE: Words = (
    "“不能判断”是规则库缺当地当年的条文（见“数据缺口”），不代填。",
    "“Cannot tell” is where the law book lacks a rule of the place and year (see the gaps); it is not filled in.",
)
GROUPS: dict[str, Words] = {
    "urban": ("城镇家庭", "urban households"),
    "rural": ("农村家庭", "rural households"),
    "disabled": ("有残疾人的家庭", "with a disabled member"),
    "ill": ("有重病人的家庭", "with a seriously ill member"),
    "no_worker": ("无劳动能力的家庭", "with nobody able to work"),
    "all": ("全部", "all"),
}
CATEGORIES: dict[str, Words] = {
    "none": ("不符合", "none"),
    "dibao": ("低保", "dibao"),
    "tekun": ("特困", "tekun"),
    "edge": ("低保边缘", "edge"),
    "rigid": ("刚性支出困难", "rigid expenditure"),
    "cannot_tell": ("不能判断", "cannot tell"),
}
BENCHMARKS: dict[str, Words] = {
    "line": ("收入低于标准的人", "persons below the standard"),
    "p20": ("收入最低的20%", "poorest 20 %"),
}
REASONS: dict[str, Words] = {
    "no_poor": ("没有低于标准的人", "nobody is below the standard"),
    "no_target": ("没有对象", "there is no target"),
    "no_beneficiaries": ("没有领取人", "nobody receives"),
    "no_spending": ("没有支出", "nothing is spent"),
    "no_spending_on_poor": ("没有用于对象的支出", "nothing is spent on the target"),
    "no_income": ("没有收入", "there is no income"),
    "no_others": ("没有对象以外的人", "there is nobody outside the target"),
    "empty_group": ("该组没有人", "the group is empty"),
    "too_few_places": ("可比的地区不足两个", "fewer than two places can be compared"),
}
INDICATORS: dict[str, tuple[Words, Words]] = {
    "generosity": (
        ("补助占领取人收入", "generosity"),
        ("补助÷补助后收入（领取人）", "benefit over welfare after it, recipients"),
    ),
    "benefit_to_line": (("补助占标准", "benefit over the line"), ("补助÷标准（领取人）", "benefit over their line")),
    "gap_filled": (("缺口平均补足", "gap filled, mean"), ("每户补助÷差额，最多为1", "benefit over the gap, at most 1")),
    "gap_fully_filled": (
        ("缺口全部补足的人", "gap fully filled"),
        ("差不到一分即为补足", "less than a fen is left"),
    ),
    "gap_unfilled": (
        ("完全没有补助的人", "gap not filled at all"),
        ("占低于标准的人", "share of those below the line"),
    ),
    "fgt0": (("贫困发生率 F0", "headcount F0"), ("收入低于标准的人占比", "share of persons below the line")),
    "fgt1": (("贫困缺口率 F1", "gap F1"), ("平均差距占标准", "mean distance to the line")),
    "fgt2": (("贫困强度 F2", "severity F2"), ("差距平方的均值", "mean squared distance")),
    "gini": (("基尼系数", "Gini"), ("不乘 n/(n-1)", "without n/(n-1)")),
    "gap_reduction": (("缺口减少率", "gap reduction"), ("缺口总额减少的比例", "share of the gap total closed")),
    "benefit_cost": (("每元减少的缺口", "benefit-cost"), ("缺口减少额÷支出", "gap closed per yuan paid")),
    "vertical_expenditure_efficiency": (
        ("支出到达率 VEE", "vertical efficiency VEE"),
        ("用于低于标准者的支出占比", "share of money paid to those below the line"),
    ),
    "spill_over": (("溢出率", "spill-over"), ("对象所得中超出差额的部分", "part of their money beyond the gap")),
    "cgh10": (
        ("CGH（最低10%）", "CGH, poorest 10 %"),
        ("得到的份额÷人数份额，1为中性", "their share of money over 10 %; 1 neutral"),
    ),
    "cgh20": (("CGH（最低20%）", "CGH, poorest 20 %"), ("同上", "as above")),
    "cgh40": (("CGH（最低40%）", "CGH, poorest 40 %"), ("同上", "as above")),
    "concentration_coefficient": (
        ("集中系数", "concentration coefficient"),
        ("-1至1，负为偏向低收入", "-1 to 1, negative is pro-poor"),
    ),
    "kakwani": (("卡克瓦尼指数", "Kakwani"), ("集中系数-补助前基尼系数", "concentration less the Gini before")),
    "dc1": (
        ("分配特征 e=1", "distributional characteristic, e=1"),
        ("支出的平均福利权重", "mean welfare weight of the money"),
    ),
    "dc2": (("分配特征 e=2", "distributional characteristic, e=2"), ("同上，厌恶更强", "as above, more averse")),
    "normalised_share": (
        ("标准化份额", "normalised share"),
        ("对象所得份额÷对象人数份额", "target's share of money over its share of persons"),
    ),
}
