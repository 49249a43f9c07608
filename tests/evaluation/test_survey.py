"""Indicators of surveys: equal to pandas on a census, and with the errors of the textbook and of two packages."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import aidlib
from aidlib.errors import AidError, ParameterFault

CASES = Path(__file__).parents[1] / "cases"
HOMES = pd.read_csv(CASES / "survey_invented_48_households.csv")
"""Invented households: three strata of four units of four, incomes and benefits per head."""
DATA = HOMES.assign(
    income=HOMES["income_yuan_month"] * HOMES["persons"], benefit=HOMES["benefit_yuan_month"] * HOMES["persons"]
)
SIDES: Any = {"line": "line_yuan_month", "members": "persons"}
DESIGN = aidlib.SurveyDesign("weight", strata="stratum", psu="unit")


def estimates(found: Any, group: str = "all") -> pd.DataFrame:
    frame = found.to_frame()
    return frame[frame["group"] == group].set_index("indicator")


def test_errors_are_those_of_svy_and_samplics() -> None:
    """Poverty, coverage and leakage have the values and Taylor errors that svy 0.35.0 and samplics 0.6.1 gave, a domain included."""
    poverty = aidlib.poverty(DATA, **SIDES, by="area", design=DESIGN)
    whole = pd.concat([estimates(poverty), estimates(aidlib.targeting(DATA, **SIDES, design=DESIGN))])
    names = {"coverage_of_poor": "coverage"}
    seen = 0
    with (CASES / "survey_errors_by_svy.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name = row["statistic"]
            at = estimates(poverty, "rural").loc["fgt0"] if name == "fgt0_rural" else None
            if at is None and names.get(name, name) in whole.index:
                at = whole.loc[names.get(name, name)]
            if at is None:
                continue
            seen += 1
            assert at["estimate"] == pytest.approx(float(row["value"]), rel=1e-9)
            assert at["std_error"] == pytest.approx(float(row["standard_error"]), rel=1e-9)
    assert seen >= 6


def test_the_error_is_the_textbook_formula() -> None:
    """The headcount's error is that of a ratio in a stratified sample of clusters: Cochran, Sampling Techniques (1977), (6.13) by stratum with
    totals of units, worked out with loops here."""
    weight = DATA["weight"] * DATA["persons"]
    poor = (DATA["income_yuan_month"] < DATA["line_yuan_month"]).astype(float)
    ratio = (weight * poor).sum() / weight.sum()
    variance = 0.0
    for _, stratum in DATA.assign(y=weight * poor, x=weight).groupby("stratum"):
        residuals = [unit["y"].sum() - ratio * unit["x"].sum() for _, unit in stratum.groupby("unit")]
        mean = sum(residuals) / len(residuals)
        variance += len(residuals) / (len(residuals) - 1) * sum((one - mean) ** 2 for one in residuals)
    found = estimates(aidlib.poverty(DATA, **SIDES, design=DESIGN)).loc["fgt0"]
    assert found["std_error"] == pytest.approx(np.sqrt(variance) / weight.sum(), rel=1e-10)
    assert found["low"] < found["estimate"] < found["high"]


def test_the_bootstrap_is_near_linearisation() -> None:
    """Two thousand replicates give the error of a ratio within a tenth of the linearised one; the same seed gives the same."""
    drawn = aidlib.SurveyDesign("weight", "stratum", "unit", errors="bootstrap", draws=2000)
    one, again = (estimates(aidlib.poverty(DATA, **SIDES, design=drawn)) for _ in range(2))
    exact = estimates(aidlib.poverty(DATA, **SIDES, design=DESIGN))
    assert one["std_error"].to_numpy() == pytest.approx(exact["std_error"].to_numpy(), rel=0.1)
    assert one.equals(again)


def test_a_census_equals_pandas_and_polars_comes_back() -> None:
    """Without a design the values are plain shares of persons and money, without errors; Polars in is Polars out; fifths sum to one."""
    found = estimates(aidlib.targeting(DATA, **SIDES))
    poor, paid = DATA["income_yuan_month"] < DATA["line_yuan_month"], DATA["benefit"] > 0
    persons = DATA["persons"]
    assert found.loc["coverage", "estimate"] == persons[poor & paid].sum() / persons[poor].sum()
    assert found.loc["inclusion_error", "estimate"] == persons[paid & ~poor].sum() / persons[paid].sum()
    assert found.loc["leakage", "estimate"] == pytest.approx(DATA["benefit"][~poor].sum() / DATA["benefit"].sum())
    assert found["std_error"].isna().all()
    fifths = aidlib.incidence(pl.from_pandas(DATA), members="persons").to_frame()
    assert isinstance(fifths, pl.DataFrame)
    assert fifths["estimate"][:5].sum() == pytest.approx(1)


def test_missing_rows_stay_in_the_design_and_faults_are_named() -> None:
    """A household without income is counted as missing, not as poor; a misspelt column and a lonely stratum are told."""
    holes = DATA.assign(income=DATA["income"].astype(float).where(DATA.index != 0))
    row = estimates(aidlib.poverty(holes, **SIDES, design=DESIGN)).loc["fgt0"]
    assert (row["n"], row["n_missing"]) == (47, 1)
    with pytest.raises(ParameterFault, match="incme"):
        aidlib.poverty(DATA, "incme", **SIDES)
    with pytest.raises(ParameterFault, match="without a stratum"):
        aidlib.poverty(DATA.assign(unit=DATA["unit"].where(DATA.index != 0)), **SIDES, design=DESIGN)
    lonely = DATA[(DATA["stratum"] != 3) | (DATA["unit"] == 31)]
    with pytest.raises(AidError, match="one sampling unit"):
        aidlib.poverty(lonely, **SIDES, design=DESIGN)
