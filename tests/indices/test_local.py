"""A local figure means local: own, carried, or a range from how far places lie from their province; never the nation's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from aidlib.indices import FIGURE_COLUMNS, Figures, local_figure
from aidlib.regions import NATION, children

TOTAL, URBAN, RURAL = (f"disposable_income_pc:{area}" for area in ("total", "urban", "rural"))
RURAL_SPENDING, URBAN_SPENDING = "consumption_pc:rural", "consumption_pc:urban"


def overlaid(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> Figures:
    """Figures with invented rows of income laid over them."""
    monkeypatch.setenv("AIDLIB_DATA", str(folder))
    (folder / "reference").mkdir()
    text = "\n".join([",".join(FIGURE_COLUMNS), *(f"{line},yuan/person/year,observed,INC001,,," for line in lines)])
    (folder / "reference/income.csv").write_text(text + "\n", encoding="utf-8")
    return Figures()


def test_a_published_figure_is_one_number() -> None:
    """Shenzhen's own 72,718 of 2022 answers, not Guangdong's 47,065."""
    found = local_figure(Figures(), "440300", TOTAL, 2022)
    assert found is not None
    assert (found.low, found.point, found.high) == (72_718, 72_718, 72_718)
    assert (found.status, found.how, found.lacks) == ("observed", "published", "")


def test_a_place_without_a_figure_has_a_range_that_says_so() -> None:
    """The range lies around the province's figure, is estimated, and names the series that lacks and whose spread it is."""
    figures = Figures()
    found = local_figure(figures, "441700", TOTAL, 2022)
    province = figures.get("440000", TOTAL, "2022")
    assert found is not None
    assert found.low < province.value < found.high
    assert (found.status, found.how, found.pool, found.lacks) == ("estimated", "above", "000000", TOTAL)
    assert found.figures == (province,)


