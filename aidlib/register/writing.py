"""Write what the checks found: a workbook of faults, and the rejected rows for whoever must mend them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from aidlib.errors import PrivacyFault

if TYPE_CHECKING:
    from aidlib.register.checks import Checked

SHEET_ROWS = 1_000_000
HEADINGS = {"table": "表", "file": "文件", "sheet": "工作表", "row": "行", "column": "列", "code": "代码", "expected": "应为", "got": "实为(已遮蔽)",
            "level": "性质", "zh": "说明", "en": "meaning", "count": "条数", "in": "读入", "good": "合格", "rejected": "退回"}  # fmt: skip


def write_workbook(checked: Checked, path: Path) -> None:
    """Write counts, faults by kind, and every fault, one sheet each."""
    import xlsxwriter

    by_kind = checked.flaws.group_by("code", "level", "zh", "en").agg(pl.len().alias("count")).sort("level", "code")
    order = ["table", "file", "sheet", "row", "column", "code", "zh", "expected", "got", "level", "en"]
    sheets = {"汇总": checked.counts, "按类别": by_kind, "逐条": checked.flaws.select(order).head(SHEET_ROWS)}
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, frame in sheets.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, [HEADINGS[column] for column in frame.columns], bold)
            for number, cells in enumerate(frame.iter_rows(), 1):
                page.write_row(number, 0, cells)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(frame.height, 1), frame.width - 1)
            page.autofit()


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
