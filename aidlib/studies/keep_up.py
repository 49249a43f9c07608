"""Do standards keep up: their rises beside those of consumption and prices the year before, catching up, and what linkage fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

from aidlib.evaluation.panel import Estimate, beta_convergence, panel_regression, sigma_convergence, wild_cluster_p
from aidlib.indices import Figures
from aidlib.known import Missing
from aidlib.law import Book, Value
from aidlib.law.value import Status, weakest
from aidlib.money import FEN_PER_YUAN, digits
from aidlib.parameters import year as read_year
from aidlib.prices.amounts import Case
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.months import span
from aidlib.prices.readings import Reading, Readings
from aidlib.regions import NATION, Region, place, province_of
from aidlib.result import Frame, Result
from aidlib.standards.levels import AREAS, Level, announced, before, fen_month, places

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("standard", "guide", "average")
DRIVERS = {"rise_consumption": "consumption_pc:total", "rise_cpi": "cpi_annual:total:all_items"}
CROSS_SECTIONS = {"urban": ("2011-06", "2016"), "rural": ("2015-09", "2016")}
FEWEST_CELLS = 30
SIGNIFICANT = 0.05
GROUP, BASE = "dibao_urban", "dibao_standard:urban"


@dataclass(frozen=True)
class Rise:
    """How much the standards of a province rose in a year.

    Attributes
    ----------
    region, area, year : str, str, int
        Province, `urban` or `rural`, and the year of the new standard.
    levels : int
        Places whose standard is known for both years.
    standard : Fraction
        Mean rise over them, a plain ratio.
    drivers : dict of str to (Fraction or None)
        Rise of consumption per head and of consumer prices in the province the year before; None where it is not known.
    """

    region: str
    area: str
    year: int
    levels: int
    standard: Fraction
    drivers: dict[str, Fraction | None]


@dataclass(frozen=True)
class RisesOf:
    """What a finding says of rises: how many, their median, and how many of those with known consumption lie above its rise."""

    provinces: int
    cells: int
    median: Fraction | None
    with_consumption: int
    ahead: int


class Rises(Result, Sequence[Rise]):
    """Rises of standards by province, area and year, beside the drivers of the year before."""

    def __init__(self, found: Sequence[Rise]) -> None:
        self._found = tuple(found)

    def __getitem__(self, at: Any) -> Any:
        return Rises(self._found[at]) if isinstance(at, slice) else self._found[at]

    def __len__(self) -> int:
        return len(self._found)

    def to_frame(self) -> pd.DataFrame:
        """One row a province, area and year: region, area, year, cell_levels, rise_standard, rise_consumption, rise_cpi (plain ratios)."""
        import pandas as pd

        rows = [[one.region, one.area, one.year, one.levels, one.standard, *one.drivers.values()] for one in self]
        return pd.DataFrame(rows, columns=["region", "area", "year", "cell_levels", "rise_standard", *DRIVERS])

    def by_year(self) -> Frame:
        """各年中位数。 Medians over the province-years seen: area, year, province_years, rise_standard, rise_consumption, rise_cpi."""
        import pandas as pd

        groups: dict[tuple[str, int], list[Rise]] = defaultdict(list)
        for one in self:
            groups[one.area, one.year].append(one)
        rows = [[*key, len(own), median(one.standard for one in own), *(_middle(own, name) for name in DRIVERS)]
                for key, own in sorted(groups.items(), key=lambda item: (AREAS.index(item[0][0]), item[0][1]))]  # fmt: skip
        return Frame(pd.DataFrame(rows, columns=["area", "year", "province_years", "rise_standard", *DRIVERS]))

    def of(self, region: str | int | Region, *, others: bool = False) -> Rises:
        """Those of the province of a place, or of all `others`."""
        code = province_of(place(region).code).code
        return Rises([one for one in self if (one.region == code) is not others])

    def trimmed(self, share: Fraction | float | str = "1/20") -> Rises:
        """去掉两端。 Without the largest and the smallest `share` of rises."""
        ordered = sorted(one.standard for one in self)
        cut = int(len(ordered) * Fraction(share))
        if not cut:
            return self
        low, high = ordered[cut], ordered[-cut - 1]
        return Rises([one for one in self if low <= one.standard <= high])

    @property
    def summary(self) -> RisesOf:
        """Their number, median, and how many outran consumption."""
        both = [(one.standard, spent) for one in self if (spent := one.drivers["rise_consumption"]) is not None]
        middle = median(one.standard for one in self) if self else None
        ahead = sum(rise > spent for rise, spent in both)
        return RisesOf(len({one.region for one in self}), len(self), middle, len(both), ahead)

    def regressions(self, draws: int = 999, seed: int = 1) -> Regressions:
        """回归。 Regress rises on each driver alone and area by area, within province and net of years; a p by the wild cluster bootstrap.

        An area and driver with fewer than 30 province-years is left out and told as lacking.
        """
        fits, lost = [], []
        for area in AREAS:
            for driver in DRIVERS:
                used = _usable([one for one in self if one.area == area], driver)
                if len(used) < FEWEST_CELLS:
                    lost.append(Missing("province_years", area, method=driver))
                    continue
                made = panel_regression(used, "rise_standard", [driver])[0]
                p = wild_cluster_p(used, "rise_standard", [driver], driver, draws=draws, seed=seed)
                fits.append(Fit(area, made, p))
        return Regressions(tuple(fits), tuple(lost))


@dataclass(frozen=True)
class Fit:
    """A coefficient of one area with its p by the wild bootstrap."""

    area: str
    found: Estimate
    wild_p: float

    @property
    def driver(self) -> str:
        """What the rise was regressed on."""
        return self.found.name

    @property
    def sure(self) -> bool:
        """Whether p is below 0.05."""
        return self.wild_p < SIGNIFICANT

    def holds(self, value: float) -> bool:
        """Whether its 95% interval contains a value."""
        return self.found.low <= value <= self.found.high


@dataclass(frozen=True)
class Regressions(Result):
    """Rises of standards regressed on drivers."""

    fits: tuple[Fit, ...]
    missing: tuple[Missing, ...] = ()

    @property
    def clusters(self) -> int:
        """Most provinces in one of them."""
        return max((fit.found.clusters for fit in self.fits), default=0)

    @property
    def sure(self) -> tuple[Fit, ...]:
        """Those with p below 0.05."""
        return tuple(fit for fit in self.fits if fit.sure)

    def holding(self, value: float) -> int:
        """How many 95% intervals contain a value: 1 is one for one, 0 is no relation."""
        return sum(fit.holds(value) for fit in self.fits)

    def to_frame(self) -> pd.DataFrame:
        """One row an area and driver: coefficient, its clustered std_error, ci_low and ci_high (95%), wild_p, p, n, clusters."""
        import pandas as pd

        columns = ["area", "driver", "coefficient", "std_error", "ci_low", "ci_high", "wild_p", "p", "n", "clusters"]
        rows = [[f.area, f.driver, f.found.value, f.found.error, f.found.low, f.found.high, f.wild_p, f.found.p, f.found.n, f.found.clusters]
                for f in self.fits]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        frame.attrs["lacking"] = list(self.missing)
        return frame


def standard_rises(
    first_year: int, last_year: int | str, law: Book | None = None, figures: Figures | None = None
) -> Rises:
    """标准增幅与上年消费、物价。 Collect how much standards rose, by province, area and year, beside the drivers of the year before.

    Only rises between two successive years of one kind (standard, guide, or average of the same time of year) count; they are averaged
    over the places of a province.

    Examples
    --------
    >>> found = standard_rises(2018, 2019)
    >>> [(one.region, one.area, one.year) for one in found][:2], found.of("广西").summary.cells > 0
    ([('110000', 'rural', 2018), ('110000', 'rural', 2019)], True)
    """
    book, figures = law or Book(), figures or Figures()
    cells: dict[tuple[str, str, int], list[Fraction]] = defaultdict(list)
    for code in places(book, figures):
        for area in AREAS if code != NATION else ():
            for year in range(read_year(first_year, "first_year"), read_year(last_year, "last_year") + 1):
                if (rise := _rise(book, figures, code, area, year)) is not None:
                    cells[province_of(code).code, area, year].append(rise)
    return Rises([Rise(code, area, year, len(rises), sum(rises, Fraction()) / len(rises), _drivers(figures, code, year))
                  for (code, area, year), rises in sorted(cells.items())])  # fmt: skip


def _rise(book: Book, figures: Figures, code: str, area: str, year: int) -> Fraction | None:
    level = announced(book, figures, code, area, year)
    last = before(book, figures, level) if level and level.kind in KINDS and level.place == code else None
    if level is None or last is None or last.year != year - 1 or last.kind != level.kind:
        return None
    return level.fen_month / last.fen_month - 1 if _a_year_apart(level, last) else None


def _a_year_apart(level: Level, last: Level) -> bool:
    """Two averages are of the same time of year: from one September to the end of the next year is no year's rise."""
    now, then = level.basis, last.basis
    return isinstance(now, Value) or isinstance(then, Value) or now.period[4:] == then.period[4:]


