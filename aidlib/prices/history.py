"""Price linkage over months and places: what was decided, what was due, what it cost; as published, or under a reform or other prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.indices import Figure, Figures
from aidlib.known import Known
from aidlib.law import Book, Status, Value, weakest
from aidlib.law.reform import Reform, reform_of
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.parameters import table
from aidlib.prices.amounts import Amount
from aidlib.prices.announcement import points_of
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import MONTHS_IN_YEAR, number, shift, span
from aidlib.prices.readings import SERIES, Given, Reading, Readings, rows_behind
from aidlib.prices.triggers import QUARTER, Condition
from aidlib.regions import Region, place, provinces, region
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

INDICES = ("cpi", "food", "scpi")
MAIN_GROUPS = ("dibao_urban", "dibao_rural")
MONTH_WORDS, PLACE_WORDS = ("period", "month"), ("region", "place")
Rises = dict[tuple[str, str, str], Fraction]
Ends = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, repr=False)
class LinkageResult(Result):
    """Decisions over places and months.

    Attributes
    ----------
    decisions : tuple of Decision
        By place and month, oldest first.
    figures : Figures
        Published figures that they were decided on.
    """

    decisions: tuple[Decision, ...]
    figures: Figures

    def to_frame(self) -> pd.DataFrame:
        """Return one row a place and month."""
        import pandas as pd

        frame = pd.DataFrame([_month_row(decision) for decision in self.decisions])
        money = [name for name in frame.columns if name.endswith("_fen")]
        return frame.astype(dict.fromkeys(money, "Int64"))

    def amounts(self) -> pd.DataFrame:
        """Return one row a place, month and covered group, for months that pay or might."""
        import pandas as pd

        rows = [_amount_row(decision, amount) for decision in self.decisions for amount in decision.amounts]
        frame = pd.DataFrame(rows, columns=AMOUNT_COLUMNS)
        return frame.astype(dict.fromkeys((name for name in AMOUNT_COLUMNS if name.endswith("fen")), "Int64"))

    def payments(self) -> pd.DataFrame:
        """Return what is paid at once: the amounts of the months that one payment covers, each rounded by itself.

        A place that computes by the month and pays by the quarter pays the months of a calendar quarter together.
        """
        import pandas as pd

        sums: dict[tuple[str, str, str, str], list[tuple[Decision, Amount]]] = {}
        for decision in self.decisions:
            for due in decision.amounts:
                sums.setdefault((decision.place, *_paid_together(decision), due.group), []).append((decision, due))
        rows = [(*key, *_payment(parts)) for key, parts in sums.items()]
        columns = ["region", "first", "last", "group", "months", "open", "low_fen", "fen", "high_fen", "status"]
        return pd.DataFrame(rows, columns=columns).astype({"low_fen": "Int64", "fen": "Int64", "high_fen": "Int64"})

    def cost(
        self,
        recipients: Mapping[Any, int] | pd.DataFrame | None = None,
        by: Sequence[str] = ("region", "period"),
    ) -> pd.DataFrame:
        """Return what the subsidy cost, or would cost: persons times amount, with low, point and high.

        Raises
        ------
        ParameterFault
            An unknown column of `by`, or a head-count that is none.
        """
        import pandas as pd

        if unknown := [name for name in by if name not in ("region", "period", "group")]:
            raise ParameterFault("unknown column", where="by", expected="region, period, group", got=", ".join(unknown))
        sums: dict[tuple[str, ...], _Sum] = {}
        for decision in self.decisions:
            for group, part in _costs(decision, _heads(recipients)):
                key = {"region": decision.place, "period": decision.month, "group": group}
                if group or "group" not in by:
                    sums.setdefault(tuple(key[name] for name in by), _Sum()).add(part)
        columns = [*by, "persons", "low_fen", "point_fen", "high_fen", "status", "left_out"]
        frame = pd.DataFrame([(*key, *total.cells()) for key, total in sums.items()], columns=columns)
        return frame.astype({"low_fen": "Int64", "point_fen": "Int64", "high_fen": "Int64"})

    def _shown(self, rows: int) -> tuple[pd.DataFrame, int]:
        import pandas as pd

        shown = [_shown_row(decision, self.figures) for decision in self.decisions[:rows]]
        return pd.DataFrame(shown), len(self.decisions)


def price_linkage(
    regions: str | int | Region | Iterable[str | int | Region],
    first: str,
    last: str,
    reform: Reform | Mapping[str, object] | None = None,
    cpi: Mapping[Any, Any] | pd.DataFrame | None = None,
    *,
    book: Book | None = None,
    figures: Figures | None = None,
) -> LinkageResult:
    """各地逐月是否启动价格补贴、补多少。 Decide price linkage for places over months, as published or as it would be.

    Parameters
    ----------
    regions : str or iterable of str
        Places by code, Chinese or English name, or `provinces` for the 31 provincial-level regions.
    first, last : str
        First and last index month, `YYYY-MM`, both included.
    reform : Reform or mapping, optional
        Law values changed in memory (a mapping: for the nation and always); everything that rests on one is `synthetic`.
    cpi : mapping or DataFrame, optional
        Another path of prices: rises on the year in percentage points, by month (`{"2026-01": "3.6"}`), by (region, month), or by index
        (`{"cpi": {...}, "food": {...}}`); or a frame with columns period, one or more of cpi, food, scpi and, if need be, region. What
        rests on it is `synthetic`; months and indices not in it stay as they are published.
    book, figures : Book, Figures, optional
        Law and figures to read; default the shipped ones with your overlay.

    Returns
    -------
    LinkageResult
        `.to_frame()`, `.amounts()`, `.cost(recipients)`, `.plot()` (a square a place and month).

    Raises
    ------
    RegionUnknown, ParameterFault
        No such place or month; a rise that is no number or is an index.

    Examples
    --------
    >>> found = price_linkage("230000", "2019-09", "2019-10")
    >>> list(found.to_frame()["outcome"])
    ['triggered', 'triggered']
    >>> tame = price_linkage("230000", "2019-09", "2019-10", cpi={"cpi": {"2019-09": "1.0"}, "food": {"2019-09": "1.0"}})
    >>> list(tame.to_frame()["outcome"])
    ['not_triggered', 'triggered']
    """
    wanted = (
        [one.code for one in provinces()] if isinstance(regions, str) and regions == "provinces" else _codes(regions)
    )
    months = span(first, last)
    law, known = book or Book(), figures or Figures()
    changed = reform_of(reform)
    law = changed.book(law) if changed else law
    readings = Readings(known) if cpi is None else Given(known, rises(cpi), {}, "synthetic", "supposed", others=True)
    return LinkageResult(
        tuple(decide(law, known, code, month, readings=readings) for code in wanted for month in months), known
    )


def _codes(regions: str | int | Region | Iterable[str | int | Region]) -> list[str]:
    wanted: Iterable[Any] = regions if isinstance(regions, Iterable) and not isinstance(regions, str) else [regions]
    found = [place(one).code for one in wanted]
    if not found:
        raise ParameterFault("nothing is asked for", where="regions", expected="provinces, a place, or several")
    return found


def rises(given: Mapping[Any, Any] | pd.DataFrame) -> Rises:
    """Read a path of prices; every fault of it is listed at once."""
    found: Rises = {}
    wrong: list[Fault] = []
    for where, index, month, value in _cells(given):
        try:
            code = place(where).code if where else ""
            number(month)
            found[code, index, month] = points_of(value, f"{index} {where} {month}")
        except AidError as fault:
            wrong += fault.faults
    if wrong:
        raise ParameterFault(wrong)
    return found


def _cells(given: Mapping[Any, Any] | pd.DataFrame) -> Iterator[tuple[str, str, str, object]]:
    """Yield place, index, month and value of a path in any of its forms; a missing value is no value."""
    if hasattr(given, "items") and not hasattr(given, "columns"):
        given = dict(given.items())  # a mapping, or a Series of pandas
    if not isinstance(given, Mapping):
        yield from _frame_cells(table(given, "cpi"))
        return
    for key, value in given.items():
        if key in SERIES and isinstance(value, Mapping):
            yield from ((place, key, month, one) for place, _, month, one in _cells(value))
        else:
            place, month = key if isinstance(key, tuple) else ("", key)
            yield str(place), "cpi", str(month), value


def _frame_cells(frame: Any) -> Iterator[tuple[str, str, str, object]]:
    columns = list(frame.columns)
    month = next((name for name in MONTH_WORDS if name in columns), None)
    place = next((name for name in PLACE_WORDS if name in columns), None)
    indices = [name for name in SERIES if name in columns]
    if month is None or not indices:
        raise ParameterFault(
            "not a path of prices",
            where="cpi",
            expected=f"columns period and one of {', '.join(SERIES)}",
            got=", ".join(map(str, columns)),
        )
    cells = {name: frame[name].to_list() for name in columns}
    for at in range(len(frame)):
        for index in indices:
            value = cells[index][at]
            if value is not None and value == value:
                yield str(cells[place][at]) if place else "", index, str(cells[month][at])[:7], value


def amount_of(due: Amount) -> Known | None:
    """An amount as a known number: whole where the rounding is known, a range where only that is; None where nothing is known.

    An amount without an upper end has none (`high` is None).
    """
    if due.low_fen is None:
        return None
    low, point, high = (due.shown(end) for end in ("low", "exact", "high"))
    ends = [None if fen is None else Fraction(fen) / FEN_PER_YUAN for fen in (low, point, high)]
    rows = (due.paid,) if due.paid and due.form == "announced" else ()
    if ends[1] is not None and low == high:
        return Known(ends[1], "yuan/person/month", due.status, None, rows, "price_subsidy")
    middle = ends[1] if ends[1] is not None else ends[0]
    assert middle is not None
    return Known(middle, "yuan/person/month", due.status, None, rows, "price_subsidy", ends[0], ends[2])


def rise_of(reading: Reading, rows: list[Figure]) -> Known:
    """A reading as a known number: a point where it was published, a range where it is an estimate."""
    low, high = (reading.low, reading.high) if reading.error else (None, None)
    return Known(reading.rise, "pct", reading.status, reading.error or None, tuple(rows), reading.index, low, high)


def lines_of(conditions: Iterable[Condition]) -> list[Value | Figure]:
    """The rows of law that conditions take their lines from."""
    return [part for one in conditions for part in (one.value, one.ceiling) if part]


def rows_of(decision: Decision, figures: Figures) -> list[Value | Figure]:
    """Rows behind one month: lines, indices, standards, and what the place said it paid; each once."""
    read = [row for reading in decision.readings for row in rows_behind(figures, reading)]
    due = [decision.amount(group) for group in MAIN_GROUPS] if decision.outcome == "triggered" else []
    bases = [row for one in due if one and one.standard for row in one.standard.basis]
    rows = [*lines_of(decision.conditions), *read, *bases, *([decision.stated] if decision.stated else [])]
    return list({row.place: row for row in rows}.values())


def compare_methods(
    book: Book, figures: Figures, place: str, first: str, last: str, others: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """What the same months would have paid under other places' methods."""
    import pandas as pd

    readings, rows = Readings(figures), []
    for lender, statement in others:
        found = [
            decide(book, figures, place, month, method_of=lender, statement=statement, readings=readings)
            for month in span(first, last)
        ]
        rows.append({"method_of": region(lender).code, "statement": statement, **_summary(found)})
    return pd.DataFrame(rows)


