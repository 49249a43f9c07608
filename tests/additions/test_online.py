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


def provincial(
    number: float, months: list[str] = MONTHS, title: str = "居民消费价格指数 (上年同月=100)"
) -> pd.DataFrame:
    """All provinces down, months across, the newest first, a gap in one, and a row that is no province of ours."""
    cells = {name: dict.fromkeys(months, number) for name in [*NAMES, "香港特别行政区"]}
    cells[NAMES[3]][months[-1]] = None  # type: ignore[assignment]
    frame = pd.DataFrame.from_dict(cells, orient="index")
    frame.columns.name = title
    return frame


def national(name: str, number: float, months: list[str] = MONTHS) -> pd.DataFrame:
    """Statistics down, months across."""
    rows = {
        name: dict.fromkeys(months, number),
        "医疗保健类居民消费价格指数(上年同月=100)": dict.fromkeys(months, 101.2),
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def recorded(request: Request, path: str, indicator: str) -> pd.DataFrame:
    """The catalogue after the change of base: each leaf has the months of its own base, and names changed with it."""
    if request.name.startswith("cpi") and "(2026-)" not in path:
        return pd.DataFrame()
    if request.level == "nation":
        name = "食品烟酒及在外餐饮类居民消费价格指数(上年同月=100)" if request.series.endswith("alcohol") else indicator
        return national(name, 100.8)
    if request.series.endswith("all_items"):
        return provincial(101.1)
    if "及在外餐饮" not in indicator:
        raise ValueError("Please check if the data path or indicator is correct.")
    return provincial(99.4, title=indicator)


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
    frame = provincial(47065.0, ["2024年", "2023YY"], "居民人均可支配收入(元)")
    yearly = online._lines(requests(["income"], "2024-01", ["province"])[0], frame, "2026-11-30")
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


def test_a_span_over_a_change_of_base_asks_the_leaf_of_each_base(tmp_path: Path) -> None:
    """From 2025 on, the leaf of 2026 and that of 2021-2025 are asked, older ones are not; what the newer one says goes first."""
    asked: list[str] = []

    def leaves(request: Request, path: str, indicator: str) -> pd.DataFrame:
        asked.append(path.rsplit("(", 1)[1])
        if "(2026-)" in path:
            return provincial(101.1, ["2026年2月", "2026年1月"])
        return provincial(100.4, ["2026年1月", "2025年12月", "2025年1月"])

    (request,) = requests(["cpi"], "2025-01", ["province"])
    found = online._answered(request, leaves, tmp_path, "2026-11-30", 0)
    assert asked == ["2026-)", "2021-2025)"]
    shanghai = {line[1]: line[4] for line in found if line[0] == "310000"}
    assert shanghai == {"2026-02": "101.1", "2026-01": "101.1", "2025-12": "100.4", "2025-01": "100.4"}


def test_a_frame_of_another_statistic_is_not_taken(tmp_path: Path) -> None:
    """The library takes the first indicator that has a name in common: what it says it found is held against what was asked."""
    (request,) = requests(["cpi"], "2026-07", ["province"])
    other = lambda *_: provincial(98.7, title="衣着类居民消费价格指数(上年同月=100)")  # noqa: E731
    with pytest.raises(DataFault, match="no such statistic"):
        fetch(tmp_path, [request], ask=other, pause=0)


def test_a_page_that_is_no_answer_is_told_as_no_answer(tmp_path: Path) -> None:
    """A site that sends a page of its own instead of data (no JSON, which is a ValueError) did not answer: nothing has moved."""

    def page(*_: object) -> pd.DataFrame:
        raise ValueError("Expecting value: line 1 column 1 (char 0)")

    with pytest.raises(DataFault, match="did not answer"):
        fetch(tmp_path, requests(["cpi"], "2026-08", ["province"]), ask=page, pause=0)


def test_a_statistic_the_site_does_not_have_does_not_stop_the_others(tmp_path: Path) -> None:
    """Food alone may not be in the catalogue: the rest is written, and progress says that there were no figures of it."""
    progress: list[tuple[str, int]] = []

    def without_food(request: Request, path: str, indicator: str) -> pd.DataFrame:
        if request.series.endswith("food"):
            raise ValueError("Please check if the data path or indicator is correct.")
        return recorded(request, path, indicator)

    fetch(tmp_path, requests(["cpi", "cpi_food"], "2026-07"), ask=without_food, pause=0, confirm=True,
          told=lambda request, count: progress.append((request.series, count)))  # fmt: skip
    assert ("cpi_yoy:total:food", 0) in progress
    assert min(count for series, count in progress if not series.endswith("food")) > 0


def test_no_year_is_asked_before_it_is_over() -> None:
    """The library asks up to the last whole year; a later start would be refused by the site."""
    (request,) = requests(["income"], "2999-01", ["nation"])
    assert int(request.since) < 2999
