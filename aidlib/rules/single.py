"""Single-person entry into dibao. 单人户."""

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
    first_of,
    given,
    monthly,
    no,
)

SUMS = {"single_entrants": "single_entrant", "single_benefit_fen": "member_single_benefit_fen"}

_INTELLECTUAL, _MENTAL = (code("disability_kind", word) for word in ("intellectual", "mental"))
_CLERGY = code("absence", "clergy")


def single_entry_disabled(
    disability_kind: Code,
    disability_grade: Count,
    single_grade_any: Count,
    single_grade_intellectual: Count,
    single_grade_mental: Count,
) -> Flag:
    """一、二级重度残疾人和三级智力、精神残疾人。 Disability of grade one or two of any kind, or grade three intellectual or mental.

    Source: 民发〔2021〕57号 第八条第一款第一项.

    Examples
    --------
    >>> [single_entry_disabled(kind, grade, 2, 3, 3) for kind, grade in ((1, 2), (1, 3), (5, 3), (5, 4), (0, 0))]
    [True, False, True, False, False]
    """
    weakest = first_of(
        (disability_kind == _INTELLECTUAL, single_grade_intellectual),
        (disability_kind == _MENTAL, single_grade_mental),
        otherwise=single_grade_any,
    )
    return (disability_grade > 0) & (disability_grade <= weakest)


def single_entry_by_age(
    age: Count,
    student_stage: Code,
    single_elderly: Flag,
    single_entry_elderly_age: Count,
    single_minor: Flag,
    single_entry_minor_max_age: Count,
    single_student: Flag,
) -> Flag:
    """当地规定的老年人、未成年人、在校学生。 The old, minors and students, where a place admits them alone.

    Source: 民发〔2021〕57号 第八条第一款第四项; local rules.

    Examples
    --------
    >>> [single_entry_by_age(age, 0, True, 70, True, 16, False) for age in (16, 17, 69, 70)]
    [True, False, False, True]
    """
    by_age = (single_elderly & (age >= single_entry_elderly_age)) | (single_minor & (age <= single_entry_minor_max_age))
    return by_age | (single_student & (student_stage > 0))


def single_from_edge(
    counted_member: Flag,
    edge_household: Flag,
    single_entry_disabled: Flag,
    serious_illness: Flag,
    single_ill: Flag,
    single_entry_by_age: Flag,
    single_entry_other: Flag,
) -> Flag:
    """低保边缘家庭中的重残、重病等人员，可以单独纳入低保。 A severely disabled, seriously ill or otherwise named member of an edge household
    enters dibao alone.

    Source: 民发〔2021〕57号 第八条; 社会救助法 第二十一条第二款.

    Examples
    --------
    >>> [single_from_edge(True, edge, False, True, True, False, False) for edge in (True, False)]
    [True, False]
    """
    ground = single_entry_disabled | (serious_illness & single_ill) | single_entry_by_age | single_entry_other
    return counted_member & edge_household & ground


def own_income_fen_year(own_income_fen: Fen) -> Fen:
    """本人年收入：月收入的十二倍；登记了年收入的，以年收入为准。 The person's own income of a year: twelve times the month's, unless the register gives the year under this very name.

    Source: 民发〔2021〕57号 第十三条.

    Examples
    --------
    >>> own_income_fen_year(50_000)
    600000
    """  # noqa: E501
    return own_income_fen * MONTHS_PER_YEAR


def poor_alone(own_income_fen_year: Fen, own_property_ok: Flag, dibao_standard_fen_year: Fen) -> Flag:
    """本人收入低于低保标准，本人财产符合规定。 The person's own income is below the standard, and own property within the limit.

    Source: 民发〔2021〕57号 第八条.

    Examples
    --------
    >>> poor_alone(719_999, True, 720_000), poor_alone(720_000, True, 720_000)
    (True, False)
    """
    return own_property_ok & (own_income_fen_year < dibao_standard_fen_year)


