"""The researcher's door: what is published, as it was published, and nothing in place of what is not."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from linearmodels import PanelOLS

import aidlib
from aidlib import tables
from aidlib.errors import ParameterFault
from aidlib.regions import provinces
from aidlib.studies.search import _syllables

INCOME, SPENT, AVERAGE = "disposable_income_pc:rural", "consumption_pc:rural", "dibao_avg:rural"


def rows_of(table: str, series: str) -> dict[tuple[str, str], set[tuple[str, str, str]]]:
    """Text, unit and status of the file's rows by place and period, read without the library."""
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    with (tables.shipped() / "reference" / f"{table}.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["series"] == series:
                found.setdefault((row["region"], row["period"]), set()).add((row["value"], row["unit"], row["status"]))
    return found


@pytest.mark.parametrize(("table", "series"), [("income", INCOME), ("standard_averages", AVERAGE)])
def test_a_panel_is_the_rows_of_the_file_and_missing_elsewhere(table: str, series: str) -> None:
    """Each of 31 provinces x 17 years has one row: a row of the file with its status, or missing where the file has none."""
    file, frame = rows_of(table, series), aidlib.panel(series).to_frame()
    assert len(frame) == 31 * 17 == len(frame.drop_duplicates(["place", "period"]))
    there = {(row.place, row.period) for row in frame.itertuples() if row.status != "missing"}
    asked = {(place.code, str(year)) for place in provinces() for year in range(2010, 2027)}
    assert there == file.keys() & asked
    assert there
    for row in frame[frame["status"] != "missing"].itertuples():
        assert (row.text, row.unit_written, row.status) in file[row.place, row.period]
    absent = frame[frame["status"] == "missing"]
    assert absent[["value", "source", "text"]].isna().all(axis=None)
    assert {"observed", "estimated"} <= set(frame["status"])


def test_one_series_has_one_unit() -> None:
    """A standard published by the year is a twelfth of it a month; heads in ten thousands and in heads are on one scale."""
    frame = aidlib.panel(AVERAGE, "provinces", (2010, 2026)).to_frame().dropna(subset="value")
    assert set(frame["unit"]) == {"yuan/person/month"}
    assert set(frame["unit_written"]) == {"yuan/person/month", "yuan/person/year"}
    parts = frame["unit_written"].map({"yuan/person/month": 1, "yuan/person/year": 12})
    assert np.allclose(frame["value"] * parts, frame["text"].astype(float), rtol=1e-12)
    heads = aidlib.panel("dibao_recipients:rural").to_frame().dropna(subset="value")
    scale = heads["unit_written"].map({"10k persons": 1, "persons": 10_000})
    assert set(heads["unit_written"]) == {"10k persons", "persons"}
    assert np.allclose(heads["value"] * scale, heads["text"].astype(float), rtol=1e-12)


def test_a_place_is_not_filled_from_the_one_above() -> None:
    """Months that a prefecture did not publish are missing although its province has them."""
    series = "cpi_yoy:total:all_items"
    frame = aidlib.coverage(series, ["450000", "451000"], 2019, "month").to_frame().set_index("place")
    assert frame.loc["450000", "present"] == 12
    file = {period for place, period in rows_of("cpi_monthly", series) if place == "451000" and period[:4] == "2019"}
    assert frame.loc["451000", "present"] == len(file) < 12
    assert (frame["present"] + frame["absent"] == 12).all()


def test_a_place_has_many_names() -> None:
    """Chinese, English and code give the same rows, for figures and for standards."""
    names = ("广西", "Guangxi", "45", 450000)
    panels = [aidlib.panel(INCOME, name).to_frame() for name in names]
    standards = [aidlib.dibao_standards(name).to_frame() for name in names]
    for found in (panels, standards):
        assert all(found[0].equals(other) for other in found[1:])


def test_standards_are_a_place_s_own_rows() -> None:
    """Every own row of the law book in the span stands there with kind and status; a place without any is missing."""
    book = aidlib.Book()
    found = aidlib.dibao_standards("Beijing", 2015, 2020).to_frame()
    own = {
        (entry.row["value"], entry.row["status"], str(entry.start))
        for entry in book.rows("110000", "dibao_standard")
        if str(entry.start) <= "2020-12-31" and str(entry.end) >= "2015-01-01"
    }
    standards = found[found["kind"] == "standard"]
    assert {(row.text, row.status, row.first) for row in standards.itertuples()} == own
    without = aidlib.dibao_standards("450403", 2015, 2020).to_frame()
    assert not book.rows("450403", "dibao_standard")
    assert without["status"].tolist() == ["missing", "missing"]
    assert without["value"].isna().all()


def test_frames_go_where_they_are_used() -> None:
    """Both forms go into PanelOLS as they are, and into Polars; the picture has a line a province and a panel a series."""
    found = aidlib.panel([INCOME, SPENT])
    wide = found.wide().dropna()
    assert PanelOLS(wide[SPENT], wide[[INCOME]], entity_effects=True).fit().nobs == len(wide)
    tidy = aidlib.panel(INCOME).to_frame().set_index(["place", "date"]).dropna(subset="value")
    assert PanelOLS(tidy["value"], tidy[["value"]].assign(value=1.0)).fit().nobs == len(tidy)
    assert pl.from_pandas(found.to_frame()).height == 2 * 31 * 17
    axes = found.plot()
    assert len(axes) == 2
    assert len(axes[0].get_yticklabels()) == 31


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("农村低保", "series", AVERAGE),
        ("rural income", "series", INCOME),
        ("linkage_cpi_trigger", "law", "linkage_cpi_trigger"),
        ("广西", "place", "450000"),
        ("低保标准", "law", "dibao_standard"),
        ("level_growth", "indicator", "level_growth"),
        ("nongcun dibao pingjun", "series", AVERAGE),
        ("nongcundibaopingjun", "series", AVERAGE),
        ("guangxi", "place", "450000"),
    ],
)
def test_a_search_finds_by_chinese_english_and_code(text: str, kind: str, name: str) -> None:
    """By a label in either language, in short, and by the code."""
    frame = aidlib.search(text, language="en").to_frame()
    assert ((frame["kind"] == kind) & (frame["code"] == name) & (frame["match"] != "near")).any()


