"""A broken copy of each law table shows every planted fault at once, with file, line and cure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aidlib.errors import LawFault
from aidlib.law import Book, check, load

Lay = Callable[..., None]

GOOD = "450400,notice_days,,2030-01-01,,7,day,,enacted,DB57,第19条,2026-11-22,invented"


def planted(shown: list[str], *expected: tuple[str, str]) -> None:
    for place, what in expected:
        assert any(line.startswith(f"overlay:law/{place}") and what in line for line in shown), (place, what, shown)
    assert len(shown) == len(expected), shown


def survey() -> list[str]:
    return [str(fault) for fault in load.survey()[1]]


def test_every_fault_of_the_values_is_shown_at_once(lay: Lay) -> None:
    """Each broken row of values is named with its line and column, and the nearest word is offered."""
    lay("sources", "OWN-READING,做法,,,,,INFERENCE,")
    lay(
        "values",
        GOOD,
        GOOD.replace("450400", "450401"),
        GOOD.replace("notice_days", "notice_dayz"),
        GOOD.replace(",day,", ",workday,"),
        GOOD.replace(",7,", ",seven,"),
        GOOD.replace(",7,", ",,"),
        GOOD.replace("2030-01-01", "2030-13-01"),
        GOOD.replace("2030-01-01,", ","),
        GOOD.replace("2030-01-01,,", "2031-01-01,2030-12-31,"),
        GOOD.replace("enacted", "enactd"),
        GOOD.replace("DB57", "DB75"),
        GOOD.replace("notice_days,,", "notice_days,rurall,"),
        GOOD.replace("第19条", ""),
        GOOD.replace("2026-11-22", ""),
        GOOD.replace("enacted", "estimated").replace("invented", ""),
        GOOD.replace("DB57", "OWN-READING"),
        GOOD.replace(",7,", ",9..7,"),
        GOOD.replace(",day,,", ",day,by 2025-13-31,"),
        GOOD.replace("notice_days,,", "linkage_amount,,").replace(",7,day,", ",bandz,text,"),
        GOOD.replace("notice_days,,", "linkage_conditions,,").replace(",7,day,", ",cpi>= fod>=,text,"),
        GOOD.replace("notice_days,,", "linkage_base,,").replace(",7,day,", ",dibao_standrd:urban,text,"),
    )
    shown = [line for line in survey() if "same day" not in line]
    planted(
        shown,
        ("values.csv:3 region", "unknown region"),
        ("values.csv:4 name", "try: notice_days"),
        ("values.csv:5 unit", "expected day; got 'workday'"),
        ("values.csv:6 value", "unreadable value"),
        ("values.csv:7 value", "leave the whole row out"),
        ("values.csv:8 from", "unreadable date"),
        ("values.csv:9 from", "no first day"),
        ("values.csv:10 to", "last day is before the first"),
        ("values.csv:11 status", "try: enacted"),
        ("values.csv:12 source", "unknown source"),
        ("values.csv:13 group", "try: rural"),
        ("values.csv:14 article", "no article"),
        ("values.csv:15 checked_on", "no check date"),
        ("values.csv:16 note", "estimated row without a note"),
        ("values.csv:17 status", "rests on a reading"),
        ("values.csv:18 value", "range low..high"),
        ("values.csv:19 period", "unreadable date"),
        ("values.csv:20 value", "try: bands"),
        ("values.csv:21 value", "got 'fod'"),
        ("values.csv:22 value", "unknown word in a value"),
    )


def test_rows_that_hold_on_the_same_day_are_refused(lay: Lay) -> None:
    """Two rows of one place, name and group may touch but not overlap; the cure names the last day to write."""
    lay("values", GOOD.replace("2030-01-01,,", "2030-01-01,2030-06-30,"), GOOD.replace("2030-01-01", "2030-06-30"))
    assert survey() == [
        "overlay:law/values.csv:3: two rows hold on the same day; "
        "expected to = 2030-06-29 or earlier in overlay:law/values.csv:2; got '2030-06-30'"
    ]
    lay("values", GOOD.replace("2030-01-01,,", "2030-01-01,2030-06-29,"), GOOD.replace("2030-01-01", "2030-06-30"))
    assert survey() == []


def test_every_fault_of_the_names_is_shown_at_once(lay: Lay) -> None:
    """A name needs small letters, known units, a fallback flag, a clock, labels and a known op; no name twice."""
    lay(
        "names",
        "Big_Name,day,1,day,名,name,",
        "a_unit,dayz,1,day,名,name,",
        "a_flag,day,yes,day,名,name,",
        "a_clock,day,1,week,名,name,",
        "a_label,day,1,day,,name,",
        "an_op,day,1,day,名,name,op=at least",
        "twice,day,1,day,名,name,",
        "twice,day,1,day,名,name,",
    )
    planted(
        survey(),
        ("names.csv:2 name", "not an identifier"),
        ("names.csv:3 unit", "try: day"),
        ("names.csv:4 falls_back", "expected 0, 1"),
        ("names.csv:5 dated_by", "unknown dated_by"),
        ("names.csv:6 zh", "no zh"),
        ("names.csv:7 note", "unknown op"),
        ("names.csv:9 name", "merge it with overlay:law/names.csv:8"),
    )


def test_every_fault_of_the_sources_units_and_groups_is_shown_at_once(lay: Lay) -> None:
    """Faults of three tables come in one list."""
    lay(
        "sources",
        "X1,,,issuer,2020,,VERIFIED,",
        "X2,标题,,issuer,2020,,SURE,",
        "X3,标题,,issuer,2020,,VERIFIED,https://gov.cn.example.com/a",
        "X4,标题,,issuer,2020-13,someday,VERIFIED,",
    )
    lay("units", "bushel,volume,斗,bushel", "peck,number,,peck")
    lay("groups", "Upper,大,upper", "fine,,")
    planted(
        survey(),
        ("sources.csv:2 title", "no title"),
        ("sources.csv:3 level", "unknown level"),
        ("sources.csv:4 url", "leave url empty"),
        ("sources.csv:5 date", "unreadable date"),
        ("sources.csv:5 in_force", "unreadable date"),
        ("units.csv:2 kind", "unknown kind"),
        ("units.csv:3 zh", "no zh"),
        ("groups.csv:2 group", "not an identifier"),
        ("groups.csv:3 zh", "no zh"),
        ("groups.csv:3 en", "no en"),
    )


def test_a_table_that_cannot_be_read_does_not_hide_the_others(lay: Lay) -> None:
    """A misspelt header is one fault; it neither hides a bad value nor makes every row's name unknown."""
    lay("names", "x,day,1,day,名,name,", header="nam,unit,falls_back,dated_by,zh,en,note")
    lay("values", GOOD.replace(",7,", ",seven,"))
    shown = "\n".join(survey())
    assert "a column is missing; expected name" in shown
    assert "unreadable value" in shown
    assert "unknown name" not in shown