def _summary(found: Sequence[Decision]) -> dict[str, object]:
    cells: dict[str, object] = {
        outcome: sum(d.outcome == outcome for d in found) for outcome in ("triggered", "not_triggered", "undetermined")
    }
    for group in MAIN_GROUPS:
        due = [d.amount(group) for d in found if d.outcome == "triggered"]
        known = [
            (Fraction(low), Fraction(high))
            for a in due
            if a and (low := a.shown("low")) is not None and (high := a.shown("high")) is not None
        ]
        least, most = (sum((ends[side] for ends in known), Fraction(0)) for side in (0, 1))
        cells |= {f"{group}_low_fen": least, f"{group}_high_fen": most, f"{group}_months": len(known)}
    return cells


def _month_row(decision: Decision) -> dict[str, object]:
    instruments = (decision.regime, decision.overlay, decision.method)
    cells: dict[str, object] = {
        "region": decision.place,
        "period": decision.month,
        **{
            name: row.text if row else None
            for name, row in zip(("regime", "overlay", "method"), instruments, strict=True)
        },
    }
    readings = {reading.index: reading for reading in reversed(decision.readings)}
    tested = {index: c for c in reversed(decision.conditions) for index in c.indices}
    for index in INDICES:
        reading, condition = readings.get(index), tested.get(index)
        line = condition.line if condition else None
        cells |= {
            f"{index}_yoy": float(reading.rise) if reading else None,
            f"{index}_error": float(reading.error) if reading else None,
            f"{index}_status": reading.status if reading else None,
            f"{index}_line": float(line.high) if line else None,
            f"{index}_chance": condition.chance if condition else None,
        }
    cells |= {
        "outcome": decision.outcome,
        "decided_by": " ".join("|".join(c.indices) for c in decision.met),
        "outcome_status": decision.outcome_status,
        "statements": " ".join(member.statement for member in decision.members),
    }
    for group in MAIN_GROUPS:
        due = decision.amount(group)
        low, high = due.ends_fen if due else (None, None)
        cells |= {f"{group}_fen": due.point_fen if due else None, f"{group}_low_fen": low, f"{group}_high_fen": high,
                  f"{group}_status": due.status if due else None}  # fmt: skip
    return cells | {
        "stated_fen": int(decision.stated.value * FEN_PER_YUAN) if decision.stated else None,
        "paid_by": decision.deadline.day,
        "status": decision.status,
        "missing": " ".join(dict.fromkeys(note.code for note in decision.missing)),
    }


