"""The ladder: which rules decided, rung by rung, each with its words, inputs, value and article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aidlib.register.columns import COLUMNS
from aidlib.rules.doubts import assumptions
from aidlib.rules.engine import Step
from aidlib.rules.layers import DIBAO, EDGE
from aidlib.rules.sentences import basis
from aidlib.rules.wording import Language, label, sentence

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

_MEMBERS = ("counted_member",)
_ALWAYS = ("counted_income_fen_year", "need_fen_year", "dibao_eligible")
_IF_SOME = (
    "member_work_deduction_fen", "member_pension_disregard_fen", "exit_disregard_fen", "in_exit_period", "single_entrant",
    "member_single_benefit_fen", "topup_fen", "member_topup_fen", "edge_living_aid_fen", "rigid_living_aid_fen", "tekun", "no_labour_ability",
    "care_class", "tekun_basic_fen", "tekun_care_fen", "tekun_person_fen", "person_price_subsidy_fen", "temporary_eligible",
    "temporary_ceiling_fen", "temporary_floor_fen", "temporary_aid_fen", "temporary_approver", "case_by_case", "quick_aid",
    "pay_first", "medical_class", "medical_deductible_fen_year", "medical_rate_bp", "medical_aid_fen_year",
    "tilted_aid_fen_year", "education_grant_fen_year", "refusing_member", "refusal_cut_most_fen",
)  # fmt: skip
_OF_TEKUN = ("no_labour_ability", "care_class", "tekun_basic_fen", "tekun_care_fen", "tekun_person_fen")
_PICKS = (
    "member_topup_fen",
    "topup_by_age_fen",
    "tier_amount_fen_year",
    "dibao_gap_fen",
    "gap_floor_fen",
    "temporary_ceiling_fen",
    "temporary_floor_fen",
    "care_class",
    "tekun_basic_fen",
    "tekun_care_fen",
    "medical_deductible_fen_year",
    "medical_rate_bp",
    "education_grant_fen_year",
)
_OF_ENTRANT = (
    "single_entry_disabled",
    "single_from_edge",
    "single_clergy",
    "single_jobless_disabled",
    "single_share_bp",
    "single_floor_bp",
)
_OF_WORKER = ("work_deduction_by_rule_fen",)
_OF_PATIENT = ("medical_class", "medical_deductible_fen_year", "medical_rate_bp")
_SHOWN_AT_ZERO = ("counted_income_fen", "counted_income_fen_year", "need_fen_year", "members")
_PROPERTY = ("dibao_property_ok", "edge_property_ok")
_BELOW_DIBAO = ("below_edge_line", "edge_household")
_BELOW_EDGE = ("below_rigid_cap", "spending_share_above", "rigid_household")
_LOCAL_DOORS = ("edge_by_spending", "low_after_spending")
_PROBE = 10**7  # far enough from any amount that a rule which reads the changed input answers otherwise


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
    >>> told = explain(home, "310000", "2023-09-01")
    >>> [(rung.name, rung.value) for rung in rungs(told, "en")][-1]
    ('monthly_aid_fen', 'unknown (1,310.00 yuan to 1,510.00 yuan)')
    """
    wanted = {step.name for step in told.steps} if full else _relevant(told)
    found: list[Rung] = []
    for step in _in_turn(told):
        if step.rule is None or step.name not in wanted:
            continue
        for member in told.members if step.of_person else (-1,):
            if full or _tells(told, step.name, member):
                found.append(_rung(told, step, member, language))
    return found


def _in_turn(told: Explanation) -> Iterator[Step]:
    """Yield the rules programme by programme, as the book of rules has them, none before one it rests on."""
    waiting = {step.name: step for step in told.steps}
    order = list(told.rules.functions)

    def visit(name: str) -> Iterator[Step]:
        if (step := waiting.pop(name, None)) is not None:
            for arg in step.args:
                yield from visit(arg)
            yield step

    for name in sorted(waiting, key=lambda name: order.index(told.rules.sums.get(name, name))):
        yield from visit(name)


