"""Price linkage over places and months: one call for all of them, other prices, and what it costs."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import polars as pl
import pytest

import aidlib
from aidlib import Book, Figures
from aidlib.errors import ParameterFault, RegionUnknown
from aidlib.prices.history import price_linkage, rises
from aidlib.prices.linkage import decide


@pytest.fixture(scope="module")
def country() -> aidlib.prices.history.LinkageResult:
    """Every province from 2019-01 to 2020-04."""
    return price_linkage("provinces", "2019-01", "2020-04")


def test_one_call_decides_every_province_like_one_decision_each(country: aidlib.prices.history.LinkageResult) -> None:
    """31 provinces and 16 months, each row what `decide` says of it."""
    frame = country.to_frame().set_index(["region", "period"])
    assert len(frame) == len(country.decisions) == 31 * 16
    for place in ("230000", "320000", "460000"):
        for month in ("2019-01", "2019-10", "2020-03"):
            found = decide(Book(), Figures(), place, month)
            row = frame.loc[place, month]
            assert (row["outcome"], row["status"]) == (found.outcome, found.status)
            due = found.amount("dibao_urban")
            if due and due.low_fen is not None:
                assert (row["dibao_urban_low_fen"], row["dibao_urban_fen"]) == (due.ends_fen[0], due.point_fen or pd.NA)


def test_ends_contain_their_point_in_every_row(country: aidlib.prices.history.LinkageResult) -> None:
    """The amount shown lies between the least and the greatest that may be due, in every month, place and group."""
    frame = country.amounts().dropna(subset=["fen"])
    assert len(frame) > 100
    assert (frame["low_fen"] <= frame["fen"]).all()
    assert (frame["high_fen"].isna() | (frame["fen"] <= frame["high_fen"])).all()


def test_a_stale_or_borrowed_base_gives_no_point_and_never_less_than_the_floor(
    country: aidlib.prices.history.LinkageResult,
) -> None:
    """Guangdong in April 2020: no point, and its base is not below 580 yuan, the lowest floor in force."""
    frame = country.amounts().set_index(["region", "period", "group"])
    row = frame.loc["440000", "2020-04", "dibao_urban"]
    assert row["fen"] is pd.NA
    assert row["standard_fen"] is pd.NA
    assert row["standard_low_fen"] >= 58000
    bases = frame[frame["base"] != ""]
    assert set(bases["standard_status"][bases["fen"].notna()]) <= {"enacted", "observed", "estimated"}
    assert not (bases["standard_fen"].isna() & bases["fen"].notna()).any()


def test_statuses_travel_in_every_frame(country: aidlib.prices.history.LinkageResult) -> None:
    """Each number has the column of its status beside it."""
    months, amounts, cost = country.to_frame(), country.amounts(), country.cost()
    assert {"cpi_status", "outcome_status", "dibao_urban_status", "status"} <= set(months)
    assert {"standard_status", "rise_status", "status"} <= set(amounts)
    assert "status" in cost
    assert not months["status"].isna().any()
    assert not amounts["status"].isna().any()


def test_a_place_by_name_and_a_bare_month_work_and_faults_are_clear() -> None:
    """A full name is a place; a month before the first, an unknown place and a year are each one readable fault."""
    assert price_linkage("梧州市", "2019-10", "2019-10").to_frame()["region"].tolist() == ["450400"]
    with pytest.raises(ParameterFault, match="before the first"):
        price_linkage("450400", "2019-10", "2019-09")
    with pytest.raises(ParameterFault, match="YYYY-MM"):
        price_linkage("450400", "2019", "2020")
    with pytest.raises(RegionUnknown):
        price_linkage(["450400", "999999"], "2019-10", "2019-10")


def test_other_prices_are_synthetic_and_change_only_what_they_name() -> None:
    """A CPI of 9.9 for one month starts payment in that month alone, and says that it is synthetic."""
    plain = price_linkage("450000", "2017-01", "2017-03").to_frame()
    path = price_linkage("450000", "2017-01", "2017-03", cpi={"2017-02": "9.9"}).to_frame()
    assert plain["outcome"].tolist() == ["not_triggered"] * 3
    assert path["outcome"].tolist() == ["not_triggered", "triggered", "not_triggered"]
    assert path["cpi_status"].tolist() == [plain["cpi_status"][0], "synthetic", plain["cpi_status"][2]]
    assert path["food_yoy"].equals(plain["food_yoy"])


@pytest.mark.parametrize(
    "path",
    [
        {"2017-02": "9.9"},
        {("450000", "2017-02"): 9.9},
        {"cpi": {"2017-02": Fraction(99, 10)}},
        pd.DataFrame({"period": ["2017-02"], "cpi": [9.9]}),
        pd.DataFrame({"region": ["450000", "450000"], "month": ["2017-02", "2017-03"], "cpi": [9.9, None]}),
        pl.DataFrame({"region": ["450000"], "period": ["2017-02"], "cpi": [9.9]}),
    ],
)
def test_a_path_of_prices_has_many_forms_and_one_meaning(path: object) -> None:
    """By month, by place and month, by index, as a pandas or a Polars frame: the same rise, exact."""
    found = rises(path)  # type: ignore[arg-type]
    assert {(index, month): rise for (_, index, month), rise in found.items()} == {("cpi", "2017-02"): Fraction(99, 10)}


def test_every_fault_of_a_path_is_told_at_once() -> None:
    """An index in place of a rise, a word, and a month that is none: three faults."""
    with pytest.raises(ParameterFault) as told:
        rises({"2017-02": "102.3", "2017-03": "high", "2017-13": "1.0"})
    assert len(told.value.faults) == 3
    assert "2.3 for 102.3" in str(told.value)


def test_cost_is_persons_times_amount_with_its_ends() -> None:
    """Heilongjiang's capital, 1,000 invented persons: the point is 1,000 times the amount, the ends 1,000 times its ends."""
    found = price_linkage("230100", "2019-11", "2019-11")
    row = found.cost({"dibao_urban": 1000}, by=("region", "group")).set_index("group").loc["dibao_urban"]
    due = found.decisions[0].amount("dibao_urban")
    assert due is not None
    assert due.fen() is not None
    assert (row["persons"], row["point_fen"]) == (1000, 1000 * due.fen())
    assert (row["low_fen"], row["high_fen"]) == tuple(1000 * end for end in due.ends_fen if end is not None)


