"""What specialised aid each member may apply for: the amount where the law book has one, else the department in charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.rules.programmes import SPECIALISED_ANSWERS
from aidlib.rules.specialised import NO, STATUSES, YES
from aidlib.rules.wording import DEPARTMENTS_EN, Language

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation

_DEPARTMENT = {"premium_help": "premium", "other_aid": "basic_living"}
_AMOUNTS = {
    "medical_aid": ("medical_aid_fen_year", "tilted_aid_fen_year"),
    "education_aid": ("education_grant_fen_year",),
}
_ROWS = {"premium_help": "premium_subsidy_share", "other_aid": "heating_subsidy"}


@dataclass(frozen=True)
class Right:
    """One programme for one person.

    Attributes
    ----------
    programme, member : str and int
        The programme's answer, and the position of the person from 1.
    says : str
        What the entitlement is, in words.
    amounts : tuple of (str, str)
        Amounts a year by name, worked out by rule.
    rows : tuple of Value
        Amounts the place's law book states.
    department : Value or None
        The department in charge, where the book has it.
    """

    programme: str
    member: int
    says: str
    amounts: tuple[tuple[str, str], ...]
    rows: tuple[Value, ...]
    department: Value | None


def rights(told: Explanation, language: Language) -> list[Right]:
    """List what each member may apply for.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0,
    ...         "persons": [{"age": 20, "relation": "applicant", "student_stage": "undergraduate", "can_work": False}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> found = {right.programme: right for right in rights(told, "en")}
    >>> found["education_aid"].amounts, found["education_aid"].department.text
    ((('national grant', 'unknown (2,500.00 yuan a year to 5,000.00 yuan a year)'),), '教育部门')
    """
    open_to = ((name, member) for name in SPECIALISED_ANSWERS for member in told.members)
    return [_right(told, name, member, language) for name, member in open_to if any(told.ends(name, member))]


def _right(told: Explanation, name: str, member: int, language: Language) -> Right:
    law = told.book.at(told.place, told.on)
    computed = (amount for amount in _AMOUNTS.get(name, ()) if amount in told.outcomes[0][1])
    amounts = tuple(
        (told.named(a, language), told.text(a, member, language)) for a in computed if any(told.ends(a, member))
    )
    low, high = told.ends("aid_status", member)
    group = STATUSES[high] if low == high and low != NO else ""
    row = law.optional(_ROWS[name], group) if name in _ROWS else None
    department = law.optional("competent_department", _DEPARTMENT.get(name, name))
    says = _may(name, language) if told.ends(name, member) == (YES, YES) else told.text(name, member, language)
    return Right(name, member + 1, says, amounts, (row,) if row else (), department)


def _may(name: str, language: Language) -> str:
    """Word an entitlement as leave to apply; whether a family is badly housed the register does not say."""
    if name == "housing_aid":
        return "住房困难的可以申请" if language == "zh" else "may apply if badly housed"
    return "可以申请" if language == "zh" else "may apply"


def lines(told: Explanation, language: Language) -> Iterator[str]:
    """Write the entitlements, one line per programme.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0,
    ...         "persons": [{"age": 40, "relation": "applicant", "can_work": True}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> next(line for line in lines(told, "en") if "employment" in line)
    'employment aid: member 1 may apply (human resources and social security)'
    """
    found = rights(told, language)
    for name in SPECIALISED_ANSWERS:
        own = [right for right in found if right.programme == name]
        if own:
            yield _line(told, name, own, language)


def _line(told: Explanation, name: str, own: list[Right], language: Language) -> str:
    zh = language == "zh"
    each = []
    for right in own:
        amounts = [f"{what} {amount}" for what, amount in right.amounts]
        amounts += [
            f"{row.text}×100%" if row.unit == "ratio" else f"{row.text} {row.unit}"
            for row in right.rows
            if row.text != "1"
        ]
        who = f"成员{right.member}" if zh else f"member {right.member}"
        each.append(f"{who} {right.says}" + (f" ({', '.join(amounts)})" if amounts else ""))
    department = own[0].department
    at = (department.text if zh else DEPARTMENTS_EN.get(department.text, department.text)) if department else ""
    tail = (f"({at})" if zh else f" ({at})") if at else ""
    return f"{told.named(name, language)}{':' if zh else ': '}{('、' if zh else ', ').join(each)}{tail}"