def test_a_whole_province_gives_its_own_spread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where four in five prefectures are known the range is from their lowest to their highest ratio, their median between."""
    places = [place.code for place in children("360000") if place.level == "prefecture"]
    lines = [
        f"360000,2030,{TOTAL},30000",
        *(f"{code},2030,{TOTAL},{20_000 + 1000 * n}" for n, code in enumerate(places[:-1])),
    ]
    found = local_figure(overlaid(tmp_path, monkeypatch, *lines), places[-1], TOTAL, 2030)
    assert found is not None
    assert (found.pool, found.cases) == ("360000", len(places) - 1)
    assert (found.low, found.high) == (20_000, 20_000 + 1000 * (len(places) - 2))
    assert found.point == 20_000 + Fraction(1000 * (len(places) - 2), 2)


@pytest.mark.parametrize("series", [TOTAL, URBAN, RURAL, RURAL_SPENDING])
def test_ranges_hold_places_whose_figure_was_left_out(series: str) -> None:
    """Leave each prefecture's figures out in turn: its true figure lies in the range made without it, but for the farthest of all.

    The range reaches as far as the farthest place left, so only that farthest place itself may fall outside.
    """

    class Without(Figures):
        def __init__(self, place: str) -> None:
            super().__init__()
            self._left_out = place

        def _known(self, place: str, name: str) -> dict[str, object]:  # type: ignore[override]
            return {} if place == self._left_out and name == series else super()._known(place, name)  # type: ignore[return-value]

    whole = Figures()
    places = [code for code in whole.places(series) if code[4:] == "00" and code[2:] != "0000"][::3]
    outside = []
    for code in places:
        year, true = max(whole.all(code, series).items())
        found = local_figure(Without(code), code, series, year)
        assert found is None or found.how == "above"
        outside += [code] if found and not found.low <= true.value <= found.high else []
    assert len(outside) <= 1


def test_an_own_figure_of_another_year_is_moved_with_the_province() -> None:
    """Guilin published 2017; its 2022 moves as Guangxi did, within what places have been seen to drift."""
    figures = Figures()
    found = local_figure(figures, "450300", TOTAL, 2022)
    own, then, now = (
        figures.get(code, TOTAL, year).value
        for code, year in (("450300", "2017"), ("450000", "2017"), ("450000", "2022"))
    )
    assert found is not None
    assert found.how == "carried"
    assert found.point == own * now / then
    assert found.low < found.point < found.high


def test_carried_town_and_country_hold_most_of_what_was_published() -> None:
    """Published town and country of 2021 to 2023 against the range carried from 2019, later ones hidden: four in five inside, none far out."""

    class Before(Figures):
        def _known(self, place: str, name: str) -> dict[str, object]:  # type: ignore[override]
            known = super()._known(place, name)
            return {p: f for p, f in known.items() if place == NATION or name == TOTAL or p <= "2019"}  # type: ignore[return-value]

    seen, old, inside = Figures(), Before(), []
    for series in (URBAN, RURAL):
        for code in [place for place in seen.places(series) if place[2:] == "0000" and place != "000000"]:
            for year in ("2021", "2022", "2023"):
                if true := seen.find(code, series, year):
                    found = local_figure(old, code, series, year)
                    assert found is not None
                    assert found.how == "carried"
                    inside.append(found.low <= true.value <= found.high)
                    assert abs(true.value / found.point - 1) < Fraction(5, 100), (code, series, year)
    assert len(inside) >= 30
    assert sum(inside) >= 0.8 * len(inside)


@pytest.mark.parametrize("series", [TOTAL, URBAN_SPENDING, RURAL_SPENDING])
def test_figures_moved_with_the_nation_hold_most_of_what_was_published(series: str) -> None:
    """Each year from 2016 as the last one known, the epidemic's among them: six in seven of the next two years' figures lie in the range.

    The range is one of nineteen in twenty where the future is as the years it was measured on.
    """

    class Before(Figures):
        def __init__(self, last: str) -> None:
            super().__init__()
            self._last = last

        def _known(self, place: str, name: str) -> dict[str, object]:  # type: ignore[override]
            known = super()._known(place, name)
            return known if place == NATION else {year: row for year, row in known.items() if year <= self._last}  # type: ignore[return-value]

    seen, inside = Figures(), []
    places = [place for place in seen.places(series) if place[2:] == "0000" and place != NATION]
    for last in range(2016, 2023):
        old = Before(str(last))
        for code, year in ((code, str(last + ahead)) for code in places for ahead in (1, 2)):
            if true := seen.find(code, series, year):
                found = local_figure(old, code, series, year)
                assert found is not None
                assert (found.how, found.status, found.lacks) == ("carried", "estimated", series)
                inside.append(found.low <= true.value <= found.high)
    assert len(inside) > 200
    assert sum(inside) >= 6 / 7 * len(inside)


def test_the_nation_stands_in_for_nobody() -> None:
    """No figure of the province to move, no range; and an area is not exchanged for another."""
    assert local_figure(Figures(), "441700", TOTAL, 2031) is None
    assert local_figure(Figures(), "440300", RURAL, 2031) is None


def test_the_figure_of_a_year_prefers_the_whole_year_then_its_latest_month() -> None:
    """Overview 2020: the bulletin's 677.60 and 5,962.3 a year (496.86 a month), not September's; a neighbour's year never answers."""
    figures = Figures()
    urban, rural = (figures.of_year("000000", f"dibao_avg:{area}", 2020) for area in ("urban", "rural"))
    assert urban is not None
    assert rural is not None
    assert (urban.text, urban.period) == ("677.6", "2020")
    assert round(rural.value / 12, 2) == Fraction("496.86")
    latest = figures.of_year("000000", "dibao_avg:urban", 2021)
    assert latest is not None
    assert latest.period == "2021-09"
    assert figures.of_year("450400", "dibao_avg:urban", 1999) is None
