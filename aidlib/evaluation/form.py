"""The official form of a place and year: filled from law, figures and what an official gave, scored as its rubric says, open where nothing is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import tables
from aidlib.errors import AidError, DataFault, Fault, RegisterFault
from aidlib.evaluation.measures import MEASURES, Records, Seen, payment_asked
from aidlib.evaluation.scorecard import Card, Override, Scored, score
from aidlib.indices import Figure
from aidlib.indices.store import words
from aidlib.known import Known, Note
from aidlib.law import Value, weakest
from aidlib.law.rubrics import FORM_COLUMNS, FORM_TABLE, Criterion, Op, Rubric, default, load, rubric
from aidlib.money import decimal_text, digits, exact
from aidlib.regions import NATION, lineage, region
from aidlib.register.files import read_grids
from aidlib.register.grids import Grid
from aidlib.result import Result
from aidlib.standards.levels import AREAS
from aidlib.standards.targets import check_targets
from aidlib.words import word

if TYPE_CHECKING:
    import pandas as pd

WORKBOOK, DOCUMENT = "aidlib.views.form_workbook", "aidlib.views.form_document"
SEARCHED_ROWS = 30
READ = ("head", "item", "indicator", "weight", "target", "unit", "actual", "points", "reason", "date")
FACTS = ("project", "department", "operator", "filled_by", "first_budget", "budget", "executed")
AWAY = "n/a"
MOST_UNSPENT, MOST_AHEAD = Fraction(1, 5), Fraction(1, 20)  # the two warnings of the finance system
EXECUTION, OTHERS = Fraction(10), Fraction(90)
TARGET = re.compile(r"\s*(>=|<=|≥|≤|=|不低于|不高于)?\s*(-?\d+(?:\.\d+)?)\s*(\D*)\s*")
SIGNS: dict[str | None, Op] = {
    "≥": "ge",
    ">=": "ge",
    "不低于": "ge",
    "≤": "le",
    "<=": "le",
    "不高于": "le",
    "=": "eq",
    None: "ge",
}
DECIMALS = 4
NONE = Rubric("", "", "", 0, 0, (), "", "estimated", 0, 0, "strict", "exact", (), Fraction(80), "", "", "")
PERSONS = "人"


@dataclass(frozen=True)
class Answer:
    """An actual value that law or figures support, written as the form wants it, with the rows it rests on."""

    actual: str
    rows: tuple[Value | Figure, ...]


@dataclass(frozen=True)
class Filled:
    """What an official gave: actual values and adjusted points by indicator, rows of the unit's own, and the head of the form.

    Attributes
    ----------
    actuals : dict of str to str
    overrides : dict of str to Override
    reasons : dict of str to str
        Why a value is what it is, and what will be done.
    rows : tuple of dict
        Rows with points and a target, which take the place of a block that the unit fills by itself.
    facts : dict of str to str
        project, department, operator, filled_by, first_budget, budget, executed: as far as they were given.
    """

    actuals: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    def over(self, other: Filled) -> Filled:
        """Lay this over another: what stands in both is as it is here."""
        mine = {row["indicator"] for row in self.rows}
        return Filled(
            {**other.actuals, **self.actuals},
            {**other.overrides, **self.overrides},
            {**other.reasons, **self.reasons},
            (*(row for row in other.rows if row["indicator"] not in mine), *self.rows),
            {**other.facts, **self.facts},
        )


@dataclass(frozen=True)
class Form(Result):
    """A filled form.

    Attributes
    ----------
    rubric : Rubric
        Which form, and how it is scored.
    place, year : str, int
        Of whom and when.
    card : Card
        Its rows with automatic and final points.
    answers : mapping of str to Answer
        What law and figures filled in, by indicator; what an official gave is not here.
    facts : mapping of str to str
        The head of the form, as far as an official gave it.
    reasons : mapping of str to str
        What an official gave as reason, by indicator.
    warnings : tuple of Note
        What a reader must look at: money and achievement that part, a target that was not the one computed with, more persons than residents.
    """

    rubric: Rubric
    place: str
    year: int
    card: Card
    answers: Mapping[str, Answer]
    facts: Mapping[str, str]
    reasons: Mapping[str, str]
    warnings: tuple[Note, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator: form_head, form_item, indicator, weight, asked, actual, points (None: not assessed), by_hand, form_reason,
        sources; words as the form has them."""
        import pandas as pd

        columns = [
            "form_head",
            "form_item",
            "indicator",
            "weight",
            "asked",
            "actual",
            "points",
            "form_state",
            "form_reason",
            "sources",
        ]
        rows: Any = [self._row(scored) for scored in self.card.rows]
        return pd.DataFrame(rows, columns=columns)

    def workbook(self, language: str = "zh") -> bytes:
        """The form as `.xlsx`, formulas alive; nothing where it has no rows."""
        return import_module(WORKBOOK).workbook(self, language)  # type: ignore[no-any-return]

    def document(self, language: str = "zh") -> bytes:
        """The form as `.docx`, to print and sign; nothing where it has no rows."""
        return import_module(DOCUMENT).document(self, language)  # type: ignore[no-any-return]

    def reason(self, scored: Scored) -> str:
        """The reason given for a row's points or value; empty where none was."""
        given = self.reasons.get(scored.criterion.indicator, "")
        return scored.override.reason or given if scored.override else given

    def _row(self, scored: Scored) -> list[Any]:
        row, answer = scored.criterion, self.answers.get(scored.criterion.indicator)
        state = "by_hand" if scored.override else "not_assessed" if scored.final is None else "scored"
        reason = self.reason(scored) or ("no_reason" if scored.override else None)
        return [row.head, row.item, row.indicator, row.weight, asked(row), scored.actual, scored.final, state, reason,
                list(answer.rows) if answer else []]  # fmt: skip


