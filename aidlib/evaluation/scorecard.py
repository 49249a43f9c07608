"""The official form: each row scored exactly by its own rule, overrides beside the automatic score, grade on the unrounded total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import AidError, Fault
from aidlib.law import LocalLaw
from aidlib.law.rubrics import Criterion
from aidlib.money import decimal_text, exact

OVER_TARGET_SHARE = Fraction(3, 10)  # our choice: far above its target a row is marked for review, nothing is deducted
GRADES = ("eval_excellent", "eval_good", "eval_pass")
FAIL = "eval_fail"


@dataclass(frozen=True)
class Override:
    """A score set by a person: points, who decided, when, and the reason; without a reason it is shown as lacking one."""

    points: Fraction
    reason: str
    by: str = ""
    date: str = ""


@dataclass(frozen=True)
class Scored:
    """One row with its result.

    Attributes
    ----------
    criterion : Criterion
    actual : str or None
        As given; None is unknown, `n/a` does not apply here.
    automatic : Fraction or None
        Points by the row's rule; None while open or unknown.
    override : Override or None
    review : bool
        True where the actual value is so far above its target that the target may have been too low.
    """

    criterion: Criterion
    actual: str | None
    automatic: Fraction | None
    override: Override | None
    review: bool

    @property
    def final(self) -> Fraction | None:
        """The override's points where there is one, else the automatic points."""
        return self.override.points if self.override else self.automatic


@dataclass(frozen=True)
class Card:
    """A filled form: its rows, exact totals, and how much of it is still open."""

    rows: tuple[Scored, ...]
    automatic: Fraction
    final: Fraction
    undecided: Fraction

    def shown(self) -> str:
        """Return the final total rounded half-up to two places, for showing only."""
        return decimal_text(self.final, 2)

    def grade(self, law: LocalLaw) -> tuple[str, str]:
        """Return the lowest and the highest grade the card can have; equal once nothing that matters is open.

        Graded on the unrounded total: 89.995 is not yet excellent though it is shown as 90.00. Source: EV16 art. 7.
        """
        return grade(self.final, law), grade(self.final + self.undecided, law)


def grade(total: Fraction, law: LocalLaw) -> str:
    """得分达到等级线即为该等级,下限含本数。 A total reaches a grade when it is at least the grade's line.

    Source: 民发〔2016〕242号 第七条.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> law = Book().at("000000", date(2019, 12, 31))
    >>> grade(Fraction("89.995"), law), grade(Fraction(90), law), grade(Fraction("59.995"), law)
    ('eval_good', 'eval_excellent', 'eval_fail')
    """
    return next((name for name in GRADES if total >= law.value(name).number), FAIL)


def score(
    rubric: Iterable[Criterion], actuals: Mapping[str, str | None], overrides: Mapping[str, Override] | None = None
) -> Card:
    """Fill a form.

    Parameters
    ----------
    rubric : iterable of Criterion
        The rows of `aidlib.law.rubrics.load`.
    actuals : mapping of str to str or None
        Actual value by indicator, as text; absent or None is unknown, `n/a` does not apply.
    overrides : mapping of str to Override, optional
        Points set by a person, by indicator.

    Returns
    -------
    Card
        A row that does not apply earns its weight (`full`) or gives it to the other rows of its item (`rescale`).

    Raises
    ------
    AidError
        Lists every indicator the form does not have, every unreadable value, every override above the row's weight.
    """
    rows, overrides = tuple(rubric), overrides or {}
    if faults := _faults(rows, actuals, overrides):
        raise AidError(faults)
    weights = stages(rows, actuals)[-1]
    scored = tuple(
        _scored(row, weights[row.indicator], actuals.get(row.indicator), overrides.get(row.indicator)) for row in rows
    )
    undecided = sum((weights[s.criterion.indicator] for s in scored if s.final is None), Fraction(0))
    totals = [sum(((points if points is not None else Fraction(0)) for points in side), Fraction(0))
              for side in ((s.automatic for s in scored), (s.final for s in scored))]  # fmt: skip
    return Card(scored, totals[0], totals[1], undecided)


