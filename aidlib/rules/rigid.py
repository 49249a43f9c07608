"""Households in hardship through rigid spending. 刚性支出困难家庭."""

from __future__ import annotations

from aidlib.rules.engine import holds
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR, Bp, Code, Count, Fen, Flag, at_least, at_most, given, monthly, no


def total_income_fen_year(income_fen_year: Fen) -> Fen:
    """家庭总收入（十二个月）。 The household's total income over twelve months, before deductions.

    The year's, unless the register gives the twelve months before application under this very name.
    Source: 《刚性支出困难家庭认定办法》 第四条第四项.

    Examples
    --------
    >>> total_income_fen_year(3_000_000)
    3000000
    """
    return income_fen_year


def below_rigid_cap(
    counted_income_fen_year: Fen, members: Count, rigid_income_fen_year: Fen, rigid_income_cap_bp: Bp
) -> Flag:
    """人均收入低于上年度当地居民人均可支配收入。 Income per head is below last year's local disposable income per head.

    Source: 国办发〔2023〕39号 第二部分; 《刚性支出困难家庭认定办法》 第四条第二项.

    Examples
    --------
    >>> below_rigid_cap(5_999, 2, 3_000, 10_000), below_rigid_cap(6_000, 2, 3_000, 10_000)
    (True, False)
    """
    return counted_income_fen_year * BP < members * rigid_income_fen_year * rigid_income_cap_bp


def rigid_property_ok(
    edge_property_ok: Flag,
    financial_assets_fen: Fen,
    members: Count,
    dibao_standard_fen_year: Fen,
    rigid_assets_months_bp: Bp,
) -> Flag:
    """家庭财产符合刚性支出困难家庭规定。 Property within the limit for rigid-expenditure households.

    As the edge limit, and within the months of the standard a place publishes (0: none); a looser local limit is a register fact of
    this name. Source: 《刚性支出困难家庭认定办法》 第四条第三项.

    Examples
    --------
    >>> rigid_property_ok(True, 7_200, 1, 2_400, 360_000), rigid_property_ok(True, 7_201, 1, 2_400, 360_000)
    (True, False)
    """
    limit = members * dibao_standard_fen_year * rigid_assets_months_bp
    within = financial_assets_fen * (MONTHS_PER_YEAR * BP) <= limit
    return edge_property_ok & ((rigid_assets_months_bp == 0) | within)


def spending_share_above(
    expend_fen: Fen, total_income_fen_year: Fen, rigid_ratio_bp: Bp, rigid_ratio_reached: Flag
) -> Flag:
    """申请前十二个月刚性支出占家庭总收入的比例超出当地规定。 Rigid spending over twelve months is above the local share of income.

    Some places also take in a share that just reaches the line. Where no share is published the answer is unknown.
    Source: 《刚性支出困难家庭认定办法》 第四条第四项.

    Examples
    --------
    >>> spending_share_above(600, 1_000, 6_000, False), spending_share_above(600, 1_000, 6_000, True)
    (False, True)
    """
    spent, line = expend_fen * BP, total_income_fen_year * rigid_ratio_bp
    return (spent > line) | (rigid_ratio_reached & (spent == line) & (expend_fen > 0))


def low_after_spending(
    expend_fen: Fen, total_income_fen_year: Fen, need_fen_year: Fen, rigid_after_costs_bp: Bp
) -> Flag:
    """扣除刚性支出后的人均收入低于当地规定（部分地方）。 Income after rigid spending is below a local multiple of the standard, where a place has this door (0: none).

    Source: local rules.

    Examples
    --------
    >>> low_after_spending(900, 1_800, 1_000, 10_000), low_after_spending(900, 1_800, 1_000, 0)
    (True, False)
    """  # noqa: E501
    left = at_least(total_income_fen_year - expend_fen, 0)
    return (expend_fen > 0) & (left * BP < need_fen_year * rigid_after_costs_bp)


@holds(start="2025-01-01")
def rigid_household(
    on_dibao_now: Flag,
    edge_household: Flag,
    below_rigid_cap: Flag,
    rigid_property_ok: Flag,
    spending_share_above: Flag,
    low_after_spending: Flag,
) -> Flag:
    """未纳入低保、特困、低保边缘，收入、财产、刚性支出占比均符合规定。 Neither dibao nor edge; income, property and the share of rigid spending all pass.

    Source: 《刚性支出困难家庭认定办法》 第四条; 社会救助法 第二十二条.

    Examples
    --------
    >>> rigid_household(False, False, True, True, True, False), rigid_household(False, True, True, True, True, False)
    (True, False)
    """
    spending = spending_share_above | low_after_spending
    return no(on_dibao_now) & no(edge_household) & below_rigid_cap & rigid_property_ok & spending


@holds(end="2024-12-31", gives="rigid_household")
def rigid_household_2023(
    on_dibao_now: Flag, edge_household: Flag, below_rigid_cap: Flag, property_ok: Flag, spending_share_above: Flag
) -> Flag:
    """收入低于当地人均可支配收入，财产符合规定，必需支出占比高于当地规定。 Income below the local mean, property within the limit, and necessary spending above the local share.

    The rule before the ministry's measures: no local door, no property limit of its own. Deeper layers go first (our reading).
    Source: 国办发〔2023〕39号 第二部分.

    Examples
    --------
    >>> rigid_household_2023(False, False, True, True, True)
    True
    """  # noqa: E501
    return no(on_dibao_now) & no(edge_household) & below_rigid_cap & property_ok & spending_share_above


def rigid_living_aid_fen(
    rigid_household: Flag,
    rigid_living_aid: Flag,
    expend_fen: Fen,
    total_income_fen_year: Fen,
    need_fen_year: Fen,
    dibao_round_step: Fen,
    dibao_round_mode: Code,
) -> Fen:
    """刚性支出家庭生活救助：按低保标准与扣除支出后收入的差额（有此规定的地方）。 Living aid up to the standard after rigid spending, where the place gives it; at most the full standard.

    Source: 上海市社会救助条例 第十八条.

    Examples
    --------
    >>> rigid_living_aid_fen(True, True, 9_600, 10_800, 12_000, 1, 1), rigid_living_aid_fen(True, True, 99_999, 10_800, 12_000, 1, 1)
    (900, 1000)
    """  # noqa: E501
    short = need_fen_year - at_least(total_income_fen_year - expend_fen, 0)
    aid = monthly(at_most(at_least(short, 0), need_fen_year), dibao_round_step, dibao_round_mode)
    return given(rigid_household & rigid_living_aid, aid)
