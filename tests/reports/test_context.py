"""A report is a promise: parameters checked all at once, nothing empty, nothing missing, everything recorded."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from aidlib.errors import ParameterFault, ReportFault
from aidlib.reports import context, start


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a report displays, kept instead of shown."""
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(context, "_show", lambda html, words, data: kept.append({"html": html, "words": words, **data}))
    return kept


def opened(**more: Any) -> context.Report:
    return start("price_linkage", region="450400", period="2020-02", **more)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"region": 450400, "period": "2020-02"}, ["region"]),
        ({"region": "450400", "period": 2020}, ["period"]),
        ({"region": "450401", "period": "2020-13", "language": "fr", "lookback_months": 0}, 4),
        ({"region": "450400", "period": "2020-02", "lookback_months": True}, ["lookback_months"]),
        ({"region": "450400", "period": "2020-02", "lookback_months": 241}, ["lookback_months"]),
        ({"region": "450400", "period": "2020-02", "seed": "x", "draws": 98, "households": 0, "first_year": "2014"}, 4),
        ({"region": "450400", "period": "2020-02", "seed": -1, "draws": 99, "households": 1}, ["seed"]),
    ],
)
def test_every_wrong_parameter_is_listed(given: dict[str, Any], faults: list[str] | int) -> None:
    """Types, region, period, language, counts of months and whole numbers are checked together."""
    with pytest.raises(ParameterFault) as caught:
        start("price_linkage", **given)
    places = [fault.where for fault in caught.value.faults]
    assert len(places) == faults if isinstance(faults, int) else places == faults


def test_an_empty_table_is_refused(shown: list[dict[str, Any]]) -> None:
    """A table without rows is a fault of the report, not an empty box."""
    with pytest.raises(ReportFault, match="empty"):
        opened().table("decision", pd.DataFrame(columns=["a"]), "表", "table")


def test_a_name_is_used_once(shown: list[dict[str, Any]]) -> None:
    """Two tables of one name could not be told apart when a report is verified."""
    report, frame = opened(), pd.DataFrame({"a": [1]})
    report.table("decision", frame, "表", "table")
    with pytest.raises(ReportFault, match="same name"):
        report.table("decision", frame, "表", "table")


def test_a_broken_promise_fails_the_report(shown: list[dict[str, Any]]) -> None:
    """A promised table that was not shown is named at the end."""
    report = opened(promises=("decision", "replay"))
    report.table("decision", pd.DataFrame({"a": [1]}), "表", "table")
    with pytest.raises(ReportFault, match="replay"):
        report.finish()


def test_a_figure_needs_every_word_a_reader_needs(shown: list[dict[str, Any]]) -> None:
    """Alt text, caption, unit, n, source and as-of date are not optional."""
    from matplotlib.figure import Figure

    with pytest.raises(ReportFault, match="alt, unit, source"):
        opened().figure("f", Figure(), alt=("", ""), caption=("图", "figure"), unit="", n=1, source="", as_of="2020-02")


def test_exact_cells_are_recorded_exactly(shown: list[dict[str, Any]]) -> None:
    """The record of a table keeps fractions, whole numbers and gaps as they were."""
    opened().table("t", pd.DataFrame({"a": [Fraction(1, 3)], "b": [12], "c": [None]}, dtype=object), "表", "table")
    assert shown[-1]["cells"] == [["1/3", 12, None]]


def test_the_record_lists_just_what_was_read(shown: list[dict[str, Any]]) -> None:
    """One law value and one figure read: both are in the record with file and line, and nothing else is."""
    report = opened()
    value = report.book.at("450400", date(2020, 2, 1)).value("linkage_cpi_trigger")
    figure = report.figures.get("000000", "cpi_yoy:total:all_items", "2020-02")
    report.finish()
    record = shown[-1]["record"]
    assert list(record["law"]) == [value.place]
    assert list(record["figures"]) == [figure.place]
    assert record["status"] == "observed"
    assert set(record["tables"]) == {place.rpartition(":")[0] for place in (value.place, figure.place)}


def test_a_report_is_not_newer_than_its_period(shown: list[dict[str, Any]]) -> None:
    """A later figure that only serves to measure an error does not make the report newer."""
    report = opened()
    for month in ("2020-01", "2023-01"):
        report.figures.get("000000", "cpi_yoy:total:all_items", month)
    report.finish()
    assert shown[-1]["record"]["as_of"] == "2020-01"


def test_both_languages() -> None:
    """The same call shows Chinese by default and English on request."""
    assert opened().t("中", "en") == "中"
    assert opened(language="en").t("中", "en") == "en"