def asked(row: Criterion) -> str | None:
    """Write what a row asks for as the form has it; nothing where the source does not state it. Behind `→` stands the share of the points.

    Examples
    --------
    >>> [asked(row) for row in load("2019-suixi")[:2]]
    ['≥100%', '≥21933人']
    >>> asked(load("2021-county-composite")[1])
    '≥100% → 100%；≥90% → 80%；≥85% → 60%'
    """
    if row.op in ("open", "own"):
        return None
    if row.op in ("ge", "le", "eq"):
        return f"{ {'ge': '≥', 'le': '≤', 'eq': '='}[row.op] }{row.target}{row.unit}"
    if row.op == "range":
        return "；".join(f"{name} → {_share(low)}–{_share(high)}" for name, (low, high) in row.ranges.items())
    if row.op in ("steps", "steps_le", "levels"):
        sign, unit = {"steps": ("≥", row.unit), "steps_le": ("≤", row.unit)}.get(row.op, ("", ""))
        return "；".join(f"{sign}{bound}{unit} → {_share(share)}" for bound, share in row.steps)
    return f"{row.target.replace(';', '；')}{row.unit}"


def _share(share: Fraction) -> str:
    return f"{digits(share * 100)}%"


def fill(at: Records, name: str = "", filled: str = "", households: Result | None = None) -> Form:
    """Fill a form from the data, and from what an official filled in.

    Raises
    ------
    AidError
        No such form; everything that is wrong with what was filled in.
    """
    chosen = name or default(at.year, region(at.place).level)
    given = read(filled).over(added(at.place, at.year, chosen))
    if not chosen and filled:
        raise DataFault(
            "a filled form, but the year has no default form", got=str(at.year), hint="rubric=2021-county-composite"
        )
    if not chosen:
        return Form(NONE, at.place, at.year, Card((), Fraction(0), Fraction(0), Fraction(100), NONE), {}, {}, {}, ())
    kind = rubric(chosen)
    rows = _with_own(load(chosen), given)
    answers = {
        row.indicator: one
        for row in rows
        if row.indicator not in given.actuals and (one := answer(at, row, households))
    }
    actuals = {**{name: one.actual for name, one in answers.items()}, **given.actuals}
    if rate := _rate(given.facts):
        actuals |= {
            row.indicator: rate
            for row in rows
            if row.bound == "measure:execution" and row.indicator not in given.actuals
        }
        answers = {name: one for name, one in answers.items() if actuals[name] == one.actual}
    card = score(rows, actuals, given.overrides, kind)
    return Form(kind, at.place, at.year, card, answers, given.facts, given.reasons, tuple(_warnings(at, card)))


