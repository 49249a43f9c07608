"""Workbooks and files nobody should send, made here part by part: every word in them is invented."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = "".join(
    f'<xf numFmtId="{number}"/>' for number in (0, 14, 10, 57)
)  # plain, a day, percent, a month in Chinese
HEADINGS = ("地区", "月份", "指标", "数值", "来源", "发布日期")
ROWS = [
    HEADINGS,
    *(("梧州市", f"2026年{month}月", "CPI", "102", f"虚构的公报{month}", "2026-11-12") for month in (8, 9, 10)),
]
PERSONS = [("家庭编号", "人员编号", "姓名"), ("H1", "P1", "张" + "三")]


def row(number: int, texts: tuple[str, ...]) -> str:
    """A row of inline texts, each under its reference."""
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


def sheet(rows: list[tuple[str, ...]], more: str = "", dimension: str = "", merges: str = "") -> str:
    """A worksheet: rows, further XML among them, what it states of its size, and merged areas."""
    body = "".join(row(number, texts) for number, texts in enumerate(rows, 1))
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merges.split())
    return f'<worksheet xmlns="{MAIN}">{size}<sheetData>{body}{more}</sheetData><mergeCells>{areas}</mergeCells></worksheet>'


def workbook(path: Path, xml: str | bytes, **parts: str) -> Path:
    """A package with one sheet, stored as it is given."""
    fixed = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
                                      f'<Relationship Id="r2" Type="{LINKS}/styles" Target="/xl/styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{STYLES}</cellXfs></styleSheet>',
        **parts,
    }  # fmt: skip
    with ZipFile(path, "w", ZIP_DEFLATED) as pack:
        for name, content in fixed.items():
            pack.writestr(name, content)
        pack.writestr("xl/worksheets/sheet1.xml", xml)
    return path


def packed(path: Path, megabytes: int) -> Path:
    """A workbook whose sheet is one cell over and over: it unfolds a thousandfold."""
    cells = "<c><v>1</v></c>" * 1000
    block = f"<row>{cells}</row>" * (1_000_000 // len(cells))
    return workbook(path, f'<worksheet xmlns="{MAIN}"><sheetData>{block * megabytes}</sheetData></worksheet>')


MEASURED = """
import json, resource, sys, time
from aidlib.errors import AidError
resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
began, what = time.perf_counter(), "read"
try:
    exec(sys.argv[1])
except AidError as error:
    what = str(error)
own = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]  # rusage counts who started us too
spent = int(own[0]) // 1000
print(json.dumps([what, spent, time.perf_counter() - began]))
"""


def measured(code: str) -> tuple[str, int, float]:
    """Run code in a process of its own under a limit of memory; return what it said, its peak in megabytes, and its seconds."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, code], capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    what, megabytes, seconds = json.loads(done.stdout.splitlines()[-1])
    return what, megabytes, seconds
