"""The helpers give the same number on ints, arrays and expressions, and round as their names say."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.register.columns import FEN_MAX
from aidlib.rules import helpers

amounts = st.integers(-FEN_MAX, FEN_MAX)
steps = st.sampled_from([1, 10, 100, 1_000, 1_200, 120_000])
WAYS = {helpers.DOWN: ROUND_FLOOR, helpers.HALF_UP: ROUND_HALF_UP, helpers.UP: ROUND_CEILING}


@given(amounts, steps, st.sampled_from(list(WAYS)))
def test_rounding_is_that_of_decimal(amount: int, step: int, mode: int) -> None:
    """One formula rounds down, half up and up as `decimal` does; negative halves go up as well."""
    exact = Decimal(amount) / step
    wanted = exact.to_integral_value(WAYS[mode])
    if mode == helpers.HALF_UP and amount < 0 and exact % 1 == Decimal("-0.5"):
        wanted += 1
    assert helpers.rounded(amount, step, mode) == wanted


@pytest.mark.parametrize(
    "rule",
    [
        lambda a, b: helpers.at_least(a, b),
        lambda a, b: helpers.at_most(a, b),
        lambda a, b: helpers.first_of((a > b, a), (a == b, 7), otherwise=b),
        lambda a, b: helpers.first_of((a > b, 63), (a == b, -63), (b > 40, 0), otherwise=2),
        lambda a, b: helpers.first_of((a > b, 64), (a == b, -64), otherwise=2),
        lambda a, b: helpers.first_of((a > b, 100_000), (a == b, -1), otherwise=2) * 1_000,
        lambda a, b: helpers.given(helpers.no(a > b), b),
        lambda a, b: helpers.given(helpers.among(a, (0, 5)), 3) + b,
        lambda a, b: helpers.share(helpers.at_least(a, 0), 1_500) + helpers.ceil_to(b, 100),
        lambda a, b: helpers.monthly(helpers.at_least(a, b), 10, helpers.UP),
    ],
)
def test_ints_arrays_and_expressions_agree(rule) -> None:
    """The same function gives the same numbers on ints, numpy arrays and Narwhals expressions."""
    grid = [-1_201, -5, -1, 0, 1, 5, 49, 50, 1_000, 99_999]
    pairs = [(a, b) for a in grid for b in grid]
    left, right = (np.array(column) for column in zip(*pairs, strict=True))
    plain = [int(rule(a, b)) for a, b in pairs]
    frame = nw.from_native(pl.LazyFrame({"a": left, "b": right}))
    lazy = frame.select(answer=rule(nw.col("a"), nw.col("b"))).collect()["answer"].to_list()
    assert rule(left, right).tolist() == plain
    assert lazy == plain


def test_a_flag_that_is_known_beforehand_decides_at_once() -> None:
    """A plain True or False among the conditions works on arrays as well."""
    assert helpers.first_of((False, 1), (np.array([True, False]), 2), otherwise=3).tolist() == [2, 3]
    assert helpers.first_of((True, 1), (np.array([True, False]), 2), otherwise=3) == 1
    assert helpers.first_of((np.array([True, False]), 1), (True, 2), otherwise=3).tolist() == [1, 2]


def test_a_chosen_code_has_room_for_sums() -> None:
    """Codes are chosen a byte each, and come back wide enough for what rules do with them."""
    assert (helpers.first_of((np.array([True]), 60), otherwise=0) * 10**9).tolist() == [60 * 10**9]
