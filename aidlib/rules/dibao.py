"""Minimum living guarantee: test, benefit, extra help by category. 最低生活保障."""

from __future__ import annotations

from functools import reduce
from operator import add

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
    monthly,
    nothing,
)

SUMS = {"topup_fen": "member_topup_fen"}

_TIERS = tuple(code("dibao_tier", word) for word in "abcde")
_THIRD_GRADE = 3  # grades of disability are the certificate's, not a threshold


def need_fen_year(members: Count, dibao_standard_fen_year: Fen) -> Fen:
    """低保标准乘以家庭人口（全年）。 The standard times the members, for a year.

    A year, because rural standards are published per year: a twelfth of one has parts of a fen. Source: 民发〔2021〕57号 第二十三条.

    Examples
    --------
    >>> need_fen_year(3, 632_00 * 12)
    2275200
    """
    return members * dibao_standard_fen_year


def dibao_property_ok(
    property_ok: Flag,
    financial_assets_fen: Fen,
    vehicles: Count,
    members: Count,
    dibao_assets_small_size: Count,
    dibao_assets_small_fen12: Fen,
    dibao_assets_large_fen12: Fen,
    dibao_assets_per_person: Flag,
    dibao_vehicles_max: Count,
) -> Flag:
    """家庭财产符合最低生活保障规定（当地公布限额的，登记的金融资产、车辆也不超过）。 Property within the dibao limit as the county found; financial assets and vehicles of the register also within the limits the place publishes.

    A place may have one limit for small households and another for large ones. Source: 民发〔2021〕57号 第十四条; local rules.

    Examples
    --------
    >>> shanghai = (2, 12 * 3_300_000, 12 * 3_000_000, True, 0)
    >>> [dibao_property_ok(True, assets, 0, 2, *shanghai) for assets in (6_600_000, 6_600_001)], dibao_property_ok(True, 0, 1, 2, *shanghai)
    ([True, False], False)
    """  # noqa: E501
    limit = dibao_assets_large_fen12
    if not nothing(dibao_assets_small_size):
        limit = first_of((members <= dibao_assets_small_size, dibao_assets_small_fen12), otherwise=limit)
    heads = first_of((dibao_assets_per_person, members), otherwise=1)
    within = (financial_assets_fen * MONTHS_PER_YEAR <= limit * heads) & (vehicles <= dibao_vehicles_max)
    return property_ok & within


def dibao_eligible(
    dibao_property_ok: Flag, counted_income_fen_year: Fen, need_fen_year: Fen, dibao_line_bp: Bp
) -> Flag:
    """人均收入低于当地低保标准，且财产符合规定。 Income per head is below the local standard, and property within the limit.

    Compared as totals: dividing per head first overpays. Income equal to the line fails.
    Source: 国务院令第649号 第九条; 社会救助法 第十八条.

    Examples
    --------
    >>> dibao_eligible(True, 2_272_800, 2_275_200, 10_000), dibao_eligible(True, 2_275_200, 2_275_200, 10_000)
    (True, False)
    """
    return dibao_property_ok & (counted_income_fen_year * BP < need_fen_year * dibao_line_bp)


def on_dibao_now(dibao_eligible: Flag, in_exit_period: Flag) -> Flag:
    """享受最低生活保障（含渐退期）。 Receives dibao, gradual exit included.

    Source: 民发〔2021〕57号 第二十一、三十三条.

    Examples
    --------
    >>> on_dibao_now(False, True)
    True
    """
    return dibao_eligible | in_exit_period


def dibao_gap_fen(
    counted_income_fen_year: Fen, need_fen_year: Fen, dibao_round_step: Fen, dibao_round_mode: Code
) -> Fen:
    """低保标准与收入的实际差额（按户计算，一次取整）。 The gap between the standard and the income of the whole household, rounded once.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> dibao_gap_fen(2_272_800, 2_275_200, 100, 2)
    200
    """
    return monthly(at_least(need_fen_year - counted_income_fen_year, 0), dibao_round_step, dibao_round_mode)


