"""The last edition beside the performance report: what moved is told apart, and what it hid stays hidden."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import polars as pl
import pytest
from performance import Shown, as_register, edition, saved

import aidlib.reports
from aidlib.disclosure import suppress
from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.reports import Report, context
from aidlib.reports import performance_evaluation as page
from aidlib.reports.performance_evaluation import editions, last, population, simulated
from aidlib.reports.performance_evaluation.evaluation import kept
from aidlib.reports.performance_evaluation.ledger import Ledger
from aidlib.reports.performance_evaluation.since import show_since
from aidlib.standards.announced import AREAS, announced

PLACE, YEAR = "450400", 2019
OLD_CODE = "0" * 64
PARAMETERS = "参数（年份、评分表、所给登记等）"


@pytest.fixture(scope="module")
def this_year() -> tuple[Shown, page.Evaluation]:
    return edition(PLACE, YEAR)


def record_of(shown: Shown) -> dict[str, Any]:
    found: Any = next(r["record"] for r in shown.records if "record" in r)
    return found


def altered(shown: Shown, cells: dict[tuple[str, int, str], str], **record: Any) -> Shown:
    """The same edition with other numbers in some cells (table, row, column), and something else in its record."""
    other = copy.deepcopy(shown)
    for (table, row, column), value in cells.items():
        found: Any = next(r for r in other.records if r.get("table") == table)
        found["cells"][row][found["columns"].index(column)] = value
    record_of(other).update(record)
    return other


def beside(found: page.Evaluation, before: Shown, folder: Path) -> editions.Since:
    """What this edition says changed since an earlier one."""
    then = nbformat.read(saved(before, folder / "last.ipynb"), as_version=4)
    return editions.since(found, then)


def report(language: str = "zh", place: str = PLACE, **given: str) -> Report:
    parameters = dict.fromkeys(("register", "filled", "last", "last_register"), "") | {
        "rubric": "2016-national",
        **given,
    }
    return aidlib.reports.start(
        "performance_evaluation", region=place, period=str(YEAR), language=language, **parameters
    )


def shown_since(found: page.Evaluation, **given: str) -> Shown:
    """What the page shows of the change."""
    shown = Shown()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_show", shown.take)
        show_since(replace(found, report=report(**given), tables=dict(found.tables)))
    return shown


def test_without_a_last_edition_the_page_says_so(this_year: tuple[Shown, page.Evaluation], tmp_path: Path) -> None:
    """Where none was given, or the folder has none of the place, a sentence says that nothing is compared."""
    assert any("没有给出上次报告" in words for words in this_year[0].words)
    assert "changes" not in this_year[0].tables
    assert "没有给出上次报告" in shown_since(this_year[1], last=str(tmp_path)).words[0]


def test_another_year_is_a_parameter(this_year: tuple[Shown, page.Evaluation], tmp_path: Path) -> None:
    """Beside last year's edition, made by the same code from the same data, every number moved by the parameters."""
    saved(edition(PLACE, YEAR - 1)[0], tmp_path / str(YEAR - 1) / PLACE / "performance_evaluation.ipynb")
    shown = shown_since(this_year[1], last=str(tmp_path))
    moved = {row["pe_cause"]: row["pe_moved"] for row in shown.table("changes") if row["pe_moved"]}
    assert list(moved) == [PARAMETERS]
    numbers = {
        (row["pe_number"], row["pe_row"], row["pe_then"], row["pe_now"]) for row in shown.table("changed_numbers")
    }
    assert ("T1", "城市低保标准", "587.00元/月", "680.00元/月") in numbers
    for row in shown.table("changed_numbers"):
        simulated_ = str(row["pe_row"]).startswith("合成人口")
        assert (row["pe_now_status"] == "synthetic") == simulated_ or row["pe_number"] not in ("T1", "T3", "T18"), row


