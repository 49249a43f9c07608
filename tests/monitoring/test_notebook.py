"""The notebook: its cells compose and no more, can be run again, show nobody, and speak both languages alike."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from capturing import path_of, sources
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot as plt

from aidlib.disclosure import findings
from aidlib.errors import LawGap, ParameterFault, RegisterFault
from aidlib.page.sentences import blocks
from tests.monitoring.conftest import MONTH, PLACE

NAME = "low_income_monitoring"
PATH = path_of(NAME)
CELLS = sources(PATH)
OF_THE_METHOD = ("coverage", "not_judged", "law_gaps", "measured", "not_planted")  # tables that count no family


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Everything the cells show, as it is shown."""
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", CapturingDisplayPublisher())
    yield shell.display_pub.outputs
    InteractiveShell.clear_instance()
    plt.close("all")


def run(given: dict[str, Any], times: int = 1) -> dict[str, Any]:
    """Run the cells one after another with parameters, each as often as asked."""
    space: dict[str, Any] = {}
    for source, has_parameters in CELLS:
        for _ in range(times):
            exec(source, space)
        if has_parameters:
            space.update(given)
    return space


def parameters(folder: Path, **changes: Any) -> dict[str, Any]:
    return {"region": PLACE, "period": MONTH, "families": 2_000, "seed": 5, "restricted": str(folder)} | changes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_of_the_page_passes_the_guard(tmp_path: Path, shown: list[dict[str, Any]], language: str) -> None:
    """Cells run twice show the same twice, hold no personal data and not where the lists lie, and every table and figure says that it is synthetic."""
    space = run(parameters(tmp_path, language=language), times=2)
    assert not findings([*shown], "page")
    word = "合成" if language == "zh" else "synthetic"
    kept = [(one["data"]["text/html"], one["metadata"]["aidlib"]) for one in shown]
    of_data = [(html, data.get("table", data.get("figure"))) for html, data in kept]
    marked = [html for html, name in of_data if name and name not in OF_THE_METHOD]
    assert len(marked) > 16
    assert all(word in html for html in marked)
    text = "".join(map(str, shown))
    persons = space["files"].persons
    assert not any(each in text for each in (*persons["name"], *persons["id_number"], str(tmp_path)))
    assert any(tmp_path.rglob("*.xlsx"))
    columns = {column for _, data in kept for column in data.get("columns", [])}
    assert columns
    assert not any(column.endswith("_id") or "name" in column for column in columns - {"law_name"})
    last = kept[-1][1]["record"]
    assert (last["status"], last["verdict"], last["parameters"]["restricted"]) == ("synthetic", "synthetic", "(given)")
    for name in {data["table"] for _, data in kept if "table" in data}:
        first, second = (data["cells"] for _, data in kept if data.get("table") == name)
        assert first == second, f"{name} run again shows something else"


def test_cells_compose_and_do_no_more() -> None:
    """No cell reckons, compares, branches, loops or defines: it loads, calls the public face and shows, in at most ten lines."""
    kinds = (
        ast.BinOp,
        ast.Compare,
        ast.If,
        ast.IfExp,
        ast.For,
        ast.While,
        ast.FunctionDef,
        ast.Lambda,
        ast.comprehension,
        ast.Try,
    )
    for source, has_parameters in CELLS:
        tree = ast.parse(source)
        assert not [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, kinds)]
        assert has_parameters or len(source.splitlines()) <= 14
        assert not any(ord(letter) > 0x2E80 for letter in source), "sentences stand in templates"


def test_both_languages_say_the_same() -> None:
    """Both templates have the same blocks, and every heading and method is there in both languages, one cell each, with the same formulas."""
    assert blocks(NAME, "zh") == blocks(NAME, "en")
    cells = json.loads(PATH.read_text(encoding="utf-8"))["cells"]
    prose = [("".join(c["source"]), c["metadata"]["tags"]) for c in cells if c["cell_type"] == "markdown"]
    assert [tags for _, tags in prose] == [["zh"], ["en"]] * (len(prose) // 2)
    for (chinese, _), (english, _) in zip(prose[::2], prose[1::2], strict=True):
        assert chinese.split()[0] == english.split()[0]
        assert {*chinese.split("$")[1::2]} == {*english.split("$")[1::2]}


@pytest.mark.parametrize(
    ("changes", "fault", "said"),
    [
        ({"period": "2026"}, ParameterFault, "YYYY-MM"),
        ({"period": "2021-06", "families": 300}, LawGap, r"rules of every family.*has them from 2021-07-01 on"),
        ({"registers": "$NOWHERE_SET"}, ParameterFault, "NOWHERE_SET"),
        ({"registers": "nothing"}, RegisterFault, "persons"),
    ],
)
def test_what_cannot_be_made_is_said_readably(
    tmp_path: Path, shown: list[dict[str, Any]], changes: dict[str, Any], fault: type[Exception], said: str
) -> None:
    """A year, a month before the rules, a folder that is nowhere or empty: one message with what was expected."""
    (tmp_path / "nothing").mkdir()
    if changes.get("registers") == "nothing":
        changes = {"registers": str(tmp_path / "nothing")}
    with pytest.raises(fault, match=said):
        run(parameters(tmp_path, language="en", **changes))
    assert shown == []
