"""What follows from another standard on a synthetic population: caseload, cost, poverty gap, who gains, by the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from aidlib import words
from aidlib.errors import DataFault, DataGap, Fault, MoneyFault, ParameterFault
from aidlib.evaluation.indicators import fgt, gap_total
from aidlib.evaluation.sample import Sample, of_totals
from aidlib.indices import Figures
from aidlib.known import Known
from aidlib.law import Book, Value
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, exact, fen, half_up
from aidlib.prices.months import first_day
from aidlib.regions import Region, place
from aidlib.register.marginals import marginals
from aidlib.register.synthetic import calibration, population
from aidlib.result import Frame, Result
from aidlib.rules.frames import assess
from aidlib.rules.job import sisters
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.places import Places, places
from aidlib.standards.levels import AREAS, average_series, fen_month, last_level

if TYPE_CHECKING:
    import pandas as pd

STANDARD, BENEFIT, PERSONS, DIBAO = "dibao_standard_fen_year", "dibao_benefit_fen", "members", CATEGORIES.index("dibao")
WANTED = ("category", PERSONS, "counted_income_fen", "counted_income_fen_year", BENEFIT)
PER = 10_000
OLD, CHILD = 60, 18
TENTHS = 10
INTERVAL = (0.025, 0.975)
SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Step:
    """One standard tried.

    Attributes
    ----------
    pct : int
        Change of the standard in percent.
    standards : dict of str to int
        Monthly standard by area, fen.
    judged : polars.DataFrame
        Every household under it.
    sample : Sample
        Incomes and benefits against the standards begun with, a fixed yardstick; totals, so that a gap paid in full is closed.
    """

    pct: int
    standards: Mapping[str, int]
    judged: pl.DataFrame
    sample: Sample

    @property
    def helped(self) -> pl.DataFrame:
        """The households on dibao."""
        return self.judged.filter(pl.col("category") == DIBAO)

    @property
    def persons_per_10k(self) -> Fraction:
        """Persons on dibao of ten thousand."""
        return _per(self.helped, self.judged)

    @property
    def cost_fen(self) -> Fraction:
        """Dibao a month per ten thousand persons, fen."""
        return Fraction(PER * int(self.judged[BENEFIT].sum()), int(self.judged[PERSONS].sum()))

    @property
    def households_share(self) -> Fraction:
        """Share of households on dibao."""
        return Fraction(self.helped.height, self.judged.height)

    @property
    def poverty_rate(self) -> Any:
        """Share of persons below the standard begun with after the benefit."""
        return fgt(self.sample, 0, "after").value

    @property
    def poverty_gap(self) -> Any:
        """Poverty gap index at the standard begun with after the benefit."""
        return fgt(self.sample, 1, "after").value

    @property
    def gap_closed(self) -> float | None:
        """Share of the gap to the standard begun with that the benefit closes; None where there is no gap."""
        before, after = (gap_total(self.sample, when).numerator for when in ("before", "after"))
        return 1 - after / before if before else None


def _per(helped: pl.DataFrame, judged: pl.DataFrame) -> Fraction:
    return Fraction(PER * int(helped[PERSONS].sum()), int(judged[PERSONS].sum()))


@dataclass(frozen=True)
class Begun:
    """A standard begun with: area, fen a month, and its row of law, None where somebody gave it."""

    area: str
    fen_month: int
    row: Value | None

    @property
    def status(self) -> str:
        """`estimated` where it was given, else that of its row: stale where it ended."""
        return self.row.status if self.row else "estimated"


@dataclass(frozen=True)
class Sandbox(Result):
    """A synthetic population judged under every standard tried.

    Attributes
    ----------
    place, on : str, date
        Region code and the day whose rules hold.
    homes, people : polars.DataFrame
        The population.
    begun : tuple of Begun
        The standards begun with.
    steps : tuple of Step
        Changes of the standard, ascending, nought among them.
    figures : Figures
        What the population was drawn from.
    """

    place: str
    on: date
    homes: pl.DataFrame
    people: pl.DataFrame
    begun: tuple[Begun, ...]
    steps: tuple[Step, ...]
    figures: Figures

    def at(self, pct: int) -> Step:
        """The step of a change in percent."""
        return next(step for step in self.steps if step.pct == pct)

    @property
    def now(self) -> Step:
        """The standard begun with."""
        return self.at(0)

    @property
    def furthest(self) -> Step:
        """The largest rise, or where there is none the largest cut; the standard begun with where nothing else was tried."""
        return self.steps[-1] if self.steps[-1].pct else self.steps[0]

    @property
    def households(self) -> int:
        """Households drawn."""
        return self.homes.height

    def times(self, pct: int) -> Fraction:
        """The cost of a step over that begun with.

        Raises
        ------
        DataGap
            Nobody drawn qualifies at the standard begun with, so that there is nothing to compare with.
        """
        if not self.now.cost_fen:
            raise DataGap("no household drawn qualifies at the standard begun with", where="households",
                          hint="more households, another seed or a higher standard")  # fmt: skip
        return self.at(pct).cost_fen / self.now.cost_fen

    def to_frame(self) -> pd.DataFrame:
        """One row a step: step_pct, standard_urban_fen, standard_rural_fen, dibao_persons_per_10k, dibao_households_share, cost_fen_per_10k (a
        month), poverty_rate_after, poverty_gap_after, gap_closed_share (plain ratios, at the standards begun with); all synthetic."""
        import pandas as pd

        columns = ["step_pct", *(f"standard_{area}_fen" for area in AREAS), "dibao_persons_per_10k", "dibao_persons_per_10k_status",
                   "dibao_households_share", "cost_fen_per_10k", "cost_fen_per_10k_status", "poverty_rate_after", "poverty_gap_after",
                   "gap_closed_share"]  # fmt: skip
        rows = [[step.pct, *step.standards.values(), step.persons_per_10k, SYNTHETIC, step.households_share, step.cost_fen, SYNTHETIC,
                 step.poverty_rate, step.poverty_gap, step.gap_closed] for step in self.steps]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def by_area(self) -> Frame:
        """分城乡。 Town and country apart: area, step_pct, standard_fen, dibao_persons_per_10k, cost_fen_per_10k; all synthetic."""
        import pandas as pd

        rows = [[area, step.pct, step.standards[area], own.persons_per_10k, SYNTHETIC, own.cost_fen, SYNTHETIC]
                for area in AREAS for step in self.steps if (own := _of_area(step, area)).judged.height]  # fmt: skip
        columns = ["area", "step_pct", "standard_fen", "dibao_persons_per_10k", "dibao_persons_per_10k_status", "cost_fen_per_10k",
                   "cost_fen_per_10k_status"]  # fmt: skip
        return Frame(pd.DataFrame(rows, columns=columns))

    def calibration(self) -> Frame:
        """合成人口与公布数。 How the population compares with the published marginals it was drawn from: marginal, group, published, generated
        (known numbers), difference (plain ratio), calibration_source."""
        import pandas as pd

        held = calibration(self.homes.lazy(), self.people.lazy(), marginals(self.place, self.figures))
        rows = [[_coded(row["marginal"]), _coded(row["group"]), _published(row["published"], row), _published(row["generated"], row),
                 SYNTHETIC, exact(f"{row['difference']:.6f}"), row["sources"]]
                for row in held[held["marginal"] != "age and sex"].to_dict("records")]  # fmt: skip
        columns = [
            "marginal",
            "group",
            "published_marginal",
            "generated_marginal",
            "generated_marginal_status",
            "marginal_difference",
            "calibration_source",
        ]
        return Frame(pd.DataFrame(rows, columns=columns))

    def costs(self, draws: int = 200, seed: int = 1) -> Frame:
        """支出及其抽样误差。 Cost of each step with its 95% interval over draws of households, and persons below and gap closed at one line, the
        highest standard tried: step_pct, cost_fen_per_10k, cost_low_fen, cost_high_fen, below_top_share, top_gap_closed; all synthetic."""
        import pandas as pd

        rows = []
        for step in self.steps:
            low, high = _ends(_costs(step.judged, draws, seed))
            rows.append(
                [
                    step.pct,
                    step.cost_fen,
                    SYNTHETIC,
                    exact(f"{low:.4f}"),
                    exact(f"{high:.4f}"),
                    *self.shortfall(step.pct),
                ]
            )
        columns = [
            "step_pct",
            "cost_fen_per_10k",
            "cost_fen_per_10k_status",
            "cost_low_fen",
            "cost_high_fen",
            "below_top_share",
            "top_gap_closed",
        ]
        return Frame(pd.DataFrame(rows, columns=columns))

    def frontier(self) -> Frontier:
        """支出与补足的缺口。 What each step costs and how much of the gap to the highest standard it closes."""
        return Frontier(tuple((step.pct, step.cost_fen, self.shortfall(step.pct)[1]) for step in self.steps))

    def shortfall(self, pct: int) -> tuple[Fraction, Fraction | None]:
        """Hold a step against the highest standard tried: share of persons still below that line, and of its gap that aid closes."""
        judged, lines = self.at(pct).judged, self.steps[-1].standards
        need = pl.when(pl.col("urban")).then(lines["urban"]).otherwise(lines["rural"]) * pl.col(PERSONS)
        lacking = judged.select(
            PERSONS, gap=need - pl.col("counted_income_fen"), left=need - pl.col("counted_income_fen") - pl.col(BENEFIT)
        )
        poor, persons = int(lacking.filter(pl.col("left") > 0)[PERSONS].sum()), int(lacking[PERSONS].sum())
        whole, left = (int(lacking[name].clip(0).sum()) for name in ("gap", "left"))
        return Fraction(poor, persons), 1 - Fraction(left, whole) if whole else None

    def rise(self, draws: int = 200, seed: int = 1) -> CostOfRise:
        """提标的支出。 What the largest rise costs and how many it adds, with 95% intervals over draws of households.

        The same households are drawn at both steps, so that the error common to both falls out; a draw in which nobody qualifies at the
        standard begun with has no ratio and is left out.

        Raises
        ------
        ParameterFault
            No step is a rise.
        """
        top = self.steps[-1]
        if top.pct <= 0:
            raise ParameterFault(
                "no rise among the steps", where="steps", expected="a percentage above zero", got=str(top.pct)
            )
        before, after = (_costs(step.judged, draws, seed) for step in (self.now, top))
        some = before > 0
        on = [(step.judged["category"] == DIBAO).to_numpy().astype(float) for step in (self.now, top)]
        persons = self.now.judged[PERSONS].to_numpy().astype(float)
        added = _ends(_drawn(persons * (on[1] - on[0]), persons, draws, seed))
        ratio, cost = _ends(after[some] / before[some]), _ends(before)
        return CostOfRise(top.pct, self.now.cost_fen, _pair(cost), self.times(top.pct), _pair(ratio),
                          top.persons_per_10k - self.now.persons_per_10k, _pair(added))  # fmt: skip

    def gains(self) -> Frame:
        """谁得到、谁失去。 Who gains from the largest rise, by tenth of income per head, area and kind of household: household_group,
        households_drawn, persons_share, gain_fen (a head and month), gainers_share, losers_share; all synthetic."""
        import pandas as pd

        now, top = self.now.judged, self.steps[-1].judged
        if now["household_id"].to_list() != top["household_id"].to_list():
            raise DataFault("households of two steps are not in the same order", where="judge")
        change, persons = (top[BENEFIT] - now[BENEFIT]).to_numpy(), now[PERSONS].to_numpy()
        rows = [_gain(name, inside, change, persons) for name, inside in self._groups(now) if persons[inside].sum()]
        columns = [
            "household_group",
            "households_drawn",
            "persons_share",
            "gain_fen",
            "gain_fen_status",
            "gainers_share",
            "losers_share",
        ]
        return Frame(pd.DataFrame(rows, columns=columns))

    def _groups(self, judged: pl.DataFrame) -> Iterator[tuple[str, Any]]:
        persons = judged[PERSONS].to_numpy()
        order = np.argsort(judged["counted_income_fen"].to_numpy() / np.maximum(persons, 1), kind="stable")
        rank = np.empty(len(order))
        rank[order] = np.cumsum(persons[order]) / persons.sum()
        tenth = np.minimum(np.ceil(rank * TENTHS), TENTHS)
        yield from ((f"income_tenth_{at}", tenth == at) for at in range(1, TENTHS + 1))
        urban = judged["urban"].to_numpy()
        yield from (("urban", urban), ("rural", ~urban), ("one_person", persons == 1))
        ages = self.people.group_by("household_id").agg(
            (pl.col("age") >= OLD).any().alias("old"), (pl.col("age") < CHILD).any().alias("child")
        )
        kinds = judged.select("household_id").join(ages, on="household_id", how="left", maintain_order="left")
        yield from ((f"with_{name}", kinds[name].fill_null(False).to_numpy()) for name in ("old", "child"))

    @property
    def drawn_on_dibao_per_10k(self) -> Fraction:
        """Persons of households that the population was drawn with as on dibao, of ten thousand: the published share."""
        sizes = self.people.group_by("household_id").len("size")
        homes = self.homes.select("household_id", "on_dibao").join(sizes, on="household_id")
        return Fraction(PER * int(homes.filter("on_dibao")["size"].sum()), int(homes["size"].sum()))


@dataclass(frozen=True)
class Frontier(Result):
    """Change in percent, cost a month per ten thousand persons in fen, and share of the gap closed, by step."""

    points: tuple[tuple[int, Fraction, Fraction | None], ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a step: step_pct, cost_fen_per_10k, top_gap_closed (plain ratio)."""
        import pandas as pd

        return pd.DataFrame(self.points, columns=["step_pct", "cost_fen_per_10k", "top_gap_closed"])


