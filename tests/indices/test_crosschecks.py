"""Re-derive published figures from other published figures of the shipped tables."""

from __future__ import annotations

from fractions import Fraction

import pytest

from aidlib import tables
from aidlib.indices import Figure, Figures
from aidlib.indices.store import store, words
from aidlib.regions import provinces

ALL_ITEMS = "cpi_yoy:total:all_items"
CLASSES = (
    "food_tobacco_alcohol", "clothing", "housing", "household_articles_services", "transport_communication",
    "education_culture_recreation", "health_care", "other_goods_services",
)  # fmt: skip
PROVINCES = [place.code for place in provinces()]
HALF_STEP = Fraction(5, 100)


def months(first: int, last: int) -> list[str]:
    return [f"{year}-{month:02d}" for year in range(first, last + 1) for month in range(1, 13)]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures()


@pytest.mark.parametrize("place", PROVINCES)
def test_the_monthly_all_items_index_gives_the_published_annual_one(figures: Figures, place: str) -> None:
    """The mean of twelve months, derived ones among them, is the annual index of 2016 to 2019 within its rounding.

    The mean of ratios stands for the ratio of means, which moves it by less than a hundredth.
    """
    monthly = figures.all(place, ALL_ITEMS)
    for year in range(2016, 2020):
        annual = figures.get(place, "cpi_annual:total:all_items", str(year))
        mean = sum((monthly[month].value for month in months(year, year)), Fraction()) / 12
        assert abs(mean - annual.value) < HALF_STEP + Fraction(1, 100), year


def aggregate(figures: Figures, place: str, month: str) -> Fraction:
    """The fixed-basket index: weights of 2015, carried to the prices of a year before by the class indices."""
    year, _, rest = month.partition("-")
    weights = {c: figures.get(place, f"cpi_weight:total:{c}", "2015").value for c in CLASSES}
    index = {c: figures.all(place, f"cpi_yoy:total:{c}") for c in CLASSES}
    for passed in range(2016, int(year)):
        weights = {c: weight * index[c][f"{passed}-{rest}"].value / 100 for c, weight in weights.items()}
    return sum((weight * index[c][month].value for c, weight in weights.items()), Fraction()) / sum(weights.values())


@pytest.mark.parametrize("place", PROVINCES)
def test_class_indices_and_weights_give_the_all_items_index(figures: Figures, place: str) -> None:
    """Eight classes with the solved weights reproduce all items of 2016 to 2019.

    The base weight is a mean of 2015, so single months may differ by a little more than the rounding of a published index.
    """
    gaps = [abs(aggregate(figures, place, m) - figures.get(place, ALL_ITEMS, m).value) for m in months(2016, 2019)]
    assert max(gaps) < Fraction(8, 100)
    assert sum(gap > HALF_STEP for gap in gaps) <= 2
    assert sum(gaps, Fraction()) / len(gaps) < Fraction(25, 1000)


@pytest.mark.parametrize("place", PROVINCES)
def test_solved_weights_of_a_province_add_up(figures: Figures, place: str) -> None:
    """The eight shares of each reference date add to a hundred within the rounding of three decimals."""
    for date in ("2015", "2018-05", "2020-04"):
        total = sum((figures.get(place, f"cpi_weight:total:{c}", date).value for c in CLASSES), Fraction())
        assert abs(total - 100) <= Fraction(8, 2000)


@pytest.mark.parametrize("place", PROVINCES)
def test_year_on_year_and_month_on_month_chain(figures: Figures, place: str) -> None:
    """yoy(t) / yoy(t-1) = mom(t) / mom(t-12), 2019-06 to 2020-04: to a millionth where both exports have eight decimals."""
    yoy, mom = figures.all(place, ALL_ITEMS), figures.all(place, "cpi_mom:total:all_items")
    series = months(2018, 2020)[5:28]
    for step in range(12, len(series)):
        now, before = series[step], series[step - 1]
        gap = abs(yoy[now].value / yoy[before].value - mom[now].value / mom[series[step - 12]].value)
        short = any(len(yoy[month].text.partition(".")[2]) < 4 for month in (now, before))
        assert gap < (Fraction(11, 10_000) if short else Fraction(1, 1_000_000)), now


