"""`aidlib check --cases`: every published payment and standard is asked and printed, and the counts on file do not fall."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from aidlib import tables
from aidlib.commands import cases, standard_cases
from aidlib.commands.law import check

README = Path(__file__).parents[1] / "cases" / "README.md"
COUNTED = {
    row[0].strip(): [int(cell) for cell in row[1:]]
    for row in re.findall(
        r"^\| ([^|\n]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", README.read_text(encoding="utf-8"), re.M
    )
}


@pytest.fixture(scope="module")
def asked() -> dict[str, list[cases.Result]]:
    """Every question, asked once."""
    return standard_cases.every()


def test_the_counts_never_fall(asked: dict[str, list[cases.Result]]) -> None:
    """What is computed or consistent stays so, and nothing more is contradicted, than tests/cases/README.md says."""
    assert set(COUNTED) == set(asked)
    for question, results in asked.items():
        computed, consistent, _, differs = COUNTED[question]
        found = cases.counts(results)
        assert found["computed"] >= computed, question
        assert found["computed"] + found["consistent"] >= computed + consistent, question
        assert found["differs"] <= differs, question


def test_the_denominator_is_counted(asked: dict[str, list[cases.Result]]) -> None:
    """How many announcements print an index and a standard, and how many of them an amount, is what the README says."""
    rows = list(tables.rows("cases/payments.csv", cases.PAYMENTS))
    both = [row for row in rows if cases.prints_both(row)]
    said = README.read_text(encoding="utf-8")
    assert f"Of {len(rows)} announcements of payments {len(both)} print an index" in said
    assert f"{len([row for row in both if row['amount']])} of these print the amount" in said
    given = [one for one in asked["payments, amounts, with the announcement's own index and standard"] if one.published]
    assert f"for {len(given)} groups: {sum(one.verdict == 'computed' for one in given)} are computed" in said


def test_the_command_prints_every_answer_and_the_counts(tmp_path: Path) -> None:
    """One line a question with what lacks, the counts after them, and the same rows as a table where asked for."""
    out = tmp_path / "cases.csv"
    done = CliRunner().invoke(check, ["--cases", "--csv", str(out)])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line.partition(":")[0] for line in lines[-5:]] == list(COUNTED)
    assert "cannot_tell BJ2301-1 110000 2023-01 dibao_urban: published 40, here -  no_index" in lines
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(lines) - 5 + 1
