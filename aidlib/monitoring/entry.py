"""Signs that a family may qualify, and cases for the coordination body: named facts in, yes or no out. 可能符合条件与情形复杂."""

from __future__ import annotations

from aidlib.rules.helpers import Code, Count, Fen, Flag, no
from aidlib.rules.temporary import COORDINATION


def dibao_not_covered(dibao_eligible: Flag, held_dibao: Flag, plain_members: Count) -> Flag:
    """比对后符合低保条件而未纳入。 As seen, the family passes the dibao test for certain and is not covered.

    A family of persons who may all be tekun is left to that scheme. Source: 民发〔2021〕57号 第六条第二款; 社会救助法 第三十九条第二款.

    Examples
    --------
    >>> dibao_not_covered(True, False, 2), dibao_not_covered(True, True, 2)
    (True, False)
    """
    return dibao_eligible & no(held_dibao) & (plain_members > 0)


def single_entry_missed(single_entrant: Flag, held_single: Flag, held_tekun: Flag, held_dibao: Flag) -> Flag:
    """符合单人户条件而未纳入。 As seen, the person may enter dibao alone and holds nothing.

    Source: 民发〔2021〕57号 第八条; 社会救助法 第二十一条第二款.

    Examples
    --------
    >>> single_entry_missed(True, False, False, False), single_entry_missed(True, True, False, False)
    (True, False)
    """
    return single_entrant & no(held_single) & no(held_tekun) & no(held_dibao)


def tekun_not_covered(tekun: Flag, held_tekun: Flag, held_orphan: Flag, held_defacto_unsupported_child: Flag) -> Flag:
    """比对后符合特困条件而未纳入。 As seen, the person passes the tekun test for certain and is not recognised.

    Source: 民发〔2021〕43号 第十一条.

    Examples
    --------
    >>> tekun_not_covered(True, False, False, False)
    True
    """
    return tekun & no(held_tekun) & no(held_orphan) & no(held_defacto_unsupported_child)


def edge_not_covered(edge_household: Flag, held_edge: Flag, held_dibao: Flag, held_rigid: Flag, members: Count) -> Flag:
    """比对后符合低保边缘条件而未认定。 As seen, the family passes the edge test for certain and is not recognised.

    Source: 国办发〔2023〕39号 第二部分; 社会救助法 第二十一条.

    Examples
    --------
    >>> edge_not_covered(True, False, False, False, 3)
    True
    """
    return edge_household & no(held_edge) & no(held_dibao) & no(held_rigid) & (members > 0)


def rigid_not_covered(
    rigid_household: Flag, held_rigid: Flag, held_edge: Flag, held_dibao: Flag, members: Count
) -> Flag:
    """比对后符合刚性支出困难条件而未认定。 As seen, the family passes the rigid-expenditure test for certain and is not recognised.

    Source: 《刚性支出困难家庭认定办法》 第四条.

    Examples
    --------
    >>> rigid_not_covered(True, False, False, False, 3)
    True
    """
    return rigid_household & no(held_rigid) & no(held_edge) & no(held_dibao) & (members > 0)


def above_county_limit(temporary_approver: Code, over_county_fen: Fen) -> Flag:
    """拟救助额超过县级民政部门审批限额。 The sum proposed is above what the county may approve: the coordination body decides.

    Source: 梧州 2023-04-06 第十六项.

    Examples
    --------
    >>> above_county_limit(3, 1), above_county_limit(2, -1)
    (True, False)
    """
    return (temporary_approver == COORDINATION) & (over_county_fen > 0)


def identity_conflict(conflict: Flag) -> Flag:
    """同一身份号码的部门记录相互矛盾。 Departments have rows of one number that contradict each other.

    Source: 国办发〔2023〕39号 第三部分第二项.

    Examples
    --------
    >>> identity_conflict(True)
    True
    """
    return conflict
