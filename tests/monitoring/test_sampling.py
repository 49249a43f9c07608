"""Inspection: draws that repeat, no conflicts of interest, sample sizes and intervals that hold what they promise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.errors import AidError
from aidlib.monitoring.sampling import assign, draw, least_files, sample_size, stratified_rate

CASES = pd.DataFrame(
    {"case_id": range(100), "stratum": ["town"] * 40 + ["village"] * 60, "township": [f"t{i % 5}" for i in range(100)]}
)


@given(st.integers(0, 10_000))
def test_least_files_is_the_smallest_that_reaches_the_share(files: int) -> None:
    """The count reaches the share, and one file fewer would not."""
    share = Fraction(3, 10)
    drawn = least_files(files, share)
    assert drawn >= files * share
    assert drawn == 0 or drawn - 1 < files * share


def test_a_draw_repeats_whatever_the_order() -> None:
    """The same seed and the same cases in another order give the same draw; another seed gives another."""
    counts = {"town": 10, "village": 20}
    first = draw(CASES, counts, seed=20240401)
    assert (
        first["case_id"].tolist()
        == draw(CASES.sample(frac=1, random_state=1), counts, seed=20240401)["case_id"].tolist()
    )
    assert first["case_id"].tolist() != draw(CASES, counts, seed=20240402)["case_id"].tolist()


def test_a_draw_takes_what_was_asked() -> None:
    """Each stratum gives its count, a count above the stratum takes all, and the weights add up to the whole."""
    drawn = draw(CASES, {"town": 10, "village": 999}, seed=1)
    assert drawn["stratum"].value_counts().to_dict() == {"town": 10, "village": 60}
    assert drawn["weight"].sum() == pytest.approx(100)


def test_a_place_without_recognitions_draws_nothing() -> None:
    """No case is an empty draw, whatever kind of texts the empty list holds."""
    for texts in ("object", "str"):
        empty = pd.DataFrame({"case_id": [], "stratum": []}).astype(texts)
        assert draw(empty, {}, seed=1)["weight"].tolist() == []


def test_every_case_can_be_drawn() -> None:
    """Over many seeds each case is drawn about as often as any other."""
    hits = np.zeros(100)
    for seed in range(400):
        hits[draw(CASES, {"town": 10, "village": 15}, seed=seed)["case_id"]] += 1
    assert hits.min() > 60
    assert hits.max() < 145


def test_faulty_lists_are_refused() -> None:
    """A case listed twice and a stratum that does not exist are errors."""
    with pytest.raises(AidError, match="twice"):
        draw(pd.concat([CASES, CASES.tail(1)]), {"town": 1}, seed=1)
    with pytest.raises(AidError, match="no such stratum"):
        draw(CASES, {"hamlet": 1}, seed=1)


def test_inspectors_never_judge_their_own() -> None:
    """Nobody gets a case of a township or a case he must not judge, and loads differ by little."""
    drawn = draw(CASES, {"town": 20, "village": 20}, seed=3)
    inspectors = pd.DataFrame({"inspector_id": ["a", "b", "c"], "conflicts": [{"t0"}, {"t1", 7}, set()]})
    given_out = assign(drawn, inspectors, seed=3)
    assert not ((given_out["inspector_id"] == "a") & (given_out["township"] == "t0")).any()
    assert not (
        (given_out["inspector_id"] == "b") & (given_out["township"].eq("t1") | given_out["case_id"].eq(7))
    ).any()
    assert given_out["inspector_id"].value_counts().pipe(lambda n: n.max() - n.min()) <= 2


def test_a_case_nobody_may_judge_is_named() -> None:
    """When all inspectors have a conflict the cases are listed, not assigned."""
    everyone = pd.DataFrame({"inspector_id": ["a"], "conflicts": [{f"t{i}" for i in range(5)}]})
    with pytest.raises(AidError, match="borrow"):
        assign(draw(CASES, {"town": 2}, seed=1), everyone, seed=1)


@pytest.mark.parametrize(
    ("population", "half_width", "expected"),
    [(10_000, 0.05, 370), (1_000_000, 0.05, 384), (100, 0.05, 80), (0, 0.05, 0), (5, 0.01, 5)],
)
def test_sample_sizes(population: int, half_width: float, expected: int) -> None:
    """Textbook sizes for 95 % and an unknown rate."""
    assert sample_size(population, half_width) == expected


def test_stratified_rate_of_a_full_draw_is_the_truth() -> None:
    """Inspecting every case leaves no sampling error."""
    drawn = draw(CASES, {"town": 40, "village": 60}, seed=1).assign(wrong=lambda f: f["case_id"] % 10 == 0)
    found = stratified_rate(drawn, "wrong")
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_stratified_rate_is_centred_on_the_truth() -> None:
    """Over many draws the estimate averages to the true rate and its interval covers it."""
    found = []
    for seed in range(300):
        drawn = draw(CASES, {"town": 20, "village": 20}, seed=seed).assign(wrong=lambda f: f["case_id"] < 25)
        found.append(stratified_rate(drawn, "wrong"))
    assert np.mean([r.value for r in found]) == pytest.approx(0.25, abs=0.01)
    assert np.mean([r.low <= 0.25 <= r.high for r in found]) > 0.9


def test_one_case_is_too_few() -> None:
    """A stratum of which a single case was seen is refused."""
    drawn = draw(CASES, {"town": 1, "village": 5}, seed=1).assign(wrong=False)
    with pytest.raises(AidError, match="two or more"):
        stratified_rate(drawn, "wrong")