def _tells(told: Explanation, name: str, member: int) -> bool:
    if name in _OF_TEKUN:
        return bool(told.ends("tekun", member)[0])
    if name in _OF_PATIENT and not any(told.ends("medical_aid_fen_year", member)):
        return False
    if name in _OF_WORKER and not any(told.ends("member_work_deduction_fen", member)):
        return False
    if name in _OF_ENTRANT and not any(told.ends("single_entrant", member)):
        return False
    return name not in {*_IF_SOME, *_OF_ENTRANT, *_OF_WORKER} or any(told.ends(name, member))


def _relevant(told: Explanation) -> set[str]:
    category, names = told.category, {*_MEMBERS, *_IF_SOME, *_OF_ENTRANT, *_OF_WORKER}
    if any(told.ends("monthly_aid_fen", -1)):
        names.add("monthly_aid_fen")
    if not told["members"]:
        return names
    names |= {*_ALWAYS, *(name for name in _LOCAL_DOORS if told.computes(name) and any(told.ends(name, -1)))}
    names |= {name for name in _PROPERTY if told.computes(name) and told.ends(name, -1) != told.ends("property_ok", -1)}
    names |= {"dibao_benefit_fen", "dibao_gap_fen"} if category == DIBAO else set(_BELOW_DIBAO)
    begun = "rigid_income_cap_bp" not in told.law.silent
    return names | (set(_BELOW_EDGE) if category not in (DIBAO, EDGE) and begun else set())


def _rung(told: Explanation, step: Step, member: int, language: Language) -> Rung:
    assert step.rule is not None
    inputs = tuple(_inputs(told, step, member, language))
    read = [arg for arg in step.args if not _idle(told, step, arg, member)]
    sources = basis(told, step.rule, read, language)
    return Rung(
        step.name, member + 1, sentence(step.rule, language), told.text(step.name, member, language), inputs, sources
    )


def _inputs(told: Explanation, step: Step, member: int, language: Language) -> Iterator[tuple[str, str]]:
    for arg in step.args:
        if arg in told.law.silent or _empty(told, arg, member) or _idle(told, step, arg, member):
            continue
        named = label(arg, told.rule(arg), told.law.found.get(arg, ()), told.terms, language)
        yield named, told.text(arg, member, language)


def _empty(told: Explanation, name: str, member: int) -> bool:
    """Tell whether an input says nothing: a fact nobody reported, a part that is zero, a rule the place has not."""
    low, high = told.ends(name, member)
    if low or high or name in _SHOWN_AT_ZERO:
        return False
    if name in told.family.assumed or name in _LOCAL_DOORS or name in told.law.values:
        return True
    return name not in COLUMNS and not isinstance(low, bool)


def _idle(told: Explanation, step: Step, name: str, member: int) -> bool:
    """Tell whether a rule that picks one of several amounts picked another than this one."""
    if step.name not in _PICKS or name not in told.law.values:
        return False
    cells = [told.ends(arg, member)[0] for arg in step.args]
    changed = [cell + _PROBE if arg == name else cell for arg, cell in zip(step.args, cells, strict=True)]
    return step.rule is not None and step.rule(*cells) == step.rule(*changed)


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
    rest = (*told.near(language), *told.doubts(language), *told.rights(language), *assumptions(told, language))
    return "\n".join([*lines, told.letter(language), *rest])


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
    notes = "".join(
        f"<li>{escape(line)}</li>"
        for line in (*told.near(language), *told.doubts(language), *told.rights(language), *assumptions(told, language))
    )
    return (
        f'<section lang="{language}"><p><b>{escape(told.headline(language))}</b></p><p>{escape(told.letter(language))}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><ul>{notes}</ul></section>"
    )


def _member(rung: Rung, language: Language) -> str:
    if not rung.member:
        return ""
    return f"成员{rung.member} " if language == "zh" else f"member {rung.member}: "
