"""The check reads every table at once; warnings point at idle words and old readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from aidlib import indices
from aidlib.law import check

Lay = Callable[..., None]


def test_the_shipped_tables_have_no_fault() -> None:
    """Law tables, holidays, rubrics and reference tables are clean."""
    assert [str(fault) for fault in [*check.check(), *indices.faults()]] == []


def test_faults_of_law_and_reference_tables_are_found_at_once(lay: Lay, tmp_path: Path) -> None:
    """A bad law value, a bad rubric and a bad figure are listed in one run."""
    lay("values", "000000,notice_days,,2030-01-01,,seven,day,,enacted,DB57,第19条,2026-11-22,invented")
    for folder, text in (
        (
            "reference",
            "region,period,series,value,unit,status,source,vintage,error,note\n000000,2020,nothing,1,x,observed,x,,,\n",
        ),
        (
            "rubrics",
            "head,item,indicator,weight,op,target,unit,grading,not_applicable,source,article,note\na,b,c,x,ge,1,,strict,full,S,a,\n",
        ),
    ):
        (tmp_path / folder).mkdir()
        name = "population.csv" if folder == "reference" else "2030-invented.csv"
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    shown = "\n".join(map(str, [*check.check(), *indices.faults()]))
    assert "overlay:law/values.csv:2 value: unreadable value" in shown
    assert "overlay:reference/population.csv:2" in shown
    assert "rubrics/2030-invented.csv" in shown


def test_words_that_nothing_uses_are_warned_of(lay: Lay) -> None:
    """A name, a group and a source without a row are warnings with their place, not faults."""
    lay("names", "never_asked,day,1,day,名,name,")
    lay("groups", "never_met,名,name")
    lay("sources", "NEVER,标题,,,2020,,VERIFIED,")
    shown = [str(fault) for fault in check.warnings(date(2026, 11, 22))]
    assert check.check() == []
    for place, word in (("names.csv:2", "never_asked"), ("groups.csv:2", "never_met"), ("sources.csv:2", "NEVER")):
        assert any(line.startswith(f"overlay:law/{place}") and word in line for line in shown)


def test_rows_nobody_has_checked_for_a_year_are_warned_of() -> None:
    """On the day a check turns 366 days old it still holds; a day later each source with such rows is named once."""
    assert not [fault for fault in check.warnings(date(2027, 11, 23)) if "last checked" in fault.what]
    old = [fault for fault in check.warnings(date(2027, 11, 24)) if "last checked" in fault.what]
    assert old
    assert len({fault.what for fault in old}) == len(old)
    assert any("of DB57 were last checked on 2026-11-22" in fault.what for fault in old)