def answer(at: Records, row: Criterion, households: Result | None = None) -> Answer | None:
    """What law or figures answer to a row: by what it is bound to, else where its name is that of a measure. That no instrument is on file proves nothing."""
    kind, _, rest = bound_to(row).partition(":")
    if kind == "instrument":
        found = instruments(at, tuple(rest.split("|")))
        yes = next((word for word, share in row.steps if share == 1), "") if row.op == "levels" else ""
        return Answer(yes, found) if found and yes else None
    ask: Mapping[str, Callable[[Records, str], Known | None]] = {
        "measure": _measure, "attained": _attained, "figure": _figure, "law": _law, "register": lambda _, name: _register(households, name),
    }  # fmt: skip
    known = ask[kind](at, rest) if kind else None
    text = written(known, row.unit) if known is not None and known.point else None
    return Answer(text, known.rows) if known is not None and text else None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Published series and measures by what they are called, a measure with its area before it."""
    pairs = ((name, area) for name, one in MEASURES.items() for area in one.areas)
    return {word(name, "", "zh"): f"figure:{name}" for name in words().series} | {
        f"{word(area, 'area', 'zh') if area else ''}{word(name, 'measure', 'zh')}": f"measure:{name}:{area}"
        for name, area in pairs
    }


def _register(households: Result | None, name: str) -> Known | None:
    """A measure of a register that may be shown; `1-name` is what is left of one."""
    if households is None:
        return None
    frame = households.to_frame()
    shown = dict(zip(frame["household_measure"], frame["value"], strict=True))
    found = shown.get(name.removeprefix("1-"))
    if not isinstance(found, Known):
        return None
    return replace(found, number=1 - found.number) if name.startswith("1-") else found


def _measure(at: Records, text: str) -> Known | None:
    name, _, area = text.partition(":")
    found = MEASURES[name].find(at, area)
    kept = isinstance(found, Seen) and (name != "level" or found.basis == "standard")
    return found.value if isinstance(found, Seen) and kept else None


def _attained(at: Records, name: str) -> Known | None:
    """What was reached of what was asked, in the area that reached least; None where it cannot be told of every area that was asked."""
    shares = _levels_of_asked(at) if name == "level" else _payments_of_asked(at)
    known = [share for share in shares if share is not None]
    return min(known, key=lambda share: share.number) if known and len(known) == len(shares) else None


def _levels_of_asked(at: Records) -> list[Known | None]:
    """Each area's standard over the guide or floor it is held against."""
    found: list[Known | None] = []
    for one in check_targets(at.basis):
        if one.target.name in ("dibao_floor", "dibao_guide") and one.verdict != "not_applicable":
            own = at.basis[one.area].level
            reached = own and own.kind == "standard" and one.verdict != "cannot_tell"
            found.append(_over(own.fen_month, one.target.fen_month, own.basis, one.target) if own and reached else None)
    return found


def _payments_of_asked(at: Records) -> list[Known | None]:
    """Each area's average payment over the one that the place or its province asked for."""
    found: list[Known | None] = []
    for area in AREAS:
        asked_for, paid = payment_asked(at, area), MEASURES["payment"].find(at, area)
        if asked_for:
            own = paid.value if isinstance(paid, Seen) and paid.value.point else None
            goal = Known.of(asked_for).fen_month
            found.append(_over(own.fen_month, goal, *own.rows, asked_for) if own else None)
    return found


def _over(number: Fraction, asked_for: Fraction, *rows: Value | Figure) -> Known:
    return Known(number / asked_for, "ratio", weakest(*(row.status for row in rows)), None, rows)


def _figure(at: Records, series: str) -> Known | None:
    found = at.figure(series)
    return Known.of(found) if found else None


def _law(at: Records, text: str) -> Known | None:
    name, _, area = text.partition(":")
    found = at.basis[area].rule(name)
    return Known.of(found) if found else None


def written(known: Known, unit: str) -> str | None:
    """Write a number in the unit of a form's row; None where it cannot be.

    Examples
    --------
    >>> written(Known(Fraction(7, 8), "ratio"), "%"), written(Known(Fraction(4500), "yuan/person/year"), "元/人月")
    ('87.5', '375')
    """
    row = known.row
    number: Fraction | None = None
    if unit == "%" and known.unit in ("ratio", "pct"):
        number = known.ratio * 100
    elif unit.startswith(PERSONS) and "person" in known.unit and "yuan" not in known.unit:
        number = row.plain if isinstance(row, Figure) and row.value == known.number else known.number
    elif unit in ("元/人月", "元/月") and "yuan" in known.unit:
        number = known.fen_month / 100
    elif unit == "元/人年" and "yuan" in known.unit:
        number = known.fen_month * 12 / 100
    if number is None:
        return None
    return _bare(decimal_text(number, DECIMALS))


