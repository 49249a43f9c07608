"""A page: codes and exact numbers in, words and a record out; any call can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from aidlib.errors import ParameterFault, ReportFault
from aidlib.known import Missing
from aidlib.page import Page, sentences, start

ZH = """{% block finding %}{{ page.region|place }}{{ page.period|month }}标准为每月{{ level|yuan }}元。

比例为{{ share|percent }}，{{ name }}。{% endblock %}
{% block rates_table %}各档标准{% endblock %}
{% block rates_absent %}没有标准。{% endblock %}
"""
EN = """{% block finding %}{{ page.region|place }}, {{ page.period|month }}: {{ level|yuan }} yuan a month.

Share {{ share|percent }}.{% endblock %}
{% block rates_table %}Levels by class{% endblock %}
{% block rates_absent %}No level.{% endblock %}
"""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[dict[str, Any]]]:
    """What a page publishes, with words of an invented page beside the notebook."""
    (tmp_path / "words").mkdir()
    for language, text in (("zh", ZH), ("en", EN)):
        (tmp_path / "words" / f"invented.{language}.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sentences.environment.cache_clear()
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", CapturingDisplayPublisher())
    yield shell.display_pub.outputs
    sentences.environment.cache_clear()
    InteractiveShell.clear_instance()


def opened(language: str = "zh") -> Page:
    """Open the invented page."""
    return start("invented", region="450400", period="2019-06", language=language)


def levels() -> pd.DataFrame:
    """Two exact amounts in fen, one of them stale, and one named gap."""
    return pd.DataFrame({
        "area": ["urban", "rural", "rural"],
        "level_fen_month": [Fraction(54680), Fraction(100, 3), Missing("consumption_pc", "urban", 2018)],
        "level_fen_month_status": ["stale", "enacted", None],
    })  # fmt: skip


def test_a_finding_is_words_around_exact_numbers(shown: list[dict[str, Any]]) -> None:
    """Numbers are written exactly, text is escaped, and the record keeps what a reader sees."""
    opened().finding(level=54680, share=Fraction(3, 40), name="<b>", verdict="met")
    assert "&lt;b&gt;" in shown[0]["data"]["text/html"]
    assert shown[0]["metadata"]["aidlib"] == {
        "finding": ["梧州市2019年6月标准为每月546.80元。", "比例为7.5%，<b>。"], "block": "finding", "verdict": "met",
    }  # fmt: skip
    assert (
        "&lt;不是&gt;" not in shown[0]["data"]["text/html"]
    )  # the template's own text is ours; only facts are escaped
    opened("en").finding(level=54680, share=Fraction(1, 3))
    assert shown[1]["data"]["text/plain"] == "Wuzhou, June 2019: 546.80 yuan a month.\nShare 33.3%."


def test_a_table_is_recorded_in_codes_and_shown_in_words(shown: list[dict[str, Any]]) -> None:
    """The record holds codes and exact numbers, the same in both languages; the reader sees words, marks and what is lacking."""
    chinese, english = opened(), opened("en")
    chinese.table("rates", levels())
    english.table("rates", levels())
    zh, en = (each["metadata"]["aidlib"] for each in shown)
    assert zh == en
    assert zh["cells"][1] == ["rural", "100/3", "enacted"]
    page = shown[0]["data"]["text/html"]
    assert "表1" in page
    assert "农村" in page
    assert 'class="mark stale"' in page
    assert "Table 1" in shown[1]["data"]["text/html"]
    assert [gap.what for gap in chinese.lacking] == ["consumption_pc"]


def test_a_cell_can_be_run_again(shown: list[dict[str, Any]]) -> None:
    """A table shown twice keeps its number, and what lacks is listed once."""
    page = opened()
    page.table("rates", levels())
    page.table("rates", levels())
    assert shown[0]["data"] == shown[1]["data"]
    assert len(page.lacking) == 1


def test_an_empty_table_is_one_sentence(shown: list[dict[str, Any]]) -> None:
    """Nothing to show is said; the page may then be finished."""
    page = opened()
    page.table("rates", levels().iloc[:0])
    page.finish()
    assert shown[0]["data"]["text/plain"] == "没有标准。"
    assert shown[1]["metadata"]["aidlib"]["record"]["shown"] == ["rates"]


def test_a_page_keeps_what_its_words_promise(shown: list[dict[str, Any]]) -> None:
    """A table that has words but was not shown ends the page with an error."""
    with pytest.raises(ReportFault, match="rates"):
        opened().finish()


def test_a_sentence_without_its_fact_is_an_error(shown: list[dict[str, Any]]) -> None:
    """A missing fact is named with its block, never left blank."""
    with pytest.raises(ReportFault, match=r"invented.zh.md finding.*'share' is undefined"):
        opened().finding(level=1)
    with pytest.raises(ReportFault, match="try: finding"):
        opened().say("findin")


def test_the_finish_lists_gaps_rows_and_record(shown: list[dict[str, Any]]) -> None:
    """What was read through the page is cited with file and line, and what lacks is named."""
    page = opened()
    page.law.at("450400", pd.Timestamp("2020-02-01").date()).value("linkage_cpi_trigger")
    page.table("rates", levels())
    page.finish()
    html, kept = shown[1]["data"]["text/html"], shown[1]["metadata"]["aidlib"]["record"]
    assert "梧州市缺2018年" in html
    assert kept["status"] == "stale"
    [place] = kept["law"]
    assert place in html.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"region": "450401"}, "450401"),
        ({"period": "2020-13"}, "2020-13"),
        ({"period": "２０２０"}, "２０２０"),
        ({"language": "fr"}, "fr"),
        ({"lookback_months": 0}, "lookback_months"),
    ],
)
def test_wrong_parameters_are_named(given: dict[str, Any], wrong: str) -> None:
    """Each fault of a parameter names it."""
    with pytest.raises(ParameterFault, match=wrong):
        start("invented", **{"region": "450400", "period": "2020-02", "language": "zh", **given})


def test_all_faults_of_the_parameters_come_at_once() -> None:
    """Two wrong parameters are two lines."""
    with pytest.raises(ParameterFault) as raised:
        start("invented", region="x", period="y", language="zh")
    assert len(raised.value.faults) == 2


def test_a_code_may_come_as_a_number_and_a_count_as_text() -> None:
    """Papermill and schedulers pass what they like: six digits are a region, text stands for the notebook's own type."""
    page = start("price_linkage", region=450400, period="2020-02", lookback_months="6")
    assert (page.region.code, page.lookback_months) == ("450400", 6)
    with pytest.raises(ParameterFault, match="try: lookback_months"):
        start("price_linkage", region="450400", period="2020-02", lookback_month=6)


def test_a_result_shows_and_draws_itself() -> None:
    """In a notebook a result is a table in words; `plot` takes axes and gives them back."""
    from matplotlib import pyplot as plt

    from aidlib import views
    from aidlib.result import Result

    class Levels(Result):
        def to_frame(self) -> pd.DataFrame:
            return levels()

    @views.drawing.register(Levels)
    def _(result: Levels, ax: Any) -> Any:
        ax.plot([1, 2])
        return ax

    assert 'class="mark stale"' in Levels()._repr_html_()
    axes = plt.subplots()[1]
    assert Levels().plot(ax=axes) is axes
    with pytest.raises(TypeError, match="to_frame"):
        views.drawing(1, axes)
    plt.close("all")
