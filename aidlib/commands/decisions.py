"""The officer's workbooks: one a township, lists by decision; and the letter of one household by its number."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl

from aidlib.errors import RegisterFault, nearest
from aidlib.rules.decisions import DECISIONS, counted
from aidlib.words import word

LISTED = (
    "household_no",
    "row",
    "village",
    "decision",
    "paid_yuan",
    "due_yuan",
    "due_at_best_yuan",
    "at_least",
    "category",
    "status",
)
LONGEST_NAME = 60
A4 = 9  # the number Excel gives the paper
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}  # a township may begin as a formula does


def write_decisions(decided: pl.DataFrame, out: Path) -> list[Path]:
    """Write the decisions: a table for programs, a workbook of counts, and a workbook for each township, one sheet a decision."""
    import xlsxwriter

    folder = out / "decisions"
    folder.mkdir(exist_ok=True)
    decided.write_parquet(folder / "decisions.parquet")
    counts = counted(decided)
    summary = folder / f"{_zh('summary')}.xlsx"
    with xlsxwriter.Workbook(summary, _AS_TEXT) as book:
        _sheet(book, _zh("summary"), counts)
    written = [summary]
    for (township,), rows in decided.group_by("township", maintain_order=True):
        path = folder / f"{_safe(str(township or _zh('no_township')))}.xlsx"
        with xlsxwriter.Workbook(path, _AS_TEXT | {"constant_memory": True}) as book:
            _sheet(book, _zh("summary"), counted(rows))
            for name in DECISIONS:
                if (listed := rows.filter(pl.col("decision") == name)).height:
                    _sheet(book, _zh(name), _in_yuan(listed))
        written.append(path)
    return written


def counts_in_words(decided: pl.DataFrame) -> str:
    """Count the decisions for the screen, all townships together."""
    counts = counted(decided.with_columns(township=pl.lit("")))
    return "\n".join(f"{_zh(name):<6} {word(f'dec_{name}', spoken='en'):<22} {homes:>9} {f'({least} at least)' if least else ''}".rstrip()
                     for _, name, homes, least in counts.iter_rows())  # fmt: skip


def _zh(key: str) -> str:
    return word(f"dec_{key}", spoken="zh")


def _safe(name: str) -> str:
    return re.sub(r"[^\w\u3400-\u9fff()（）-]", "_", name)[:LONGEST_NAME]


def _in_yuan(rows: pl.DataFrame) -> pl.DataFrame:
    """Write fen as yuan with two decimals, exactly."""
    amounts = {f"{name}_yuan": pl.col(f"{name}_fen") for name in ("paid", "due", "due_at_best")}
    return rows.with_columns(((fen // 100).cast(pl.String) + "." + (fen % 100).cast(pl.String).str.zfill(2)).alias(name)
                             for name, fen in amounts.items()).select(LISTED)  # fmt: skip


def _sheet(book: Any, name: str, rows: pl.DataFrame) -> None:
    """Write a list so that it prints as it reads: across one A4 page, headings on each, amounts with two decimals."""
    page, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True, "bottom": 1})
    right, yuan = (
        book.add_format({"bold": True, "bottom": 1, "align": "right"}),
        book.add_format({"num_format": "#,##0.00"}),
    )
    page.set_default_row(16)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C&A  &P/&N")
    for at, column in enumerate(rows.columns):
        page.set_column(at, at, 16, yuan if column.endswith("_yuan") else None)
        page.write(0, at, _zh(column), right if column.endswith("_yuan") or rows.schema[column].is_numeric() else bold)
    for number, cells in enumerate(rows.iter_rows(), 1):
        page.write_row(number, 0, [_cell(column, cell) for column, cell in zip(rows.columns, cells, strict=True)])
    page.freeze_panes(1, 0)


def _cell(column: str, cell: Any) -> Any:
    """A cell as the officer reads it; amounts as numbers."""
    if column == "decision":
        return _zh(cell)
    if column == "at_least" and isinstance(cell, bool):
        return word("yes", of="page", spoken="zh") if cell else ""
    if column.endswith("_yuan") and cell is not None:
        return float(cell)  # shown only: the exact fen stand in decisions.parquet
    if column in ("category", "status") and cell:
        return word(cell, of=column, spoken="zh")
    return cell


def letter(
    households: str, persons: str, number: str, on: date, *, stale: bool, unknown: Literal["raise", "bounds"]
) -> str:
    """Write what one household, named by its own number, is due: step by step, and the paragraph of the letter."""
    from aidlib.rules.explain import explain

    homes, people = pl.read_parquet(households), pl.read_parquet(persons)
    names = homes["household_no" if "household_no" in homes.columns else "household_id"].cast(pl.String)
    found = homes.filter(names == number)
    if found.is_empty() and number in _unlisted(Path(households)):
        raise RegisterFault("the ledger lists the head alone: who else lives there is unknown", got=number, expected="all members",
                            hint="list all members of the household in the ledger, and register it again")  # fmt: skip
    if found.is_empty():
        raise RegisterFault(
            "no such household in the register", got=number, hint=nearest(number, names.to_list()[:5000])
        )
    home = found.row(0, named=True)
    members = people.filter(pl.col("household_id") == home["household_id"]).iter_rows(named=True)
    family = _facts(home) | {"persons": [_facts(member) for member in members]}
    return str(explain(family, home["region_code"], on, stale=stale, unknown=unknown))


def _unlisted(households: Path) -> list[str]:
    """Return the numbers of households of which the ledger lists the head alone."""
    from aidlib.register.folder import HEADS

    path = households.with_name(f"{HEADS[0]}.parquet")
    return pl.read_parquet(path)["household_no"].to_list() if path.is_file() else []


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """The facts of a row that rules read, as far as they are filled."""
    from aidlib.register.columns import COLUMNS

    return {
        name: value
        for name, value in row.items()
        if value is not None and name in COLUMNS and COLUMNS[name].kind not in ("id", "text")
    }
