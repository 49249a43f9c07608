"""Who counts as a member, and which income counts. 共同生活的家庭成员与家庭收入."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import (
    BP,
    MONTHS_PER_YEAR,
    Bp,
    Code,
    Count,
    Fen,
    Flag,
    among,
    at_least,
    at_most,
    first_of,
    given,
    half_up,
    no,
    share,
)

SUMS = {
    "members": "counted_member",
    "work_deduction_fen": "member_work_deduction_fen",
    "pension_disregard_fen": "member_pension_disregard_fen",
}

_SELF_AND_SPOUSE = (code("relation", "applicant"), code("relation", "spouse"))
_CHILD = code("relation", "child")
_CLERGY, _PRISON, _ISOLATION, _MISSING, _CONSCRIPT, _SERVICEMAN = (
    code("absence", word) for word in ("clergy", "prison", "isolation", "missing", "conscript", "serviceman")
)


def minor(age: Count, minor_age: Count) -> Flag:
    """未成年人。 A minor.

    Source: 民发〔2021〕57号 第七条.

    Examples
    --------
    >>> minor(17, 18), minor(18, 18)
    (True, False)
    """
    return age < minor_age


def dependent_student(student_stage: Code, member_adult_student_stage: Code) -> Flag:
    """在校接受全日制本科及以下学历教育。 In full-time study up to a bachelor's degree.

    Source: 民发〔2021〕57号 第七条第一款第三项. A postgraduate is above the stage the article names (our reading).

    Examples
    --------
    >>> [dependent_student(stage, 4) for stage in (0, 3, 4, 5)]
    [False, True, True, False]
    """
    return (student_stage > 0) & (student_stage <= member_adult_student_stage)


def dependent_child(relation: Code, minor: Flag, independent: Flag, dependent_student: Flag) -> Flag:
    """未成年子女，或者已成年但不能独立生活的子女。 A minor child, or an adult child unable to live independently.

    Source: 民发〔2021〕57号 第七条第一款第二、三项.

    Examples
    --------
    >>> dependent_child(2, False, True, True), dependent_child(2, False, True, False)
    (True, False)
    """
    return (relation == _CHILD) & (minor | no(independent) | dependent_student)


def left_out(
    absence: Code,
    absence_months: Count,
    member_clergy_apart_years: Count,
    clergy_excluded: Flag,
    prison_excluded: Flag,
    isolation_excluded: Flag,
    missing_excluded: Flag,
    conscript_excluded: Flag,
    serviceman_excluded: Flag,
) -> Flag:
    """离家三年以上的宗教教职人员、服刑、强制隔离戒毒、宣告失踪等人员不计入。 Clergy long apart, persons in prison, in drug isolation or declared missing, and others the province names, are not counted.

    Source: 民发〔2021〕57号 第七条第二款.

    Examples
    --------
    >>> left_out(1, 36, 3, True, True, True, True, False, False), left_out(1, 35, 3, True, True, True, True, False, False)
    (True, False)
    """  # noqa: E501
    apart = absence_months >= member_clergy_apart_years * MONTHS_PER_YEAR
    return (
        ((absence == _CLERGY) & apart & clergy_excluded)
        | ((absence == _PRISON) & prison_excluded)
        | ((absence == _ISOLATION) & isolation_excluded)
        | ((absence == _MISSING) & missing_excluded)
        | ((absence == _CONSCRIPT) & conscript_excluded)
        | ((absence == _SERVICEMAN) & serviceman_excluded)
    )


def counted_member(
    relation: Code, dependent_child: Flag, legal_duty: Flag, lives_together: Flag, left_out: Flag, is_tekun: Flag
) -> Flag:
    """共同生活的家庭成员。 Counts as a member of the household living together.

    Spouse, dependent children, and others with a legal duty of support who live together for the long term. A person recognised as
    tekun is supported on his own account and is not counted again (our reading: one kind of basic living aid per person).
    Source: 民发〔2021〕57号 第七条.

    Examples
    --------
    >>> counted_member(0, False, False, True, False, False), counted_member(6, False, True, False, False, False)
    (True, False)
    """
    named = among(relation, _SELF_AND_SPOUSE) | dependent_child | (legal_duty & lives_together)
    return named & no(left_out) & no(is_tekun)


def work_deduction_by_rule_fen(
    wage_fen: Fen,
    disability_grade: Count,
    dibao_standard_fen_year: Fen,
    min_wage_fen_month: Fen,
    work_cost_rate_bp: Bp,
    work_cost_standard_bp: Bp,
    work_cost_min_wage_bp: Bp,
    disabled_work_cost_min_wage_bp: Bp,
) -> Fen:
    """当地就业成本扣减公式。 Work-cost deduction by the local formula; nothing where the place has none.

    A share of the wage, of the dibao standard or of the minimum wage; where a place names several, the largest. Halves of a fen up.
    Source: 民发〔2021〕57号 第十三条第三款; local rules.

    Examples
    --------
    >>> work_deduction_by_rule_fen(100_005, 0, 720_000, 160_000, 3_000, 0, 0, 5_000)
    30002
    >>> work_deduction_by_rule_fen(100_005, 2, 720_000, 160_000, 3_000, 0, 0, 5_000)
    80000
    """
    of_standard = half_up(dibao_standard_fen_year * work_cost_standard_bp, BP * MONTHS_PER_YEAR)
    of_min_wage = first_of((disability_grade > 0, disabled_work_cost_min_wage_bp), otherwise=work_cost_min_wage_bp)
    of_wages = at_least(share(wage_fen, work_cost_rate_bp), share(min_wage_fen_month, of_min_wage))
    return at_least(of_wages, of_standard)


def member_work_deduction_fen(
    counted_member: Flag,
    employed: Flag,
    wage_fen: Fen,
    work_cost_fen: Fen,
    work_deduction_by_rule_fen: Fen,
    work_cost_deductible: Flag,
) -> Fen:
    """必要的就业成本可以扣减，不超过本人工资。 The necessary cost of working is taken off, at most the wage.

    By the local formula where there is one, else the cost the county has recognised. Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> member_work_deduction_fen(True, True, 90_000, 15_000, 0, True)
    15000
    >>> member_work_deduction_fen(True, True, 90_000, 15_000, 100_000, True)
    90000
    """
    cost = first_of((work_deduction_by_rule_fen > 0, work_deduction_by_rule_fen), otherwise=work_cost_fen)
    return given(counted_member & employed & work_cost_deductible, at_most(cost, wage_fen))


def member_pension_disregard_fen(counted_member: Flag, basic_pension_fen: Fen, basic_pension_disregarded: Flag) -> Fen:
    """中央确定的城乡居民基础养老金不计入收入（“十四五”期间）。 The centrally set basic pension is disregarded, for the years the rule names.

    Source: 民发〔2021〕57号 第十三条第二款第三项.

    Examples
    --------
    >>> member_pension_disregard_fen(True, 12_300, True), member_pension_disregard_fen(True, 12_300, False)
    (12300, 0)
    """
    return given(counted_member & basic_pension_disregarded, basic_pension_fen)


def hardship_cost_fen(hardship_deduction_fen: Fen, rigid_cost_deductible: Flag) -> Fen:
    """因残疾、患重病等增加的刚性支出，可以适当扣减。 The extra rigid cost of disability or serious illness that the county deducts.

    Source: 民发〔2021〕57号 第十三条第三款.

    Examples
    --------
    >>> hardship_cost_fen(20_000, True), hardship_cost_fen(20_000, False)
    (20000, 0)
    """
    return given(rigid_cost_deductible, hardship_deduction_fen)


def income_fen_year(income_fen: Fen) -> Fen:
    """家庭年收入：月收入的十二倍；登记了年收入的，以年收入为准。 The household's income of a year: twelve times the month's, unless the register gives the year under this very name.

    Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> income_fen_year(250_000)
    3000000
    """  # noqa: E501
    return income_fen * MONTHS_PER_YEAR


def counted_income_fen_year(
    income_fen_year: Fen,
    disregard_fen: Fen,
    hardship_cost_fen: Fen,
    work_deduction_fen: Fen,
    pension_disregard_fen: Fen,
    exit_disregard_fen: Fen,
) -> Fen:
    """计入的家庭收入（全年）：全部收入减去不计入的项目和可扣减的支出，不低于零。 Counted income of a year: all income less disregards and deductions, never below zero.

    Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> counted_income_fen_year(3_600_000, 10_000, 20_000, 30_000, 0, 0)
    2880000
    """  # noqa: E501
    left_out = disregard_fen + hardship_cost_fen + work_deduction_fen + pension_disregard_fen + exit_disregard_fen
    return at_least(income_fen_year - left_out * MONTHS_PER_YEAR, 0)


def counted_income_fen(counted_income_fen_year: Fen) -> Fen:
    """计入的家庭月收入（全年的十二分之一，仅供显示）。 Counted income a month, a twelfth of the year's to the nearest fen: to be shown, never to be compared.

    Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> counted_income_fen(2_880_000), counted_income_fen(2_880_005)
    (240000, 240000)
    """
    return half_up(counted_income_fen_year, MONTHS_PER_YEAR)
