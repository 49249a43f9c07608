"""The sentence of a decision letter that names the outcome: which condition passed or failed, and the law it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aidlib.rules.lawinputs import RIGID_INCOME
from aidlib.rules.layers import DIBAO, EDGE, RIGID
from aidlib.rules.sentences import cites
from aidlib.rules.wording import Language

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

_EXIT_ROWS = tuple(f"exit_months_{ground}" for ground in ("any", "graduate", "jobseeker", "disabled", "pensioner"))
_LIMIT = {
    "property": ("财产不符合规定", "property is above the limit"),
    "line": ("人均收入不低于低保标准", "income is not below the standard"),
    "lines": ("人均收入不低于低保标准和低保边缘收入线", "income is below neither the standard nor the edge line"),
}


def outcome(told: Explanation, language: Language) -> str:
    """Say what the household is, why, and by which rows of the law.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> outcome(explain(home, "450400", "2026-09-01", stale=True), "zh").partition(",自")[0]
    '人均收入低于低保标准且财产符合规定,依据《中华人民共和国社会救助法》（2026-04-30） 第18条第1款,符合最低生活保障条件'
    """
    return _zh(told) if language == "zh" else _en(told)


def rigid_begun(told: Explanation) -> bool:
    """Tell whether the rule on rigid-expenditure households holds on the day."""
    return "rigid_income_cap_bp" not in told.law.silent


def _zh(told: Explanation) -> str:
    law, category = _basis(told, "zh"), told.category
    if category == DIBAO and _either(told):
        return f"收入核实后符合最低生活保障条件,或者在渐退期内,依据{law},均享受最低生活保障。"
    if category == DIBAO and told["in_exit_period"]:
        return f"就业后人均收入已超过低保标准,依据{law},在渐退期内继续享受最低生活保障{_used(told, 'zh')}。"
    if category == DIBAO:
        return f"人均收入低于低保标准且财产符合规定,依据{law},符合最低生活保障条件{_begins(told, 'zh')}。"
    if category == EDGE:
        return f"{_LIMIT['line'][0]},不符合最低生活保障条件;{_as_edge(told, 'zh')},依据{law},认定为低保边缘家庭。"
    if category == RIGID:
        return f"{_LIMIT['lines'][0]},不符合最低生活保障和低保边缘家庭的条件;{_spending(told, 'zh')},依据{law},认定为刚性支出困难家庭。"
    kinds = "最低生活保障、低保边缘家庭和刚性支出困难家庭" if rigid_begun(told) else "最低生活保障和低保边缘家庭"
    return f"{';'.join(_why_not(told, 'zh'))},依据{law},不符合{kinds}的条件。"


def _en(told: Explanation) -> str:
    law, category = _basis(told, "en"), told.category
    if category == DIBAO and _either(told):
        return f"Once income is verified the household qualifies or is in gradual exit: under {law} it is on dibao either way."
    if category == DIBAO and told["in_exit_period"]:
        return f"A job lifted income over the standard; under {law} dibao goes on for the period of gradual exit{_used(told, 'en')}."
    if category == DIBAO:
        return f"Income is below the standard and property within the limit: under {law} the household qualifies{_begins(told, 'en')}."
    if category == EDGE:
        why = _LIMIT["line"][1].capitalize()
        return f"{why}, so there is no dibao; {_as_edge(told, 'en')}: under {law} it is an edge household."
    if category == RIGID:
        why = _LIMIT["lines"][1].capitalize()
        return f"{why}, so there is no dibao; {_spending(told, 'en')}: under {law} it is a rigid-expenditure household."
    kinds = "an edge or a rigid-expenditure household" if rigid_begun(told) else "an edge household"
    why = "; ".join(_why_not(told, "en"))
    return f"{why[0].upper()}{why[1:]}; under {law} it is neither on dibao, nor {kinds}."


def _begins(told: Explanation, language: Language) -> str:
    """Say from which month a household not yet on dibao is paid, where the book says so."""
    lag = told.book.at(told.place, told.on).optional("benefit_start_lag_months")
    if lag is None or told.ends("on_dibao", -1)[1]:
        return ""
    if language == "zh":
        return f",自确认同意的{'次月' if lag.number else '当月'}起发放({lag.cite()})"
    return f", paid from the month {'after' if lag.number else 'of'} confirmation ({lag.cite()})"


def _either(told: Explanation) -> bool:
    """Tell whether an unknown fact decides between the test and gradual exit."""
    low, high = told.ends("in_exit_period", -1)
    return bool(low != high)


def _used(told: Explanation, language: Language) -> str:
    """Say how long gradual exit runs, and that the articles leave its amount open."""
    used, (least, most) = told.text("grace_months_used", -1, language), told.ends("exit_months", -1)
    if language == "zh":
        length = f"共{most}个月" if least == most else "月数由当地规定"
        return f"({length},已用{used}个月;渐退期内的金额条文未作规定,此处按上月低保金计)"
    length = f"{most} months in all" if least == most else "its length is set locally"
    return f" ({length}, {used} used; the articles name no amount for it: the last one paid is taken here)"


def _as_edge(told: Explanation, language: Language) -> str:
    """Say which door of the edge household opened: the edge line, or the local one by spending."""
    by_line = told.ends("below_edge_line", -1)[0]
    if language == "zh":
        door = "低于低保边缘收入线" if by_line else "低于当地人均可支配收入,扣减刚性支出后低于当地规定"
        return f"人均收入{door}且财产符合规定"
    door = "below the edge line" if by_line else "below the local mean, and low once rigid costs are taken off"
    return f"income is {door}, and property within the limit"


def _spending(told: Explanation, language: Language) -> str:
    """Say which door of rigid spending the household came through."""
    cap, spent, total = (
        told.text(name, -1, language) for name in (RIGID_INCOME, "expend_fen", "total_income_fen_year")
    )
    ratio, by_share = told.text("rigid_ratio_bp", -1, language), told["spending_share_above"]
    if language == "zh":
        door = (
            f"占家庭总收入{total}的比例{_reach(told)}当地规定({ratio})" if by_share else "扣除后的人均收入低于当地规定"
        )
        return f"人均收入低于上年度居民人均可支配收入({cap}),十二个月刚性支出{spent},{door}"
    door = (
        f"which {'reaches' if told['rigid_ratio_reached'] else 'is above'} the local share ({ratio}) of total income {total}"
        if by_share
        else "which leaves income below the local line"
    )
    return f"income is below last year's mean ({cap}), and rigid spending of twelve months is {spent}, {door}"


def _why_not(told: Explanation, language: Language) -> Iterator[str]:
    """Say every condition that failed for sure: of the three kinds the household is none."""
    en = language == "en"
    if not told.ends("edge_property_ok", -1)[1]:
        yield _LIMIT["property"][en]
    elif not told.ends("below_edge_line", -1)[1]:
        yield _LIMIT["lines"][en]
    else:
        yield _LIMIT["line"][en]
    if not rigid_begun(told) or not told.ends("edge_property_ok", -1)[1]:
        return
    if not told.ends("below_rigid_cap", -1)[1]:
        cap = told.text(RIGID_INCOME, -1, language)
        yield (
            f"income is not below last year's mean ({cap})" if en else f"人均收入不低于上年度居民人均可支配收入({cap})"
        )
    if not any(
        told.ends(door, -1)[1] for door in ("spending_share_above", "low_after_spending") if told.computes(door)
    ):
        yield _short_spending(told, language)
    if told.computes("rigid_property_ok") and not told.ends("rigid_property_ok", -1)[1]:
        yield "property is above the limit for rigid spending" if en else "财产不符合刚性支出困难家庭规定"


def _short_spending(told: Explanation, language: Language) -> str:
    spent, total, ratio = (
        told.text(n, -1, language) for n in ("expend_fen", "total_income_fen_year", "rigid_ratio_bp")
    )
    if language == "zh":
        return f"十二个月刚性支出{spent}占家庭总收入{total}的比例未{_reach(told)}当地规定({ratio})"
    short = "does not reach" if told["rigid_ratio_reached"] else "is not above"
    return f"rigid spending of twelve months {spent} {short} the local share ({ratio}) of total income {total}"


def _reach(told: Explanation) -> str:
    """Word how spending is held against the local share: some places take in who just reaches it."""
    return "达到" if told["rigid_ratio_reached"] else "超过"


def _basis(told: Explanation, language: Language) -> str:
    """Cite the rows that carried the decision, each once."""
    if told.category == DIBAO and told["in_exit_period"]:
        return cites(told, (_EXIT_ROWS[told["exit_ground"]],), language, "in_exit_period")
    names = {DIBAO: ("dibao_line_bp",), EDGE: ("dibao_line_bp", "edge_multiple_bp")}.get(
        told.category, ("dibao_line_bp", "edge_multiple_bp", "rigid_income_cap_bp")
    )
    return cites(told, (*names, *(("rigid_ratio_bp",) if told.category == RIGID else ())), language)
