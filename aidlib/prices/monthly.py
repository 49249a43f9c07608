"""A place's months of price linkage as results that a page or a researcher shows: what was decided, due and paid, and what is unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aidlib.errors import DataGap, ParameterFault
from aidlib.indices import Figure, Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Book, Status, Value, weakest
from aidlib.money import FEN_PER_YUAN
from aidlib.prices import nowcast, scpi
from aidlib.prices.amounts import Amount
from aidlib.prices.formula import formula
from aidlib.prices.history import MAIN_GROUPS, amount_of, compare_methods, lines_of, rise_of, rows_of
from aidlib.prices.linkage import Decision, decisions
from aidlib.prices.method import IN_FORCE, methods
from aidlib.prices.months import first_day, shift
from aidlib.prices.readings import SERIES, rows_behind
from aidlib.prices.triggers import Condition
from aidlib.regions import NATION, Region, lineage, province_of, region
from aidlib.regions import place as place_of
from aidlib.result import Frame, Result

if TYPE_CHECKING:
    import pandas as pd

Rows = list[Value | Figure]
INDICES = ("cpi", "food", "scpi")
LIKELY = 0.95
GROUPS = ("dibao_urban", "dibao_rural", "tekun_urban", "tekun_rural", "edge_urban", "edge_rural", "wubao")
"""The order in which groups are shown; others follow."""
LIMITS = ("linkage_floor_yuan", "linkage_floor_share", "linkage_cap_yuan", "linkage_multiplier", "linkage_fixed_yuan")
SHAPES = ("linkage_amount", "linkage_factor", "linkage_floor_yuan", "linkage_floor_share")
"""Rows that give a method a shape of its own."""
MANY = 6
VERDICTS = {
    "excluded": "start_excluded",
    "very_likely_not": "start_unlikely",
    "very_likely": "start_likely",
    "cannot_tell": "start_unknown",
}


def newest_month(figures: Figures | None = None) -> str:
    """全国居民消费价格指数已经公布的最近一个月。 The newest month whose national consumer price index is in the data: the month of every page.

    Examples
    --------
    >>> newest_month() >= "2026-08"
    True
    """
    return max((figures or Figures()).all(NATION, SERIES["cpi"]))


def linkage_months(
    place: str | Region, period: str, lookback: int = 24, *, law: Book | None = None, figures: Figures | None = None
) -> LinkageMonths:
    """某地某月及以前各月的价格补贴联动机制启动情况。 Decide a month and those before it, as published.

    Parameters
    ----------
    place : str or Region
        Code or full name.
    period : str
        Index month `YYYY-MM`; payment follows later.
    lookback : int
        Months, the period included.
    law, figures : Book, Figures, optional
        What to read; left out: the shipped data and the user's own.

    Returns
    -------
    LinkageMonths
        One row a month in `.to_frame()`; `.now` is the month asked for.

    Examples
    --------
    >>> months = linkage_months("450000", "2019-12", 3)
    >>> [verdict for verdict in months.to_frame()["start"]], months.now.amounts().to_frame()["group"][0]
    (['started', 'started', 'started'], 'dibao_urban')
    """
    if not isinstance(lookback, int) or lookback < 1:
        raise ParameterFault("not a number of months", where="lookback", expected="1 or more", got=repr(lookback))
    code = place_of(place).code
    book, known = law or Book(), figures or Figures()
    return LinkageMonths(tuple(decisions(book, known, code, shift(period, 1 - lookback), period)), book, known)


def chances(decision: Decision) -> tuple[float, float]:
    """Return the least and greatest chance that payment started; 0 and 1 where an index is not known and nothing says how it lay.

    Conditions may move together or apart: the least is that of the likeliest one alone, the greatest their sum.
    """
    each = [_chances(member.conditions) for member in decision.members]
    return min(low for low, _ in each), max(high for _, high in each)


def verdict_of(chance: tuple[float, float]) -> str:
    """Say in one word how likely a start is, from its least and greatest chance.

    Examples
    --------
    >>> verdict_of((0.0, 0.02)), verdict_of((0.0, 1.0)), verdict_of((0.95, 1.0))
    ('start_unlikely', 'start_unknown', 'start_likely')
    """
    least, most = map(nowcast.verdict_of, chance)
    return VERDICTS[least if least == "very_likely" else "cannot_tell" if most == "very_likely" else most]


def _chances(conditions: Sequence[Condition]) -> tuple[float, float]:
    ends = [_chance(condition) for condition in conditions] or [(0.0, 1.0)]
    return max(low for low, _ in ends), min(1.0, sum(high for _, high in ends))


def _chance(condition: Condition) -> tuple[float, float]:
    if condition.chance is not None:
        return condition.chance, condition.chance
    return {"met": (1.0, 1.0), "not_met": (0.0, 0.0), "cannot_tell": (0.0, 1.0)}[condition.verdict]


@dataclass(frozen=True)
class LinkageMonth:
    """What is known of one place and index month: what the law decides, from which book and figures."""

    decision: Decision
    law: Book
    figures: Figures

    @property
    def place(self) -> str:
        """Region code."""
        return self.decision.place

    @property
    def month(self) -> str:
        """Index month."""
        return self.decision.month

    @cached_property
    def verdict(self) -> str:
        """started, not_started, start_excluded (no index of the place is out, and the nation's leaves no chance), start_unlikely,
        start_likely or start_unknown.
        """
        if self.decision.outcome == "triggered":
            return "started"
        if self.decision.outcome == "not_triggered":
            return "start_excluded" if self.predicted else "not_started"
        return verdict_of(self.chance)

    @cached_property
    def chance(self) -> tuple[float, float]:
        """Least and greatest chance that payment started."""
        return chances(self.decision)

    @property
    def conditions_of_all(self) -> list[Condition]:
        """The conditions of every statement of the method, those that say the same once."""
        return list(
            {_what(c): c for member in reversed(self.decision.members) for c in reversed(member.conditions)}.values()
        )[::-1]

    @property
    def _agreed(self) -> bool:
        """True where all statements of the method have the same conditions."""
        return len({frozenset(map(_what, member.conditions)) for member in self.decision.members}) == 1

    @property
    def predicted(self) -> list[Condition]:
        """Conditions on an index that is not out, judged by the nation's."""
        return [condition for condition in self.conditions_of_all if condition.likelihood]

    @property
    def firm(self) -> bool:
        """True where published indices alone settle the outcome."""
        told = self.decision.met or self.decision.conditions
        fewest = any if self.decision.met else all
        return fewest(not condition.estimated for condition in told)

    @property
    def main_lack(self) -> Note | None:
        """What the amount of the first main group lacks."""
        due = next((due for group in MAIN_GROUPS if (due := self.decision.amount(group))), None)
        return next(iter(notes_of(due)), None) if due else None

    def rise(self, index: str) -> Known | None:
        """The rise of an index on the year: published, an estimate with its error, or the range that the nation's leaves."""
        found = next((r for r in self.decision.readings if r.index == index), None)
        if found is not None:
            return rise_of(found, rows_behind(self.figures, found))
        if all(index not in condition.indices for condition in self.conditions_of_all):
            return None
        return self.range(index)

    def range(self, index: str) -> Known | None:
        """What the nation's index leaves for one that is not out: a range that holds it in 95 cases of 100."""
        made = self.prediction(index)
        if made is None:
            return None
        low, high = (Fraction(round(end * 100), 100) for end in made.interval(LIKELY))
        return Known(Fraction(round(made.mean * 100), 100), "pct", "estimated", None, made.basis, index, low, high)

    def prediction(self, index: str) -> nowcast.Predictive | None:
        """The predictive distribution of an index that is not out."""
        if index not in nowcast.TARGETS:
            return None
        return nowcast.predict(self.figures, self.decision.law.index_place, self.month, index)

    def national(self, index: str) -> Known | None:
        """What the nation's index did."""
        found = self.figures.find(NATION, SERIES[index], self.month) if SERIES[index] in self.figures.series else None
        return Known.of(found) if found else None

    @cached_property
    def last_published(self) -> str:
        """Last month up to this one for which the place or its province published the consumer price index; empty: never."""
        known = [self.figures.all(code, SERIES["cpi"]) for code in lineage(self.place) if code != NATION]
        return max(
            (m for each in known for m, f in each.items() if m <= self.month and f.status == "observed"), default=""
        )

    def conditions(self) -> Frame:
        """Each start condition: what the nation's index and the place's did, the line, the chance to reach it, the verdict.

        Columns: statement, index, national, rise, known_how, index_line, window, chance, verdict, sources.
        """
        import pandas as pd

        stated = {_what(c): member.statement for member in reversed(self.decision.members) for c in member.conditions}
        rows = [
            self._condition("" if self._agreed else stated[_what(condition)], condition, at)
            for condition in self.conditions_of_all
            for at in range(len(condition.indices))
        ]
        return Frame(_with_gaps(pd.DataFrame(rows), self.lacking()))

    def _condition(self, statement: str, tested: Condition, at: int) -> dict[str, Any]:
        index, reading = tested.indices[at], tested.readings[at]
        return {
            "statement": statement,
            "index": index,
            "national": self.national(index),
            "rise": self.rise(index),
            "known_how": reading.how if reading else "predicted" if tested.likelihood else "unknown",
            "index_line": _line(tested),
            "window": None if tested.window == "single" else f"{tested.window}",
            "months": None if tested.window == "single" else tested.months,
            "chance": None if tested.chance is None else _share(tested.chance),
            "verdict": tested.likelihood or tested.verdict,
            "sources": [*lines_of([tested]), *(rows_behind(self.figures, reading) if reading else [])],
        }

    def amounts(self) -> Amounts:
        """What each covered group is due, or would be if payment started."""
        return Amounts(self)

    def record(self) -> Frame:
        """How ranges made this way have held, for the province and all: share of outcomes inside 50, 80 and 95 %.

        Columns: index, place (empty: all provinces), record_kind, n, mae, coverage_50, coverage_80, coverage_95.
        """
        import pandas as pd

        used = dict.fromkeys(condition.indices[0] for condition in self.predicted)
        made = [found.record for index in used if (found := self.prediction(index))]
        if not made:
            return Frame(pd.DataFrame())
        whole = pd.concat(made).rename(columns={"series": "index", "kind": "record_kind", "region": "place"})
        whole["place"] = [code or NATION_OF_ALL for code in whole["place"]]
        whole["status"] = "estimated"
        return Frame(whole[["index", "record_kind", "place", "n", "mae", "coverage_50", "coverage_80", "coverage_95"]])

    def model(self) -> Frame:
        """The fitted numbers of the equation that the ranges come from, one row an index.

        Columns: index, mean_level, level_sd, loading_sd, persistence, shock_sd, shared, df, months, mean, sd.
        """
        import pandas as pd

        used = dict.fromkeys(condition.indices[0] for condition in self.predicted)
        rows = [_coefficients(index, found) for index in used if (found := self.prediction(index))]
        return Frame(pd.DataFrame(rows))

    def classes(self) -> Frame:
        """The compiled low-income index less the consumer price index, by class; empty where a class is not known.

        Columns: class, rise, weight_low, weight_all, contribution, sources; `attrs["gap"]` is the sum of contributions.
        """
        import pandas as pd

        above = (code for code in lineage(self.place) if code != NATION)
        place = next((code for code in above if scpi.relatives(self.figures, code, self.month)), None)
        try:
            if place is None:
                raise DataGap("not all eight class indices are known")
            parts = scpi.decomposition(self.figures, place, self.month)
        except DataGap:
            return Frame(pd.DataFrame())
        rows = [self._class(place, cells) for cells in parts.to_dict("records")]
        frame = pd.DataFrame(rows)
        frame.attrs |= {"gap": sum(row["contribution"] for row in rows), "place": place}
        return Frame(frame)

    def _class(self, place: str, cells: dict[Any, Any]) -> dict[str, Any]:
        name, (where, year, spending) = str(cells["class"]), scpi.LOW_INCOME
        periods, weight = scpi.CPI_WEIGHTS
        index = self.figures.find(place, f"cpi_yoy:total:{name}", self.month)
        poor = self.figures.find(where, f"{spending}:{name}", year)
        every = (self.figures.find(province_of(place).code, f"{weight}:{name}", period) for period in periods)
        weights = {key: Fraction(str(round(cells[key], 4))) for key in ("weight_low", "weight_all", "contribution")}
        moved = Known(Fraction(str(round(cells["rise"], 4))), "pct", "observed", None, (), name)
        behind = [index, poor, next((row for row in every if row), None)]
        return {"class": name, "rise": moved, **weights, "sources": [row for row in behind if row]}

    def lacking(self) -> list[Missing]:
        """The indices that the month's conditions need and that are not out, and standards that an amount needs."""
        found = [
            Missing(SERIES[index], year=int(self.month[:4]), place=self.decision.law.index_place, own=True)
            for condition in self.conditions_of_all
            for index, reading in zip(condition.indices, condition.readings, strict=True)
            if reading is None or reading.status != "observed"
        ]
        return list(dict.fromkeys(found))


NATION_OF_ALL = "all_provinces"


@dataclass(frozen=True)
class Amounts(Result):
    """What each covered group is due for a month, with how it is worked out.

    Attributes
    ----------
    month : LinkageMonth
        The month.
    """

    month: LinkageMonth

    @property
    def due(self) -> list[Amount]:
        """Amounts in the order they are shown."""
        place = {group: at for at, group in enumerate(GROUPS)}
        return sorted(self.month.decision.amounts, key=lambda due: place.get(due.group, len(place)))

    @property
    def unknown(self) -> list[str]:
        """Groups that are covered and of whose amount nothing is known."""
        return [due.group for due in self.due if due.low_fen is None]

    @property
    def unrounded(self) -> bool:
        """True where a rounding is not known."""
        return any(due.unrounded for due in self.due)

    def main(self) -> list[tuple[str, Known]]:
        """The amounts of urban and rural dibao, where any is known."""
        known = ((group, self.month.decision.amount(group)) for group in MAIN_GROUPS)
        return [(group, amount) for group, due in known if due and (amount := amount_of(due))]

    def to_frame(self) -> pd.DataFrame:
        """One row a group of whose amount anything is known: group, standard, factor_rise, formula, amount_month, paid, persons, total_fen, notes, sources."""
        import pandas as pd

        return pd.DataFrame([self._row(due) for due in self.due if due.low_fen is not None])

    def _row(self, due: Amount) -> dict[str, Any]:
        return {
            "group": due.group,
            "standard": _standard(due),
            "factor_rise": _factor(due.factor) if due.factor else None,
            "formula": formula(due),
            "amount_month": amount_of(due),
            "paid": Known.of(due.paid) if due.paid else None,
            "persons": _heads(due.persons),
            "persons_period": due.persons.period if due.persons else None,
            "total_fen": due.total_fen,
            "total_fen_status": _total_status(due, self.month.month),
            "notes": notes_of(due) or None,
            "sources": self._sources(due),
        }

    def _sources(self, due: Amount) -> Rows:
        limits = [v for v in self.month.decision.values if v.name in LIMITS and v.group in ("", due.group)]
        parts = (
            *(due.standard.basis if due.standard else ()),
            due.rounding,
            *limits,
            due.paid,
            due.persons,
        )
        read = due.factor.readings if due.factor else ()
        rows = [row for one in read for row in rows_behind(self.month.figures, one)]
        return list({row.place: row for row in (*(part for part in parts if part), *rows)}.values())


@dataclass(frozen=True)
class LinkageMonths(Result):
    """Consecutive months of one place, oldest first.

    Attributes
    ----------
    decisions : tuple of Decision
        By month.
    law, figures : Book, Figures
        What was read.
    """

    decisions: tuple[Decision, ...]
    law: Book
    figures: Figures

    def __len__(self) -> int:
        return len(self.decisions)

    def __iter__(self) -> Iterator[LinkageMonth]:
        return iter(self.months)

    @cached_property
    def months(self) -> tuple[LinkageMonth, ...]:
        """Every month."""
        return tuple(LinkageMonth(decision, self.law, self.figures) for decision in self.decisions)

    @property
    def now(self) -> LinkageMonth:
        """The last month: the one asked for."""
        return self.months[-1]

    @cached_property
    def verdicts(self) -> Counter[str]:
        """Count of months by verdict."""
        return Counter(month.verdict for month in self.months)

    @property
    def estimated_starts(self) -> int:
        """Months that started payment on estimates only."""
        return sum(month.verdict == "started" and not month.firm for month in self.months)

    def to_frame(self) -> pd.DataFrame:
        """One row a month: period; cpi_rise, food_rise, scpi_rise with their lines; start (the verdict), chance (at most); amounts; paid; sources."""
        import pandas as pd

        return _with_gaps(pd.DataFrame([self._row(month) for month in self.months]), self.lacking())

    def _row(self, month: LinkageMonth) -> dict[str, Any]:
        now = month.decision
        cells: dict[str, Any] = {"period": month.month, "national_cpi": month.national("cpi")}
        for index in INDICES:
            tested = next((c for c in month.conditions_of_all if index in c.indices), None)
            cells |= {f"{index}_rise": month.rise(index), f"{index}_line": _line(tested) if tested else None}
        high = month.chance[1]
        cells |= {
            "chance_most": _share(high) if month.predicted and high < 1 else None,
            "start": month.verdict,
            "start_status": None if now.outcome == "undetermined" else now.outcome_status,
        }
        for group in MAIN_GROUPS:
            due = now.amount(group) if now.outcome == "triggered" else None
            cells[f"{group}_amount"] = amount_of(due) if due else None
        cells["paid"] = Known.of(now.stated) if now.stated else None
        return {**cells, "sources": rows_of(month.decision, month.figures)}

    def lacking(self) -> list[Missing]:
        """Indices that conditions need and that are not out, by year."""
        return list(dict.fromkeys(gap for month in self.months for gap in month.lacking()))

    def elsewhere(self) -> Elsewhere:
        """What the same months would have paid under the national form and under every method with a shape of its own."""
        return Elsewhere(self)

    def notes(self) -> Frame:
        """What a firm answer lacks and what to mind over the months, most often first: note, months, which."""
        import pandas as pd

        found: dict[Note, list[str]] = defaultdict(list)
        for decision in self.decisions:
            for note in _named_bases(decision):
                found[note].append(decision.month)
        ordered = sorted(found.items(), key=lambda item: -len(item[1]))
        rows = [(note, len(months), _listed(months)) for note, months in ordered]
        return Frame(pd.DataFrame(rows, columns=["note", "months_count", "which"]))


@dataclass(frozen=True)
class Elsewhere(Result):
    """The same indices and standards under other places' methods."""

    months: LinkageMonths

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Counts and sums by method: see `aidlib.prices.history.compare_methods`."""
        own, first, last = self.months, self.months.decisions[0], self.months.decisions[-1]
        others = other_methods(own.law, last.place, last.month)
        return compare_methods(own.law, own.figures, last.place, first.month, last.month, others)

    @property
    def started(self) -> int:
        """Most months that any of the methods would have started."""
        return int(self.compared["triggered"].max())

    @property
    def undetermined(self) -> int:
        """Most months that cannot be told under any of the methods."""
        return int(self.compared["undetermined"].max())

    def to_frame(self) -> pd.DataFrame:
        """One row a method; no row where no method would have started payment.

        Columns: method_place, statement, started_months, not_started_months, unknown_months, urban_total, rural_total, known_months, sources.
        """
        import pandas as pd

        if not self.started:
            return pd.DataFrame()
        return pd.DataFrame([self._row(row) for row in self.compared.to_dict("records")])

    def _row(self, row: dict[Any, Any]) -> dict[str, Any]:
        law = self.months.law.at(row["method_of"], first_day(self.months.now.month))
        names = ("linkage_method", "linkage_amount", "linkage_factor")
        return {
            "method_place": "national_form" if row["method_of"] == NATION else region(row["method_of"]).code,
            "statement": None if row["statement"] in ("", IN_FORCE) else row["statement"],
            "started_months": row["triggered"],
            "not_started_months": row["not_triggered"],
            "unknown_months": row["undetermined"],
            "urban_total": _total(row, "dibao_urban"),
            "rural_total": _total(row, "dibao_rural"),
            "known_months": row["dibao_urban_months"],
            "sources": [value for name in names if (value := law.optional(name, row["statement"]))],
        }


def other_methods(law: Book, place: str, month: str) -> list[tuple[str, str]]:
    """Own method, the national form, every method in force with a shape of its own, and the statements that contradict them."""
    on, own = first_day(month), defaultdict[str, set[str]](set)
    for entry in law.tables.entries:
        if entry.key[1] in SHAPES and not entry.key[2] and entry.start <= on <= entry.end:
            own[entry.key[0]].add(f"{entry.key[1]}={entry.row['value']}")
    national = own[NATION]
    distinct = [code for code, rows in own.items() if not rows <= national and "linkage_amount=announced" not in rows]
    order = dict.fromkeys([place, NATION, *sorted(distinct)])
    return [(code, method.statement) for code in order for method in methods(law, code, month)]


def _standard(due: Amount) -> Known | None:
    """The base of an amount; None where it has several."""
    base = due.standard
    if base is None or len({option.base for option in due.options}) > 1:
        return None
    low, point, high = (None if fen is None else fen / FEN_PER_YUAN for fen in base.ends)
    if point is not None:
        return Known(point, "yuan/person/month", base.status, None, base.basis, base.base)
    return Known(base.low / FEN_PER_YUAN, "yuan/person/month", base.status, None, base.basis, base.base, low, high)


def _heads(count: Figure | None) -> Known | None:
    """A head-count in persons, whatever unit it is published in."""
    return Known(count.plain, "persons", count.status, None, (count,), count.series) if count else None


def _factor(factor: Any) -> Known:
    low, high = (None, None) if factor.low == factor.high else (factor.low, factor.high)
    return Known(factor.rise, "pct", factor.status, None, (), factor.index, low, high)


def _line(tested: Condition) -> Known | None:
    if tested.line is None:
        return None
    rows = tuple(part for part in (tested.ceiling, tested.value) if part)
    low, high = tested.line.low, tested.line.high
    ends = (None, None) if low == high else (low, high)
    return Known(high, "pct", weakest("enacted", *(row.status for row in rows)), None, rows, "line", *ends)


def _what(tested: Condition) -> tuple[object, ...]:
    """What tells a condition from another: index, line and window, and not the row of law it rests on."""
    return tested.indices, tested.line, tested.window, tested.months, tested.verdict, tested.likelihood


def _share(chance: float) -> Known:
    return Known(Fraction(round(chance * 10_000), 10_000), "ratio", "estimated")


def _total(row: dict[Any, Any], group: str) -> Known | None:
    low, high = (Fraction(row[f"{group}_{end}_fen"]) / FEN_PER_YUAN for end in ("low", "high"))
    if not row[f"{group}_months"]:
        return None
    ends = (None, None) if low == high else (low, high)
    return Known(low, "yuan/person/month", "estimated" if low != high else "observed", None, (), "", *ends)


def _total_status(due: Amount, month: str) -> Status | None:
    """A total over a head-count of another year is stale, whatever the amount is."""
    if due.total_fen is None or due.persons is None:
        return None
    return weakest(due.status, "observed" if due.persons.period[:4] == month[:4] else "stale")


def _coefficients(index: str, found: nowcast.Predictive) -> dict[str, Any]:
    fit = found.fit
    low = found.desk.low_income if index == "scpi" else None
    return {
        "index": index,
        "low_income_slope": low.slope if low else None,
        "mean_level": fit.mean_level,
        "level_sd": fit.level_var**0.5,
        "loading_sd": fit.loading_var**0.5,
        "persistence": fit.persistence,
        "shock_sd": fit.shock_var**0.5,
        "shared": fit.shared,
        "df": fit.df,
        "fitted_months": fit.months,
        "mean": found.mean,
        "sd": found.sd,
    }


def _named_bases(decision: Decision) -> list[Note]:
    """The notes of a month, each once; groups whose base no text states are named in one."""
    groups = [due.group for due in decision.amounts if any(note.code == "no_base" for note in due.lacks)]
    every = (*decision.missing, *decision.cautions)
    notes = [announced_note(note) for note in every if note.code not in ("no_base", "range")]
    return list(dict.fromkeys([*notes, *([Note("no_base_of", tuple(groups))] if groups else [])]))


def notes_of(due: Amount) -> list[Note]:
    """What an amount lacks: what stood in for its standard first; that it is a range then goes without saying."""
    standard = due.standard.note() if due.standard else None
    lacks = [announced_note(note) for note in due.lacks if not (standard and note.code == "range")]
    return [*([standard] if standard else []), *lacks]


def announced_note(note: Note) -> Note:
    """Name a note of an announced amount by what is known of it: its floor, what parts of the place announced, both or neither.

    Examples
    --------
    >>> announced_note(Note("announced", ("", "350102=50")))
    Note(code='announced_parts', facts=('350102=50',))
    """
    if note.code != "announced":
        return note
    floor, *parts = note.facts
    code = "_".join(["announced", *(["floor"] if floor else []), *(["parts"] if parts else [])])
    return Note(code, (*([floor] if floor else []), *parts))


def _listed(months: list[str]) -> str:
    return ", ".join(months) if len(months) <= MANY else f"{months[0]} … {months[-1]}"


def _with_gaps(frame: pd.DataFrame, gaps: Iterable[Missing]) -> pd.DataFrame:
    frame.attrs["lacking"] = list(gaps)
    return frame
