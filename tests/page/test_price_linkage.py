"""The price-linkage page: whole for every kind of place and month, the answer first, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from aidlib import Book
from aidlib.page.sentences import blocks
from aidlib.page.sources import value_text
from aidlib.tables import shipped_notebooks

TODAY = "2026-11-30"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell whose displays are kept."""
    made = InteractiveShell.instance()
    monkeypatch.setattr(made, "display_pub", CapturingDisplayPublisher())
    yield made
    InteractiveShell.clear_instance()


def shown(shell: InteractiveShell, **given: Any) -> list[dict[str, Any]]:
    """Run the code cells of the notebook with parameters, as papermill would."""
    cells = json.loads((shipped_notebooks() / "price_linkage.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", ()):
                names |= {"today": TODAY, **given}
    return [output["metadata"]["aidlib"] for output in shell.display_pub.outputs]


def finding(kept: list[dict[str, Any]]) -> list[str]:
    return next(one["finding"] for one in kept if "finding" in one)


@pytest.mark.parametrize(
    ("region", "period", "language", "verdict", "told"),
    [
        (
            "450400",
            "2026-08",
            "zh",
            "start_excluded",
            ("距今3个月", "可排除启动", "不发放价格临时补贴", "95%区间覆盖了"),
        ),
        (
            "450400",
            "2026-08",
            "en",
            "start_excluded",
            ("3 months ago", "a start can be excluded", "95% ranges contained"),
        ),
        (
            "440000",
            "2020-04",
            "zh",
            "started",
            ("按已公布的指数达到启动条件", "70.72元至144.92元", "2020年6月9日以前发放"),
        ),
        ("450400", "2020-10", "en", "not_started", ("no condition is met", "No subsidy is due")),
        ("410900", "2019-08", "zh", "start_unknown", ("当地说明当月未达到启动条件",)),
        ("350100", "2023-01", "zh", "started", ("当月只检索到", "50")),
        ("450400", "1990-01", "zh", "start_unknown", ("没有可用的联动规则", "未检索到1990年1月的联动机制规定")),
        ("000000", "2020-02", "en", "started", ("published indices start payment",)),
    ],
)
def test_a_whole_page_for_every_kind_of_month(
    shell: InteractiveShell, region: str, period: str, language: str, verdict: str, told: tuple[str, ...]
) -> None:
    """Three sentences say the outcome, the amount and the months before; every table and figure the words promise is shown."""
    kept = shown(shell, region=region, period=period, language=language, lookback_months=3)
    said = finding(kept)
    assert len(said) == 3
    assert [text for text in told if text not in "".join(said)] == []
    record = kept[-1]["record"]
    assert record["verdict"] == verdict
    assert record["parameters"]["period"] == period


def test_what_was_left_open_is_kept(shell: InteractiveShell) -> None:
    """Without a period the page is of the newest month whose national index is out; the record keeps which, and the day."""
    kept = shown(shell, region="540000", lookback_months=1)
    parameters = kept[-1]["record"]["parameters"]
    assert parameters["period"] >= "2026-08"
    assert parameters["today"] == TODAY


def test_a_back_test_shows_its_record(shell: InteractiveShell) -> None:
    """Asked for, months that have passed are forecast, with the scores of the same method beside them."""
    kept = shown(shell, region="450000", period="2019-10", lookback_months=1, outlook_months=2, backtest=True)
    tables = {one["table"] for one in kept if "table" in one}
    assert {"outlook", "costs", "scores"} <= tables


def test_both_languages_have_the_same_blocks() -> None:
    """A block that one language lacks would end its page."""
    assert blocks("price_linkage", "zh") == blocks("price_linkage", "en")


def test_every_coded_value_of_price_linkage_has_words() -> None:
    """No reader meets a code word: every text, flag and rounding rule of the linkage rows is worded in the list of sources."""
    book = Book()
    coded = {
        f"linkage_{name}" for name in ("amount", "base", "conditions", "factor", "window", "rounding", "covered", "pay")
    }
    rows = [entry.row for entry in book.tables.entries if entry.row["name"] in coded]
    values = [value for row in rows for value in book.history(row["region"], row["name"], row["group"])]
    told = {value.text: value_text(value) for value in values}
    assert [text for text, words in told.items() if words == text or "|" in words or "_" in words] == []
