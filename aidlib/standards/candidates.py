"""Candidates side by side: as a frame, under their bounds, how far they move with their inputs, and what they would cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, cast

from aidlib.errors import DataFault
from aidlib.known import Known, Missing, Note, every, missing_html
from aidlib.law import Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, digits, half_up
from aidlib.result import Frame, Result
from aidlib.standards.bounds import Bound, Bounded, Limits
from aidlib.standards.levels import AREAS, COSTED, Level
from aidlib.standards.measures import cost_of_change
from aidlib.standards.methods import COLUMNS, TARGET_METHOD, Candidate

if TYPE_CHECKING:
    import pandas as pd

POINT = Fraction(1, 100)
Place = Literal["below", "above", "within", "same", ""]


class Candidates(Result, Sequence[Candidate]):
    """一地一年的各种测算值。 Candidates of a place and year, and the methods that could not be used.

    Parameters
    ----------
    *found : Candidate, Missing, or lists of them
        What methods answered, in the order in which they are to be shown; one's own stands where the others do.

    Attributes
    ----------
    missing : tuple of Missing
        What lacks, by method.

    Examples
    --------
    >>> from aidlib.standards.basis import standard_basis
    >>> base = standard_basis("梧州市", 2019)
    >>> made = Candidates(base.consumption_share(), base.cpi_uprating(), Candidate("mine", fen_month=60000))
    >>> [(one.area, one.method) for one in made][:3], len(made)
    ([('urban', 'consumption_share'), ('rural', 'consumption_share'), ('urban', 'cpi_uprating')], 5)
    >>> made.bounded(base.bounds()).to_frame()["bounded_fen_month"].map(float).round(1).tolist()
    [64493.1, 60050.1, 60000.0, 36124.6, 32846.8, 60000.0]
    """

    def __init__(self, *found: Any) -> None:
        flat = list(every([*one, *one.missing] if isinstance(one, Candidates) else one for one in found))
        wrong = [one for one in flat if not isinstance(one, (Candidate, Missing))]
        if wrong:
            raise DataFault("not a candidate", expected="candidates, or what is missing", got=repr(wrong[0]),
                            hint='Candidate("mine", fen_month=60000)')  # fmt: skip
        self._found = tuple(one for one in flat if isinstance(one, Candidate))
        self.missing: tuple[Missing, ...] = tuple(dict.fromkeys(one for one in flat if isinstance(one, Missing)))

    def __getitem__(self, at: Any) -> Any:
        return Candidates(*self._found[at]) if isinstance(at, slice) else self._found[at]

    def __len__(self) -> int:
        return len(self._found)

    def of(self, area: str) -> Candidates:
        """The candidates of one area; those for both areas belong to each."""
        lost = [one for one in self.missing if one.area in (area, "")]
        return Candidates(*(replace(one, area=area) for one in self if one.area in (area, "")), *lost)

    def bounded(self, limits: Limits | Iterable[Limits]) -> BoundedCandidates:
        """适用上下限。 Hold each candidate to the bounds of its area (`base.bounds()`), rounded once at the end; town first."""
        by_area = {one.area: one for one in ([limits] if isinstance(limits, Limits) else limits)}
        held = [
            by_area[area].apply(replace(one, area=area))
            for area in AREAS
            for one in self
            if area in by_area and one.area in (area, "")
        ]
        return BoundedCandidates(tuple(held), by_area, self.missing)

    def to_frame(self) -> pd.DataFrame:
        """One row a candidate: area, method, formula, fen_month (exact) and its status, low, high, se_fen, notes, sources.

        What could not be computed is in `attrs["lacking"]`.
        """
        import pandas as pd

        frame = pd.DataFrame([one.row for one in self], columns=COLUMNS)
        frame.attrs["lacking"] = list(self.missing)
        return frame

    def sensitivity(self) -> Frame:
        """敏感性。 How far each candidate moves: a percentage point more of each ratio or rise, and all of real growth.

        Returns
        -------
        Frame
            area, method, input (argument of the method), change (`+1 point`, or `all`), effect_fen (exact), its status. What no input
            can be varied of has no row.

        Examples
        --------
        >>> from aidlib.standards.methods import mixed_uprating
        >>> Candidates(mixed_uprating("600", "2", "1/20", "1/2", area="urban")).sensitivity().to_frame()[["input", "effect_fen"]].values.tolist()
        [['cpi', Fraction(600, 1)], ['real_growth', Fraction(300, 1)], ['theta', Fraction(1500, 1)]]
        """
        import pandas as pd

        ordered = sorted(self, key=lambda one: (*AREAS, "").index(one.area))
        rows = [(one.area, one.method, *change, one.status) for one in ordered for change in _changes(one)]
        return Frame(
            pd.DataFrame(rows, columns=["area", "method", "input", "change", "effect_fen", "effect_fen_status"])
        )

    def compared(self, level: Level | Missing | None = None) -> Comparison:
        """与公布标准并列。 Candidates beside the level announced, dearest last, as they are and under no bound."""
        return Comparison(tuple(self), level or None, (*self.missing, *([level] if isinstance(level, Missing) else [])))

    def cost(self, limits: Limits | Iterable[Limits]) -> Frame:
        """各测算值所需资金。 What each candidate, under its bounds, would cost a year: see `BoundedCandidates.cost`."""
        return self.bounded(limits).cost()

    def __repr__(self) -> str:
        return f"Candidates({len(self)} candidates, {len(self.missing)} methods missing something)"

    def _repr_html_(self) -> str:
        return super()._repr_html_() + missing_html(self.missing)


@dataclass(frozen=True)
class Comparison(Result):
    """Candidates beside an announced level.

    Attributes
    ----------
    found : tuple of Candidate
        As given.
    level : Level or None
        What was announced, where it is known.
    missing : tuple of Missing
        Methods that could not be used, and what they lack.

    Examples
    --------
    >>> from aidlib.standards.methods import cpi_uprating, growth_uprating
    >>> found = Candidates(growth_uprating("600", "5"), cpi_uprating("600", "2")).compared()
    >>> found.to_frame()[["method", "fen_month"]].values.tolist()
    [['cpi_uprating', Fraction(61200, 1)], ['growth_uprating', Fraction(63000, 1)]]
    """

    found: tuple[Candidate, ...]
    level: Level | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def low(self) -> Fraction:
        """The lowest candidate, fen a month."""
        return min(one.fen_month for one in self.found)

    @property
    def high(self) -> Fraction:
        """The highest candidate, fen a month."""
        return max(one.fen_month for one in self.found)

    @property
    def above(self) -> int:
        """How many candidates lie above the announced level."""
        return sum(one.fen_month > self.level.fen_month for one in self.found) if self.level else 0

    def to_frame(self) -> pd.DataFrame:
        """The columns of `Candidates.to_frame` with of_announced (plain ratio), dearest last; the announced level is the row `announced`."""
        import pandas as pd

        rows = [[*one.row[:-2], self._share(one.fen_month), *one.row[-2:]] for one in self.found]
        if self.level:
            known = self.level.known
            rows.append(
                [
                    self.level.area,
                    METHOD_ANNOUNCED,
                    "",
                    known.fen_month,
                    known.status,
                    None,
                    None,
                    None,
                    Fraction(1),
                    None,
                    list(known.rows),
                ]
            )
        at = COLUMNS.index("fen_month")
        frame = pd.DataFrame(
            sorted(rows, key=lambda row: cast(Fraction, row[at])),
            columns=[*COLUMNS[:-2], "of_announced", *COLUMNS[-2:]],
        )
        frame.attrs["lacking"] = list(self.missing)
        return frame

    def _share(self, fen_month: Fraction) -> Fraction | None:
        return fen_month / self.level.fen_month if self.level else None


@dataclass(frozen=True, repr=False)
class BoundedCandidates(Result, Sequence[Bounded]):
    """Candidates after their bounds, beside the announced level.

    Attributes
    ----------
    found : tuple of Bounded
        In the order of the candidates.
    limits : dict of str to Limits
        What each area was held to.
    missing : tuple of Missing
        Methods that could not be used, and what they lack.
    """

    found: tuple[Bounded, ...]
    limits: Mapping[str, Limits]
    missing: tuple[Missing, ...] = ()

    def __getitem__(self, at: Any) -> Any:
        return replace(self, found=self.found[at]) if isinstance(at, slice) else self.found[at]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Bounded]:
        return iter(self.found)

    def to_frame(self) -> pd.DataFrame:
        """The columns of `Candidates.to_frame`, with bounded_fen_month, its status, bit and broken (names of bounds), announced_fen_month
        and less_announced; amounts are exact fen a month."""
        import pandas as pd

        rows = [self._row(one) for one in self]
        columns = [*COLUMNS[:-2], *BOUNDED, *COLUMNS[-2:]]
        frame = pd.DataFrame(rows, columns=columns)
        frame.attrs["lacking"] = list(self.missing)
        return frame

    def bounds(self) -> Frame:
        """上下限及其作用。 The limits that are known, in their order, and which candidates each changed.

        Returns
        -------
        Frame
            area, bound, formula, limit_fen_month with its status, region and since (of the row it rests on), bounds_bit (methods), notes, sources.
        """
        import pandas as pd

        rows = [row for area, limits in self.limits.items() for row in self._limits(area, limits)]
        columns = ["area", "bound", "formula", "limit_fen_month", "limit_fen_month_status", "region", "since", "bounds_bit", "notes", "sources"]  # fmt: skip
        return Frame(pd.DataFrame(rows, columns=columns))

    def cost(self) -> Frame:
        """提标所需资金。 What the announced step and each candidate would cost on the present recipients, as a range; nobody who newly
        qualifies is counted.

        Returns
        -------
        Frame
            area, method (`announced` for the step announced), from_fen_month, to_fen_month, recipients and payment_fen_month (before the
            change) with their statuses, formula (of low and high), low_fen, high_fen (a year) with status, notes, sources; areas without
            heads or a level before, and those whose level nobody is paid by, are in `attrs["lacking"]`.
        """
        import pandas as pd

        rows, lost = [], []
        for area, limits in self.limits.items():
            if (lack := _cannot_be_costed(limits)) is not None:
                lost.append(lack)
                continue
            steps = [(METHOD_ANNOUNCED, limits.announced.known)] if limits.announced else []
            steps += [(one.candidate.method, _known(one)) for one in self if one.candidate.area == area]
            rows += [_cost_row(limits, method, after) for method, after in steps]
        frame = pd.DataFrame(rows, columns=COST)
        frame.attrs["lacking"] = list(dict.fromkeys(lost))
        return Frame(frame)

    def spread(self, area: str) -> Spread | None:
        """Where the methods of an area lie under the bounds that an instrument sets; None where no method could be used."""
        held = [one for one in self if one.candidate.area == area]
        goals = [one.headline_fen_month for one in held if one.candidate.method == TARGET_METHOD]
        rest = {one.candidate.method: one.headline_fen_month for one in held if one.candidate.method != TARGET_METHOD}
        level = self.limits[area].announced
        return Spread(area, rest, goals[0] if goals else None, level.fen_month if level else None) if held else None

    def _limits(self, area: str, limits: Limits) -> Iterator[list[Any]]:
        own = [one for one in self if one.candidate.area == area]
        for at, bound in enumerate(limits.bounds):
            if bound.fen_month is not None and bound.basis is not None:
                bit = [one.candidate.method for one in own if one.steps[at].bit]
                yield _limit_row(area, bound, bit, limits)

    def _row(self, one: Bounded) -> list[Any]:
        level = self.limits[one.candidate.area].announced
        known = level.fen_month if level else None
        final = one.final_fen_month
        *plain, notes, rows = one.candidate.row
        return [*plain, final, one.status, list(one.bit) or None, list(one.broken) or None, known,
                None if known is None else final - known, notes, rows]  # fmt: skip

    def __repr__(self) -> str:
        return f"BoundedCandidates({len(self)} candidates, {len(self.missing)} methods missing something)"

    def _repr_html_(self) -> str:
        return super()._repr_html_() + missing_html(self.missing)


@dataclass(frozen=True)
class Spread:
    """Where the methods of one area lie, as a headline may say it.

    Attributes
    ----------
    area : str
        `urban` or `rural`.
    amounts : dict of str to Fraction
        Fen a month by method, under the bounds that an instrument sets; the ratio target is none of them.
    goal : Fraction or None
        What the rural to urban target gives.
    announced : Fraction or None
        The level announced for the year.
    """

    area: str
    amounts: Mapping[str, Fraction]
    goal: Fraction | None = None
    announced: Fraction | None = None

    @property
    def low(self) -> Fraction:
        """The lowest method."""
        return min(self.amounts.values())

    @property
    def high(self) -> Fraction:
        """The highest method."""
        return max(self.amounts.values())

    @property
    def place(self) -> Place:
        """Where the announced level lies among the methods to the fen: below, above, within, same; empty where one of them is not known."""
        if self.announced is None or not self.amounts:
            return ""
        low, level, high = (half_up(amount) for amount in (self.low, self.announced, self.high))
        return "same" if low == level == high else "below" if level < low else "above" if level > high else "within"


METHOD_ANNOUNCED = "announced"
BOUNDED = ["bounded_fen_month", "bounded_fen_month_status", "bit", "broken", "announced_fen_month", "less_announced"]
COST = ["area", "method", "from_fen_month", "to_fen_month", "recipients", "recipients_status", "payment_fen_month", "payment_fen_month_status",
        "formula", "low_fen", "low_fen_status", "high_fen", "high_fen_status", "notes", "sources"]  # fmt: skip


def _cannot_be_costed(limits: Limits) -> Missing | None:
    """What a cost lacks: a level before, one that somebody is paid by, or heads."""
    if not limits.current:
        return limits.current.of_method("cost")
    if limits.current.kind not in COSTED:
        return Missing("level_that_is_paid", limits.area, limits.current.year, "cost", limits.current.place)
    return None if limits.recipients else limits.recipients.of_method("cost")


def _known(one: Bounded) -> Known:
    return Known(one.final_fen_month / FEN_PER_YUAN, "yuan/person/month", one.status, rows=one.candidate.rows)


def _cost_row(limits: Limits, method: str, after: Known) -> list[Any]:
    """One step from the level before; both levels and the heads are known."""
    current, heads, paid = limits.current, limits.recipients, limits.payment or None
    assert current
    assert heads
    made = cost_of_change(current.known, after, heads, paid)
    old, new, many = (
        digits(current.fen_month / FEN_PER_YUAN),
        digits(after.fen_month / FEN_PER_YUAN),
        digits(heads.number, 0),
    )
    part = [f"{many} × {digits(paid.number)} × ({new} ÷ {old} − 1) × {MONTHS_PER_YEAR}"] if paid else []
    notes = [MEAN_HEADS] if "times" in heads.name else None
    status = weakest(made.status, after.status)
    return [limits.area, method, current.fen_month, after.fen_month, heads.number, heads.status,
            paid.fen_month if paid else None, paid.status if paid else None, [*part, f"{many} × ({new} − {old}) × {MONTHS_PER_YEAR}"],
            made.low_fen, status, made.high_fen, status, notes, [*(row for item in made.inputs for row in item.rows), *after.rows]]  # fmt: skip


def _limit_row(area: str, bound: Bound, bit: list[str], limits: Limits) -> list[Any]:
    basis = bound.basis
    assert basis is not None
    by_ratio = bound.name.startswith("ratio")
    urban = bound.fen_month / basis.ratio if by_ratio and bound.fen_month is not None else None
    formula = f"{digits(urban / FEN_PER_YUAN)} × {digits(basis.ratio * 100)}%" if urban is not None else ""
    since = basis.row.start if isinstance(basis.row, Value) else basis.period
    status = weakest(basis.status, "estimated") if bound.reading else basis.status
    return [area, bound.name, formula, bound.fen_month, status, basis.region, since, bit or None,
            [EVEN_PATH] if bound.reading else None, list(basis.rows)]  # fmt: skip


MEAN_HEADS, EVEN_PATH = Note("mean_of_person_times"), Note("even_path")


def _changes(one: Candidate) -> Iterator[tuple[str, str, Fraction]]:
    """A point more of every ratio and rise, and all of real growth instead of a part."""
    for name, item in one.arguments.items() if one.again else ():
        if not isinstance(item, Known) or "yuan" in item.unit or name in ("low", "high"):
            continue
        number = (
            Fraction(1) if name == "theta" else item.number + (1 if item.unit.startswith(("pct", "index")) else POINT)
        )
        moved = one.varied(**{name: replace(item, number=number, low=None, high=None)})
        yield name, "all" if name == "theta" else "+1 point", moved.fen_month - one.fen_month
