"""Signs that aid may have to end: named facts in, yes or no out. 可能不再符合救助条件."""

from __future__ import annotations

from typing import Any

from aidlib.rules.helpers import Count, Fen, Flag, no

Day = Any


def dibao_after_death(
    held_dibao: Flag, months_dibao: Count, months_single: Count, reviewed_dibao: Day, deaths__died_on: Day
) -> Flag:
    """低保家庭成员死亡后继续发放,且未核查。 Dibao was paid in months after a member's death and the family was not reviewed since.

    The month of death is paid in full. Source: 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> from datetime import date
    >>> died, before, after = date(2026, 5, 3), date(2026, 1, 1), date(2026, 6, 1)
    >>> [dibao_after_death(True, 2, 0, day, died) for day in (before, after)], dibao_after_death(True, 0, 0, before, died)
    ([True, False], False)
    """
    return (held_dibao & (months_dibao > 0) & (reviewed_dibao < deaths__died_on)) | (months_single > 0)


def tekun_after_death(months_tekun: Count) -> Flag:
    """特困人员死亡次月起仍发放。 Tekun aid was paid in a month after death.

    Source: 民发〔2021〕43号 第二十四条第一项.

    Examples
    --------
    >>> tekun_after_death(1), tekun_after_death(0)
    (True, False)
    """
    return months_tekun > 0


def counted_in_prison(
    held_dibao: Flag, counted_member: Flag, reviewed_dibao: Day, prison__imprisoned_on: Day, held_single: Flag
) -> Flag:
    """在监狱内服刑的人员不计入共同生活的家庭成员。 A person in prison is still counted in a dibao family, or draws dibao alone.

    Source: 民发〔2021〕57号 第七条第二款第二项.

    Examples
    --------
    >>> from datetime import date
    >>> counted_in_prison(True, True, date(2026, 1, 1), date(2026, 3, 1), False)
    True
    """
    since = reviewed_dibao < prison__imprisoned_on
    return (held_dibao & counted_member & since) | (held_single & (prison__imprisoned_on == prison__imprisoned_on))


def tekun_in_prison(held_tekun: Flag, prison__imprisoned_on: Day) -> Flag:
    """特困人员在监狱服刑的终止救助供养。 A person in prison is still recognised as tekun.

    Source: 民发〔2021〕43号 第二十四条第三项.

    Examples
    --------
    >>> from datetime import date
    >>> tekun_in_prison(True, date(2026, 3, 1))
    True
    """
    return held_tekun & (prison__imprisoned_on == prison__imprisoned_on)


def two_of_a_person(
    held_tekun: Flag,
    held_orphan: Flag,
    held_defacto_unsupported_child: Flag,
    held_single: Flag,
    tekun_orphan: Flag,
    tekun_defacto_unsupported_child: Flag,
    tekun_dibao: Flag,
) -> Flag:
    """特困与孤儿(事实无人抚养儿童)保障、低保不得同时享受。 A person holds tekun together with child aid or with dibao, where the two exclude each other.

    Source: 民发〔2021〕43号 第九、二十七条.

    Examples
    --------
    >>> two_of_a_person(True, True, False, False, True, True, True), two_of_a_person(True, False, False, False, True, True, True)
    (True, False)
    """
    child = (held_orphan & tekun_orphan) | (held_defacto_unsupported_child & tekun_defacto_unsupported_child)
    return held_tekun & (child | (held_single & tekun_dibao))


def two_of_a_family(held_rigid: Flag, held_dibao: Flag, held_edge: Flag, rigid_dibao: Flag, rigid_edge: Flag) -> Flag:
    """刚性支出困难家庭未纳入低保且未被认定为低保边缘。 A family is recognised for rigid spending together with dibao or edge.

    Source: 《刚性支出困难家庭认定办法》 第四条第一项.

    Examples
    --------
    >>> two_of_a_family(True, False, True, True, True)
    True
    """
    return held_rigid & ((held_dibao & rigid_dibao) | (held_edge & rigid_edge))


def paid_twice(drawing: Flag, elsewhere: Count) -> Flag:
    """同一身份号码在两户享受基本生活救助。 One identity number draws basic living aid in two families.

    Source: 国办发〔2023〕39号 第三部分第一项.

    Examples
    --------
    >>> paid_twice(True, 1), paid_twice(True, 0)
    (True, False)
    """
    return drawing & (elsewhere > 0)


def registration_gone(drawing: Flag, household_registration__gone_on: Day) -> Flag:
    """户籍已迁出或者注销。 The household registration of a recipient was moved away or cancelled.

    Source: 民发〔2021〕57号 第四条; 社会救助法 第三十七条第一款.

    Examples
    --------
    >>> from datetime import date
    >>> registration_gone(True, date(2026, 3, 1))
    True
    """
    return drawing & (household_registration__gone_on == household_registration__gone_on)


def income_over_line(
    held_dibao: Flag,
    held_edge: Flag,
    found_fen: Fen,
    over_dibao_line_fen_at_best: Fen,
    over_edge_line_fen_at_best: Fen,
    in_exit_period_at_best: Flag,
    raised_by_job: Flag,
) -> Flag:
    """比对发现的收入使家庭收入达到或者超过标准,且不在渐退期。 Wages found lift the family to or over its line, even where all that is unknown speaks for it.

    Source: 民发〔2021〕57号 第三十一条; 社会救助法 第四十六条.

    Examples
    --------
    >>> [income_over_line(True, False, 500, over, 0, False, False) for over in (0, 1)]
    [False, True]
    """
    dibao = held_dibao & (over_dibao_line_fen_at_best > 0) & no(in_exit_period_at_best) & no(raised_by_job)
    return (found_fen > 0) & (dibao | (held_edge & (over_edge_line_fen_at_best > 0)))


def grace_over(
    held_dibao: Flag, raised_by_job: Flag, over_dibao_line_fen_at_best: Fen, grace_over_months: Count
) -> Flag:
    """渐退期原则上不超过规定月数。 Gradual exit has run for the months the place allows, and income is still over the line.

    Source: 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> [grace_over(True, True, 1, over) for over in (-1, 0)]
    [False, True]
    """
    return held_dibao & raised_by_job & (over_dibao_line_fen_at_best > 0) & (grace_over_months >= 0)


def property_found(held_dibao: Flag, held_edge: Flag, property_ok: Flag, property_told: Flag) -> Flag:
    """登记的不动产、车辆、市场主体超出当地规定或者需要说明。 A car, business or further dwelling is registered for a family whose property was found in order.

    Source: 民发〔2021〕57号 第十四条.

    Examples
    --------
    >>> property_found(True, False, True, True)
    True
    """
    return (held_dibao | held_edge) & property_ok & property_told


def recognition_expired(held_rigid: Flag, rigid_due_on: Day, as_of: Day) -> Flag:
    """刚性支出困难家庭认定有效期已满。 The recognition for rigid spending has run out.

    Source: 《刚性支出困难家庭认定办法》 第十条.

    Examples
    --------
    >>> from datetime import date
    >>> [recognition_expired(True, day, date(2026, 10, 31)) for day in (date(2026, 10, 30), date(2026, 10, 31))]
    [True, False]
    """
    return held_rigid & (rigid_due_on < as_of)
