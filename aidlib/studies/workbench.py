"""拉动参数看结果。 A bench of four levers: standard, share of consumption, trigger and multiplier; caseload, cost and poverty gap beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from aidlib.errors import LawGap, ParameterFault, nearest
from aidlib.evaluation.survey import poverty
from aidlib.indices import Figures
from aidlib.known import Known, Missing
from aidlib.law import Book, Status
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, exact, half_up
from aidlib.parameters import day
from aidlib.prices.history import price_linkage
from aidlib.prices.monthly import newest_month
from aidlib.prices.months import shift
from aidlib.regions import Region, place
from aidlib.register.synthetic import synthetic_population
from aidlib.result import TABLES, Result
from aidlib.rules.places import check_day
from aidlib.standards.basis import standard_basis
from aidlib.standards.levels import last_level
from aidlib.studies.simulation import Simulation

if TYPE_CHECKING:
    import pandas as pd

WIDGETS = "aidlib.views.levers"
SYNTHETIC: Status = "synthetic"
UNITS = {
    "caseload": ("persons", 1), "caseload_share": ("ratio", 1), "dibao_cost": ("yuan/month", FEN_PER_YUAN), "poverty_gap": ("ratio", 1),
    "months_started": ("month", 1), "months_open": ("month", 1), "subsidy_least": ("yuan", FEN_PER_YUAN),
}  # fmt: skip
"""Unit in which a measure shows itself, and how many of its own are one of them."""
ANSWERS = ("category", "dibao_benefit_fen", "members")


@dataclass(frozen=True)
class Lever:
    """One lever: its name, where it stands in the law as it is, its ends and step. Yuan a month, a ratio, percent, times."""

    name: str
    now: Fraction
    low: Fraction
    high: Fraction
    step: Fraction


@dataclass(frozen=True, repr=False)
class Pulled(Result):
    """What the levers give; everything is `synthetic`.

    Attributes
    ----------
    rows : tuple of (str, Fraction or None, Fraction or None)
        What, as the law is, and as the levers stand.
    """

    rows: tuple[tuple[str, Any, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a measure: lever_measure, now, pulled, status. Money in fen: dibao a month, the price subsidy over the year."""
        import pandas as pd

        return pd.DataFrame(
            [(*row, SYNTHETIC) for row in self.rows], columns=["lever_measure", "now", "pulled", "status"]
        )

    def shown(self) -> pd.DataFrame:
        """The same with each number in its unit, as it shows itself: lever_measure, now, pulled."""
        import pandas as pd

        rows = [(name, *(_known(name, one) for one in ends)) for name, *ends in self.rows]
        return pd.DataFrame(rows, columns=["lever_measure", "now", "pulled"])

    def _repr_html_(self) -> str:
        return str(import_module(TABLES).frame_html(self.shown()))

    def __getitem__(self, what: str) -> Any:
        return next(pulled for name, _, pulled in self.rows if name == what)


