"""The layer of each household and person, and the distance to each line. 分层与差距."""

from __future__ import annotations

from aidlib.rules.helpers import BP, DOWN, MONTHS_PER_YEAR, UP, Bp, Code, Count, Fen, Flag, at_least, first_of, rounded

CATEGORIES = ("none", "dibao", "edge", "rigid", "cannot_tell")
LAYERS = ("none", "tekun", "dibao", "monitored", "edge", "rigid", "other", "cannot_tell")
NONE, DIBAO, EDGE, RIGID = range(4)
_TEKUN, _DIBAO, _MONITORED, _EDGE, _RIGID, _OTHER = range(1, 7)


def category(on_dibao_now: Flag, edge_household: Flag, rigid_household: Flag) -> Code:
    """家庭类别：低保、低保边缘、刚性支出困难。 Category of the household: dibao, edge, rigid expenditure, or none.

    Source: 国办发〔2023〕39号 第二部分.

    Examples
    --------
    >>> category(True, False, False), category(False, True, False), category(False, False, True), category(False, False, False)
    (1, 2, 3, 0)
    """
    return first_of((on_dibao_now, DIBAO), (edge_household, EDGE), (rigid_household, RIGID), otherwise=NONE)


def member_on_dibao(on_dibao_now: Flag, counted_member: Flag, single_entrant: Flag) -> Flag:
    """本人享受低保（整户或者单人户）。 The person is on dibao, with the household or alone.

    Source: 民发〔2022〕83号 第一条第一项.

    Examples
    --------
    >>> member_on_dibao(False, True, True), member_on_dibao(True, False, False)
    (True, False)
    """
    return (on_dibao_now & counted_member) | single_entrant


def layer(
    tekun: Flag,
    member_on_dibao: Flag,
    anti_poverty_monitored: Flag,
    edge_household: Flag,
    rigid_household: Flag,
    other_difficulty: Flag,
    counted_member: Flag,
) -> Code:
    """六类低收入人口，取困难程度最深的一类。 Layer of the person among the six of the low-income population, the deepest that applies.

    The order is the document's, with tekun before dibao (our reading: one kind of basic living aid per person).
    Source: 国办发〔2023〕39号 第二部分.

    Examples
    --------
    >>> layer(True, True, False, False, False, False, True), layer(False, False, True, True, False, False, True)
    (1, 3)
    """
    return first_of(
        (tekun, _TEKUN),
        (member_on_dibao, _DIBAO),
        (anti_poverty_monitored, _MONITORED),
        (edge_household & counted_member, _EDGE),
        (rigid_household & counted_member, _RIGID),
        (other_difficulty, _OTHER),
        otherwise=NONE,
    )


def monthly_aid_fen(
    dibao_benefit_fen: Fen,
    topup_fen: Fen,
    single_benefit_fen: Fen,
    tekun_fen: Fen,
    edge_living_aid_fen: Fen,
    rigid_living_aid_fen: Fen,
) -> Fen:
    """每月基本生活救助合计。 Basic living aid of the household and its members, a month: dibao, extra help, single entry, tekun, living aid.

    Source: 社会救助法 第十五条第二款.

    Examples
    --------
    >>> monthly_aid_fen(200, 50, 0, 100, 0, 0)
    350
    """
    support = dibao_benefit_fen + topup_fen + single_benefit_fen + tekun_fen
    return support + edge_living_aid_fen + rigid_living_aid_fen


def over_dibao_line_fen(counted_income_fen_year: Fen, need_fen_year: Fen, dibao_line_bp: Bp) -> Fen:
    """距低保线：月收入须再减少多少才低于低保标准，负数为尚有余地。 How far monthly income must fall to pass the dibao test; below zero, how far it may still rise.

    Source: 民发〔2021〕57号 第八条.

    Examples
    --------
    >>> [over_dibao_line_fen(12 * month, 12_000, 10_000) for month in (998, 999, 1_000)]
    [-1, 0, 1]
    """  # noqa: E501
    return _over(counted_income_fen_year, (need_fen_year * dibao_line_bp - 1) // BP)


def over_edge_line_fen(
    counted_income_fen_year: Fen, need_fen_year: Fen, edge_multiple_bp: Bp, edge_line_reached: Flag
) -> Fen:
    """距低保边缘线：月收入须再减少多少。 How far monthly income must fall to pass the edge test; below zero, how far it may still rise.

    Source: 民发〔2021〕57号 第八条.

    Examples
    --------
    >>> [over_edge_line_fen(12 * month, 12_000, 15_000, reached) for month in (1_499, 1_500) for reached in (False, True)]
    [0, -1, 1, 0]
    """
    short = first_of((edge_line_reached, 0), otherwise=1)
    return _over(counted_income_fen_year, (need_fen_year * edge_multiple_bp - short) // BP)


def over_rigid_cap_fen(
    counted_income_fen_year: Fen, members: Count, rigid_income_fen_year: Fen, rigid_income_cap_bp: Bp
) -> Fen:
    """距人均可支配收入线：月收入须再减少多少。 How far monthly income must fall to pass the income test of rigid-expenditure households.

    Source: 《刚性支出困难家庭认定办法》 第四条第二项.

    Examples
    --------
    >>> over_rigid_cap_fen(60_000, 2, 30_000, 10_000)
    1
    """
    return _over(counted_income_fen_year, (members * rigid_income_fen_year * rigid_income_cap_bp - 1) // BP)


def _over(income_fen_year: Fen, highest_fen_year: Fen) -> Fen:
    """Return how many fen a month an income is above the highest that passes; below zero, how many it may still rise."""
    above, room = at_least(income_fen_year - highest_fen_year, 0), at_least(highest_fen_year - income_fen_year, 0)
    return rounded(above, MONTHS_PER_YEAR, UP) - rounded(room, MONTHS_PER_YEAR, DOWN)


def spending_short_fen(
    expend_fen: Fen, total_income_fen_year: Fen, rigid_ratio_bp: Bp, rigid_ratio_reached: Flag
) -> Fen:
    """距刚性支出占比：全年刚性支出还差多少。 How much yearly rigid spending is short of the local share of income; 0 where it passes.

    Source: 《刚性支出困难家庭认定办法》 第四条第四项.

    Examples
    --------
    >>> spending_short_fen(599, 1_000, 6_000, False), spending_short_fen(599, 1_000, 6_000, True), spending_short_fen(601, 1_000, 6_000, False)
    (2, 1, 0)
    """
    line = total_income_fen_year * rigid_ratio_bp
    above = line // BP + 1
    least = first_of((rigid_ratio_reached & (line > 0), (line + BP - 1) // BP), otherwise=above)
    return at_least(least - expend_fen, 0)
