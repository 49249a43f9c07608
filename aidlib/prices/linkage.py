"""Price linkage: did a place's subsidy start in a month, by which condition, and what was each group due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status, Value, weakest
from aidlib.prices.amounts import Amount, amounts
from aidlib.prices.bases import PAID, paid
from aidlib.prices.deadline import Deadline, deadline
from aidlib.prices.method import Condition, Desk, conditions, desk, places
from aidlib.prices.readings import SERIES, Reading, Readings
from aidlib.prices.triggers import any_of
from aidlib.prices.words import Said, index_words
from aidlib.regions import NATION, lineage, region

__all__ = ["Decision", "decide", "latest_month", "places"]

Outcome = Literal["triggered", "not_triggered", "undetermined"]
OUTCOMES: dict[str, Outcome] = {"met": "triggered", "not_met": "not_triggered", "cannot_tell": "undetermined"}


@dataclass(frozen=True)
class Decision:
    """What the law of a place says about one index month.

    Attributes
    ----------
    place, month : str
        Region code and index month; payment follows later.
    method_of : str
        Place whose method was used (the place itself, unless methods are compared).
    regime, overlay, method : Value or None
        The governing instrument, a temporary overlay, and the local method; no local method means the national form.
    conditions : tuple of Condition
        Each start condition with its line, reading and verdict.
    outcome : str
        triggered, not_triggered or undetermined.
    amounts : tuple of Amount
        Per covered group; conditional where the outcome is undetermined, empty where payment did not start.
    deadline : Deadline
        Latest payment date.
    stated : Figure or None
        What the place is known to have paid for the month; zero: it said that payment did not start.
    values : tuple of Value
        Every row of law that was read.
    missing, cautions : tuple of Said
        What is missing for a firm answer, and what a reader must know about this one.
    """

    place: str
    month: str
    method_of: str
    regime: Value | None
    overlay: Value | None
    method: Value | None
    conditions: tuple[Condition, ...]
    outcome: Outcome
    amounts: tuple[Amount, ...]
    deadline: Deadline
    stated: Figure | None
    values: tuple[Value, ...]
    missing: tuple[Said, ...]
    cautions: tuple[Said, ...]

    @property
    def met(self) -> tuple[Condition, ...]:
        """The conditions that started payment."""
        return tuple(condition for condition in self.conditions if condition.verdict == "met")

    @property
    def outcome_status(self) -> Status:
        """How well the outcome is known: observed when a published index alone settles it."""
        deciding = self.met or self.conditions
        each = [_status(condition) for condition in deciding]
        if self.outcome == "triggered":
            return min(each, key=lambda status: status != "observed")
        return weakest("observed", *each)

    @property
    def status(self) -> Status:
        """Weakest status of everything that went into the outcome and the amounts."""
        return weakest("enacted", *(value.status for value in self.values), self.outcome_status,
                       *(amount.status for amount in self.amounts))  # fmt: skip

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every index reading the outcome and the amounts rest on."""
        tested = [reading for condition in self.conditions for reading in condition.readings if reading]
        used = [reading for amount in self.amounts if amount.factor for reading in amount.factor.readings]
        return tuple(dict.fromkeys([*tested, *used]))

    def amount(self, group: str) -> Amount | None:
        """Return a group's amount, or None where the group is not covered or payment did not start."""
        return next((amount for amount in self.amounts if amount.group == group), None)


def decide(
    book: Book,
    figures: Figures,
    place: str,
    month: str,
    *,
    method_of: str = "",
    variant: str = "",
    released: date | None = None,
    readings: Readings | None = None,
) -> Decision:
    """某地某月是否启动价格补贴、依据哪个条件、每类对象补多少。 Did the subsidy start, by which condition, and what is each group due.

    Parameters
    ----------
    book, figures : Book, Figures
        Law and published figures; what is read is remembered in them.
    place, month : str
        Region code or full name, and index month `YYYY-MM`.
    method_of : str, optional
        Another place whose method is to be tried on this place's indices and standards.
    variant : str, optional
        An alternative statement of the method, such as `alternative_scpi`.
    released : date, optional
        Day the index was published, for the payment deadline.
    readings : Readings, optional
        Readings already opened on `figures`, to share their work over many months.

    Returns
    -------
    Decision

    Raises
    ------
    RegionUnknown, ParameterFault
        No such region or month.

    Examples
    --------
    >>> found = decide(Book(), Figures(), "320000", "2019-10")
    >>> found.outcome, [condition.indices for condition in found.met], found.outcome_status
    ('triggered', [('cpi',), ('scpi',)], 'observed')
    """
    at = desk(book, readings or Readings(figures), place, month, method_of, variant)
    regime, overlay, method = (at.rule(f"linkage_{name}") for name in ("regime", "overlay", "method"))
    tested = conditions(at)
    outcome = OUTCOMES[any_of(condition.verdict for condition in tested)]
    due = amounts(at, tested) if outcome != "not_triggered" else ()
    paid_by = deadline(at.rule, month, released)
    missing = [*_no_rule(regime, tested, month), *_gaps(tested, outcome), *_amount_gaps(due)]
    return Decision(at.place, month, at.law.place, regime, overlay, method, tested, outcome, due, paid_by, _stated(at),
                    tuple(at.values.values()), tuple(dict.fromkeys(missing)),
                    tuple(dict.fromkeys([*_cautions(at, method, tested), *_standard_cautions(due)])))  # fmt: skip


