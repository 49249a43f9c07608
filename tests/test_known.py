"""A number says what it is; what is missing is a value that is false, names itself, and passes through methods."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import aidlib
from aidlib.errors import MoneyFault
from aidlib.indices import Figures
from aidlib.known import Known, Missing, Note, every, known_frame, lacking, missing_frame
from aidlib.law import Book


def test_a_known_number_brings_row_status_and_unit() -> None:
    """A law value and a figure keep their status, unit, place and period; an index keeps the published decimals."""
    row = Book().at("450400", date(2019, 5, 1)).value("dibao_standard", "rural")
    level = Known.of(row)
    assert (level.row, level.status, level.fen_month * 12, level.region) == (row, "enacted", 450000, "450400")
    assert level.period == str(row.start)
    figure = Figures().get("450000", "cpi_annual:total:all_items", "2018")
    assert Known.of(figure).ratio == (figure.published - 100) / 100
    assert Known.of(figure).where == figure.place


def test_a_given_number_is_an_estimate_and_a_float_is_refused() -> None:
    """What somebody chose is never stronger than estimated, and has no row; a float has lost what was written."""
    assert (Known.of("0.35", "share", "ratio").status, Known.of("0.35").where) == ("estimated", "parameter")
    with pytest.raises(MoneyFault, match="must be given as text"):
        Known.of(0.35)
    with pytest.raises(MoneyFault, match="not an amount of money"):
        _ = Known.of("3.5", "cpi", "pct").fen_month


def test_a_range_shows_its_ends() -> None:
    """A number known as a range is no point, and says so where it is shown."""
    found = Known(Fraction(5), "ratio", low=Fraction(4), high=Fraction(6))
    assert not found.point
    assert repr(found) == "Known(5 in 4..6 ratio, estimated)"
    assert Known(Fraction(5), "ratio").point


def test_missing_is_false_and_keeps_the_first_method_that_failed() -> None:
    """The first method that failed stays named; the first missing value among some is found."""
    gone = Missing("level_before", "urban", 2018)
    assert not gone
    assert gone.of_method("half").of_method("quarter").method == "half"
    assert lacking(1, gone) is gone
    assert lacking(1, "x") is None


def test_nothing_missing_is_told_twice() -> None:
    """The frame of what is missing lists each thing once, and its columns are codes."""
    frame = missing_frame(
        [Missing("wage", "urban", 2024), Missing("wage", "urban", 2024), Missing("wage", "rural", 2024)]
    )
    assert frame[["what", "area"]].values.tolist() == [["wage", "urban"], ["wage", "rural"]]


def test_frames_keep_exact_numbers_and_their_rows() -> None:
    """A frame of numbers holds fractions, not floats, with status and source beside."""
    figure = Figures().get("450000", "consumption_pc:urban", "2018")
    row = known_frame([Known.of(figure), Known.of("1/3", "share", "ratio")]).to_dict("records")
    assert [one["number"] for one in row] == [figure.value, Fraction(1, 3)]
    assert row[0]["sources"] == [figure]
    assert [one["status"] for one in row] == [figure.status, "estimated"]


def test_what_is_shown_in_a_notebook_cannot_run() -> None:
    """Names are escaped where a number or a gap shows itself as HTML."""
    assert "<b>" not in Missing("<b>")._repr_html_()
    assert "<b>" not in Known(Fraction(1), "<b>", name="<b>")._repr_html_()


def test_lists_of_values_are_flattened_but_notes_are_not() -> None:
    """Answers for two areas and single answers may be mixed; a note is one thing."""
    assert list(every([1, [2, (3,)], Note("a")])) == [1, 2, 3, Note("a")]


def test_they_stand_on_the_public_face() -> None:
    """A researcher finds them at the top."""
    assert (aidlib.Known, aidlib.Missing) == (Known, Missing)
