"""Invented counties of any size in three layouts, from their workbook to register and decisions: `python benchmarks/county.py 20000 merged`.

Nobody in them exists: names say so, and the check digits of the numbers are computed here.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from aidlib.disclosure.ids import check_character

TOWNS = ("下营镇", "罗庄子镇", "出头岭镇", "孙各庄乡")
ROLES = ("户主", "之妻", "之子", "之女", "之母")
HEADINGS = (
    "乡镇", "村", "低保证号", "姓名", "身份证号", "与户主关系", "劳动能力", "家庭人口", "家庭月收入（元）", "财产是否符合规定",
    "十二个月刚性支出（元）", "户月保障金（元）",
)  # fmt: skip
HOME = (0, 1, 2, 7, 8, 9, 10, 11)
OVER = (7, 8, 9)  # columns under one heading of two rows
REGION, ON, STANDARD = "120119", "2025-09-01", 1045
LAYOUTS = ("sheets", "merged", "csv")


def households(count: int) -> Iterator[list[list[object]]]:
    """Yield the rows of each invented household."""
    rng = np.random.default_rng(17)
    sizes, incomes = rng.integers(1, 6, count), rng.integers(0, 1800, count)
    number = 0
    for home, (size, income) in enumerate(zip(sizes.tolist(), incomes.tolist(), strict=True)):
        total = income * size
        facts = [size, total, "是" if home % 23 else "否", 0, max(STANDARD * size - total, 0) if home % 7 else 0]
        rows = []
        for member in range(size):
            year = (1975, 1977, 2001, 2003, 1948)[member]
            born = f"{year}{1 + number // 28_000 % 12:02d}{1 + number // 1000 % 28:02d}"
            first = f"{120000 + number // 300_000:06d}{born}{number % 1000 // 2 * 2 + (member in (0, 2)):03d}"
            rows.append([TOWNS[home % 4], f"虚构村{home % 90}", f"津{home:07d}", "虚构", first + check_character(first), ROLES[member],
                         "有" if member < 4 else "无", *facts])  # fmt: skip
            number += 2
        yield rows


def write(count: int, layout: str, folder: Path) -> list[Path]:
    """Write a county's ledger in one of the layouts."""
    import xlsxwriter

    if layout == "csv":
        path = folder / "台账.csv"
        with path.open("w", encoding="gb18030", newline="") as file:
            file.write("蓟州区低保对象台账（虚构）\n" + ",".join(HEADINGS) + "\n")
            for rows in households(count):
                file.writelines(
                    ",".join("" if at in HOME and n and at != 2 else str(cell) for at, cell in enumerate(row)) + "\n"
                    for n, row in enumerate(rows)
                )
        return [path]
    path = folder / "台账.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": layout == "sheets"}) as book:
        if layout == "sheets":
            for name, columns in (("家庭", HOME), ("成员", (2, 3, 4, 5, 6))):
                page = book.add_worksheet(name)
                page.write_row(0, 0, [HEADINGS[at] for at in columns])
                chosen = (rows[:1] if name == "家庭" else rows for rows in households(count))
                for line, row in enumerate((row for rows in chosen for row in rows), 1):
                    page.write_row(line, 0, [row[at] for at in columns])
            return [path]
        pages = {town: [book.add_worksheet(town), 4] for town in TOWNS}
        for town, (page, _) in pages.items():
            page.merge_range(0, 0, 0, len(HEADINGS) - 1, f"蓟州区{town}低保对象花名册（虚构）")
            page.write(1, 0, "单位：元")
            for at, heading in enumerate(HEADINGS):
                (page.write(3, at, heading) if at in OVER else page.merge_range(2, at, 3, at, heading))
            page.merge_range(2, OVER[0], 2, OVER[-1], "家庭情况")
        for rows in households(count):
            page, line = pages[rows[0][0]]
            for n, row in enumerate(rows):
                page.write_row(line + n, 0, [None if at in HOME and n else cell for at, cell in enumerate(row)])
            for at in HOME if len(rows) > 1 else ():
                page.merge_range(line, at, line + len(rows) - 1, at, rows[0][at])
            pages[rows[0][0]][1] += len(rows)
        for page, line in pages.values():
            page.write_row(line, 0, ["合计", None, None, line - 4])
            page.write_row(line + 1, 0, ["制表人：虚构", None, None, "审核人：虚构"])
    return [path]


def main() -> None:
    """Time both commands and print the most memory each took."""
    count, layout = int(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "key").write_bytes(bytes(range(32)))
        paths = write(count, layout, folder)
        shared = ["--on", ON]
        read = ["register", *map(str, paths), "--out", str(folder / "inside"), "--region", REGION, "--month", "2025-09", "--given", "urban=农村",
                "--key", str(folder / "key"), *shared]  # fmt: skip
        for command in (read, ["assess", str(folder / "inside"), "--out", str(folder / "done"), "--quiet", *shared]):
            began = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "aidlib.cli", *command], capture_output=True, text=True, check=False
            )
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(
                f"{command[0]:<9} {count} households, {layout}: {time.monotonic() - began:.1f} s, {most} MB, exit {done.returncode}"
            )
            print("\n".join((done.stdout + done.stderr).splitlines()[:6]))


if __name__ == "__main__":
    main()
