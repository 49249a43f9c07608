"""The evaluation page: the finding first, few numbered tables, every block in both languages, nothing simulated, nothing Chinese in English."""

from __future__ import annotations

import re

import pytest
from capturing import page

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACES = (("230000", 2024), ("450400", 2019), ("540000", 2024), ("450000", 2011))
MOST_TABLES, MOST_FIGURES = 12, 6


def shown(region: str, year: int, language: str, **given: str) -> list[dict[str, object]]:
    return page("performance_evaluation", {"region": region, "year": year, "language": language, **given})


@pytest.mark.parametrize(("region", "year"), PLACES)
def test_the_page_is_short_and_finishes(region: str, year: int) -> None:
    """At most twelve tables and six figures, a finding of three sentences, and no error, whatever is known of the place."""
    found = shown(region, year, "zh")
    kinds = [one["kind"] for one in found]
    assert "error" not in kinds, found[-1]
    assert kinds.count("table") <= MOST_TABLES
    assert kinds.count("figure") <= MOST_FIGURES
    assert sum(one["kind"] == "finding" for one in found) == 1


@pytest.mark.parametrize(("region", "year"), PLACES[:2])
def test_english_has_no_chinese(region: str, year: int) -> None:
    """Finding, captions and heads of columns are English; rows of an official form and titles of instruments stay as they are."""
    for one in shown(region, year, "en"):
        words = [str(one.get(key, "")) for key in ("caption", "finding", "text", "alt")]
        heads = list(map(str, one.get("heads", []))) if one["kind"] == "table" else []  # type: ignore[call-overload]
        if one["kind"] in ("finding", "say", "figure", "table"):
            assert not [text for text in (*words, *heads) if CHINESE.search(re.sub(r"《.*?》", "", text))], one


def test_the_first_screen_says_how_heilongjiang_did() -> None:
    """Level, what is below its target and when it is due, what is carried from 2022, and what is not known."""
    text = str(next(one for one in shown("230000", 2024, "zh") if one["kind"] == "finding"))
    for words in (
        "710",
        "517",
        "72.8%",
        "75%",
        "2025年12月31日",
        "2022年数",
        "缺人均补助水平数据",
        "缺数据未评的指标",
    ):
        assert words in text