@dataclass(frozen=True)
class CostOfRise:
    """What the largest rise tried costs, a month per ten thousand persons, with 95% intervals of sampling.

    Attributes
    ----------
    pct : int
        The rise in percent.
    cost_fen, cost_ends : Fraction, pair
        Cost at the standard begun with.
    ratio, ratio_ends : Fraction, pair
        Cost at the rise over it.
    newly, newly_ends : Fraction, pair
        Persons per ten thousand who qualify besides.
    """

    pct: int
    cost_fen: Fraction
    cost_ends: tuple[Fraction, Fraction]
    ratio: Fraction
    ratio_ends: tuple[Fraction, Fraction]
    newly: Fraction
    newly_ends: tuple[Fraction, Fraction]


def standard_sandbox(
    region: str | int | Region, month: str, households: int = 5_000, seed: int = 1, steps: str = "-10,0,10,20,30",
    urban_standard: str = "", rural_standard: str = "", law: Book | None = None, figures: Figures | None = None,
) -> Sandbox:  # fmt: skip
    """换一个标准。 Draw a synthetic population and judge every household under every standard tried.

    Parameters
    ----------
    region : str, int or Region
        The place.
    month : str
        `YYYY-MM`: the rules of its first day hold.
    households, seed : int
        Size and seed of the population.
    steps : str
        Changes of the standard in percent, comma between; nought is always among them.
    urban_standard, rural_standard : str
        Monthly standard in yuan to begin with; empty: the last one known.

    Raises
    ------
    ParameterFault
        A period that is no month, steps that are no whole percentages, or an area whose standard is neither known nor given.

    Examples
    --------
    >>> box = standard_sandbox("450400", "2024-06", households=200, steps="0,20")
    >>> [begun.fen_month for begun in box.begun], box.at(20).standards
    ([68000, 37500], {'urban': 81600, 'rural': 45000})
    """
    book, read, code = law or Book(), figures or Figures(), place(region)
    on, tried = first_day(month), _steps(steps)
    begun = _begun(book, read, code, {"urban": urban_standard, "rural": rural_standard}, on)
    drawn = population(households, seed, code.code, read)
    homes, people = (pl.concat(parts) for parts in zip(*map(drawn.block, range(drawn.blocks)), strict=True))
    judging = _Judging(book, read, on, homes, people, {one.area: one.fen_month for one in begun})
    return Sandbox(code.code, on, homes, people, begun, tuple(map(judging.step, tried)), read)


