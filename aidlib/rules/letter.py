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
    "edge_living_aid_fen": ("低保边缘家庭救助金", "aid to an edge household"),
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
    >>> told = explain(home, "310000", "2023-09-01")
    >>> letter(told, "en").rpartition("; ")[2]
    'how much exactly depends on local rules that are not on file: least gap as a share of the standard.'
    >>> letter(explain(home, "310000", "2023-09-01", local_rules="none"), "en").endswith("Monthly dibao: 1310.00 yuan.")
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
    standard, note = _standard(told, language)
    less = _deductions(told, language)
    if language == "zh":
        return f"经核算,该家庭共同生活的家庭成员{members}人,计入的家庭月收入{income}{less},人均{head},当地低保标准为每人每月{standard}{note}。"
    counts = "1 member" if members == 1 else f"{members} members"
    return (f"The household counts {counts} with a monthly income of {income}{less}, {head} per head; "
            f"the local dibao standard is {standard} per head{note}.")  # fmt: skip


def _standard(told: Explanation, language: Language) -> tuple[str, str]:
    """Write the monthly standard, or both its ends, and what it rests on where no row of the day gives it."""
    en = language == "en"
    low, high = (yuan(Fraction(end, MONTHS_PER_YEAR)) for end in told.ends(STANDARD, -1))
    status = told.law.status([STANDARD])
    notes = {
        "stale": ("(按已知的最近一次标准及其后的最低标准、通常提标幅度推算,现行标准待核)",
                  " (from the last one known, later floors and the usual rise; the one in force is to be checked)"),
        "estimated": ("(没有当地标准,按最低标准、平均标准推算)", " (no local one is known: from floors and averages)"),
        "synthetic": ("(为测算时给定的数)", " (as given for this calculation)"),
    }  # fmt: skip
    unit = " yuan" if en else "元"
    if told.open_above(STANDARD, -1):
        return (f"at least {low}{unit}" if en else f"至少{low}{unit}"), notes.get(status, ("", ""))[en]
    shown = f"{low}{unit}" if low == high else f"{low} to {high}{unit}" if en else f"{low}至{high}{unit}"
    return shown, notes.get(status, ("", ""))[en]


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
    total = yuan(Fraction(told["income_fen_year"], MONTHS_PER_YEAR))
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
        why = _lacking(told, language)
        return (
            f"每月合计至少{yuan(total)}元({listed}),{why or '部分金额尚待核定'}。"
            if zh
            else f"Monthly at least {yuan(total)} yuan ({listed}); {why or 'part is not settled'}."
        )
    if len(parts) == 1:
        return f"每月{parts[0][0]}{yuan(total)}元。" if zh else f"Monthly {parts[0][0]}: {yuan(total)} yuan."
    return f"每月合计{yuan(total)}元({listed})。" if zh else f"Monthly total {yuan(total)} yuan ({listed})."


def _lacking(told: Explanation, language: Language) -> str:
    """Name the local rules that are not on file and on which the amount depends."""
    named = list(dict.fromkeys(told.named(name, language) for name in told.lacks))
    if not named:
        return ""
    if language == "zh":
        return f"确切金额还取决于本库没有的当地规定:{'、'.join(named)}"
    return f"how much exactly depends on local rules that are not on file: {', '.join(named)}"


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
    'below the dibao line, with room for at least 479.99 yuan a month'
    """
    for name, words in _LINES.items():
        low, high = told.ends(name, -1)
        if low <= 0 < high or not told["members"] or (name == "over_rigid_cap_fen" and not rigid_begun(told)):
            continue
        zh, line, amount = language == "zh", words[language == "en"], yuan(low if low > 0 else -high)
        least = "" if low == high else ("至少" if zh else "at least ")
        if low > 0:
            yield (
                f"距{line}:月收入{least}再减少{amount}元才低于该线"
                if zh
                else f"{least}{amount} yuan a month above {line}"
            )
        else:
            yield (
                f"距{line}:月收入低于该线,{least}再增加{amount}元以内仍低于该线"
                if zh
                else f"below {line}, with room for {least}{amount} yuan a month"
            )