@pytest.mark.parametrize(
    ("call", "hints"),
    [
        (lambda: aidlib.panel("disposable_income_pc"), ["disposable_income_pc:rural"]),
        (lambda: aidlib.panel("dibao_standard"), ["aidlib.dibao_standards"]),
        (lambda: aidlib.panel("cpi_yoy:total:all_items"), ["frequency='month'"]),
        (
            lambda: aidlib.panel("disposable_income_pc:rurl", "province", "2010-2026", "yearly"),
            [INCOME, "provinces", "range(2010, 2027)", "try: year"],
        ),
        (lambda: aidlib.panel(INCOME, ["Guanxi"], (2020, 2010)), ["Guangxi 450000", "(2010, 2020)"]),
        (lambda: aidlib.dibao_standards("梧洲市", "202006", "2020/7"), ["梧州市", "2020-06", "2020-07"]),
        (lambda: aidlib.search(" "), ["search('低保')"]),
    ],
)
def test_one_error_names_every_nearest_right_form(call: Callable[[], object], hints: list[str]) -> None:
    """All faults of a call at once, each with what would do."""
    with pytest.raises(ParameterFault) as fault:
        call()
    assert [hint for hint in hints if hint not in str(fault.value)] == []


def test_the_door_opens_without_pandas() -> None:
    """Importing aidlib, and its four functions, loads no pandas."""
    code = "import sys, aidlib; aidlib.search, aidlib.panel, aidlib.coverage, aidlib.dibao_standards; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_every_character_of_a_name_can_be_read() -> None:
    """A new series or law name whose characters nobody has written in `data/pinyin.csv` would not be found by its sound."""
    from aidlib.indices import Figures
    from aidlib.law import Book

    labels = [one.zh for one in Figures().series.values()] + [one.zh for one in Book().tables.names.values()]
    assert sorted({each for text in labels for each in text if "\u4e00" <= each <= "\u9fff"} - set(_syllables())) == []
