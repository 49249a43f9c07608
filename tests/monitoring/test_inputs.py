"""Tables at the door: kinds, text numbers, all faults at once, the register folder, and never a cell in a message."""

from __future__ import annotations

import traceback
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from aidlib.disclosure import pseudonym
from aidlib.errors import ParameterFault, PrivacyFault, RegisterFault
from aidlib.monitoring import inputs
from aidlib.monitoring.inputs import numbered, read_folder, shaped
from aidlib.monitoring.monthly import monitor
from tests.monitoring.conftest import MONTH, PLACE, Made

NAME = "梁" + "甲乙"
HOMES = {
    "household_id": [1],
    "region_code": [PLACE],
    "urban": [1],
    "income_fen": [0],
    "expend_fen": [0],
    "property_ok": [1],
}


def aid(**changes: object) -> pl.DataFrame:
    """One payment, as text, the way a CSV has it."""
    row = {
        "household_id": "1",
        "person_id": "0",
        "programme": "dibao",
        "month": "2026-10",
        "amount_fen": "500",
        "paid_on": None,
    }
    return pl.DataFrame({name: [value] for name, value in (row | changes).items()}, strict=False)


def test_text_is_brought_to_its_kind() -> None:
    """Numbers and days written as text, words of codes and empty days are what they say."""
    assert shaped({"aid": aid(paid_on="2026-10-31")})["aid"].row(0) == (
        1,
        0,
        "dibao",
        "2026-10",
        500,
        date(2026, 10, 31),
    )
    disabled = pl.DataFrame(
        {"id_number": ["x"], "disability_kind": ["mental"], "disability_grade": ["2"], "listed_on": [None]}
    )
    row = shaped({"severe_disability": disabled})["severe_disability"].row(0, named=True)
    assert row == {
        "id_number": "x",
        "disability_kind": 6,
        "disability_grade": 2,
        "listed_on": None,
        "name": None,
        "birth_date": None,
    }


def test_other_tables_and_columns_stay_as_they_are() -> None:
    """Last month's alerts are aidlib's own; a column nobody reads is nobody's fault; what may be left out is added, empty."""
    tables = {
        "alerts_before": pl.DataFrame({"household_id": [1], "first_seen": ["a"]}),
        "aid": aid().drop("paid_on").with_columns(note=pl.lit("as it is")),
    }
    made = shaped(tables)
    assert made["alerts_before"].equals(tables["alerts_before"])
    assert made["aid"].select("note", "paid_on").row(0) == ("as it is", None)


@pytest.mark.parametrize("column", ["household_id", "person_id", "programme", "month", "amount_fen", "paid_on"])
def test_a_cell_of_another_kind_is_named_and_not_shown(column: str) -> None:
    """A name where something else belongs: table, column and row, in the message and the whole traceback no name."""
    with pytest.raises(RegisterFault) as told:
        shaped({"aid": aid(**{column: NAME})})
    assert f"aid.{column}: cells of another kind" in str(told.value)
    assert NAME not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    ("amount", "right"), [("-1", False), ("0", True), ("0.5", False), ("7.0", False), (7.0, True), (7.5, False)]
)
def test_money_is_whole_and_not_negative(amount: object, right: bool) -> None:
    """A part of a fen and a negative amount are faults; a whole number that a spreadsheet made a float is none."""
    if right:
        assert shaped({"aid": aid(amount_fen=amount)})["aid"]["amount_fen"].dtype == pl.Int64
    else:
        with pytest.raises(RegisterFault, match=r"aid\.amount_fen"):
            shaped({"aid": aid(amount_fen=amount)})


def test_every_fault_is_told_at_once() -> None:
    """A missing column, an empty cell, a wrong place, and a statement of coverage that makes no sense, each with its table and row."""
    homes = pl.DataFrame(HOMES | {"region_code": ["999999"], "urban": [None]}).drop("property_ok")
    stated = pl.DataFrame({
        "table": ["aid", "recognitions", "aid"], "region_code": None, "programme": ["dibao", "dibbao", "tekun"],
        "first": ["2026-10", None, "2026-13"], "last": ["2026-01", None, None],
    })  # fmt: skip
    with pytest.raises(RegisterFault) as told:
        shaped(
            {
                "households": homes,
                "aid": aid(month=None),
                "coverage": stated,
                "deaths": pl.DataFrame({"died_on": [None]}),
            }
        )
    text = str(told.value)
    for part in (
        "households: a column is missing; expected property_ok", "households.region_code: cells of another kind", "households.urban: empty",
        "aid.month: empty", "coverage row 1: a span that ends before it begins", "coverage row 2: the table does not speak of it",
        "coverage.first: cells of another kind", "deaths: a column is missing; expected id_number or person_key",
    ):  # fmt: skip
        assert part in text, part


