"""The place while errors are planted in it: families are handed out once, every planted error is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.synthetic.base import ADULT, OLD, Base
from aidlib.monitoring.synthetic.departments import MARKS, Registers
from aidlib.register.columns import COLUMNS as REGISTER

EXACT, REVIEW, NONE, HARMLESS = "exact", "review", "none", "harmless"
COLUMNS = ("household_id", "person_id", "cause", "reach", "register", "reason_zh", "reason_en")
POOLS = ("dibao", "edge", "rigid", "other")
FAMILIES_PER_ERROR = 30


@dataclass
class Plot:
    """A place that is being changed.

    Attributes
    ----------
    base : Base
        The place as it was.
    registers : dict
        Departmental registers, changed in place.
    rng : numpy Generator
        Everything drawn is drawn from it.
    exclusive : frozenset of str
        Pairs of schemes that exclude each other on the day, as columns of `limits`.
    """

    base: Base
    registers: Registers
    rng: np.random.Generator
    exclusive: frozenset[str] = frozenset()
    planted: list[tuple[object, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.households, self.persons, self.recognitions = (
            self.base.households,
            self.base.persons,
            self.base.recognitions,
        )
        self.pools = {scheme: self._families(scheme) for scheme in POOLS}
        old = pl.col("since") < pl.lit(self.base.as_of.replace(day=1))
        self.tekun = self._shuffled(self.recognitions.filter((pl.col("scheme") == "tekun") & old))
        self.each = max(2, min(14, len(self.pools["dibao"]) // FAMILIES_PER_ERROR))

    def _families(self, scheme: str) -> list[int]:
        """Families of two or more of one scheme, not new this month, in which nobody is recognised alone, in random order."""
        new = pl.col("since") >= pl.lit(self.base.as_of.replace(day=1))
        alone = self.recognitions.filter((pl.col("person_id") != FAMILY) | new).select("household_id")
        several = self.persons.group_by("household_id").len().filter(pl.col("len") > 1)
        rows = self.recognitions.filter(pl.col("scheme") == scheme).join(several, on="household_id", how="semi")
        return self._shuffled(rows.join(alone, on="household_id", how="anti"))

    def _shuffled(self, rows: pl.DataFrame) -> list[int]:
        homes = rows["household_id"].unique().sort().to_numpy()
        return [int(home) for home in self.rng.permutation(homes)]

    def take(self, pool: str, count: int | None = None) -> list[int]:
        """Hand out families that nothing else was planted in; fewer where the pool runs dry."""
        source = self.tekun if pool == "tekun" else self.pools[pool]
        wanted = self.each if count is None else count
        taken = source[-wanted:] if wanted else []
        del source[len(source) - len(taken) :]
        return taken

    def member(self, home: int, youngest: int = 0, oldest: int = 200) -> dict[str, object]:
        """Pick a member, not the applicant where another will do."""
        own = self.persons.filter(pl.col("household_id") == home, pl.col("age").is_between(youngest, oldest))
        return own.row(-1, named=True) if len(own) else {}

    def ago(self, days: int) -> date:
        """A day so long before the last of the month."""
        return self.base.as_of - timedelta(days=days)

    def note(
        self,
        home: int,
        person: object,
        cause: str,
        reach: str = EXACT,
        register: str = "",
        why: tuple[str, str] = ("", ""),
    ) -> None:
        """Write a planted error down."""
        self.planted.append((home, person, cause, reach, register, *why))

    def register(self, name: str, person: dict[str, object], **facts: object) -> None:
        """Add a row to a departmental register, in its own columns."""
        table = self.registers[name]
        row = pl.DataFrame([{**{mark: person[mark] for mark in MARKS}, **facts}], infer_schema_length=None)
        fitted = row.select(
            pl.col(c).cast(table.schema[c]) if c in row.columns else pl.lit(None, table.schema[c]).alias(c)
            for c in table.columns
        )
        self.registers[name] = pl.concat([table, fitted])

    def forget(self, name: str, person: dict[str, object]) -> None:
        """Drop a person's rows from a register."""
        table = self.registers[name]
        self.registers[name] = table.filter(pl.col("id_number") != person["id_number"])

    def review(self, home: int, day: date, since: date | None = None) -> None:
        """Set the day of a family's last review (and of its recognition)."""
        mine = (pl.col("household_id") == home) & pl.col("until").is_null()
        changes = {"reviewed_on": day} | ({"since": since} if since else {})
        self.recognitions = self.recognitions.with_columns(
            pl.when(mine).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in changes.items()
        )

    def recognise(self, home: int, person: int, scheme: str) -> None:
        """Add a recognition, dated like the family's others."""
        first = self.recognitions.filter(pl.col("household_id") == home).head(1)
        added = first.with_columns(person_id=pl.lit(person, pl.Int64), scheme=pl.lit(scheme))
        self.recognitions = pl.concat([self.recognitions, added])

    def drop(self, home: int, scheme: str) -> None:
        """Turn a recognition into one of a family otherwise in difficulty."""
        mine = (pl.col("household_id") == home) & (pl.col("scheme") == scheme)
        self.recognitions = self.recognitions.with_columns(
            person_id=pl.when(mine).then(pl.lit(FAMILY, pl.Int64)).otherwise("person_id"),
            scheme=pl.when(mine).then(pl.lit("other")).otherwise("scheme"),
        )

    def state(self, home: int, **facts: int) -> None:
        """Change what a family stated."""
        mine = pl.col("household_id") == home
        absent = {name: REGISTER[name].absent or 0 for name in facts if name not in self.households.columns}
        whole = self.households.with_columns(pl.lit(value).alias(name) for name, value in absent.items())
        self.households = whole.with_columns(
            pl.when(mine).then(pl.lit(int(value))).otherwise(pl.col(name)).alias(name) for name, value in facts.items()
        )

    def table(self) -> pl.DataFrame:
        """Return what was planted."""
        kinds = {"household_id": pl.Int64, "person_id": pl.Int64}
        schema = {name: kinds.get(name, pl.String) for name in COLUMNS}
        return pl.DataFrame(self.planted, schema=schema, orient="row").sort("household_id", "cause", "person_id")


def grown(plot: Plot, home: int) -> dict[str, object]:
    """Pick a member of working age."""
    return plot.member(home, ADULT, OLD - 1)
