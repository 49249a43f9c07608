"""Is a page ours, whole, and does it come out again? Only its parameters are taken from it; what runs is our own notebook."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import unescape
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aidlib import parameters, tables
from aidlib.errors import AidError, ReportFault
from aidlib.fleet import execute, plan, visible, warm
from aidlib.fleet.execute import Press
from aidlib.fleet.plan import Limits, Task
from aidlib.page import numbers, record
from aidlib.page.numbers import Difference
from aidlib.parameters import Plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

Finding = Literal[
    "reproduced", "data has changed since", "code has changed", "altered after it was made", "not one of our pages"
]
INJECTED = "injected-parameters"
SHIPPED, COLUMNS = "notebooks.csv", ("name", "version", "sha256")
OF_THE_CODE = re.compile(
    r'<details class="record">.*?</details>|<footer>.*?</footer>|<meta [^>]*>|<(style|script)>.*?</\1>', re.DOTALL
)
ABOUT = '<meta name="aidlib" content="'
SAID = ("text", "ename", "evalue", "traceback")  # of a stream, and of a fault
FOLDS = ("jupyter", "collapsed")  # what JupyterLab opens a cell by
MOST_LISTED = 20
OWN_CODE = "its cells are not aidlib's, and ran with all the rights of whoever called: the numbers are those of a stranger's code"


@dataclass(frozen=True)
class Edition:
    """A report as somebody has it: the notebook, its page, or both.

    Attributes
    ----------
    path : Path
        The file that was given.
    report : str
        Which report it says it is.
    parameters : dict
        Its parameters; of a path only that one was given.
    record : dict
        What it says about itself.
    notebook : NotebookNode or None
        The executed notebook.
    page : str or None
        The page.
    """

    path: Path
    report: str
    parameters: dict[str, Any]
    record: dict[str, Any]
    notebook: NotebookNode | None = None
    page: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What verifying a report found.

    Attributes
    ----------
    name : str
        The file that was verified.
    finding : str
        reproduced; data has changed since (rows it read have other values now); code has changed; altered after it was made (the
        same data and code say something else, or it is not what was sealed); not one of our pages.
    numbers : int
        How many cells of recorded tables were compared.
    rows : list of str
        Rows read that have changed.
    differences : list of Difference
        Numbers, sentences and visible places that are not the same.
    notes : list of str
        What else is not as it was: tables, aidlib's code, versions of libraries.
    """

    name: str
    finding: Finding
    numbers: int = 0
    rows: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def reproduced(self) -> bool:
        """Whether everything came out again."""
        return self.finding == "reproduced"

    def lines(self) -> list[str]:
        """What to print: the verdict with its tolerance, then rows, places and notes."""
        money = "money and exact numbers to the last digit, floats to 1 part in 1,000,000,000"
        told = (
            f": {self.numbers} cells compared ({money}), {len(self.differences)} places differ" if self.numbers else ""
        )
        changed = [f"  data: {row}" for row in self.rows[:MOST_LISTED]]
        differing = [f"  {one}" for one in self.differences[:MOST_LISTED]]
        left = max(len(self.rows) - MOST_LISTED, 0) + max(len(self.differences) - MOST_LISTED, 0)
        more = [f"  … and {left} more"] if left else []
        return [
            f"{self.name}: {self.finding}{told}",
            *changed,
            *differing,
            *more,
            *(f"  note: {n}" for n in self.notes),
        ]


def verify(
    path: Path,
    known: Mapping[str, Path],
    press: Press,
    given: Iterable[str] = (),
    limits: Limits | None = None,
    own_code: bool = False,
) -> Verdict:
    """Make a published report again with our own notebook and its parameters, and compare everything it shows.

    Raises
    ------
    ReportFault
        Not readable, or it cannot be made again; the reason is given.
    """
    before = read_edition(path)
    places = foreign(before, known)
    if places and not (own_code and before.notebook is not None):
        return Verdict(str(path), "not one of our pages", differences=[_at(place) for place in places])
    asked = parameters_for(before, given)
    if places:
        assert before.notebook is not None
        source, notes = bare(before.notebook), [OWN_CODE]
    else:
        source, notes = _ours(known[before.report]), []
        if missing := [name for name in asked if name not in parameters.defaults(known[before.report])]:
            return Verdict(str(path), "code has changed", notes=[f"no longer a parameter: {', '.join(missing)}"])
    after = again(source, before.report, asked, press, limits or Limits())
    return _verdict(before, after, press, notes)


def read_edition(path: Path) -> Edition:
    """Read a report and what lies beside it; nothing of it is run."""
    if path.suffix != ".html":
        notebook = record.read(path)
        beside = path.with_suffix(".html")
        return _edition(path, notebook, _text(beside) if beside.is_file() else None)
    page = _text(path)
    if (beside := path.with_suffix(".ipynb")).is_file():
        return _edition(path, record.read(beside), page)
    about = _about(path, page)
    return Edition(path, about["name"], about["parameters"], about, None, page)


