"""The official form: each row scored exactly by its own rule, overrides beside the automatic score, grade on the unrounded total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import AidError, Fault
from aidlib.law.rubrics import Criterion, Rubric
from aidlib.money import decimal_text, exact, half_up

OVER_TARGET_SHARE = Fraction(3, 10)  # our choice: far above its target a row is marked for review, nothing is deducted
ROW_SCALE = 100  # rows rounded by themselves keep two decimals


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
    """A filled form: its rows, exact totals, and how much of it is still open.

    Attributes
    ----------
    rows : tuple of Scored
    automatic, final : Fraction
        Points of the rows that were scored, by the rules alone and with what people set.
    undecided : Fraction
        Points of the rows that were not: they are not nought, they are not assessed.
    rubric : Rubric or None
        How it is scored and graded.
    """

    rows: tuple[Scored, ...]
    automatic: Fraction
    final: Fraction
    undecided: Fraction
    rubric: Rubric | None = None

    @property
    def assessed(self) -> Fraction:
        """Points of the rows that were scored."""
        return Fraction(100) - self.undecided

    def shown(self) -> str:
        """Return the final total rounded half-up to two places, for showing only."""
        return decimal_text(self.final, 2)

    @property
    def grades(self) -> tuple[str, str] | None:
        """The lowest and the highest grade the card can have, in the rubric's own words; None where it has none, or too little is assessed.

        Graded on the unrounded total: 89.995 is not yet excellent though it is shown as 90.00. Source: EV16 art. 7.
        """
        if self.rubric is None or not self.rubric.grades or self.assessed < self.rubric.least_assessed:
            return None
        return grade(self.final, self.rubric), grade(self.final + self.undecided, self.rubric)


def grade(total: Fraction, rubric: Rubric) -> str:
    """得分达到等级线即为该等级,下限含本数。 A total reaches a grade when it is at least the points it begins with.

    Source: 民发〔2016〕242号 第七条.
    """
    return next(word for word, line in rubric.grades if total >= line)


def score(
    rows: Iterable[Criterion],
    actuals: Mapping[str, str | None],
    overrides: Mapping[str, Override] | None = None,
    rubric: Rubric | None = None,
) -> Card:
    """Fill a form."""
    rows, overrides = tuple(rows), overrides or {}
    if faults := _faults(rows, actuals, overrides):
        raise AidError(faults)
    weights = stages(rows, actuals)[-1]
    scored = tuple(
        _scored(row, weights[row.indicator], actuals.get(row.indicator), overrides.get(row.indicator), rubric)
        for row in rows
    )
    undecided = sum((weights[s.criterion.indicator] for s in scored if s.final is None), Fraction(0))
    totals = [sum(((points if points is not None else Fraction(0)) for points in side), Fraction(0))
              for side in ((s.automatic for s in scored), (s.final for s in scored))]  # fmt: skip
    return Card(scored, totals[0], totals[1], undecided, rubric)


def _faults(
    rows: tuple[Criterion, ...], actuals: Mapping[str, str | None], overrides: Mapping[str, Override]
) -> list[Fault]:
    known = {row.indicator: row for row in rows}
    faults = [Fault("the form has no such indicator", got=name) for name in {*actuals, *overrides} - known.keys()]
    for name in overrides.keys() & known.keys():
        low, high = _allowed(known[name], actuals.get(name))
        if not low <= overrides[name].points <= high:
            faults.append(
                Fault("points outside what the row allows", name, f"{low}..{high}", str(overrides[name].points))
            )
    for name in actuals.keys() & known.keys():
        try:
            share(known[name], actuals[name])
        except AidError as error:
            faults.extend(Fault(f.what, name, f.expected, f.got, f.hint) for f in error.faults)
    return faults


def stages(rows: tuple[Criterion, ...], actuals: Mapping[str, str | None]) -> list[dict[str, Fraction]]:
    """Return what each row counts for after rows that do not apply gave their points away."""
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


def _allowed(row: Criterion, actual: str | None) -> tuple[Fraction, Fraction]:
    """Least and greatest points a person may set: those of the word of a qualitative row, else from nothing to the weight."""
    low, high = (
        row.ranges.get(actual or "", (Fraction(0), Fraction(1))) if row.op == "range" else (Fraction(0), Fraction(1))
    )
    return low * row.weight, high * row.weight


def _scored(
    row: Criterion, weight: Fraction, actual: str | None, override: Override | None, rubric: Rubric | None
) -> Scored:
    earned = share(row, actual, rubric)
    points = None if earned is None else weight * earned
    if points is not None and rubric is not None and rubric.rounding == "row2":
        points = Fraction(half_up(points * ROW_SCALE), ROW_SCALE)
    return Scored(row, actual, points, override, _far_above(row, actual))


def _far_above(row: Criterion, actual: str | None) -> bool:
    if row.op != "ge" or actual in (None, "n/a"):
        return False
    return exact(str(actual)) > (1 + OVER_TARGET_SHARE) * exact(row.target)


def share(row: Criterion, actual: str | None, rubric: Rubric | None = None) -> Fraction | None:
    """Return the share of its weight that a row earns, 0..1; None while the rule or the value is unknown, or a person must set the points.

    `ge`, `le`: met earns all; else pro rata (`a/t`; `1 - (a-t)/t`, not below 0) or nothing, as the row says. `steps` earns the share of the
    highest bound reached, `steps_le` that of the lowest bound not exceeded; `levels` that of the level word; `band` all or nothing; `eq` all
    or nothing, or as the finance system has it pro rata below and all above; `deduct` loses so many points of its weight a case.
    """
    if row.op in ("open", "own") or actual is None:
        return None
    if actual == "n/a":
        return Fraction(1 if row.not_applicable == "full" else 0)
    if row.op in ("levels", "range"):
        return _level(row, actual)
    value = exact(actual)
    if row.op == "deduct":
        return max(Fraction(0), 1 - value * exact(row.target) / row.weight)
    if row.op in ("steps", "steps_le"):
        sign = 1 if row.op == "steps" else -1
        return next((earned for bound, earned in row.steps if sign * (value - exact(bound)) >= 0), Fraction(0))
    if row.op == "band":
        low, high = map(exact, row.target.split(".."))
        return Fraction(int(low <= value <= high))
    return _against(row, value, exact(row.target), rubric)


def _level(row: Criterion, actual: str) -> Fraction | None:
    known = row.ranges if row.op == "range" else dict(row.steps)
    if actual not in known:
        raise AidError("unknown level", expected=", ".join(known), got=actual)
    return None if row.op == "range" else dict(row.steps)[actual]


def _against(row: Criterion, value: Fraction, target: Fraction, rubric: Rubric | None) -> Fraction:
    op = row.op
    if op == "eq" and rubric is not None and rubric.equal == "prorata":
        op = "ge" if target else "le"
    met = {"ge": value >= target, "le": value <= target, "eq": value == target}[op]
    if met or row.grading == "strict" or op == "eq" or target == 0:
        return Fraction(int(met))
    return max(Fraction(0), value / target if op == "ge" else 1 - (value - target) / target)
