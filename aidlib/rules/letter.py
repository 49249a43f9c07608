"""The paragraph of a decision letter, the distance to each line, and what a doubt turns on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.money import yuan
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import STANDARD
from aidlib.rules.outcome import outcome, rigid_begun
from aidlib.rules.sentences import about_members, about_prices, about_temporary
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
    parts = [*_settled(told, language), _sums(told, language)]
    parts += [*about_temporary(told, language), *about_prices(told, language)]
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def _settled(told: Explanation, language: Language) -> Iterator[str]:
    if told.cannot_tell:
        yield _unsettled(told, language)
    elif told["members"]:
        yield _facts(told, language)
        yield outcome(told, language)
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


def _sums(told: Explanation, language: Language) -> str:
    """Write the monthly amounts as a sum that adds up to the fen; where they are not settled, the least."""
    if told.cannot_tell:
        return ""
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
        if low != high or not told["members"] or (name == "over_rigid_cap_fen" and not rigid_begun(told)):
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
