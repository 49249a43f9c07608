"""Edge households of dibao. 最低生活保障边缘家庭."""

from __future__ import annotations

from aidlib.rules.helpers import BP, MONTHS_PER_YEAR, Bp, Count, Fen, Flag, no


def below_edge_line(
    income_fen_year: Fen,
    need_fen_year: Fen,
    edge_multiple_bp: Bp,
    members: Count,
    min_wage_fen_month: Fen,
    edge_cap_min_wage_bp: Bp,
) -> Flag:
    """人均收入低于低保边缘收入线。 Income per head is below the edge line: the dibao standard times a multiple, here and there capped at the minimum wage.

    The multiple is 1.5 by notice; from 2026-07-01 the province sets it. A cap of 0 means the place has none.
    Source: 民发〔2021〕57号 第八条; 社会救助法 第二十一条第三款.

    Examples
    --------
    >>> below_edge_line(1_499, 1_000, 15_000, 1, 0, 0), below_edge_line(1_500, 1_000, 15_000, 1, 0, 0)
    (True, False)
    >>> below_edge_line(1_499, 1_000, 15_000, 1, 100, 10_000)
    False
    """
    cap = members * min_wage_fen_month * MONTHS_PER_YEAR
    capped = (edge_cap_min_wage_bp == 0) | (income_fen_year * BP <= cap * edge_cap_min_wage_bp)
    return (income_fen_year * BP < need_fen_year * edge_multiple_bp) & capped


def edge_by_spending(
    income_fen_year: Fen,
    expend_fen: Fen,
    need_fen_year: Fen,
    members: Count,
    disposable_income_fen_year: Fen,
    edge_spending_multiple_bp: Bp,
    edge_spending_cap_bp: Bp,
) -> Flag:
    """支出型边缘家庭:收入低于当地人均可支配收入,扣减刚性支出后低于边缘线。 Income below the local mean, and below the edge line once a year's rigid costs are taken off.

    Only where the place has such a rule (a multiple of 0 means none). Source: local rules.

    Examples
    --------
    >>> edge_by_spending(5_000, 4_000, 1_000, 1, 6_000, 15_000, 10_000)
    True
    >>> edge_by_spending(5_000, 4_000, 1_000, 1, 6_000, 0, 0)
    False
    """  # noqa: E501
    below_mean = income_fen_year * BP < members * disposable_income_fen_year * edge_spending_cap_bp
    return below_mean & ((income_fen_year - expend_fen) * BP < need_fen_year * edge_spending_multiple_bp)


def edge_household(on_dibao_now: Flag, property_ok: Flag, below_edge_line: Flag, edge_by_spending: Flag) -> Flag:
    """不符合低保条件,收入低于边缘线,财产符合规定。 Not on dibao, income below the edge line, and property within the limit.

    Source: 民发〔2021〕57号 第八条; 国办发〔2023〕39号 第二部分; 社会救助法 第二十一条.

    Examples
    --------
    >>> edge_household(False, True, True, False), edge_household(True, True, True, False)
    (True, False)
    """
    return no(on_dibao_now) & property_ok & (below_edge_line | edge_by_spending)
