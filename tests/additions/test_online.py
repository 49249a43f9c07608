"""`aidlib data fetch` on recorded answers in the shape of the library's frames; the site itself was not reachable from here."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aidlib.additions import online
from aidlib.additions.online import Request, fetch, requests
from aidlib.errors import DataFault
from aidlib.prices.monthly import linkage_months
from aidlib.regions import provinces

NAMES = [place.name_zh for place in provinces()]
MONTHS = ["2026年8月", "2026年7月"]


def provincial(number: float, months: list[str] = MONTHS) -> pd.DataFrame:
    """All provinces down, months across, the newest first, a gap in one, and a row that is no province of ours."""
    cells = {name: dict.fromkeys(months, number) for name in [*NAMES, "香港特别行政区"]}
    cells[NAMES[3]][months[-1]] = None  # type: ignore[assignment]
    frame = pd.DataFrame.from_dict(cells, orient="index")
    frame.columns.name = "居民消费价格指数(上年同月=100)"
    return frame


def national(name: str, number: float, months: list[str] = MONTHS) -> pd.DataFrame:
    """Statistics down, months across."""
    rows = {
        name: dict.fromkeys(months, number),
        "医疗保健类居民消费价格指数(上年同月=100)": dict.fromkeys(months, 101.2),
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def recorded(request: Request, path: str, indicator: str) -> pd.DataFrame:
    """The catalogue after the change of base: older paths and names are no longer there."""
    if "2026-至今" not in path and request.name.startswith("cpi"):
        raise ValueError("Please check if the data path or indicator is correct.")
    if request.level == "nation":
        return national(request.indicators[-1], 100.8)
    return provincial(101.1 if request.series.endswith("all_items") else 99.4)


def test_one_call_fills_31_provinces_and_the_page_is_observed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All provinces have the month's index; what was judged by the nation's is published now, and nothing is left over."""
    assert linkage_months("310000", "2026-08", 1).now.verdict == "start_excluded"
    change = fetch(tmp_path, requests(["cpi", "cpi_food"], "2026-07"), ask=recorded, pause=0, confirm=True)
    assert change.counts()["new"] >= 31 * 2 * 2 - 2
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    now = linkage_months("310000", "2026-08", 1).now
    rise = now.rise("cpi")
    assert rise
    assert (rise.status, rise.point) == ("observed", True)
    assert now.conditions().to_frame()["known_how"][0] == "published"
    assert linkage_months(provinces()[3].code, "2026-07", 1).now.conditions().to_frame()["known_how"][0] == "predicted"
    assert not list((tmp_path / online.KEPT).glob("*.csv"))


def test_only_the_places_asked_for_are_written(tmp_path: Path) -> None:
    """Places may be named by code or name."""
    change = fetch(
        tmp_path, requests(["cpi"], "2026-08"), regions=["上海市", "450000"], ask=recorded, pause=0, confirm=True
    )
    assert {place for place in NAMES if place in str(change)} == {"上海市", "广西壮族自治区"}


def test_a_site_that_refuses_is_one_sentence_and_the_next_call_goes_on(tmp_path: Path) -> None:
    """Nothing is written; what was answered is kept, and asked no more on the same day."""
    asked = requests(["cpi"], "2026-08")
    calls: list[str] = []

    def once(request: Request, path: str, indicator: str) -> pd.DataFrame:
        calls.append(request.level)
        if request.level == "province":
            raise ConnectionError("blocked")
        return recorded(request, path, indicator)

    with pytest.raises(DataFault, match=r"did not answer.*ConnectionError"):
        fetch(tmp_path, asked, ask=once, pause=0)
    assert not (tmp_path / "reference").exists()
    assert calls.count("province") == online.ATTEMPTS
    calls.clear()
    fetch(tmp_path, asked, ask=lambda *given: calls.append(given[0].level) or recorded(*given), pause=0, confirm=True)  # type: ignore[func-returns-value]
    assert calls == ["province"]


def test_a_figure_that_stands_out_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    """An index of 45 is refused for all of them unless it is confirmed."""
    odd = lambda request, path, indicator: provincial(45.0)  # noqa: E731
    with pytest.raises(DataFault, match="stands out"):
        fetch(tmp_path, requests(["cpi"], "2026-08", ["province"]), ask=odd, pause=0)
    assert not (tmp_path / "reference").exists()


def test_old_and_new_forms_of_columns_are_read(tmp_path: Path) -> None:
    """Months and years in words or in the site's codes; a column that is neither is left out."""
    frame = provincial(101.0, ["202608MM", "2026-07", "合计"])
    found = list(online._lines(requests(["cpi"], "2026-07", ["province"])[0], frame, "2026-11-30"))
    assert {line[1] for line in found} == {"2026-08", "2026-07"}
    yearly = online._lines(
        requests(["income"], "2024-01", ["province"])[0], provincial(47065.0, ["2024年", "2023YY"]), "2026-11-30"
    )
    assert {line[1] for line in yearly} == {"2024"}


def test_a_statistic_under_no_name_known_says_where_to_mend_it(tmp_path: Path) -> None:
    """The message names the request and the table."""

    def gone(*_: object) -> pd.DataFrame:
        raise ValueError("Please check if the data path or indicator is correct.")

    with pytest.raises(DataFault, match=r"no such statistic.*online.csv"):
        fetch(tmp_path, requests(["cpi"], "2026-08"), ask=gone, pause=0)


def test_an_unknown_series_suggests_the_nearest() -> None:
    """A slip is one readable message."""
    with pytest.raises(DataFault, match="try: cpi_food"):
        requests(["cpi_fod"])