@dataclass(frozen=True)
class _Judging:
    """A population and the law it is judged by, with the standard of a step in place of the published one."""

    book: Book
    figures: Figures
    on: date
    homes: pl.DataFrame
    people: pl.DataFrame
    base: Mapping[str, int]

    def step(self, pct: int) -> Step:
        """Judge every household under the standard of a step."""
        made = assess(self.homes.lazy(), self.people.lazy(), self._law(pct), ends=False, nullable=())
        judged: pl.DataFrame = made.households.collect(engine="streaming").sort("household_id")
        return Step(pct, self._standards(pct), judged, self._sample(judged))

    def _standards(self, pct: int) -> dict[str, int]:
        """Monthly standards of a step in fen, to the whole yuan, halves up."""
        return {
            area: half_up(Fraction(amount * (100 + pct), 100 * FEN_PER_YUAN)) * FEN_PER_YUAN
            for area, amount in self.base.items()
        }

    def _law(self, pct: int) -> Places:
        keys = self.homes.select("region_code", "urban").unique().sort("region_code", "urban").rows()
        asked = sisters(keys, self.book, self.figures, self.on)
        given = {area: {STANDARD: amount * MONTHS_PER_YEAR} for area, amount in self._standards(pct).items()}
        held = places(
            self.book,
            self.figures,
            asked.values(),
            self.on,
            WANTED,
            given=lambda _, area: given[area],
            local_rules="none",
        )
        return Places(self.on, WANTED, {key: held.locals[asked[key]] for key in keys})

    def _sample(self, judged: pl.DataFrame) -> Sample:
        counted, lines = judged.filter(pl.col(PERSONS) > 0), self._standards(0)
        each = pl.when(pl.col("urban")).then(lines["urban"]).otherwise(lines["rural"])
        paid, need = pl.col(BENEFIT) * MONTHS_PER_YEAR, each * pl.col(PERSONS) * MONTHS_PER_YEAR
        year = counted.select(pl.col("counted_income_fen_year").alias("income"), paid=paid, need=need, members=PERSONS)
        return of_totals(*(year[name].to_numpy() for name in ("income", "paid", "need", "members")))


