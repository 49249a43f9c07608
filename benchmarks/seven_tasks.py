"""The seven tasks of the tutorial, here and in the nearest peer: lines and calls of programs that are run, and whether the answers agree.

    python benchmarks/seven_tasks.py                          # prints the table
    python benchmarks/seven_tasks.py > docs/seven_tasks.md    # the page of the handbook

Programs stand in `benchmarks/tasks/<task>.<who>.py`; each prints its answer as one line of JSON. Lines are those that are neither empty nor a
comment, calls are counted in the parsed program. A peer that is not a dependency of aidlib is installed apart, below `benchmarks/.venv`.
Where no peer has the law, the figures or the reports, there is no program and the table says so.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PROGRAMS, APART = HERE / "tasks", HERE / ".venv" / "seven"
PEERS = ("samplics==0.6.1", "OpenFisca-Core==46.0.1")
OURS, PEER = "aidlib", "peer"


class Task(NamedTuple):
    """A task: what it is in both languages, the peer, what must be said of it, whether it is installed apart, and whether it does only a part."""

    name: str
    zh: str
    en: str
    peer: str
    note: str
    apart: bool = False
    partial: bool = False


NO_LAW = "没有中国的规定，须自己逐条写出。No law of China: every rule would have to be written."
TASKS = (
    Task("panel", "面板：31省份、14年，两个序列", "panel: 31 provinces, 14 years, two series", "pandas",
         "数须自己收集；这里只算从整理好的CSV读入。The figures must be collected first; counted is reading a tidy CSV of them."),
    Task("candidates", "标准测算：四种方法、上下限、资金", "setting a standard: methods, bounds, cost", "", NO_LAW),
    Task("linkage", "联动：换一条启动线，月数和费用", "price linkage: another line, months and cost", "", NO_LAW),
    Task("targeting", "瞄准：漏保率和抽样误差", "targeting: exclusion error with its sampling error", "samplics", "", True),
    Task("eligibility", "资格：一万户，改标准后谁得益", "eligibility: 10,000 households, who gains from a reform", "OpenFisca-Core",
         "只写了按差额发放一条规则；其余的规则不在内。One rule only, the gap to the standard; no other rule of the law.", True, True),
    Task("report", "改一份报告：比例、方法、物价路径", "altering a report: ratio, method, prices", "",
         "没有可改的报告。There is no report to alter."),
    Task("regression", "固定效应回归", "a fixed-effects regression", "pandas + linearmodels",
         "数须自己收集。The figures must be collected first."),
)  # fmt: skip
HEAD = """# 七件事，几行几次调用 Seven tasks, lines and calls

教程的七件事，在这里和在最接近的同类软件里各要几行、几次调用。两边的程序都在 `benchmarks/tasks/`，逐一运行后计数；两边答案可比的，已核对一致。

The seven tasks of the tutorial, each with the lines and calls it takes here and in the nearest peer. The programs of both sides stand in
`benchmarks/tasks/`; all were run and then counted, and answers that can be compared were found equal.

| 事 task | aidlib 行 lines | 调用 calls | 同类 peer | 行 lines | 调用 calls | 答案 answer | 说明 remark |
|---|---|---|---|---|---|---|---|"""


def counted(program: Path) -> tuple[int, int]:
    """Lines that are neither empty nor comments, and calls."""
    text = program.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return len(lines), sum(isinstance(node, ast.Call) for node in ast.walk(ast.parse(text)))


def python_of(task: Task) -> str:
    """The Python that has the peer, which is installed when it is not there."""
    if not task.apart:
        return sys.executable
    python = APART / "bin" / "python"
    if not python.exists():
        venv.create(APART, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True, stdout=sys.stderr)
    return str(python)


def prepared(folder: Path) -> None:
    """Write what programs read: the survey, and for peers the panel and the households that they cannot make themselves."""
    import aidlib

    shutil.copy(HERE.parent / "docs" / "survey_invented.csv", folder)
    figures = aidlib.panel(["dibao_recipients:rural", "consumption_pc:rural"], years=(2010, 2023)).to_frame()
    figures.dropna(subset="value")[["place", "period", "date", "series", "value"]].to_csv(
        folder / "panel.csv", index=False
    )
    for name, frame in zip(("homes", "people"), aidlib.synthetic_population("杭州", 10_000, seed=1), strict=True):
        frame.to_csv(folder / f"{name}.csv", index=False)


def answer(program: Path, python: str, folder: Path) -> object:
    """Run a program and read what it prints last."""
    done = subprocess.run([python, str(program)], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def agree(ours: object, theirs: object) -> bool:
    """Whether two answers are the same to six digits."""
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    return abs(float(ours) - float(theirs)) <= 1e-6 * max(1.0, abs(float(ours)))  # type: ignore[arg-type]


def row(task: Task, folder: Path) -> str:
    """One line of the table."""
    program = PROGRAMS / f"{task.name}.{OURS}.py"
    found, cells = answer(program, sys.executable, folder), list(map(str, counted(program)))
    if task.peer:
        other = PROGRAMS / f"{task.name}.{PEER}.py"
        theirs = answer(other, python_of(task), folder)
        word = "不可比 not comparable" if task.partial else "一致 equal" if agree(found, theirs) else "不同 differs"
        cells += [task.peer, *map(str, counted(other)), word]
    else:
        cells += ["不能做 cannot", "—", "—", "—"]
    return f"| {task.zh} {task.en} | {' | '.join(cells)} | {task.note} |"


def main() -> None:
    """Print the page."""
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        prepared(Path(folder))
        for task in TASKS:
            print(row(task, Path(folder)), flush=True)
    print(f"\n对照版本 peers: {', '.join(PEERS)}; pandas 和 linearmodels 同 `requirements.lock`。")


if __name__ == "__main__":
    main()
