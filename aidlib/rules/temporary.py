"""Temporary aid: types, ceilings, who approves, quick small aid. 临时救助."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR, Bp, Code, Count, Fen, Flag, at_least, at_most, first_of, given

NOBODY, TOWNSHIP, COUNTY, COORDINATION = 0, 1, 2, 3  # 审批层级: 乡镇(街道), 县级民政部门, 县级协调机制

_EMERGENCY = code("temporary_hardship", "emergency")
_EXPENDITURE = code("temporary_hardship", "expenditure")


def temporary_eligible(
    temporary_hardship: Code,
    property_ok: Flag,
    income_fen_year: Fen,
    members: Count,
    disposable_income_fen_year: Fen,
    ta_income_cap_bp: Bp,
) -> Flag:
    """急难型,或者人均收入低于当地人均可支配收入且财产符合规定的支出型。 In an emergency; or of the expenditure type with income per head below the local mean and property within the limit.

    Source: 民发〔2018〕23号 第二条第一项.

    Examples
    --------
    >>> [temporary_eligible(kind, True, 3_000, 1, 3_000, 10_000) for kind in (0, 1, 2)]
    [False, True, False]
    """  # noqa: E501
    below = income_fen_year * BP < members * disposable_income_fen_year * ta_income_cap_bp
    return (temporary_hardship == _EMERGENCY) | ((temporary_hardship == _EXPENDITURE) & property_ok & below)


def temporary_ceiling_fen(ta_ceiling_fen12: Fen, ta_ceiling_per_person: Flag, members: Count) -> Fen:
    """年度累计救助限额。 The most a family may be given in a year.

    The ceiling arrives as twelfths of a fen on its own base: one place counts annual standards, another monthly ones.
    Source: local rules, such as 梧州 2023-04-06 第十六项 and 浙江省社会救助条例 第三十九条.

    Examples
    --------
    >>> temporary_ceiling_fen(6 * 12 * 816_000, False, 3), temporary_ceiling_fen(6 * 816_000, True, 3)
    (4896000, 1224000)
    """
    people = first_of((ta_ceiling_per_person, members), otherwise=1)
    return ta_ceiling_fen12 * people // MONTHS_PER_YEAR


def temporary_aid_fen(
    temporary_eligible: Flag, aid_requested_fen: Fen, aid_paid_year_fen: Fen, temporary_ceiling_fen: Fen
) -> Fen:
    """本次可救助金额:不超过年度累计限额的余额。 What may be given now: the sum proposed, at most what this year's ceiling leaves.

    Source: local rules.

    Examples
    --------
    >>> temporary_aid_fen(True, 500_000, 300_000, 600_000), temporary_aid_fen(True, 500_000, 700_000, 600_000)
    (300000, 0)
    """
    left = at_least(temporary_ceiling_fen - aid_paid_year_fen, 0)
    return given(temporary_eligible, at_most(aid_requested_fen, left))


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
    """按金额确定审批层级:乡镇(街道)、县级民政部门、县级协调机制一事一议。 Who approves by amount: township, county civil affairs, or the county coordination body case by case.

    Source: local rules, such as 梧州 2023-04-06 第十六项.

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
    """超出限额的重大困难,一事一议。 The sum proposed is above the ceiling: decided case by case.

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
    """小额快救:急难型,金额不超过当地一个月低保标准,不核对、不公示。 Quick small aid: an emergency and at most one month's standard; no means check, no notice.

    Since 2026-01-29. Source: 民政部、财政部 2026-01-29 关于进一步健全完善临时救助制度的意见.

    Examples
    --------
    >>> [quick_aid(1, sum_fen, 816_000, 10_000) for sum_fen in (68_000, 68_001)], quick_aid(1, 68_000, 816_000, 0)
    ([True, False], False)
    """
    small = aid_requested_fen * (MONTHS_PER_YEAR * BP) <= dibao_standard_fen_year * quick_aid_cap_bp
    return (temporary_hardship == _EMERGENCY) & (aid_requested_fen > 0) & small


def pay_first(temporary_hardship: Code, temporary_approver: Code, small_sum_first: Code) -> Code:
    """小金额先行救助:急难情形先救助、后补手续;2026年7月1日起应当先行。 A small urgent sum is paid first and the file completed later: 1 may, 2 must (from 2026-07-01).

    Small is what the township approves (our reading). Source: 中办国办2020年意见 第十五项; 社会救助法 第五十条.

    Examples
    --------
    >>> pay_first(1, 1, 2), pay_first(1, 2, 2), pay_first(2, 1, 2)
    (2, 0, 0)
    """  # noqa: E501
    return given((temporary_hardship == _EMERGENCY) & (temporary_approver == TOWNSHIP), small_sum_first)