def _of_area(step: Step, area: str) -> Step:
    return Step(step.pct, step.standards, step.judged.filter(pl.col("urban") == (area == "urban")), step.sample)


def _steps(text: str) -> tuple[int, ...]:
    try:
        found = sorted({0, *map(int, text.split(","))})
    except ValueError:
        raise ParameterFault("not percentages", where="steps", expected="-10,0,10", got=text) from None
    if found[0] <= -100:
        raise ParameterFault("a standard cannot fall by all of itself", where="steps", expected="above -100", got=text)
    return tuple(found)


def _begun(book: Book, figures: Figures, where: Region, standards: Mapping[str, str], on: date) -> tuple[Begun, ...]:
    local = book.at(where.code, on)
    given = {area: text for area, text in standards.items() if text}
    known = {area: last_level(local, area) for area in AREAS if area not in given}
    faults = [Fault("not an amount of money", f"{area}_standard", "yuan a month above zero, to the fen", text)
              for area, text in given.items() if _fen(text) <= 0]  # fmt: skip
    faults += [_unknown(figures, where, area, on) for area, row in known.items() if row is None]
    if faults:
        raise ParameterFault(faults)
    rows = {area: row for area, row in known.items() if row}
    return tuple(
        Begun(area, half_up(rows[area].fen_month) if area in rows else _fen(given[area]), rows.get(area))
        for area in AREAS
    )


