"""`aidlib register`: from a county's workbook to the Parquet that `aidlib assess` reads."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from ledgers import household, person, sound, workbook

from aidlib.commands import door
from aidlib.commands.assess import assess
from aidlib.commands.register import register
from aidlib.errors import RegisterFault
from aidlib.register.checks import check
from aidlib.register.reading import read_ledger


def _run(path: Path, out: Path, *more: str) -> object:
    named = ["--persons", str(path), "--households", str(path), "--out", str(out), "--on", "2026-11-01", *more]
    return CliRunner().invoke(register, named)


def test_a_workbook_goes_all_the_way_to_amounts(tmp_path: Path) -> None:
    """One workbook with both sheets is checked, written and assessed; household numbers may be words."""
    path, out = workbook(tmp_path / "台账.xlsx", *sound(30)), tmp_path / "inside"
    assert _run(path, out).exit_code == 0  # type: ignore[attr-defined]
    people = pl.read_parquet(out / "persons.parquet")
    assert people["own_income_fen"].null_count() == people.height == 30, "no column: unknown, not nought"
    tables = ["--persons", str(out / "persons.parquet"), "--households", str(out / "households.parquet")]
    done = CliRunner().invoke(
        assess, [*tables, "--out", str(tmp_path / "done"), "--on", "2026-11-01", "--stale", "--quiet"]
    )
    assert done.exit_code == 0, done.output
    assert "households 30" in done.output


def test_rejected_rows_stop_it_until_it_may_go_on(tmp_path: Path) -> None:
    """Faults, rejected rows and their reasons are written either way; good rows only with leave."""
    homes, people = sound(25)
    path = workbook(
        tmp_path / "台账.xlsx", [*homes, household("bad", 区划代码="450401")], [*people, person("bad", 700)]
    )
    stopped = _run(path, tmp_path / "a")
    assert isinstance(stopped.exception, RegisterFault)  # type: ignore[attr-defined]
    assert "row 29, column B 区划代码: R-REGION-UNKNOWN" in stopped.output  # type: ignore[attr-defined]
    assert "1 rows (29)" in stopped.output  # type: ignore[attr-defined]
    assert {each.name for each in (tmp_path / "a").iterdir()} == {
        "faults.xlsx",
        "mapping.csv",
        "rejects_persons.csv",
        "rejects_households.csv",
    }
    assert _run(path, tmp_path / "b", "--allow-rejects").exit_code == 0  # type: ignore[attr-defined]
    assert pl.read_parquet(tmp_path / "b" / "households.parquet").height == 25


@pytest.mark.parametrize("table", ["persons", "households"])
def test_a_line_of_totals_is_left_out_and_said(tmp_path: Path, table: str) -> None:
    """A line of totals is no record: it is left out, its row is said, and nothing is rejected for it."""
    homes, people = sound(25)
    extra = {"家庭编号": "合计"}
    path = workbook(tmp_path / "台账.xlsx", [*homes, *([extra] if table == "households" else [])],
                    [*people, *([extra] if table == "persons" else [])])  # fmt: skip
    done = _run(path, tmp_path / "out")
    assert done.exit_code == 0  # type: ignore[attr-defined]
    assert "1 rows of totals were left out (29)" in done.output  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"income_fen": pl.lit("1200")}, "income_fen: a column of another kind; expected whole fen; got 'String'"),
        ({"income_fen": pl.date(2020, 1, 1)}, "income_fen: a column of another kind"),
        (
            {"household_id": pl.lit(1.5)},
            "household_id: a column of another kind; expected whole numbers or texts; got 'Float64'",
        ),
        ({"property_ok": pl.lit("是")}, "property_ok: a column of another kind; expected true or false"),
        ({"region_code": pl.lit(450403)}, "region_code: a column of another kind; expected texts"),
    ],
)
def test_assess_refuses_columns_of_another_kind(tmp_path: Path, change: dict[str, pl.Expr], said: str) -> None:
    """Texts and dates for amounts, words for truth values and numbers for codes stop the run, in words."""
    path, out = workbook(tmp_path / "台账.xlsx", *sound(2)), tmp_path / "inside"
    _run(path, out)
    people, homes = out / "persons.parquet", out / "households.parquet"
    pl.read_parquet(homes).with_columns(**change).write_parquet(homes)
    done = CliRunner().invoke(
        assess, ["--persons", str(people), "--households", str(homes), "--out", str(tmp_path / "x")]
    )
    assert isinstance(done.exception, RegisterFault)
    assert said in str(done.exception)


def test_assess_says_which_files_are_no_tables_of_a_register(tmp_path: Path) -> None:
    """A CSV, the persons in the place of the households, and a table without rows."""
    path, out = workbook(tmp_path / "台账.xlsx", *sound(2)), tmp_path / "inside"
    _run(path, out)
    people, homes = out / "persons.parquet", out / "households.parquet"
    pl.read_parquet(homes).head(0).write_parquet(tmp_path / "none.parquet")
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    for file, said in ((tmp_path / "a.csv", "not a Parquet file"), (people, "region_code: a column is missing"),
                       (tmp_path / "none.parquet", "no households")):  # fmt: skip
        done = CliRunner().invoke(
            assess, ["--persons", str(people), "--households", str(file), "--out", str(tmp_path / "x")]
        )
        assert said in str(done.exception)


def test_a_check_is_told_in_chinese_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    """A clerk reads no English sentence: counts, faults with rows, words to choose from and remedies, and what the reader noted."""
    homes, people = sound(6)
    people[1]["年龄"], people[2]["身份证号"], people[3]["与户主关系"] = 212, "45000019800520", "邻居"
    homes[4]["家庭月收入(元)"] = "很少"
    tables = read_ledger([workbook(tmp_path / "ledger.xlsx", homes, people)])
    checked = check(*tables, date(2026, 12, 1))
    try:
        door.speak("zh")
        told = checked.text(language="zh", say=door.say)
    finally:
        door.speak("en")
    assert not re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,}", told)
    assert "本人 配偶 子女" in told
    assert "人员：读入6行，合格2行，退回4行" in told
