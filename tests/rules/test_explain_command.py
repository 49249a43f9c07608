"""`aidlib explain`: a file that is no household gets one readable message, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kin import family

from aidlib.commands.explain import explain
from aidlib.errors import RegisterFault


def _run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(explain, [str(path), "--region", "450400", "--on", "2026-09-01", *more])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b'{"urban": true', "not JSON"),
        (b"[1, 2]", "holds no household"),
        ('{"urban": true, "note": "县"}'.encode("gb18030"), "not UTF-8"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"urban": true, "income_fen": 1, "income_fen": 2, "persons": [{}]}', "income_fen: given twice"),
        (b'{"urban": true, "persons": "nobody"}', "the members are not a list"),
    ],
)
def test_a_file_that_is_no_household_is_told_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    """Broken, empty, wrongly encoded, nested or doubled content is named for what it is."""
    path = tmp_path / "family.json"
    path.write_bytes(content)
    done = _run(path, "--stale")
    assert isinstance(done.exception, RegisterFault)
    assert words in str(done.exception)


def test_a_folder_or_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    """Neither is a file that can be read."""
    for path, words in ((tmp_path, "not a file"), (tmp_path / "none.json", "no such file")):
        assert words in str(_run(path).exception)


@pytest.mark.parametrize("standard", ["-5", "0", "1e12", "83333.34", "", "abc"])
def test_a_standard_that_cannot_be_one_is_refused(tmp_path: Path, standard: str) -> None:
    """A monthly standard lies above nothing and within what the rules may hold."""
    path = tmp_path / "family.json"
    path.write_text(json.dumps(family()), encoding="utf-8")
    assert _run(path, "--standard", standard).exit_code != 0
    assert _run(path, "--standard", "900").exit_code == 0
