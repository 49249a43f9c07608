"""Survey errors beside two packages that are not ours: svy 0.35.0 and samplics 0.6.1, on 48 invented households.

`tests/cases/survey_errors_by_svy.csv` was written by running both packages on `survey_invented_48_households.csv` (three strata of
four units of four households, weights times persons), 2026-11-22; each row names package, version and call. Neither is a dependency.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from aidlib.evaluation.sample import Flags, Floats
from aidlib.evaluation.variance import Design, Lonely, linearised

CASES = Path(__file__).parents[1] / "cases"
UNITS_DRAWN = 0.4  # four of ten units of each stratum
ONE_UNIT = 31
LONELY: dict[str, Lonely] = {"fgt0_lonely_skip": "certainty", "fgt0_lonely_center": "centre"}


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def survey(one_unit: bool) -> dict[str, Floats]:
    homes = [
        r
        for r in rows("survey_invented_48_households.csv")
        if not one_unit or r["stratum"] != "3" or r["unit"] == str(ONE_UNIT)
    ]
    numbers = {key: np.array([float(r[key]) for r in homes]) for key in homes[0] if key != "area"}
    return numbers | {"rural": np.array([float(r["area"] == "rural") for r in homes])}


def sides(statistic: str, s: dict[str, Floats]) -> tuple[Floats, Floats]:
    income, line, paid = (s[f"{name}_yuan_month"] for name in ("income", "line", "benefit"))
    poor: Flags = income < line
    gap, all_ = poor * (line - income) / line, np.ones(len(income))
    return {
        "mean_income": (income, all_), "fgt0": (poor, all_), "fgt1": (gap, all_), "fgt2": (gap**2, all_),
        "coverage_of_poor": (poor * (paid > 0), poor), "leakage": (paid * ~poor, paid),
        "benefit_to_line": (paid, line * (paid > 0)), "fgt0_rural": (poor * s["rural"], s["rural"]),
    }[statistic]  # fmt: skip


@pytest.mark.parametrize("row", rows("survey_errors_by_svy.csv"), ids=lambda r: f"{r['statistic']}-{r['package']}")
def test_linearised_errors_are_those_of_svy_and_samplics(row: dict[str, str]) -> None:
    """Ratio and Taylor error agree to ten digits: means, poverty, a domain, a finite population, a stratum of one unit."""
    statistic = row["statistic"]
    s = survey("lonely" in statistic)
    fraction = UNITS_DRAWN if "of_10_units" in statistic else 0.0
    known = statistic.removesuffix("_4_of_10_units").partition("_lonely")[0]
    top, bottom = (np.asarray(side, float) for side in sides(known, s))
    design = Design(s["stratum"], s["unit"], fraction)
    ratio, error = linearised(top, bottom, s["weight"] * s["persons"], design, LONELY.get(statistic, "error"))
    assert ratio == pytest.approx(float(row["value"]), rel=1e-10)
    assert error == pytest.approx(float(row["standard_error"]), rel=1e-10)
