"""The basis of a standard: each quantity known or missing, methods that answer, bounds, and the values pages had wrong."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import aidlib
from aidlib.errors import DataFault, MoneyFault
from aidlib.indices import Figures
from aidlib.known import Known, Missing, Note
from aidlib.law import Book
from aidlib.money import decimal_text
from aidlib.standards import Candidate, Candidates, candidate_method, standard_basis
from aidlib.standards.dependent import TiedAmount, tied_amounts, tied_of
from aidlib.standards.levels import announced, average, current, latest_year, places
from aidlib.standards.targets import check_targets

TEN_THOUSAND_YUAN = 1_000_000
VALUES = "region,name,group,from,to,value,unit,period,status,source,article,checked_on,note"


def yuan(fen: Fraction) -> str:
    return decimal_text(fen / 100, 2)


def test_the_low_cost_uses_the_payment_before_the_rise() -> None:
    """Wuzhou 2019: payments published after the rise are scaled back by old over new, in units of 10,000 yuan as the page prints."""
    costs = [area.cost() for area in standard_basis("450400", 2019)]
    assert [decimal_text(cost.low_fen / TEN_THOUSAND_YUAN, 1) for cost in costs] == ["509.1", "5626.5"]
    assert [decimal_text(cost.high_fen / TEN_THOUSAND_YUAN, 1) for cost in costs] == ["788.6", "9678.4"]
    assert {cost.status for cost in costs} == {"estimated"}


def test_a_payment_published_before_the_rise_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a payment of the year before is on file, nothing is scaled."""
    header = "region,period,series,value,unit,status,source,vintage,error,note"
    (tmp_path / "reference").mkdir()
    row = "450400,2018-11,dibao_subsidy_avg:urban,400,yuan/person/month,observed,REC001,2018-12,,supposed for a test"
    (tmp_path / "reference" / "payments.csv").write_text(f"{header}\n", encoding="utf-8")
    table = Figures().series["dibao_subsidy_avg:urban"].table
    (tmp_path / "reference" / f"{table}.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    base = standard_basis("450400", 2019)
    assert (base.urban.payment.number, base.urban.payment.period) == (400, "2018-11")
    assert base.rural.payment.fen_month == 18666


def test_real_growth_uses_the_years_own_index_and_names_it() -> None:
    """Wuzhou 2019: 15.8% less the 3.7% of 2019 is 11.7%, not 13.2% by the index of 2018; the index is named."""
    rise = standard_basis("450400", 2019).urban.growth()
    assert decimal_text(rise.real_rate * 100, 1) == "11.7"
    assert (rise.deflator.period, rise.deflator.region, rise.deflator.number) == ("2019", "450000", Fraction("103.7"))


def test_real_growth_is_unknown_without_the_years_own_index() -> None:
    """A year whose index is not out has no real growth: no other year's index stands in."""
    found = [area.growth() for code in ("150000", "520000", "360000") for area in standard_basis(code, 2026)]
    assert all(rise.deflator is None and rise.real_rate is None for rise in found if rise)


def test_annual_figures_go_before_the_months_of_their_year() -> None:
    """The nation 2020 is 677.60 and 496.86 by the annual bulletin, not September's; without one the latest month of that year answers."""
    figures = Figures()
    found = [average(figures, "000000", area, 2020) for area in ("urban", "rural")]
    assert [yuan(Known.of(figure).fen_month) for figure in found] == ["677.60", "496.86"]
    assert average(figures, "000000", "urban", 2022).period == "2022-09"
    assert average(figures, "000000", "urban", 2019) is None


def test_our_own_reading_sets_no_headline() -> None:
    """Heilongjiang 2024: the four rural methods lie at 452 to 482, the 75% target at 532.50, the announced level at 517."""
    rural = standard_basis("230000", 2024).rural
    found = rural.methods().bounded(rural.bounds())
    methods = [one for one in found if one.candidate.method != "rural_target"]
    goal = next(one for one in found if one.candidate.method == "rural_target")
    assert [yuan(end(one.headline_fen_month for one in methods)) for end in (min, max)] == ["452.08", "482.16"]
    assert (yuan(goal.headline_fen_month), yuan(rural.level.fen_month)) == ("532.50", "517.00")
    assert {one.bit for one in methods} == {("ratio_low",)}
    assert all(one.status == "stale" and one.final_fen_month > one.headline_fen_month for one in methods)
    spread = found.spread("rural")
    assert (yuan(spread.low), yuan(spread.high), yuan(spread.goal), spread.place) == (
        "452.08",
        "482.16",
        "532.50",
        "above",
    )


def test_a_target_that_is_due_binds_as_a_rule() -> None:
    """After its day the ratio is no reading any more: Zhejiang's 70% has no day and binds at once."""
    rule = standard_basis("330700", 2024).rural.bounds()
    assert [bound.reading for bound in rule.bounds if bound.name == "ratio_low"] == [False]
    reading = standard_basis("230000", 2024).rural.bounds()
    assert [bound.reading for bound in reading.bounds if bound.name == "ratio_low"] == [True]


@pytest.mark.parametrize("name", ["广西", "Guangxi", "450000", "45", 450000])
def test_candidates_exist_for_a_year_without_a_level(name: str | int) -> None:
    """Guangxi 2019 announced nothing that is on file; 0.35 of last year's urban consumption is 587.98 all the same."""
    base = standard_basis(name, 2019)
    assert (base.place, base.urban.level) == ("450000", Missing("level", "urban", 2019, place="450000"))
    assert yuan(base.urban.consumption_share("0.35").fen_month) == "587.98"
    assert all(not area.level and len(area.methods()) for area in base)


def test_every_place_has_candidates_for_a_year_of_its_inputs() -> None:
    """Wherever a level and prices are on file, the year after has a candidate, whether or not its own level is known."""
    book, figures = Book(), Figures()
    for code in places(book, figures):
        year = min(latest_year(code, book, figures) + 1, 2025)
        for area in standard_basis(code, year, book, figures):
            if area.current and area.prices:
                assert area.cpi_uprating().fen_month >= area.current.fen_month, code


def test_the_level_before_an_unknown_one_is_stale_where_it_ended() -> None:
    """Wuzhou 2023: the last level is of 2019, stale, and prices are chained from there."""
    base = standard_basis("450400", 2023).urban
    assert (base.current.status, base.current.year, base.prices.period) == ("stale", 2019, "2019..2022")
    assert base.cpi_uprating().status == "stale"
    assert current(Book(), Figures(), "450400", "urban", 2020).status == "enacted"


def test_a_missing_input_is_the_answer_of_every_method_that_needs_it() -> None:
    """Without a level before, shares kept and upratings are missing it; a share of one's own needs only consumption."""
    base = standard_basis("140200", 2023).urban
    assert base.current == Missing("level_before", "urban", 2023, place="140200")
    for method in (base.consumption_share, base.income_share, base.cpi_uprating, base.mixed_uprating):
        answer = method()
        assert (answer.what, answer.method, bool(answer)) == ("level_before", method.__name__, False)
    assert base.consumption_share("0.35")


def test_another_places_figure_is_marked() -> None:
    """Wuzhou has no consumption of its own: what moves with the province is an estimate that says so."""
    found = standard_basis("450400", 2019).urban.consumption_share()
    assert (found.status, found.notes) == ("estimated", (Note("province_moves", ("450000",)),))
    raised = standard_basis("450400", 2019).urban.mixed_uprating()
    assert {note.code for note in raised.notes} == {"province_moves", "prices_of_place_above"}
    assert raised.status == "estimated"
    whole = standard_basis("450000", 2019).urban.income_share()
    assert (whole.status, whole.notes) == ("estimated", (Note("all_residents_move"),))
    own = standard_basis("230000", 2019).urban
    assert own.consumption_share().notes == own.cpi_uprating().notes == ()
    assert own.cpi_uprating().status == "observed"


def test_ones_own_candidate_is_one_line() -> None:
    """An amount given for both areas is held to the bounds of each; given for one it stays there; a float is refused."""
    base = standard_basis("450400", 2019)
    made = Candidates(
        base.cpi_uprating(), aidlib.Candidate("mine", fen_month=60000), Candidate("rural only", 40000, area="rural")
    )
    frame = made.bounded(base.bounds()).to_frame()
    assert frame.loc[frame["method"] == "mine", "area"].tolist() == ["urban", "rural"]
    assert frame.loc[frame["method"] == "rural only", "less_announced"].tolist() == [2500]
    assert frame.loc[frame["method"] == "mine", "fen_month_status"].tolist() == ["estimated"] * 2
    with pytest.raises(MoneyFault):
        Candidate("mine", fen_month=600.5)
    with pytest.raises(DataFault, match="not a candidate"):
        Candidates(base.cpi_uprating(), 60000)


def test_ones_own_method_is_a_function() -> None:
    """A decorated function gets numbers with their rows, answers with what is missing, and can be varied."""

    @candidate_method(share="ratio")
    def between(consumption, income, share="1/2"):
        return (consumption.fen_month * share.ratio + income.fen_month * (1 - share.ratio)) * Fraction(3, 10)

    base = standard_basis("230000", 2019).urban
    made = between(base.consumption, base.income, area="urban")
    assert made.fen_month == (base.consumption.fen_month + base.income.fen_month) * Fraction(3, 20)
    assert (made.method, made.area, made.status) == ("between", "urban", "estimated")
    assert between(Missing("consumption_pc", "urban", 2018), base.income).method == "between"
    assert made.varied(share=1).fen_month == base.consumption.fen_month * Fraction(3, 10)


def test_sensitivity_is_the_change_of_the_method_itself() -> None:
    """A point more of prices moves an uprating by a hundredth of the level; all of real growth by the part that was left out."""
    base = standard_basis("450400", 2019).urban
    frame = Candidates(base.cpi_uprating(), base.mixed_uprating("1/2")).sensitivity().to_frame()
    moved = {(row["method"], row["input"]): row["effect_fen"] for row in frame.to_dict("records")}
    assert moved["cpi_uprating", "cpi"] == base.current.fen_month / 100
    assert moved["mixed_uprating", "theta"] == base.current.fen_month * base.real_growth.number / 2
    assert Candidates(Candidate("mine", 60000)).sensitivity().to_frame().empty


def test_cost_of_candidates_is_that_of_the_step_to_them() -> None:
    """The candidate at the announced level costs what the step announced costs; what lacks is named, not nought."""
    base = standard_basis("450400", 2019)
    same = Candidates(*(Candidate("same", area.level.fen_month, area=area.area) for area in base))
    frame, steps = same.cost(base.bounds()).to_frame(), [area.cost() for area in base]
    assert frame["method"].tolist() == ["announced", "same"] * 2
    assert frame[["low_fen", "high_fen"]].values.tolist() == [
        [step.low_fen, step.high_fen] for step in steps for _ in ("announced", "same")
    ]
    none = Candidates(Candidate("mine", 60000)).cost(standard_basis("450400", 2090).bounds()).to_frame()
    assert none.empty
    assert {lost.what for lost in none.attrs["lacking"]} == {"dibao_recipients"}


def test_frames_hold_exact_numbers_with_statuses_and_sources() -> None:
    """Amounts are fractions, each with its status beside it and its rows; methods that lacked something are told once."""
    base = standard_basis("450400", 2019)
    frame = Candidates(base.urban.methods(), base.rural.methods()).bounded(base.bounds()).to_frame()
    assert all(isinstance(amount, Fraction) for amount in frame["bounded_fen_month"])
    assert all(frame["sources"])
    assert {"fen_month_status", "bounded_fen_month_status"} <= set(frame)
    inputs = base.to_frame()
    assert set(inputs.loc[inputs["name"] == "payment", "status"]) == {"estimated"}
    lost = standard_basis("450400", 2090).to_frame().attrs["lacking"]
    assert {"level", "consumption_pc", "cpi_annual", "dibao_recipients"} <= {one.what for one in lost}


def test_candidates_are_drawn_on_the_axes_given() -> None:
    """One pair of axes holds both areas, two hold one each; every candidate has a label and every announced level a line."""
    from matplotlib import pyplot as plt

    base = standard_basis("450400", 2019)
    made = Candidates(base.cpi_uprating(), base.mixed_uprating(), Candidate("mine", 60000, area="rural")).bounded(
        base.bounds()
    )
    one = made.plot(ax=plt.subplots()[1])
    assert len(one.get_yticklabels()) == 5
    assert sum(line.get_linestyle() == "--" for line in one.lines) == 2
    _, axes = plt.subplots(1, 2)
    made.plot(ax=axes)
    assert [len(axis.get_yticklabels()) for axis in axes] == [2, 3]
    plt.close("all")


def test_results_show_themselves_in_a_notebook() -> None:
    """Basis, candidates and bounded candidates have an HTML form that names methods and what lacks."""
    base = standard_basis("140200", 2023)
    made = Candidates(base.cpi_uprating(), Candidate("<mine>", 60000))
    for shown in (base, base.urban, made, made.bounded(base.bounds()), made[0]):
        assert "<mine>" not in shown._repr_html_()
    assert "level_before" in made._repr_html_()


def test_targets_and_tied_amounts_lie_in_frames_of_codes() -> None:
    """Checks keep what was measured exactly, and tied amounts their rule and status; what lacks is carried along, not dropped."""
    base = standard_basis("230100", 2022)
    checks = check_targets(base).to_frame()
    ratio = checks[checks["target"] == "target_rural_urban_ratio"].iloc[0]
    assert ratio["measured"].ratio == Fraction(125, 167)
    assert (ratio["formula"], ratio["verdict"], ratio["precision"]) == ("625 ÷ 835", "met", "decimals_0")
    assert set(checks["verdict"]) <= {"met", "not_met", "cannot_tell", "not_applicable"}
    tied = tied_amounts(base).to_frame()
    basic = tied[(tied["item"] == "tekun_basic") & (tied["area"] == "urban")].iloc[0]
    assert (basic["amount"].fen_month, basic["rounded_fen"], basic["published_amount"].fen_month) == (
        108550,
        108600,
        108600,
    )
    assert (basic["amount"].status, basic["formula"]) == ("enacted", "835 × 1.3")
    assert tied.attrs["lacking"] == [one for area in base for one in tied_of(area) if not one]


def test_care_standards_are_listed_with_what_each_lacks() -> None:
    """A class whose share is in force but whose base is unknown, and a place without any, are named; published ones are shown."""
    wuzhou = tied_of(standard_basis("450400", 2019).urban)
    assert [one.what for one in wuzhou if not one] == ["tekun_care_standard"]
    dongying = tied_of(standard_basis("370500", 2019).urban)
    care = [
        one for one in dongying if (one.name if isinstance(one, TiedAmount) else one.method).startswith("tekun_care")
    ]
    assert len(care) == 3
    assert [(one.fen / 100, one.period) for one in care] == [(7640, "year"), (3820, "year"), (2292, "year")]
    assert all(tied_of(standard_basis("110000", 2012).urban))


def test_a_basis_opens_the_law_on_the_last_day_of_its_level() -> None:
    """The law is that of the year's last day on which the announced level holds, and the level is the one announced."""
    base = standard_basis("230100", 2022)
    assert announced(Book(), Figures(), "230100", "rural", 2022).fen_month == base.rural.level.fen_month
    assert base.urban.local.on == date(2022, 12, 31)


@pytest.mark.parametrize(("stated", "agrees"), [("15.8", True), ("16", True), ("15", False)])
def test_the_announced_percentage_is_listed_and_held_against_the_levels(
    stated: str, agrees: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was announced is shown beside the 15.84% the two levels of Wuzhou show, and judged at its own decimals."""
    (tmp_path / "law").mkdir()
    name = "standard_growth_stated,pct,0,day,公布的提标幅度,announced percentage of a rise,"
    row = f"450400,standard_growth_stated,dibao_standard:urban,2019-01-01,2019-12-31,{stated},pct,,enacted,DS001,supposed,2026-11-22,"
    tables = {
        "names": ("name,unit,falls_back,dated_by,zh,en,note", name),
        "groups": ("group,zh,en", "dibao_standard,低保标准,dibao standard"),
        "values": (VALUES, row),
    }
    for table, (header, line) in tables.items():
        (tmp_path / "law" / f"{table}.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    found = standard_basis("450400", 2019)
    rise = found.urban.growth()
    assert (rise.stated, rise.as_stated, rise.stated_row.article) == (stated, agrees, "supposed")
    assert found.rural.growth().stated == ""


def test_levels_of_past_years_stand_beside_the_means_of_the_year_before() -> None:
    """Yunnan's guide of 2023, 728 yuan, over 26,239.73 spent in its towns in 2022: 33.3 %; years without both are not there."""
    frame = standard_basis("云南", 2023).worth_by_year.to_frame().set_index("year")
    assert frame.loc[2023, "consumption_share_urban"] == Fraction(728 * 12) / Fraction("26239.73")
    assert frame.loc[2023, "consumption_share_urban_status"] == "observed"


def test_a_mean_that_is_not_out_moves_with_the_nation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place with a level of 2029 and nothing since gets the nation's growth of 10 %, as a range that says whose it is."""
    header = "region,period,series,value,unit,status,source,vintage,error,note"
    rows = [
        f"000000,{year},consumption_pc:urban,{value},yuan/person/year,observed,INC001,,,"
        for year, value in ((2028, 40000), (2029, 44000))
    ]
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/consumption.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "law").mkdir()
    level = "530000,dibao_guide,urban,2029-01-01,2029-12-31,800,yuan/person/month,,enacted,DS135,标准,2026-11-30,"
    (tmp_path / "law/values.csv").write_text("\n".join([VALUES, level]) + "\n", encoding="utf-8")
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    made = standard_basis("云南", 2030).urban.consumption_share()
    assert isinstance(made, Candidate)
    assert made.fen_month == 88_000
    assert made.low is not None
    assert made.high is not None
    assert made.low < made.fen_month < made.high
    assert made.status == "estimated"
    assert Note("province_moves", ("000000",)) in made.notes


def test_a_province_shows_what_the_places_below_it_announced() -> None:
    """Zibo's levels of 2024 stand in Shandong's table, observed in 2024 and carried in 2026; nobody's inherited level is listed."""
    now, later = (
        standard_basis("山东", year).below().to_frame().set_index("place").loc["370300"] for year in (2024, 2026)
    )
    assert (now["level_urban"], now["level_rural"], now["set_in"], now["kind"]) == (98900, 87700, "2024", "standard")
    assert (now["level_urban_status"], later["level_urban_status"]) == ("enacted", "stale")
    assert standard_basis("北京", 2023).below().to_frame().empty
