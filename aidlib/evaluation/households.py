"""A register of households: who is covered, who is missed, where the money goes, exact in whole fen; small cells hidden, beside earlier registers too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aidlib.disclosure import convention, dominated, suppress
from aidlib.disclosure.suppression import Suppressed, with_totals
from aidlib.errors import DataFault, RegisterFault
from aidlib.evaluation.measures import Records
from aidlib.evaluation.ranking import quantile_groups
from aidlib.evaluation.sample import Flags, Sample, of_totals
from aidlib.known import Known, Missing
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, half_up
from aidlib.result import Frame, Result
from aidlib.standards.levels import Level

if TYPE_CHECKING:
    import pandas as pd

BETWEEN = ";"
FIFTHS = 5
COUNTED = ("coverage_of_poor", "exclusion_error", "inclusion_error")
"""Shares of persons: they follow from the four cells of those in need and those who receive."""
MONEY = ("leakage", "benefit_to_line", "gap_reduction", "paid_per_person_month")
Counts = Mapping[str, Suppressed]


@dataclass(frozen=True)
class Households(Result):
    """Households of a register, all of them counted: a census, without sampling error.

    Attributes
    ----------
    sample : Sample
        Totals of each household in whole fen a year: income before the benefit, benefit, standard times members.
    urban, receives : array of bool
        Households of the town; households on the roll.
    money : bool
        Whether the register tells what is paid: without it nothing is said of money.
    levels : mapping of str to Level
        The standard each area is measured on.
    left_out : int
        Households rejected by the register's checks, of an area without a standard, or with a missing figure.
    earlier : sequence of mapping
        Counts of earlier registers by name: a cell hidden there does not follow from what is published now.
    """

    sample: Sample
    urban: Flags
    receives: Flags
    money: bool
    levels: Mapping[str, Level]
    left_out: int
    earlier: Sequence[Counts] = ()

    @property
    def n(self) -> int:
        """Households counted."""
        return self.sample.n

    @property
    def persons(self) -> int:
        """Persons in them."""
        return int(self.sample.persons.sum())

    def partitions(self) -> dict[str, list[tuple[str, Flags]]]:
        """The groups that are counted: in need or not, fifths of income before the benefit, town and country."""
        place = quantile_groups(self.sample.before, self.sample.persons, FIFTHS)
        return {
            "need": [("in_need", self.sample.poor), ("not_in_need", ~self.sample.poor)],
            "fifth": [(f"fifth_{at + 1}", place == at) for at in range(FIFTHS)],
            "area": [("urban", self.urban), ("rural", ~self.urban)],
        }

    def counts(self) -> dict[str, Suppressed | None]:
        """Persons of each partition by whether they receive, with what may be published; None where a small cell cannot be protected."""
        return {
            name: _protected(_counted(self.sample, self.receives, parts), None)
            for name, parts in self.partitions().items()
        }

    def published(self) -> dict[str, pd.DataFrame]:
        """The same with what would give a cell away beside an earlier register hidden too: columns receives, not, both; last row the whole."""
        found = {}
        for name, parts in self.partitions().items():
            full = _counted(self.sample, self.receives, parts)
            tables = [_protected(full, counts.get(name)) for counts in self.earlier or ({},)]
            whole = with_totals(full, "both").astype("Int64")
            for one in tables:
                whole = whole.mask(whole.notna()) if one is None else whole.mask(one.table.isna())
            found[name] = whole.set_axis(["receives", "not", "both"], axis="columns")
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row a measure: household_measure, value (exact; missing where hidden), value_status (observed or suppressed), households."""
        import pandas as pd

        told = not self.published()["need"].isna().to_numpy().any()
        rows: Any = [
            [name, value if self._may(name, told) else None, "observed" if self._may(name, told) else "suppressed"]
            for name, value in self._measures()
            if value is not None and not isinstance(value, Missing)
        ]
        rows += [[name, value, None] for name, value in self._measures() if isinstance(value, Missing)]
        return pd.DataFrame(rows, columns=["household_measure", "value", "value_status"])

    def groups(self) -> Frame:
        """Persons and the share that receives, by fifth of income, town and country: household_group, persons, persons_status, receiving_share,
        receiving_share_status."""
        import pandas as pd

        rows = []
        for name in ("fifth", "area"):
            table = self.published()[name]
            names = [part for part, _ in self.partitions()[name]]
            rows += [_group(part, table.iloc[at]) for at, part in enumerate(names) if self._any(name, part)]
        columns = ["household_group", "persons", "persons_status", "receiving_share", "receiving_share_status"]
        return Frame(pd.DataFrame(rows, columns=columns))

    def _any(self, name: str, part: str) -> bool:
        return any(flags.any() for one, flags in self.partitions()[name] if one == part)

    def _measures(self) -> Iterator[tuple[str, Known | Missing | None]]:
        s = self.sample
        weights, paid = s.persons.astype(np.int64), s.paid
        poor, receives = s.poor, self.receives
        yield "coverage_of_poor", _share(weights[poor & receives], weights[poor])
        yield "exclusion_error", _share(weights[poor & ~receives], weights[poor])
        yield "inclusion_error", _share(weights[receives & ~poor], weights[receives])
        if not self.money:
            yield from ((name, Missing("last_benefit_fen", own=True)) for name in MONEY)
            return
        yield "leakage", _share(paid[~poor], paid)
        yield "benefit_to_line", _share(paid[receives], s.need[receives])
        before, after = s.missing("before"), s.missing("after")
        yield "gap_reduction", _share(before - after, before)
        months = int(weights[receives].sum()) * MONTHS_PER_YEAR
        paid_month = Fraction(int(paid.sum()), months * FEN_PER_YUAN) if months else None
        yield (
            "paid_per_person_month",
            None if paid_month is None else Known(paid_month, "yuan/person/month", "observed"),
        )

    def _may(self, name: str, told: bool) -> bool:
        """Whether a measure may be shown: shares of persons where no cell is hidden, money where enough receive and none dominates."""
        if name in COUNTED:
            return told
        s, enough = self.sample, int(convention("threshold"))
        if name == "gap_reduction":
            return told and int(s.poor.sum()) >= enough
        amounts = s.paid[self.receives]
        return (told or name != "leakage") and len(amounts) >= enough and not dominated(amounts.tolist())