def test_numbers_that_are_text_stay_the_same_family() -> None:
    """Text numbers name one family in every table and month, leading zeros and all; whole numbers stay; a slip among whole numbers is a fault."""
    homes = pl.DataFrame({"household_id": ["0007", "A-3"]})
    first, second = (numbered({"households": homes, "aid": aid(household_id=one)})["aid"] for one in ("0007", "7"))
    made = numbered({"households": homes.reverse()})["households"]
    assert (
        dict(zip(made["household_no"], made["household_id"], strict=True))["0007"]
        == first["household_id"][0]
        != second["household_id"][0]
    )
    assert first["person_id"][0] == "0"
    assert numbered({"households": pl.DataFrame({"household_id": ["1", "2"]})})["households"].columns == [
        "household_id"
    ]
    with pytest.raises(RegisterFault, match=r"aid\.household_id"):
        shaped({"households": pl.DataFrame(HOMES), "aid": aid(household_id="A-3")})


def folder_of(place: object, folder: Path, month: str = "") -> Path:
    """Write a place as a register folder: some tables as text, the month's own in its folder."""
    own = folder / month
    own.mkdir(parents=True, exist_ok=True)
    for name in ("households", "persons"):
        getattr(place, name).write_parquet(own / f"{name}.parquet")
    for name in ("recognitions", "aid"):
        getattr(place, name).cast(pl.String).write_csv(folder / f"{name}.csv")
    place.more["coverage"].write_csv(folder / "coverage.csv")  # type: ignore[attr-defined]
    for name, table in place.registers.items():  # type: ignore[attr-defined]
        table.write_csv(folder / f"{name}.csv") if name == "deaths" else table.write_parquet(folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("month", ["", MONTH])
def test_a_folder_says_what_memory_says(
    spoiled: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, month: str
) -> None:
    """The tables of a folder, as CSV or Parquet, of one month or of several, give the alerts of the invented place; the key lies elsewhere."""
    data = folder_of(spoiled.place, tmp_path / "data", month)
    monkeypatch.delenv(inputs.KEY_VARIABLE, raising=False)
    with pytest.raises(ParameterFault, match=inputs.KEY_VARIABLE):
        read_folder(data, PLACE, MONTH)
    (tmp_path / "key").write_bytes(bytes(range(1, 33)))
    monkeypatch.setenv(inputs.KEY_VARIABLE, str(tmp_path / "key"))
    monkeypatch.setenv("SOME_REGISTERS", str(data))
    files = read_folder("$SOME_REGISTERS", PLACE, MONTH)
    assert (files.synthetic, files.invented) == (True, False), "its rows say that they are synthetic"
    key = ["household_id", "cause", "persons", "event_on", "distance_fen", "months"]
    found = monitor(files).alerts.select(key).sort(key[:2])
    real_law = spoiled.again(
        law_known=None
    )  # the invented place supposes standards, and no local rule but those on file
    assert found.equals(real_law.alerts.select(key).sort(key[:2]))


def test_text_numbers_and_pseudonyms_of_ones_own_change_nothing(spoiled: Made, tmp_path: Path) -> None:
    """A ledger that numbers its families in text, brings pseudonyms and keeps names apart, gives the same alerts, and lists show its own numbers."""
    from dataclasses import replace

    place, digest = spoiled.place, lambda text: pl.format("户{}", text)
    named = [replace_ids(getattr(place, name)) for name in ("households", "persons", "recognitions", "aid")]
    own = replace(place, **dict(zip(("households", "persons", "recognitions", "aid"), named, strict=True)))
    keyed = {
        name: table.rename({"id_number": "person_key"}).drop("name", "birth_date")
        for name, table in place.registers.items()
    }
    persons = named[1].rename({"id_number": "person_key"})
    data = folder_of(replace(own, persons=persons.drop("name", "birth_date"), registers=keyed), tmp_path)
    persons.select("person_id", "name", "birth_date", id_number="person_key").write_parquet(data / "identities.parquet")
    files = read_folder(data, PLACE, MONTH)
    assert files.key == b""
    found = monitor(files).alerts.join(files.households.select("household_id", "household_no"), on="household_id")
    wanted = spoiled.again(law_known=None).alerts.select(digest("household_id").alias("household_no"), "cause")
    assert found.select("household_no", "cause").sort(pl.all()).equals(wanted.sort(pl.all()))
    assert files.names["name"].null_count() == 0


def replace_ids(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(household_id=pl.format("户{}", "household_id"))


def test_a_folder_needs_households_and_persons_only(spoiled: Made, tmp_path: Path) -> None:
    """Both missing tables are named at once; with them alone a month can be monitored, and everything else is said not to have been handed in."""
    with pytest.raises(RegisterFault) as told:
        read_folder(tmp_path, PLACE, MONTH)
    assert all(name in str(told.value) for name in ("households", "persons"))
    spoiled.place.households.write_parquet(tmp_path / "households.parquet")
    spoiled.place.persons.rename({"id_number": "person_key"}).write_parquet(tmp_path / "persons.parquet")
    found = monitor(read_folder(tmp_path, PLACE, MONTH))
    assert set(found.alerts["cause"]) <= {"above_county_limit"}
    assert len(found.not_judged) > 20


def test_another_key_is_not_silently_unmatched(spoiled: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that says by which key it was made refuses another one."""
    data = folder_of(spoiled.place, tmp_path / "data")
    right, wrong = bytes(range(1, 33)), bytes(range(2, 34))
    (data / "folder.csv").write_text(f"name,value\npurpose,checks\nkey_check,{pseudonym('aidlib', right, 'checks')}\n")
    monkeypatch.setenv(inputs.KEY_VARIABLE, str(tmp_path / "key"))
    (tmp_path / "key").write_bytes(wrong)
    with pytest.raises(PrivacyFault, match="another key"):
        read_folder(data, PLACE, MONTH)
    (tmp_path / "key").write_bytes(right)
    assert read_folder(data, PLACE, MONTH).purpose == "checks"


def test_a_file_that_cannot_be_read_is_named_without_its_cells(tmp_path: Path) -> None:
    """What the reader complains of holds cells: only the file's name is told."""
    for name in ("households", "persons"):
        (tmp_path / f"{name}.csv").write_text(f'a,b\n1,2\n"{NAME},3\n4,5,6,7\n', encoding="utf-8")
    with pytest.raises(RegisterFault, match="cannot be read") as told:
        read_folder(tmp_path, PLACE, MONTH)
    assert told.value.__cause__ is None
    assert NAME not in str(told.value)


def test_a_county_with_ledgers_only_needs_no_numbers(sound_place: Made, spoiled: Made, tmp_path: Path) -> None:
    """Without departmental lists neither identity numbers nor a key are asked for, empty text is an empty cell, and no alert is false."""
    from dataclasses import replace

    for name, made in (("sound", sound_place), ("spoiled", spoiled)):
        place = replace(made.place, persons=made.place.persons.drop("id_number", "name", "birth_date"), registers={})
        data = folder_of(place, tmp_path / name)
        quoted = place.more["coverage"].with_columns(pl.col(pl.String).fill_null(""))
        quoted.write_csv(data / "coverage.csv", quote_style="always")
        files = read_folder(data, PLACE, MONTH)
        assert files.key == b""
        found = monitor(files)
        real_law = made.again(law_known=None, registers={}).alerts
        keys = ["household_id", "cause"]
        assert (
            found.alerts.select(keys)
            .sort(keys)
            .equals(real_law.filter(pl.col("cause") != "paid_twice").select(keys).sort(keys))
        )
        assert found.alerts.is_empty() is (name == "sound")
        assert "paid_twice" not in set(found.alerts["cause"]), "whether one person draws twice cannot be told"
