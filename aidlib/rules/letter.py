"""The paragraph of a decision letter, the distance to each line, and what a doubt turns on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.money import yuan
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.layers import DIBAO, EDGE, RIGID
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
    if told.cannot_tell:
        return _unsettled(told, language)
    return (_zh if language == "zh" else _en)(told)


def _facts(told: Explanation) -> tuple[int, str, str, str]:
    members, income = told["members"], told["counted_income_fen"]
    head = yuan(Fraction(income, members)) if members else "-"
    standard = told.ends("dibao_standard_fen_year", -1)[0]
    return members, yuan(income), head, yuan(Fraction(standard, MONTHS_PER_YEAR))


def _zh(told: Explanation) -> str:
    members, income, head, standard = _facts(told)
    if not members:
        return f"该家庭没有计入共同生活的家庭成员。{_sums(told, 'zh')}"
    text = f"经核算,该家庭共同生活的家庭成员{members}人,计入的家庭月收入{income}元,人均{head}元,当地低保标准为每人每月{standard}元。"
    law = _basis(told, "zh")
    category = told.category
    if category == DIBAO and told["in_exit_period"]:
        return f"{text}就业后人均收入已超过低保标准,依据{law},在渐退期内继续享受最低生活保障。{_sums(told, 'zh')}"
    if category == DIBAO:
        return f"{text}人均收入低于低保标准且财产符合规定,依据{law},符合最低生活保障条件。{_sums(told, 'zh')}"
    why = "财产不符合规定" if not told.ends("property_ok", -1)[1] else "人均收入不低于低保标准"
    if category in (EDGE, RIGID):
        return f"{text}{why},不符合最低生活保障条件;依据{law},认定为{written('category', category, 'zh')}。{_sums(told, 'zh')}"
    return f"{text}{why},依据{law},不符合最低生活保障、低保边缘家庭和刚性支出困难家庭的条件。{_sums(told, 'zh')}"


def _en(told: Explanation) -> str:
    members, income, head, standard = _facts(told)
    if not members:
        return f"No member of this household is counted. {_sums(told, 'en')}"
    text = (
        f"The household counts {members} members with a monthly income of {income} yuan, {head} yuan per head; "
        f"the local dibao standard is {standard} yuan per head. "
    )
    law, category = _basis(told, "en"), told.category
    if category == DIBAO and told["in_exit_period"]:
        return f"{text}A job lifted income over the standard; under {law} dibao goes on for the period of gradual exit. {_sums(told, 'en')}"
    if category == DIBAO:
        return f"{text}Income is below the standard and property within the limit: under {law} the household qualifies. {_sums(told, 'en')}"
    why = "Property is above the limit" if not told.ends("property_ok", -1)[1] else "Income is not below the standard"
    if category in (EDGE, RIGID):
        kind = "an edge household" if category == EDGE else "a rigid-expenditure household"
        return f"{text}{why}, so there is no dibao; under {law} it is {kind}. {_sums(told, 'en')}"
    return f"{text}{why}; under {law} it is neither on dibao, nor an edge or a rigid-expenditure household. {_sums(told, 'en')}"


def _basis(told: Explanation, language: Language) -> str:
    """Cite the rows that carried the decision, each once."""
    names = {DIBAO: ("dibao_line_bp",), EDGE: ("dibao_line_bp", "edge_multiple_bp")}.get(
        told.category, ("dibao_line_bp", "edge_multiple_bp", "rigid_income_cap_bp")
    )
    names += ("exit_months_any",) if told["in_exit_period"] else ()
    cited = [row.cite() for name in names for row in told.law.found.get(name, ()) if isinstance(row, Value)]
    return ("、" if language == "zh" else ", ").join(dict.fromkeys(cited)) or "-"


def _sums(told: Explanation, language: Language) -> str:
    """Write the monthly amounts as a sum that adds up to the fen."""
    parts = [(words[language == "en"], told[name]) for name, words in _PARTS.items() if told[name]]
    total, most = told.ends("monthly_aid_fen", -1)
    if not parts and total == most:
        return ""
    listed = " + ".join(f"{name} {yuan(fen)}" for name, fen in parts)
    if total != most:
        least = f"({listed})" if listed else ""
        return (
            f"每月合计至少{yuan(total)}元{least},部分金额尚待核定。"
            if language == "zh"
            else f"Monthly at least {yuan(total)} yuan {least}; part is not settled."
        )
    if len(parts) == 1:
        return (
            f"每月{parts[0][0]}{yuan(total)}元。" if language == "zh" else f"Monthly {parts[0][0]}: {yuan(total)} yuan."
        )
    return (
        f"每月合计{yuan(total)}元({listed})。" if language == "zh" else f"Monthly total {yuan(total)} yuan ({listed})."
    )


def _unsettled(told: Explanation, language: Language) -> str:
    both = [written("category", category, language) for category in told.possible]
    low, high = (yuan(end) for end in told.ends("monthly_aid_fen", -1))
    if language == "zh":
        return f"依据现有材料无法判定:可能是{'、'.join(both)}。每月基本生活救助在{low}元至{high}元之间。"
    return f"The facts at hand do not settle it: {' or '.join(both)}. Monthly aid lies between {low} and {high} yuan."


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
        if low != high or not told["members"]:
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