def _stated(at: Desk) -> Figure | None:
    return next((found for group in PAID if (found := paid(at, group))), None)


def latest_month(figures: Figures, place: str) -> str | None:
    """Return the last month for which a place's own CPI, or its province's, is in the data.

    Examples
    --------
    >>> latest_month(Figures(), "440000"), latest_month(Figures(), "450400")
    ('2020-04', '2020-10')
    """
    months = [max(figures.all(code, SERIES["cpi"]), default="") for code in lineage(place) if code != NATION]
    return max(months, default="") or None


def _status(condition: Condition) -> Status:
    known = [part.status for part in (*condition.readings, condition.value, condition.ceiling) if part]
    return weakest("observed", *known) if all(condition.readings) else "estimated"


def _no_rule(regime: Value | None, tested: Sequence[Condition], month: str) -> list[Said]:
    if regime is None:
        return [Said(f"规则库没有{month}的联动机制依据", f"the law book has no linkage rule for {month}")]
    return [] if tested else [Said("规则库没有启动条件", "the law book has no start condition")]


def _gaps(tested: Sequence[Condition], outcome: Outcome) -> list[Said]:
    return [_gap(condition) for condition in tested if condition.verdict == "cannot_tell" and outcome == "undetermined"]


def _gap(condition: Condition) -> Said:
    names = [index_words(index) for index in condition.indices]
    zh, en = "或".join(name.zh for name in names), " or ".join(name.en for name in names)
    if condition.line is None:
        return Said(f"{zh}的当地启动线未知", f"the local line of {en} is not known")
    if None in condition.readings:
        return Said(
            f"数据中没有当月的{zh}，也无法估算", f"{en} of the month is not in the data and cannot be estimated"
        )
    if condition.window != "single":
        return Said(f"{zh}所需的连续月份或启动线不完整", f"the months or the line that {en} needs are not complete")
    if condition.line.low != condition.line.high:
        return Said(f"{zh}的当地启动线只知道一个范围", f"only a range is known of the local line of {en}")
    return Said(f"{zh}只有估算值，与启动线的距离小于其误差", f"{en} is an estimate nearer to the line than its error")


def _amount_gaps(due: Sequence[Amount]) -> list[Said]:
    found = [amount.why for amount in due if amount.why]
    if any(amount.unrounded for amount in due):
        found.append(
            Said("当地的舍入规则未知，金额未舍入", "the local rounding rule is not known; amounts are unrounded")
        )
    return found


def _cautions(at: Desk, method: Value | None, tested: Sequence[Condition]) -> list[Said]:
    found = []
    if method is None:
        found.append(_no_method(at))
    elif (due := at.rule("linkage_local_update_by")) and f"{method.start}" <= due.text < f"{at.law.on}":
        found.append(Said(f"国家要求各地在{due.text}前修订办法；见到的当地办法早于此，可能已经修订",
                          f"local rules had to be updated by {due.text}; the one found is older and may have been replaced"))  # fmt: skip
    return found + [
        _read_above(reading) for c in tested for reading in c.readings if reading and reading.how == "above"
    ]


def _no_method(at: Desk) -> Said:
    """Tell a place without a method from one whose method is known only for earlier months."""
    rows = [row for code in lineage(at.law.place) for row in at.law.book.rows(code, "linkage_method")]
    ended = max((row.end for row in rows if row.end < at.law.on), default=None)
    if ended is None:
        return Said(
            "没有见到当地自己的办法，按国家文件的形式计算", "no local method was found; the national form is used"
        )
    return Said(f"当地的办法只知道到{ended}，这个月按国家文件的形式计算",
                f"the local method is known only until {ended}; the national form is used")  # fmt: skip


def _standard_cautions(due: Sequence[Amount]) -> list[Said]:
    used = [amount.standard for amount in due if amount.standard]
    return [standard.caution for standard in used if standard.caution]


def _read_above(reading: Reading) -> Said:
    where, index = region(reading.place), index_words(reading.index)
    return Said(
        f"{index.zh}使用{where.name_zh}的数值作为估算", f"{index.en} of {where.name('en')} stands in, as an estimate"
    )
