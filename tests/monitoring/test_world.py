"""The invented place: nothing wrong means no alert, every error within reach is found, and nobody in it can be real."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from aidlib.monitoring.measure import measure
from aidlib.monitoring.signals import TESTS
from aidlib.monitoring.synthetic.people import NOWHERE, SYLLABLES, mistyped
from aidlib.monitoring.synthetic.world import world
from aidlib.monitoring.vocabulary import causes
from aidlib.regions import children, lineage
from aidlib.register import ids
from tests.monitoring.conftest import FAMILIES, MONTH, PLACE, Made


def test_a_place_in_which_nothing_is_wrong_raises_no_alert(sound_place: Made) -> None:
    """Registers that agree with each other and with the rules give no signal of any cause."""
    assert sound_place.found.alerts.height == 0
    assert sound_place.world.planted.height == 0
    assert len(sound_place.world.files.recognitions) > 100


def test_every_error_within_reach_is_found(spoiled: Made) -> None:
    """Recall is one for each cause; false alarms are only the kind that is known: exempt vehicles no register marks."""
    found = measure(spoiled.world, spoiled.found)
    missed = found.by_cause[found.by_cause["found"] < found.by_cause["planted"]]
    assert missed.empty, missed
    assert found.recall == 1
    assert set(found.by_cause.loc[found.by_cause["false_alarms"] > 0, "cause"]) == {"property_found"}
    assert Fraction(9, 10) < (found.precision or 0) < 1


def test_every_cause_in_force_is_planted(spoiled: Made) -> None:
    """Each cause that was tested has at least one planted error, so that recall says something of all of them."""
    tested = {test.cause for test in TESTS} | {"opposite_signs"}
    planted = set(spoiled.world.planted.filter(pl.col("reach") == "exact")["cause"])
    assert tested - planted == {"price_subsidy_not_paid", "rigid_not_covered"}, "these two have tests of their own"


def test_what_is_out_of_reach_has_a_reason_and_is_not_claimed(spoiled: Made) -> None:
    """Errors no register shows are listed with why, are not found, and slips in a number are put before a person."""
    table = measure(spoiled.world, spoiled.found).out_of_reach
    assert table["reason_en"].str.len().min() > 5
    assert (table["found"] == 0).all()
    slips = table[table["reason_en"].str.startswith("a slip")]
    assert (slips["put_before_a_person"] == slips["planted"]).all()
    assert len(slips) == 1


def test_what_only_looks_wrong_is_left_alone(spoiled: Made) -> None:
    """Payment in the month of death, a review after it, a base within the wage and a worthless vehicle raise nothing."""
    table = measure(spoiled.world, spoiled.found).harmless.set_index("reason_en")
    assert (
        table.loc[
            ["reviewed after the death", "paid in the month of death", "an electric bicycle of no value"], "alerts"
        ].sum()
        == 0
    )


def test_one_error_fewer_is_one_alert_fewer(spoiled: Made) -> None:
    """Paying the month that was left out takes exactly that family's alert away: recall does not come from firing at everybody."""
    planted = spoiled.world.planted.filter(pl.col("cause") == "month_not_paid")
    home = planted["household_id"][0]
    due = spoiled.found.dues.filter(pl.col("household_id") == home, pl.col("programme") == "dibao")
    row = due.select(
        "household_id",
        "person_id",
        "programme",
        month=pl.lit(MONTH),
        amount_fen="due_fen",
        paid_on=pl.lit(spoiled.found.scene.as_of),
    )
    mended = spoiled.again(aid=pl.concat([spoiled.world.files.aid, row]))
    key = ["household_id", "cause"]
    gone = spoiled.found.alerts.join(mended.alerts, on=key, how="anti")
    assert gone.select(key).rows() == [(home, "month_not_paid")]
    assert mended.alerts.join(spoiled.found.alerts, on=key, how="anti").height == 0


def test_numbers_can_be_no_ones(spoiled: Made) -> None:
    """Every number begins with a code that no place has, is sound otherwise, and is one person's (copies planted on purpose apart)."""
    persons = spoiled.world.files.persons
    numbers = persons["id_number"]
    assert NOWHERE not in {place.code for place in children("000000")}
    assert lineage(PLACE)[-1] == NOWHERE
    assert numbers.str.starts_with(NOWHERE).all()
    assert all(ids.checks_out(number) for number in numbers)
    copies = spoiled.world.planted.filter(pl.col("cause") == "paid_twice").height // 2
    assert len(numbers) - numbers.n_unique() == copies


def test_names_can_be_no_ones(spoiled: Made) -> None:
    """Names begin with a word that is no surname and go on with stems and branches."""
    letters = set("".join(spoiled.world.files.persons["name"].str.slice(1).to_list()))
    assert spoiled.world.files.persons["name"].str.starts_with("测").all()
    assert letters <= set(SYLLABLES)


def test_birth_days_give_the_ages(spoiled: Made) -> None:
    """Each invented person is as old as the register says."""
    persons = spoiled.world.files.persons
    born, age = persons["birth_date"].to_list(), persons["age"].to_list()
    day = spoiled.found.scene.as_of
    assert [day.year - b.year - ((day.month, day.day) < (b.month, b.day)) for b in born] == age


def test_the_same_seed_gives_the_same_place(spoiled: Made) -> None:
    """Register, ledger, departmental registers and errors are the same again; another seed gives others."""
    again = world(PLACE, MONTH, families=FAMILIES, seed=5)
    for name in ("households", "persons", "recognitions", "aid"):
        assert getattr(again.files, name).equals(getattr(spoiled.world.files, name))
    assert again.planted.equals(spoiled.world.planted)
    assert all(again.registers[name].equals(table) for name, table in spoiled.world.registers.items())
    assert not world(PLACE, MONTH, families=FAMILIES, seed=6).planted.equals(again.planted)


def test_every_household_is_marked(spoiled: Made) -> None:
    """The word synthetic stands in every row of the register."""
    assert set(spoiled.world.files.households["status"]) == set(spoiled.world.files.persons["status"]) == {"synthetic"}


def test_a_slip_never_checks_out() -> None:
    """Whatever the last character, the mistyped number is unsound."""
    for last in ids.REMAINDERS:
        number = "0" * 17 + last
        assert ids.checks_out(number) + ids.checks_out(mistyped(number)) <= 1
        assert mistyped(number) != number


@pytest.mark.parametrize("region", ["650000", "152900"])
def test_places_without_a_standard_get_a_stand_in_and_say_so(region: str) -> None:
    """Where no standard is known a published level stands in, and the place says for how many."""
    assert world(region, MONTH, families=1_500, seed=2, errors=False).stood_in > 0


def test_causes_have_words() -> None:
    """Every cause that is tested is in the vocabulary, and the other way round."""
    assert {test.cause for test in TESTS} | {"opposite_signs"} == set(causes())