def _faults(
    rows: tuple[Criterion, ...], actuals: Mapping[str, str | None], overrides: Mapping[str, Override]
) -> list[Fault]:
    known = {row.indicator: row for row in rows}
    faults = [Fault("the form has no such indicator", got=name) for name in {*actuals, *overrides} - known.keys()]
    for name in overrides.keys() & known.keys():
        if not 0 <= overrides[name].points <= known[name].weight:
            faults.append(
                Fault("points outside the row's weight", name, f"0..{known[name].weight}", str(overrides[name].points))
            )
    for name in actuals.keys() & known.keys():
        try:
            share(known[name], actuals[name])
        except AidError as error:
            faults.extend(Fault(f.what, name, f.expected, f.got, f.hint) for f in error.faults)
    return faults


def stages(rows: tuple[Criterion, ...], actuals: Mapping[str, str | None]) -> list[dict[str, Fraction]]:
    """Return what each row counts for after rows that do not apply gave their points away.

    Returns
    -------
    list of dict
        Points by indicator after they went to the other rows of their item, from an empty item to its head, and from an empty
        head to the form; the last is what counts.
    """
    dropped = {r.indicator for r in rows if actuals.get(r.indicator) == "n/a" and r.not_applicable == "rescale"}
    weights, found = {r.indicator: Fraction(0) if r.indicator in dropped else r.weight for r in rows}, []
    for level in (lambda r: (r.head, r.item), lambda r: r.head, lambda r: None):
        weights = {row.indicator: weights[row.indicator] * _factor(row, rows, weights, level) for row in rows}
        found.append(weights)
    return found


def _factor(
    row: Criterion, rows: tuple[Criterion, ...], weights: Mapping[str, Fraction], level: Callable[[Criterion], object]
) -> Fraction:
    peers = [peer for peer in rows if level(peer) == level(row)]
    kept = sum((weights[peer.indicator] for peer in peers), Fraction(0))
    return sum((peer.weight for peer in peers), Fraction(0)) / kept if kept else Fraction(1)


def _scored(row: Criterion, weight: Fraction, actual: str | None, override: Override | None) -> Scored:
    earned = share(row, actual)
    return Scored(row, actual, None if earned is None else weight * earned, override, _far_above(row, actual))


def _far_above(row: Criterion, actual: str | None) -> bool:
    if row.op != "ge" or actual in (None, "n/a"):
        return False
    return exact(str(actual)) > (1 + OVER_TARGET_SHARE) * exact(row.target)


def share(row: Criterion, actual: str | None) -> Fraction | None:
    """Return the share of its weight that a row earns, 0..1; None while the rule or the value is unknown.

    `ge`, `le`: met earns all; else pro rata (`a/t`; `1 - (a-t)/t`, not below 0) or nothing, as the row says.
    `steps` earns the share of the highest bound reached; `levels` that of the level word; `band` and `eq` all or nothing.
    """
    if row.op == "open" or actual is None:
        return None
    if actual == "n/a":
        return Fraction(1 if row.not_applicable == "full" else 0)
    if row.op == "levels":
        return _level(row, actual)
    value = exact(actual)
    if row.op == "steps":
        return next((earned for bound, earned in row.steps if value >= exact(bound)), Fraction(0))
    if row.op == "band":
        low, high = map(exact, row.target.split(".."))
        return Fraction(int(low <= value <= high))
    return _against(row, value, exact(row.target))


def _level(row: Criterion, actual: str) -> Fraction:
    levels = dict(row.steps)
    if actual not in levels:
        raise AidError("unknown level", expected=", ".join(levels), got=actual)
    return levels[actual]


def _against(row: Criterion, value: Fraction, target: Fraction) -> Fraction:
    met = {"ge": value >= target, "le": value <= target, "eq": value == target}[row.op]
    if met or row.grading == "strict" or row.op == "eq" or target == 0:
        return Fraction(int(met))
    return max(Fraction(0), value / target if row.op == "ge" else 1 - (value - target) / target)
