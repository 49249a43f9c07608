"""Price subsidy of a household: one payment per person. 价格临时补贴."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import Code, Fen, Flag, at_least, given

SUMS = {"price_subsidy_fen": "person_price_subsidy_fen"}

_ORPHAN, _UNSUPPORTED, _HIV = (code("child_aid", word) for word in ("orphan", "unsupported", "hiv"))
_BENEFIT, _SUBSIDY = (code("unemployment_aid", word) for word in ("benefit", "subsidy"))


def child_price_subsidy_fen(
    child_aid: Code, price_orphan_fen: Fen, price_unsupported_fen: Fen, price_hiv_fen: Fen
) -> Fen:
    """孤儿、事实无人抚养儿童、艾滋病病毒感染儿童的补贴额。 The month's amount for orphans, unsupported children and children with HIV.

    Source: 发改价格〔2021〕1553号.

    Examples
    --------
    >>> child_price_subsidy_fen(1, 3_000, 2_500, 2_000)
    3000
    """
    supported = at_least(given(child_aid == _ORPHAN, price_orphan_fen), given(child_aid == _HIV, price_hiv_fen))
    return at_least(supported, given(child_aid == _UNSUPPORTED, price_unsupported_fen))


def other_price_subsidy_fen(
    preferential: Flag,
    unemployment_aid: Code,
    price_preferential_fen: Fen,
    price_unemployment_benefit_fen: Fen,
    price_unemployment_subsidy_fen: Fen,
) -> Fen:
    """优抚对象、领取失业保险金（补助金）人员的补贴额。 The month's amount for preferential persons and the unemployed on benefit or subsidy.

    Source: 发改价格规〔2016〕1835号; 发改价格〔2022〕1293号.

    Examples
    --------
    >>> other_price_subsidy_fen(True, 1, 2_000, 3_000, 0)
    3000
    """
    jobless = at_least(
        given(unemployment_aid == _BENEFIT, price_unemployment_benefit_fen),
        given(unemployment_aid == _SUBSIDY, price_unemployment_subsidy_fen),
    )
    return at_least(given(preferential, price_preferential_fen), jobless)


def person_price_subsidy_fen(
    tekun: Flag,
    member_on_dibao: Flag,
    edge_household: Flag,
    counted_member: Flag,
    child_price_subsidy_fen: Fen,
    other_price_subsidy_fen: Fen,
    price_tekun_fen: Fen,
    price_dibao_fen: Fen,
    price_edge_fen: Fen,
) -> Fen:
    """每人只发一份；符合多种身份的取较高的一份。 One payment per person; who falls into several groups gets the higher one.

    The higher one is our reading of not paying twice. Source: 社会救助法 第三十二条; 发改价格〔2021〕1553号.

    Examples
    --------
    >>> person_price_subsidy_fen(False, True, False, True, 3_000, 0, 4_000, 2_500, 0)
    3000
    """
    support = at_least(given(tekun, price_tekun_fen), given(member_on_dibao, price_dibao_fen))
    edge = given(edge_household & counted_member, price_edge_fen)
    return at_least(at_least(support, edge), at_least(child_price_subsidy_fen, other_price_subsidy_fen))
