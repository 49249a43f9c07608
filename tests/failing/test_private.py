"""Rows of persons and households are nobody else's business: their files are the owner's, outside every commit and report, and hold no formula."""

from __future__ import annotations

import csv
import os
import stat
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner
from ledgers import household, person, sound, workbook
from openpyxl import load_workbook

from aidlib.commands.assess import assess
from aidlib.commands.register import register
from aidlib.disclosure.cells import begins_formula, inert
from aidlib.disclosure.private import may_leave, private_folder
from aidlib.errors import PrivacyFault
from aidlib.page.tables import columns_of, csv_bytes

FORMULAS = ['=cmd|"/c calc"!A0', "+1+cmd|'x'!A1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x")']


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever the user's umask is."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def _modes(folder: Path) -> tuple[set[int], set[int]]:
    inside = [folder, *folder.rglob("*")]
    return {stat.S_IMODE(p.stat().st_mode) for p in inside if p.is_dir()}, {
        stat.S_IMODE(p.stat().st_mode) for p in inside if p.is_file()
    }


def _register(book: Path, out: Path, *more: str) -> object:
    return CliRunner().invoke(
        register, ["--persons", str(book), "--households", str(book), "--out", str(out), "--on", "2026-11-01", *more]
    )


def _ledger(tmp_path: Path) -> Path:
    homes, people = sound(8)
    return workbook(
        tmp_path / "台账.xlsx", [*homes, household("bad", 区划代码="450401")], [*people, person("bad", 700)]
    )


@pytest.mark.parametrize("there", [False, True])
def test_every_file_of_rows_is_its_owners_only(tmp_path: Path, umask: None, there: bool) -> None:
    """0600 in 0700: rejects, faults, good rows, results, totals and the ledger of a run, new or written over, in a folder open before."""
    inside, out = tmp_path / "inside", tmp_path / "out"
    if there:
        for folder in (inside, out):
            folder.mkdir()
            folder.chmod(0o755)
        (inside / "rejects_persons.csv").write_text("alt", encoding="utf-8")
        (inside / "rejects_persons.csv").chmod(0o644)
    assert _register(_ledger(tmp_path), inside, "--allow-rejects").exit_code == 0  # type: ignore[attr-defined]
    tables = ["--persons", str(inside / "persons.parquet"), "--households", str(inside / "households.parquet")]
    done = CliRunner().invoke(assess, [*tables, "--out", str(out), "--on", "2026-09-01", "--stale", "--quiet"])
    assert done.exit_code == 0, done.output
    assert _modes(inside) == _modes(out) == ({0o700}, {0o600})
    assert {path.name for path in inside.iterdir()} >= {
        "rejects_persons.csv",
        "faults.xlsx",
        "persons.parquet",
        "households.parquet",
    }


def test_faults_close_the_folder_too(tmp_path: Path) -> None:
    """A run that stops at rejected rows has written them for its owner only."""
    inside = tmp_path / "inside"
    assert _register(_ledger(tmp_path), inside).exit_code != 0  # type: ignore[attr-defined]
    assert _modes(inside) == ({0o700}, {0o600})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git work tree that ignores a folder of its own."""
    tree = tmp_path / "tree"
    tree.mkdir()
    subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    (tree / ".gitignore").write_text("inside/\n", encoding="utf-8")
    return tree


def test_a_git_work_tree_must_ignore_the_folder(tmp_path: Path, repository: Path) -> None:
    """Neither command writes where the next commit would take the rows along; an ignored folder will do."""
    book = _ledger(tmp_path)
    stopped = _register(book, repository / "rows")
    assert isinstance(stopped.exception, PrivacyFault)  # type: ignore[attr-defined]
    assert "a git work tree that does not ignore it" in str(stopped.exception)  # type: ignore[attr-defined]
    assert not (repository / "rows").exists()
    assert _register(book, repository / "inside", "--allow-rejects").exit_code == 0  # type: ignore[attr-defined]
    tables = [
        "--persons",
        str(repository / "inside" / "persons.parquet"),
        "--households",
        str(repository / "inside" / "households.parquet"),
    ]
    done = CliRunner().invoke(
        assess, [*tables, "--out", str(repository / "results"), "--on", "2026-09-01", "--stale", "--quiet"]
    )
    assert isinstance(done.exception, PrivacyFault)
    assert not (repository / "results").exists()


def test_a_tree_git_cannot_be_asked_about_is_none_to_write_in(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without git, and with a broken repository, nothing is taken for ignored."""
    assert may_leave(repository / "inside") == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert may_leave(repository / "inside") == "a git work tree that does not ignore it"
    (tmp_path / "broken" / ".git").mkdir(parents=True)
    assert may_leave(tmp_path / "broken" / "x") == "a git work tree that does not ignore it"


@pytest.mark.parametrize("place", ["reports", "reports/2026-10/450400"])
def test_a_folder_of_reports_is_none_to_write_in(tmp_path: Path, place: str) -> None:
    """What lies below reports is published."""
    with pytest.raises(PrivacyFault, match="a folder of reports"):
        private_folder(tmp_path / place)


def test_rows_need_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder one works in, and one's home, are not closed to others by a run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    for place in (Path("."), Path.home()):
        with pytest.raises(PrivacyFault, match="a folder of their own"):
            private_folder(place)
    assert stat.S_IMODE(private_folder(Path("inside")).stat().st_mode) == 0o700


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_rejects_or_faults_is_a_formula(tmp_path: Path, formula: str) -> None:
    """What a ledger's cell said stands as a text in the rejects, the faults and their CSV, and reads back as it was."""
    tables = {
        "persons": person("H0000", 0, 姓名=formula, 年龄=212, 备注=formula),
        "households": household("H0000", 户主姓名=formula),
    }
    for name, row in tables.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([[formula if key == "备注" else key for key in row], list(row.values())])
    files = [part for name in tables for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    CliRunner().invoke(register, [*files, "--out", str(tmp_path / "inside"), "--on", "2026-11-01"])
    with (tmp_path / "inside" / "rejects_persons.csv").open(encoding="utf-8-sig", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert not any(map(begins_formula, cells))
    assert any(cell.lstrip("'").strip() == formula.strip() for cell in cells)
    for page in load_workbook(tmp_path / "inside" / "faults.xlsx"):
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_download_is_a_formula(formula: str) -> None:
    """Cells, headings and lists of places of a table that a page offers."""
    frame = pd.DataFrame({formula: [formula], "rows": [[formula]], "number": [Fraction(-3, 10)]})
    cells = [cell for row in csv.reader(csv_bytes(columns_of(frame)).decode("utf-8-sig").splitlines()) for cell in row]
    assert [cell for cell in cells if begins_formula(cell)] == []
    assert "-0.3" in cells


def test_numbers_stay_numbers() -> None:
    """A negative amount, a rise with its sign and a percentage are no formulas."""
    for text in ("-5", "+2.3", "-0.3%", "-1,234.50", "-1e-05", "", "—", "450400"):
        assert inert(text) == text


def test_a_written_table_reads_back_without_the_apostrophe(tmp_path: Path) -> None:
    """A clerk who mends the rejects and hands them in again gets the same cell."""
    from aidlib.register.cells import tidy

    assert tidy(pl.Series([inert(formula) for formula in FORMULAS[:4]])).to_list() == FORMULAS[:4]
