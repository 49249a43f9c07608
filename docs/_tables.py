"""Every table of every report as a frame: read from the cells of the notebooks, so that the handbook says what the pages do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat


@dataclass(frozen=True)
class Report:
    """A report: its name, the lines that gather what its tables show, and the expression of each table by name."""

    name: str
    lines: tuple[str, ...]
    tables: dict[str, str]


class _Unpaged(ast.NodeTransformer):
    """Write `page.law` as `law`, and any other attribute of the page as its value."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if not (isinstance(node.value, ast.Name) and node.value.id == "page"):
            self.generic_visit(node)
            return node
        if node.attr in ("law", "figures"):
            return ast.Name(node.attr)
        value = getattr(self.page, node.attr)
        return ast.parse(f"aidlib.region({value.code!r})" if node.attr == "region" else repr(value), mode="eval").body


def reports(folder: Path) -> Iterator[Report]:
    """Read every notebook of a folder and of its `research`."""
    for path in sorted([*folder.glob("*.ipynb"), *folder.glob("research/*.ipynb")]):
        yield _read(path)


def _read(path: Path) -> Report:
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    statements = [one for source in cells for one in ast.parse(source).body]
    opened = next(at for at, one in enumerate(statements) if ast.unparse(one).startswith("page = aidlib.start("))
    names: dict[str, Any] = {}
    exec(compile(ast.Module(statements[: opened + 1], []), path.name, "exec"), names)
    lines, tables, plain = [], {}, _Unpaged(names["page"])
    for statement in statements[opened + 1 :]:
        if isinstance(statement, ast.Assign):
            lines.append(ast.unparse(plain.visit(statement)))
        elif isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("page.table("):
            named, shown = statement.value.args[:2]  # type: ignore[attr-defined]
            tables[ast.literal_eval(named)] = ast.unparse(plain.visit(shown))
    return Report(path.stem, tuple(_needed(lines, tables)), tables)


def _needed(lines: list[str], tables: dict[str, str]) -> list[str]:
    """The lines that the tables rest on."""
    wanted = {one.id for text in tables.values() for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Name)}
    kept: list[str] = []
    for line in reversed(lines):
        names = [one for one in ast.walk(ast.parse(line)) if isinstance(one, ast.Name)]
        if any(one.id in wanted for one in names if isinstance(one.ctx, ast.Store)):
            wanted |= {one.id for one in names}
            kept.insert(0, line)
    return kept


START = ("import aidlib", "", "law, figures = aidlib.Book(), aidlib.Figures()")


def frames(report: Report) -> Iterator[tuple[str, str, Any]]:
    """Run a report's lines, and yield each table's name, the line that gives its frame, and the frame."""
    names: dict[str, Any] = {}
    exec("\n".join([*START, *report.lines]), names)
    for name, line in report.tables.items():
        shown = eval(line, names)
        whole = f"{line}.to_frame()" if hasattr(shown, "to_frame") else line
        yield name, whole, eval(whole, names)
