"""Release days of the national index: read, announced, or a range; every fault of the table has its message."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aidlib.errors import DataFault, ParameterFault
from aidlib.indices import release
from aidlib.indices.checks import RELEASE_COLUMNS as COLUMNS
from aidlib.indices.checks import of_releases
from aidlib.indices.store import words
from aidlib.prices.months import span
from aidlib.tables import Row

GOOD = dict(zip(COLUMNS, ("2026-09", "2026-10-14", "projected", "REL025", ""), strict=True))


def rows(*changes: dict[str, str]) -> list[Row]:
    return [Row("t.csv", number, False, {**GOOD, **change}) for number, change in enumerate(changes, 2)]


def test_every_month_since_2019_05_has_a_day_in_the_month_after() -> None:
    """No hole from 2019-05 to the last month of the calendar, and no release outside the month after."""
    found = [release(month) for month in span("2019-05", "2026-11")]
    assert all(one.day for one in found)
    assert all(one.earliest.day <= 16 for one in found)
    assert {one.status for one in found} == {"observed", "projected"}


def test_a_day_from_the_calendar_is_projected() -> None:
    """The calendar announces a day; whether it was kept is not known."""
    assert (release("2026-10").day, release("2026-10").status) == (date(2026, 11, 9), "projected")
    assert release("2026-08").status == "observed"


def test_a_month_without_a_day_has_the_range_ever_seen() -> None:
    """An unknown month lies between the earliest and the latest day of the month after that any release was seen on."""
    found = release("2017-04")
    assert (found.day, found.status) == (None, "estimated")
    assert (found.earliest, found.latest) == (date(2017, 5, 8), date(2017, 5, 16))


def test_text_that_is_no_month_is_an_error() -> None:
    """A day is not a month."""
    with pytest.raises(ParameterFault, match="unreadable month"):
        release("2026-9-1")


@pytest.mark.parametrize(("change", "message"), [
    ({"month": "2026.9"}, "t.csv:2 month: unreadable month"),
    ({"released": "2026-10"}, "t.csv:2 released: unreadable day"),
    ({"released": "2026-09-30"}, "t.csv:2 released: released before the month was over; expected 2026-10-01 or later"),
    ({"status": "enacted"}, "t.csv:2 status: unknown status"),
    ({"source": "REL025+REL99"}, "t.csv:2 source: unknown source"),
])  # fmt: skip
def test_each_fault_has_its_own_message(change: dict[str, str], message: str) -> None:
    """One wrong cell gives one message with its place."""
    (got,) = map(str, of_releases(rows(change), words().sources))
    assert got.startswith(message)


def test_a_month_twice_is_a_fault() -> None:
    """Two days for one month would answer by chance."""
    (got,) = map(str, of_releases(rows({}, {"released": "2026-10-15"}), words().sources))
    assert got.startswith("t.csv:3 month: the same month twice")


def test_an_overlay_replaces_an_announced_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a user saw released answers before the calendar; a broken overlay names its line."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    (tmp_path / "reference").mkdir()
    own = tmp_path / "reference/releases.csv"
    own.write_text(f"{','.join(COLUMNS)}\n2026-10,2026-11-10,observed,REL025,\n", encoding="utf-8")
    assert (release("2026-10").day, release("2026-10").place) == (
        date(2026, 11, 10),
        "overlay:reference/releases.csv:2",
    )
    own.write_text(f"{','.join(COLUMNS)}\n2026-10,soon,observed,REL025,\n", encoding="utf-8")
    with pytest.raises(DataFault, match=r"overlay:reference/releases\.csv:2 released: unreadable day"):
        release("2026-10")
