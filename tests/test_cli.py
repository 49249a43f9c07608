"""The command line: one readable message for a mistake, exit codes that mean something, commands that find their rooms."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aidlib.cli import COMMANDS
from aidlib.commands import door
from aidlib.commands.catalogue import all_reports
from aidlib.words import vocabulary

FAMILY = {
    "urban": True,
    "income_fen": 189_400,
    "property_ok": True,
    "expend_fen": 0,
    "persons": [
        {"age": 40, "relation": "applicant"},
        {"age": 38, "relation": "spouse"},
        {"age": 9, "relation": "child"},
    ],
}


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "aidlib.cli", *words], capture_output=True, text=True, check=False)


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """An invented household of three."""
    path = tmp_path / "family.json"
    path.write_text(json.dumps(FAMILY), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str) -> None:
    """Each command imports and explains itself."""
    done = run(name, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_a_misspelt_command_names_the_nearest() -> None:
    """A typing mistake is answered in one line."""
    done = run("chek")
    assert done.returncode == 2
    assert "aidlib check" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_is_green_on_the_shipped_tables() -> None:
    """The law book and the published figures that are shipped have no fault."""
    done = run("check")
    assert done.returncode == 0
    assert "no fault" in done.stdout


def test_check_lists_every_fault_of_an_overlay(tmp_path: Path) -> None:
    """Two broken rows in the user's own folder are both listed, with their lines, and the exit code says so."""
    (tmp_path / "law").mkdir()
    header = "region,name,group,from,to,value,unit,period,status,source,article,checked_on,note\n"
    rows = "450400,no_such_name,,2026-01-01,,1,pct,,enacted,SAL,第一条,2026-01-01,\n459999,eval_pass,,2026-01-01,,sixty,point,,enacted,SAL,,2026-01-01,\n"
    (tmp_path / "law" / "values_local.csv").write_text(header + rows, encoding="utf-8")
    done = run("--data", str(tmp_path), "check")
    assert done.returncode == 1
    for words in (
        "values_local.csv:2",
        "values_local.csv:3",
        "unknown name",
        "unknown region",
        "unreadable value",
        "no article",
    ):
        assert words in done.stdout


def test_a_data_folder_that_is_not_there() -> None:
    """A wrong folder is an error, not an empty overlay."""
    done = run("--data", "no-such-folder", "check")
    assert done.returncode == 2
    assert "names no folder" in done.stderr


def test_coverage_draws_text_picture_and_table(tmp_path: Path) -> None:
    """Coverage of one name at one place is drawn on the terminal, as a picture, and written as a table."""
    picture, table = tmp_path / "c.png", tmp_path / "c.csv"
    done = run("coverage", "--region", "450400", "--name", "dibao_standard[urban]", "--first", "2018-01", "--last", "2020-12",
               "--picture", str(picture), "--csv", str(table))  # fmt: skip
    assert done.returncode == 0
    assert "梧州市" in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1 + 36
    assert "missing from font" not in done.stderr


@pytest.mark.parametrize(
    ("option", "path", "words", "code"),
    [("--picture", "nowhere/c.svg", "No such file or directory", 1), ("--picture", "c.gif", "an unknown kind of picture", 2),
     ("--csv", "nowhere/c.csv", "non-existent directory", 1)],
)  # fmt: skip
def test_a_file_that_cannot_be_written_is_one_line(
    tmp_path: Path, option: str, path: str, words: str, code: int
) -> None:
    """A folder that is not there, or a picture of an unknown kind, is told in one line that names it."""
    done = run("coverage", "--region", "450400", "--name", "dibao_standard[urban]", option, str(tmp_path / path))
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_empty_region_is_not_every_region() -> None:
    """`--region ""`, as an unset variable leaves it, is refused; marks of a Chinese keyboard separate regions too."""
    done = run("report", "price_linkage", "--region", "")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no region is named" in done.stderr
    assert (
        "2 to make"
        in run("report", "price_linkage", "--region", "450400，黑龙江省、", "--dry-run", "--out", "none").stdout
    )