def test_a_changed_row_is_data_and_changed_code_is_method(
    this_year: tuple[Shown, page.Evaluation], tmp_path: Path
) -> None:
    """A number that moved while only the rows read differ is the data's, while only the code differs the method's.

    Where both differ, a row none of whose sources changed is the method's, and of the other it cannot be told.
    """
    shown, found = this_year
    law = record_of(shown)["law"]
    level = next(place for place, words in law.items() if " 680 " in words)
    other = law | {level: law[level].replace("680", "670")}
    urban, rural = ("standards", 0, "pe_level"), ("standards", 1, "pe_level")
    cases: list[tuple[dict[str, Any], dict[Any, str], list[tuple[str, ...]]]] = [
        ({"law": other}, {urban: "670.00"}, [(editions.DATA,)]),
        ({"code": OLD_CODE}, {urban: "670.00"}, [(editions.METHOD,)]),
        (
            {"law": other, "code": OLD_CODE},
            {urban: "670.00", rural: "370.00"},
            [(editions.TOGETHER,), (editions.METHOD,)],
        ),
        ({}, {urban: "670.00"}, [(editions.UNKNOWN,)]),
    ]
    for record, cells, causes in cases:
        changed = beside(found, altered(shown, cells, **record), tmp_path)
        assert [why for why, _ in changed.moved] == causes
        assert changed.moved[0][1].old == "670.00"


def test_nothing_moved(this_year: tuple[Shown, page.Evaluation], tmp_path: Path) -> None:
    """Beside an edition with the same numbers the page says that none has changed."""
    path = saved(this_year[0], tmp_path / "last.ipynb")
    assert "数没有变化" in shown_since(this_year[1], last=str(path)).words[0]


def test_a_wrong_last_edition_is_refused(this_year: tuple[Shown, page.Evaluation], tmp_path: Path) -> None:
    """A path where nothing is, another place's edition and one in another language are each refused."""
    path = str(saved(this_year[0], tmp_path / "last.ipynb"))
    for asked in (report(last=str(tmp_path / "gone")), report(place="230000", last=path), report("en", last=path)):
        with pytest.raises(ParameterFault):
            last.last_edition(asked)


def people(folder: Path) -> population.Population:
    """A register as the report reads it."""
    book, figures = Book(), Figures()
    levels = {area: level for area in AREAS if (level := announced(book, figures, PLACE, area, YEAR))}
    found = population.register(book, figures, PLACE, YEAR, levels, str(folder))
    assert found is not None
    return found


def register_edition(folder: Path, register: Path) -> Path:
    """The notebook of an edition made from a register, as far as the next edition reads it."""
    own = kept("T6", simulated.coverage(report(), people(register)))
    shown = Shown()
    shown.take(
        "", "", {"table": "coverage", "columns": list(own.table.columns), "cells": list(map(list, own.table.rows))}
    )
    asked = report(register=str(register)).parameters
    shown.take("", "", {"record": {"parameters": asked, "law": {}, "figures": {}}})
    return saved(shown, folder / "last.ipynb")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A register and the same a year on, when forty households of low income have come onto the roll."""
    before, after = (tmp_path_factory.mktemp(name) for name in ("before", "after"))
    for folder in (before, after):
        as_register(folder, 600)
    homes = pl.read_csv(after / "households.csv")
    come = homes["income_fen"].rank("ordinal").is_between(121, 160)
    homes.with_columns(on_dibao=pl.col("on_dibao") | come).write_csv(after / "households.csv")
    return before, after


def test_cells_hidden_last_time_do_not_follow_from_this_edition(registers: tuple[Path, Path], tmp_path: Path) -> None:
    """Every table of counts is protected against its own of the last edition; alone, other cells would be shown."""
    before, after = registers
    then = last.published_then(report(register=str(after), last=str(register_edition(tmp_path, before))))
    alone = people(after)
    protected = replace(alone, ledger=Ledger(then))
    for p in (alone, protected):
        for table in last.COUNTED:
            table(report(), p)
    assert set(then) >= {"coverage fifths roll", "fifths roll", "errors roll line", "overlap", "decomposition"}
    for name, found in protected.ledger.now.items():
        counts = found._full.iloc[:-1, :-1]
        assert found.table.equals(suppress(counts, last=then.get(name)).table), name
    assert any(not found.table.equals(alone.ledger.now[name].table) for name, found in protected.ledger.now.items())


def test_the_register_of_the_last_edition_must_be_there_and_the_same(
    registers: tuple[Path, Path], tmp_path: Path
) -> None:
    """A register that is gone or counts other persons is refused; where it is now can be told."""
    moved, other = tmp_path / "moved", tmp_path / "other"
    for folder, households in ((moved, 200), (other, 150)):
        folder.mkdir()
        as_register(folder, households)
    path = str(register_edition(tmp_path, moved))
    moved.rename(tmp_path / "archive")
    for elsewhere in ("", str(other)):
        with pytest.raises(ParameterFault):
            last.published_then(report(register=str(registers[1]), last=path, last_register=elsewhere))
    assert last.published_then(report(register=str(registers[1]), last=path, last_register=str(tmp_path / "archive")))
