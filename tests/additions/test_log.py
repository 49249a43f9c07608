"""The log knows every addition, and the last one can be taken back to the byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_add import ROW, content, sheet

from aidlib.additions import add, log, undo
from aidlib.errors import DataFault


def test_an_addition_taken_back_leaves_what_was_there(tmp_path: Path) -> None:
    """After undo every table is as before, the first addition's tables are gone altogether, and the log says so."""
    own = tmp_path / "own"
    add(sheet(tmp_path, ROW), own)
    before = content(own)
    add(sheet(tmp_path, [*ROW[:3], "102.4", "修订", "2026-11-25"]), own)
    assert undo(own).number == 2
    assert content(own) == before
    assert undo(own).number == 1
    assert content(own) == {}
    assert [bool(entry.undone) for entry in log(own)] == [True, True]


def test_the_log_keeps_file_digest_steps_and_confirmations(tmp_path: Path) -> None:
    """Who looks later sees which file brought which figures and what was confirmed."""
    own, path = tmp_path / "own", sheet(tmp_path, [*ROW[:3], "123", *ROW[4:]])
    add(path, own, confirm=True)
    [entry] = log(own)
    assert entry.file == "input.csv"
    assert len(entry.digest) == 64
    assert any("123" in step for step in entry.steps)
    assert "stands out" in entry.confirmed[0]
    assert "1 confirmed that stood out" in str(entry)


def test_what_was_changed_by_hand_is_not_overwritten(tmp_path: Path) -> None:
    """A table mended since stays as it is, and the fault names it."""
    own = tmp_path / "own"
    add(sheet(tmp_path, ROW), own)
    table = own / "reference" / "cpi_monthly.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("102.3", "102.2"), encoding="utf-8")
    after = content(own)
    with pytest.raises(DataFault, match=r"reference/cpi_monthly.csv: the table was changed since"):
        undo(own)
    assert content(own) == after


def test_nothing_to_undo_is_said(tmp_path: Path) -> None:
    """An empty folder, and one whose only addition found everything there, have nothing to take back."""
    with pytest.raises(DataFault, match="no addition to undo"):
        undo(tmp_path / "own")
    own = tmp_path / "own"
    add(sheet(tmp_path, ROW), own)
    add(sheet(tmp_path, ROW), own)
    assert len(log(own)) == 1


def test_a_torn_entry_is_named(tmp_path: Path) -> None:
    """An entry of the log that does not read is a fault, not a traceback."""
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "0001.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataFault, match=r"log/0001.json: an entry of the log cannot be read"):
        log(tmp_path)


def test_the_log_is_no_table_of_the_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aidlib check` finds nothing wrong with a folder that has a log."""
    from aidlib.indices import faults

    add(sheet(tmp_path, ROW), tmp_path / "own")
    monkeypatch.setenv("AIDLIB_DATA", os.fspath(tmp_path / "own"))
    assert faults() == []