def _fen(text: str) -> int:
    """Read an amount in yuan; nought where it is none."""
    try:
        return fen(text)
    except MoneyFault:
        return 0


def _unknown(figures: Figures, where: Region, area: str, on: date) -> Fault:
    """Ask for a standard; a published average is offered as an example and called that."""
    average = figures.latest(where.code, average_series(area), f"{on:%Y-%m}")
    yuan = "700" if average is None else f"{half_up(fen_month(average) / FEN_PER_YUAN)}"
    hint = f'give one, such as {area}_standard="{yuan}"'
    return Fault(f"no {area} standard is known here", str(where),
                 hint=hint if average is None else f"{hint} (the average over its places of {average.period})")  # fmt: skip


def _drawn(amounts: Any, persons: Any, draws: int, seed: int) -> Any:
    """Bootstrap households: an amount per 10,000 persons in every draw; one seed draws the same households of every step."""
    picked = np.random.default_rng(seed).integers(0, len(amounts), (draws, len(amounts)))
    return PER * amounts[picked].sum(axis=1) / persons[picked].sum(axis=1)


def _costs(judged: pl.DataFrame, draws: int, seed: int) -> Any:
    benefit, persons = (judged[name].to_numpy().astype(float) for name in (BENEFIT, PERSONS))
    return _drawn(benefit, persons, draws, seed)


def _ends(drawn: Any) -> tuple[float, float]:
    low, high = np.quantile(drawn, INTERVAL)
    return float(low), float(high)


def _pair(ends: tuple[float, float]) -> tuple[Fraction, Fraction]:
    low, high = (exact(f"{end:.6f}") for end in ends)
    return low, high


def _gain(name: str, inside: Any, change: Any, persons: Any) -> list[Any]:
    total = int(persons[inside].sum())
    up, down = (Fraction(int(persons[inside & mask].sum()), total) for mask in (change > 0, change < 0))
    return [
        name,
        int(inside.sum()),
        Fraction(total, int(persons.sum())),
        Fraction(int(change[inside].sum()), total),
        SYNTHETIC,
        up,
        down,
    ]


def _coded(name: str) -> str:
    """The code of a marginal or a group of one: the whole name where the vocabulary has it."""
    whole = f"marginal_{name.replace(' ', '_')}"
    return whole if words.find(whole) else name


def _published(number: float, row: Mapping[Any, Any]) -> Known:
    mean = row["marginal"] == "income of fifths"
    return Known(
        exact(f"{number:.{0 if mean else 4}f}"),
        "yuan/person/year" if mean else "ratio",
        "observed",
        None,
        (),
        "marginal",
    )
