"""After entry into dibao: gradual exit and review. 渐退期与定期核查."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import BP, Bp, Code, Count, Fen, Flag, first_of, no

SUMS = {"able_members": "able_member"}

_EXIT_GROUNDS = tuple(
    code("exit_ground", word) for word in ("new_graduate", "placed_jobseeker", "placed_disabled", "pensioner")
)
_PENSIONER = _EXIT_GROUNDS[-1]


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


def in_exit_period(
    dibao_eligible: Flag,
    on_dibao: Flag,
    raised_by_job: Flag,
    property_ok: Flag,
    grace_months_used: Count,
    exit_months: Count,
    income_fen_year: Fen,
    need_fen_year: Fen,
    exit_ground: Code,
    exit_income_max_bp: Bp,
) -> Flag:
    """就业后收入超过标准的低保家庭,在渐退期内。 A job lifted a dibao household over the standard, and the gradual exit still runs.

    Here and there income must stay below a multiple of the standard on a pension (0: no such limit).
    Source: 民发〔2021〕57号 第三十三条; 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> [in_exit_period(False, True, True, True, used, 6, 130, 100, 0, 0) for used in (5, 6)]
    [True, False]
    >>> in_exit_period(False, True, True, True, 0, 6, 200, 100, 4, 20_000)
    False
    """
    below = income_fen_year * BP < need_fen_year * exit_income_max_bp
    within = (exit_ground != _PENSIONER) | (exit_income_max_bp == 0) | below
    return no(dibao_eligible) & on_dibao & raised_by_job & property_ok & (grace_months_used < exit_months) & within


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
    income_stable: Flag, able_members: Count, review_months_stable: Count, review_months_unstable: Count
) -> Count:
    """定期核查间隔:变化不大的每年一次;收入不固定且有劳动能力成员的每半年一次。 Months between reviews: a year, or half a year where income is unsteady and a member can work.

    Source: 民发〔2021〕57号 第三十一条.

    Examples
    --------
    >>> review_months(False, 1, 12, 6), review_months(False, 0, 12, 6)
    (6, 12)
    """  # noqa: E501
    return first_of((no(income_stable) & (able_members > 0), review_months_unstable), otherwise=review_months_stable)
