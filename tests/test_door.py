"""The door of the command line: Chinese or English, as asked, as the environment says, else as the system speaks."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import click
import pytest

from aidlib.commands import door
from aidlib.commands.data import data

CHINESE = re.compile("[\u4e00-\u9fff]")
SPEAKING = ("AIDLIB_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def run(*given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in an environment that says nothing of a language but what is given."""
    settings = (
        {name: text for name, text in os.environ.items() if name not in SPEAKING} | {"PYTHONUTF8": "1"} | environment
    )
    return subprocess.run(
        [sys.executable, "-m", "aidlib.cli", *given], capture_output=True, text=True, env=settings, encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("given", "environment"),
    [(["--language", "zh"], {"LANG": "en_US.UTF-8"}), ([], {"AIDLIB_LANGUAGE": "zh"}), ([], {"LANG": "zh_CN.UTF-8"})],
)
def test_help_and_faults_speak_chinese(given: list[str], environment: dict[str, str]) -> None:
    """By option, by variable or by locale; a fault keeps its parts."""
    shown = run(*given, "data", "add", "--help", **environment).stdout
    assert "用法：" in shown
    assert "显示本说明后退出" in shown
    fault = run(*given, "data", "add", "x.csv", **environment).stderr
    assert "没有指定数据文件夹" in fault
    assert "建议：" in fault


@pytest.mark.parametrize("environment", [{}, {"LANG": "en_US.UTF-8"}, {"LANG": "zh_CN.UTF-8", "AIDLIB_LANGUAGE": "en"}])
def test_english_is_spoken_elsewhere(environment: dict[str, str]) -> None:
    """Without a word of Chinese in the help."""
    shown = run("data", "add", "--help", **environment).stdout
    assert "Usage:" in shown
    assert not CHINESE.search(shown)


def test_an_unknown_language_is_named() -> None:
    """The variable may be mistyped: one sentence, no traceback."""
    done = run("data", "log", AIDLIB_LANGUAGE="zhh")
    assert done.returncode == 2
    assert "unknown language" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_word_of_the_data_commands_is_worded() -> None:
    """Help of each command and option that a clerk meets every month has its Chinese; a new one without it fails here."""
    texts = [data.help or ""]
    for command in data.commands.values():
        texts += [
            command.help or "",
            *(option.help or "" for option in command.params if isinstance(option, click.Option)),
        ]
    assert [text for text in texts if text and door._flat(text) not in door._known()] == []