def _drivers(figures: Figures, code: str, year: int) -> dict[str, Fraction | None]:
    spent, prices = DRIVERS.values()
    now, then = (figures.find(code, spent, str(year - back)) for back in (1, 2))
    index = figures.find(code, prices, str(year - 1))
    rises = (now.value / then.value - 1 if now and then else None, index.rise / 100 if index else None)
    return dict(zip(DRIVERS, rises, strict=True))


def _middle(rises: Sequence[Rise], driver: str) -> Fraction | None:
    known = [rise for one in rises if (rise := one.drivers[driver]) is not None]
    return median(known) if known else None


def _usable(rises: Sequence[Rise], driver: str) -> pd.DataFrame:
    """The rises as floats for a regression: those with the driver, of places and years that stand there more than once."""
    import pandas as pd

    rows = [
        (one.region, str(one.year), float(one.standard), float(rise))
        for one in rises
        if (rise := one.drivers[driver]) is not None
    ]
    used = pd.DataFrame(rows, columns=["region", "period", "rise_standard", driver])
    used = used[used.groupby("region")["period"].transform("count") > 1]
    return used[used.groupby("period")["region"].transform("count") > 1]


def catching_up(last_year: int | str, law: Book | None = None, figures: Figures | None = None) -> Frame:
    """追赶。 Did provinces with low mean standards rise faster between two full cross-sections, both within the period?

    Returns
    -------
    Frame
        area, first_period, last_period, n (provinces), variation_first, variation_last (coefficients of variation), slope (yearly log growth
        on the log of the start), std_error, ci_low, ci_high; no row for an area without two cross-sections by then.

    Examples
    --------
    >>> catching_up(2016).to_frame()[["area", "first_period", "last_period"]].values.tolist()
    [['urban', '2011-06', '2016'], ['rural', '2015-09', '2016']]
    """
    import pandas as pd

    rows = []
    for area, (first, last) in CROSS_SECTIONS.items():
        if last[:4] <= str(last_year)[:4]:
            ends = _both_ends(figures or Figures(), f"dibao_avg:{area}", first, last)
            slope, spread = beta_convergence(ends, "x"), sigma_convergence(ends, "x")["variation"]
            rows.append(
                [
                    area,
                    first,
                    last,
                    slope.n,
                    spread.iloc[0],
                    spread.iloc[-1],
                    slope.value,
                    slope.error,
                    slope.low,
                    slope.high,
                ]
            )
    columns = ["area", "first_period", "last_period", "n", "variation_first", "variation_last", "slope", "std_error", "ci_low", "ci_high"]  # fmt: skip
    return Frame(pd.DataFrame(rows, columns=columns))


