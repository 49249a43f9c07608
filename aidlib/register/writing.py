"""Write what the checks found: a workbook of faults, and the rejected rows for whoever must mend them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from aidlib.errors import PrivacyFault
from aidlib.register.flaws import Flaw, flaws_of, kinds

if TYPE_CHECKING:
    from aidlib.register.checks import Checked


PARTIAL = "R-HOME-PARTIAL"  # a sound row of a household that lost another
SHEET_ROWS = 100_000  # what a sheet still opens with; the whole list then stands beside it as CSV
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}  # a ledger's cell may begin as a formula does
HEADINGS = {"table": "表", "file": "文件", "sheet": "工作表", "row": "行", "heading": "列", "column": "项目", "code": "代码",
            "expected": "应为", "got": "实为(已遮蔽)",
            "level": "性质", "zh": "说明", "en": "meaning", "count": "条数", "in": "读入", "good": "合格", "rejected": "退回"}  # fmt: skip


def as_text(checked: Checked, lines: int) -> str:
    """Write counts, one line per fault, rows given up with their household, and notes."""
    faults = [fault for fault in checked.faults if fault.code != PARTIAL]
    notes = flaws_of(checked.flaws.filter(pl.col("level") == "note"))
    counted = [
        f"{table}: {came} in = {good} good + {bad} rejected" for table, came, good, bad in checked.counts.iter_rows()
    ]
    more = [f"... and {len(faults) - lines} more"] if len(faults) > lines else []
    named = {table: checked.headings(table) for table in ("persons", "households")}
    told = [str(replace(fault, column=_column(named, fault))) for fault in (*faults[:lines], *notes)]
    shown = min(len(faults), lines)
    return "\n".join(
        [
            *counted,
            *told[:shown],
            *more,
            *_partial(checked),
            *(f"note: {note}" for note in (*_found(checked), *told[shown:])),
        ]
    )


def _found(checked: Checked) -> list[str]:
    """Say what the reader did with each file."""
    return [f"{reading.place}: {note}" for reading in checked.readings for note in reading.notes]


def _folds(checked: Checked) -> pl.DataFrame:
    """List every heading with the column it was folded onto and the unit read from it."""
    return pl.DataFrame(
        [(reading.table, reading.file, reading.sheet, line) for reading in checked.readings for line in reading.listing().splitlines()[1:]],
        schema=["table", "file", "sheet", "heading"], orient="row",
    )  # fmt: skip


def _column(named: dict[str, dict[str, str]], flaw: Flaw) -> str:
    heading = named[flaw.table].get(flaw.column)
    return f"column {heading}" if heading else flaw.column


def _partial(checked: Checked) -> list[str]:
    """Write one line per table for the rows that are sound themselves but belong to a household that lost another."""
    gone = checked.flaws.filter(pl.col("code") == PARTIAL)
    kind = kinds()[PARTIAL]
    return [f"{file}{f', sheet {sheet}' if sheet else ''}: {PARTIAL} {kind.zh} {kind.en}: {len(rows)} rows ({_spans(rows)})"
            for _, file, sheet, rows in gone.group_by("table", "file", "sheet", maintain_order=True).agg("row").iter_rows()]  # fmt: skip


def _spans(numbers: list[int], most: int = 12) -> str:
    """Write row numbers as spans.

    Examples
    --------
    >>> _spans([3, 4, 5, 9])
    '3-5, 9'
    """
    ends: list[list[int]] = []
    for number in sorted(numbers):
        if ends and number == ends[-1][1] + 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    told = [f"{first}-{last}" if last > first else f"{first}" for first, last in ends[:most]]
    return ", ".join([*told, "..."] if len(ends) > most else told)


def write_workbook(checked: Checked, path: Path) -> list[Path]:
    """Write counts, faults by kind, every fault, and what each heading became, one sheet each; a long list also as CSV."""
    import xlsxwriter

    by_kind = checked.flaws.group_by("code", "level", "zh", "en").agg(pl.len().alias("count")).sort("level", "code")
    named = {table: checked.headings(table) for table in ("persons", "households")}
    where = pl.struct("table", "column").map_elements(
        lambda cell: named[cell["table"]].get(cell["column"], ""), return_dtype=pl.String
    )
    flaws = checked.flaws.with_columns(where.alias("heading"))
    order = ["table", "file", "sheet", "row", "heading", "column", "code", "zh", "expected", "got", "level", "en"]
    listed = flaws.select(order)
    sheets = {"汇总": checked.counts, "按类别": by_kind, "逐条": listed.head(SHEET_ROWS),
              "标题": _folds(checked)}  # fmt: skip
    with xlsxwriter.Workbook(path, _AS_TEXT) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, frame in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, [HEADINGS[column] for column in frame.columns], bold)
            for number, cells in enumerate(frame.iter_rows(), 1):
                page.write_row(number, 0, cells)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(frame.height, 1), frame.width - 1)
            page.autofit()
    return [path, *([_list(listed, path)] if listed.height > SHEET_ROWS else [])]


def _list(faults: pl.DataFrame, workbook: Path) -> Path:
    """Write every fault beside a workbook that holds only the first."""
    path = workbook.with_suffix(".csv")
    text = faults.rename({column: HEADINGS[column] for column in faults.columns}).write_csv()
    path.write_text("\ufeff" + text, encoding="utf-8", newline="")
    return path


def write_rejects(checked: Checked, folder: Path) -> list[Path]:
    """Write the rejected rows of each table, with reasons first.

    Raises
    ------
    PrivacyFault
        The folder lies below `reports/`, where files are published.
    """
    if "reports" in folder.resolve().parts:
        raise PrivacyFault(
            "rejected rows hold personal data and must not lie below reports/", hint="choose a restricted folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table, count in checked.counts.select("table", "rejected").iter_rows():
        if count:
            path = folder / f"rejects_{table}.csv"
            frame = checked.rejected(table).select("codes", "reasons", pl.exclude("codes", "reasons"))
            path.write_text("\ufeff" + frame.write_csv(), encoding="utf-8", newline="")
            written.append(path)
    return written