def instruments(at: Records, names: tuple[str, ...]) -> tuple[Value, ...]:
    """One row of each local or provincial instrument with a number that held rows of these names within the year.

    What a newspaper or a web page says proves no document: its source has no number.
    """
    found: dict[str, Value] = {}
    for code in (code for code in lineage(at.place) if code != NATION):
        for entry in at.law.tables.entries:
            held = entry.start <= date(at.year, 12, 31) and entry.end >= date(at.year, 1, 1)
            if held and entry.key[0] == code and entry.key[1].startswith(names):
                value = at.law.at(code, min(entry.end, date(at.year, 12, 31))).find(entry.key[1], entry.key[2])
                if value is not None and value.region == code and value.source.number:
                    found.setdefault(value.source.id, value)
    return tuple(found.values())


def _rate(facts: Mapping[str, str]) -> str:
    """The execution rate from the head of the form, in percent; a nought budget is refused."""
    if not {"budget", "executed"} <= facts.keys():
        return ""
    budget, spent = (exact(facts[key].replace(",", "")) for key in ("budget", "executed"))
    if budget <= 0:
        raise DataFault("a budget must be above zero", where="budget", got=facts["budget"])
    return _bare(decimal_text(spent / budget * 100, DECIMALS))


def _bare(text: str) -> str:
    """A decimal text without noughts at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_own(rows: tuple[Criterion, ...], given: Filled) -> tuple[Criterion, ...]:
    """Put the rows that the unit wrote itself in the place of an open block of their head; what is left of its points stays open."""
    known = {row.indicator for row in rows}
    own = [_units_row(one, rows) for one in given.rows if one["indicator"] not in known]
    found: list[Criterion] = []
    faults: list[Fault] = []
    for row in rows:
        mine = [one for one in own if one.head == row.head] if row.op in ("open", "own") else []
        left = row.weight - sum((one.weight for one in mine), Fraction(0))
        if left < 0:
            faults.append(Fault("more points than the head has", row.head, str(row.weight), str(row.weight - left)))
        found += [*mine, *([replace(row, weight=left)] if left > 0 or not mine else [])]
    lost = [one for one in own if not any(one is each for each in found)]
    faults += [Fault("no block of this head takes rows of the unit", one.indicator, got=one.head) for one in lost]
    if faults:
        raise DataFault(faults)
    return tuple(found)


def _units_row(given: Mapping[str, str], rows: tuple[Criterion, ...]) -> Criterion:
    """A row of the unit's own: its points, and a target such as `≥98%`."""
    match = TARGET.fullmatch(given["target"])
    if match is None:
        raise DataFault(
            "a target that cannot be read", where=given["indicator"], expected="≥98%, ≤5300, =100", got=given["target"]
        )
    sign, number, unit = match.groups()
    head = next((row.head for row in rows if given["head"].startswith(row.head)), given["head"])
    op: Op = SIGNS[sign]
    name, item, unit = given["indicator"], given["item"], (given["unit"] or unit).strip()
    return Criterion(
        head, item, name, exact(given["weight"]), op, number, unit, "prorata", "rescale", "", "", "", "", ""
    )


def _warnings(at: Records, card: Card) -> Iterator[Note]:
    """What the finance system warns of, and numbers that cannot be."""
    spent = next(
        (one for one in card.rows if one.criterion.bound == "measure:execution" and one.actual not in (None, AWAY)),
        None,
    )
    others = [one for one in card.rows if one is not spent]
    if spent is not None and spent.actual is not None and spent.final is not None:
        rate = exact(spent.actual) / 100
        if 1 - rate > MOST_UNSPENT:
            yield Note("unspent", (decimal_text((1 - rate) * 100, 1),))
        if others and all(one.final is not None for one in others):
            achieved = sum((one.final for one in others if one.final is not None), Fraction(0)) / OTHERS
            if achieved and (achieved - spent.final / EXECUTION) / achieved > MOST_AHEAD:
                yield Note(
                    "achieved_ahead", (decimal_text(achieved * 100, 1), decimal_text(spent.final / EXECUTION * 100, 1))
                )
    people = at.residents("", str(at.year))
    for one in card.rows:
        if (
            people
            and one.criterion.unit == PERSONS
            and one.actual not in (None, AWAY)
            and exact(one.actual) > people.plain
        ):
            yield Note("more_than_residents", (one.criterion.indicator,))
        if one.review:
            yield Note("far_above_target", (one.criterion.indicator,))


@lru_cache(maxsize=1)
def _headings() -> dict[str, str]:
    return {row["heading"]: row["key"] for row in tables.rows("rubric_headings.csv", ("key", "heading"))}