def _both_ends(figures: Figures, series: str, first: str, last: str) -> pd.DataFrame:
    """The mean standards of the provinces that have both ends, in yuan a month."""
    import pandas as pd

    codes = [code for code in figures.places(series) if code.endswith("0000") and code != NATION]
    known = {code: [figures.find(code, series, period) for period in (first, last)] for code in codes}
    rows = [(code, figure.period[:4], float(fen_month(figure) / FEN_PER_YUAN))
            for code, ends in known.items() if all(ends) for figure in ends if figure]  # fmt: skip
    return pd.DataFrame(rows, columns=["region", "period", "x"])


@dataclass(frozen=True)
class Month:
    """One month of a place whose low-income index and standard are known.

    Attributes
    ----------
    decision : Decision
        What linkage decided.
    rise : Reading
        The low-income price index on the year.
    standard_fen : Fraction
        The standard of the month.
    status : str
        Weakest of the two.
    """

    decision: Decision
    rise: Reading
    standard_fen: Fraction
    status: Status

    @property
    def lost_fen(self) -> Fraction:
        """What the rise of a year took from a living of the standard, a person."""
        return self.standard_fen * self.rise.rise / 100

    @property
    def due_fen(self) -> Fraction | None:
        """What was due a person; nothing in a month that did not start, None where the outcome or the amount is not known."""
        if self.decision.outcome != "triggered":
            return Fraction(0) if self.decision.outcome == "not_triggered" else None
        amount = self.decision.amount(GROUP)
        return None if amount is None or amount.shown_fen is None else Fraction(amount.shown_fen)


