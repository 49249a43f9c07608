"""Short names of what rules work out, for the inputs of a ladder; what is not here is named by its rule, row or column."""

from __future__ import annotations

_FORMS = (("institution", "集中"), ("home", "分散"))
_KINDS = (("full", "全护理", "full care"), ("partial", "半护理", "partial care"), ("self", "全自理", "self-care"))

_HOUSEHOLD = {
    "members": ("家庭人口", "counted members"),
    "counted_member": ("计入的成员", "counted as a member"),
    "dependent_child": ("未成年或不能独立生活的子女", "minor or dependent child"),
    "dependent_student": ("在校的成年子女", "adult child at school"),
    "left_out": ("属于不计入的人员", "among those not counted"),
    "counted_income_fen": ("计入的家庭月收入", "counted monthly income"),
    "income_fen_year": ("家庭年收入", "income of a year"),
    "counted_income_fen_year": ("计入的家庭收入", "counted income"),
    "hardship_cost_fen": ("残疾重病刚性支出", "cost of disability or illness"),
    "work_deduction_fen": ("就业成本", "work cost"),
    "work_deduction_by_rule_fen": ("当地公式的就业成本", "work cost by the local formula"),
    "pension_disregard_fen": ("不计入的基础养老金", "basic pension"),
    "exit_disregard_fen": ("不计入的新增就业收入", "new work income"),
}
_TIERS = tuple(zip("abcde", ("一档", "二档", "三档", "四档", "五档"), strict=True))
_DIBAO = {
    "dibao_standard_fen_year": ("低保标准", "dibao standard"),
    "need_fen_year": ("低保标准乘以人口", "the standard times the members"),
    "dibao_eligible": ("符合低保条件", "passes the dibao test"),
    "on_dibao_now": ("享受低保", "on dibao"),
    "in_exit_period": ("在渐退期内", "in gradual exit"),
    "exit_months": ("渐退期月数", "months of gradual exit"),
    "exit_months_any": ("渐退期月数(一般)", "months of gradual exit"),
    "exit_months_graduate": ("渐退期月数(新就业毕业生)", "months of gradual exit, new graduates"),
    "exit_months_jobseeker": ("渐退期月数(稳定就业失业人员)", "months of gradual exit, placed jobseekers"),
    "exit_months_disabled": ("渐退期月数(稳定就业残疾人)", "months of gradual exit, placed disabled persons"),
    "exit_months_pensioner": ("渐退期月数(领取养老金)", "months of gradual exit, pensioners"),
    "dibao_gap_fen": ("差额", "the gap"),
    "dibao_round_step": ("取整单位", "rounded to"),
    "dibao_round_mode": ("取整方式", "rounding"),
    "dibao_property_ok": ("财产符合低保规定", "property within the dibao limit"),
    "gap_floor_fen": ("最低补差", "least gap"),
    "gap_min_bp": ("最低补差比例", "least gap as a share of the standard"),
    "gap_min_fen_year": ("最低补差金额", "least gap"),
    "tier_assigned": ("低保档次", "tier"),
    "tier_none_fen_year": ("未认定档次的每人补助额", "amount per person where no tier is stated"),
    **{f"tier_{tier}_fen_year": (f"{zh}每人补助额", f"amount per person of tier {tier}") for tier, zh in _TIERS},
    **{
        f"tier_floor_{tier}_fen_year": (f"{zh}每人最低补助额", f"least amount per person of tier {tier}")
        for tier, zh in _TIERS
    },
    **{f"tier_band_{tier}_fen_year": (f"{zh}收入上限", f"highest income of tier {tier}") for tier, zh in _TIERS},
    **{f"topup_elderly_{band}_fen": ("分类施保(老年人)", "extra help, the old") for band in (1, 2, 3)},
    **{f"topup_elderly_age_{band}": ("分类施保老年人年龄", "age of the old for extra help") for band in (1, 2, 3)},
    "topup_by_age_fen": ("老年人增发额", "extra help, the old"),
    "topup_minor_fen": ("分类施保(未成年人)", "extra help, minors"),
    "topup_disabled_fen": ("分类施保(重度残疾人)", "extra help, the severely disabled"),
    "topup_ill_fen": ("分类施保(重病患者)", "extra help, the seriously ill"),
    "topup_student_fen": ("分类施保(在校学生)", "extra help, students"),
    "topup_single_person_fen": ("分类施保(单人家庭)", "extra help, persons living alone"),
    "topup_any_disability_fen": ("分类施保(残疾人)", "extra help, the disabled"),
    "topup_grade_3_fen": ("分类施保(三级残疾)", "extra help, disability of grade 3"),
    "topup_summed": ("兼有多类的分类施保累加", "extra help of several categories is added up"),
    "tier_amount_fen_year": ("本档每人补助额", "amount of the tier per person"),
    "tier_floor_fen_year": ("本档每人最低补助额", "least amount of the tier per person"),
    "dibao_benefit_fen": ("低保金", "dibao"),
    "topup_fen": ("分类施保", "extra help by category"),
    "single_entrants": ("单人户人数", "members entering alone"),
    "single_entrant": ("按单人户纳入", "enters alone"),
    "single_benefit_fen": ("单人户低保金", "dibao of members entering alone"),
    "single_from_edge": ("低保边缘家庭中的重残重病人员", "severely disabled or ill in an edge household"),
    "single_clergy": ("生活困难的宗教教职人员", "clergy in hardship"),
    "single_jobless_disabled": ("成年无业重度残疾人", "adult severely disabled person without work"),
    "single_grade_any": ("可单独纳入的最轻残疾等级", "weakest grade for single entry"),
    "single_grade_intellectual": ("可单独纳入的最轻智力残疾等级", "weakest intellectual grade for single entry"),
    "single_grade_mental": ("可单独纳入的最轻精神残疾等级", "weakest mental grade for single entry"),
    "poor_alone": ("本人收入和财产符合规定", "own income and property pass"),
    "severely_disabled": ("重度残疾", "severely disabled"),
    "single_share_bp": ("发放比例", "share of the standard"),
    "single_floor_bp": ("最低发放比例", "least share of the standard"),
    "refusing_members": ("拒绝就业人数", "members refusing work"),
    "job_refusals_limit": ("拒绝就业次数", "refusals the rule names"),
    "member_on_dibao": ("本人享受低保", "on dibao"),
}
_EDGE_RIGID = {
    "disposable_income_fen_year": ("当地上年度居民人均可支配收入", "last year's local disposable income per head"),
    "rigid_income_fen_year": ("当地上年度居民人均可支配收入", "last year's local disposable income per head"),
    "min_wage_fen_month": ("最低工资标准", "minimum wage"),
    "below_edge_line": ("收入低于低保边缘线", "income below the edge line"),
    "edge_line_reached": ("等于低保边缘收入线的也算", "an income on the edge line is enough"),
    "edge_by_spending": ("支出型低保边缘家庭", "edge household by spending"),
    "edge_assets_fen12": ("低保边缘金融资产限额", "limit of financial assets, edge"),
    "edge_assets_per_person": ("金融资产限额按人计算", "the limit of financial assets is per person"),
    "edge_assets_reached": ("等于金融资产限额的也算", "financial assets on the limit are within it"),
    "edge_vehicle_value_fen12": ("低保边缘车辆价值限额", "limit of the vehicle's value, edge"),
    "edge_capital_fen12": ("低保边缘出资限额", "limit of capital in firms, edge"),
    "edge_profit_fen12": ("低保边缘经营净收入限额", "limit of a firm's profit, edge"),
    "edge_dwellings_max": ("低保边缘住房套数上限", "most dwellings, edge"),
    "edge_vehicles_max": ("低保边缘车辆数上限", "most vehicles, edge"),
    "dibao_assets_small_size": ("小户人口上限", "most members of a small household"),
    "dibao_assets_small_fen12": ("低保金融资产限额(小户)", "limit of financial assets, small households"),
    "dibao_assets_large_fen12": ("低保金融资产限额", "limit of financial assets"),
    "dibao_assets_per_person": ("金融资产限额按人计算", "the limit of financial assets is per person"),
    "dibao_vehicles_max": ("低保车辆数上限", "most vehicles"),
    "edge_living_aid_fen_month": ("低保边缘家庭救助金", "aid to an edge household"),
    "ta_exceptional_per_person": ("特别困难限额按人计算", "the exceptional ceiling is per person"),
    "edge_property_ok": ("财产符合低保边缘规定", "property within the edge limit"),
    "edge_assets_ok": ("金融资产符合低保边缘规定", "financial assets within the edge limit"),
    "edge_household": ("低保边缘家庭", "edge household"),
    "edge_living_aid_fen": ("低保边缘家庭救助金", "aid to an edge household"),
    "below_rigid_cap": ("收入低于人均可支配收入", "income below the mean income"),
    "rigid_property_ok": ("财产符合刚性支出困难家庭规定", "property within the limit for rigid spending"),
    "spending_share_above": ("刚性支出占比超过当地规定", "spending above the local share"),
    "low_after_spending": ("扣除刚性支出后收入低于当地规定", "income low after rigid spending"),
    "rigid_household": ("刚性支出困难家庭", "rigid-expenditure household"),
    "total_income_fen_year": ("家庭总收入(十二个月)", "total income of twelve months"),
    "rigid_income_cap_bp": ("刚性支出困难家庭收入上限", "income cap of rigid-expenditure households"),
    "rigid_ratio_bp": ("当地规定的刚性支出占比", "local share of rigid spending"),
    "rigid_ratio_reached": ("达到该比例即可", "reaching the share is enough"),
    "rigid_living_aid_fen": ("刚性支出家庭生活救助", "living aid"),
}
_TEKUN = {
    "tekun": ("符合特困条件", "passes the tests of tekun"),
    "no_labour_ability": ("无劳动能力", "no labour ability"),
    "no_income_source": ("无生活来源", "no source of income"),
    "no_able_supporter": ("法定义务人无或无履行能力", "no able supporter"),
    "chose_child_aid": ("选择儿童保障", "chose child aid"),
    "care_class": ("自理能力", "self-care class"),
    "tekun_fen": ("特困供养金", "tekun support"),
    "tekun_basic_institution_fen_year": ("基本生活标准(集中)", "basic standard in an institution"),
    "tekun_basic_home_fen_year": ("基本生活标准(分散)", "basic standard at home"),
} | {
    f"care_{kind}_{form}_fen_year": (f"照料护理标准({zh}·{form_zh})", f"care standard ({en}, {form})")
    for kind, zh, en in _KINDS
    for form, form_zh in _FORMS
}
_TEMPORARY = {
    "temporary_eligible": ("符合临时救助条件", "qualifies for temporary aid"),
    "temporary_ceiling_fen": ("救助限额", "ceiling"),
    "temporary_floor_fen": ("最低救助金额", "least amount"),
    "temporary_approver": ("审批层级", "who approves"),
    "temporary_aid_fen": ("临时救助", "temporary aid"),
    "ta_township_fen12": ("乡镇审批限额", "most a township approves"),
    "ta_county_fen12": ("县级民政审批限额", "most county civil affairs approve"),
    "ta_exceptional_fen12": ("特别困难救助限额", "ceiling in exceptional hardship"),
    **{
        f"ta_{limit}_{hardship}_{what}": (f"{zh}({hardship_zh})", f"{en}, {hardship}")
        for hardship, hardship_zh in (("emergency", "急难型"), ("expenditure", "支出型"))
        for limit, what, zh, en in (
            ("ceiling", "fen12", "救助限额", "ceiling"),
            ("ceiling", "per_person", "限额按人计算", "the ceiling is per person"),
            ("ceiling", "per_case", "限额按次计算", "the ceiling is per case"),
            ("floor", "fen12", "最低救助金额", "least amount"),
            ("floor", "per_person", "最低金额按人计算", "the least amount is per person"),
        )
    },
    "ta_township_per_person": ("乡镇限额按人计算", "the township's limit is per person"),
    "ta_township_in_total": ("乡镇限额按累计计算", "the township's limit counts earlier aid"),
    "ta_county_per_person": ("县级限额按人计算", "the county's limit is per person"),
}
_SPECIALISED = {
    "premium_help": ("资助参保", "help with the medical premium"),
    "medical_aid": ("医疗救助", "medical aid"),
    "education_aid": ("教育救助", "education aid"),
    "housing_aid": ("住房救助", "housing aid"),
    "employment_aid": ("就业救助", "employment aid"),
    "disaster_relief": ("受灾人员救助", "disaster relief"),
    "other_aid": ("取暖、殡葬等其他救助", "heating, funeral and other aid"),
    "medical_class": ("医疗救助对象类别", "class of patient"),
    "medical_deductible_fen_year": ("年度起付标准", "yearly deductible"),
    "medical_rate_bp": ("救助比例", "share paid"),
    "medical_year_cap_fen": ("年度救助限额", "yearly ceiling"),
    "medical_aid_fen_year": ("医疗救助金", "medical aid"),
    "medical_tilt_start_fen": ("倾斜救助起点", "starting point of tilted aid"),
    "tilted_aid_fen_year": ("倾斜救助", "tilted aid"),
    "grant_senior_fen_year": ("高中阶段国家助学金", "national grant, senior secondary"),
    "grant_undergraduate_fen_year": ("本专科国家助学金", "national grant, undergraduate"),
    "education_grant_fen_year": ("国家助学金", "national grant"),
}
_GROUPS = {
    "tekun": ("特困人员", "tekun"),
    "orphan": ("孤儿", "orphans"),
    "dibao": ("低保对象", "dibao"),
    "returned": ("返贫致贫人口", "returned poor"),
    "edge": ("低保边缘家庭", "edge households"),
    "monitored": ("防止返贫监测对象", "followed against poverty"),
    "illness": ("因病致贫重病患者", "impoverished by illness"),
    "unsupported": ("事实无人抚养儿童", "unsupported children"),
    "hiv": ("艾滋病病毒感染儿童", "children with HIV"),
    "preferential": ("优抚对象", "preferential persons"),
    "unemployment_benefit": ("领取失业保险金人员", "on unemployment benefit"),
    "unemployment_subsidy": ("领取失业补助金人员", "on unemployment subsidy"),
}
_OF_GROUPS = {
    f"{head}_{group}_{tail}": (f"{zh}({words[0]})", f"{en}, {words[1]}")
    for head, tail, zh, en in (
        ("price", "fen", "当月价格临时补贴", "price subsidy of the month"),
        ("medical_deductible", "fen", "起付标准", "deductible"),
        ("medical_rate", "bp", "救助比例", "share paid"),
    )
    for group, words in _GROUPS.items()
}
NAMES: dict[str, tuple[str, str]] = {
    **_HOUSEHOLD,
    **_DIBAO,
    **_EDGE_RIGID,
    **_TEKUN,
    **_TEMPORARY,
    **_SPECIALISED,
    **_OF_GROUPS,
}
