"""The ladder: which rules decided, rung by rung, each with its words, inputs, value and article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Step
from aidlib.rules.layers import DIBAO, EDGE, NONE
from aidlib.rules.wording import Language, articles, label, sentence

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

_ALWAYS = ("counted_member", "counted_income_fen", "need_fen_year", "dibao_eligible")
_IF_SOME = (
    "member_work_deduction_fen", "member_pension_disregard_fen", "in_exit_period", "single_entrant", "member_single_benefit_fen",
    "topup_fen", "member_topup_fen", "rigid_living_aid_fen", "tekun", "care_class", "tekun_basic_fen", "tekun_care_fen",
    "person_price_subsidy_fen", "temporary_eligible", "temporary_aid_fen", "temporary_approver", "quick_aid", "pay_first",
)  # fmt: skip
_OF_TEKUN = ("care_class", "tekun_basic_fen", "tekun_care_fen")
_SHOWN_AT_ZERO = ("counted_income_fen", "income_fen_year", "need_fen_year", "members")
_BELOW_DIBAO = ("below_edge_line", "edge_household")
_BELOW_EDGE = ("below_rigid_cap", "spending_share_above", "low_after_spending", "rigid_household")


@dataclass(frozen=True)
class Rung:
    """One rule of the ladder.

    Attributes
    ----------
    name : str
        The rule.
    member : int
        Position of the person it holds for, counted from 1; 0 for the household.
    says : str
        The law in plain words.
    value : str
        What came out, with its unit; both ends where it cannot be told.
    inputs : tuple of (str, str)
        Each input's name and value.
    articles : tuple of str
        Instruments and articles, those of the rule and of the law rows it read.
    """

    name: str
    member: int
    says: str
    value: str
    inputs: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]


def rungs(told: Explanation, language: Language, *, full: bool = False) -> list[Rung]:
    """List the rungs that decided, or every rule when `full`.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> [(rung.name, rung.value) for rung in rungs(told, "en")][-1]
    ('monthly_aid_fen', '480.00 yuan')
    """
    wanted = _relevant(told)
    found: list[Rung] = []
    for step in told.steps:
        if step.rule is None or not (full or step.name in wanted):
            continue
        for member in told.members if step.of_person else (-1,):
            if full or _tells(told, step.name, member):
                found.append(_rung(told, step, member, language))
    return found


def _tells(told: Explanation, name: str, member: int) -> bool:
    if name in _OF_TEKUN:
        return bool(told.ends("tekun", member)[0])
    return name not in _IF_SOME or any(told.ends(name, member))


def _relevant(told: Explanation) -> set[str]:
    category = told.category
    names = {*_ALWAYS, *_IF_SOME}
    names |= {"dibao_benefit_fen", "dibao_gap_fen"} if category == DIBAO else set(_BELOW_DIBAO)
    return (
        names
        | (set() if category in (DIBAO, EDGE) else set(_BELOW_EDGE))
        | ({"monthly_aid_fen"} if category != NONE else set())
    )


def _rung(told: Explanation, step: Step, member: int, language: Language) -> Rung:
    assert step.rule is not None
    inputs = tuple(_inputs(told, step, member, language))
    cited = [row.cite() for arg in step.args for row in told.law.found.get(arg, ()) if hasattr(row, "cite")]
    sources = tuple(dict.fromkeys((*articles(step.rule, language), *cited)))
    return Rung(
        step.name, member + 1, sentence(step.rule, language), told.text(step.name, member, language), inputs, sources
    )


def _inputs(told: Explanation, step: Step, member: int, language: Language) -> Iterator[tuple[str, str]]:
    for arg in step.args:
        if arg in told.law.silent or _empty(told, arg, member):
            continue
        named = label(arg, told.rule(arg), told.law.found.get(arg, ()), told.terms, language)
        yield named, told.text(arg, member, language)


def _empty(told: Explanation, name: str, member: int) -> bool:
    """Tell whether an input says nothing: a fact nobody reported, or a part that is zero."""
    low, high = told.ends(name, member)
    if low or high or name in _SHOWN_AT_ZERO:
        return False
    return name in told.family.assumed or (name not in COLUMNS and not isinstance(low, bool))


def as_text(told: Explanation, language: Language, *, full: bool = False) -> str:
    """Write the ladder as plain lines for a terminal.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> as_text(told, "en").splitlines()[0]
    'Wuzhou · urban · 2026-09-01 · dibao · partly on a standard that has ended'
    """
    lines = [told.headline(language)]
    for number, rung in enumerate(rungs(told, language, full=full), 1):
        who = _member(rung, language)
        lines.append(f"{number:>2}. {who}{rung.says}: {rung.value}")
        lines += ["      " + "; ".join(f"{name} {value}" for name, value in rung.inputs)] if rung.inputs else []
        lines += ["      " + "; ".join(rung.articles)] if rung.articles else []
    return "\n".join([*lines, told.letter(language), *told.near(language), *told.doubts(language)])


def as_html(told: Explanation, language: Language) -> str:
    """Write the ladder as a table for JupyterLab.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> as_html(told, "zh").startswith('<section lang="zh">')
    True
    """
    from html import escape

    def row(rung: Rung) -> str:
        inputs = "<br>".join(f"{escape(name)} {escape(value)}" for name, value in rung.inputs)
        cells: tuple[Any, ...] = (escape(_member(rung, language) + rung.says), f"<b>{escape(rung.value)}</b>", inputs,
                                  "<br>".join(map(escape, rung.articles)))  # fmt: skip
        return (
            "<tr>" + "".join(f'<td style="text-align:left;vertical-align:top">{cell}</td>' for cell in cells) + "</tr>"
        )

    heads = ("规则", "结果", "依据的数", "条文") if language == "zh" else ("rule", "result", "inputs", "article")
    head = "".join(f'<th scope="col" style="text-align:left">{text}</th>' for text in heads)
    body = "".join(map(row, rungs(told, language)))
    notes = "".join(f"<li>{escape(line)}</li>" for line in (*told.near(language), *told.doubts(language)))
    return (
        f'<section lang="{language}"><p><b>{escape(told.headline(language))}</b></p><p>{escape(told.letter(language))}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><ul>{notes}</ul></section>"
    )


def _member(rung: Rung, language: Language) -> str:
    if not rung.member:
        return ""
    return f"成员{rung.member} " if language == "zh" else f"member {rung.member}: "
