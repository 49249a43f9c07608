"""`aidlib data add`: from a new index to a figure that the next report reads, with exit codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from aidlib.cli import group

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


README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("folder", ["~/aid-data", "aid-data"])
def test_the_monthly_route_of_the_readme_works_word_for_word(tmp_path: Path, folder: str) -> None:
    """The row and the two commands as printed, in a home of its own, with the folder below it or beside the file."""
    text = README.read_text(encoding="utf-8").replace("\n", " ")
    headings = re.search(r"under (地区, [^(]+\(或|地区, 月份, 指标, 数值)", text)
    row = re.search(r"such as `(梧州市, [^`]+)`", text)
    printed = re.findall(r"(aidlib data add this-month\.xlsx --into \S+|AIDLIB_DATA=\S+ aidlib report)", text)
    commands = list(dict.fromkeys(printed))  # the Chinese half prints the second again
    assert headings
    assert row
    assert len(commands) == 2
    book = Workbook()
    book.active.append(["地区", "月份", "指标", "数值", "来源", "发布日期"])
    book.active.append([cell.strip() for cell in row[1].split(",")])
    book.save(tmp_path / "this-month.xlsx")
    add, report = (command.replace("~/aid-data", folder) for command in commands)
    script = f"{add} && {report} price_linkage --region 450400 --period 2026-10 --dry-run"
    settings = {**os.environ, "HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    settings.pop("AIDLIB_DATA", None)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "new: 梧州市 450400 2026-10" in done.stdout
    assert (tmp_path / "aid-data" / "reference" / "cpi_monthly.csv").is_file()


def test_a_relative_data_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of reports run in other folders: they get the whole path."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    for words, given in ((["data", "log"], "own"), (["--data", "own", "data", "log"], "")):
        monkeypatch.setenv("AIDLIB_DATA", given)
        group(words, standalone_mode=False)
        assert os.environ["AIDLIB_DATA"] == str(tmp_path / "own")


def test_log_and_undo_are_commands(tmp_path: Path, file: Path) -> None:
    """What was added is listed and taken back; a second undo says that there is nothing left."""
    own = tmp_path / "own"
    run("data", "add", str(file), "--into", str(own))
    assert "十月.csv: 2 changes" in run("data", "log", "--into", str(own)).stdout
    assert "undone: 1 " in run("data", "undo", "--into", str(own)).stdout
    assert run("data", "undo", "--into", str(own)).returncode == 2
    assert not list(own.glob("reference/*.csv"))


def test_what_stands_out_needs_confirm(tmp_path: Path, file: Path) -> None:
    """Exit code two and the figures beside it; with --confirm it is written; a limit may be named."""
    file.write_text(LINES.replace(",2.3,", ",102.3,"), encoding="utf-8")
    refused = run("data", "add", str(file), "--into", str(tmp_path / "own"))
    assert refused.returncode == 2
    assert "stands out" in refused.stderr
    assert "全国" in refused.stderr
    assert run("data", "add", str(file), "--into", str(tmp_path / "own"), "--confirm").returncode == 0
    small = run("data", "add", str(file), "--into", str(tmp_path / "own"), "--limit", "line_bytes=5")
    assert "at most line_bytes=5" in small.stderr
