"""One test per kind of fault of the reference tables: what, where, and what to try."""

from __future__ import annotations

from pathlib import Path

import pytest

from aidlib import tables
from aidlib.indices import FIGURE_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS, checks, faults
from aidlib.indices.store import words
from aidlib.tables import Row

GOOD = dict(zip(FIGURE_COLUMNS, ("450400", "2026-10", "cpi_yoy:total:all_items", "102.5", "index_yoy", "observed", "NBS-M",
                                 "2026-11-12", "", ""), strict=True))  # fmt: skip
SERIES = dict(zip(SERIES_COLUMNS, ("mine", "own", "pct", "1", "我的", "mine", ""), strict=True))
SOURCE = dict(
    zip(SOURCE_COLUMNS, ("MINE", "梧州市统计局公报", "2026-11-12", "own", "https://www.gov.cn/a"), strict=True)
)
REGION = {"region": "110000", "parent": "110000", "level": "province", "name_zh": "北京市"}


def rows(good: dict[str, str], *changes: dict[str, str]) -> list[Row]:
    return [Row("t.csv", number, False, {**good, **change}) for number, change in enumerate(changes, 2)]


def figure_faults(*changes: dict[str, str]) -> list[str]:
    return [str(fault) for fault in checks.of_figures(rows(GOOD, *changes), "cpi_monthly", words())]


def test_a_good_row_has_no_fault() -> None:
    """The row that every other test breaks in one place is whole."""
    assert figure_faults({}) == []


@pytest.mark.parametrize(("change", "message"), [
    ({"region": "450401"}, "t.csv:2 region: unknown region; expected a GB/T 2260 code; got '450401'; try: 梧州市 450400"),
    ({"series": "cpi_yoy:total:all"}, "t.csv:2 series: unknown series"),
    ({"series": "cpi_annual:total:all_items"}, "t.csv:2 series: a series of another table; expected reference/cpi_annual.csv"),
    ({"unit": "pct"}, "t.csv:2 unit: wrong unit; expected index_yoy; got 'pct'"),
    ({"status": "enacted"}, "t.csv:2 status: unknown status"),
    ({"source": "NBS_M"}, "t.csv:2 source: unknown source; expected an id of reference/sources.csv; got 'NBS_M'; try: NBS-M"),
    ({"vintage": "2026-13"}, "t.csv:2 vintage: unreadable vintage"),
    ({"value": "102,5"}, "t.csv:2 value: unreadable value; expected a decimal such as 102.5; got '102,5'"),
    ({"value": ""}, "t.csv:2 value: unreadable value"),
    ({"value": "1/12"}, "t.csv:2 value: unreadable value"),
    ({"value": "2.5"}, "t.csv:2 value: not an index with base 100"),
    ({"value": "1025"}, "t.csv:2 value: not an index with base 100"),
    ({"period": "2026-13"}, "t.csv:2 period: unreadable period"),
    ({"period": "2026.1"}, "t.csv:2 period: unreadable period"),
    ({"error": "small"}, "t.csv:2 error: unreadable error"),
    ({"status": "estimated"}, "t.csv:2 note: an estimate without a note"),
])  # fmt: skip
def test_each_fault_of_a_figure_has_its_own_message(change: dict[str, str], message: str) -> None:
    """One wrong cell gives one message that names file, line and column."""
    (got,) = figure_faults(change)
    assert got.startswith(message)


def test_the_same_figure_twice_is_a_fault_but_two_vintages_are_not() -> None:
    """One row per region, period, series and vintage; the message shows the first."""
    (got,) = figure_faults({}, {"value": "102.6"})
    assert got.startswith("t.csv:3: the same figure twice")
    assert got.endswith("see t.csv:2")
    assert figure_faults({}, {"vintage": "2026-12-01"}) == []


def test_every_wrong_line_is_listed() -> None:
    """Repeated words are checked once but every line that has a bad one is named."""
    assert [
        got.split(":")[1].split()[0]
        for got in figure_faults(*[{"unit": "pct", "period": p} for p in ("2026-09", "2026-10")])
    ] == ["2", "3"]


@pytest.mark.parametrize(("change", "message"), [
    ({"series": ""}, "t.csv:2 series: no series"),
    ({"unit": ""}, "t.csv:2 unit: no unit"),
    ({"zh": ""}, "t.csv:2 zh: no zh"),
    ({"table": "series"}, "t.csv:2 table: not a table of figures"),
    ({"table": "../x"}, "t.csv:2 table: not a table of figures"),
    ({"decimals": "one"}, "t.csv:2 decimals: not a count of decimals"),
])  # fmt: skip
def test_each_fault_of_a_series_has_its_own_message(change: dict[str, str], message: str) -> None:
    """The vocabulary is checked before the figures that use it."""
    (got,) = map(str, checks.of_series(rows(SERIES, change)))
    assert got.startswith(message)