@dataclass(frozen=True)
class Workbench:
    """Households of a place under levers.

    Attributes
    ----------
    households, persons : table
        As `aidlib.Simulation` takes them.
    place : Region
    on : date
        Whose law holds; the price subsidy is reckoned over the twelve index months before it.
    book, figures : Book, Figures
    """

    households: Any
    persons: Any
    place: Region
    on: Date
    book: Book
    figures: Figures

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """The levers that can be pulled here: no share where last year's consumption is not known."""
        standard = self._standard
        found = [Lever("standard", standard, half_up(standard / 2) + Fraction(0), standard * 2, Fraction(10))]
        if consumption := self._consumption:
            share = standard * MONTHS_PER_YEAR / consumption
            found.append(Lever("share", share, share / 2, share * 2, Fraction(1, 100)))
        local = self.book.at(self.place.code, self.on)
        for name, law_name, high, step in (
            ("trigger", "linkage_cpi_trigger", Fraction(8), Fraction(1, 10)),
            ("multiplier", "linkage_multiplier", Fraction(3), Fraction(1, 2)),
        ):
            row = local.optional(law_name)
            now = row.number if row else Fraction(1) if name == "multiplier" else None
            found += [] if now is None else [Lever(name, Fraction(now), Fraction(1), high, step)]
        return {one.name: one for one in found}

    @cached_property
    def _standard(self) -> Fraction:
        local = self.book.at(self.place.code, self.on)
        rows = [row for area in ("urban", "rural") if (row := last_level(local, area))]
        if not rows:
            raise LawGap(
                "no dibao standard was ever known here", where=str(self.place), hint="another place, such as 杭州"
            )
        return Fraction(half_up(rows[0].fen_month / FEN_PER_YUAN))

    @cached_property
    def _consumption(self) -> Fraction | None:
        known = standard_basis(self.place, self.on.year, self.book, self.figures).urban.consumption
        return None if isinstance(known, Missing) else Fraction(known.number)

    def standard_of(self, share: Any) -> Fraction:
        """Monthly standard in whole yuan that a share of last year's consumption gives: r C / 12."""
        return Fraction(half_up(Fraction(str(share)) * (self._consumption or 0) / MONTHS_PER_YEAR))

    def pull(self, standard: Any = None, share: Any = None, trigger: Any = None, multiplier: Any = None) -> Pulled:
        """Say what follows from the levers; one left out stays where it is, and a share stands for a standard.

        Examples
        --------
        >>> bench = workbench("杭州", "2023-09-01", households=300)
        >>> made = bench.pull(standard=1400)
        >>> made["caseload"] >= bench.pull()["caseload"], set(made.to_frame()["status"])
        (True, {'synthetic'})
        """
        asked = standard if share is None else self.standard_of(share)
        given = {"dibao_standard": asked, "linkage_cpi_trigger": trigger, "linkage_multiplier": multiplier}
        units = {"dibao_standard": " yuan/person/month"}
        changes = {name: f"{_text(value)}{units.get(name, '')}" for name, value in given.items() if value is not None}
        before, after = self._now, self._outcome(changes)
        return Pulled(tuple((name, before[name], after[name]) for name in before))

    @cached_property
    def _now(self) -> dict[str, Any]:
        return self._outcome({})

    def _outcome(self, changes: dict[str, str]) -> dict[str, Any]:
        import narwhals as nw

        ways: dict[str, Any] = {"stale": True, "local_rules": "none", "book": self.book, "figures": self.figures}
        made = Simulation(self.households, self.persons, self.place, self.on, changes or None, **ways)
        due = nw.from_native(made.calculate(ANSWERS), eager_only=True)
        members, paid = due["members"].to_numpy(), due["dibao_benefit_fen"].to_numpy()
        helped = (due["category"].cast(nw.String) == "dibao").to_numpy()
        income = nw.from_native(self.households, eager_only=True)["income_fen"].to_numpy() / FEN_PER_YUAN
        frame = nw.from_dict({"income": income, "benefit": paid / FEN_PER_YUAN, "members": members}, backend="polars")
        gap = poverty(frame.to_native(), line=float(self._standard), benefit="benefit", when="after").to_frame()
        urban = due["urban"].to_numpy().astype(bool)
        heads = {
            f"dibao_{area}": int(members[helped & (urban == (area == "urban"))].sum()) for area in ("urban", "rural")
        }
        linkage = price_linkage(self.place, *self._months, reform=changes or None, book=self.book, figures=self.figures)
        cost = linkage.cost(heads, by=()).iloc[0] if sum(heads.values()) else None
        return {
            "caseload": int(members[helped].sum()), "caseload_share": Fraction(int(members[helped].sum()), int(members.sum())),
            "dibao_cost": int(paid.sum()), "poverty_gap": float(gap["estimate"][1]),
            "months_started": sum(one.outcome == "triggered" for one in linkage.decisions),
            "months_open": sum(one.outcome == "undetermined" for one in linkage.decisions),
            "subsidy_least": 0 if cost is None else int(cost["low_fen"]),
        }  # fmt: skip

    @property
    def _months(self) -> tuple[str, str]:
        last = shift(f"{self.on:%Y-%m}", -1)
        return shift(last, 1 - MONTHS_PER_YEAR), last

    def steps(self, lever: str = "standard", points: int = 5) -> Steps:
        """Pull one lever from end to end: what a rendered page shows instead of sliders."""
        if lever not in self.levers:
            known = ", ".join(self.levers)
            raise ParameterFault(
                "no such lever", where="lever", expected=known, got=str(lever), hint=nearest(str(lever), self.levers)
            )
        one = self.levers[lever]
        places = [one.low + (one.high - one.low) * at / (points - 1) for at in range(points)]
        places = [round(each / one.step) * one.step for each in places]
        return Steps(lever, tuple((each, self.pull(**{lever: each})) for each in places))

    def sliders(self) -> Any:
        """Show the levers as sliders with what they give beside; in a rendered page, and without `ipywidgets`, as a picture and a table."""
        return import_module(WIDGETS).sliders(self)