STARTS = {"triggered": "started", "not_triggered": "not_started", "undetermined": "start_unknown"}


def _shown_row(decision: Decision, figures: Figures) -> dict[str, object]:
    """One month as a reader sees it, with the rows that it rests on."""
    read = {one.index: rise_of(one, rows_behind(figures, one)) for one in reversed(decision.readings)}
    due = [decision.amount(group) if decision.outcome == "triggered" else None for group in MAIN_GROUPS]
    return {
        "place": decision.place,
        "period": decision.month,
        **{f"{index}_rise": read.get(index) for index in INDICES},
        "start": STARTS[decision.outcome],
        "start_status": None if decision.outcome == "undetermined" else decision.outcome_status,
        **{f"{group}_amount": amount_of(one) if one else None for group, one in zip(MAIN_GROUPS, due, strict=True)},
        "paid": Known.of(decision.stated) if decision.stated else None,
        "sources": rows_of(decision, figures),
    }


def _paid_together(decision: Decision) -> tuple[str, str]:
    """Find the first and last index month that are paid together with a month."""
    pay, many = decision.law.value("linkage_pay"), decision.law.value("linkage_pay_months")
    count = int(many.number) if many else QUARTER if pay and pay.text == "quarterly" else 1
    first = shift(decision.month, -(number(decision.month) % MONTHS_IN_YEAR % count))
    return first, shift(first, count - 1)


