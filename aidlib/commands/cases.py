"""Published payments and standards held against what the library computes when it is asked plainly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from aidlib import tables
from aidlib.indices import Figures
from aidlib.law import Book, Value
from aidlib.money import fen, yuan
from aidlib.prices.amounts import Amount
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.regions import region

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["computed", "consistent", "cannot_tell", "differs"]
VERDICTS: tuple[Verdict, ...] = ("computed", "consistent", "cannot_tell", "differs")
PAYMENTS = (
    "case", "region", "month", "groups", "kind", "cpi", "food", "scpi", "standard", "amount", "note", "source",
)  # fmt: skip
INDICES = ("cpi", "food", "scpi")
OUTCOMES = {"started": "triggered", "not_started": "not_triggered"}
COMPARED = ("amount", "derived", "illustration", "inputs", *OUTCOMES, "no_rule", "range")
READING = "INFERENCE"
ROUNDING = "linkage_rounding"
NO_STANDARD = "none"
STANDS = ("enacted", "observed")


@dataclass(frozen=True)
class Result:
    """One question put to the library and what it answered.

    Attributes
    ----------
    case, region, when, group : str
        Which row of the cases, for whom.
    published, computed : str
        Yuan as announced, and as answered; an outcome where no amount was announced.
    verdict : str
        computed, consistent, cannot_tell or differs.
    why : str
        What lacks, or what does not fit.
    given : bool
        True where what the announcement itself prints was handed over.
    """

    case: str
    region: str
    when: str
    group: str
    published: str
    computed: str = ""
    verdict: Verdict = "cannot_tell"
    why: str = ""
    given: bool = False

    def judged(self, verdict: Verdict, why: str = "", computed: str = "") -> Result:
        """Say what came of it."""
        return replace(self, verdict=verdict, why=why, computed=computed)


def payments(given: bool = False) -> list[Result]:
    """Ask for every published payment: place, month and group only, or with what its announcement prints.

    Examples
    --------
    >>> [result.verdict for result in payments(given=True) if result.case == "JY2008-1"]
    ['computed']
    """
    book, figures = Book(), Figures()
    rows = tables.rows("cases/payments.csv", PAYMENTS)
    return [one for row in rows if not given or prints_both(row) for one in _payment(row, book, figures, given)]


def line(result: Result) -> str:
    """Write a result on one line."""
    asked = " ".join(filter(None, [result.case, result.region, result.when, result.group]))
    given = " (given)" if result.given else ""
    return f"{result.verdict:<11} {asked}{given}: published {result.published or '-'}, here {result.computed or '-'}  {result.why}".rstrip()


def prints_both(row: Mapping[str, str] | tables.Row) -> bool:
    """Tell whether an announcement prints an index and the standard it is applied to (`none`: an amount that needs no standard)."""
    return bool(row["standard"]) and any(row[index] for index in INDICES)


def frame(results: Iterable[Result]) -> pd.DataFrame:
    """Lay results out as a frame, one row a question."""
    import pandas as pd

    return pd.DataFrame([vars(result) for result in results])


def counts(results: Iterable[Result]) -> dict[Verdict, int]:
    """Count results by verdict."""
    found = Counter(result.verdict for result in results)
    return {verdict: found[verdict] for verdict in VERDICTS}


def _payment(row: tables.Row, book: Book, figures: Figures, given: bool) -> Iterator[Result]:
    asked = Result(row["case"], region(row["region"]).code, row["month"], "", row["amount"], given=given)
    months = tuple(_months(row["month"]))
    if row["kind"] not in COMPARED or not months:
        yield asked.judged("cannot_tell", row["note"])
        return
    for month in months:
        ends = [_printed(row, end) for end in (0, -1)] if given else [None]
        decisions = [decide(book, figures, asked.region, month, printed=printed) for printed in ends]
        if row["kind"] == "no_rule" or row["kind"] in OUTCOMES:
            yield _outcome(replace(asked, when=month), row["kind"], decisions[0])
            continue
        for group in row["groups"].split():
            found = dict.fromkeys(_amount(replace(asked, when=month, group=group), one) for one in decisions)
            yield (
                next(iter(found)) if len(found) == 1 else asked.judged("cannot_tell", "the rise is printed as a range")
            )


def _printed(row: tables.Row, end: int) -> dict[str, str]:
    """What an announcement prints, at one end where it prints a range; a worked illustration has one rise, whichever index it is."""
    rises = {index: row[index].split("..")[end] for index in INDICES if row[index]}
    if row["kind"] == "illustration":
        rises = dict.fromkeys(INDICES, row["cpi"])
    if row["standard"] == NO_STANDARD:
        return rises
    areas = {f"dibao_standard:{'rural' if group.endswith('rural') else 'urban'}" for group in row["groups"].split()}
    return rises | dict.fromkeys(areas, row["standard"])


def _outcome(asked: Result, kind: str, decision: Decision) -> Result:
    asked = replace(asked, published=OUTCOMES.get(kind, "no rule"), computed=decision.outcome)
    if kind == "no_rule":
        if decision.regime is None:
            return replace(asked, verdict="computed")
        return replace(asked, verdict="differs", why="a rule is found though the payment came before the mechanism")
    if decision.outcome == asked.published:
        return replace(asked, verdict="computed" if decision.outcome_status in STANDS else "consistent")
    open_ = decision.outcome == "undetermined"
    return replace(asked, verdict="cannot_tell" if open_ else "differs", why=_lacks(decision))


def _amount(asked: Result, decision: Decision) -> Result:
    due = decision.amount(asked.group)
    if due is None and decision.outcome == "not_triggered":
        return asked.judged("differs", "the month did not start payment", decision.outcome)
    if due is None:
        return asked.judged("cannot_tell", f"the group is not known to be covered {_lacks(decision)}".strip())
    shown, ends = _shown(due), tuple(fen(end) for end in asked.published.split("..") if end)
    if not ends:
        return asked.judged("cannot_tell", "the source prints no amount", shown)
    verdict = _compared(due, ends)
    if verdict == "computed" and not _proves(due, decision.values):
        return asked.judged(
            "consistent", "a row was read off published amounts, or the base is no standard in force", shown
        )
    return asked.judged(verdict, "" if verdict == "computed" else _why(due, decision), shown)


def _compared(due: Amount, published: tuple[int, ...]) -> Verdict:
    """Hold what is due against an amount, or the two ends of a range of amounts."""
    whole = due.fen()
    if whole is not None and due.low_fen == due.high_fen:
        return "computed" if (whole,) == published else "differs"
    if due.candidates and due.low_fen == due.high_fen and len(published) == 1:
        return "consistent" if published[0] in due.candidates else "differs"
    low, high = due.ends_fen
    if low is None or published[-1] < low:
        return "cannot_tell" if low is None else "differs"
    if high is None:
        return "cannot_tell"
    return "consistent" if published[0] <= high else "differs"


def _proves(due: Amount, values: Iterable[Value]) -> bool:
    """Tell whether an equal amount was worked out: not read from the payment itself, nor resting on a row read off payments."""
    if due.form == "announced" or due.rule.status not in STANDS:
        return False
    if due.standard and (due.standard.how not in ("in_force", "given") or due.standard.status not in STANDS):
        return False
    whole_yuan = due.exact_fen is not None and due.exact_fen % 100 == 0
    return all(value.source.level != READING or (value.name == ROUNDING and whole_yuan) for value in values)


def _shown(due: Amount) -> str:
    if due.candidates and due.low_fen == due.high_fen:
        return " or ".join(yuan(one) for one in due.candidates)
    ends = [None if end is None else yuan(end) for end in due.ends_fen]
    return "" if ends[0] is None else f"{ends[0]}.." + (ends[1] or "")


def _why(due: Amount, decision: Decision) -> str:
    codes = [note.code for note in due.lacks] + (["no_rounding"] if due.unrounded else [])
    codes += [note.code for option in due.options if option.standard and (note := option.standard.note())]
    codes += ["index_estimated"] if due.factor and due.factor.status == "estimated" else []
    codes += [note.code for note in decision.missing] if decision.outcome == "undetermined" else []
    return " ".join(dict.fromkeys(codes))


def _lacks(decision: Decision) -> str:
    return " ".join(dict.fromkeys(note.code for note in decision.missing))


def _months(text: str) -> Iterator[str]:
    """Spell out index months: `2019-05..2019-07 2020-01`; a year alone names none."""
    for part in text.split():
        first, _, last = part.partition("..")
        if re.fullmatch(r"\d{4}-\d{2}", first):
            yield from span(first, last or first)
