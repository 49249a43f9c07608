"""Seconds and megabytes for files nobody should send: each read in a process of its own, by the register and by `data add`.

    python benchmarks/hostile.py

The aim is ten seconds and 500 MB for each; the tests in tests/failing bound cells, bytes and memory, and no time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

FAILING = Path(__file__).parents[1] / "tests" / "failing"
sys.path.insert(0, str(FAILING))

from hostile_files import PERSONS, measured, packed, row, sheet, workbook  # noqa: E402

READERS = {
    "register": "from aidlib.register.reading import read_register as read",
    "data add": "from aidlib.additions import read",
}


def files(folder: Path) -> dict[str, Path]:
    """Make one file of each kind."""
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    coloured = '<row r="1048576"><c r="H1048576" s="1"/></row>'
    painted = "".join(f'<row r="{n}"><c r="ZZ{n}" s="1"/></row>' for n in range(1000, 1_000_000))
    honest = [("家庭编号", "人员编号", "姓名"), *((f"H{n}", f"P{n}", "某某") for n in range(300_000))]
    line = folder / "line.csv"
    with line.open("wb") as out:
        out.write("家庭编号,人员编号\n".encode())
        out.truncate(200_000_000)
    words = folder / "words.csv"
    words.write_text(
        "家庭编号,人员编号,与户主关系,性别\n" + "".join(f"H{n},P{n},关系{n},性别{n}\n" for n in range(200_000)),
        encoding="utf-8",
    )
    return {
        "a cell at the edge": workbook(folder / "far.xlsx", sheet(PERSONS, far)),
        "a coloured empty cell at the edge": workbook(folder / "stray.xlsx", sheet(PERSONS, coloured)),
        "a million coloured empty cells": workbook(folder / "painted.xlsx", sheet(PERSONS, painted)),
        "a merge to the edge": workbook(folder / "merge.xlsx", sheet(PERSONS, merges="A2:XFD1048576")),
        "twenty thousand merges to the edge": workbook(
            folder / "merges.xlsx", sheet(PERSONS, merges=" ".join(f"A{n}:XFD{n + 1}" for n in range(2, 40_000, 2)))
        ),
        "broken XML": workbook(folder / "broken.xlsx", sheet(PERSONS)[:-40]),
        "a packed workbook of a gigabyte": packed(folder / "packed.xlsx", 1000),
        "a cell at the edge of an .xls": FAILING / "far_cell.xls",
        "a line of 200 MB": line,
        "400,000 unknown words": words,
        "900,000 honest cells": workbook(
            folder / "honest.xlsx", sheet([], "".join(row(n, r) for n, r in enumerate(honest, 1)))
        ),
    }


def main() -> None:
    """Print one line a file and reader."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'file':<36}{'reader':<10}{'seconds':>8}{'MB':>6}  answer")
        for name, path in files(Path(folder)).items():
            for reader, code in READERS.items():
                what, megabytes, seconds = measured(f"from pathlib import Path; {code}; read(Path({str(path)!r}))")
                print(f"{name:<36}{reader:<10}{seconds:>8.1f}{megabytes:>6}  {what.splitlines()[0][:110]}", flush=True)


if __name__ == "__main__":
    main()