def tier_assigned(
    dibao_tier: Code,
    counted_income_fen_year: Fen,
    members: Count,
    tier_band_a_fen_year: Fen,
    tier_band_b_fen_year: Fen,
    tier_band_c_fen_year: Fen,
    tier_band_d_fen_year: Fen,
    tier_band_e_fen_year: Fen,
) -> Code:
    """家庭所在档次：县里认定的，没有认定的按当地收入分档（收入不超过该档上限的最低一档）。 The household's tier: the one the county assigned, else the lowest local band that holds the income per head (a band of 0: the place has none).

    Source: 民发〔2021〕57号 第二十三条; local tables.

    Examples
    --------
    >>> [tier_assigned(0, income, 1, 92_400, 240_000, 0, 0, 0) for income in (92_400, 92_401, 240_001)], tier_assigned(3, 0, 1, 92_400, 0, 0, 0, 0)
    ([1, 2, 0], 3)
    """  # noqa: E501
    bands = (
        tier_band_a_fen_year,
        tier_band_b_fen_year,
        tier_band_c_fen_year,
        tier_band_d_fen_year,
        tier_band_e_fen_year,
    )
    own = ((band, tier) for tier, band in zip(_TIERS, bands, strict=True) if not nothing(band))
    within = (((band > 0) & (counted_income_fen_year <= band * members), tier) for band, tier in own)
    return first_of((dibao_tier > 0, dibao_tier), *within, otherwise=0)


def tier_amount_fen_year(
    tier_assigned: Code,
    tier_none_fen_year: Fen,
    tier_a_fen_year: Fen,
    tier_b_fen_year: Fen,
    tier_c_fen_year: Fen,
    tier_d_fen_year: Fen,
    tier_e_fen_year: Fen,
) -> Fen:
    """家庭所在档次的每人补助额（全年）。 The fixed amount per person of the household's tier, for a year; 0 where the household is paid by the gap.

    Source: 民发〔2021〕57号 第二十三条; local tables.

    Examples
    --------
    >>> tier_amount_fen_year(2, 0, 640_800, 372_000, 264_000, 0, 0)
    372000
    """
    amounts = (tier_a_fen_year, tier_b_fen_year, tier_c_fen_year, tier_d_fen_year, tier_e_fen_year)
    tiers = ((tier_assigned == tier, amount) for tier, amount in zip(_TIERS, amounts, strict=True))
    return first_of(*tiers, otherwise=tier_none_fen_year)


def tier_floor_fen_year(
    tier_assigned: Code,
    tier_floor_a_fen_year: Fen,
    tier_floor_b_fen_year: Fen,
    tier_floor_c_fen_year: Fen,
    tier_floor_d_fen_year: Fen,
    tier_floor_e_fen_year: Fen,
) -> Fen:
    """家庭所在档次的每人最低补助额（全年）。 The least amount per person of the household's tier, for a year; 0 where there is none.

    Source: local tables.

    Examples
    --------
    >>> tier_floor_fen_year(2, 0, 402_000, 0, 0, 0)
    402000
    """
    floors = (
        tier_floor_a_fen_year,
        tier_floor_b_fen_year,
        tier_floor_c_fen_year,
        tier_floor_d_fen_year,
        tier_floor_e_fen_year,
    )
    return first_of(*((tier_assigned == tier, floor) for tier, floor in zip(_TIERS, floors, strict=True)), otherwise=0)


def gap_floor_fen(
    members: Count,
    dibao_standard_fen_year: Fen,
    gap_min_bp: Bp,
    gap_min_fen_year: Fen,
    dibao_round_step: Fen,
    dibao_round_mode: Code,
) -> Fen:
    """最低补差：每人不低于低保标准的一定比例或者一定金额（有此规定的地方）。 The least a household paid by the gap gets: a share of the standard or a sum per person, where the place has such a rule (0: none).

    Source: local rules.

    Examples
    --------
    >>> gap_floor_fen(1, 84_600 * 12, 3_000, 0, 100, 2), gap_floor_fen(2, 84_600 * 12, 0, 10_000 * 12, 1, 1)
    (25400, 20000)
    """  # noqa: E501
    if nothing(gap_min_bp) and nothing(gap_min_fen_year):
        return 0
    per_person = at_least(dibao_standard_fen_year * gap_min_bp, gap_min_fen_year * BP)
    return monthly(per_person * members, dibao_round_step, dibao_round_mode, BP)