@dataclass(frozen=True)
class NoHouseholds(Result):
    """No register was given, or it cannot be measured: nothing is said of households.

    Attributes
    ----------
    missing : tuple of Missing
        What lacks.
    left_out : int
        Households of a register of none of which members, income and level are known, such as a list of heads alone.
    """

    missing: tuple[Missing, ...] = ()
    left_out: int = 0

    def to_frame(self) -> pd.DataFrame:
        """No rows; what lacks in `attrs["lacking"]`."""
        import pandas as pd

        frame = pd.DataFrame(columns=["household_measure", "value"])
        frame.attrs["lacking"] = list(self.missing)
        return frame

    def groups(self) -> NoHouseholds:
        """No rows either."""
        return self


def _share(part: Any, whole: Any) -> Known | None:
    """A share of two sums of whole numbers; None where there is nothing to share."""
    bottom = int(whole.sum())
    return Known(Fraction(int(part.sum()), bottom), "ratio", "observed") if bottom else None


def _group(name: str, row: Any) -> list[Any]:
    """Persons and share of a group; a share stands only where both of its parts may be shown."""
    import pandas as pd

    hidden = pd.isna(row["both"])
    share = None if row.isna().any() or not row["both"] else Fraction(int(row["receives"]), int(row["both"]))
    status = ["suppressed" if gone else "observed" for gone in (hidden, row.isna().any())]
    return [name, None if hidden else int(row["both"]), status[0], share, status[1]]


def _counted(s: Sample, receives: Flags, parts: Sequence[tuple[str, Flags]]) -> pd.DataFrame:
    import pandas as pd

    counts = [[int(s.persons[flags & side].sum()) for side in (receives, ~receives)] for _, flags in parts]
    return pd.DataFrame(counts, index=[name for name, _ in parts], columns=["receives", "not"])


def _protected(counts: pd.DataFrame, last: Suppressed | None) -> Suppressed | None:
    try:
        return suppress(counts, last=last)
    except DataFault:
        return None


def read_households(at: Records, register: str, earlier: str = "") -> Households | NoHouseholds:
    """读取登记。 Read a register: a folder with one file of persons and one of households, or a workbook that holds both."""
    if not register:
        return NoHouseholds()
    levels = {
        area.area: area.level for area in at.basis if area.level and area.level.kind in ("standard", "guide", "average")
    }
    if not levels:
        return NoHouseholds((at.lacks("level"),))
    before = [_read(at, levels, path.strip(), ()) for path in earlier.split(BETWEEN) if path.strip()]
    counted = [one.counts() for one in before if isinstance(one, Households)]
    known = [{name: one for name, one in counts.items() if one is not None} for counts in counted]
    return _read(at, levels, register, known)


def _read(at: Records, levels: Mapping[str, Level], path: str, earlier: Sequence[Counts]) -> Households | NoHouseholds:
    homes, people, rejected = _tables(Path(path), date(at.year, 12, 31))
    if "on_dibao" not in homes and "last_benefit_fen" not in homes:
        raise RegisterFault(
            "nothing tells who receives", expected="a column 现享低保 or 上月低保金", where="households"
        )
    money = "last_benefit_fen" in homes
    year = {area: half_up(level.fen_month * MONTHS_PER_YEAR) for area, level in levels.items()}
    members = people.groupby("household_id").size().reindex(homes["household_id"]).to_numpy(float)
    urban = homes["urban"].to_numpy(bool)
    paid = homes["last_benefit_fen"].fillna(0).to_numpy(float) if money else np.zeros(len(homes))
    receives = homes["on_dibao"].fillna(value=False).to_numpy(bool) if "on_dibao" in homes else paid > 0
    paid = np.where(receives, paid, 0.0)
    income = np.full(len(homes), np.nan)
    for name, months in (("income_fen", MONTHS_PER_YEAR), ("income_fen_year", 1)):
        income = homes[name].to_numpy(float) * months if name in homes else income
    line = np.where(urban, year.get("urban", np.nan), year.get("rural", np.nan))
    used = ~np.isnan(line) & ~np.isnan(members) & ~np.isnan(income)
    if not used.any():
        return NoHouseholds(left_out=len(used) + rejected)
    kept = of_totals(income[used], paid[used] * MONTHS_PER_YEAR, (line * members)[used], members[used])
    return Households(kept, urban[used], receives[used], money, levels, int((~used).sum()) + rejected, earlier)


def _tables(path: Path, on: date) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The good rows of both tables, and how many households were rejected."""
    from aidlib.register.folder import open_register

    homes, people, rejected = open_register(path, on)
    return homes.to_pandas(), people.to_pandas(), rejected