def _edition(path: Path, notebook: NotebookNode, page: str | None) -> Edition:
    kept = record.record(notebook)
    return Edition(path, kept["name"], _filled(parameters_of(notebook), kept), kept, notebook, page)


def _filled(found: dict[str, Plain], kept: Mapping[str, Any]) -> dict[str, Plain]:
    """Fill what was left open, such as the newest month or the day of the run, with what the page kept of it."""
    made = kept.get("parameters") or {}
    left = {name for name, value in found.items() if value == "" and not record.is_path(name, "x")}
    return found | {name: made[name] for name in left & made.keys()}


def _text(path: Path) -> str:
    if not path.is_file():
        raise ReportFault("no such report", got=str(path), hint="aidlib report")
    if path.stat().st_size > record.LARGEST_BYTES:
        raise ReportFault("too large for a page", where=path.name, expected=f"at most {record.LARGEST_BYTES:,} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ReportFault("not a readable page", got=path.name) from None


def _about(path: Path, page: str) -> dict[str, Any]:
    """What a page says of itself in its head: name, parameters, data, code and versions."""
    start = page.find(ABOUT) + len(ABOUT)
    if start < len(ABOUT):
        hint = "put the .ipynb it was made with beside it"
        raise ReportFault("the page names no report and parameters of ours", got=path.name, hint=hint)
    try:
        return record.checked(json.loads(unescape(page[start : page.index('"', start)])))
    except (ValueError, RecursionError):
        raise ReportFault("not a readable page", got=path.name) from None


def parameters_of(notebook: NotebookNode) -> dict[str, Plain]:
    """Return every parameter of an executed report: its notebook's own values, and over them those it was given."""
    found: dict[str, Plain] = {}
    for cell in parameters.cells_of(notebook):
        if {parameters.TAG, INJECTED} & set(cell.tags):
            try:
                found |= parameters.literals(cell.source)
            except (AidError, SyntaxError, ValueError, RecursionError, MemoryError):
                raise ReportFault("a cell of parameters holds more than NAME = VALUE", got=cell.source[:60]) from None
    return found


def foreign(edition: Edition, known: Mapping[str, Path]) -> list[str]:
    """Say what makes a report none of ours: its name, or cells that no notebook we ship, or shipped, has."""
    if edition.report not in known:
        return [f"no report of ours is called {edition.report[:60]!r}"]
    if edition.notebook is None:
        return []
    theirs, ours = cells(edition), _steps(parameters.read(known[edition.report]))
    if theirs == ours:
        return _remarks(edition.notebook, known[edition.report])
    if (edition.report, digest(theirs)) in _earlier():
        return []
    pairs = enumerate(zip_longest(theirs, ours), 1)
    return [f"cell {at} is not that of {edition.report}.ipynb" for at, (one, own) in pairs if one != own]


def _remarks(notebook: NotebookNode, ours: Path) -> list[str]:
    """Remarks beside parameters are read too: ours, and the one line that papermill writes."""
    own = {
        text
        for cell in parameters.read(ours)
        if parameters.TAG in cell.tags
        for text in parameters.remarks(cell.source)
    }
    given = [c for c in parameters.cells_of(notebook) if {parameters.TAG, INJECTED} & set(c.tags)]
    told = {text for cell in given for text in parameters.remarks(cell.source)} - {"# Parameters"}
    return [f"a remark that {ours.name} has not: {text[:60]}" for text in sorted(told - own)]


Step = tuple[str, str, tuple[str, ...]]


def _steps(cells: Iterable[parameters.Cell]) -> list[Step]:
    """What cells do: kind, source and tags; of a cell of parameters, whatever their values, only that it is one."""
    own = [cell for cell in cells if INJECTED not in cell.tags]
    return [("parameters", "", ()) if parameters.TAG in c.tags else (c.kind, c.source, c.tags) for c in own]


def cells(edition: Edition) -> list[Step]:
    """Return what the cells of a report do."""
    return _steps(parameters.cells_of(edition.notebook)) if edition.notebook is not None else []


def today(edition: Edition, known: Mapping[str, Path]) -> NotebookNode | None:
    """Return the notebook that stands for a report now: ours, its own where it is not one of ours, None where ours has changed since."""
    if edition.notebook is not None and foreign(edition, known):
        return bare(edition.notebook)
    same = cells(edition) == _steps(parameters.read(known[edition.report]))
    return _ours(known[edition.report]) if same else None


def digest(steps: list[Step]) -> str:
    """Return the hash by which a shipped notebook is known, as `data/notebooks.csv` keeps it."""
    return hashlib.sha256(json.dumps(steps, ensure_ascii=False).encode()).hexdigest()


def shipped_row(name: str, notebook: Path) -> str:
    """Write the line of `data/notebooks.csv` for a notebook as it is now, to be added when it is about to change."""
    return f"{name},{record.versions()['aidlib']},{digest(_steps(parameters.read(notebook)))}"


def _earlier() -> set[tuple[str, str]]:
    return {(row["name"], row["sha256"]) for row in tables.rows(SHIPPED, COLUMNS)}


def parameters_for(edition: Edition, given: Iterable[str]) -> dict[str, Any]:
    """Return the parameters to make a report with: its own, but for paths those that whoever asks has given."""
    paths = {name for name, value in edition.parameters.items() if value == record.GIVEN or record.is_path(name, value)}
    own = {name: "" for name in edition.parameters if record.is_path(name, "x")}
    now = plan.parse(given, {**own, **dict.fromkeys(paths, "")}, "-p")
    if missing := sorted(paths - set(now)):
        hint = " ".join(f"-p {name}=PATH" for name in missing)
        raise ReportFault(
            "it was made with files of its own", where=edition.path.name, got=", ".join(missing), hint=hint
        )
    return {**edition.parameters, **now}


def bare(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook as it was before it was executed: without outputs and without injected parameters."""
    source = copy.deepcopy(notebook)
    source.cells = [cell for cell in source.cells if INJECTED not in cell.metadata.get("tags", [])]
    for cell in (cell for cell in source.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None
    source.metadata.pop("papermill", None)
    return source


def _ours(notebook: Path) -> NotebookNode:
    import nbformat

    found: NotebookNode = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    return found


def again(source: NotebookNode, name: str, given: dict[str, Any], press: Press, limits: Limits) -> NotebookNode:
    """Execute a notebook with parameters, once more where its kernel died."""
    import nbformat

    place, period = str(given.get("region", "")), str(given.get("period", given.get("year", "")))
    with tempfile.TemporaryDirectory(dir=warm.private_folder()) as folder:
        path = Path(folder) / "source.ipynb"
        nbformat.write(source, path)  # type: ignore[no-untyped-call]
        task = Task(name, period, place, name, str(path), given, limits)
        for attempt in ("first", "second"):
            (made := Path(folder) / attempt).mkdir()
            result = execute.perform(task, press, made)
            if not result.died:
                break
        if result.outcome != "good":
            raise ReportFault("the report cannot be made again", where=name, got=result.reason)
        return record.read(made / f"{name}.ipynb")


def _verdict(before: Edition, after: NotebookNode, press: Press, notes: list[str]) -> Verdict:
    """Compare what was published with what comes out now, and say what a difference comes from."""
    old, now = before.record, record.record(after)
    given = [f"the {name} that was given" for name, was in old["inputs"].items() if now["inputs"].get(name) != was]
    moved = moved_tables(old) + given
    same_code = (old["code"], old["versions"]) == (now["code"], now["versions"])
    page, found, broken, rows, compared = _page(before, after, press, same_code), [], [], [], 0
    if before.notebook is None:
        page, found = [], page
    else:
        found = compare(before.notebook, after, same_code and not moved)
        page += _forged_rows(old, now, moved) if same_code else []
        broken = [_at(name) for name in record.broken(before.notebook)] if found or page else []
        rows = numbers.changed_rows(old, now) if moved else []
        compared = sum(len(table.columns) * len(table.rows) for table in record.tables(before.notebook).values())
    by_hand = page or broken or (found and same_code and not moved)
    if by_hand:
        found = [*broken, *page, *(found if not broken else [])]
    finding: Finding = (
        "altered after it was made" if by_hand
        else "reproduced" if not found
        else "data has changed since" if rows or (moved and same_code)
        else "code has changed"
    )  # fmt: skip
    return Verdict(str(before.path), finding, compared, rows, found, [*notes, *_notes(old, now, moved)])


def compare(before: NotebookNode, after: NotebookNode, exact: bool) -> list[Difference]:
    """List everything that two executions of a report show differently: recorded cells, sentences, and what is visible.

    Where data and code are the same, what nobody sees must be the same too.
    """
    tables_then, tables_now = record.tables(before), record.tables(after)
    cells = numbers.differences(tables_then, tables_now)
    words = _sentences(record.sentences(before), record.sentences(after))
    facts, told = _facts(record.record(before), record.record(after)), {one.table for one in cells}
    old, new = dict(record.named_outputs(before)), dict(record.named_outputs(after))
    skipped = {f"table {name}" for name in told}
    skipped |= {name for name in {*old, *new} if words and name.split(" ")[0] in ("paragraph", "heading", "finding")}
    loose = {f"table {name}" for name in numbers.inexact(tables_then, tables_now)}
    seen = []
    for name in dict.fromkeys([*old, *new]):
        if name in skipped or (
            name.startswith("record")
            and _record_section(record.record(before)) != _record_section(record.record(after))
        ):
            continue
        pair = visible.unlike(_said(old.get(name)), _said(new.get(name)), name in loose, exact)
        seen += [Difference("", name, "as shown", *pair)] if pair else []
    folds = [] if _folds(before) == _folds(after) else [_at("what is folded away")]
    return [*cells, *words, *facts, *seen, *folds]


def _folds(notebook: NotebookNode) -> list[list[Any]]:
    own = [cell.metadata for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    return [[beside.get(name) for name in FOLDS] for beside in own]


def _record_section(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the record's own section shows: all but rows and gaps, which stand elsewhere."""
    return {name: fact for name, fact in kept.items() if name not in ("law", "figures", "gaps")}


def _facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference("", "record", name, str(old[name]), str(new[name]))
        for name in ("status", "as_of", "gaps", "shown")
        if old[name] != new[name]
    ]


def _forged_rows(old: Mapping[str, Any], now: Mapping[str, Any], moved: list[str]) -> list[Difference]:
    """Rows that a record says were read otherwise than they stand, in tables that have not changed since."""
    return [
        Difference("", "record", where, text, now[kind][where])
        for kind in ("law", "figures")
        for where, text in old[kind].items()
        if where.removeprefix("overlay:").rpartition(":")[0] not in moved and now[kind].get(where, text) != text
    ]


def _said(output: Mapping[str, Any] | None) -> str:
    """What an output says to a reader, in whatever it is shown: HTML, text, pictures and their size, a fault."""
    if output is None:
        return ""
    data, beside = output.get("data", {}), {k: v for k, v in output.get("metadata", {}).items() if k != "aidlib"}
    told = [str(data[kind]) for kind in sorted(data)] + [str(output.get(name, "")) for name in SAID]
    return "\n".join([*told, str(beside or "")])


def _sentences(old: list[str], new: list[str]) -> list[Difference]:
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pairs = [
        (i + 1, *pair)
        for kind, i, i_end, j, j_end in matched
        if kind != "equal"
        for pair in zip_longest(old[i:i_end], new[j:j_end])
    ]
    return [Difference("", f"sentence {at}", "", before, after) for at, before, after in pairs]


def _page(before: Edition, after: NotebookNode, press: Press, same_code: bool) -> list[Difference]:
    """Where a page is not the one its notebook makes; where the code has changed since, the seal or its tables must do."""
    if before.page is None:
        return []
    if before.notebook is None:
        after = copy.deepcopy(after)
        after.metadata.setdefault("papermill", {})["end_time"] = str(before.record.get("finished", ""))
        made = press.page(after, before.report).decode()
        return (
            _pages(before.path, before.page, made)
            if same_code
            else _pages(before.path, *map(_without_record, (before.page, made)))
        )
    if same_code:
        return _pages(before.path, before.page, press.page(before.notebook, before.report).decode())
    if sealed := record.sealed_page(before.notebook):
        same = sealed == hashlib.sha256(before.page.encode()).hexdigest()
        return [] if same else [_at(f"{before.path.stem}.html is not the page that was made with it")]
    shown = [(name, output) for name, output in record.named_outputs(before.notebook) if name.startswith("table ")]
    wrong = [name for name, one in shown if str(one.get("data", {}).get("text/html", "")) not in before.page]
    return [_at(f"{before.path.stem}.html, {name}") for name in wrong]


def _pages(path: Path, page: str, made: str) -> list[Difference]:
    pair = visible.unlike(page, made, exact=True)
    return [Difference("", f"{path.stem}.html", "as shown", *pair)] if pair else []


def _without_record(page: str) -> str:
    """A page without what it says of its code and versions."""
    return OF_THE_CODE.sub("", page)


def _at(place: str) -> Difference:
    return Difference("", place, "", None, None)


def moved_tables(old: Mapping[str, Any]) -> list[str]:
    """List the tables of data that are no longer what a record says they were."""
    return sorted(name for name, was in old["tables"].items() if _table(name) != was)


def _table(name: str) -> str:
    """The digest of a table of ours; a name that leads elsewhere is no table."""
    try:
        return tables.digest(name) if name in tables.names("**/*.csv") else ""
    except (AidError, OSError, ValueError):
        return ""


def _notes(old: Mapping[str, Any], now: Mapping[str, Any], moved: list[str]) -> list[str]:
    found = [f"changed since: {', '.join(moved)}"] if moved else []
    if old["code"] != now["code"]:
        found.append("aidlib's code changed since")
    versions = [
        f"{n} {old['versions'].get(n)} -> {v}" for n, v in now["versions"].items() if old["versions"].get(n) != v
    ]
    return found + ([f"versions changed since: {', '.join(versions)}"] if versions else [])
