"""Wrong calls that a policy economist makes: each is answered in one message of ours that says what is expected, none by a traceback of pandas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

import aidlib
from aidlib.errors import AidError

MONTH = pd.Period("2020-01", "M")
HOMES = pd.DataFrame(
    {"household_id": [1], "urban": [True], "income_fen": [189_400], "property_ok": [True], "expend_fen": [0]}
)
PEOPLE = pd.DataFrame(
    {"household_id": [1, 1], "person_id": [1, 2], "age": [40, 38], "relation": ["applicant", "spouse"]}
)
SURVEY = pd.DataFrame({"income": [900.0, 200.0], "members": [2, 3], "benefit": [0.0, 100.0], "weight": [1.0, 2.0]})
DESIGN = aidlib.SurveyDesign("weight")


def simulated(
    homes: object = HOMES, people: object = PEOPLE, answer: object = "dibao_benefit_fen", **ways: object
) -> object:
    """Calculate something for a family of two."""
    given = {"region": "330100", "date": "2023-09-01", "local_rules": "none"} | ways
    return aidlib.Simulation(homes, people, **given).calculate(answer)  # type: ignore[arg-type]


def linkage(**given: object) -> aidlib.prices.history.LinkageResult:
    """Decide two months of Heilongjiang that paid."""
    return aidlib.price_linkage(**({"regions": "230000", "first": "2019-09", "last": "2019-10"} | given))  # type: ignore[no-any-return]


WRONG: list[tuple[str, Callable[[], object], str]] = [
    ("a list", lambda: aidlib.search(["低保"]), "expected words"),
    ("a typo", lambda: aidlib.panel("dibao_avrg:rural"), "try: dibao_avg:rural"),
    ("places in one text", lambda: aidlib.panel("dibao_avg:rural", "广西,浙江"), "try: a list: ['广西', '浙江']"),
    ("years in one text", lambda: aidlib.panel("dibao_avg:rural", years="2010-2020"), "try: years=range(2010, 2021)"),
    ("a period for a year", lambda: aidlib.panel("dibao_avg:rural", years=MONTH), "try: years=2020"),
    ("a day for a month", lambda: aidlib.dibao_standards("北京", "2020-01-01"), "try: 2020-01"),
    ("no place", lambda: aidlib.region(None), "unknown region"),
    ("a month for a year", lambda: aidlib.standard_basis("450400", "2019-01"), "try: 2019"),
    ("an area", lambda: aidlib.standard_basis("450400", 2019)["city"], "urban or rural"),
    ("a place for a basis", lambda: aidlib.tied_amounts("450400"), "try: standard_basis('450400', 2024)"),
    ("a float", lambda: aidlib.Candidate("mine", fen_month=12.5), "try: '12.5'"),
    ("periods", lambda: linkage(first=MONTH, last=MONTH), "expected text YYYY-MM"),
    ("a year for a month", lambda: linkage(last="2019"), "try: 2019-01"),
    ("no places", lambda: linkage(regions=[]), "nothing is asked for"),
    ("None for places", lambda: linkage(regions=None), "unknown region"),
    ("a text for a reform", lambda: linkage(reform="linkage_cpi_trigger=3"), "expected a Reform"),
    ("a typo in a reform", lambda: linkage(reform={"linkage_cpi_triger": "3"}), "try: linkage_cpi_trigger"),
    ("a number for a path", lambda: linkage(cpi=3.6), "expected a pandas or Polars DataFrame"),
    ("a lazy path", lambda: linkage(cpi=pl.LazyFrame({"cpi": [1]})), "try: cpi.collect()"),
    ("an index for a rise", lambda: linkage(cpi={"2019-09": "103.6"}), "2.3 for 102.3"),
    ("a group that is none", lambda: linkage().cost({"dibao_urbn": 1}), "try: dibao_urban"),
    ("persons in words", lambda: linkage().cost({"dibao_urban": "many"}), "expected 0 or more"),
    ("persons unknown", lambda: linkage().cost(pd.DataFrame({"group": ["dibao_urban"], "persons": [np.nan]})), "0 or more"),
    ("no group", lambda: linkage().cost(pd.DataFrame({"persons": [1]})), "expected group"),
    ("lookback in words", lambda: aidlib.linkage_months("广西", "2019-10", "12"), "expected 1 or more"),
    ("a month of the nation", lambda: aidlib.national_overview("2019-01"), "try: 2019"),
    ("a text for a family", lambda: aidlib.explain("x", "450400", "2026-09-01"), "not a household"),
    ("lazy households", lambda: simulated(pl.LazyFrame(HOMES)), "try: households.collect()"),
    ("a dict of households", lambda: simulated({"household_id": [1]}), "expected a pandas or Polars DataFrame"),
    ("no households", lambda: simulated(HOMES.iloc[:0], PEOPLE.iloc[:0]), "no households"),
    ("persons of nobody", lambda: simulated(people=PEOPLE.drop(columns="household_id")), "expected household_id"),
    ("income in words", lambda: simulated(HOMES.assign(income_fen=["many"])), "cells that are no numbers"),
    ("area in words", lambda: simulated(HOMES.assign(urban=["城镇"])), "households.urban: cells that are no numbers"),
    ("weights in words", lambda: simulated(weights=["a"]), "weights that are no numbers"),
    ("weights unknown", lambda: simulated(weights=[np.nan]), "a weight is missing"),
    ("no answers", lambda: simulated(answer=[]), "try: monthly_aid_fen"),
    ("a way there is not", lambda: simulated(unknown="maybe"), "raise or bounds"),
    ("a lazy survey", lambda: aidlib.poverty(pl.LazyFrame(SURVEY), line=800), "try: data.collect()"),
    ("an empty survey", lambda: aidlib.poverty(SURVEY.iloc[:0], line=800), "all weights are zero"),
    ("income of a survey in words", lambda: aidlib.poverty(SURVEY.assign(income="a"), line=800), "income: not numbers"),
    ("a column for a design", lambda: aidlib.targeting(SURVEY, line=800, design="weight"), "try: SurveyDesign('weight')"),
    ("NaN weights", lambda: aidlib.incidence(SURVEY.assign(weight=np.nan), design=DESIGN), "weight is missing"),
    ("no amount", lambda: aidlib.fen(None), "not a number"),
    ("an amount in words", lambda: aidlib.yuan("abc"), "not an amount"),
    ("a law of a period", lambda: aidlib.Book().at("450400", MONTH), "on: unreadable day"),
    ("a frame for a file", lambda: aidlib.read_register(HOMES), "expected the path of a file"),
    ("persons by the text", lambda: aidlib.synthetic_population("杭州", "100"), "in whole numbers"),
    ("a lever there is not", lambda: aidlib.workbench("杭州", "2023-09-01", 50).steps("standrd"), "try: standard"),
    ("households alone", lambda: aidlib.workbench("杭州", "2023-09-01", HOMES), "households without persons"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_call_is_answered_in_our_words(call: Callable[[], object], said: str) -> None:
    """What was expected, or the nearest right form, in one message."""
    with pytest.raises(AidError) as raised:
        call()
    assert said in str(raised.value)


def test_other_ways_to_say_a_day_or_a_path_are_read() -> None:
    """A Timestamp is its day, a Series of pandas with periods a path, a text a day of the law."""
    stamped = simulated(date=pd.Timestamp("2023-09-01 12:00"))
    assert isinstance(stamped, pd.DataFrame)
    assert stamped.equals(simulated(date=datetime(2023, 9, 1)))
    path = pd.Series([1.0, 1.0], index=pd.period_range("2019-09", periods=2, freq="M"))
    assert linkage(cpi=path).to_frame()["cpi_yoy"].tolist() == [1.0, 1.0]
    assert aidlib.Book().at("450400", "2019-06-01").value("dibao_standard", "urban").number > 0