def dibao_benefit_fen(
    dibao_eligible: Flag,
    in_exit_period: Flag,
    dibao_gap_fen: Fen,
    gap_floor_fen: Fen,
    tier_amount_fen_year: Fen,
    tier_floor_fen_year: Fen,
    members: Count,
    last_benefit_fen: Fen,
) -> Fen:
    """月低保金：按差额（不低于当地最低补差），或者按分档标准乘以人口；渐退期内按原金额。 Monthly dibao: the gap, not below a local least gap, or the tier's amount times the members; on gradual exit the last amount.

    That gradual exit keeps the last amount is our reading: the articles name no amount.
    Source: 民发〔2021〕57号 第二十三、三十三条; local rules.

    Examples
    --------
    >>> dibao_benefit_fen(True, False, 200, 0, 0, 0, 3, 0), dibao_benefit_fen(True, False, 200, 0, 372_000, 0, 3, 0)
    (200, 93000)
    >>> dibao_benefit_fen(True, False, 200, 76_200, 0, 0, 3, 0)
    76200
    """  # noqa: E501
    tiers = []
    if not nothing(tier_amount_fen_year):
        tiers = [(dibao_eligible & (tier_amount_fen_year > 0), monthly(tier_amount_fen_year * members, 1, HALF_UP))]
    least = gap_floor_fen
    if not nothing(tier_floor_fen_year):
        least = at_least(monthly(tier_floor_fen_year * members, 1, HALF_UP), gap_floor_fen)
    gap = dibao_gap_fen if nothing(least) else at_least(dibao_gap_fen, least)
    return first_of(*tiers, (dibao_eligible, gap), (in_exit_period, last_benefit_fen), otherwise=0)


def severely_disabled(disability_grade: Count, severe_disability_max_grade: Count) -> Flag:
    """重度残疾。 Severely disabled: grades one and two.

    Source: 民发〔2021〕57号 第八条第一项.

    Examples
    --------
    >>> [severely_disabled(grade, 2) for grade in (0, 2, 3)]
    [False, True, False]
    """
    return (disability_grade > 0) & (disability_grade <= severe_disability_max_grade)


def topup_by_age_fen(
    age: Count,
    topup_elderly_age_1: Count,
    topup_elderly_1_fen: Fen,
    topup_elderly_age_2: Count,
    topup_elderly_2_fen: Fen,
    topup_elderly_age_3: Count,
    topup_elderly_3_fen: Fen,
) -> Fen:
    """老年人的增发额：按达到的最高年龄段。 Extra help for the old, of the highest band of age reached (an age of 0: the place has no such band).

    Source: 国务院令第649号 第十二条第二款; 社会救助法 第二十条; local rules.

    Examples
    --------
    >>> [topup_by_age_fen(age, 60, 6_800, 70, 13_600, 0, 0) for age in (59, 60, 69, 70, 90)]
    [0, 6800, 6800, 13600, 13600]
    """
    bands = (
        (topup_elderly_age_3, topup_elderly_3_fen),
        (topup_elderly_age_2, topup_elderly_2_fen),
        (topup_elderly_age_1, topup_elderly_1_fen),
    )
    return first_of(*(((first > 0) & (age >= first), amount) for first, amount in bands), otherwise=0)


def member_topup_fen(
    counted_member: Flag,
    on_dibao_now: Flag,
    topup_by_age_fen: Fen,
    minor: Flag,
    severely_disabled: Flag,
    serious_illness: Flag,
    student_stage: Code,
    disability_grade: Count,
    members: Count,
    topup_recognised_fen: Fen,
    topup_minor_fen: Fen,
    topup_disabled_fen: Fen,
    topup_ill_fen: Fen,
    topup_student_fen: Fen,
    topup_any_disability_fen: Fen,
    topup_grade_3_fen: Fen,
    topup_single_person_fen: Fen,
    topup_summed: Flag,
) -> Fen:
    """分类施保：对低保家庭中的老年人、未成年人、重度残疾人、重病患者等增发；兼有多类的按当地规定取最高或者累加。 Extra help for the old, minors, severely disabled, seriously ill and others of a dibao household; of several categories the largest or the sum, as the place has it.

    Categories the register cannot see come as the sum the county recognised. Source: 国务院令第649号 第十二条第二款; 社会救助法 第二十条; local rules.

    Examples
    --------
    >>> old_and_disabled = (True, True, 6_000, False, True, False, 0, 1, 2, 0, 0, 12_000, 0, 0, 0, 0, 0)
    >>> member_topup_fen(*old_and_disabled, False), member_topup_fen(*old_and_disabled, True)
    (12000, 18000)
    """  # noqa: E501
    amounts = (
        topup_by_age_fen,
        given(minor, topup_minor_fen),
        given(severely_disabled, topup_disabled_fen),
        given(serious_illness, topup_ill_fen),
        given(student_stage > 0, topup_student_fen),
        given(disability_grade > 0, topup_any_disability_fen),
        given(disability_grade == _THIRD_GRADE, topup_grade_3_fen),
        given(members == 1, topup_single_person_fen),
        topup_recognised_fen,
    )
    parts = [amount for amount in amounts if not nothing(amount)] or [0]
    largest, summed = reduce(at_least, parts), reduce(add, parts)
    return given(counted_member & on_dibao_now, first_of((topup_summed, summed), otherwise=largest))
