"""The tutorial and the cookbook: run as a reader would, and the two languages of the tutorial in step."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

DOCS = Path(__file__).parents[1] / "docs"
TUTORIALS = (DOCS / "tutorial.ipynb", DOCS / "tutorial.en.ipynb")
RUN = {TUTORIALS[0]: "1234567", TUTORIALS[1]: "124"}
"""Which of the seven tasks are run: their code is the same in both, so the English one needs only those that show words."""
MOST_CODE_CELLS = 22
LANGUAGE = re.compile(r"AIDLIB_LANGUAGE=\w\w")


def cells(path: Path) -> list[Any]:
    return list(nbformat.read(path, as_version=4).cells)


def test_both_languages_of_the_tutorial_are_in_step() -> None:
    """The same code but for the language asked for, prose in the same places under the same seven headings, nothing run and kept."""
    chinese, english = map(cells, TUTORIALS)
    assert [one.cell_type for one in chinese] == [one.cell_type for one in english]
    code = [[LANGUAGE.sub("", one.source) for one in each if one.cell_type == "code"] for each in (chinese, english)]
    assert code[0] == code[1]
    assert len(code[0]) <= MOST_CODE_CELLS
    heads = [re.findall(r"^#+ ?\d?", one.source, re.M) for one in chinese if one.cell_type == "markdown"]
    assert heads == [re.findall(r"^#+ ?\d?", one.source, re.M) for one in english if one.cell_type == "markdown"]
    assert [head for found in heads for head in found][-1] == "## 7"
    assert not [one for one in (*chinese, *english) if one.cell_type == "code" and one.outputs]


def of_tasks(notebook: Any, tasks: str) -> Any:
    """The cells of some of the tasks, and what stands before the first."""
    kept, task = [], ""
    for one in notebook.cells:
        head = re.match(r"## (\d)", one.source)
        task = head[1] if head else task
        kept += [one] if task in ("", *tasks) else []
    notebook.cells = kept
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.name)
def test_the_tutorial_runs_and_shows_something(path: Path) -> None:
    """Every cell runs, nothing is warned of, each `.plot()` is a picture, and words are those of the language."""
    notebook = of_tasks(nbformat.read(path, as_version=4), RUN[path])
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(DOCS)}}).execute()
    shown = [(one.source, one.outputs) for one in notebook.cells if one.cell_type == "code"]
    assert [out["text"] for _, outputs in shown for out in outputs if out.get("name") == "stderr"] == []
    for source, outputs in shown:
        pictures = [out for out in outputs if "image/png" in out.get("data", {})]
        assert len(pictures) == source.count(".plot("), source
    html = "".join(out["data"].get("text/html", "") for _, outputs in shown for out in outputs if "data" in out)
    assert ("覆盖率" if path == TUTORIALS[0] else "exclusion error") in html


RECIPES = sorted((DOCS / "cookbook").glob("[0-9]*.md"))
CODE = re.compile(r"^```\{code-cell\}\n(.*?)^```", re.M | re.S)
MOST_LINES = 15


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_runs_and_shows_something(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """A few lines each; the last one shows itself, and nothing is warned of."""
    (tmp_path / "cookbook").mkdir()
    (tmp_path / "survey_invented.csv").write_bytes((DOCS / "survey_invented.csv").read_bytes())
    monkeypatch.chdir(tmp_path / "cookbook")
    (source,) = CODE.findall(path.read_text(encoding="utf-8"))
    assert len(source.strip().splitlines()) <= MOST_LINES
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "a recipe ends with what it shows"
    names: dict[str, Any] = {}
    exec(compile(tree, path.name, "exec"), names)
    shown = eval(compile(ast.Expression(last.value), path.name, "eval"), names)
    assert hasattr(shown, "_repr_html_") or len(shown)
    assert [one for one in recwarn if "aidlib" in one.filename] == []


def test_there_are_ten_recipes() -> None:
    """Each with its heading in both languages."""
    heads = [re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.M) for path in RECIPES]
    assert len(heads) == 10
    assert all(head and re.search(r"[\u4e00-\u9fff].* [A-Za-z]", head[1]) for head in heads)