def _payment(parts: Sequence[tuple[Decision, Amount]]) -> tuple[object, ...]:
    sure = [decision.outcome == "triggered" for decision, _ in parts]
    ends = [due.ends_fen for _, due in parts]
    low = sum(end[0] or 0 for end, started in zip(ends, sure, strict=True) if started)
    points = [due.point_fen if started else None for (_, due), started in zip(parts, sure, strict=True)]
    point = None if None in points else sum(fen for fen in points if fen is not None)
    high = None if any(end[1] is None for end in ends) else sum(end[1] or 0 for end in ends)
    status = weakest(*(due.status for _, due in parts), *(decision.outcome_status for decision, _ in parts))
    return sum(sure), len(sure) - sum(sure), low, point, high, status


AMOUNT_COLUMNS = [
    "region", "period", "outcome", "group", "form", "base", "standard_low_fen", "standard_fen", "standard_high_fen", "standard_status",
    "index", "rise", "rise_status", "fen", "low_fen", "high_fen", "candidates", "rounding", "status", "paid_fen", "persons", "lacks",
]  # fmt: skip


def _amount_row(decision: Decision, due: Amount) -> tuple[object, ...]:
    first, base, rise = due.options[0], due.standard, due.factor
    low, high = due.ends_fen
    return (
        decision.place, decision.month, decision.outcome, due.group, due.form,
        "|".join(dict.fromkeys(option.base for option in due.options if option.base)),
        *(base.whole_fen if base else (None, None, None)),
        base.status if base else None, first.index, float(rise.rise) if rise else None, rise.status if rise else None,
        due.point_fen, low, high, "|".join(map(str, due.candidates)), due.rounding.text if due.rounding else None, due.status,
        int(due.paid.value * FEN_PER_YUAN) if due.paid else None, int(due.persons.plain) if due.persons else None,
        " ".join(note.code for note in due.lacks),
    )  # fmt: skip


