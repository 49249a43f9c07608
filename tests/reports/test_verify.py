"""Verifying: a report made again says the same numbers, or it is said which rows of data or which numbers moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from fleet_drill import notebook

from aidlib.errors import ReportFault
from aidlib.reports import editions, execute, numbers, verify, warm
from aidlib.reports.task import Task

SERIES = "cpi_yoy:total:all_items"
HEAD = "region,period,series,value,unit,status,source,vintage,error,note"
START = """import pandas as pd
from aidlib.reports.context import start
report = start("small", region=region, period=period, language=language, lookback_months=lookback_months)
index = report.figures.get("450400", "cpi_yoy:total:all_items", period)"""
SHOW = """frame = pd.DataFrame({"对象": ["低保", "特困"], "amount_fen_month": [int(index.rise * 1000) * lookback_months, 130 + EXTRA]})
report.table("amounts", frame, "补贴", "subsidy")
report.finish()"""


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An overlay with an invented index of 2031, which the shipped tables do not reach."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path / "data"))
    publish(tmp_path / "data", "103.5")
    return tmp_path / "data"


def publish(folder: Path, first: str) -> None:
    """Write the invented index for two months."""
    (folder / "reference").mkdir(parents=True, exist_ok=True)
    source = next(iter(_sources()))
    rows = [
        f"450400,{month},{SERIES},{value},{_unit()},observed,{source},2031-12-01,,"
        for month, value in (("2031-01", first), ("2031-02", "104.0"))
    ]
    (folder / "reference" / "cpi_monthly.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def _sources() -> Iterator[str]:
    from aidlib import tables

    for line in (tables.shipped() / "reference" / "sources.csv").read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split(",")[0]


def _unit() -> str:
    from aidlib.indices import Figures

    return Figures().series[SERIES].unit


def make(home: Path, name: str, extra: int = 0, **parameters: object) -> Path:
    """Execute the small report and return the executed notebook."""
    source = notebook(home / "notebooks", name, START, SHOW.replace("EXTRA", str(extra)))
    (folder := home / "made" / name).mkdir(parents=True)
    given = {"region": "450400", "period": "2031-01", **parameters}
    result = execute.perform(Task(name, "2031-01", "450400", name, str(source), given), folder)  # type: ignore[arg-type]
    assert result.outcome == "good", result.reason
    return folder / f"{name}.ipynb"


def test_an_untouched_report_is_reproduced(tmp_path: Path, overlay: Path, warm_parent: warm.Parent) -> None:
    """Executed again with its own parameters on the same data, every cell comes out again."""
    verdict = verify.verify(make(tmp_path, "same", lookback_months=6))
    assert (verdict.finding, verdict.numbers, verdict.differences) == ("reproduced", 4, [])
    assert "same.ipynb: reproduced: 4 cells compared" in verdict.lines()[0]


def test_changed_data_is_named_by_row(tmp_path: Path, overlay: Path, warm_parent: warm.Parent) -> None:
    """When a row it read has another value now, the verdict names the row, both values, the table and the numbers moved."""
    made = make(tmp_path, "moved", lookback_months=1)
    publish(overlay, "103.6")
    verdict = verify.verify(made)
    assert verdict.finding == "data has changed since"
    assert verdict.rows == [f"450400 {SERIES} 2031-01: 103.5 -> 103.6"]
    assert list(map(str, verdict.differences)) == ["table amounts, 低保, amount_fen_month: 3500 -> 3600 (+100)"]
    assert "tables changed since: reference/cpi_monthly.csv" in verdict.notes


def test_data_it_did_not_read_may_change(tmp_path: Path, overlay: Path, warm_parent: warm.Parent) -> None:
    """Another row of the same table may change: the report is reproduced, and the table's change is noted."""
    made = make(tmp_path, "beside", period="2031-02")
    publish(overlay, "110.0")
    verdict = verify.verify(made)
    assert verdict.reproduced
    assert "tables changed since: reference/cpi_monthly.csv" in verdict.notes


def test_a_number_changed_by_hand_is_found(tmp_path: Path, overlay: Path, warm_parent: warm.Parent) -> None:
    """A published number that the data does not give is pointed at, cell and value, with data unchanged."""
    made = make(tmp_path, "forged")
    text = made.read_text(encoding="utf-8")
    found = nbformat.reads(text, 4)
    for kept in numbers.recorded(found):
        if kept.get("table") == "amounts":
            kept["cells"][1][1] = 131  # type: ignore[index]
    made.write_text(json.dumps(found), encoding="utf-8")
    verdict = verify.verify(made)
    assert verdict.finding == "differs"
    assert verdict.rows == []
    assert list(map(str, verdict.differences)) == ["table amounts, 特困, amount_fen_month: 131 -> 130 (-1)"]


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    """A missing file, a page and a notebook without a record are each refused with what to do."""
    with pytest.raises(ReportFault, match="no such report"):
        verify.read(tmp_path / "none.ipynb")
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    with pytest.raises(ReportFault, match="beside the page"):
        verify.read(tmp_path / "page.html")
    with pytest.raises(ReportFault, match="holds no record"):
        verify.read(notebook(tmp_path, "bare", "1"))


def test_a_change_is_split_by_its_causes(tmp_path: Path, overlay: Path, warm_parent: warm.Parent) -> None:
    """Data, method and parameters each get the numbers they moved; with parameters and data together, both are told apart."""
    first = make(tmp_path, "first", lookback_months=1)
    other = make(tmp_path, "other", lookback_months=2)
    unsaid = make(tmp_path, "unsaid")
    method = make(tmp_path, "method", extra=5, lookback_months=1)
    publish(overlay, "103.6")
    data = make(tmp_path, "data", lookback_months=1)
    both = make(tmp_path, "both", lookback_months=2)

    def parts(newer: Path, older: Path = first) -> dict[str, list[str]]:
        return {
            part.cause: [str(one).rpartition(": ")[2] for one in part.differences]
            for part in editions.compare(older, newer).parts
        }

    assert editions.compare(first, first).same
    assert parts(other) == {"parameters": ["3500 -> 7000 (+3500)"]}
    assert parts(method) == {"method": ["130 -> 135 (+5)"]}
    assert parts(data) == {"data": ["3500 -> 3600 (+100)"]}
    assert parts(both) == {"data": ["3500 -> 3600 (+100)"], "parameters": ["3600 -> 7200 (+3600)"]}
    assert parts(both, unsaid) == {"data": ["42000 -> 43200 (+1200)"], "parameters": ["43200 -> 7200 (-36000)"]}


def _tables(*rows: tuple[numbers.Cell, ...]) -> dict[str, numbers.Table]:
    return {"t": numbers.Table(("who", "amount_fen"), rows)}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (100, 100.0, True),
        ("1,280.50", "1280.5", True),
        (0.1 + 0.2, 0.3, False),
        (100, 101, False),
        (None, 0, False),
        ("1/3", "1/3", True),
    ],
)
def test_money_is_compared_to_the_last_digit(old: numbers.Cell, new: numbers.Cell, same: bool) -> None:
    """Money has no tolerance at all, unknown is not zero, and spelling does not count."""
    assert (numbers.differences(_tables(("低保", old)), _tables(("低保", new))) == []) is same


def test_rows_are_matched_by_what_they_say() -> None:
    """A row that was added or moved is told as such and does not shift the comparison of the others."""
    old, new = _tables(("低保", 1), ("特困", 2)), _tables(("孤儿", 3), ("低保", 1), ("特困", 2))
    assert list(map(str, numbers.differences(old, new))) == ["table t, 孤儿: none -> there"]
