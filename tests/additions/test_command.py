"""`aidlib data add`: from a new index to a figure that the next report reads, with exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LINES = "地区,月份,指标,涨幅,来源,发布日期\n梧州市,2026年10月,居民消费价格同比指数,2.3,梧州调查队,2026-11-12\n"


def run(*words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if name != "AIDLIB_DATA"}
    settings |= {"AIDLIB_DATA": str(data)} if data else {}
    return subprocess.run([sys.executable, "-m", "aidlib.cli", *words], capture_output=True, text=True, env=settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """This month's index as a clerk has it."""
    path = tmp_path / "十月.csv"
    path.write_text(LINES, encoding="gb18030")
    return path


def test_one_command_adds_the_index_and_the_next_reads_it(tmp_path: Path, file: Path) -> None:
    """After `data add` the figure answers under AIDLIB_DATA, and the output says how."""
    own = tmp_path / "own"
    done = run("data", "add", str(file), "--into", str(own))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"reports read it with: AIDLIB_DATA={own}" in done.stdout
    code = "from aidlib import Figures; print(Figures().get('450400', 'cpi_yoy:total:all_items', '2026-10').rise)"
    read = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "AIDLIB_DATA": str(own)}
    )
    assert read.stdout.strip() == "23/10"


def test_a_dry_run_writes_nothing(tmp_path: Path, file: Path) -> None:
    """The preview is printed and the folder is not even made."""
    own = tmp_path / "own"
    assert "would be written to" in run("data", "add", str(file), "--into", str(own), "--dry-run").stdout
    assert not own.exists()


def test_without_a_folder_it_says_what_to_name(file: Path) -> None:
    """No folder is guessed."""
    done = run("data", "add", str(file))
    assert done.returncode == 2
    assert "no data folder is named" in done.stderr


def test_a_faulty_file_is_one_message_and_exit_code_two(tmp_path: Path, file: Path) -> None:
    """No traceback; file, row and column are named."""
    file.write_text(LINES.replace("涨幅", "数值"), encoding="utf-8")
    done = run("data", "add", str(file), data=tmp_path)
    assert done.returncode == 2
    assert "十月.csv row 2, column D (数值): not an index with base 100" in done.stderr
    assert "Traceback" not in done.stderr