Heads = Callable[[Decision, Amount], tuple[int, Status] | None]


def _heads(recipients: Mapping[Any, int] | pd.DataFrame | None) -> Heads:
    """Say how many persons of a group a place has, and how well that is known."""
    if recipients is None:
        return _published_heads
    if not isinstance(recipients, Mapping):
        frame = table(recipients, "recipients")
        if lost := [name for name in ("group", "persons") if name not in frame.columns]:
            raise ParameterFault(
                "a column is missing", where="recipients", expected=", ".join(lost), got=", ".join(frame.columns)
            )
        places = (
            [place(str(code)).code for code in frame["region"].to_list()]
            if "region" in frame.columns
            else [""] * len(frame)
        )
        recipients = dict(
            zip(zip(places, frame["group"].to_list(), strict=True), frame["persons"].to_list(), strict=True)
        )
    given = {(key if isinstance(key, tuple) else ("", key)): _head(count, key) for key, count in recipients.items()}
    groups = Book().tables.groups
    if strange := [group for _, group in given if group not in groups]:
        raise ParameterFault(
            Fault("unknown group", "recipients", "a group of law/groups.csv", str(one), nearest(str(one), groups))
            for one in strange
        )

    def heads(decision: Decision, due: Amount) -> tuple[int, Status] | None:
        count = given.get((decision.place, due.group), given.get(("", due.group)))
        return None if count is None else (count, "observed")

    return heads


def _head(count: object, key: object) -> int:
    try:
        whole = int(count)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        whole = -1
    if isinstance(count, bool) or whole != count or whole < 0:
        raise ParameterFault("not a number of persons", where=str(key), expected="0 or more", got=str(count))
    return whole  # type: ignore[no-any-return]


def _published_heads(decision: Decision, due: Amount) -> tuple[int, Status] | None:
    if due.persons is None:
        return None
    fresh = due.persons.period[:4] == decision.month[:4]
    return int(due.persons.plain), weakest(due.persons.status, "observed" if fresh else "stale")


@dataclass
class _Sum:
    """A sum of costs; one unknown part leaves the end it belongs to unknown."""

    persons: int = 0
    low: Fraction = Fraction(0)
    point: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    status: Status = "enacted"
    left_out: tuple[str, ...] = ()

    def add(self, part: _Sum) -> None:
        """Add a part."""
        self.persons += part.persons
        self.low += part.low
        self.point = None if self.point is None or part.point is None else self.point + part.point
        self.high = None if self.high is None or part.high is None else self.high + part.high
        self.status = weakest(self.status, part.status)
        self.left_out = tuple(dict.fromkeys([*self.left_out, *part.left_out]))

    def cells(self) -> tuple[object, ...]:
        """Return persons, whole fen (the ends outwards), status and what is left out."""
        nobody = not self.persons and bool(self.left_out)
        point = None if self.point is None or nobody else half_up(self.point)
        high = None if self.high is None or nobody else int(-(-self.high // 1))
        return self.persons, int(self.low // 1), point, high, self.status, " ".join(self.left_out)


def _costs(decision: Decision, heads: Heads) -> Iterator[tuple[str, _Sum]]:
    """Yield the cost of each group; of a month without any, an empty cost that is known to be nothing or is not known."""
    if not decision.amounts:
        unknown = None if decision.outcome != "not_triggered" else Fraction(0)
        yield "", _Sum(point=unknown, high=unknown, status=decision.outcome_status)
    for due in decision.amounts:
        counted = heads(decision, due)
        if counted is None:
            yield "", _Sum(left_out=(due.group,), status=decision.outcome_status)
            continue
        persons, status = counted
        low, high = due.ends_fen
        sure = decision.outcome == "triggered"
        yield due.group, _Sum(
            persons, Fraction(persons * low if sure and low else 0),
            persons * Fraction(due.shown_fen) if sure and due.shown_fen is not None else None,
            None if high is None else Fraction(persons * high), weakest(due.status, status, decision.outcome_status),
        )  # fmt: skip