@dataclass(frozen=True, repr=False)
class Steps(Result):
    """One lever pulled from end to end.

    Attributes
    ----------
    lever : str
    points : tuple of (Fraction, Pulled)
        Where the lever stands, and what it gives.
    """

    lever: str
    points: tuple[tuple[Fraction, Pulled], ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a place of the lever: the lever, then each measure (fen, persons, ratio), status."""
        import pandas as pd

        return pd.DataFrame(
            [{self.lever: where, **{name: made for name, _, made in pulled.rows}, "status": SYNTHETIC}
             for where, pulled in self.points]
        )  # fmt: skip


def _known(name: str, number: Any) -> Known:
    unit, scale = UNITS[name]
    return Known(Fraction(number) / scale, unit, SYNTHETIC)


def _text(number: Any) -> str:
    value = exact(str(number))
    if value < 0:
        raise ParameterFault("a lever below zero", got=str(number))
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def workbench(
    region: str | int | Region,
    date: Date | str = "",
    households: Any = 2_000,
    persons: Any = None,
    seed: int = 1,
    law: Book | None = None,
    figures: Figures | None = None,
) -> Workbench:
    """参数沙盘：标准、比例、启动线、倍数。 Set households of a place under levers: standard, share, trigger, multiplier.

    Parameters
    ----------
    region : str, int or Region
        The place, by code, Chinese or English name.
    date : date or str, optional
        Whose law holds; left out: the first day after the newest month of published prices.
    households : int or table
        How many synthetic ones are drawn; or the households of a register, with `persons`, as `aidlib.Simulation` takes them.
    persons : table, optional
        Of a register.
    seed : int
        Of the drawing.
    law, figures : Book, Figures, optional
        Readers; new ones where left out.

    Returns
    -------
    Workbench
        `.pull(standard=…, share=…, trigger=…, multiplier=…)`, `.steps(lever)` with `.plot()`, `.sliders()`. All of it is synthetic: a
        reform on a register too.

    Raises
    ------
    LawGap
        A day before the rules of eligibility that were read begin; `aidlib.price_linkage` with a reform goes further back.

    Examples
    --------
    >>> bench = workbench("杭州", "2023-09-01", households=200)
    >>> list(bench.levers), bench.pull(multiplier=2)["dibao_cost"] == bench.pull()["dibao_cost"]
    (['standard', 'share', 'trigger', 'multiplier'], True)
    """
    where, book, figured = place(region), law or Book(), figures or Figures()
    on = day(date or f"{shift(newest_month(figured), 1)}-01")
    check_day(book, on, ANSWERS)
    if persons is None and not isinstance(households, int):
        raise ParameterFault(
            "households without persons", where="persons", expected="a table of their members, or how many to draw"
        )
    homes, people = synthetic_population(where, households, seed, figured) if persons is None else (households, persons)
    return Workbench(homes, people, where, on, book, figured)
