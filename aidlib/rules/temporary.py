"""Temporary aid: types, ceilings, who approves, quick small aid. 临时救助."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import (
    BP,
    MONTHS_PER_YEAR,
    UP,
    Bp,
    Code,
    Count,
    Fen,
    Flag,
    at_least,
    at_most,
    first_of,
    given,
    monthly,
    no,
)

NOBODY, TOWNSHIP, COUNTY, COORDINATION = 0, 1, 2, 3  # 审批层级: 乡镇(街道), 县级民政部门, 县级协调机制

_EMERGENCY = code("temporary_hardship", "emergency")
_EXPENDITURE = code("temporary_hardship", "expenditure")


def temporary_eligible(
    temporary_hardship: Code,
    property_ok: Flag,
    counted_income_fen_year: Fen,
    members: Count,
    disposable_income_fen_year: Fen,
    ta_income_cap_bp: Bp,
) -> Flag:
    """急难型，或者人均收入低于当地人均可支配收入且财产符合规定的支出型。 In an emergency; or of the expenditure type with income per head below the local mean and property within the limit.

    Source: 民发〔2018〕23号 第二条第一项.

    Examples
    --------
    >>> [temporary_eligible(kind, True, 3_000, 1, 3_000, 10_000) for kind in (0, 1, 2)]
    [False, True, False]
    """  # noqa: E501
    below = counted_income_fen_year * BP < members * disposable_income_fen_year * ta_income_cap_bp
    return (temporary_hardship == _EMERGENCY) | ((temporary_hardship == _EXPENDITURE) & property_ok & below)


def temporary_ceiling_fen(
    temporary_hardship: Code,
    ta_ceiling_emergency_fen12: Fen,
    ta_ceiling_emergency_per_person: Flag,
    ta_ceiling_expenditure_fen12: Fen,
    ta_ceiling_expenditure_per_person: Flag,
    ta_exceptional_fen12: Fen,
    ta_exceptional_per_person: Flag,
    hardship_exceptional: Flag,
    members: Count,
) -> Fen:
    """救助限额（特别困难的可以更高）。 The most a family may be given for its kind of hardship; here and there more in exceptional hardship (0: no such limit).

    Ceilings arrive as twelfths of a fen on their own base: one place counts annual standards, another monthly ones, a third yuan.
    Source: local rules.

    Examples
    --------
    >>> annual, monthly_each = (72 * 816_000, False), (6 * 816_000, True)
    >>> temporary_ceiling_fen(1, *annual, *monthly_each, 0, False, True, 3), temporary_ceiling_fen(2, *annual, *monthly_each, 0, False, True, 3)
    (4896000, 1224000)
    >>> temporary_ceiling_fen(2, *annual, *monthly_each, 12 * 816_000, True, True, 3)
    2448000
    """
    exceptional = hardship_exceptional & (ta_exceptional_fen12 > 0)
    emergency = temporary_hardship == _EMERGENCY
    limit = first_of(
        (exceptional, ta_exceptional_fen12),
        (emergency, ta_ceiling_emergency_fen12),
        otherwise=ta_ceiling_expenditure_fen12,
    )
    each = first_of(
        (exceptional, ta_exceptional_per_person), (emergency, ta_ceiling_emergency_per_person),
        otherwise=ta_ceiling_expenditure_per_person,
    )  # fmt: skip
    return limit * first_of((each, members), otherwise=1) // MONTHS_PER_YEAR


def temporary_floor_fen(
    temporary_hardship: Code,
    ta_floor_emergency_fen12: Fen,
    ta_floor_emergency_per_person: Flag,
    ta_floor_expenditure_fen12: Fen,
    ta_floor_expenditure_per_person: Flag,
    members: Count,
) -> Fen:
    """最低救助金额（有此规定的地方）。 The least amount of temporary aid for the kind of hardship, where the place names one (0: none).

    Source: local rules.

    Examples
    --------
    >>> [temporary_floor_fen(kind, 600_000, False, 2 * 816_000, True, 3) for kind in (1, 2)]
    [50000, 408000]
    """
    emergency = temporary_hardship == _EMERGENCY
    least = first_of((emergency, ta_floor_emergency_fen12), otherwise=ta_floor_expenditure_fen12)
    each = first_of((emergency, ta_floor_emergency_per_person), otherwise=ta_floor_expenditure_per_person)
    return monthly(least * first_of((each, members), otherwise=1), 1, UP)


def temporary_aid_fen(
    temporary_hardship: Code,
    temporary_eligible: Flag,
    aid_requested_fen: Fen,
    aid_paid_year_fen: Fen,
    temporary_floor_fen: Fen,
    temporary_ceiling_fen: Fen,
    ta_ceiling_emergency_per_case: Flag,
    ta_ceiling_expenditure_per_case: Flag,
) -> Fen:
    """本次可救助金额：不低于最低救助金额，不超过年度累计限额的余额或者单次限额；尚未提出金额的，为可救助的最高额。 What may be given now: the sum proposed, not below the least amount, at most what this year's ceiling leaves, or the ceiling of one case; without a sum proposed, the most.

    Source: local rules.

    Examples
    --------
    >>> [temporary_aid_fen(1, True, 500_000, paid, 0, 600_000, False, True) for paid in (300_000, 700_000)]
    [300000, 0]
    >>> [temporary_aid_fen(2, True, asked, 300_000, 50_000, 500_000, False, True) for asked in (700_000, 20_000, 0)]
    [500000, 50000, 500000]
    """  # noqa: E501
    emergency = temporary_hardship == _EMERGENCY
    per_case = first_of((emergency, ta_ceiling_emergency_per_case), otherwise=ta_ceiling_expenditure_per_case)
    left = at_least(temporary_ceiling_fen - given(no(per_case), aid_paid_year_fen), 0)
    wanted = first_of((aid_requested_fen > 0, at_least(aid_requested_fen, temporary_floor_fen)), otherwise=left)
    return given(temporary_eligible, at_most(wanted, left))


def temporary_approver(
    temporary_eligible: Flag,
    aid_requested_fen: Fen,
    aid_paid_year_fen: Fen,
    members: Count,
    ta_township_fen12: Fen,
    ta_township_per_person: Flag,
    ta_township_in_total: Flag,
    ta_county_fen12: Fen,
    ta_county_per_person: Flag,
) -> Code:
    """按金额确定审批层级：乡镇（街道）、县级民政部门、县级协调机制一事一议。 Who approves by amount: township, county civil affairs, or the county coordination body case by case.

    Source: local rules.

    Examples
    --------
    >>> limits = (0, 1, 6 * 816_000, False, False, 24 * 816_000, False)
    >>> [temporary_approver(True, sum_fen, *limits) for sum_fen in (408_000, 408_001, 1_632_000, 1_632_001)]
    [1, 2, 2, 3]
    """  # noqa: E501
    counted = aid_requested_fen + given(ta_township_in_total, aid_paid_year_fen)
    township = ta_township_fen12 * first_of((ta_township_per_person, members), otherwise=1)
    county = ta_county_fen12 * first_of((ta_county_per_person, members), otherwise=1)
    tier = first_of(
        (counted * MONTHS_PER_YEAR <= township, TOWNSHIP),
        (aid_requested_fen * MONTHS_PER_YEAR <= county, COUNTY),
        otherwise=COORDINATION,
    )
    return given(temporary_eligible & (aid_requested_fen > 0), tier)


def case_by_case(
    temporary_eligible: Flag, aid_requested_fen: Fen, temporary_aid_fen: Fen, ta_case_by_case: Flag
) -> Flag:
    """超出限额的重大困难，一事一议。 The sum proposed is above the ceiling: decided case by case.

    Source: 民发〔2018〕23号 第二条第三项.

    Examples
    --------
    >>> case_by_case(True, 500_000, 300_000, True), case_by_case(True, 300_000, 300_000, True)
    (True, False)
    """
    return temporary_eligible & ta_case_by_case & (aid_requested_fen > temporary_aid_fen)


def quick_aid(
    temporary_hardship: Code, aid_requested_fen: Fen, dibao_standard_fen_year: Fen, quick_aid_cap_bp: Bp
) -> Flag:
    """小额快救：急难型，金额不超过当地一个月低保标准，不核对、不公示。 Quick small aid: an emergency and at most one month's standard;
    no means check, no notice.

    Since 2026-01-29. Source: 民政部、财政部 2026-01-29 关于进一步健全完善临时救助制度的意见.

    Examples
    --------
    >>> [quick_aid(1, sum_fen, 816_000, 10_000) for sum_fen in (68_000, 68_001)], quick_aid(1, 68_000, 816_000, 0)
    ([True, False], False)
    """
    small = aid_requested_fen * (MONTHS_PER_YEAR * BP) <= dibao_standard_fen_year * quick_aid_cap_bp
    return (temporary_hardship == _EMERGENCY) & (aid_requested_fen > 0) & small


def pay_first(temporary_hardship: Code, temporary_approver: Code, small_sum_first: Code) -> Code:
    """小金额先行救助：急难情形先救助、后补手续；2026年7月1日起应当先行。 A small urgent sum is paid first and the file completed later; from 2026-07-01 it must be.

    Small is what the township approves (our reading). Source: 中办国办2020年意见 第十五项; 社会救助法 第五十条.

    Examples
    --------
    >>> pay_first(1, 1, 2), pay_first(1, 2, 2), pay_first(2, 1, 2)
    (2, 0, 0)
    """  # noqa: E501
    return given((temporary_hardship == _EMERGENCY) & (temporary_approver == TOWNSHIP), small_sum_first)
