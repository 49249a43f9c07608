"""The one-way street of the house: imports go only towards the bottom, and the middle rooms stay pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "aidlib"
STREET = [
    {"errors", "money", "tables", "regions", "words", "parameters", "result", "rooms"},
    {"law", "indices", "register", "disclosure"},
    {"known"},
    {"rules", "standards", "prices", "evaluation", "monitoring", "additions", "studies"},
    {"views"},
    {"page"},
    {"fleet"},
    {"commands"},
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(STREET) for room in rooms}
PURE = ("rules", "standards", "prices", "evaluation", "studies")
IMPURE_MODULES = {"matplotlib", "papermill", "time", "random", "socket", "subprocess"}
FILE_WORKERS = {"rules/assess.py", "rules/assess_cluster.py", "rules/ledger.py", "rules/workers.py"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    """A room imports only from its own floor or one nearer the ground; the fleet never knows a rule."""
    if room(path) == "__init__":
        return
    own = FLOOR[room(path)]
    for name in imports(path):
        if name.startswith("aidlib."):
            other = name.split(".")[1]
            assert FLOOR.get(other, 0) <= own, f"{path.name} imports {name}, which stands above it"


@pytest.mark.parametrize(
    "path", [p for p in modules() if room(p) in PURE], ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_middle_rooms_are_pure(path: Path) -> None:
    """Rules, standards, prices and evaluation open no file, read no clock and draw nothing."""
    if path.relative_to(PACKAGE).as_posix() in FILE_WORKERS:
        return
    assert not IMPURE_MODULES & {name.split(".")[0] for name in imports(path)}
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "open" not in called


RECORD = {"record", "numbers"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "fleet").glob("*.py")), ids=lambda p: p.name)
def test_the_fleet_knows_the_ground_and_a_pages_record(path: Path) -> None:
    """How a page is made, which reports there are and what the law says is passed in by the commands: the fleet imports none of it."""
    for name in imports(path):
        house, room_, *rest = [*name.split("."), "", ""]
        if house == "aidlib" and room_:
            assert room_ in STREET[0] | {"fleet"} or (room_ == "page" and rest[0] in RECORD), name


def test_every_room_has_a_floor() -> None:
    """A new module at the top of the package must say where in the street it stands."""
    rooms = {room(path) for path in modules()} - {"__init__", "__main__"}
    assert rooms <= FLOOR.keys()


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """List the sets of names from each of which every other can be reached."""
    reached = {name: {name} for name in arrows}
    grown = True
    while grown:
        grown = False
        for name, others in arrows.items():
            more = set().union(*(reached[other] for other in others))
            grown |= not more <= reached[name]
            reached[name] |= more
    tied = {frozenset(other for other in reached[name] if name in reached[other]) for name in arrows}
    return sorted(sorted(names) for names in tied if len(names) > 1)


def runtime_imports(path: Path) -> Iterator[str]:
    """Imports a run may follow, also those inside functions; what only a type checker reads is none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    unread = {id(part) for block in blocks for part in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_circle_between_rooms() -> None:
    """Two rooms of one floor may not need each other, not even for their types."""
    arrows: dict[str, set[str]] = {name: set() for name in FLOOR}
    for path in modules():
        if room(path) in FLOOR:
            needed = {name.split(".")[1] for name in imports(path) if name.startswith("aidlib.")}
            arrows[room(path)] |= needed & FLOOR.keys()
    assert circles(arrows) == []


def test_no_circle_between_modules() -> None:
    """A module does not need one that needs it, not even from inside a function."""
    named = {".".join(("aidlib", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in modules()}
    named = {name.removesuffix(".__init__"): path for name, path in named.items()}
    arrows: dict[str, set[str]] = {}
    for name, path in named.items():
        found = (other if other in named else other.rpartition(".")[0] for other in runtime_imports(path))
        arrows[name] = {other for other in found if other in named and other != name}
    assert circles(arrows) == []


def test_a_circle_is_seen() -> None:
    """Three that need each other in turn are found; one they lead to is not among them."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [["a", "b", "c"]]


EMPTY_NAMES = {
    "behind", "crew", "found", "held", "made", "own", "sides", "since", "sound", "spans", "tally", "tied", "told",
}  # fmt: skip


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_names_say_what_a_thing_is(path: Path) -> None:
    """No module, function, method, class or constant goes by a word that says nothing of it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    targets = [t for n in tree.body for t in (n.targets if isinstance(n, ast.Assign) else [getattr(n, "target", None)])]
    named += [target.id for target in targets if isinstance(target, ast.Name)]
    assert not EMPTY_NAMES & {name.strip("_").lower() for name in [*named, path.stem]}


CHINESE = re.compile("[一-鿿]")
READS_CHINESE = {
    "additions": "the headings, units and sentences of somebody's table",
    "register": "the headings, words and notes of a county's ledgers, and the headings of the workbook to fill in",
    "disclosure/detect.py": "addresses and amounts in a text",
    "disclosure/documents.py": "the unit of an amount in a document",
    "disclosure/suppression.py": "the row of the total",
    "evaluation/form.py": "targets as an official writes them, such as 不低于98%",
    "evaluation/households.py": "the column a hint names",
    "law/value.py": "how a note says that a source is a report of the press",
    "prices/announcement.py": "what an announcement calls its groups and indices",
    "regions.py": "the ending of a place's name",
    "studies/households.py": "the headings of a survey's file",
    "studies/search.py": "the text a hint shows how to search for",
    "studies/workbench.py": "the place a hint names",
}
"""Modules and rooms below `views` that hold Chinese text, which is what they read or ask for, never what they say."""


def chinese(path: Path) -> list[str]:
    """The Chinese texts of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    texts = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [text.value for text in texts if id(text) not in docstrings and CHINESE.search(text.value)]


def test_no_room_below_views_speaks_chinese() -> None:
    """What is said stands in the vocabulary and the templates; what a module reads or asks for is listed above, with the reason."""
    speaking = set()
    for path in modules():
        if FLOOR.get(room(path), 0) < FLOOR["views"] and chinese(path):
            name = path.relative_to(PACKAGE).as_posix()
            speaking.add(
                name
                if name in READS_CHINESE
                else room(path)
                if room(path) in READS_CHINESE
                else f"{name} is not listed"
            )
    assert speaking == set(READS_CHINESE)
