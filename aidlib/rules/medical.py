"""Medical aid: the class of a patient, deductible, share and yearly ceiling, and tilted aid. 医疗救助."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import Bp, Code, Fen, Flag, at_least, at_most, first_of, given, share
from aidlib.rules.specialised import DIBAO, EDGE, TEKUN, YES

_ORPHAN = code("child_aid", "orphan")
MEDICAL_CLASSES = ("none", "tekun", "orphan", "dibao", "returned_poor", "edge", "monitored", "illness_poor")


def medical_class(
    medical_aid: Code,
    aid_status: Code,
    child_aid: Code,
    returned_poor: Flag,
    anti_poverty_monitored: Flag,
    illness_poor: Flag,
) -> Code:
    """医疗救助对象类别，有多种身份的按待遇较高的一种。 The class of patient the local scheme knows; of several the better one, never added up.

    Tekun, orphan, dibao, returned poor, edge, followed against poverty, impoverished by illness. Rigid-expenditure patients have no
    class of their own: the county recognises them as impoverished by illness. Source: local rules.

    Examples
    --------
    >>> [MEDICAL_CLASSES[medical_class(1, who, 0, False, True, False)] for who in (1, 3, 4)]
    ['tekun', 'edge', 'monitored']
    """
    open_to = medical_aid == YES
    return first_of(
        (open_to & (aid_status == TEKUN), 1),
        (child_aid == _ORPHAN, 2),
        (open_to & (aid_status == DIBAO), 3),
        (returned_poor, 4),
        (open_to & (aid_status == EDGE), 5),
        (anti_poverty_monitored, 6),
        (illness_poor, 7),
        otherwise=0,
    )


def _of_class(medical_class: Code, *values: Fen) -> Fen:
    return first_of(*((medical_class == which, value) for which, value in enumerate(values, 1)), otherwise=0)


def medical_deductible_fen_year(
    medical_class: Code,
    medical_deductible_tekun_fen: Fen,
    medical_deductible_orphan_fen: Fen,
    medical_deductible_dibao_fen: Fen,
    medical_deductible_returned_fen: Fen,
    medical_deductible_edge_fen: Fen,
    medical_deductible_monitored_fen: Fen,
    medical_deductible_illness_fen: Fen,
) -> Fen:
    """医疗救助年度起付标准。 The yearly deductible of the patient's class.

    Source: local rules.

    Examples
    --------
    >>> [medical_deductible_fen_year(who, 0, 0, 0, 1, 3, 4, 9) for who in (1, 5, 7)]
    [0, 3, 9]
    """
    return _of_class(
        medical_class, medical_deductible_tekun_fen, medical_deductible_orphan_fen, medical_deductible_dibao_fen,
        medical_deductible_returned_fen, medical_deductible_edge_fen, medical_deductible_monitored_fen,
        medical_deductible_illness_fen,
    )  # fmt: skip


def medical_rate_bp(
    medical_class: Code,
    medical_rate_tekun_bp: Bp,
    medical_rate_orphan_bp: Bp,
    medical_rate_dibao_bp: Bp,
    medical_rate_returned_bp: Bp,
    medical_rate_edge_bp: Bp,
    medical_rate_monitored_bp: Bp,
    medical_rate_illness_bp: Bp,
) -> Bp:
    """医疗救助比例。 The share of own cost above the deductible that the patient's class is paid.

    Source: local rules.

    Examples
    --------
    >>> [medical_rate_bp(who, 10_000, 10_000, 8_000, 7_000, 7_000, 6_000, 5_000) for who in (0, 3, 7)]
    [0, 8000, 5000]
    """
    return _of_class(
        medical_class, medical_rate_tekun_bp, medical_rate_orphan_bp, medical_rate_dibao_bp, medical_rate_returned_bp,
        medical_rate_edge_bp, medical_rate_monitored_bp, medical_rate_illness_bp,
    )  # fmt: skip


def medical_aid_fen_year(
    medical_class: Code,
    medical_own_cost_fen: Fen,
    medical_deductible_fen_year: Fen,
    medical_rate_bp: Bp,
    medical_year_cap_fen: Fen,
) -> Fen:
    """医疗救助金：起付标准以上按比例救助，不超过年度限额。 Yearly medical aid: the local share of own cost above the deductible, at most the ceiling.

    Source: local rules.

    Examples
    --------
    >>> medical_aid_fen_year(5, 1_000_000, 300_000, 7_000, 10_000_000), medical_aid_fen_year(0, 1_000_000, 0, 0, 10_000_000)
    (490000, 0)
    """
    paid = share(at_least(medical_own_cost_fen - medical_deductible_fen_year, 0), medical_rate_bp)
    return given(medical_class > 0, at_most(paid, medical_year_cap_fen))


def tilted_aid_fen_year(
    medical_class: Code,
    tilt_applied: Flag,
    medical_own_cost_fen: Fen,
    medical_aid_fen_year: Fen,
    medical_tilt_start_fen: Fen,
    medical_tilt_rate_bp: Bp,
    medical_year_cap_fen: Fen,
) -> Fen:
    """倾斜救助：救助后个人负担仍超过起点的部分，依申请再按比例救助，与医疗救助共用年度限额。 Tilted aid: of what is left above its starting point a further share, on application, under the same yearly ceiling (a rate of 0: the place has none).

    Source: local rules.

    Examples
    --------
    >>> [tilted_aid_fen_year(5, True, 5_000_000, 1_000_000, 1_000_000, 5_000, cap) for cap in (9_000_000, 2_000_000)]
    [1500000, 1000000]
    >>> tilted_aid_fen_year(5, False, 5_000_000, 1_000_000, 1_000_000, 5_000, 9_000_000)
    0
    """  # noqa: E501
    above = at_least(medical_own_cost_fen - medical_aid_fen_year - medical_tilt_start_fen, 0)
    left = at_least(medical_year_cap_fen - medical_aid_fen_year, 0)
    return given(tilt_applied & (medical_class > 0), at_most(share(above, medical_tilt_rate_bp), left))
