"""What an open answer turns on, and what was taken to hold where nobody filled a fact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aidlib.register.columns import COLUMNS
from aidlib.rules.bounds import stands
from aidlib.rules.lawinputs import STANDARD
from aidlib.rules.unknown import FAVOURABLE, Decider
from aidlib.rules.wording import STATUS_WORDS, Language, written

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation


def doubts(told: Explanation, language: Language) -> Iterator[str]:
    """Write on which bound an open answer turns; where it does so only at one end of what else is unknown, with that end.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": None, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "310000", "2023-09-01")
    >>> next(doubts(told, "zh"))
    '家庭月收入不超过1,509.99元:最低生活保障;超过:低保边缘家庭'
    """
    for turn in told.deciders:
        yield _turn(told, turn, language) + ("" if stands(told, turn) else _provided(turn, language))
    for name in told.stand_ins:
        if name != STANDARD or not told["members"]:  # else the letter tells it
            yield _stands_in(told, name, language)


def _turn(told: Explanation, turn: Decider, language: Language) -> str:
    zh = language == "zh"
    name = told.named(turn.name, language) + (f"({turn.member + 1})" if turn.member >= 0 else "")
    below, above = (written("category", category, language) for category in (turn.below, turn.above))
    kind = COLUMNS[turn.name].kind if turn.name in COLUMNS else ""
    if kind in ("flag", "code"):
        cells = (bool(turn.at), bool(turn.at + 1)) if kind == "flag" else (turn.at, turn.at + 1)
        first, second = (written(turn.name, cell, language) for cell in cells)
        return f"{name}为{first}:{below};为{second}:{above}" if zh else f"{name} {first}: {below}; {second}: {above}"
    at = written(turn.name, turn.at, language)
    return f"{name}不超过{at}:{below};超过:{above}" if zh else f"{name} up to {at}: {below}; above: {above}"


def _stands_in(told: Explanation, name: str, language: Language) -> str:
    """Say that a value of the place itself is not on file, and what range stands in for it."""
    named, status = told.named(name, language), STATUS_WORDS[told.law.status([name])]
    low, high = (written(name, end, language) for end in told.ends(name, -1))
    if language == "zh":
        return f"{named}:本库没有当地的数,按{low}至{high}推算({status[0]})"
    return f"{named}: none of the place is on file; {low} to {high} stands in ({status[1]})"


def _provided(turn: Decider, language: Language) -> str:
    best = turn.side == FAVOURABLE
    if language == "zh":
        return f"(以其他未知的情况对该家庭最{'有利' if best else '不利'}为前提)"
    return f" (provided that all else unknown is {'most' if best else 'least'} favourable)"


def assumptions(told: Explanation, language: Language) -> Iterator[str]:
    """Write in one line what was taken to hold for facts nobody filled.

    Examples
    --------
    >>> from aidlib.rules.explain import explain
    >>> home = {"urban": True, "income_fen": 0, "property_ok": True, "expend_fen": 0, "persons": [{"age": 40, "relation": "applicant"}]}
    >>> told = explain(home, "450400", "2026-09-01", stale=True)
    >>> next(assumptions(told, "en")).startswith("not filled, and taken as none or no: ")
    True
    """
    zh, read = language == "zh", {arg for step in told.steps for arg in step.args}
    taken = {name: value for name, value in told.family.assumed.items() if name in read}
    absent = [told.named(name, language) for name in COLUMNS if name in taken and not taken[name]]
    others = [name for name in COLUMNS if taken.get(name)]
    said = [f"{told.named(name, language)} {_as(name, taken[name], language)}" for name in others]
    mark = "、" if zh else ", "
    if absent:
        yield (
            f"未填,按无或者否计:{mark.join(absent)}"
            if zh
            else f"not filled, and taken as none or no: {mark.join(absent)}"
        )
    if said:
        yield f"未填,计为:{mark.join(said)}" if zh else f"not filled, and taken as: {mark.join(said)}"


def _as(name: str, value: int, language: Language) -> str:
    return written(name, bool(value) if COLUMNS[name].kind == "flag" else value, language)
