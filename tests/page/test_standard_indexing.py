"""The standard_indexing page: every kind of place gives a whole page, says what is missing, and says nothing false."""

from __future__ import annotations

from fractions import Fraction

import pytest
from notebook_run import Run, Runner

NAME = "standard_indexing"


def rows(found: Run, table: str) -> list[dict[str, object]]:
    """The rows a table recorded."""
    kept = found.kept("table")[table]
    return [dict(zip(kept["columns"], cells, strict=True)) for cells in kept["cells"]]


def test_the_page_of_wuzhou_2019_holds_the_published_numbers(run: Runner) -> None:
    """Levels, ratio, rises, candidates against the announced level and the range of the cost, in codes and exact numbers."""
    found = run(NAME, region="450400", year=2019)
    levels = rows(found, "levels")
    assert [(row["year"], row["level_urban"], row["level_rural"]) for row in levels] == [
        (2018, "58700", "96325/3"), (2019, "68000", "37500"),
    ]  # fmt: skip
    assert (levels[1]["ratio"], levels[1]["kind_urban"]) == ("75/136", "standard")
    candidates = rows(found, "candidates")
    assert {row["area"] for row in candidates} == {"urban", "rural"}
    for row in candidates:
        announced = {"urban": 68000, "rural": 37500}[str(row["area"])]
        assert Fraction(str(row["bounded_fen_month"])) - announced == Fraction(str(row["less_announced"]))
        assert row["fen_month_status"] == row["bounded_fen_month_status"] == "estimated"
        assert row["formula"]
    costs = [row for row in rows(found, "costs") if row["method"] == "announced"]
    assert [round(Fraction(str(row[end])) / 1_000_000, 1) for row in costs for end in ("low_fen", "high_fen")] == [
        Fraction("509.1"), Fraction("788.6"), Fraction("5626.5"), Fraction("9678.4"),
    ]  # fmt: skip


def test_the_finding_is_three_sentences_in_each_language(run: Runner) -> None:
    """What was announced, how it stands to its targets, where the candidates lie; never more than three."""
    zh = run(NAME, region="450400", year=2019).finding
    assert [text.count("。") for text in zh] == [1, 1, 1]
    assert "提高15.8%" in zh[0]
    assert "实际提高11.7%" in zh[0]
    assert "55.15%，75%的目标不适用" in zh[1]
    assert "测算值仅供参考" in zh[2]
    en = run(NAME, region="450400", year=2019, language="en").finding
    assert len(en) == 3
    assert "up 15.8%" in en[0]


def test_the_present_year_carries_the_last_level_as_a_range(run: Runner) -> None:
    """Without parameters the page is of the present year: the last level is carried and marked, this year's is a range, never a point."""
    found = run(NAME)
    assert "沿用2019年低保标准" in found.finding[0]
    assert "2026年标准推算为每月680元至" in found.finding[0]
    last = rows(found, "levels")[-1]
    low, _, high = str(last["level_urban"]).partition(" ")[0].partition("..")
    assert (last["year"], last["kind_urban"], low) == (2026, "carried", "680")
    assert Fraction(high) > 680
    assert all(".." in str(row["amount"]) for row in rows(found, "tied"))


def test_averages_are_called_averages(run: Runner) -> None:
    """A province that only has means never shows one as its standard, nor ties an amount to it."""
    found = run(NAME, region="320000", year=2019)
    assert "各县平均标准" in found.finding[0]
    assert "低保标准每人" not in found.finding[0]
    assert "tied" not in found.kept("table")


def test_the_level_before_is_called_what_it_is(run: Runner) -> None:
    """Tibet's average of 2016 is held against its last average, of 2011; the standard in between is not denied."""
    assert "比最近一次已知的2011年各县平均标准" in run(NAME, region="540000", year=2016).finding[0]


def test_a_floor_is_neither_costed_nor_judged(run: Runner) -> None:
    """Guangdong's floors are not what is paid: no cost, no verdict on the ratio, and its classes are listed."""
    found = run(NAME, region="440000", year=2023)
    assert "costs" not in found.kept("table")
    targets = {str(row["target"]): row["verdict"] for row in rows(found, "targets")}
    assert targets["target_rural_urban_ratio"] == "cannot_tell"
    assert [row["level_urban"] for row in rows(found, "classes")] == ["116500", "103700", "91400", "85700"]


def test_harbin_shows_the_exact_ratio_beside_its_verdict(run: Runner) -> None:
    """The verdict in whole percents carries the exact 74.85%."""
    assert "74.85%" in run(NAME, region="230100", year=2022).finding[1]


def test_the_stated_share_of_heilongjiang_is_reproduced(run: Runner) -> None:
    """The shares stated for 2019 come out of the published consumption of 2018."""
    stated = [row for row in rows(run(NAME, region="230000", year=2019), "adequacy") if row["stated_ratio"]]
    assert stated
    assert {row["agrees"] for row in stated} == {True}


def test_two_statements_of_one_rule_stand_side_by_side(run: Runner) -> None:
    """Zhejiang's regulation and a later report differ on the edge line: the regulation is used, the other is named."""
    edge = [row for row in rows(run(NAME, region="330700", year=2024), "tied") if row["item"] == "edge_line"]
    assert {row["rule"] for row in edge} == {"3/2 x_standard"}
    assert all("stated_otherwise" in str(row["notes"]) and "2" in str(row["notes"]) for row in edge)


@pytest.mark.parametrize(("share", "fen"), [("0.35", "587"), ("0.40", "671")])
def test_a_changed_assumption_moves_its_candidate_only(run: Runner, share: str, fen: str) -> None:
    """A researcher's own share of consumption replaces the one kept so far; the other methods stay."""
    plain = {
        (row["area"], row["method"]): row["fen_month"]
        for row in rows(run(NAME, region="450000", year=2019), "candidates")
    }
    moved = {
        (row["area"], row["method"]): row["fen_month"]
        for row in rows(run(NAME, region="450000", year=2019, consumption_share=share), "candidates")
    }
    assert {key for key in moved if moved[key] != plain.get(key)} == {
        ("urban", "consumption_share"),
        ("rural", "consumption_share"),
    }
    assert str(int(Fraction(str(moved["urban", "consumption_share"])) / 100)) == fen