def single_clergy(
    absence: Code, absence_months: Count, single_entry_clergy_years: Count, poor_alone: Flag, is_tekun: Flag
) -> Flag:
    """脱离家庭、在宗教场所居住三年以上的生活困难的宗教教职人员。 Clergy in hardship who left home and have lived at a religious site for three years.

    Source: 民发〔2021〕57号 第八条第一款第三项.

    Examples
    --------
    >>> single_clergy(1, 36, 3, True, False), single_clergy(1, 35, 3, True, False)
    (True, False)
    """
    settled = absence_months >= single_entry_clergy_years * MONTHS_PER_YEAR
    return (absence == _CLERGY) & settled & poor_alone & no(is_tekun)


def single_jobless_disabled(
    counted_member: Flag,
    minor: Flag,
    employed: Flag,
    severely_disabled: Flag,
    poor_alone: Flag,
    on_dibao_now: Flag,
    single_jobless_allowed: Flag,
) -> Flag:
    """成年无业重度残疾人，可以按单人户申请。 An adult severely disabled person without work may apply alone, judged on own income.

    Since 2022-10-20. Source: 民发〔2022〕83号 第一条第一项.

    Examples
    --------
    >>> single_jobless_disabled(True, False, False, True, True, False, True)
    True
    """
    return (
        counted_member
        & no(on_dibao_now)
        & no(minor)
        & no(employed)
        & severely_disabled
        & poor_alone
        & single_jobless_allowed
    )


def single_entrant(single_from_edge: Flag, single_clergy: Flag, single_jobless_disabled: Flag) -> Flag:
    """按单人户纳入低保。 Taken into dibao alone.

    Source: 民发〔2021〕57号 第八条.

    Examples
    --------
    >>> single_entrant(False, False, True)
    True
    """
    return single_from_edge | single_clergy | single_jobless_disabled


def single_share_bp(
    single_entry_disabled: Flag,
    serious_illness: Flag,
    single_share_disabled_bp: Bp,
    single_share_ill_bp: Bp,
) -> Bp:
    """单人户按低保标准发放的比例。 Share of the standard a single entrant is paid; 0 where the place names none.

    Source: local rules.

    Examples
    --------
    >>> single_share_bp(True, False, 10_000, 8_000), single_share_bp(False, True, 10_000, 8_000)
    (10000, 8000)
    """
    return at_least(given(single_entry_disabled, single_share_disabled_bp), given(serious_illness, single_share_ill_bp))


def single_floor_bp(
    single_entry_disabled: Flag,
    serious_illness: Flag,
    single_floor_disabled_bp: Bp,
    single_floor_ill_bp: Bp,
) -> Bp:
    """单人户最低发放比例。 Least share of the standard a single entrant is paid; 0 where the place names none.

    Source: local rules.

    Examples
    --------
    >>> single_floor_bp(True, False, 6_000, 6_000)
    6000
    """
    return at_least(given(single_entry_disabled, single_floor_disabled_bp), given(serious_illness, single_floor_ill_bp))


def member_single_benefit_fen(
    single_entrant: Flag,
    own_income_fen_year: Fen,
    dibao_standard_fen_year: Fen,
    single_share_bp: Bp,
    single_floor_bp: Bp,
    dibao_round_step: Fen,
    dibao_round_mode: Code,
) -> Fen:
    """单人户低保金：当地规定的标准比例，否则按本人收入补差。 Dibao of a single entrant: the local share of the standard, else the gap to own income, not below a local least share.

    The gap to own income is our reading where the place names no share. Source: 民发〔2021〕57号 第八、二十三条; local rules.

    Examples
    --------
    >>> [member_single_benefit_fen(True, 240_000, 720_000, share, 0, 1, 1) for share in (0, 10_000)]
    [40000, 60000]
    """  # noqa: E501
    gap = at_least(dibao_standard_fen_year - own_income_fen_year, 0) * BP
    by_gap = at_least(gap, dibao_standard_fen_year * single_floor_bp)
    amount = first_of((single_share_bp > 0, dibao_standard_fen_year * single_share_bp), otherwise=by_gap)
    return given(single_entrant, monthly(amount, dibao_round_step, dibao_round_mode, BP))