def test_every_fault_of_the_holidays_is_shown_at_once(lay: Lay) -> None:
    """A make-up day lies on a weekend, a day stands once, and each row has a kind and a source."""
    lay(
        "holidays",
        "2027-01-01,holiday,元旦,HOL2026",
        "2027-01-01,holiday,元旦,HOL2026",
        "2027-01-04,workday,元旦,HOL2026",
        "2027-01-32,holiday,元旦,HOL2026",
        "2027-01-02,feast,元旦,HOL2026",
        "2027-01-03,holiday,元旦,HOL2027",
    )
    planted(
        [str(fault) for fault in check.check()],
        ("holidays.csv:3 date", "same day twice"),
        ("holidays.csv:4 date", "a Saturday or Sunday"),
        ("holidays.csv:5 date", "unreadable date"),
        ("holidays.csv:6 kind", "unknown kind"),
        ("holidays.csv:7 source", "unknown source"),
    )


def test_the_book_does_not_load_with_a_fault(lay: Lay) -> None:
    """The book loads whole or not at all, and the error carries every fault."""
    lay("values", GOOD.replace(",7,", ",seven,"), GOOD.replace("DB57", "nowhere"))
    with pytest.raises(LawFault) as caught:
        Book()
    assert len(caught.value.faults) == 3  # the two planted ones, and the two rows hold on the same day
