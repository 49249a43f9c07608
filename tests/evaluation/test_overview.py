"""The country in a year: annual figures first, ratios on one basis or marked, ranks on one period only, nothing simulated."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from aidlib.errors import ParameterFault
from aidlib.evaluation import evaluate
from aidlib.evaluation.overview import Overview, Stand, national_overview
from aidlib.indices import Figure, Figures
from aidlib.regions import provinces
from aidlib.standards.levels import fen_month

YEARS = (2014, 2016, 2021, 2022, 2025)


@pytest.fixture(scope="module")
def country() -> dict[int, Overview]:
    return {year: national_overview(year) for year in YEARS}


def stands(found: Overview) -> Iterator[tuple[str, str, str, Stand]]:
    for code, held in found.places.items():
        for (name, area), stand in held.items():
            if stand.value:
                yield code, name, area, stand


def test_the_nation_of_2020_is_that_of_the_annual_bulletin() -> None:
    """677.60 urban and 5962.3 a year rural, labelled as figures of the year and not of a month."""
    found = national_overview(2020)
    assert found.of("level", "urban").value.number == Fraction("677.6")  # type: ignore[union-attr]
    assert found.of("level", "rural").value.number == Fraction("5962.3") / 12  # type: ignore[union-attr]
    assert {found.of("level", area).period for area in ("urban", "rural")} == {"2020"}


def test_a_year_with_months_only_is_labelled_with_its_month(country: dict[int, Overview]) -> None:
    """2021 has September only: the month is named."""
    assert country[2021].of("level", "urban").period == "2021-09"


def test_a_year_without_figures_carries_the_last_and_says_so(country: dict[int, Overview]) -> None:
    """What is carried is marked stale, of an earlier period, and counted as no figure of the year."""
    carried = [(year, *one) for year, found in country.items() for one in stands(found) if one[-1].carried]
    assert len(carried) > 50
    for year, *_, stand in carried:
        assert stand.value.status == "stale"  # type: ignore[union-attr]
        assert int(stand.period[:4]) < year
    fresh = sum(name == "level" and area == "urban" and not one.carried for _, name, area, one in stands(country[2025]))
    assert country[2025].count("level", "urban") == fresh < len(list(provinces()))


def test_a_ratio_never_stands_on_another_basis(country: dict[int, Overview]) -> None:
    """Both sides are of the place itself and of its area, never of all residents or a floor; anything else is a range and marked."""
    seen = 0
    for found in country.values():
        for code, name, area, stand in stands(found):
            assert stand.value is not None
            rows = [row for row in stand.value.rows if isinstance(row, Figure)]
            spent = {(row.region, row.series) for row in rows if row.series.startswith("consumption_pc")}
            if name == "adequacy_consumption" and stand.value.point:
                seen += 1
                assert spent == {(code, f"consumption_pc:{area}")}
                assert stand.basis != "floor"
            elif name == "adequacy_consumption":
                assert stand.value.status in ("estimated", "stale", "projected")
    assert seen > 100


def test_tibets_urban_level_stands_over_urban_consumption(country: dict[int, Overview]) -> None:
    """910 yuan a month in 2021 over urban consumption of 2020."""
    spent = Figures().get("540000", "consumption_pc:urban", "2020").value
    stand = country[2021].places["540000"]["adequacy_consumption", "urban"]
    assert stand.value.number == Fraction(910 * 12) / spent  # type: ignore[union-attr]


def test_a_province_has_the_numbers_of_its_evaluation(country: dict[int, Overview]) -> None:
    """The overview and the province's own page give one number for one thing."""
    found = evaluate("230000", 2022)
    for (name, area), stand in country[2022].places["230000"].items():
        line = found.of(name, area)
        assert (stand.value, stand.carried) == (line.value, line.carried)


def test_the_league_is_of_one_period_and_gives_ranges(country: dict[int, Overview]) -> None:
    """Ranked on the latest period nine in ten publish, whatever the year asked for; each rank is a range around the plain order."""
    league = country[2025].league
    assert {one.now.period for one in league.rows} == {league.period} == {"2016"}
    assert {one.now.series for one in league.rows} == {"dibao_avg:rural"}
    assert len(league.rows) == 28
    for place, one in enumerate(league.rows, 1):
        assert 1 <= one.best <= one.worst <= 28
        assert one.best <= place + 4
    assert sum(one.best != one.worst for one in league.rows) > 20
    assert not national_overview(2008).league.rows


