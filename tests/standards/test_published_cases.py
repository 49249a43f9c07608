"""Published standards: asked plainly none is contradicted unsaid; those that print their inputs are reproduced."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from aidlib import tables
from aidlib.commands import standard_cases
from aidlib.commands.cases import Result
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.money import Rounding, fen
from aidlib.standards.measures import adequacy, agrees, growth
from aidlib.standards.methods import consumption_share, minimum_wage_share, round_standard

CASES = Path(__file__).parents[1] / "cases"
HALF_UP = Rounding("half_up", 100)


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SETTINGS = {row["case"]: row for row in table("standard_settings.csv")}


def month(yuan: str) -> Fraction:
    return Fraction(yuan) * 100


def yearly_share(base: str, factor: str) -> Fraction:
    return round_standard(month(base) * Fraction(factor), HALF_UP, "year") * 12 / 100


RULES: dict[str, Callable[[str, str, str, str], Fraction]] = {
    "consumption_share": lambda b, f, r, p: round_standard(consumption_share(b, f).fen_month, Rounding.parse(r), p),
    "minimum_wage_share": lambda b, f, r, p: round_standard(minimum_wage_share(b, f).fen_month, Rounding.parse(r), p),
    "multiple": lambda b, f, r, p: round_standard(month(b) * Fraction(f), Rounding.parse(r), p),
}


@pytest.mark.parametrize(
    "case", [row for row in SETTINGS.values() if row["check"] in RULES], ids=lambda row: row["case"]
)
def test_published_standard_follows_from_its_inputs(case: dict[str, str]) -> None:
    """The published amount is the rule applied to the published inputs, rounded once in the stated way."""
    found = RULES[case["check"]](case["base"], case["factor"], case["rounding"], case["period"])
    assert found * (12 if case["period"] == "year" else 1) == fen(case["published"])


def test_shares_and_growth_are_what_was_stated() -> None:
    """Nanjing's stated share and growth come out at the decimals it stated them with."""
    share, rise = SETTINGS["SET-NJ-SHARE"], SETTINGS["SET-NJ-GROWTH"]
    assert agrees(share["published"], adequacy("consumption", share["factor"], share["base"]).value * 100)
    assert growth(fen(rise["base"]), fen(rise["factor"]), stated=rise["published"]).as_stated is True


def test_announced_growth_is_not_always_the_real_one() -> None:
    """Weifang's rural rise of 10% was 10.8%."""
    case = SETTINGS["SET-WF"]
    rise = growth(fen(case["base"]), fen(case["factor"]), stated=case["published"])
    assert rise.as_stated is False
    assert agrees("10.8", rise.rate * 100)


@pytest.mark.parametrize("case", ["SET-SX-LOW", "SET-SX-HIGH"])
def test_shaoxing_lies_inside_the_band(case: str) -> None:
    """Shaoxing's standard lies between 30% and 40% of the province's consumption per head."""
    row = SETTINGS[case]
    end = consumption_share(row["base"], row["factor"]).fen_month
    assert (end <= fen(row["published"])) == row["check"].endswith("at_most")


def test_a_tekun_multiple_is_a_floor() -> None:
    """Harbin's urban tekun standard in the counties lies above 1.3 times the dibao standard: published, not computed."""
    row = SETTINGS["SET-HRB-UC"]
    assert fen(row["published"]) > month(row["base"]) * Fraction(row["factor"])


@pytest.mark.parametrize(
    "case", [row for row in SETTINGS.values() if row["check"] == "care_year"], ids=lambda r: r["case"]
)
def test_care_standards_are_rounded_per_year(case: dict[str, str]) -> None:
    """Twelve months of the share of the minimum wage, half-up to whole yuan per year."""
    assert yearly_share(case["base"], case["factor"]) == Fraction(case["published"])


def test_the_share_jinhua_stated_uses_the_provincial_figure_in_the_data() -> None:
    """The consumption figure of the Jinhua case is the one in the published figures."""
    assert Figures().get("330000", "consumption_pc:total", "2023").text == SETTINGS["SET-JH"]["base"]


ROWS = {row["case"]: row for row in tables.rows("cases/standards.csv", standard_cases.STANDARDS)}
BELOW_THE_FLOOR = {
    "CJ24-4": "Changji pays its rural tekun at home 800, where 1.3 times its dibao standard of 700 is 910"
}


@lru_cache
def asked(given: bool = False) -> tuple[Result, ...]:
    """Every published standard, asked once."""
    return tuple(standard_cases.standards(given))


@pytest.mark.parametrize("given", [False, True])
def test_no_published_standard_is_contradicted_without_its_reason(given: bool) -> None:
    """A rule of the place that does not fit what it published is either wrong in our book, or the place's own doing and listed."""
    assert {result.case for result in asked(given) if result.verdict == "differs"} == set(BELOW_THE_FLOOR)


@pytest.mark.parametrize(
    ("case", "yuan"),
    [
        ("DY19-3", "930.00.."),
        ("DY19-4", "675.00.."),
        ("GZ21-1", "1680.00"),
        ("ZS25-1", "1960.00.."),
        ("XM19-3", "1600.00"),
    ],
)
def test_a_tied_amount_is_computed_from_the_level_in_force(case: str, yuan: str) -> None:
    """Asked with place, day and group only, the multiple in force of the level in force is what was published."""
    found = next(result for result in asked() if result.case == case)
    assert (found.verdict, found.computed) == ("computed", yuan)


def test_care_shares_of_the_printed_wage_are_computed() -> None:
    """Dongying prints its minimum wage of 22920 a year: a sixth and a third of it."""
    found = {result.case: result.verdict for result in asked(given=True)}
    assert (found["DY19-6"], found["DY19-7"]) == ("computed", "computed")


@pytest.mark.parametrize("case", ["JN20-2", "JN20-3", "JN20-4", "JN20-5"])
def test_what_was_read_off_the_results_proves_nothing(case: str) -> None:
    """Jinan's two thirds and its multiples are our reading of its results: consistent at best."""
    assert {result.verdict for result in asked() if result.case == case} <= {"consistent", "cannot_tell"}


def test_a_stated_percentage_stands_for_every_rate_that_rounds_to_it() -> None:
    """610 to 645 is 5.7377%: consistent with 5.74%, and not with 5.75%."""
    way = standard_cases._raised(Fraction(61000), "5.74", False, ())
    assert way.hold(Fraction(64500), "month") == "consistent"
    assert standard_cases._raised(Fraction(61000), "5.75", False, ()).hold(Fraction(64500), "month") == "differs"


@pytest.mark.parametrize(
    "row", [row for row in ROWS.values() if row["name"] == "dibao_standard"], ids=lambda row: row["case"]
)
def test_an_announced_level_stands_in_the_book(row: tables.Row) -> None:
    """A published dibao standard is what the law book holds for the place on its first day."""
    at, group = Book().at(row["region"], date.fromisoformat(row["on"])), row["group"]
    held = at.optional(
        row["name"], group if group.startswith(("urban", "rural")) else f"urban:{group}|urban".replace(":|", "|")
    )
    assert held is not None
    assert held.fen_month == Fraction(fen(row["after"])) / (12 if row["unit"].endswith("/year") else 1)


def test_cases_name_no_mirror() -> None:
    """Cases cite a publisher and a date, never the host of a copy."""
    shown = " ".join(row["source"] for row in ROWS.values()) + (CASES / "standard_settings.csv").read_text(
        encoding="utf-8"
    )
    assert not re.search(r"\.(com|cn|net|org)\b", shown)