def test_national_months_give_the_published_annual_index(figures: Figures) -> None:
    """The same identity for the nation, 2010 to 2023."""
    monthly = figures.all("000000", ALL_ITEMS)
    for year in range(2010, 2024):
        mean = sum((monthly[month].value for month in months(year, year)), Fraction()) / 12
        assert abs(mean - figures.get("000000", "cpi_annual:total:all_items", str(year)).value) < Fraction(6, 100), year


def test_town_and_country_add_to_the_population(figures: Figures) -> None:
    """Urban and rural residents are the total within one rounding unit, published and derived."""
    for place in PROVINCES:
        for year in range(2015, 2025):
            total, urban, rural = (
                figures.get(place, f"population_year_end:{a}", str(year)).value for a in ("total", "urban", "rural")
            )
            assert abs(total - urban - rural) <= 1, (place, year)


def test_income_by_source_adds_to_disposable_income(figures: Figures) -> None:
    """Wages, business, property and transfers are the whole, 2013 to 2023, within two yuan of rounding."""
    for year in map(str, range(2013, 2024)):
        for area in ("total", "urban", "rural"):
            whole = figures.get("000000", f"disposable_income_pc:{area}", year).value
            parts = ("wages", "net_business", "net_property", "net_transfer")
            total = sum(
                (figures.get("000000", f"disposable_income_pc:{area}:{p}", year).value for p in parts), Fraction()
            )
            assert abs(whole - total) <= 2, (area, year)


def test_consumption_by_class_adds_to_consumption(figures: Figures) -> None:
    """The eight classes are the whole, 2013 to 2023, within two yuan of rounding."""
    for year in map(str, range(2013, 2024)):
        whole = figures.get("000000", "consumption_pc:total", year).value
        total = sum((figures.get("000000", f"consumption_pc:total:{c}", year).value for c in CLASSES), Fraction())
        assert abs(whole - total) <= 2, year


def step(figure: Figure) -> Fraction:
    """Half of the last digit written, in single persons or yuan, and the stated error."""
    half = Fraction(1, 2 * 10 ** len(figure.text.partition(".")[2]))
    scale = figure.plain / figure.value if figure.value else 1
    return half * scale + (figure.error or 0)


def test_every_overlap_agrees_or_is_explained() -> None:
    """Where two publications give one figure they agree within their rounding and errors, or `differences.csv` says why; nothing is listed in vain."""
    listed = {
        (row["series"], row["region"], row["period"], row["value"], row["answers"])
        for row in tables.rows("reference/differences.csv", ("series", "region", "period", "value", "answers", "why"))
    }
    overlaps, differ = 0, set()
    for table in sorted({series.table for series in words().series.values()}):
        kept = store(table)
        for (place, series), periods in kept.rows.items():
            for period, same in periods.items():
                *others, answer = kept.vintages(place, series, period) if len(same) > 1 else [None]
                for other in others:
                    overlaps += 1
                    if abs(other.plain - answer.plain) > step(other) + step(answer):
                        differ.add((series, place, period, other.text, answer.text))
    assert overlaps > 500
    assert differ == listed


@pytest.mark.parametrize("area", ["urban", "rural"])
def test_recipients_of_the_provinces_add_up_to_the_nation(figures: Figures, area: str) -> None:
    """In every year to 2022 with all 31 provinces, the compiled year-end recipients give the national figure within 0.24 of 10,000 persons."""
    whole = 0
    for year in range(2007, 2023):
        found = [figures.find(place, f"dibao_recipients:{area}", str(year)) for place in PROVINCES]
        if all(found):
            whole += 1
            total = sum((figure.plain for figure in found if figure), Fraction())
            assert abs(total - figures.get("000000", f"dibao_recipients:{area}", str(year)).plain) <= 2400, year
    assert whole >= 12
