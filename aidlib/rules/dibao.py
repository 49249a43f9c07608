"""Minimum living guarantee: test, benefit, extra help by category. 最低生活保障."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import (
    BP,
    HALF_UP,
    MONTHS_PER_YEAR,
    Bp,
    Code,
    Count,
    Fen,
    Flag,
    at_least,
    first_of,
    given,
    half_up,
    monthly,
)

SUMS = {"topup_fen": "member_topup_fen"}

_A, _B, _C = (code("dibao_tier", word) for word in "abc")


def need_fen_year(members: Count, dibao_standard_fen_year: Fen) -> Fen:
    """低保标准乘以家庭人口(全年)。 The standard times the members, for a year.

    A year, because rural standards are published per year: a twelfth of one has parts of a fen. Source: 民发〔2021〕57号 第二十三条.

    Examples
    --------
    >>> need_fen_year(3, 632_00 * 12)
    2275200
    """
    return members * dibao_standard_fen_year


def income_fen_year(counted_income_fen: Fen) -> Fen:
    """计入的家庭收入(全年)。 Counted income for a year, twelve times the month's.

    Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> income_fen_year(189_400)
    2272800
    """
    return counted_income_fen * MONTHS_PER_YEAR


def dibao_eligible(property_ok: Flag, income_fen_year: Fen, need_fen_year: Fen, dibao_line_bp: Bp) -> Flag:
    """人均收入低于当地低保标准,且财产符合规定。 Income per head is below the local standard, and property within the limit.

    Compared as totals: dividing per head first overpays. Income equal to the line fails.
    Source: 国务院令第649号 第九条; 社会救助法 第十八条.

    Examples
    --------
    >>> dibao_eligible(True, 2_272_800, 2_275_200, 10_000), dibao_eligible(True, 2_275_200, 2_275_200, 10_000)
    (True, False)
    """
    return property_ok & (income_fen_year * BP < need_fen_year * dibao_line_bp)


def on_dibao_now(dibao_eligible: Flag, in_exit_period: Flag) -> Flag:
    """享受最低生活保障(含渐退期)。 Receives dibao, gradual exit included.

    Source: 民发〔2021〕57号 第二十一、三十三条.

    Examples
    --------
    >>> on_dibao_now(False, True)
    True
    """
    return dibao_eligible | in_exit_period


def dibao_gap_fen(income_fen_year: Fen, need_fen_year: Fen, dibao_round_step: Fen, dibao_round_mode: Code) -> Fen:
    """低保标准与收入的实际差额(按户计算,一次取整)。 The gap between the standard and the income of the whole household, rounded once.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> dibao_gap_fen(2_272_800, 2_275_200, 100, 2)
    200
    """
    return monthly(at_least(need_fen_year - income_fen_year, 0), dibao_round_step, dibao_round_mode)


def tier_amount_fen_year(dibao_tier: Code, tier_a_fen_year: Fen, tier_b_fen_year: Fen, tier_c_fen_year: Fen) -> Fen:
    """家庭所在档次的每人补助额(全年)。 The fixed amount per person of the household's tier, for a year; 0 where the tier is paid by the gap.

    Source: 民发〔2021〕57号 第二十三条; local tables.

    Examples
    --------
    >>> tier_amount_fen_year(2, 640_800, 372_000, 264_000)
    372000
    """
    tiers = (
        (dibao_tier == _A, tier_a_fen_year),
        (dibao_tier == _B, tier_b_fen_year),
        (dibao_tier == _C, tier_c_fen_year),
    )
    return first_of(*tiers, otherwise=0)


def tier_floor_fen_year(
    dibao_tier: Code, tier_floor_a_fen_year: Fen, tier_floor_b_fen_year: Fen, tier_floor_c_fen_year: Fen
) -> Fen:
    """家庭所在档次的每人最低补助额(全年)。 The least amount per person of the household's tier, for a year; 0 where there is none.

    Source: local tables.

    Examples
    --------
    >>> tier_floor_fen_year(2, 0, 402_000, 0)
    402000
    """
    tiers = (
        (dibao_tier == _A, tier_floor_a_fen_year),
        (dibao_tier == _B, tier_floor_b_fen_year),
        (dibao_tier == _C, tier_floor_c_fen_year),
    )
    return first_of(*tiers, otherwise=0)


def dibao_benefit_fen(
    dibao_eligible: Flag,
    in_exit_period: Flag,
    dibao_gap_fen: Fen,
    tier_amount_fen_year: Fen,
    tier_floor_fen_year: Fen,
    members: Count,
    last_benefit_fen: Fen,
) -> Fen:
    """月低保金:按差额,或者按分档标准乘以人口;渐退期内按原金额。 Monthly dibao: the gap, or the tier's amount times the members; on gradual exit the last amount.

    That gradual exit keeps the last amount is our reading: the articles name no amount.
    Source: 民发〔2021〕57号 第二十三、三十三条.

    Examples
    --------
    >>> dibao_benefit_fen(True, False, 200, 0, 0, 3, 0), dibao_benefit_fen(True, False, 200, 372_000, 0, 3, 0)
    (200, 93000)
    """  # noqa: E501
    tier = monthly(tier_amount_fen_year * members, 1, HALF_UP)
    floor = monthly(tier_floor_fen_year * members, 1, HALF_UP)
    return first_of(
        (dibao_eligible & (tier_amount_fen_year > 0), tier),
        (dibao_eligible, at_least(dibao_gap_fen, floor)),
        (in_exit_period, last_benefit_fen),
        otherwise=0,
    )


def severely_disabled(disability_grade: Count, severe_disability_max_grade: Count) -> Flag:
    """重度残疾。 Severely disabled: grades one and two.

    Source: 民发〔2021〕57号 第八条第一项.

    Examples
    --------
    >>> [severely_disabled(grade, 2) for grade in (0, 2, 3)]
    [False, True, False]
    """
    return (disability_grade > 0) & (disability_grade <= severe_disability_max_grade)


def member_topup_fen(
    counted_member: Flag,
    on_dibao_now: Flag,
    age: Count,
    minor: Flag,
    severely_disabled: Flag,
    serious_illness: Flag,
    tekun_elderly_age: Count,
    dibao_standard_fen_year: Fen,
    topup_elderly_bp: Bp,
    topup_minor_bp: Bp,
    topup_disabled_bp: Bp,
    topup_ill_bp: Bp,
) -> Fen:
    """分类施保:对低保家庭中的老年人、未成年人、重度残疾人、重病患者增发。 Extra help for the old, minors, severely disabled and seriously ill of a dibao household.

    Nothing where the place has published no share; of several the largest. Source: 国务院令第649号 第十二条第二款; 社会救助法 第二十条.

    Examples
    --------
    >>> member_topup_fen(True, True, 70, False, True, False, 60, 720_000, 1_000, 0, 2_000, 0)
    12000
    """  # noqa: E501
    bp = at_least(given(age >= tekun_elderly_age, topup_elderly_bp), given(minor, topup_minor_bp))
    bp = at_least(at_least(bp, given(severely_disabled, topup_disabled_bp)), given(serious_illness, topup_ill_bp))
    return given(counted_member & on_dibao_now, half_up(dibao_standard_fen_year * bp, BP * MONTHS_PER_YEAR))
