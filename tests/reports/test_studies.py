"""The studies: what their sentences say is what their tables hold, identities are exact, and each runs for another place."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import aidlib.reports
from aidlib import tables
from aidlib.errors import DataFault, DataGap, ParameterFault
from aidlib.prices.linkage import decide
from aidlib.prices.readings import Readings
from aidlib.reports import context
from aidlib.reports.price_linkage import ahead
from aidlib.reports.studies import (
    change_cost,
    eles_table,
    household_methods,
    keep_up,
    linkage_fill,
    low_income_checks,
    low_income_index,
    other_rules,
    setting,
    trigger_record,
    words,
)

RESEARCH = Path(__file__).parents[2] / "notebooks" / "research"
STUDIES = (
    "trigger_forecast_record",
    "low_income_price_index",
    "do_standards_keep_up",
    "what_a_change_costs",
    "setting_a_standard",
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what a report shows."""
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(context, "_show", lambda html, said, data: seen.append({**data, "said": said}))
    return seen


def table(shown: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return a table that was shown, as rows."""
    found = next(item for item in shown if item.get("table") == name)
    return [dict(zip(found["columns"], cells, strict=True)) for cells in found["cells"]]


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_a_thin_parameterised_notebook(name: str) -> None:
    """The first cell holds literals tagged parameters, cells are short, and no output is kept."""
    cells = json.loads((RESEARCH / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[0]["metadata"]["tags"] == ["parameters"]
    assert all(len(cell["source"]) <= 10 and not cell["outputs"] for cell in cells)


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_all_its_parts_in_both_languages(name: str) -> None:
    """Question, method, limits and references stand in both languages with the same placeholders."""
    rows = [row for row in tables.rows(words.TABLE, words.COLUMNS) if row["study"] == name]
    assert {row["part"] for row in rows} == set(words.HEADINGS)
    for row in rows:
        assert row["zh"].count("{") == row["en"].count("{")


def test_glossary_has_each_column_once() -> None:
    """A column of a study has one label."""
    with (tables.shipped() / "glossary_studies.csv").open(encoding="utf-8") as lines:
        names = [row["identifier_snake_case"] for row in csv.DictReader(lines)]
    assert len(names) == len(set(names))


def test_the_record_beats_persistence_and_says_where_it_leans(shown: list[dict[str, Any]]) -> None:
    """The finding has the gain, the later half and the bias; on the origins the routes share, all have as many forecasts."""
    report = aidlib.reports.start("trigger_forecast_record", region="000000", period="2026-07")
    trials = trigger_record.trials(report, "cpi:3.0")
    trigger_record.finding(report, trials)
    assert trials[0].scored("yoy").skill_persistence >= 0.30
    assert all(words in shown[-1]["said"] for words in ("“照旧”低", "后一半起点", "抽样误差"))
    assert len({len(record) for record in trials[0].shared().records.values()}) == 1


@pytest.mark.parametrize(
    ("region", "period", "message"), [("450000", "2026-07", "132"), ("000000", "2007-06", "later")]
)
def test_a_record_that_cannot_be_is_refused(region: str, period: str, message: str) -> None:
    """A place with a short past, or a period before the first outcome, is told what would do."""
    report = aidlib.reports.start("trigger_forecast_record", region=region, period=period)
    with pytest.raises(DataGap, match=message):
        trigger_record.trials(report, "cpi:3.5")


def test_before_monthly_changes_there_are_two_routes() -> None:
    """As of 2012 only the year-on-year model and the random walk have a record."""
    report = aidlib.reports.start("trigger_forecast_record", region="000000", period="2012-06")
    assert set(trigger_record.trials(report, "cpi:3.0")[0].records) == {"yoy", "walk"}


def test_an_earlier_period_shortens_the_record() -> None:
    """A study as of an earlier month scores fewer forecasts."""
    early, late = (
        trigger_record.trials(
            aidlib.reports.start("trigger_forecast_record", region="000000", period=period), "food:6.0"
        )[0]
        for period in ("2020-06", "2023-12")
    )
    assert early.scored("yoy").n < late.scored("yoy").n


def test_the_low_income_gap_splits_exactly(shown: list[dict[str, Any]]) -> None:
    """Parts and gap differ by nothing, in every month of another province too."""
    report = aidlib.reports.start("low_income_price_index", region="510000", period="2016-06")
    low_income_checks.chain_check(report, low_income_index.levels(report, "2016-01"))
    assert "最大为0(" in shown[-1]["said"]


def test_the_gap_is_put_down_to_food_and_to_the_weights(shown: list[dict[str, Any]]) -> None:
    """The finding counts months in which food led, and gives the range of the largest gap over other weights."""
    report = aidlib.reports.start("low_income_price_index", region="450000", period="2020-04")
    index = low_income_index.levels(report, "2019-11")
    low_income_index.finding(report, index)
    assert "6个月里有6个月高于CPI" in shown[-1]["said"]
    ranges = [low_income_index.gap_range(report, index, table_)[1] for table_ in low_income_index.TABLES]
    assert f"{min(ranges):+.2f}" in shown[-1]["said"]


def test_a_basket_without_general_weights_is_not_split(shown: list[dict[str, Any]]) -> None:
    """After 2020 the gap is shown and a sentence says why it is not split; a city takes the weights of its province."""
    report = aidlib.reports.start("low_income_price_index", region="000000", period="2023-12")
    low_income_index.classes(report, low_income_index.levels(report, "2023-01"))
    assert "不分解" in shown[-1]["said"]
    city = aidlib.reports.start("low_income_price_index", region="450400", period="2018-03")
    low_income_index.classes(city, low_income_index.levels(city, "2018-03"))
    assert table(shown, "classes")


def test_a_place_without_classes_is_refused() -> None:
    """No compiled index is shown for months without the eight classes."""
    report = aidlib.reports.start("low_income_price_index", region="440100", period="2020-04")
    with pytest.raises(DataGap, match="eight class") as caught:
        low_income_index.levels(report, "2016-01")
    assert "广东省 440000: 52 months from 2016-01 to 2020-04" in str(caught.value)


def test_a_few_months_are_not_called_a_pattern(shown: list[dict[str, Any]]) -> None:
    """Two months of a city: no share of months in which food led, and a warning; where the sign turns with the weights, it says so."""
    report = aidlib.reports.start("low_income_price_index", region="450400", period="2018-03")
    low_income_index.finding(report, low_income_index.levels(report, "2017-08"))
    assert "看不出规律" in shown[-1]["said"]
    assert "涨得比CPI快的" not in shown[-1]["said"]
    assert "大小和方向取决于权数" in shown[-1]["said"]


def test_published_values_are_said_to_be_no_random_sample(shown: list[dict[str, Any]]) -> None:
    """The comparison counts both sides, marks the compiled values, and says how the published ones were come by."""
    report = aidlib.reports.start("low_income_price_index", region="450000", period="2020-04")
    low_income_checks.published(report)
    rows = table(shown, "published")
    assert all((row["study_compiled_status"] == "estimated") == (row["study_compiled"] is not None) for row in rows)
    assert "5个可比的公布值中有5个高于编制值" in shown[-1]["said"]
    assert "不是随机的样本" in shown[-1]["said"]


def test_rises_of_standards_are_of_one_kind_and_successive_years() -> None:
    """The panel holds each province, area and year once, and no cut of a standard's kind is read as growth."""
    report = aidlib.reports.start("do_standards_keep_up", region="000000", period="2019")
    found = keep_up.panel(report, 2018)
    assert not found.duplicated(["region", "area", "period"]).any()
    assert set(found["period"]) <= {"2018", "2019"}
    assert found["standard"].between(-20, 60).all()


def test_a_province_stands_beside_the_others(shown: list[dict[str, Any]]) -> None:
    """For a province the finding has its own median; linkage is accounted for at that place, or said to be unknown."""
    report = aidlib.reports.start("do_standards_keep_up", region="540000", period="2019")
    found = keep_up.panel(report, 2018)
    keep_up.finding(report, found, [])
    assert "西藏自治区有" in shown[-1]["said"]
    with pytest.raises(DataGap, match="later period"):
        keep_up.regressions(report, found.head(4), 9, 1)
    report = aidlib.reports.start("do_standards_keep_up", region="320000", period="2019")
    linkage_fill.show(report, "2019-11", "2020-02")
    assert "按江苏省的指数和规则达到启动条件4个月，没有达到0个月" in shown[-3]["said"]
    readings = Readings(report.figures)
    found = [decide(report.book, report.figures, "320000", m, readings=readings) for m in ("2017-02", "2019-11")]
    calm, started = linkage_fill.account(report, found, readings)
    assert (calm.due, started.due) == (0.0, pytest.approx(721 / 12 * 1.5, abs=0.01))
    assert started.lost == pytest.approx(started.standard * started.rise / 100)
    assert f"多花约{_lost(report, readings):.0f}元" in shown[-2]["said"]
    linkage_fill.show(report, "2024-11", "2024-12")
    assert "算不出来" in shown[-1]["said"]


def _lost(report: context.Report, readings: Readings) -> float:
    """Sum, month by month, the standard of the month times its low-income index."""
    months = ("2019-11", "2019-12", "2020-01", "2020-02")
    found = [decide(report.book, report.figures, "320000", month, readings=readings) for month in months]
    return sum(m.standard * m.rise / 100 for m in linkage_fill.account(report, found, readings))


def test_a_month_that_cannot_be_told_is_not_a_month_without_payment(shown: list[dict[str, Any]]) -> None:
    """What was due in an undetermined month is unknown, never nought, and the sentence leaves it out on both sides."""
    report = aidlib.reports.start("do_standards_keep_up", region="450400", period="2019")
    readings = Readings(report.figures)
    found = [decide(report.book, report.figures, "450400", month, readings=readings) for month in ("2019-07", "2020-03", "2020-04")]
    held = linkage_fill.account(report, found, readings)
    assert [month.due is None for month in held] == [month.decision.outcome == "undetermined" for month in held]
    linkage_fill.show(report, "2016-01", "2020-04")
    assert "不能判断12个月" in shown[0]["said"]
    assert "两边都不计" in shown[1]["said"]


def test_averages_of_two_times_of_year_are_no_years_rise() -> None:
    """Guangxi's rural means of 2015-09 and of 2016 are fifteen months and two kinds of mean apart: no rise is made of them."""
    report = aidlib.reports.start("do_standards_keep_up", region="000000", period="2016")
    found = keep_up.panel(report, 2016)
    assert len(report.figures.all("450000", "dibao_avg:rural")) > 1
    assert found[(found["region"] == "450000") & (found["area"] == "rural")].empty
    assert "130000" in set(found[found["area"] == "urban"]["region"])


def test_catching_up_needs_two_cross_sections_within_the_period(shown: list[dict[str, Any]]) -> None:
    """As of 2015 there is one sentence; as of 2016 each area has its slope, hedged, and the kinds of mean are told apart."""
    for period, sentences in (("2015", 1), ("2016", 3)):
        shown.clear()
        keep_up.convergence(aidlib.reports.start("do_standards_keep_up", region="000000", period=period))
        assert len(shown) == sentences
    assert "起点的误差也会造成同样的斜率" in shown[0]["said"]
    assert "不是同一种平均" in shown[-1]["said"]


def test_a_higher_standard_hurts_nobody_and_costs_more(shown: list[dict[str, Any]]) -> None:
    """On a synthetic population cost rises with the standard, nobody loses by a rise, and shares of tenths add up."""
    report = aidlib.reports.start("what_a_change_costs", region="450400", period="2024-06")
    trial = change_cost.judge_all(report, 400, 1, "0,20")
    change_cost.gains(report, trial)
    rows = table(shown, "gains")
    assert all(row["study_losers"] == 0 for row in rows)
    assert sum(row["study_share"] for row in rows[:10]) == pytest.approx(100, abs=0.6)
    assert all(row["study_gain_status"] == "synthetic" for row in rows)
    assert trial.rows[1]["cost_yuan_month_per_10k"] >= trial.rows[0]["cost_yuan_month_per_10k"]
    (poor, closed), (poor_higher, closed_higher) = (change_cost.shortfall(trial, step) for step in (0, 20))
    assert poor >= poor_higher
    assert 0 < closed < closed_higher <= 1
    assert sum(row["study_homes"] for row in rows[:10]) == 400


def test_the_cost_of_a_rise_has_the_error_of_the_rise(shown: list[dict[str, Any]]) -> None:
    """The same households are drawn at both steps: the interval of the ratio holds the ratio and is narrower than two apart would give."""
    report = aidlib.reports.start("what_a_change_costs", region="450400", period="2024-06")
    trial = change_cost.judge_all(report, 1_000, 1, "0,20")
    change_cost.finding(report, trial, 200, 1)
    (low, high), (fewest, most) = change_cost.rise_ends(trial, 200, 1)
    now, top = trial.rows
    assert low < float(top["cost_yuan_month_per_10k"] / now["cost_yuan_month_per_10k"]) < high
    assert fewest <= float(top["dibao_persons_per_10k"] - now["dibao_persons_per_10k"]) <= most
    apart = [change_cost._ends(change_cost._costs(trial.judged[step], 200, 1)) for step in (0, 20)]
    assert high - low < apart[1][1] / apart[0][0] - apart[1][0] / apart[0][1]
    assert f"({low:.2f}–{high:.2f})" in shown[-1]["said"]
    assert "680元(旧，只知道到2019-12-31)" in shown[-1]["said"]
    change_cost.anchor(report, trial)
    helped = trial.box.homes.filter("on_dibao")["household_id"]
    on = trial.box.people.filter(trial.box.people["household_id"].is_in(helped.implode())).height / trial.box.people.height * 10_000
    assert f"每万人中{on:.0f}人在享" in shown[-1]["said"]
    assert f"每万人中{float(now['dibao_persons_per_10k']):.0f}人符合条件" in shown[-1]["said"]


def test_a_study_of_a_rise_needs_a_rise() -> None:
    """Cuts alone leave nobody who gains: the step is asked for."""
    report = aidlib.reports.start("what_a_change_costs", region="450400", period="2024-06")
    with pytest.raises(ParameterFault, match="no rise"):
        change_cost.judge_all(report, 100, 1, "-10,0")


def test_the_rule_of_2016_is_put_to_the_nation_and_the_place(shown: list[dict[str, Any]]) -> None:
    """Both places stand in the table; months without indices cannot be told, and no month differs that cannot be told."""
    report = aidlib.reports.start("what_a_change_costs", region="450400", period="2022-06")
    other_rules.rule_of_2016(report)
    rows = table(shown, "linkage_2016")
    assert [(row["study_place"], row["study_year"]) for row in rows] == [
        (p, y) for p in ("全国", "梧州市") for y in ("2021", "2022")
    ]
    assert all(
        row["study_differ"] == "—" for row in rows if row["study_unknown"] == (12 if row["study_year"] == "2021" else 6)
    )
    assert [row["study_started"] for row in rows] == [0, 0, None, None]
    assert "表中合计36个月，能判断的18个月里两种规则的结果有0个月不同；其余18个月不能判断" in shown[-1]["said"]


def test_neighbours_methods_stand_beside_the_own(shown: list[dict[str, Any]]) -> None:
    """The own method is the first row; a span without indices is refused."""
    report = aidlib.reports.start("what_a_change_costs", region="450400", period="2024-06")
    other_rules.neighbours(report, "2019-11", "2019-12")
    assert len(table(shown, "methods")) > 2
    with pytest.raises(ParameterFault, match="linkage_span"):
        other_rules.ends("2019-05")
    with pytest.raises(DataGap, match="2030-01 to 2030-02.* known from 2016-01 to 2021-11"):
        other_rules.neighbours(
            aidlib.reports.start("what_a_change_costs", region="540000", period="2024-06"), "2030-01", "2030-02"
        )


def test_candidates_carry_the_share_they_used() -> None:
    """Engel rows name their share, a smaller share gives a higher line, and what is missing is said."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    found = setting.candidates(report, "urban")
    engel = found.lines[found.lines["method"].str.startswith("engel")].set_index("method")["yuan_month"]
    assert engel["engel:0.50"] > engel["engel:0.60"]
    assert found.level is not None
    assert any(f"{found.level.year}年的" in said.zh for said in found.missing)


def test_the_food_line_given_is_the_one_the_engel_method_uses() -> None:
    """A food line of 300 over a half is 600, with the lowest group's own share it is no longer that group's consumption."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    plain, given = (setting.candidates(report, "urban", line).lines.set_index("method")["yuan_month"] for line in ("", "300"))
    assert given["engel:0.50"] == 600
    assert plain["engel:0.47"] == pytest.approx(11234 / 12)
    assert given["engel:0.47"] == pytest.approx(300 / 5239 * 11234)
    for wrong in ("abc", "0", "-3"):
        with pytest.raises(ParameterFault, match="food_line_yuan"):
            setting.candidates(report, "urban", wrong)


def test_all_consumption_stands_below_its_classes(shown: list[dict[str, Any]]) -> None:
    """The last row is the whole, its basic need the sum of the classes but for rounding, and no p is shown as nought."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    eles_table.categories(report, setting.candidates(report, "urban").eles)
    rows = table(shown, "categories")
    assert rows[-1]["eles_basic"] == pytest.approx(sum(row["eles_basic"] for row in rows[:-1]), abs=5)
    assert {row["eles_p_beta"] for row in rows[:-1]} <= {"<0.001", "0.002"}


def test_a_basic_needs_line_nobody_lives_near_is_told(shown: list[dict[str, Any]]) -> None:
    """Sanming's food share does not fall with spending and nobody spends as little as the food line: both are said."""
    report = aidlib.reports.start("setting_a_standard", region="350400", period="2022")
    household_methods.show(report, setting.candidates(report, "rural").table, "", "", 1)
    said = " ".join(item["said"] for item in shown)
    assert "食品比重不随支出下降" in said
    assert "下限是曲线外推的" in said
    assert "上限是曲线外推的" not in said


def test_warnings_name_groups_and_classes_in_words() -> None:
    """No identifier of a class or group stands in a Chinese warning."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    said = [zh for zh, _ in setting.candidates(report, "urban").eles.warnings]
    assert any("其他用品及服务" in zh for zh in said)
    assert not any("_" in zh for zh in said)


def test_households_come_from_a_file_or_are_marked_synthetic(shown: list[dict[str, Any]], tmp_path: Path) -> None:
    """Lines of a drawn sample are synthetic, those of a file estimated; a file without a column is refused by its name."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    table_ = setting.candidates(report, "urban").table
    household_methods.show(report, table_, "", "", 1)
    drawn = table(shown, "household_lines")
    assert {row["study_yuan_status"] for row in drawn} == {"synthetic"}
    assert drawn[0]["study_yuan"] < drawn[1]["study_yuan"]
    rows = household_methods.sample(table_, "", 1)
    assert rows is not None
    spelled = {name: zh for name, (zh, _) in household_methods.COLUMNS.items()}
    rows.rows.rename(columns=spelled).to_csv(tmp_path / "own.csv", index=False)
    shown.clear()
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    household_methods.show(report, table_, str(tmp_path / "own.csv"), "", 1)
    again = table(shown, "household_lines")
    assert [row["study_yuan"] for row in again] == [row["study_yuan"] for row in drawn]
    assert {row["study_yuan_status"] for row in again} == {"estimated"}
    rows.rows[["food"]].to_csv(tmp_path / "short.csv", index=False)
    with pytest.raises(DataFault, match="members"):
        household_methods.read(str(tmp_path / "short.csv"))


def test_a_file_as_spreadsheets_write_it_is_read_and_a_word_is_found(tmp_path: Path) -> None:
    """GB 18030 is read; a word and a hole are told by file, column and row but not shown; too few households and an empty file are told."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    drawn = household_methods.sample(setting.candidates(report, "urban").table, "", 1)
    assert drawn is not None
    spelled = drawn.rows.rename(columns={name: zh for name, (zh, _) in household_methods.COLUMNS.items()}).astype(object)
    spelled.to_csv(tmp_path / "own.csv", index=False, encoding="gb18030")
    assert household_methods.read(str(tmp_path / "own.csv"))["food"].tolist() == pytest.approx(drawn.rows["food"].tolist())
    spelled.iloc[0, 1], spelled.iloc[3, 0] = None, "many"
    spelled.to_csv(tmp_path / "own.csv", index=False)
    with pytest.raises(DataFault, match="a number in row 5") as caught:
        household_methods.read(str(tmp_path / "own.csv"))
    assert "row 2" in str(caught.value)
    assert "many" not in str(caught.value)
    spelled.head(29).to_csv(tmp_path / "own.csv", index=False)
    with pytest.raises(DataFault, match="too few households.*30 or more; got '29'"):
        household_methods.read(str(tmp_path / "own.csv"))
    (tmp_path / "none.csv").touch()
    with pytest.raises(DataFault, match="empty"):
        household_methods.read(str(tmp_path / "none.csv"))


def test_households_all_alike_get_a_sentence_and_the_other_lines(shown: list[dict[str, Any]], tmp_path: Path) -> None:
    """Couples without children tell nothing of a family of three: no line is made up, the other methods stand."""
    report = aidlib.reports.start("setting_a_standard", region="350000", period="2013")
    table_ = setting.candidates(report, "urban").table
    drawn = household_methods.sample(table_, "", 1)
    assert drawn is not None
    drawn.rows.assign(members=2, children=0, elderly=0).rename(
        columns={name: zh for name, (zh, _) in household_methods.COLUMNS.items()}
    ).to_csv(tmp_path / "own.csv", index=False)
    household_methods.show(report, table_, str(tmp_path / "own.csv"), "", 1)
    assert not any("分位数回归" in row["study_method"] for row in table(shown, "household_lines"))
    assert any("分位数回归不做" in item["said"] for item in shown)


def test_a_year_without_a_table_is_refused() -> None:
    """The error names the tables of the place, and of every place where it has none."""
    for region, known in (("350000", "here: rural 2002, urban 2013"), ("650000", "420100 urban 2008")):
        report = aidlib.reports.start("setting_a_standard", region=region, period="2015")
        with pytest.raises(DataGap, match=known):
            setting.candidates(report, "urban")


def test_the_linkage_page_forecasts_with_its_record(shown: list[dict[str, Any]]) -> None:
    """Six months, every one marked projected, with the record of the method beside them."""
    report = aidlib.reports.start("price_linkage", region="320000", period="2019-08", lookback_months=1)
    ahead.will_it_trigger(report, ahead_months(report))
    assert [row["outlook_any_status"] for row in table(shown, "outlook")] == ["projected"] * 6
    assert table(shown, "outlook_record")
    for row, right in zip(table(shown, "outlook_record"), table(shown, "outlook_calibration"), strict=True):
        assert (row["linkage_index"], row["outlook_line"]) == (right["linkage_index"], right["outlook_line"])
        assert float(right["study_crps"]) > 0
        assert "±" in right["outlook_bias"]
        assert right["outlook_reliability"].count("→") >= 3
        assert sum(map(int, right["outlook_pit"].split())) == pytest.approx(100, abs=5)
    assert [row["outlook_persons_status"] for row in table(shown, "outlook_spending")] == ["projected"] * 6
    assert any("亿元" in item["said"] for item in shown)
    assert any("SCPI" in item["said"] and "没有被检验过" in item["said"] for item in shown)


def test_the_linkage_page_says_in_a_sentence_that_it_cannot_forecast(shown: list[dict[str, Any]]) -> None:
    """Without two years of an index there is one sentence and no table."""
    report = aidlib.reports.start("price_linkage", region="450000", period="2023-06", lookback_months=1)
    ahead.will_it_trigger(report, ahead_months(report))
    assert len(shown) == 1
    assert "不做预测" in shown[0]["said"]


def ahead_months(report: context.Report) -> list[Any]:
    """Decide the month of the report."""
    from aidlib.reports import price_linkage

    return price_linkage.history(report)
