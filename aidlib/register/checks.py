"""Check a register whole: every fault at once, bad rows out with their reasons, good rows on only when asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from aidlib.errors import Fault, RegisterFault, nearest
from aidlib.register import consistency
from aidlib.register.cells import Trouble
from aidlib.register.flaws import FLAW_SCHEMA, Flaw, flaws_of, levels
from aidlib.register.ledger import Ledger, none_of, open_ledger
from aidlib.register.reading import Reading, letters
from aidlib.register.schema import Table, fields
from aidlib.register.writing import PARTIAL

TEXT_LINES = 200
NO_RECORD = ["R-ROW-TOTAL", "R-ROW-FOOT"]  # lines of a sheet that are no persons or households
INSIDE = ("private", "identity", "date")  # kinds of columns that stay inside the register
STATED = ("members", "income_fen_year")  # read for the checks only


@dataclass(frozen=True)
class Checked:
    """A register after its checks.

    Attributes
    ----------
    flaws : polars.DataFrame
        One line per fault: table, file, sheet, row, column, code, expected, got (masked), level, zh, en.
    counts : polars.DataFrame
        By table: rows in, good, rejected; `in = good + rejected` always.
    """

    flaws: pl.DataFrame = field(repr=False)
    counts: pl.DataFrame
    _ledgers: dict[Table, Ledger] = field(repr=False)
    _rejected: dict[Table, pl.Series] = field(repr=False)

    @property
    def faults(self) -> list[Flaw]:
        """Faults that stop a row or a file, in order of table and row."""
        return flaws_of(self.flaws.filter(pl.col("level") != "note"))

    def good(self, allow_rejects: bool = False) -> dict[Table, pl.DataFrame]:
        """Return the rows without a fault, typed, without names, identity numbers, telephones, bank cards and addresses.

        Parameters
        ----------
        allow_rejects : bool
            Go on with the good rows although others were rejected. Without it any rejected row is an error.

        Raises
        ------
        RegisterFault
            Rows were rejected and nobody said to go on without them.
        """
        bad = int(self.counts["rejected"].sum())
        if bad and not allow_rejects:
            raise RegisterFault(f"{bad} rows were rejected", expected="none, or leave to go on without them", got=str(bad),
                                hint="mend the rejected rows, or say allow_rejects=True (--allow-rejects)")  # fmt: skip
        return {table: _typed(ledger, ~self._rejected[table]) for table, ledger in self._ledgers.items()}

    def identities(self) -> pl.DataFrame:
        """Return person and identity number of the good rows, for matching inside; never for a report."""
        ledger = self._ledgers["persons"]
        kept = _typed(ledger, ~self._rejected["persons"])["person_id"]
        return pl.DataFrame(
            {"person_id": kept, "id_number": ledger.values["id_number"].filter(~self._rejected["persons"])}
        )

    def text(self, lines: int = TEXT_LINES) -> str:
        """Write counts, then one line per fault with its column as the file has it, then notes; the rest is in the workbook."""
        from aidlib.register.writing import as_text

        return as_text(self, lines)

    def headings(self, table: str) -> dict[str, str]:
        """Return where each column of a table stands in its file: the letter and the heading."""
        folds = self._ledgers[table].reading.folds if table in self._ledgers else ()
        return {fold.column: f"{letters(fold.position)} {fold.heading}" for fold in folds if fold.column}

    @property
    def readings(self) -> list[Reading]:
        """The tables as they were found."""
        return [ledger.reading for ledger in self._ledgers.values()]

    def workbook(self, path: str | Path) -> list[Path]:
        """Write the faults as a workbook: counts, faults by kind, every fault; a list too long for a sheet also as CSV."""
        from aidlib.register.writing import write_workbook

        return write_workbook(self, Path(path))

    def rejects(self, folder: str | Path) -> list[Path]:
        """Write the rejected rows as they came, with their reasons, one CSV per table. They hold personal data and stay inside."""
        from aidlib.register.writing import write_rejects

        return write_rejects(self, Path(folder))

    def rejected(self, table: Table) -> pl.DataFrame:
        """Return the rejected rows of a table as they came, with the reasons in Chinese and the codes."""
        reasons = self.flaws.filter((pl.col("table") == table) & (pl.col("level") == "reject")).group_by("row").agg(
            pl.col("code").unique(maintain_order=True).str.join(" ").alias("codes"),
            pl.col("zh").unique(maintain_order=True).str.join("；").alias("reasons"),
        )  # fmt: skip
        rows = self._ledgers[table].reading.raw.filter(self._rejected[table])
        stopped = " ".join(
            self.flaws.filter((pl.col("table") == table) & (pl.col("level") == "file"))["code"].unique().sort()
        )
        return rows.join(reasons, on="row", how="left", maintain_order="left").with_columns(
            pl.col("codes").fill_null(stopped), pl.col("reasons").fill_null("整个文件有问题")
        )


def check(persons: Reading | None, households: Reading | None, on: date, blank_is_none: Iterable[str] = ()) -> Checked:
    """Check persons and households, alone and against each other.

    Parameters
    ----------
    persons, households : Reading or None
        What `read_register` returned; with only one of them the checks between the two are left out.
    on : date
        The day ages are counted to and dates may not pass.
    blank_is_none : iterable of str
        Columns whose empty cells mean nought, no or none in this ledger, such as `wage_fen` or `disability_kind`; noted.
        Without it an empty cell is unknown, and a row is rejected where no range can stand for it.

    Returns
    -------
    Checked

    Raises
    ------
    RegisterFault
        Neither table was given, or one was given in the place of the other.

    Examples
    --------
    >>> import tempfile
    >>> from aidlib.register.reading import read_register
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "家庭.csv")
    ...     _ = path.write_text("家庭编号,区划代码,城乡类别,家庭月收入(元),财产符合\\nH1,450403,农村,-5,是\\n", encoding="utf-8")
    ...     checked = check(None, read_register(path), date(2026, 11, 1))
    >>> print(checked.faults[0])
    家庭.csv, row 2, income_fen: R-MONEY-NEGATIVE 金额为负 a negative amount; expected 0 or more; got -5
    >>> checked.counts.row(0)
    ('households', 1, 0, 1)
    """
    readings = [reading for reading in (persons, households) if reading is not None]
    if [r.table for r in readings] != [
        t for t, r in (("persons", persons), ("households", households)) if r
    ] or not readings:
        raise RegisterFault(
            "the tables are not persons and households", got=", ".join(r.table for r in readings) or "nothing"
        )
    blank = _blank(blank_is_none, readings)
    ledgers: dict[Table, Ledger] = {reading.table: open_ledger(reading, on, blank) for reading in readings}
    _run(ledgers, on)
    flaws = _without_totals(pl.concat([frame for ledger in ledgers.values() for frame in ledger.flaws]))
    rejected = _rejected(ledgers, flaws)
    rejected, partial = _whole_homes(ledgers, rejected)
    told = pl.concat([flaws, partial]).join(levels(), on="code", how="left", maintain_order="left")
    return Checked(told.sort("table", "row", maintain_order=True), _counts(ledgers, rejected), ledgers, rejected)


def _without_totals(flaws: pl.DataFrame) -> pl.DataFrame:
    """Say of a line of totals, or under the table, only that it is one."""
    none = flaws.filter(pl.col("code").is_in(NO_RECORD))
    others = flaws.filter(~pl.col("code").is_in(NO_RECORD))
    kept = others.join(none.select("table", "row"), on=["table", "row"], how="anti", maintain_order="left")
    return pl.concat([kept, none])


def _blank(names: Iterable[str], readings: list[Reading]) -> frozenset[str]:
    may = {name for reading in readings for name, field in fields(reading.table).items() if none_of(field) is not None}
    if wrong := sorted(set(names) - may):
        raise RegisterFault(Fault("a blank cannot mean none here", got=name, hint=nearest(name, may)) for name in wrong)
    return frozenset(names)


def _run(ledgers: dict[Table, Ledger], on: date) -> None:
    people, homes = ledgers.get("persons"), ledgers.get("households")
    if people:
        consistency.check_persons(people, on)
        consistency.check_members(people)
    if homes:
        consistency.check_households(homes)
    if people and homes:
        consistency.check_both(people, homes)


def _rejected(ledgers: dict[Table, Ledger], flaws: pl.DataFrame) -> dict[Table, pl.Series]:
    marked = flaws.join(levels(), on="code", how="left")
    found: dict[Table, pl.Series] = {}
    for table, ledger in ledgers.items():
        own = marked.filter(pl.col("table") == table)
        stopped = (own["level"] == "file").any()
        bad = own.filter(pl.col("level") == "reject")["row"].unique()
        found[table] = ledger.rows.is_in(bad.implode()) | stopped
    return found


def _whole_homes(
    ledgers: dict[Table, Ledger], rejected: dict[Table, pl.Series]
) -> tuple[dict[Table, pl.Series], pl.DataFrame]:
    """Reject every row of a household that lost a row: part of a household cannot be judged."""
    told = [pl.DataFrame(schema=FLAW_SCHEMA)]
    lost = [
        ledger.values["household_id"].filter(rejected[table])
        for table, ledger in ledgers.items()
        if ledger.has("household_id")
    ]
    gone = pl.concat([pl.Series("household_id", [], dtype=pl.String), *lost]).drop_nulls().unique()
    whole = dict(rejected)
    for table, ledger in ledgers.items():
        if not ledger.has("household_id"):
            continue
        partial = ledger.values["household_id"].is_in(gone.implode()).fill_null(False) & ~rejected[table]
        before = len(ledger.flaws)
        ledger.flag(Trouble(partial, PARTIAL, "the whole household"), "household_id")
        told += ledger.flaws[before:]
        whole[table] = rejected[table] | partial
    return whole, pl.concat(told)


def _counts(ledgers: dict[Table, Ledger], rejected: dict[Table, pl.Series]) -> pl.DataFrame:
    rows = []
    for table, ledger in ledgers.items():
        came, bad, good = len(ledger.reading.raw), int(rejected[table].sum()), int((~rejected[table]).sum())
        if came != good + bad:
            raise RegisterFault("the counts do not reconcile", expected=str(came), got=f"{good} + {bad}")
        rows.append((table, came, good, bad))
    return pl.DataFrame(rows, schema=["table", "in", "good", "rejected"], orient="row")


def _typed(ledger: Ledger, kept: pl.Series) -> pl.DataFrame:
    known = fields(ledger.reading.table)
    names = [
        name for name, column in known.items() if ledger.has(name) and column.kind not in INSIDE and name not in STATED
    ]
    frame = ledger.values.select(names).filter(kept)
    if ledger.reading.table == "persons" and "person_id" not in names:
        frame = frame.with_columns(ledger.rows.filter(kept).alias("person_id"))
    return frame