def test_help_of_report_names_every_report() -> None:
    """The reports that can be asked for stand in the help, the one made only by name as such."""
    words = run("report", "--help").stdout
    assert all(name in words for name in all_reports())
    assert "low_income_monitoring is made only" in " ".join(words.split())


def test_explain_a_household(family: Path) -> None:
    """A household in a file is explained with its benefit and articles."""
    done = run("explain", str(family), "--region", "450400", "--on", "2026-09-01", "--stale")
    assert done.returncode == 0
    assert "146.00元" in done.stdout
    assert "第十八条" in done.stdout


@pytest.mark.parametrize(("text", "words"), [("{", "not JSON"), ("[]", "no household"), (None, "no such file")])
def test_a_household_file_that_cannot_be_read(tmp_path: Path, text: str | None, words: str) -> None:
    """A broken or missing file is one message."""
    path = tmp_path / "h.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = run("explain", str(path), "--region", "450400")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_gaps_of_a_text_are_the_same_in_both_languages() -> None:
    """A row of the door's vocabulary has as many gaps in Chinese as in English."""
    rows = [word.texts[:2] for key, word in vocabulary().items() if key.startswith(door.KIND)]
    assert [english for chinese, english in rows if chinese.count("{}") != english.count("{}")] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("gaps.xlsx: 7 gaps of 1 places, 2026-08", "gaps.xlsx：7项缺口，1个地区，2026-08"),
     ("2 new, 1 new source; written to reference/x.csv", "新增2项，新增来源1个；已写入 reference/x.csv"),
     ("x.xlsx, sheet 缺口, row 3: left empty", "x.xlsx工作表“缺口”第3行：未填写"),
     ("12 good (10 made, 2 unchanged), 1 failed, 2 without data: out/index.html", "完好12份（生成10份，未变2份），失败1份，缺数据2份：out/index.html"),
     ("make    price_linkage 梧州市 2026-08: never made", "生成  price_linkage 梧州市 2026-08：尚未生成"),
     ("nobody ever wrote this: nor that", "nobody ever wrote this: nor that")],
)  # fmt: skip
def test_last_lines_are_said_in_chinese(monkeypatch: pytest.MonkeyPatch, english: str, chinese: str) -> None:
    """What the rooms below write in English, the door says in Chinese; what it does not know it leaves as it is."""
    monkeypatch.setattr(door, "_spoken", "zh")
    assert door.say(english) == chinese


def test_commands_speak_chinese_to_their_last_line(tmp_path: Path) -> None:
    """A fault, an addition and what may be done next are told in Chinese, without an English sentence among them."""
    file = tmp_path / "october.csv"
    file.write_text(
        "地区,月份,指标,数值,来源,发布日期\n梧州市,2026-10,CPI,102.3,梧州调查队,2026-11-12\n", encoding="utf-8"
    )
    done = run("--language", "zh", "data", "add", str(file), "--into", str(tmp_path / "own"))
    assert done.returncode == 0, done.stderr
    assert "新增1项，新增来源1个；已写入" in done.stdout
    assert "报告使用这些数据的命令：" in done.stdout
    assert "撤销：" in run("--language", "zh", "data", "undo", "--into", str(tmp_path / "own")).stdout
    fault = run("--language", "zh", "data", "undo", "--into", str(tmp_path / "own"))
    assert fault.returncode == 2
    assert "没有可撤销的写入；实为 'own'；建议：aidlib data log" in fault.stderr


def test_a_place_that_brings_its_register_is_evaluated_for_a_year_without_figures() -> None:
    """The README's fourth command: a register or a filled form may be later than any published figure of the place."""
    asked = "report", "performance_evaluation", "--region", "450421", "--period", "2026", "--dry-run", "--out", "none"
    assert "1 without data" in run(*asked).stdout
    for own in ("register", "filled"):
        assert "1 to make" in run(*asked, "-p", f"{own}=$OWN").stdout
