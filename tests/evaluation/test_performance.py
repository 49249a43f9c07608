"""Performance measured: what is known of a place and year, on one basis, judged where a target was in force, and never made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import aidlib
from aidlib.errors import ParameterFault
from aidlib.evaluation.measures import MEASURES, Seen
from aidlib.evaluation.performance import Benchmark, Evaluation, Line, Target, peers_of
from aidlib.indices import Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Value
from aidlib.regions import provinces

PLACES = {
    "230000": 2024, "440000": 2023, "450000": 2022, "530000": 2023, "540000": 2021, "450400": 2019, "230100": 2024, "440300": 2023,
}  # fmt: skip


@pytest.fixture(scope="module")
def heilongjiang() -> Evaluation:
    return aidlib.evaluate("黑龙江", 2024)


@pytest.fixture(scope="module")
def found() -> list[Evaluation]:
    return [aidlib.evaluate(place, year) for place, year in PLACES.items()]


def test_what_is_known_of_heilongjiang(heilongjiang: Evaluation) -> None:
    """Its guides of 2024 are exact, their ratio lies below a target that is not due, and recipients are those of 2022, not judged."""
    ratio, heads = heilongjiang.of("rural_urban_ratio"), heilongjiang.of("recipients", "rural")
    assert ratio.value is not None
    assert ratio.value.number == Fraction(517, 710)
    assert (ratio.verdict, ratio.reason) == ("not_assessed", Note("not_due", ("2025-12-31",)))
    assert heads.value is not None
    assert (heads.value.number, heads.value.status, heads.verdict) == (Fraction("82.52"), "stale", "not_assessed")
    assert heads.reason == Note("carried_from", ("2022",))
    assert heilongjiang.verdict == "none_missed"


def test_missing_is_not_assessed_and_never_nought(found: list[Evaluation]) -> None:
    """Whatever lacks is named, has no number and no verdict but not assessed."""
    lacking = [line for one in found for line in one.lines if isinstance(line.now, Missing)]
    assert len(lacking) > len(found)
    for line in lacking:
        assert line.value is None
        assert line.verdict == "not_assessed"
    frame = found[0].to_frame()
    assert [value for value in frame["value"] if not isinstance(value, Known)] == [
        line.now for line in found[0].lines if line.value is None
    ]


def test_only_points_of_the_year_are_judged(found: list[Evaluation]) -> None:
    """A range, and a value of an earlier year, is shown with its mark and never judged or used as a point."""
    for line in (line for one in found for line in one.lines if line.value is not None and not line.known):
        assert line.verdict in ("not_assessed", "not_applicable")
        assert line.value is not None
        assert line.value.status in ("stale", "estimated", "synthetic") or not line.value.point
        assert line.reason is not None or line.name == "linkage_due"


def test_nothing_of_the_province_stands_in_for_a_prefecture(found: list[Evaluation]) -> None:
    """Every number of a prefecture that is known as a point rests on its own figures, or says whose level it is."""
    for one in (one for one in found if not one.place.endswith("0000")):
        for line in (line for line in one.lines if line.known and line.value and line.name != "linkage_due"):
            first = line.value.rows[0]
            assert first.region == one.place or (line.reason and line.reason.code == "level_of_above"), line.name  # type: ignore[union-attr]


def test_no_household_is_invented(found: list[Evaluation]) -> None:
    """Nothing in an evaluation is synthetic."""
    statuses = [known.status for one in found for line in one.lines for known in (line.value, line.change) if known]
    assert "synthetic" not in statuses


def test_a_target_that_came_later_does_not_apply(found: list[Evaluation]) -> None:
    """The target of 2023 for rural over urban levels judges no year before it."""
    line = next(one for one in found if one.place == "450400").of("rural_urban_ratio")
    assert (line.verdict, line.target) == ("not_applicable", None)


def test_an_average_payment_is_held_against_what_the_province_asked(found: list[Evaluation]) -> None:
    """Wuzhou 2019 paid 439 and 218 yuan where its province asked for 370 and 210; one yuan less than asked is missed."""
    wuzhou = next(one for one in found if one.place == "450400")
    asked = [line.target.required.number for line in wuzhou.pair("payment") if line.target]
    assert asked == [370, 210]
    assert [line.verdict for line in wuzhou.pair("payment")] == ["met", "met"]
    line = wuzhou.of("payment", "urban")
    assert replace(line, target=Target(Known(Fraction(440), "yuan/person/month"), "ge", False)).verdict == "not_met"


def test_coverage_is_compared_with_the_same_year_elsewhere(heilongjiang: Evaluation) -> None:
    """The quartiles are those of ten provinces nearest in income, each from its own heads and residents of the year of the value."""
    line, figures = heilongjiang.of("coverage", "rural"), Figures()
    assert line.benchmark is not None
    shares = {}
    for code in heilongjiang.peers:
        heads, people = (
            figures.get(code, f"{name}:rural", "2022") for name in ("dibao_recipients", "population_year_end")
        )
        shares[code] = heads.plain / people.plain
    assert {code: known.number for code, known in line.benchmark.peers.items()} == shares
    ordered = sorted(shares.values())
    quarter = [
        ordered[2] + (ordered[3] - ordered[2]) / 4,
        (ordered[4] + ordered[5]) / 2,
        ordered[7] - (ordered[7] - ordered[6]) / 4,
    ]
    assert list(line.benchmark.quartiles or ()) == quarter
    assert line.value is not None
    own = line.value.number
    assert line.rank == (1 + sum(share > own for share in ordered),) * 2 + (11,)


def test_peers_are_the_nearest_in_income() -> None:
    """No province left out is nearer in income than one taken in."""
    figures = Figures()
    income = {one.code: figures.get(one.code, "disposable_income_pc:total", "2024").value for one in provinces()}
    taken = peers_of(figures, "230000", 2024)
    away = {code: abs(income[code] / income["230000"] - 1) for code in income if code != "230000"}
    assert len(taken) == 10
    assert max(away[code] for code in taken) <= min(away[code] for code in away if code not in taken)


def test_levels_of_different_kinds_are_never_compared(found: list[Evaluation]) -> None:
    """A guide has no standards, averages or floors among what it is compared with."""
    for one in found:
        for line in (line for line in one.lines if line.name.startswith(("level", "adequacy")) and line.benchmark):
            assert isinstance(line.now, Seen)
            kind = line.now.basis.partition(" ")[0]
            for known in line.benchmark.peers.values():  # type: ignore[union-attr]
                row = known.rows[0]
                told = {"dibao_standard": "standard", "dibao_guide": "guide", "dibao_floor": "floor"}
                assert (told[row.name] if isinstance(row, Value) else "average") == kind


def test_few_peers_give_no_quartiles_and_an_error_widens_a_rank() -> None:
    """Four places make no quartiles; a value of 3 that may be 2 or 4 among 1 to 5 is second to fourth, ties sharing the better rank."""
    peers = {str(n): Known(Fraction(n), "ratio", "observed") for n in range(1, 6)}
    assert Benchmark(None, None, dict(list(peers.items())[:4])).quartiles is None
    measure = MEASURES["coverage"]
    seen = Seen(Known(Fraction(3), "ratio", "estimated", Fraction(1)), "2022")
    assert Line(measure, "urban", 2022, seen, benchmark=Benchmark(None, None, peers)).rank == (2, 4, 6)


def test_supplied_figures_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit's own budget, spending and clocks, laid over the published figures, are measured and held against the law."""
    folder = tmp_path / "reference"
    folder.mkdir()
    heads = "region,period,series,value,unit,status,source,vintage,error,note\n"
    rows = {
        "spending": [
            "450400,2023,assistance_budget,1000,10k yuan",
            "450400,2023,assistance_budget_executed,875,10k yuan",
        ],
        "recipients": ["450400,2023,recognition_on_time_rate,98.5,pct"],
    }
    for name, lines in rows.items():
        text = heads + "".join(f"{line},observed,OWN,2024-01-15,,\n" for line in lines)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "sources.csv").write_text("id,title,date,kind,url\nOWN,own figures,2024-01-15,own,\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    got = aidlib.evaluate("450400", 2023)
    spent, decided = got.of("execution"), got.of("recognised_on_time")
    assert spent.value is not None
    assert (spent.value.number, spent.verdict) == (Fraction(7, 8), "not_applicable")
    assert (decided.verdict, decided.target and decided.target.required.number) == ("not_met", 1)
    assert ("", "recognised_on_time") in got.missed


def test_what_is_looked_at_and_not_used_is_not_cited(heilongjiang: Evaluation) -> None:
    """The figures that count as read are of the place, of those it is compared with, and of the nation."""
    used = {figure.region for figure in heilongjiang.figures.reads.values()}
    assert used <= {heilongjiang.place, "000000", *heilongjiang.peers}
    assert {row.place for line in heilongjiang.compared for row in line.benchmark.peers["220000"].rows} <= set(  # type: ignore[union-attr]
        heilongjiang.figures.reads
    )


def test_years_and_faults() -> None:
    """Left out, the newest year with figures is judged; a list of years is the trend; nonsense is refused."""
    assert aidlib.evaluate("450400").year == 2019
    assert list(aidlib.evaluate("450400", [2018, 2019]).history.years) == [2018, 2019]
    with pytest.raises(ParameterFault, match="not a year"):
        aidlib.evaluate("450400", "last year")
    with pytest.raises(ParameterFault, match="no such measure"):
        aidlib.evaluate("450400", 2019).of("happiness")


def test_price_linkage_of_the_year(found: list[Evaluation]) -> None:
    """Wuzhou 2019: six months were due, five cannot be told; the months shown are those, each with the day by which to pay."""
    year = next(one for one in found if one.place == "450400").linkage
    assert (year.count("triggered"), year.count("undetermined"), year.count("not_triggered")) == (6, 5, 1)
    frame = year.to_frame()
    assert len(frame) == 11
    started = frame[frame["month_outcome"] == "triggered"]
    assert all(isinstance(day, date) for day in started["paid_by"])


def test_every_measure_and_column_has_its_words() -> None:
    """Each measure, part and column of an evaluation is a word of the vocabulary in both languages."""
    from aidlib.evaluation.performance import FRAME
    from aidlib.words import find

    keys = [f"measure:{name}" for name in MEASURES] + [f"head:{one.head}" for one in MEASURES.values()]
    assert [key for key in (*keys, *FRAME) if key != "sources" and find(key) is None] == []


def test_an_evaluation_shows_itself(heilongjiang: Evaluation) -> None:
    """It is a frame, a table in a notebook, and a picture with a line a measure that peers stand beside."""
    assert len(heilongjiang.to_frame()) == len(heilongjiang.lines)
    assert "<table" in heilongjiang._repr_html_()
    axes = heilongjiang.plot()
    compared = [line for line in heilongjiang.compared if line.among_peers]
    assert len(axes.get_yticks()) == len(compared) > 0
