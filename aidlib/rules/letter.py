"""The paragraph of a decision letter, the distance to each line, and what a doubt turns on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.money import yuan
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import INCOME, STANDARD
from aidlib.rules.layers import DIBAO, EDGE, RIGID
from aidlib.rules.sentences import about_members, about_prices, about_temporary, cites
from aidlib.rules.wording import Language, written

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

_PARTS = {
    "dibao_benefit_fen": ("低保金", "dibao"),
    "topup_fen": ("分类施保", "extra help by category"),
    "single_benefit_fen": ("单人户低保金", "dibao of members entering alone"),
    "tekun_fen": ("特困供养金", "tekun support"),
    "rigid_living_aid_fen": ("刚性支出家庭生活救助", "living aid"),
}
_TAKEN_OFF = ("disregard_fen", "hardship_cost_fen", "work_deduction_fen", "pension_disregard_fen", "exit_disregard_fen")
_LINES = {
    "over_dibao_line_fen": ("低保收入线", "the dibao line"),
    "over_edge_line_fen": ("低保边缘收入线", "the edge line"),
    "over_rigid_cap_fen": ("刚性支出困难家庭收入上限", "the income cap of rigid-expenditure households"),
}


def letter(told: Explanation, language: Language) -> str:
    """Write one paragraph for a decision letter, with the law it rests on and amounts that add up.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> letter(told, "en").endswith("Monthly dibao: 480.00 yuan.")
    True
    """
    parts = [_unsettled(told, language)] if told.cannot_tell else [*_settled(told, language), _sums(told, language)]
    parts += [*about_temporary(told, language), *about_prices(told, language)]
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def _settled(told: Explanation, language: Language) -> Iterator[str]:
    if told["members"]:
        yield _facts(told, language)
        yield (_zh if language == "zh" else _en)(told)
    elif not told.ends("tekun_persons", -1)[1]:
        yield "该家庭没有计入共同生活的家庭成员。" if language == "zh" else "No member of this household is counted."
    yield from about_members(told, language)


def _facts(told: Explanation, language: Language) -> str:
    members = told["members"]
    income, head = (_income(told, language, heads) for heads in (1, members))
    standard = yuan(Fraction(told.ends(STANDARD, -1)[0], MONTHS_PER_YEAR))
    ended, given = told.law.status([STANDARD]) == "stale", STANDARD not in told.law.found
    less = _deductions(told, language)
    if language == "zh":
        note = "(为已知的最近一次标准,已到期,现行标准待核)" if ended else "(为测算时给定的数)" if given else ""
        return f"经核算,该家庭共同生活的家庭成员{members}人,计入的家庭月收入{income}{less},人均{head},当地低保标准为每人每月{standard}元{note}。"
    note = " (the last one known; it has ended, and the one in force is to be checked)" if ended else ""
    note = " (as given for this reckoning)" if given else note
    counts = "1 member" if members == 1 else f"{members} members"
    return (f"The household counts {counts} with a monthly income of {income}{less}, {head} per head; "
            f"the local dibao standard is {standard} yuan per head{note}.")  # fmt: skip


def _income(told: Explanation, language: Language, heads: int) -> str:
    """Write counted income for the household or per head; unknown where it is."""
    low, high = told.ends("counted_income_fen", -1)
    if low != high:
        return (
            told.text("counted_income_fen", -1, language) if heads == 1 else ("未知" if language == "zh" else "unknown")
        )
    return yuan(Fraction(low, heads)) + ("元" if language == "zh" else " yuan")


def _deductions(told: Explanation, language: Language) -> str:
    """Say what was taken off the household's income, where anything was."""
    found = [(told.named(name, language), told[name]) for name in _TAKEN_OFF if told[name]]
    low, high = told.ends("counted_income_fen", -1)
    if not found or low != high:
        return ""
    total = yuan(told["income_fen"])
    if language == "zh":
        return f"(全部收入{total}元,减去" + "、".join(f"{name}{yuan(fen)}元" for name, fen in found) + ")"
    return f" ({total} yuan in all, less " + ", ".join(f"{name} {yuan(fen)}" for name, fen in found) + ")"


def _zh(told: Explanation) -> str:
    law, category = _basis(told, "zh"), told.category
    if category == DIBAO and _either(told):
        return f"收入核实后符合最低生活保障条件,或者在渐退期内,依据{law},均享受最低生活保障。"
    if category == DIBAO and told["in_exit_period"]:
        return f"就业后人均收入已超过低保标准,依据{law},在渐退期内继续享受最低生活保障。"
    if category == DIBAO:
        return f"人均收入低于低保标准且财产符合规定,依据{law},符合最低生活保障条件。"
    why = "财产不符合规定" if not told.ends("property_ok", -1)[1] else "人均收入不低于低保标准"
    if category == EDGE:
        return f"{why},不符合最低生活保障条件;人均收入低于低保边缘收入线且财产符合规定,依据{law},认定为低保边缘家庭。"
    if category == RIGID:
        return f"{why},不符合最低生活保障条件;{_spending(told, 'zh')},依据{law},认定为刚性支出困难家庭。"
    kinds = "最低生活保障、低保边缘家庭和刚性支出困难家庭" if _rigid_begun(told) else "最低生活保障和低保边缘家庭"
    return f"{why},依据{law},不符合{kinds}的条件。"


