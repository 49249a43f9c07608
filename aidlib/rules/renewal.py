"""After entry into dibao: gradual exit and review. 渐退期与定期核查."""

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
    at_least,
    at_most,
    first_of,
    given,
    half_up,
    no,
)

SUMS = {"able_members": "able_member", "refusing_members": "refusing_member"}

_EXIT_GROUNDS = tuple(
    code("exit_ground", word) for word in ("new_graduate", "placed_jobseeker", "placed_disabled", "pensioner")
)
_PENSIONER = _EXIT_GROUNDS[-1]
_TIERS = tuple(code("dibao_tier", word) for word in "abcde")


def exit_months(
    exit_ground: Code,
    exit_months_any: Count,
    exit_months_graduate: Count,
    exit_months_jobseeker: Count,
    exit_months_disabled: Count,
    exit_months_pensioner: Count,
) -> Count:
    """渐退期月数。 Months of gradual exit for the ground that lifted the income.

    Source: 民发〔2022〕83号 第一条第三项; local rules.

    Examples
    --------
    >>> exit_months(0, 6, 12, 24, 36, 6), exit_months(3, 6, 12, 24, 36, 6)
    (6, 36)
    """
    months = (exit_months_graduate, exit_months_jobseeker, exit_months_disabled, exit_months_pensioner)
    cases = ((exit_ground == ground, length) for ground, length in zip(_EXIT_GROUNDS, months, strict=True))
    return first_of(*cases, otherwise=exit_months_any)


def exit_disregard_fen(
    on_dibao: Flag,
    raised_by_job: Flag,
    grace_months_used: Count,
    exit_months: Count,
    new_work_income_fen: Fen,
    dibao_standard_fen_year: Fen,
    exit_disregard_cap_bp: Bp,
) -> Fen:
    """渐退期内新增的就业收入不计入，每月不超过低保标准的若干倍（有此规定的地方）。 New income from work is left out during gradual exit, at most some times the monthly standard, where the place has this rule (0: none).

    Source: 浙江省社会救助条例 第五十条.

    Examples
    --------
    >>> [exit_disregard_fen(True, True, used, 6, 200_000, 720_000, 30_000) for used in (5, 6)]
    [180000, 0]
    >>> exit_disregard_fen(True, True, 0, 6, 200_000, 720_000, 0)
    0
    """  # noqa: E501
    cap = half_up(dibao_standard_fen_year * exit_disregard_cap_bp, BP * MONTHS_PER_YEAR)
    return given(on_dibao & raised_by_job & (grace_months_used < exit_months), at_most(new_work_income_fen, cap))


def in_exit_period(
    dibao_eligible: Flag,
    on_dibao: Flag,
    raised_by_job: Flag,
    dibao_property_ok: Flag,
    grace_months_used: Count,
    exit_months: Count,
    counted_income_fen_year: Fen,
    need_fen_year: Fen,
    exit_ground: Code,
    exit_income_max_bp: Bp,
    exit_disregard_fen: Fen,
) -> Flag:
    """就业后收入超过标准的低保家庭，在渐退期内。 A job lifted a dibao household over the standard, and the gradual exit still runs.

    Here and there income must stay below a multiple of the standard on a pension (0: no such limit). Where new work income is
    disregarded instead, that is the gradual exit. Source: 民发〔2021〕57号 第三十三条; 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> [in_exit_period(False, True, True, True, used, 6, 130, 100, 0, 0, 0) for used in (5, 6)]
    [True, False]
    >>> in_exit_period(False, True, True, True, 0, 6, 200, 100, 4, 20_000, 0)
    False
    """
    below = counted_income_fen_year * BP < need_fen_year * exit_income_max_bp
    within = (exit_ground != _PENSIONER) | (exit_income_max_bp == 0) | below
    begun = on_dibao & raised_by_job & (grace_months_used < exit_months) & (exit_disregard_fen == 0)
    return no(dibao_eligible) & begun & dibao_property_ok & within


def able_member(counted_member: Flag, can_work: Flag) -> Flag:
    """有劳动能力的成员。 A member able to work.

    Source: 民发〔2021〕57号 第三十一条.

    Examples
    --------
    >>> able_member(True, False)
    False
    """
    return counted_member & can_work


def review_months(
    income_stable: Flag,
    able_members: Count,
    tier_assigned: Code,
    review_months_stable: Count,
    review_months_unstable: Count,
    review_months_a: Count,
    review_months_b: Count,
    review_months_c: Count,
    review_months_d: Count,
    review_months_e: Count,
) -> Count:
    """定期核查间隔：当地按类别规定的从其规定；变化不大的每年一次；收入不固定且有劳动能力成员的每半年一次。 Months between reviews: by class where the place sets it (0: it does not); else a year, or half a year where income is unsteady and a member can work.

    Source: 民发〔2021〕57号 第三十一条.

    Examples
    --------
    >>> review_months(False, 1, 0, 12, 6, 0, 0, 0, 0, 0), review_months(False, 0, 0, 12, 6, 0, 0, 0, 0, 0)
    (6, 12)
    >>> review_months(False, 0, 3, 12, 6, 12, 12, 3, 0, 0)
    3
    """  # noqa: E501
    by_class = (review_months_a, review_months_b, review_months_c, review_months_d, review_months_e)
    return first_of(
        *(((tier_assigned == tier) & (months > 0), months) for tier, months in zip(_TIERS, by_class, strict=True)),
        (no(income_stable) & (able_members > 0), review_months_unstable),
        otherwise=review_months_stable,
    )


def refusing_member(
    counted_member: Flag, on_dibao_now: Flag, can_work: Flag, job_refusals: Count, job_refusals_limit: Count
) -> Flag:
    """连续三次拒绝接受介绍的与其健康状况、劳动能力等相适应的工作，无正当理由的，可以减发或者停发本人的低保金。 A recipient able to work has refused suitable work as often in a row as the rule names, without good cause: his own share may be cut or stopped.

    The Social Assistance Law does not repeat it: from 2026-07-01 that the measures of 2021 carry it alone is our reading.
    Source: 国务院令第649号 第四十五条; 民发〔2021〕57号 第三十四条.

    Examples
    --------
    >>> [refusing_member(True, True, True, refused, 3) for refused in (2, 3)], refusing_member(True, True, True, 9, 0)
    ([False, True], False)
    """  # noqa: E501
    refused = (job_refusals_limit > 0) & (job_refusals >= job_refusals_limit)
    return counted_member & on_dibao_now & can_work & refused


def refusal_cut_most_fen(dibao_benefit_fen: Fen, refusing_members: Count, members: Count) -> Fen:
    """拒绝就业人员本人的低保金，最多减发到停发。 The most that may be cut for refusing work: the refusing members' own shares of the household's dibao.

    An equal share per member is our reading; whether and how much is cut is the county's decision and is not taken off the amounts.
    Source: 民发〔2021〕57号 第三十四条.

    Examples
    --------
    >>> refusal_cut_most_fen(90_000, 1, 3), refusal_cut_most_fen(0, 0, 0)
    (30000, 0)
    """
    return half_up(dibao_benefit_fen * refusing_members, at_least(members, 1))