def read(path: str) -> Filled:
    """Read a filled form.

    Parameters
    ----------
    path : str
        `.xlsx` or `.csv` with the columns 三级指标 and 实际完成值, and if wanted 一级指标, 二级指标, 分值, 年度指标值, 调整得分,
        偏差原因分析及改进措施 (or in English); above them the head of the form (项目名称, 全年预算数, …), each label beside its value.
        Empty: nobody has filled anything in. 不适用 means that a row does not apply.

    Raises
    ------
    DataFault
        No such file, no row of headings, or points that are no number; all at once.

    Examples
    --------
    >>> read("").actuals
    {}
    """
    if not path:
        return Filled()
    lines = list(_first_sheet(Path(path)).rows())
    at, places = _table_at(lines, Path(path).name)
    found, faults, own = Filled(facts=dict(_facts(lines[:at]))), [], []
    for number, line in lines[at + 1 :]:
        row = {key: _text(line.get(places.get(key, 0), "")) for key in READ}
        if not row["indicator"]:
            continue
        if row["actual"]:
            found.actuals[row["indicator"]] = AWAY if _headings().get(row["actual"]) == "away" else row["actual"]
        if row["reason"]:
            found.reasons[row["indicator"]] = row["reason"]
        if row["weight"] and row["target"]:
            own.append(row | {"target": line.get(places.get("target", 0), "").strip()})
        if row["points"]:
            try:
                found.overrides[row["indicator"]] = Override(exact(row["points"]), row["reason"], date=row["date"])
            except AidError:
                faults.append(Fault("points that are no number", f"row {number}", "a number", row["points"]))
    if faults:
        raise DataFault(faults)
    return replace(found, rows=tuple(own))


def added(place: str, year: int, rubric_name: str) -> Filled:
    """What was brought in with `aidlib data add` for a form of a place and year."""
    rows = {
        row["indicator"]: row.cells
        for row in tables.rows(FORM_TABLE, FORM_COLUMNS)
        if (row["region"], row["year"], row["rubric"]) == (place, str(year), rubric_name)
    }
    return _given(rows.values())


def _given(rows: Iterable[Mapping[str, str]]) -> Filled:
    listed = list(rows)
    return Filled(
        {
            row["indicator"]: AWAY if _headings().get(row["actual"]) == "away" else _text(row["actual"])
            for row in listed
        },
        reasons={row["indicator"]: row["reason"] for row in listed if row["reason"]},
        rows=tuple(row for row in listed if row["weight"] and row["target"]),
    )


def bound_to(row: Criterion) -> str:
    """What answers a row: what it is bound to, else the measure or series its name is that of; empty where only the unit can."""
    return row.bound or _names().get(row.indicator, "")


def lacking(at: Records, name: str = "") -> tuple[str, list[Criterion]]:
    """The form of a place and year, and its rows of which nothing is known."""
    form = fill(at, name)
    return form.rubric.name, [one.criterion for one in form.card.rows if one.actual is None]


def faults_of(name: str, rows: Iterable[Mapping[str, str]]) -> list[Fault]:
    """What is wrong with rows for one form, place and year: an indicator or head it does not have, a value or target that cannot be read."""
    given = _given(rows)
    try:
        score(_with_own(load(name), given), given.actuals, None, rubric(name))
    except AidError as error:
        return list(error.faults)
    return []


def _table_at(lines: list[tuple[int, dict[int, str]]], name: str) -> tuple[int, dict[str, int]]:
    for at, (_, cells) in enumerate(lines[:SEARCHED_ROWS]):
        keys = {place: _headings().get(text.strip()) for place, text in reversed(cells.items())}
        places = {key: place for place, key in keys.items() if key in READ}
        if {"indicator", "actual"} <= places.keys():
            return at, places
    raise DataFault("no row of headings was recognised", where=name, expected="三级指标、实际完成值")


def _facts(lines: list[tuple[int, dict[int, str]]]) -> Iterator[tuple[str, str]]:
    """Labels of the head with the value beside them, or below where the cell beside is a label too or empty."""
    cells = {(number, place): text.strip() for number, line in lines for place, text in line.items() if text.strip()}
    for (number, place), text in cells.items():
        if (key := _headings().get(text.rstrip("：:"))) in FACTS:
            beside = [cells.get(one, "") for one in ((number, place + 1), (number + 1, place))]
            if value := next((one for one in beside if one and one.rstrip("：:") not in _headings()), ""):
                yield str(key), value


def _first_sheet(path: Path) -> Grid:
    try:
        return read_grids(path)[0]
    except RegisterFault as error:
        raise DataFault(error.faults) from None


def _text(cell: str) -> str:
    """Take the mark off a cell that shows percent: the form states the unit beside it."""
    return cell.strip().removesuffix("%")
