"""Simulation: what households are due by today's law or a reform, who gains and who loses, and what it costs; one engine, whole fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.errors import Fault, ParameterFault, RegisterFault, RuleFault, nearest
from aidlib.evaluation.ranking import quantile_groups
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.law.reform import Reform, reform_of
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import half_up
from aidlib.parameters import day, table
from aidlib.regions import Region, place
from aidlib.result import TABLES, Result
from aidlib.rules.frames import STATUS, Assessed, assess, columns_of
from aidlib.rules.frames import homes as homes_of
from aidlib.rules.job import law_of
from aidlib.rules.layers import CATEGORIES, LAYERS
from aidlib.rules.local import LocalRules
from aidlib.rules.places import Places, Unknown
from aidlib.rules.programmes import rules_on
from aidlib.rules.unknown import AT_BEST

if TYPE_CHECKING:
    import pandas as pd

DUE = "monthly_aid_fen"
DECILES = 10
OUTCOMES = ("gains", "loses", "same", "cannot_tell")
GROUPINGS = ("all", "decile", "area", "type")


@dataclass(frozen=True)
class Simulation:
    """按某日的规定或改革方案逐户模拟。 Households and persons under the law of a day, or under a reform of it.

    Parameters
    ----------
    households, persons : pandas.DataFrame or polars.DataFrame
        Columns as in `aidlib.register.columns`; money in whole fen (`income_fen` a month, `income_fen_year` a year). What is empty is unknown.
    region : str, int or Region, optional
        Where all households live, where they have no `region_code`.
    date : date or str
        The day, or `YYYY-MM-DD`.
    reform : Reform or mapping, optional
        Law changed in memory (a mapping: for the nation and always): every answer is then `synthetic`.
    weights : str or array_like, optional
        Weight of each household, a column or one number a row; 1 where left out.
    stale, unknown, local_rules :
        What may stand in for a standard or a local rule that is not on file, as in `aidlib.explain`.
    book, figures : Book, Figures, optional
        The law and the published figures.

    Raises
    ------
    ParameterFault
        An unreadable day, weights of another length or below zero.
    RegionUnknown
        No such region.

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"household_id": [1], "urban": [True], "income_fen": [189_400], "property_ok": [True], "expend_fen": [0]})
    >>> people = pd.DataFrame({"household_id": [1, 1, 1], "person_id": [1, 2, 3], "age": [40, 38, 9], "relation": ["applicant", "spouse", "child"]})
    >>> today = Simulation(homes, people, region="330100", date="2023-09-01", local_rules="none")
    >>> today.calculate("dibao_benefit_fen")[["dibao_benefit_fen", "status"]].values.tolist()
    [[188300, 'enacted']]
    >>> higher = today.compare(Reform({"dibao_standard": "1400 yuan/person/month"}), amount="dibao_benefit_fen")
    >>> higher.winners, higher.losers, higher.cost
    (1, 0, (42300, 42300, 42300))
    """

    households: Any
    persons: Any
    region: str | int | Region | None = None
    date: Date | str = ""
    reform: Reform | Mapping[str, object] | None = None
    weights: Any = None
    stale: bool = False
    unknown: Unknown = "raise"
    local_rules: LocalRules = "unknown"
    book: Book | None = None
    figures: Figures | None = None

    def __post_init__(self) -> None:
        self._set("date", day(self.date))
        self._set("reform", reform_of(self.reform))
        self._set("book", self.book or Book())
        self._set("figures", self.figures or Figures())
        self._set("households", self._placed())
        self._check()

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _placed(self) -> Any:
        """Households with the region filled in where the table has none."""
        import narwhals as nw

        homes = table(self.households, "households")
        if not len(homes):
            raise RegisterFault("no households", where="households", expected="one row or more")
        if "region_code" in homes.columns:
            return self.households
        if self.region is None:
            raise ParameterFault("no place", where="region", expected="a region, or a column region_code")
        return homes.with_columns(nw.lit(place(self.region).code).alias("region_code")).to_native()

    def _check(self) -> None:

        homes, people = table(self.households, "households"), table(self.persons, "persons")
        needed = ((name, homes, "households") for name in ("household_id", "region_code", "urban"))
        if lost := [
            Fault("a column is missing", where, name, None, nearest(name, frame.columns))
            for name, frame, where in (*needed, ("household_id", people, "persons"))
            if name not in frame.columns
        ]:
            raise RegisterFault(lost)  # fmt: skip
        heads = homes_of(people["household_id"].to_numpy(), homes["household_id"].to_numpy()).heads
        if alone := int((heads == 0).sum()):
            raise RegisterFault("households without persons", where="households.household_id", got=f"{alone} households",
                                hint="list their members, or leave them out")  # fmt: skip
        if homes["region_code"].null_count() or homes["urban"].null_count():
            raise RegisterFault(
                "households without a region or area",
                where="region_code, urban",
                hint="fill them; they cannot be guessed",
            )
        self.weight()

    def weight(self) -> Any:
        """Weight of each household, one a row of `households`."""
        import narwhals as nw

        homes = nw.from_native(self.households, eager_only=True)
        if isinstance(self.weights, str) and self.weights not in homes.columns:
            raise ParameterFault(
                "no such column", where="weights", got=self.weights, hint=nearest(self.weights, homes.columns)
            )
        found = homes[self.weights].to_numpy() if isinstance(self.weights, str) else self.weights
        weights = np.ones(len(homes), np.int64) if found is None else np.asarray(found)
        if weights.dtype.kind not in "biuf":
            raise ParameterFault("weights that are no numbers", where="weights", expected="zero or more")
        if weights.shape != (len(homes),):
            raise ParameterFault(
                "weights of another length", where="weights", expected=str(len(homes)), got=str(weights.shape)
            )
        if not (np.isfinite(weights) & (weights >= 0)).all():
            raise ParameterFault("a weight is missing or negative", where="weights", expected="zero or more")
        return weights

    @cached_property
    def _pairs(self) -> list[tuple[str, bool]]:
        """Every place and area that a household lives in."""
        import narwhals as nw

        keys = nw.from_native(self.households, eager_only=True).select("region_code", "urban")
        codes = keys["region_code"].unique().to_list()
        if len(codes) == 1:  # the usual case, and rows of two columns take pandas long to tell apart
            return sorted((str(codes[0]), bool(urban)) for urban in keys["urban"].unique().to_list())
        return sorted((str(code), bool(urban)) for code, urban in keys.unique().iter_rows())

    def law(self, answers: tuple[str, ...]) -> Places:
        """Return the law of every place that the households live in, as far as some answers rest on it; read once for the same answers."""
        if answers not in self._laws:
            self._laws[answers] = self._law(answers)
        return self._laws[answers]

    @cached_property
    def _laws(self) -> dict[tuple[str, ...], Places]:
        return {}

    def _law(self, answers: tuple[str, ...]) -> Places:
        assert isinstance(self.date, Date) and self.book and self.figures  # noqa: PT018
        changed = reform_of(self.reform)
        book = changed.book(self.book) if changed else self.book
        ways: dict[str, Any] = {"stale": self.stale, "unknown": self.unknown, "local_rules": self.local_rules}
        return law_of(self._pairs, book, self.figures, self.date, answers, **ways)

    def calculate(self, answers: str | Iterable[str] = DUE) -> Any:
        """Work out answers, all of households or all of persons.

        Parameters
        ----------
        answers : str or iterable of str
            Names of rules, such as `category`, `dibao_benefit_fen` or `monthly_aid_fen` (fen a month) of households, `layer` of persons.

        Returns
        -------
        pandas.DataFrame or polars.DataFrame
            As the tables came: keys, each answer at its unfavourable end, `<answer>_at_best` at the other (empty where no upper end is known),
            `at_least` (more may be due), `status`. `category` and `layer` are words (`dibao`, `none`, `cannot_tell`), cannot_tell where the ends differ.

        Raises
        ------
        RuleFault
            Unknown names; answers of households and of persons asked together.
        LawGap, RegisterFault
            As `aidlib.explain`.
        """
        wanted = (answers,) if isinstance(answers, str) else tuple(answers or ())
        if not wanted:
            raise RuleFault("nothing is asked for", where="answers", expected="names of rules", hint=DUE)
        rules = rules_on(self.date)
        if strange := [name for name in wanted if name not in {*rules.functions, *rules.sums}]:
            raise RuleFault(Fault("no such answer", "answers", "the name of a rule", one,
                                  nearest(one, {*rules.functions, *rules.sums})) for one in strange)  # fmt: skip
        made = self._assessed(wanted, self.law(wanted))
        per = [{*_columns(table)} & {*wanted} for table in (made.households, made.persons)]
        if all(per):
            raise RuleFault("answers of households and of persons together", where="answers", expected="one kind in a call",
                            got=", ".join(wanted))  # fmt: skip
        return _worded(made.households if per[0] else made.persons)

    def _assessed(self, wanted: tuple[str, ...], held: Places) -> Assessed:
        import narwhals as nw

        made = assess(self.households, self.persons, held, wanted)
        if self.reform is None:
            return made
        mark = nw.lit("synthetic").alias(STATUS)
        both = (nw.from_native(table).with_columns(mark).to_native() for table in (made.households, made.persons))
        homes, people = both
        return replace(made, households=homes, persons=people)

    def compare(self, reform: Reform | Mapping[str, object], type: str | None = None, amount: str = DUE) -> Comparison:
        """Hold a reform against this simulation: who gains, who loses, what it costs a month.

        Parameters
        ----------
        reform : Reform or mapping
            The law as it might be.
        type : str, optional
            Column of `households` that sorts them; by default the category each has before the reform.

        amount : str
            What is due, an answer of households in fen a month.

        Returns
        -------
        Comparison

        Raises
        ------
        RegisterFault
            Columns that the amount needs are missing; `dibao_benefit_fen` needs the fewest.
        """
        after = replace(self, reform=reform)
        wanted = (amount, "category", "members")
        law = self.law(wanted), after.law(wanted)
        tables = [_pandas(one._assessed(wanted, held).households) for one, held in zip((self, after), law, strict=True)]
        homes = _pandas(self.households).reset_index(drop=True)
        if type is not None and type not in homes:
            raise ParameterFault("no such column", where="type", got=type, hint=nearest(type, homes.columns))
        untouched = np.array([law[0].locals[key].values == law[1].locals[key].values for key in _keys(homes)], bool)
        return Comparison(_compared(homes, self.weight(), tables, untouched, type, amount), _kind(self.households))


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """What a reform changes. Everything in it is `synthetic`.

    Attributes
    ----------
    households : pandas.DataFrame
        One row a household: household_id, weight, decile (1 the poorest, of persons by income per head; 0 where income is unknown), area, type,
        before_fen, after_fen (a month, at the unfavourable end), change_low_fen and change_high_fen (empty where no bound is known), outcome, status.
    """

    households: pd.DataFrame
    kind: str

    @property
    def winners(self) -> Any:
        """Households that gain for certain, weighted."""
        return self._count("gains")

    @property
    def losers(self) -> Any:
        """Households that lose for certain, weighted."""
        return self._count("loses")

    @property
    def undecided(self) -> Any:
        """Households of which it cannot be told whether they gain or lose, weighted."""
        return self._count("cannot_tell")

    @property
    def cost(self) -> tuple[int | None, int, int | None]:
        """Cost a month in fen, weighted: least, at the unfavourable end of what is unknown, most; None where no bound is known."""
        return _cost(self.households)

    def _count(self, outcome: str) -> Any:
        counted = self.households["weight"][self.households["outcome"] == outcome].to_numpy()
        return counted.sum().item()

    def by(self, grouping: str) -> Any:
        """Return the rows of `to_frame` of one grouping: `decile`, `area` or `type`."""
        if grouping not in GROUPINGS:
            raise ParameterFault("unknown grouping", where="by", expected=", ".join(GROUPINGS), got=grouping)
        return self._as_came(self._rows((grouping,)))

    def to_frame(self) -> Any:
        """One row a group: grouping, group, households, gains, loses, same, cannot_tell (weighted), cost_least_fen, cost_fen, cost_most_fen (a month,
        empty where no bound is known), status; pandas or Polars as the households came."""
        return self._as_came(self._rows(GROUPINGS))

    def _rows(self, groupings: Iterable[str]) -> pd.DataFrame:
        import pandas as pd

        made = pd.DataFrame([row for grouping in groupings for row in self._grouped(grouping)])
        return made.astype({name: "Int64" for name in made if str(name).startswith("cost")})

    def _grouped(self, grouping: str) -> Iterator[dict[str, Any]]:
        whole = self.households
        parts = [("all", whole)] if grouping == "all" else whole.groupby(grouping, sort=True)
        for name, rows in parts:
            low, point, high = _cost(rows)
            weights = rows["weight"].groupby(rows["outcome"]).sum()
            counts = {outcome: weights.get(outcome, 0) for outcome in OUTCOMES}
            yield {"grouping": grouping, "group": str(name), "households": rows["weight"].sum(), **counts,
                   "cost_least_fen": low, "cost_fen": point, "cost_most_fen": high, "status": "synthetic"}  # fmt: skip

    def _as_came(self, frame: pd.DataFrame) -> Any:
        if self.kind != "polars":
            return frame
        import polars as pl

        return pl.from_pandas(frame)

    def shares(self) -> pd.DataFrame:
        """Weighted shares of the households of each tenth that gain, lose, stay or cannot be told: what `.plot()` draws."""
        rows = self._rows(("decile",)).set_index("group")
        return rows[list(OUTCOMES)].div(rows["households"], axis=0)

    def _repr_html_(self) -> str:
        return import_module(TABLES).frame_html(self._rows(GROUPINGS))  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return repr(self._rows(GROUPINGS))


def _worded(table: Any) -> Any:
    """Write `category` and `layer` as the words they stand for, in a column of a short list of words."""
    import narwhals as nw

    frame = nw.from_native(table, eager_only=True)
    made = {name: columns_of(frame.implementation).words(frame[name].to_numpy(), words)
            for name, words in (("category", CATEGORIES), ("layer", LAYERS)) if name in frame.columns}  # fmt: skip
    if not made:
        return table
    fresh = nw.from_dict(made, backend=frame.implementation)
    return frame.with_columns(*(fresh[name] for name in made)).to_native()


def _columns(table: Any) -> list[str]:
    return list(table.columns)


def _kind(table: Any) -> str:
    return type(table).__module__.partition(".")[0]


def _pandas(table: Any) -> pd.DataFrame:
    import narwhals as nw

    found: pd.DataFrame = nw.from_native(table, eager_only=True).to_pandas()
    return found


def _keys(homes: pd.DataFrame) -> Iterator[tuple[str, bool]]:
    return ((str(code), bool(urban)) for code, urban in zip(homes["region_code"], homes["urban"], strict=True))


def _compared(
    homes: pd.DataFrame, weight: Any, tables: list[pd.DataFrame], untouched: Any, type: str | None, amount: str
) -> pd.DataFrame:
    """Lay both answers side by side; where the law of a place is the same, nothing changes whatever is unknown."""
    import pandas as pd

    before, after = (table.reset_index(drop=True) for table in tables)
    low = (after[amount] - before[amount + AT_BEST].astype("Int64")).mask(untouched, 0)
    high = (after[amount + AT_BEST].astype("Int64") - before[amount]).mask(untouched, 0)
    at = [(low > 0).fillna(False), (high < 0).fillna(False), ((low == 0) & (high == 0)).fillna(False)]
    outcome = np.select([flags.to_numpy(bool) for flags in at], OUTCOMES[:3], OUTCOMES[3])
    sort = homes[type] if type else before["category"].map(lambda code: CATEGORIES[int(code)])
    return pd.DataFrame({
        "household_id": homes["household_id"], "weight": weight, "decile": _deciles(homes, before["members"], weight),
        "area": np.where(homes["urban"].astype(bool), "urban", "rural"), "type": sort.astype(str), "before_fen": before[amount],
        "after_fen": after[amount], "change_low_fen": low, "change_high_fen": high, "outcome": outcome, "status": "synthetic",
    })  # fmt: skip


def _deciles(homes: pd.DataFrame, members: Any, weight: Any) -> Any:
    """Tenth of persons by income per head before the reform; 0 where income is unknown."""
    import pandas as pd

    empty = pd.Series(pd.NA, homes.index, dtype="Float64")
    year, month = (homes.get(name, empty).astype("Float64") for name in ("income_fen_year", "income_fen"))
    head = (year.fillna(month * MONTHS_PER_YEAR) / members).to_numpy(float, na_value=np.nan)
    persons = np.asarray(weight * members, float)
    known, found = ~np.isnan(head) & (persons > 0), np.zeros(len(homes), np.int64)
    if known.any():
        found[known] = quantile_groups(head[known], persons[known], DECILES) + 1
    return found


def _cost(rows: pd.DataFrame) -> tuple[int | None, int, int | None]:
    changes = (rows["change_low_fen"], rows["after_fen"] - rows["before_fen"], rows["change_high_fen"])
    low, point, high = (None if one.isna().any() else _weighted(one, rows["weight"]) for one in changes)
    return low, point or 0, high


def _weighted(change: Any, weight: Any) -> int:
    """Sum of weight times change, exact, rounded once."""
    terms = ((Fraction(w), int(c)) for w, c in zip(weight.tolist(), change.tolist(), strict=True) if c)
    return half_up(sum((w * c for w, c in terms), Fraction(0)))