def _en(told: Explanation) -> str:
    law, category = _basis(told, "en"), told.category
    if category == DIBAO and _either(told):
        return f"Once income is verified the household qualifies or is in gradual exit: under {law} it is on dibao either way."
    if category == DIBAO and told["in_exit_period"]:
        return f"A job lifted income over the standard; under {law} dibao goes on for the period of gradual exit."
    if category == DIBAO:
        return f"Income is below the standard and property within the limit: under {law} the household qualifies."
    why = "Property is above the limit" if not told.ends("property_ok", -1)[1] else "Income is not below the standard"
    if category == EDGE:
        return f"{why}, so there is no dibao; income is below the edge line: under {law} it is an edge household."
    if category == RIGID:
        return f"{why}, so there is no dibao; {_spending(told, 'en')}: under {law} it is a rigid-expenditure household."
    kinds = "an edge or a rigid-expenditure household" if _rigid_begun(told) else "an edge household"
    return f"{why}; under {law} it is neither on dibao, nor {kinds}."


def _either(told: Explanation) -> bool:
    """Tell whether an unknown fact decides between the test and gradual exit."""
    low, high = told.ends("in_exit_period", -1)
    return bool(low != high)


def _spending(told: Explanation, language: Language) -> str:
    """Say which door of rigid spending the household came through."""
    cap, spent, total = (told.text(name, -1, language) for name in (INCOME, "expend_fen", "total_income_fen_year"))
    ratio = told.text("rigid_ratio_bp", -1, language)
    if language == "zh":
        door = (
            f"占家庭总收入{total}的比例达到当地规定({ratio})"
            if told["spending_share_above"]
            else "扣除后的人均收入低于当地规定"
        )
        return f"人均收入低于上年度居民人均可支配收入({cap}),十二个月刚性支出{spent},{door}"
    door = (
        f"within the local share ({ratio}) of total income {total}"
        if not told["spending_share_above"]
        else f"above the local share ({ratio}) of total income {total}"
    )
    door = door if told["spending_share_above"] else "which leaves income below the local line"
    return f"income is below last year's mean ({cap}), and rigid spending of twelve months is {spent}, {door}"


def _rigid_begun(told: Explanation) -> bool:
    return "rigid_income_cap_bp" not in told.law.silent


def _basis(told: Explanation, language: Language) -> str:
    """Cite the rows that carried the decision, each once."""
    names = {DIBAO: ("dibao_line_bp",), EDGE: ("dibao_line_bp", "edge_multiple_bp")}.get(
        told.category, ("dibao_line_bp", "edge_multiple_bp", "rigid_income_cap_bp")
    )
    names += ("rigid_ratio_bp",) if told.category == RIGID else ()
    return cites(told, (*names, *(("exit_months_any",) if told["in_exit_period"] else ())), language)


def _sums(told: Explanation, language: Language) -> str:
    """Write the monthly amounts as a sum that adds up to the fen; where they are not settled, the least."""
    total, most = told.ends("monthly_aid_fen", -1)
    worst, _ = min(told.outcomes, key=lambda outcome: int(outcome[0]["monthly_aid_fen"]))
    parts = [(words[language == "en"], worst[name]) for name, words in _PARTS.items() if worst[name]]
    listed, zh = " + ".join(f"{name} {yuan(fen)}" for name, fen in parts), language == "zh"
    if not parts:
        open_amount = "每月基本生活救助的金额尚待核定。" if zh else "The monthly amount is not settled."
        return open_amount if most else ""
    if total != most:
        return (
            f"每月合计至少{yuan(total)}元({listed}),部分金额尚待核定。"
            if zh
            else f"Monthly at least {yuan(total)} yuan ({listed}); part is not settled."
        )
    if len(parts) == 1:
        return f"每月{parts[0][0]}{yuan(total)}元。" if zh else f"Monthly {parts[0][0]}: {yuan(total)} yuan."
    return f"每月合计{yuan(total)}元({listed})。" if zh else f"Monthly total {yuan(total)} yuan ({listed})."


def _unsettled(told: Explanation, language: Language) -> str:
    both = [written("category", category, language) for category in told.possible]
    aid = told.text("monthly_aid_fen", -1, language) if any(told.ends("monthly_aid_fen", -1)) else ""
    if language == "zh":
        return f"依据现有材料无法判定:可能是{'、'.join(both)}。" + (f"每月基本生活救助:{aid}。" if aid else "")
    return f"The facts at hand do not settle it: {' or '.join(both)}." + (f" Monthly aid: {aid}." if aid else "")


def near(told: Explanation, language: Language) -> Iterator[str]:
    """Write how far monthly income is from each line: yuan over it, or yuan of room.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> next(near(told, "en"))
    'below the dibao line, with room for 479.99 yuan a month'
    """
    for name, words in _LINES.items():
        low, high = told.ends(name, -1)
        if low != high or not told["members"] or (name == "over_rigid_cap_fen" and not _rigid_begun(told)):
            continue
        line, amount = words[language == "en"], yuan(abs(low))
        if language == "zh":
            yield (
                f"距{line}:月收入再减少{amount}元即低于该线"
                if low > 0
                else f"距{line}:月收入低于该线,再增加{amount}元以内仍低于该线"
            )
        else:
            yield (
                f"{amount} yuan a month above {line}"
                if low > 0
                else f"below {line}, with room for {amount} yuan a month"
            )


def doubts(told: Explanation, language: Language) -> Iterator[str]:
    """Write what was assumed to be absent, and on which bound an open answer turns.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": None, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> next(doubts(told, "zh"))
    '家庭月收入不超过679.99元:最低生活保障;超过:低保边缘家庭'
    """
    for doubt in told.deciders:
        name = told.named(doubt.name, language) + (f"({doubt.member + 1})" if doubt.member >= 0 else "")
        below, above = (written("category", c, language) for c in (doubt.below, doubt.above))
        at = written(doubt.name, doubt.at, language)
        yield (
            f"{name}不超过{at}:{below};超过:{above}"
            if language == "zh"
            else f"{name} up to {at}: {below}; above: {above}"
        )
