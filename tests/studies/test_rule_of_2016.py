"""The linkage rule of 2016 put to the months since: only the lines differ, and a month that cannot be told is no month without a start."""

from __future__ import annotations

from pandas import isna

from aidlib.studies.rule_of_2016 import Month, OtherRule, rule_of_2016


def test_both_places_stand_in_the_table() -> None:
    """The nation and the place have a row a year; of the nation every month is told under both rules."""
    found = rule_of_2016("450400", "2022-06")
    frame = found.to_frame()
    assert frame[["place", "year"]].values.tolist() == [[p, y] for p in ("000000", "450400") for y in (2021, 2022)]
    assert all(month.decided for month in found.months if month.place == "000000")
    assert found.decided + found.undecided == len(found.months) == 36
    assert frame["months_undetermined"].sum() == found.undecided


def test_no_month_differs_that_cannot_be_told() -> None:
    """A month unknown under one rule is counted as not told, and a year without any told month has no count by that rule."""
    months = [
        Month("450400", "2021-01", False, None),
        Month("450400", "2021-02", True, None),
        Month("450400", "2022-01", True, False),
    ]
    found = OtherRule(tuple(months))
    assert (found.decided, found.undecided, [month.month for month in found.differ]) == (1, 2, ["2022-01"])
    first, second = found.to_frame().to_dict("records")
    assert (first["months_triggered"], first["months_undetermined"]) == (1, 2)
    assert isna(first["months_triggered_2016"])
    assert (second["months_triggered"], second["months_triggered_2016"], second["months_differ"]) == (1, 0, ["2022-01"])


def test_one_place_stands_once() -> None:
    """Asked for the nation there is one place."""
    assert {month.place for month in rule_of_2016("000000", "2021-03").months} == {"000000"}