@dataclass(frozen=True)
class LinkageFill(Result):
    """What linkage was due at a place against what prices took, over a span of months.

    Attributes
    ----------
    place, first, last : str
        Region code and months.
    decisions : tuple of Decision
        Every month.
    months : tuple of Month
        Those whose low-income index and standard are known.
    """

    place: str
    first: str
    last: str
    decisions: tuple[Decision, ...]
    months: tuple[Month, ...]

    def count(self, outcome: str) -> int:
        """How many months were `triggered`, `not_triggered` or `undetermined`."""
        return sum(decision.outcome == outcome for decision in self.decisions)

    @property
    def settled(self) -> tuple[Month, ...]:
        """The months in which both what prices took and what was due are known."""
        return tuple(month for month in self.months if month.due_fen is not None)

    @property
    def lost_fen(self) -> Fraction:
        """What prices took in the settled months."""
        return sum((month.lost_fen for month in self.settled), Fraction())

    @property
    def due_fen(self) -> Fraction:
        """What was due in the settled months."""
        return sum((month.due_fen or Fraction() for month in self.settled), Fraction())

    @property
    def temporary_fen(self) -> Fraction:
        """The part of it due in months of a temporary policy."""
        return sum((month.due_fen or Fraction() for month in self.settled if month.decision.overlay), Fraction())

    @property
    def filled(self) -> Fraction | None:
        """What was due over what prices took; None where prices took nothing."""
        return self.due_fen / self.lost_fen if self.lost_fen > 0 else None

    @property
    def unfilled(self) -> int:
        """Settled months in which prices rose and the conditions were not met."""
        return sum(month.rise.rise > 0 and month.decision.outcome == "not_triggered" for month in self.settled)

    @property
    def estimated(self) -> int:
        """Months whose index is an estimate."""
        return sum(month.rise.status != "observed" for month in self.months)

    def to_frame(self) -> pd.DataFrame:
        """One row a month with an index and a standard: month, outcome, standard_fen_month, rise_scpi (plain ratio), formula of what prices
        took, lost_fen, due_fen, each with its status."""
        import pandas as pd

        columns = ["month", "outcome", "standard_fen_month", "rise_scpi", "rise_scpi_status", "formula", "lost_fen", "lost_fen_status", "due_fen",
                   "due_fen_status"]  # fmt: skip
        return pd.DataFrame([list(self._row(month)) for month in self.months], columns=columns)

    def _row(self, month: Month) -> Iterator[Any]:
        standard, rise = digits(month.standard_fen / FEN_PER_YUAN), digits(month.rise.rise)
        yield from (
            month.decision.month,
            month.decision.outcome,
            month.standard_fen,
            month.rise.rise / 100,
            month.rise.status,
        )
        yield from (f"{standard} × {rise}%", month.lost_fen, month.status, month.due_fen)
        yield None if month.due_fen is None else month.decision.status

    def by_year(self) -> Frame:
        """按年合计。 Sums of the settled months, and counts of all: year, months_triggered, months_not_triggered, months_undetermined,
        settled_months, lost_fen, due_fen."""
        import pandas as pd

        rows = []
        for year in sorted({decision.month[:4] for decision in self.decisions}):
            decided = tuple(one for one in self.decisions if one.month.startswith(year))
            months = tuple(one for one in self.months if one.decision.month.startswith(year))
            part = LinkageFill(self.place, self.first, self.last, decided, months)
            status = weakest(*(month.status for month in part.settled)) if part.settled else None
            sums = (part.lost_fen, status, part.due_fen, status) if part.settled else (None,) * 4
            rows.append([int(year), *(part.count(name) for name in OUTCOMES), len(part.settled), *sums])
        columns = [
            "year",
            *(f"months_{name}" for name in OUTCOMES),
            "settled_months",
            "lost_fen",
            "lost_fen_status",
            "due_fen",
            "due_fen_status",
        ]
        return Frame(pd.DataFrame(rows, columns=columns))


OUTCOMES = ("triggered", "not_triggered", "undetermined")


def linkage_fill(
    region: str | int | Region, first: str, last: str, law: Book | None = None, figures: Figures | None = None
) -> LinkageFill:
    """联动补上多少。 Decide every month and set what was due an urban dibao recipient against what prices took from a living of the standard.

    Where the amount is the standard times the index, a month that starts is filled by construction: what is left open comes from months
    that did not start, what is more than filled from a temporary multiplier.

    Examples
    --------
    >>> found = linkage_fill("110000", "2019-11", "2020-02")
    >>> found.count("triggered"), len(found.settled)
    (4, 4)
    """
    book, figures = law or Book(), figures or Figures()
    readings, code = Readings(figures), place(region).code
    decided = tuple(decide(book, figures, code, month, readings=readings) for month in span(first, last))
    return LinkageFill(code, first, last, decided, tuple(_months(book, readings, decided)))


def _months(book: Book, readings: Readings, decided: Sequence[Decision]) -> Iterator[Month]:
    for decision in decided:
        base = Case(book, readings, decision.place, decision.month).standard(BASE)
        rise = readings.at(decision.place, "scpi", decision.month)
        if rise and base and base.point is not None:
            yield Month(decision, rise, base.point, weakest(base.status, rise.status))