def test_the_figure_and_the_league_show_the_same_level(country: dict[int, Overview]) -> None:
    """The scatter rests on the levels of the league and on consumption of the same year."""
    found = country[2025]
    levels = dict(found.league.to_frame()[["place", "level_fen"]].to_numpy().tolist())
    assert {row.place: row.average.fen_month for row in found.against.to_frame().itertuples()} == levels
    assert {spent.period for _, spent in found.against.pairs.values()} == {"2016"}


def test_who_started_when(country: dict[int, Overview]) -> None:
    """Every month of every province has an outcome, the counts add up, and winter 2019 shows."""
    starts = country[2025].linkage
    frame = starts.to_frame()
    assert len(frame) == 31
    assert set(frame[["months_triggered", "months_not_triggered", "months_undetermined"]].sum(axis=1)) == {
        len(starts.months)
    }
    winter = [
        any(one.outcome == "triggered" and one.month[:4] == "2019" for one in found)
        for found in starts.decided.values()
    ]
    assert sum(winter) > 25
    assert starts.started(published=True) <= starts.started()


def test_nothing_is_simulated(country: dict[int, Overview]) -> None:
    """No number of a place is synthetic."""
    assert not any(one.value.status == "synthetic" for found in country.values() for *_, one in stands(found))  # type: ignore[union-attr]


def test_provinces_together_are_of_one_year_and_their_arithmetic_holds() -> None:
    """Closeness lies between 0 and 1, its ranks hold the rank itself, the most generous place stands on both frontiers; all figures of one year."""
    found = national_overview(2024).together
    frame = found.to_frame()
    assert len(frame) == len(found.basis) >= 12
    assert {figure.period[:4] for four in found.basis.values() for figure in four} == {found.year}
    assert frame["closeness"].is_monotonic_decreasing
    assert frame["closeness"].between(0, 1).all()
    ranks = range(1, len(frame) + 1)
    assert all(
        low <= rank <= high for rank, low, high in zip(ranks, frame["rank_best"], frame["rank_worst"], strict=True)
    )
    assert frame["envelope_constant"].max() == pytest.approx(1)
    assert (frame["envelope_variable"] >= frame["envelope_constant"] - 1e-9).all()
    assert found.weights.sum() == pytest.approx(1)
    code = frame["place"][0]
    urban, rural, urban_spent, rural_spent = (float(fen_month(one)) for one in found.basis[code])
    assert frame["worth_rural"][0] == pytest.approx(rural / rural_spent)
    assert frame["worth_urban"][0] == pytest.approx(urban / urban_spent)
    assert frame["rural_over_urban"][0] == pytest.approx(rural / urban)


def test_too_few_provinces_are_not_put_together() -> None:
    """Before any average was published for the provinces there is nothing, and no error."""
    found = national_overview(2008).together
    assert (dict(found.basis), len(found.to_frame())) == ({}, 0)


def test_recipients_and_consumption_move_as_published_figures_do() -> None:
    """The share of a province and year is recipients over residents; the slopes rest on years and provinces that have both."""
    country = national_overview(2024)
    shares = country.shares("rural").years["230000"]
    figures = Figures()
    heads, people = (
        figures.get("230000", name, "2022") for name in ("dibao_recipients:rural", "population_year_end:rural")
    )
    assert shares[2022] == pytest.approx(float(heads.plain / people.plain))
    frame = country.slopes.to_frame()
    assert list(frame["area"]) == ["urban", "rural"]
    assert (frame["n"] <= frame["n_provinces"] * (frame["last_year"] - frame["first_year"] + 1)).all()
    assert (frame["ci_low"] < frame["elasticity"]).all()
    assert frame["p_wild"].between(0, 1).all()


def test_starts_by_year_add_up_to_those_by_province(country: dict[int, Overview]) -> None:
    """Province-months that started, and that cannot be told, are the same counted by year and by province; spread has every period of its series."""
    found = country[2022]
    by_year, by_place = found.linkage.by_year().to_frame(), found.linkage.to_frame()
    assert (by_year["starts_published"] + by_year["starts_estimated"]).sum() == by_place["months_triggered"].sum()
    assert by_year["starts_undetermined"].sum() == by_place["months_undetermined"].sum()
    assert by_year["months_looked_at"].sum() == len(found.linkage.months)
    spread = found.convergence.by_period().to_frame()
    assert len(spread) == sum(len(one.spread) for one in found.convergence)


def test_a_month_is_no_year() -> None:
    """The nearest right form is said; the month is not dropped."""
    with pytest.raises(ParameterFault, match=r"try: 2019$"):
        national_overview("2019-01")