@pytest.mark.parametrize(("change", "message"), [
    ({"id": ""}, "t.csv:2 id: no id"),
    ({"title": ""}, "t.csv:2 title: no title"),
    ({"kind": "web"}, "t.csv:2 kind: unknown kind"),
    ({"date": "12/11/2026"}, "t.csv:2 date: unreadable date"),
    ({"url": "https://www.gov.cn.example.com/a"}, "t.csv:2 url: address is not official"),
    ({"title": "公报(mirror.example.com)"}, "t.csv:2 title: a host name in a title"),
])  # fmt: skip
def test_each_fault_of_a_source_has_its_own_message(change: dict[str, str], message: str) -> None:
    """Only official addresses, and no host of a copy in a title."""
    (got,) = map(str, checks.of_sources(rows(SOURCE, change)))
    assert got.startswith(message)


@pytest.mark.parametrize(("change", "message"), [
    ({"region": "11000"}, "t.csv:2 region: not a region code"),
    ({"parent": "990000"}, "t.csv:2 parent: unknown parent"),
    ({"level": "provinc"}, "t.csv:2 level: unknown level"),
    ({"name_zh": ""}, "t.csv:2 name_zh: no name_zh"),
])  # fmt: skip
def test_each_fault_of_a_region_has_its_own_message(change: dict[str, str], message: str) -> None:
    """Codes have six digits and parents exist."""
    got = [str(fault) for fault in checks.of_regions(rows({**REGION, "parent": ""}, change))]
    assert [text for text in got if text.startswith(message)]


@pytest.mark.parametrize(("check", "good", "column"), [
    (checks.of_series, SERIES, "series"), (checks.of_sources, SOURCE, "id"), (checks.of_regions, REGION, "region"),
])  # fmt: skip
def test_a_word_defined_twice_is_a_fault(check: object, good: dict[str, str], column: str) -> None:
    """Two rows for one name would answer by chance."""
    (got,) = map(str, check(rows(good, {}, {})))  # type: ignore[operator]
    assert got.startswith(f"t.csv:3 {column}: the same {column} twice")


def test_the_shipped_tables_have_no_fault() -> None:
    """`aidlib check` is green on what is shipped."""
    assert faults() == []


def test_every_table_is_described() -> None:
    """The README of the tables names each of them."""
    described = (tables.shipped() / "reference/README.md").read_text(encoding="utf-8")
    undescribed = [path.stem for path in (tables.shipped() / "reference").glob("*.csv") if path.stem not in described]
    assert undescribed == []


def test_faults_of_all_tables_are_listed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One broken line in each of several tables, and a file that nothing reads, all show together."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    (tmp_path / "reference").mkdir()
    for table, value in (("cpi_monthly", "x"), ("income", "y"), ("cpi_montly", "z")):
        line = ",".join({**GOOD, "value": value}.values())
        (tmp_path / f"reference/{table}.csv").write_text(f"{','.join(FIGURE_COLUMNS)}\n{line}\n", encoding="utf-8")
    got = "\n".join(map(str, faults()))
    assert "overlay:reference/cpi_monthly.csv:2 value: unreadable value" in got
    assert "overlay:reference/income.csv:2 series: a series of another table" in got
    assert "overlay:reference/cpi_montly.csv: a table that no series names" in got
    assert "try: cpi_monthly.csv" in got


def test_a_broken_vocabulary_does_not_hide_a_broken_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A series without a unit, a tile off the map and an unreadable value show together; figures of that series do not."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    (tmp_path / "reference").mkdir()
    lines = {
        "series": f"{','.join(SERIES_COLUMNS)}\nown:series,income,,,自己的数,own figure,",
        "tile_grid": "region,row,column,label_zh,note\n999999,1,x,?,",
        "income": f"{','.join(FIGURE_COLUMNS)}\n{','.join({**GOOD, 'series': 'own:series'}.values())}"
        f"\n{','.join({**GOOD, 'period': '2020-13'}.values())}",
    }
    for table, text in lines.items():
        (tmp_path / f"reference/{table}.csv").write_text(text + "\n", encoding="utf-8")
    places = {fault.where.removeprefix("overlay:reference/") for fault in faults()}
    assert {"series.csv:2 unit", "tile_grid.csv:2 region", "tile_grid.csv:2 column", "income.csv:3 period"} <= places
    assert not any(place.startswith("income.csv:2") for place in places)


@pytest.mark.parametrize("table", sorted({series.table for series in words().series.values()}))
def test_a_broken_copy_of_each_table_shows_every_fault(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break the first lines of a table, each in another column: every one is named."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    (tmp_path / "reference").mkdir()
    columns = ("value", "region", "unit", "source", "period")
    lines = [dict(row.cells) for row in tables.rows(f"reference/{table}.csv", FIGURE_COLUMNS)[: len(columns)]]
    for line, column in zip(lines, columns, strict=False):
        line[column] = "?"
    text = "\n".join([",".join(FIGURE_COLUMNS), *(",".join(f'"{line[c]}"' for c in FIGURE_COLUMNS) for line in lines)])
    (tmp_path / f"reference/{table}.csv").write_text(text + "\n", encoding="utf-8")
    places = {fault.where.split()[0] for fault in faults()}
    assert places >= {f"overlay:reference/{table}.csv:{line}" for line in range(2, len(lines) + 2)}
