"""Edge households of dibao. 最低生活保障边缘家庭."""

from __future__ import annotations

from aidlib.rules.helpers import BP, MONTHS_PER_YEAR, Bp, Count, Fen, Flag, first_of, given, no, nothing


def below_edge_line(
    counted_income_fen_year: Fen,
    need_fen_year: Fen,
    edge_multiple_bp: Bp,
    edge_line_reached: Flag,
    members: Count,
    min_wage_fen_month: Fen,
    edge_cap_min_wage_bp: Bp,
) -> Flag:
    """人均收入低于低保边缘收入线。 Income per head is below the edge line: the dibao standard times a multiple, here and there capped at the minimum wage.

    The multiple is 1.5 by notice; from 2026-07-01 the province sets it. Some places also take in an income on the line. A cap of 0
    means the place has none. Source: 民发〔2021〕57号 第八条; 社会救助法 第二十一条第三款.

    Examples
    --------
    >>> [below_edge_line(income, 1_000, 15_000, False, 1, 0, 0) for income in (1_499, 1_500)], below_edge_line(1_500, 1_000, 15_000, True, 1, 0, 0)
    ([True, False], True)
    >>> below_edge_line(1_499, 1_000, 15_000, False, 1, 100, 10_000)
    False
    """
    income, line = counted_income_fen_year * BP, need_fen_year * edge_multiple_bp
    below = income < first_of((edge_line_reached, line + 1), otherwise=line)
    if nothing(edge_cap_min_wage_bp):
        return below
    cap = members * min_wage_fen_month * (MONTHS_PER_YEAR * edge_cap_min_wage_bp)
    return below & ((edge_cap_min_wage_bp == 0) | (income <= cap))


def edge_by_spending(
    counted_income_fen_year: Fen,
    expend_fen: Fen,
    need_fen_year: Fen,
    members: Count,
    disposable_income_fen_year: Fen,
    edge_spending_multiple_bp: Bp,
    edge_spending_cap_bp: Bp,
) -> Flag:
    """支出型边缘家庭：收入低于当地人均可支配收入，扣减刚性支出后低于边缘线。 Income below the local mean, and below the edge line once a year's rigid costs are taken off.

    Only where the place has such a rule (a multiple of 0 means none). Source: local rules.

    Examples
    --------
    >>> edge_by_spending(5_000, 4_000, 1_000, 1, 6_000, 15_000, 10_000)
    True
    >>> edge_by_spending(5_000, 4_000, 1_000, 1, 6_000, 0, 0)
    False
    """  # noqa: E501
    below_mean = counted_income_fen_year * BP < members * disposable_income_fen_year * edge_spending_cap_bp
    return below_mean & ((counted_income_fen_year - expend_fen) * BP < need_fen_year * edge_spending_multiple_bp)


def edge_assets_ok(
    financial_assets_fen: Fen,
    members: Count,
    edge_assets_fen12: Fen,
    edge_assets_per_person: Flag,
    edge_assets_reached: Flag,
) -> Flag:
    """金融资产不超过（或者低于）当地规定的限额。 Financial assets within the limit the place publishes; some places ask for less than it.

    Limits arrive as twelfths of a fen on their own base: months or years of the standard, of income, or yuan.
    Source: 民发〔2021〕57号 第十四条; local rules.

    Examples
    --------
    >>> [edge_assets_ok(assets, 2, 12 * 1_000, True, reached) for assets in (2_000, 2_001) for reached in (True, False)]
    [True, False, False, False]
    """
    limit = edge_assets_fen12 * first_of((edge_assets_per_person, members), otherwise=1)
    held = financial_assets_fen * MONTHS_PER_YEAR
    return (held < limit) | (edge_assets_reached & (held == limit))


def edge_property_ok(
    property_ok: Flag,
    edge_assets_ok: Flag,
    dwellings: Count,
    vehicles: Count,
    vehicle_value_fen: Fen,
    capital_fen: Fen,
    firm_profit_fen_year: Fen,
    edge_dwellings_max: Count,
    edge_vehicles_max: Count,
    edge_vehicle_value_fen12: Fen,
    edge_capital_fen12: Fen,
    edge_profit_fen12: Fen,
) -> Flag:
    """家庭财产符合低保边缘家庭规定（当地公布限额的，登记的住房、车辆、出资、经营收益也不超过）。 Property within the edge limit as the county found; dwellings, vehicles, capital and profit of the register also within the limits the place publishes.

    Source: 民发〔2021〕57号 第八、十四条; local rules.

    Examples
    --------
    >>> limits = (1, 1, 12 * 5_000_000, 12 * 20_000_000, 12 * 10**9)
    >>> [edge_property_ok(True, True, 1, 1, value, 0, 0, *limits) for value in (4_999_999, 5_000_000)]
    [True, False]
    """  # noqa: E501
    owned = (dwellings <= edge_dwellings_max) & (vehicles <= edge_vehicles_max)
    value = vehicle_value_fen * MONTHS_PER_YEAR < edge_vehicle_value_fen12
    firm = (capital_fen * MONTHS_PER_YEAR < edge_capital_fen12) & (
        firm_profit_fen_year * MONTHS_PER_YEAR <= edge_profit_fen12
    )
    return property_ok & (edge_assets_ok & owned & value & firm)


def edge_household(on_dibao_now: Flag, edge_property_ok: Flag, below_edge_line: Flag, edge_by_spending: Flag) -> Flag:
    """不符合低保条件，收入低于边缘线，财产符合规定。 Not on dibao, income below the edge line, and property within the limit.

    Source: 民发〔2021〕57号 第八条; 国办发〔2023〕39号 第二部分; 社会救助法 第二十一条.

    Examples
    --------
    >>> edge_household(False, True, True, False), edge_household(True, True, True, False)
    (True, False)
    """
    return no(on_dibao_now) & edge_property_ok & (below_edge_line | edge_by_spending)


def edge_living_aid_fen(edge_household: Flag, edge_living_aid_fen_month: Fen) -> Fen:
    """低保边缘家庭救助金（有此规定的地方）。 Monthly aid to an edge household, where the place gives it (0: it does not).

    Source: local rules.

    Examples
    --------
    >>> edge_living_aid_fen(True, 31_400), edge_living_aid_fen(False, 31_400)
    (31400, 0)
    """
    return given(edge_household, edge_living_aid_fen_month)
