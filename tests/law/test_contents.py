"""What the law book holds: contradictions settled with a day, nothing enacted on a reading, no standard worked back, places counted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from aidlib import tables
from aidlib.law import Book
from aidlib.law.faults import OFFICIAL

README = Path(__file__).parents[2] / "data" / "law" / "README.md"
BOOK = Book()
ENTRIES = BOOK.tables.entries
SOURCES = BOOK.tables.sources
CONFLICTS = tables.rows(
    "law/conflicts.csv", ("conflict", "file", "rows", "held", "other_source", "decision", "reason", "day")
)
READINGS = {key for key, source in SOURCES.items() if source.level == "INFERENCE"}


def test_every_settled_contradiction_says_what_why_and_when() -> None:
    """A line of the record names the file, what the book held, what the other text says, the decision, the reason and the day."""
    assert len({row["conflict"] for row in CONFLICTS}) == len(CONFLICTS) >= 32
    newest = max(date.fromisoformat(entry.row["checked_on"]) for entry in ENTRIES)
    for row in CONFLICTS:
        assert all(row[column] for column in ("file", "rows", "held", "other_source", "decision", "reason")), row
        assert date.fromisoformat(row["day"]) <= newest
        assert all(
            (README.parent / name).exists() or (README.parents[1] / name).exists() for name in row["file"].split()
        )


def test_the_record_names_sources_that_exist() -> None:
    """A source named in the record of contradictions is a source of the book."""
    said = " ".join(row[column] for row in CONFLICTS for column in ("held", "other_source", "decision", "reason"))
    named = set(re.findall(r"\b(?:DS|LK|L)-?\d[\w-]*", said))
    assert named <= set(SOURCES), named - set(SOURCES)


def test_nothing_is_enacted_on_a_reading() -> None:
    """A row read off payments or standards is an estimate, and no dibao standard is one."""
    for entry in ENTRIES:
        if entry.row["source"] in READINGS:
            assert entry.row["status"] == "estimated", entry.row
            assert entry.row["name"] != "dibao_standard", entry.row


def test_only_an_instrument_stands_in_title_marks() -> None:
    """A press report names its paper and day, a page its title; title marks are left to instruments and papers."""
    for source in SOURCES.values():
        if source.level == "PRESS":
            assert source.cite().startswith("据"), source
            assert source.cite().endswith(f"（{source.title}）"), source
        if source.level not in ("VERIFIED", "VERIFIED-2"):
            assert "《" not in source.title, source


def test_no_address_is_unofficial() -> None:
    """Addresses lie on gov.cn or github.com; a copy elsewhere is not named."""
    assert all(OFFICIAL.match(source.url) for source in SOURCES.values() if source.url)


@pytest.mark.parametrize(
    ("place", "on", "words"),
    [
        ("520322", "2024-06-01", "class_3 counties"),  # Tongzi, by the plan of Guizhou
        ("520281", "2022-05-01", "class_2 counties"),  # Panzhou, by the class of Liupanshui
        ("370811", "2020-07-01", "class_1 city_districts"),  # Rencheng, by Jining
        ("420304", "2016-04-01", "class_2 city_districts"),  # Yunyang is a district of the second class
        ("330282", "2020-01-01", "class_2 counties"),  # Cixi, until Ningbo had one level
        ("330282", "2021-07-01", "counties"),
        ("450400", "2021-07-01", ""),
    ],
)
def test_a_county_knows_which_part_it_is(place: str, on: str, words: str) -> None:
    """The class by a dated row, its own or that of the place above; and what the code says."""
    assert set(words.split()) <= set(BOOK.parts(place, date.fromisoformat(on)))
    assert bool(words) == bool(BOOK.parts(place, date.fromisoformat(on)))


@pytest.mark.parametrize(
    ("place", "on", "group", "text"),
    [
        ("520322", "2022-05-01", "urban", "660"),
        ("520281", "2022-05-01", "rural", "5316"),
        ("370811", "2020-08-01", "urban", "630"),
        ("370829", "2020-08-01", "urban", "590"),
        ("440700", "2021-03-01", "urban", "932"),
    ],
)
def test_the_part_answers_with_its_own_level(place: str, on: str, group: str, text: str) -> None:
    """A county of a class is answered with the level of that class, not with another part's."""
    assert BOOK.at(place, date.fromisoformat(on)).value("dibao_standard", group).text == text


def test_the_places_counted_in_the_readme_are_those_in_the_book() -> None:
    """The README counts places with a standard, prefectures among them, and places with a floor or guide."""
    held = {
        name: {e.row["region"] for e in ENTRIES if e.row["name"] == name}
        for name in ("dibao_standard", "dibao_floor", "dibao_guide")
    }
    standard, bounds = held["dibao_standard"], held["dibao_floor"] | held["dibao_guide"]
    prefectures = {code for code in standard if code.endswith("00") and not code.endswith("0000")}
    counted = re.search(
        r"(\d+) places have a dibao standard \((\d+) prefectures\), (\d+) a floor or a guide",
        README.read_text(encoding="utf-8"),
    )
    assert counted is not None
    assert tuple(map(int, counted.groups())) == (len(standard), len(prefectures), len(bounds))
