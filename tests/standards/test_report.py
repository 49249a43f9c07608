"""The standard_indexing page: every kind of place gives a whole page, says what is missing, and says nothing false."""

from __future__ import annotations

from typing import Any

import pytest

import aidlib.reports
from aidlib.reports import Report, context
from aidlib.reports import standard_indexing as page
from aidlib.reports.standard_indexing import finding, series, tables, tied, verdicts

SECTIONS = ("finding", "series", "candidates", "bounds", "derived", "adequacy", "cost", "sensitivity", "compliance")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what a page shows, as text."""
    words: list[str] = []
    monkeypatch.setattr(context, "_show", lambda html, text, data: words.append(text))
    return words


def opened(place: str, year: int, language: str = "zh", **_: Any) -> Report:
    return aidlib.reports.start("standard_indexing", region=place, period=str(year), language=language)


@pytest.mark.parametrize(
    ("place", "year", "language"),
    [
        ("450400", 2019, "zh"),
        ("230100", 2022, "en"),
        ("440000", 2023, "zh"),
        ("130900", 2014, "en"),
        ("220400", 2018, "zh"),
        ("450400", 2024, "en"),
    ],
)
def test_a_whole_page_for_every_kind_of_place(shown: list[str], place: str, year: int, language: str) -> None:
    """A city, a city with parts, a province with floors, one average, one single figure, and a year without any."""
    report = opened(place, year, language)
    study = page.open_study(report)
    for section in SECTIONS:
        getattr(page, f"show_{section}")(report, study)
    report.finish()
    text = "\n".join(shown)
    assert all(str(year) in shown[0] for _ in study.areas)
    assert ("测算值只供参考" in text or "for information" in text) is bool(study.areas)


def test_a_year_without_a_level_names_the_latest_one(shown: list[str]) -> None:
    """A page for a year the data does not cover says so and names the year it does cover."""
    report = opened("450400", 2024)
    said = finding.sentences(report, page.open_study(report))
    assert said == [finding._nothing(report, page.open_study(report))]
    assert "2019" in said[0][0]


def test_averages_are_called_averages(shown: list[str]) -> None:
    """A province that only has means never shows one as its standard, nor ties an amount to it."""
    report = opened("320000", 2019)
    study = page.open_study(report)
    zh, en = finding.announced(report, study)
    assert "各县平均标准" in zh
    assert "average of the county standards" in en
    assert "低保标准为" not in zh
    assert tied.derived_amounts(report, study).empty


def test_the_level_before_is_called_what_it_is(shown: list[str]) -> None:
    """Qinghai's average of 2022 is held against its last average, of 2016; the standard of 2021 in between is not denied."""
    report = opened("630000", 2022)
    zh, en = finding.announced(report, page.open_study(report), rises=True)
    assert "比数据中上一个各县平均标准（2016年" in zh
    assert "on the last average of the county standards in the data (of 2016" in en


def test_a_floor_is_neither_costed_nor_judged(shown: list[str]) -> None:
    """Guangdong's floors are not what is paid: no cost, no verdict on the ratio."""
    report = opened("440000", 2023)
    study = page.open_study(report)
    assert tables.cost(report, study).empty
    frame = verdicts.compliance(report, study)
    assert frame.loc[frame["target"].str.contains("农村与城市"), "verdict"].item() == "不能判定"
    assert list(series.classes_table(report, 2023)["level_urban"].astype(int)) == [1165, 1037, 914, 857]


def test_harbin_shows_the_exact_ratio_beside_its_verdict(shown: list[str]) -> None:
    """The verdict in whole percents carries the exact 74.85%."""
    report = opened("230100", 2022)
    zh, en = finding.ratio(page.open_study(report))
    assert "625/835" in zh
    assert "74.85%" in zh
    assert "74.85%" in en


def test_the_stated_share_of_heilongjiang_is_reproduced(shown: list[str]) -> None:
    """The shares stated for 2019 come out of the published consumption of 2018."""
    report = opened("230000", 2019)
    frame = tables.adequacy_ratios(report, page.open_study(report))
    assert set(frame["agrees"].dropna()) == {"一致"}


def test_wuzhous_cost_is_a_range_on_published_heads(shown: list[str]) -> None:
    """Wuzhou's recipients come from person-times; the range is ordered."""
    report = opened("450400", 2019)
    frame = tables.cost(report, page.open_study(report))
    assert list(frame["recipients"]) == [7067, 149589]
    assert (frame["cost_low_10k"].astype(float) < frame["cost_high_10k"].astype(float)).all()


def test_two_statements_of_one_rule_stand_side_by_side() -> None:
    """Zhejiang's regulation and a later report differ on the edge line: the regulation is used, the other is named."""
    report = opened("330700", 2024)
    frame = tied.derived_amounts(report, page.open_study(report))
    edge = frame[frame["item"].str.startswith("低保边缘")]
    assert set(edge["rule"]) == {"1.5 倍低保标准"}
    assert edge["remark"].str.contains("另有说法：2.0倍").all()


def test_every_candidate_names_its_rows() -> None:
    """A candidate that rests on published rows links them; an estimated one is marked after its bounds too."""
    report = opened("450400", 2019)
    frame = tables.candidates(report, page.open_study(report))
    assert all(frame["sources"])
    assert list(frame["bounded_yuan_month_status"]) == list(frame["candidate_yuan_month_status"])
    assert all(a - b == c for a, b, c in zip(
        frame["bounded_yuan_month"], [680] * 4 + [375] * 4, frame["candidate_less_announced"], strict=True
    ))  # fmt: skip


def test_the_finding_is_three_sentences() -> None:
    """What was announced, how it stands to its targets, where the candidates lie."""
    report = opened("450400", 2019)
    said = finding.sentences(report, page.open_study(report))
    assert [zh.count("。") for zh, _ in said] == [1, 1, 1]
    assert "15.8%" in said[0][0]
    assert "375/680" in said[1][0]
    assert "测算值只供参考" in said[2][0]
