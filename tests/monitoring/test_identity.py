"""Identity numbers are judged as the scalar rules judge them, and leave as keyed pseudonyms."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidlib.disclosure.pseudonyms import pseudonym
from aidlib.errors import PrivacyFault, RegisterFault
from aidlib.monitoring.identity import keyed, sound
from aidlib.register import ids

KEY, TODAY = bytes(range(32)), date(2026, 10, 31)


def number(day: str = "19500101", tail: str = "001") -> str:
    """An invented number: the place 000000 exists nowhere."""
    first = "0" * 6 + day + tail
    return first + ids.check_character(first)


@given(st.text(alphabet="0123456789Xx -", max_size=20), st.booleans())
def test_soundness_is_that_of_the_scalar_rules(text: str, wrapped: bool) -> None:
    """Column-wise judgement equals shape, check character and birth day judged one by one."""
    given_text = number()[: len(text) % 19] + text[len(text) % 19 :] if wrapped else text
    plain = ids.normal(given_text)
    born = ids.birth_day(plain) if ids.checks_out(plain) else None
    expected = plain if born is not None and born <= TODAY else None
    assert sound(pl.Series([given_text]), TODAY).to_list() == [expected]


def test_spellings_of_one_number_get_one_pseudonym() -> None:
    """Blanks, full width and a small x do not part a person from himself."""
    one = number(tail="012")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in one)
    keys = keyed(pl.DataFrame({"id_number": [one, f" {one[:6]} {one[6:]}", wide, one.lower()]}), KEY, "demo", TODAY)[
        "person_key"
    ]
    assert keys.n_unique() == 1
    assert keys[0] == pseudonym(one, KEY, "demo")


def test_unsound_numbers_get_no_pseudonym() -> None:
    """A wrong check character, a day that is none, a birth in the future, and nothing at all."""
    good = number()
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    rows = [wrong, number("19500231"), number("20270101"), None, "", good]
    assert keyed(pl.DataFrame({"id_number": rows}), KEY, "demo", TODAY)["person_key"].is_null().to_list() == [
        True
    ] * 5 + [False]


def test_numbers_leave_no_trace() -> None:
    """The column of numbers is gone, other purposes and keys give other pseudonyms, and a short key is refused."""
    table = pl.DataFrame({"id_number": [number()], "n": [1]})
    first = keyed(table, KEY, "demo", TODAY)
    assert first.columns == ["n", "person_key"]
    assert first["person_key"][0] != keyed(table, KEY, "other", TODAY)["person_key"][0]
    assert first["person_key"][0] != keyed(table, bytes(32), "demo", TODAY)["person_key"][0]
    with pytest.raises(PrivacyFault):
        keyed(table, b"short", "demo", TODAY)


def test_a_table_without_numbers_is_refused() -> None:
    """The message names the column and what comes near it."""
    with pytest.raises(RegisterFault, match=r"id_number.*id_numbr"):
        keyed(pl.DataFrame({"id_numbr": ["x"]}), KEY, "demo", TODAY)


def test_pandas_comes_back_as_pandas() -> None:
    """A county's clerk who brings a pandas frame gets one back."""
    import pandas as pd

    found = keyed(pd.DataFrame({"id_number": [number()]}), KEY, "demo", TODAY)
    assert isinstance(found, pd.DataFrame)
