"""The house in numbers, to be read before and after a step: lines, modules, functions, circles, words in the code.

python benchmarks/house.py                     # today
python benchmarks/house.py --against 1b0c3d5   # beside an earlier commit
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from apart import HERE, as_of
from scipy.sparse import lil_array
from scipy.sparse.csgraph import connected_components

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
HELD = (*FUNCTIONS, ast.ClassDef, ast.Module)
MODULE_LINES = (150, 700)


class House:
    """The modules of aidlib in a folder, parsed."""

    def __init__(self, root: Path) -> None:
        files = sorted((root / "aidlib").rglob("*.py"))
        self.texts = {self._name(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}
        self.trees = {name: ast.parse(text) for name, text in self.texts.items()}
        self.names = {name: self._bound(name) for name in self.trees}

    @staticmethod
    def _name(path: Path) -> str:
        return ".".join(part for part in path.with_suffix("").parts if part != "__init__")

    def _bound(self, module: str) -> dict[str, str]:
        """What each name of a module stands for: what it imports, and its own functions."""
        bound = {node.name: f"{module}.{node.name}" for node in self.trees[module].body if isinstance(node, FUNCTIONS)}
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.ImportFrom):
                bound |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                bound |= {one.asname: one.name for one in node.names if one.asname}
        return bound

    def numbers(self) -> dict[str, float]:
        """Count everything, in the order it is printed."""
        lengths = [text.count("\n") + 1 for text in self.texts.values()]
        nodes = [node for tree in self.trees.values() for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
        functions = sorted(_lines(node) - (_lines(node.body[0]) if _docstring(node) else 0) for node in nodes)
        words = {name: count for name, tree in self.trees.items() if (count := sum(1 for _ in _chinese(tree)))}
        callers = self.callers()
        return {
            "lines": sum(len(text.splitlines()) for text in self.texts.values()),
            "modules": len(self.texts),
            f"modules below {MODULE_LINES[0]} lines": sum(length < MODULE_LINES[0] for length in lengths),
            f"modules above {MODULE_LINES[1]} lines": sum(length > MODULE_LINES[1] for length in lengths),
            "functions of modules": len(callers),
            "with one caller, %": round(100 * sum(len(by) == 1 for by in callers.values()) / len(callers), 1),
            "lines a function without docstring, median": statistics.median(functions),
            "the same, 90 of 100 at most": functions[len(functions) * 9 // 10],
            "functions above 40 lines": sum(length > 40 for length in functions),
            "circles between modules": len(self.circles()),
            "Chinese texts outside docstrings": sum(words.values()),
            "modules with them": len(words),
        }

    def callers(self) -> dict[str, set[str]]:
        """The functions and classes that name each function of a module, wherever they import it from."""
        found: dict[str, set[str]] = {
            f"{name}.{node.name}": set() for name, tree in self.trees.items() for node in tree.body if isinstance(node, FUNCTIONS)
        }  # fmt: skip
        for module, tree in self.trees.items():
            for scope, node in _scoped(tree, module):
                if (named := self._origin(self._named(module, node))) in found and named != scope:
                    found[named].add(scope)
        return found

    def _named(self, module: str, node: ast.AST) -> str:
        bound = self.names[module]
        if isinstance(node, ast.Name):
            return bound.get(node.id, "") if isinstance(node.ctx, ast.Load) else ""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound:
            return f"{bound[node.value.id]}.{node.attr}"
        return ""

    def _origin(self, named: str) -> str:
        """Where what a package passes on is written."""
        module, _, name = named.rpartition(".")
        further = self.names.get(module, {}).get(name, named)
        return named if further == named else self._origin(further)

    def circles(self) -> list[list[str]]:
        """Modules that import each other, directly or not, at whatever place of their text."""
        at = {name: number for number, name in enumerate(self.trees)}
        matrix = lil_array((len(at), len(at)), dtype=bool)
        for name, tree in self.trees.items():
            for used in {one for node in ast.walk(tree) for one in _imported(node, at)} - {name}:
                matrix[at[name], at[used]] = True
        groups = defaultdict(list)
        for name, group in zip(at, connected_components(matrix, connection="strong")[1], strict=True):
            groups[group].append(name)
        return [names for names in groups.values() if len(names) > 1]


def _imported(node: ast.AST, known: dict[str, int]) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module:
        for one in node.names:
            whole = f"{node.module}.{one.name}"
            yield from (whole,) if whole in known else (node.module,) if node.module in known else ()
    elif isinstance(node, ast.Import):
        yield from (one.name for one in node.names if one.name in known)


def _scoped(node: ast.AST, scope: str, top: bool = True) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the function or class of the module it stands in."""
    for child in ast.iter_child_nodes(node):
        inner = f"{scope}.{child.name}" if top and isinstance(child, (*FUNCTIONS, ast.ClassDef)) else scope
        yield inner, child
        yield from _scoped(child, inner, top and inner == scope)


def _docstring(node: ast.AST) -> ast.Constant | None:
    first = node.body[0] if isinstance(node, HELD) and node.body else None
    return first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _chinese(tree: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {id(_docstring(node)) for node in ast.walk(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
            yield from () if id(node) in docstrings else (node,)


def main() -> None:
    """Print the numbers of today, beside those of an earlier commit where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", help="an earlier commit")
    parser.add_argument("--circles", action="store_true", help="name the modules of each circle")
    options = parser.parse_args()
    now, before = House(HERE), None
    if options.against:
        with as_of(options.against) as folder:
            before = House(folder).numbers()
    print(f"| | {options.against} | today |\n|---|---|---|" if before else "| | today |\n|---|---|")
    for name, number in now.numbers().items():
        print(f"| {name} | {f'{before.get(name, 0):,} | ' if before else ''}{number:,} |")
    for names in now.circles() if options.circles else ():
        print("circle:", ", ".join(names))


if __name__ == "__main__":
    main()