def test_an_undecided_month_costs_nothing_at_least_and_has_no_point() -> None:
    """What cannot be told is not paid for certain: the low end is nothing, the high end all of it, and no point is claimed."""
    found = price_linkage("110000", "2018-02", "2018-02")
    assert found.decisions[0].outcome == "undetermined"
    row = found.cost({("110000", "dibao_urban"): 10}, by=("region",)).iloc[0]
    due = found.decisions[0].amount("dibao_urban")
    assert due is not None
    assert due.ends_fen[1] is not None
    assert (row["low_fen"], row["high_fen"]) == (0, 10 * due.ends_fen[1])
    assert row["point_fen"] is pd.NA


def test_a_month_that_did_not_start_costs_nothing() -> None:
    """Nothing is due, and that is known."""
    row = price_linkage("450000", "2017-02", "2017-02").cost().iloc[0]
    assert (row["low_fen"], row["point_fen"], row["high_fen"]) == (0, 0, 0)


def test_groups_without_a_head_count_are_left_out_and_named() -> None:
    """Persons nobody counted are not nought: the groups are named, and with nobody counted no sum is claimed."""
    frame = price_linkage("450000", "2019-10", "2019-10").cost({"dibao_rural": 5})
    assert "dibao_urban" in frame["left_out"][0].split()
    nobody = price_linkage("450000", "2019-10", "2019-10").cost({"wubao": 5}).iloc[0]
    assert nobody["point_fen"] is pd.NA


def test_recipients_may_be_a_frame_and_sums_add_up() -> None:
    """A frame of persons by place and group gives the sums of its parts."""
    people = pd.DataFrame({"region": ["230100"] * 2, "group": ["dibao_urban", "dibao_rural"], "persons": [100, 50]})
    found = price_linkage("230100", "2019-10", "2019-11")
    parts = found.cost(people, by=("region", "period", "group"))
    whole = found.cost(people, by=("region",)).iloc[0]
    assert parts["high_fen"].sum() == whole["high_fen"]
    with pytest.raises(ParameterFault, match="persons"):
        found.cost({"dibao_urban": -1})
    with pytest.raises(ParameterFault, match="region, period, group"):
        found.cost(by=("year",))


def test_a_result_shows_itself() -> None:
    """In a notebook a result is a table in words: places, outcomes, marks of what is estimated, the rows behind each month folded."""
    html = price_linkage("230000", "2019-10", "2019-11")._repr_html_()
    assert all(
        text in html for text in ("黑龙江省", "2019-11", "启动", 'class="mark estimated"', '<details class="basis">')
    )
    assert "triggered" not in html
    assert "230000" not in html


def test_a_long_result_says_that_it_goes_on(country: aidlib.prices.history.LinkageResult) -> None:
    """Only its first rows are shown, and no file of them is offered as if it were the whole."""
    html = country._repr_html_()
    assert html.count("<tr>") < len(country.decisions)
    assert f"共{len(country.decisions)}行" in html
    assert "download" not in html


def test_it_is_on_the_public_face() -> None:
    """`aidlib.price_linkage` is the function."""
    assert aidlib.price_linkage is price_linkage


def test_decisions_draw_as_one_row_of_cells_a_place(country: aidlib.prices.history.LinkageResult) -> None:
    """The picture has a cell a place and month, and names every place."""
    frame = country.to_frame()
    axes = country.plot()
    assert axes.collections[0].get_array().shape == (frame["region"].nunique(), frame["period"].nunique())
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        aidlib.region(code).name() for code in frame["region"].unique()
    ]
