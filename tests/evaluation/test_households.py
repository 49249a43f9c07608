"""A register in the evaluation: exact in whole fen, a census, small cells hidden, also beside earlier registers; nothing without a register."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_register import as_register

import aidlib
from aidlib.disclosure import suppress
from aidlib.errors import RegisterFault
from aidlib.evaluation.form import fill
from aidlib.evaluation.households import Households, NoHouseholds
from aidlib.evaluation.measures import Records
from aidlib.evaluation.sample import of_totals
from aidlib.indices import Figures
from aidlib.known import Known, Missing
from aidlib.law import Book
from aidlib.law.rubrics import load

LINE = 816_000  # a standard of 680 yuan a month, in fen a year
AT = Records(Book(), Figures(), "450400", 2019)


def households(rows: list[tuple[int, int, int, bool]], earlier: tuple[dict[str, object], ...] = ()) -> Households:
    """Invented households: income and benefit in fen a year, members, town; on the roll where they are paid."""
    income, paid, members, urban = (np.array(side) for side in zip(*rows, strict=True))
    sample = of_totals(income, paid, LINE * members, members)
    return Households(sample, urban.astype(bool), paid > 0, money=True, levels={}, left_out=0, earlier=earlier)  # type: ignore[arg-type]


def many() -> list[tuple[int, int, int, bool]]:
    """Three kinds of household, forty of each: poor and paid, poor and missed, not poor and paid."""
    kinds = [
        (LINE // 2, 204_001, 2, True),
        (LINE * 3 // 2, 0, 2, False),
        (LINE * 4, 100_000, 1, True),
        (LINE * 5, 0, 3, False),
    ]
    return [kind for kind in kinds for _ in range(40)]


def measures(found: Households) -> dict[str, object]:
    frame = found.to_frame()
    return dict(zip(frame["household_measure"], frame["value"], strict=True))


def test_shares_are_exact_to_the_fen() -> None:
    """Each share is a quotient of whole persons or whole fen, equal to what the households add up to by hand."""
    found = {name: value.number for name, value in measures(households(many())).items()}  # type: ignore[attr-defined]
    assert found["coverage_of_poor"] == Fraction(80, 160)
    assert found["exclusion_error"] == Fraction(80, 160)
    assert found["inclusion_error"] == Fraction(40, 120)
    assert found["leakage"] == Fraction(100_000, 304_001)
    assert found["benefit_to_line"] == Fraction(204_001 + 100_000, 3 * LINE)
    gap = (2 * LINE - LINE // 2) + (2 * LINE - LINE * 3 // 2)
    assert found["gap_reduction"] == Fraction(204_001, gap)
    assert found["paid_per_person_month"] == Fraction(304_001, 3 * 12 * 100)


def test_income_on_the_line_is_not_in_need() -> None:
    """A household one fen a year below the line times its members is in need, one on it is not."""
    rows = [(2 * LINE - 1, 1, 2, True)] * 20 + [(2 * LINE, 1, 2, True)] * 20
    assert measures(households(rows))["inclusion_error"].number == Fraction(1, 2)  # type: ignore[attr-defined]


def test_the_errors_stand_beside_the_gap_reduction() -> None:
    """Wherever the errors are shown the gap reduction has a row too, missing by name where the register has no amounts."""
    found = households(many())
    assert "gap_reduction" in measures(found)
    bare = Households(found.sample, found.urban, found.receives, money=False, levels={}, left_out=0)
    assert isinstance(measures(bare)["gap_reduction"], Missing)
    assert isinstance(measures(bare)["exclusion_error"], Known)


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * LINE), st.booleans(), st.integers(1, 4), st.booleans()), min_size=1, max_size=60
    )
)
def test_no_small_cell_is_shown_or_follows_from_a_margin(rows: list[tuple[int, bool, int, bool]]) -> None:
    """No count of one to nine persons is published, and no row or column hides just one cell whose margin is shown."""
    found = households([(income, 60_000 * paid, members, urban) for income, paid, members, urban in rows])
    for table in found.published().values():
        shown = [int(count) for count in table.to_numpy().ravel() if not pd.isna(count)]
        assert not [count for count in shown if 0 < count < 10]
        hidden = table.isna().to_numpy()
        for line in (*hidden, *hidden.T):
            assert line[-1] or line[:-1].sum() != 1


def test_a_share_is_hidden_with_its_cells() -> None:
    """Where four persons in need are missed, the errors and leakage are hidden; their statuses say so."""
    rows = [(LINE // 2, 60_000, 1, True)] * 40 + [(LINE // 2, 0, 1, True)] * 4 + [(LINE * 4, 60_000, 1, False)] * 40
    frame = households(rows).to_frame().set_index("household_measure")
    for name in ("coverage_of_poor", "exclusion_error", "inclusion_error", "leakage", "gap_reduction"):
        assert frame.loc[name, "value"] is None
        assert frame.loc[name, "value_status"] == "suppressed"
    assert frame.loc["benefit_to_line", "value_status"] == "observed"


def test_money_that_two_households_dominate_is_hidden() -> None:
    """Where two households receive nearly all of the money nothing is said of money."""
    rows = [(0, 10_000_000, 1, True)] * 2 + [(0, 12, 1, True)] * 30 + [(LINE * 4, 0, 1, False)] * 30
    frame = households(rows).to_frame().set_index("household_measure")
    assert {frame.loc[name, "value_status"] for name in ("benefit_to_line", "paid_per_person_month", "leakage")} == {
        "suppressed"
    }


def test_what_was_hidden_last_time_does_not_follow_from_this_time() -> None:
    """Each table holds what every earlier register hides beside it: at least what it hides alone, and what each of them asks for."""
    kinds = {
        (LINE // 2, 60_000, 1, True): 33,
        (LINE // 2, 0, 1, False): 30,
        (LINE * 4, 60_000, 1, False): 4,
        (LINE * 4, 0, 1, True): 50,
    }
    before = [kind for kind, count in kinds.items() for _ in range(count)]
    now = before + [(LINE * 4, 60_000, 1, False)] * 8
    last = {name: one for name, one in households(before).counts().items() if one is not None}
    alone, beside = households(now).published(), households(now, (last,)).published()
    assert last
    for name, table in beside.items():
        wanted = suppress(pd.DataFrame(households(now).counts()[name]._full.iloc[:-1, :-1]), last=last.get(name)).table  # type: ignore[union-attr]
        assert (table.isna().to_numpy() >= wanted.isna().to_numpy()).all()
        assert (table.isna().to_numpy() >= alone[name].isna().to_numpy()).all() or last.get(name) is not None
    assert any(not beside[name].equals(alone[name]) for name in beside)


def test_without_a_register_nothing_is_said_of_households() -> None:
    """No register: no rows, nothing simulated; no standard of the year: the gap is named."""
    assert aidlib.evaluate("450400", 2019).households().to_frame().empty
    none = aidlib.evaluate("450000", 2022).households("/nowhere")
    assert isinstance(none, NoHouseholds)
    assert [gap.what for gap in none.missing] == ["level"]


def test_a_register_is_read_and_its_rejects_counted(tmp_path: Path) -> None:
    """Two files of a folder are read, a month's benefit becomes a year's; what is rejected is counted; a file that is not there is named."""
    as_register(tmp_path, 200)
    homes = pd.read_csv(tmp_path / "households.csv").assign(last_benefit_fen=12_345)
    homes.loc[0, "income_fen"] = -5
    homes.to_csv(tmp_path / "households.csv", index=False)
    found = aidlib.evaluate("450400", 2019).households(str(tmp_path))
    assert isinstance(found, Households)
    assert found.n + found.left_out == 200
    assert set(found.sample.paid.tolist()) == {0, 12_345 * 12}
    assert int(found.receives.sum()) == int((found.sample.paid > 0).sum()) > 0
    with pytest.raises(RegisterFault, match="no register"):
        aidlib.evaluate("450400", 2019).households(str(tmp_path / "nothing"))


def test_a_register_without_any_income_is_said_not_to_be_measured(tmp_path: Path) -> None:
    """A list of heads, say: no household can be measured, the page is made all the same and says of how many; beside an earlier one too."""
    as_register(tmp_path, 200)
    for table, incomes in (("households", ["income_fen"]), ("persons", ["own_income_fen", "wage_fen"])):
        file = tmp_path / f"{table}.csv"
        pd.read_csv(file).drop(columns=incomes).to_csv(file, index=False)
    found = aidlib.evaluate("450400", 2019).households(str(tmp_path), str(tmp_path))
    assert isinstance(found, NoHouseholds)
    assert found.left_out == 200
    assert found.to_frame().empty


def test_a_register_answers_the_rows_that_only_it_can() -> None:
    """Of the composite form the register fills coverage and accuracy; what it must hide, and no register at all, answer nothing."""

    def answered(register: Households | NoHouseholds) -> dict[str, str]:
        rows = {row.indicator: row for row in load("2021-county-composite") if row.bound.startswith("register:")}
        found = fill(AT, "2021-county-composite", households=register).answers
        return {name: one.actual for name, one in found.items() if name in rows}

    assert answered(households(many())) == {"应救尽救比例": "50", "补助人群精准率": "66.6667"}
    assert answered(households(many()[:3])) == {}
    assert answered(NoHouseholds()) == {}
