"""Why a household gets what it gets, in codes: the rules that decided, grounds and refusals, rights, and the articles behind each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from aidlib.law import Value
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Rule, Step
from aidlib.rules.lawinputs import STANDARD
from aidlib.rules.layers import DIBAO, EDGE, RIGID
from aidlib.rules.programmes import SPECIALISED_ANSWERS
from aidlib.rules.specialised import NO, STATUSES

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
_EXIT_ROWS = tuple(f"exit_months_{ground}" for ground in ("any", "graduate", "jobseeker", "disabled", "pensioner"))
_ALONE = ("single_from_edge", "single_clergy", "single_jobless_disabled")
_SPENDING_DOORS = ("spending_share_above", "low_after_spending")
_LINES = ("over_dibao_line_fen", "over_edge_line_fen", "over_rigid_cap_fen")
_DEPARTMENT = {"premium_help": "premium", "other_aid": "basic_living"}
_AMOUNTS = {
    "medical_aid": ("medical_aid_fen_year", "tilted_aid_fen_year"),
    "education_aid": ("education_grant_fen_year",),
}
_ROWS = {"premium_help": "premium_subsidy_share", "other_aid": "heating_subsidy"}
_ASIDE = re.compile(
    r"\s*[(（][^()（）]*0[:：] ?[^()（）]*[)）]|; 0 where [^.;]*"
)  # what a number stands for inside, for whoever reads the code
Ground = Literal["either", "exit", "dibao", "edge", "rigid", "none"]


@dataclass(frozen=True)
class Rung:
    """One rule of the ladder.

    Attributes
    ----------
    name : str
        The rule.
    member : int
        Position of the person it holds for, counted from 0; -1 for the household.
    rule : callable
        What was worked out; its docstring is the law in plain words.
    inputs, read : tuple of str
        Arguments worth showing, and all that the answer rests on.
    """

    name: str
    member: int
    rule: Rule
    inputs: tuple[str, ...]
    read: tuple[str, ...]


def rungs(explained: Explanation, *, full: bool = False) -> list[Rung]:
    """List the rungs that decided, or every rule when `full`.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 20_000, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> rungs(explain(home, "310000", "2023-09-01"))[-1].name
    'monthly_aid_fen'
    """
    wanted = {step.name for step in explained.steps} if full else _relevant(explained)
    found: list[Rung] = []
    for step in _in_turn(explained):
        if step.rule is None or step.name not in wanted:
            continue
        for member in explained.members if step.of_person else (-1,):
            if full or _tells(explained, step.name, member):
                read = tuple(arg for arg in step.args if not _idle(explained, step, arg, member))
                inputs = tuple(
                    arg for arg in read if arg not in explained.law.silent and not _empty(explained, arg, member)
                )
                found.append(Rung(step.name, member, step.rule, inputs, read))
    return found


def _in_turn(explained: Explanation) -> Iterator[Step]:
    """Yield the rules programme by programme, as the book of rules has them, none before one it rests on."""
    waiting = {step.name: step for step in explained.steps}
    order = list(explained.rules.functions)

    def visit(name: str) -> Iterator[Step]:
        if (step := waiting.pop(name, None)) is not None:
            for arg in step.args:
                yield from visit(arg)
            yield step

    for name in sorted(waiting, key=lambda name: order.index(explained.rules.sums.get(name, name))):
        yield from visit(name)


def _tells(explained: Explanation, name: str, member: int) -> bool:
    if name in _OF_TEKUN:
        return bool(explained.ends("tekun", member)[0])
    if name in _OF_PATIENT and not any(explained.ends("medical_aid_fen_year", member)):
        return False
    if name in _OF_WORKER and not any(explained.ends("member_work_deduction_fen", member)):
        return False
    if name in _OF_ENTRANT and not any(explained.ends("single_entrant", member)):
        return False
    return name not in {*_IF_SOME, *_OF_ENTRANT, *_OF_WORKER} or any(explained.ends(name, member))


def _relevant(explained: Explanation) -> set[str]:
    category, names = explained.category, {*_MEMBERS, *_IF_SOME, *_OF_ENTRANT, *_OF_WORKER}
    if any(explained.ends("monthly_aid_fen", -1)):
        names.add("monthly_aid_fen")
    if not explained["members"]:
        return names
    names |= {*_ALWAYS, *(name for name in _LOCAL_DOORS if explained.computes(name) and any(explained.ends(name, -1)))}
    names |= {
        name
        for name in _PROPERTY
        if explained.computes(name) and explained.ends(name, -1) != explained.ends("property_ok", -1)
    }
    names |= {"dibao_benefit_fen", "dibao_gap_fen"} if category == DIBAO else set(_BELOW_DIBAO)
    begun = "rigid_income_cap_bp" not in explained.law.silent
    return names | (set(_BELOW_EDGE) if category not in (DIBAO, EDGE) and begun else set())


def _empty(explained: Explanation, name: str, member: int) -> bool:
    """Tell whether an input says nothing: a fact nobody reported, a part that is zero, a rule the place has not."""
    low, high = explained.ends(name, member)
    if low or high or name in _SHOWN_AT_ZERO:
        return False
    if name in explained.family.assumed or name in _LOCAL_DOORS or name in explained.law.values:
        return True
    return name not in COLUMNS and not isinstance(low, bool)


def _idle(explained: Explanation, step: Step, name: str, member: int) -> bool:
    """Tell whether a rule that picks one of several amounts picked another than this one."""
    if step.name not in _PICKS or name not in explained.law.values:
        return False
    cells = [explained.ends(arg, member)[0] for arg in step.args]
    changed = [cell + _PROBE if arg == name else cell for arg, cell in zip(step.args, cells, strict=True)]
    return step.rule is not None and step.rule(*cells) == step.rule(*changed)


@lru_cache(maxsize=512)
def sentence(rule: Rule, language: str) -> str:
    """Return the first paragraph of a rule's docstring in one language: the law in plain words.

    Examples
    --------
    >>> from aidlib.rules.dibao import need_fen_year
    >>> sentence(need_fen_year, "zh"), sentence(need_fen_year, "en")
    ('低保标准乘以家庭人口（全年）', 'The standard times the members, for a year')
    """
    first = (rule.__doc__ or rule.__name__).strip().partition("\n\n")[0]
    zh, _, en = " ".join(first.split()).partition("。 ")
    return _ASIDE.sub("", zh if language == "zh" else en or zh).rstrip("。.")


@lru_cache(maxsize=512)
def articles(rule: Rule, language: str) -> tuple[str, ...]:
    """Return the instruments and articles a rule's `Source:` names; in Chinese only those in Chinese.

    Examples
    --------
    >>> from aidlib.rules.dibao import need_fen_year
    >>> articles(need_fen_year, "zh")
    ('民发〔2021〕57号 第二十三条',)
    """
    said = re.search(r"Source: (.+?)\.?\n\s*\n", (rule.__doc__ or "") + "\n\n", re.DOTALL)
    found = [" ".join(item.split()).partition(". ")[0].rstrip(".") for item in said.group(1).split(";")] if said else []
    return tuple(item for item in found if language == "en" or re.search(r"[\u4e00-\u9fff]", item))


def basis(explained: Explanation, rule: Rule | None, names: Iterable[str], language: str) -> tuple[str, ...] | None:
    """List the articles of a rule that are in force, and the rows some arguments rest on; a row cites more closely.

    None where it rests on a supposition, which wears no article.
    """
    asked = tuple(names)
    if any(map(explained.supposed, asked)):
        return None
    rows = (row for name in asked for row in explained.law.found.get(name, ()) if isinstance(row, Value))
    cited = [row.cite() for row in rows]
    said = articles(rule, language) if rule else ()
    begun = (item for item in said if _in_force(explained, item) and not _again(item, cited))
    return tuple(dict.fromkeys((*begun, *cited)))


def _again(article: str, cited: list[str]) -> bool:
    """Tell whether a row already cites the instrument of an article, more closely."""
    return any(article.split(" ")[0].strip("《》") in row for row in cited)


def _in_force(explained: Explanation, article: str) -> bool:
    """Tell whether the instrument of an article had begun on the day; one the book does not know is taken to have."""
    named = article.split(" ")[0].strip("《》")
    known = (
        each for each in explained.book.tables.sources.values() if (each.number or "?") == named or named in each.title
    )
    return all(each.in_force <= str(explained.on) for each in known)


def rigid_begun(explained: Explanation) -> bool:
    """Tell whether the rule on rigid-expenditure households holds on the day."""
    return "rigid_income_cap_bp" not in explained.law.silent


def ground(explained: Explanation) -> Ground:
    """Say on which ground the household is what it is; `either`: an unknown fact decides between the test and gradual exit."""
    if explained.category == DIBAO:
        low, high = explained.ends("in_exit_period", -1)
        return "either" if low != high else "exit" if explained["in_exit_period"] else "dibao"
    return "edge" if explained.category == EDGE else "rigid" if explained.category == RIGID else "none"


def carried_by(explained: Explanation) -> tuple[tuple[str, ...], str]:
    """Name the law values that carried the decision, and the rule where one names more articles."""
    if explained.category == DIBAO and explained["in_exit_period"]:
        return (_EXIT_ROWS[explained["exit_ground"]],), "in_exit_period"
    line, edge, cap = "dibao_line_bp", "edge_multiple_bp", "rigid_income_cap_bp"
    by_category = {DIBAO: (line,), EDGE: (line, edge), RIGID: (line, edge, cap, "rigid_ratio_bp")}
    return by_category.get(explained.category, (line, edge, cap)), ""


def refusals(explained: Explanation) -> Iterator[str]:
    """Name every condition that failed for sure: property, line, lines, above_mean, little_spending, rigid_property."""
    owns_too_much = not explained.ends("edge_property_ok", -1)[1]
    yield "property" if owns_too_much else "line" if explained.ends("below_edge_line", -1)[1] else "lines"
    if owns_too_much or not rigid_begun(explained):
        return
    if not explained.ends("below_rigid_cap", -1)[1]:
        yield "above_mean"
    if not any(explained.ends(door, -1)[1] for door in _SPENDING_DOORS if explained.computes(door)):
        yield "little_spending"
    if explained.computes("rigid_property_ok") and not explained.ends("rigid_property_ok", -1)[1]:
        yield "rigid_property"


def distances(explained: Explanation) -> Iterator[tuple[str, int, bool]]:
    """Yield each line, how far monthly income lies above it in fen (below: negative), and whether that is the least it may be."""
    for name in _LINES:
        low, high = explained.ends(name, -1)
        begun = name != "over_rigid_cap_fen" or rigid_begun(explained)
        if explained["members"] and begun and not low <= 0 < high:
            yield name, low if low > 0 else high, low != high


def alone_on(explained: Explanation, member: int) -> tuple[str, ...]:
    """Name the grounds on which a member surely enters dibao alone."""
    return tuple(name for name in _ALONE if explained.ends(name, member)[0])


def labour_row(explained: Explanation, member: int) -> str:
    """Name the law value by which a tekun person counts as without labour ability."""
    if explained.ends("age", member)[0] >= explained["tekun_elderly_age"]:
        return "tekun_elderly_age"
    if explained.ends("tekun_disabled", member)[0]:
        return f"tekun_grade_{COLUMNS['disability_kind'].codes[explained.ends('disability_kind', member)[0]]}"
    return "tekun_minor_keep_age" if explained.ends("kept_minor", member)[0] else "tekun_minor_entry_age"


def stand_ins(explained: Explanation) -> tuple[str, ...]:
    """Name the law values a range stands in for that the letter does not tell of."""
    return tuple(name for name in explained.stand_ins if name != STANDARD or not explained["members"])


@dataclass(frozen=True)
class Right:
    """One programme for one person.

    Attributes
    ----------
    programme, member : str and int
        The programme's answer, and the position of the person from 0.
    amounts : tuple of str
        Amounts a year worked out by rule.
    rows : tuple of Value
        Amounts the place's law book states.
    department : Value or None
        The department in charge, where the book has it.
    """

    programme: str
    member: int
    amounts: tuple[str, ...]
    rows: tuple[Value, ...]
    department: Value | None


def rights(explained: Explanation) -> list[Right]:
    """List what each member may apply for: the amount where the law book has one, else the department in charge.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0,
    ...         "persons": [{"age": 20, "relation": "applicant", "student_stage": "undergraduate", "can_work": False}]}
    >>> found = {right.programme: right for right in rights(explain(home, "450400", "2026-09-01", stale=True))}
    >>> found["education_aid"].amounts, found["education_aid"].department.text
    (('education_grant_fen_year',), '教育部门')
    """
    open_to = ((name, member) for name in SPECIALISED_ANSWERS for member in explained.members)
    return [_right(explained, name, member) for name, member in open_to if any(explained.ends(name, member))]


def _right(explained: Explanation, name: str, member: int) -> Right:
    law = explained.book.at(explained.place, explained.on)
    amounts = (amount for amount in _AMOUNTS.get(name, ()) if amount in explained.outcomes[0][1])
    low, high = explained.ends("aid_status", member)
    group = STATUSES[high] if low == high and low != NO else ""
    row = law.optional(_ROWS[name], group) if name in _ROWS else None
    department = law.optional("competent_department", _DEPARTMENT.get(name, name))
    due = tuple(amount for amount in amounts if any(explained.ends(amount, member)))
    return Right(name, member, due, (row,) if row else (), department)
