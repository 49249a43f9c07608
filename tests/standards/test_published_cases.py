"""Published standards and adjustments: every row that states enough is reproduced; the others are named with the reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.money import Rounding, fen
from aidlib.standards.adequacy import adequacy, agrees
from aidlib.standards.candidate import round_standard
from aidlib.standards.candidates import consumption_share, minimum_wage_share, rural_from_urban
from aidlib.standards.growth import growth

CASES = Path(__file__).parents[1] / "cases"
CEIL, EXACT, HALF_UP = Rounding("ceil", 100), Rounding("exact"), Rounding("half_up", 100)


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ADJUSTMENTS = {row["case"]: row for row in table("standard_adjustments.csv")}
SETTINGS = {row["case"]: row for row in table("standard_settings.csv")}
DIFFERENCES = set(re.findall(r"^\| ([A-Z]+-\d+) ", (CASES / "differences.md").read_text(encoding="utf-8"), re.M))


def month(yuan: str) -> Fraction:
    return Fraction(yuan) * 100


def times(base: str, factor: str, rule: Rounding, period: str = "month") -> Fraction:
    """A monthly base times a factor, rounded as the place does, in yuan per month."""
    return round_standard(month(base) * Fraction(factor), rule, period) / 100


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
    assert growth(fen(rise["base"]), fen(rise["factor"]), announced=rise["published"]).as_announced is True


def test_announced_growth_is_not_always_the_real_one() -> None:
    """Weifang's rural rise of 10% was 10.8%."""
    case = SETTINGS["SET-WF"]
    rise = growth(fen(case["base"]), fen(case["factor"]), announced=case["published"])
    assert rise.as_announced is False
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


def jinan_rural() -> None:
    """Two thirds of the urban standard rounded up, before and after."""
    for urban, rural in (("685", "457"), ("740", "494")):
        assert round_standard(rural_from_urban(urban, "2/3").fen_month, CEIL) == fen(rural)


def jinan_tekun_urban() -> None:
    assert (times("740", "1.5", EXACT), times("685", "1.5", CEIL)) == (1110, 1028)


def jinan_tekun_rural() -> None:
    assert times("494", "1.3", CEIL) == 643


def jinan_care() -> None:
    """One third, one sixth and one tenth of a base, rounded up, for both years."""
    for base, published in (("1910", (637, 319, 191)), ("2100", (700, 350, 210))):
        assert tuple(times(base, share, CEIL) for share in ("1/3", "1/6", "1/10")) == published


def dongying_tekun() -> None:
    assert times("620", "1.5", EXACT) == 930
    assert times("450", "1.5", EXACT, "year") * 12 == 8100


def dongying_care() -> None:
    assert [yearly_share("1910", share) for share in ("1/10", "1/6", "1/3")] == [2292, 3820, 7640]


def dongying_ratio() -> None:
    """Urban over rural, 620 a month against 5400 a year."""
    assert agrees("1.38", Fraction(620 * 12, 5400))


def ankang_growth() -> None:
    for before, after, stated in ((610, 645, "5.74"), (4830, 5370, "11.18"), (800, 840, "5"), (6300, 6984, "10.86")):
        assert growth(before, after, announced=stated).as_announced is True


def ankang_tekun_urban() -> None:
    assert times("645", "1.3", Rounding("ceil", 1000)) == 840


def ankang_tekun_rural() -> None:
    """1.3 times the yearly standard comes to 581.75 a month, raised to 582, published as twelve of them."""
    assert times(str(Fraction(5370, 12)), "1.3", CEIL) * 12 == 6984


def guangdong_tekun() -> None:
    """Guangzhou keeps the province's floor of 1.6 exactly."""
    local = Book().history("440100", "tekun_basic_standard")
    assert [value.text for value in local if value.start.year == 2021] == ["1792"]
    assert times("1120", "1.6", EXACT) == 1792


CHECKS: dict[str, Callable[[], None]] = {
    "JN-2": jinan_rural,
    "JN-3": jinan_tekun_urban,
    "JN-4": jinan_tekun_rural,
    "JN-5": jinan_care,
    "DY-3": dongying_tekun,
    "DY-4": dongying_tekun,
    "DY-5": dongying_care,
    "DY-6": dongying_ratio,
    "AK-1": ankang_growth,
    "AK-2": ankang_growth,
    "AK-3": ankang_tekun_urban,
    "AK-4": ankang_tekun_rural,
    "GD-2": guangdong_tekun,
}


@pytest.mark.parametrize("case", CHECKS)
def test_published_adjustment(case: str) -> None:
    """A published adjustment that states enough is reproduced exactly."""
    assert ADJUSTMENTS[case]["source"]
    CHECKS[case]()


def test_every_adjustment_is_checked_or_explained() -> None:
    """No published row is dropped: it is reproduced, or the differences page says why not."""
    assert set(ADJUSTMENTS) == set(CHECKS) | DIFFERENCES
    assert not set(CHECKS) & DIFFERENCES - {"JN-4"}


@pytest.mark.parametrize("case", ["JN-1", "DY-1", "DY-2"])
def test_announced_levels_stand_in_the_book(case: str) -> None:
    """A row that only announces a level is in the law book as that level."""
    row = ADJUSTMENTS[case]
    place = {"济南": "370100", "东营": "370500"}[row["region"]]
    area = "urban" if "城市" in row["item"] else "rural"
    assert row["after"] in {value.text for value in Book().history(place, "dibao_standard", area)}


@pytest.mark.parametrize("name", ["standard_adjustments.csv", "standard_settings.csv"])
def test_cases_name_no_mirror(name: str) -> None:
    """Cases cite a publisher and a date, never the host of a copy."""
    assert not re.search(r"\.(com|cn|net|org)\b", (CASES / name).read_text(encoding="utf-8"))
