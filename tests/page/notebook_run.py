"""Open notebooks run cell by cell in this process: what each cell shows, what its words were given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from aidlib import words
from aidlib.page import Page, sentences
from aidlib.page.parameters import shipped

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
OPENED = "aidlib.start("


@dataclass
class Run:
    """A notebook that was run: the page it opened, what each code cell showed, and the words it asked for with their facts."""

    names: dict[str, Any] = field(default_factory=dict)
    shown: list[list[dict[str, Any]]] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page it opened."""
        return self.names["page"]

    def kept(self, kind: str) -> dict[str, dict[str, Any]]:
        """What was recorded of one kind (`table`, `figure`, `finding`), by name."""
        every = [one["metadata"]["aidlib"] for cell in self.shown for one in cell]
        return {one["block" if kind in ("finding", "say") else kind]: one for one in every if kind in one}

    @property
    def finding(self) -> list[str]:
        """The sentences of the finding."""
        return next(iter(self.kept("finding").values()))["finding"]

    @property
    def text(self) -> str:
        """Everything shown, as text."""
        return "\n".join(one["data"]["text/plain"] for cell in self.shown for one in cell)


def cells(path: Path) -> list[tuple[str, set[str]]]:
    """Return the code cells of a notebook with their tags."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        ("".join(cell["source"]), set(cell["metadata"].get("tags", ())))
        for cell in found
        if cell["cell_type"] == "code"
    ]


def open_notebooks() -> list[Path]:
    """Every notebook that opens a page by the public face."""
    return [path for path in sorted(NOTEBOOKS.rglob("*.ipynb")) if any(OPENED in source for source, _ in cells(path))]


class Runner:
    """Runs notebooks; a test gets one as the fixture `run`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self._showing: list[dict[str, Any]] = []
        self._patch.setattr("IPython.display.publish_display_data", self._publish)
        self._paragraphs = Page._paragraphs

    def _publish(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        self._showing.append({"data": data, "metadata": metadata})

    def __call__(self, notebook: Path | str, times: int = 1, **given: Any) -> Run:
        """Run a notebook with parameters; `times` says how often each cell is run before the next."""
        path = next(NOTEBOOKS.rglob(f"{notebook}.ipynb")) if isinstance(notebook, str) else notebook
        found = Run()

        def noted(page: Page, block: str, facts: dict[str, Any]) -> Any:
            found.said.append((block, {"page": page, **facts}))
            return self._paragraphs(page, block, facts)

        self._patch.setattr(Page, "_paragraphs", noted)
        for source, tags in cells(path):
            for _ in range(1 if "parameters" in tags else times):
                self._showing.clear()
                exec(compile(source, path.name, "exec"), found.names)
                found.shown.append(list(self._showing))
            if "parameters" in tags:
                found.names |= {name: value for name, value in given.items() if name in shipped(path.stem)}
        return found


def rendered(name: str, block: str, facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """Render a block of words in every language, as text."""
    return {
        language: list(map(sentences.plain, sentences.paragraphs(name, block, language, facts)))
        for language in words.LANGUAGES
    }
