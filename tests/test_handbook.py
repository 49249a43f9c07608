"""The handbook: two languages in step, its code runs, its reference leaves nothing out, its citation is whole."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml

import aidlib
from aidlib.evaluation.measures import MEASURES
from aidlib.tables import shipped_notebooks

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?::tags:[^\n]*\n)?(.*?)^```$", re.M | re.S)
BLOCK = r"(?:^    .*\n(?:\n(?=    ))?)+|^```[^\n]*\n[\s\S]*?^```$"
RUNNER = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in json.load(open(sys.argv[1], encoding="utf-8")):
    shell.run_cell(source).raise_error()
"""
QUICK = ("standard_indexing", "performance_evaluation", "low_income_price_index", "targeting_methods")
"""Reports whose tables cost next to nothing; `make docs` runs the lines of all of them."""


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The generator of the reference, as the build imports it."""
    sys.path.insert(0, str(DOCS))
    import _generate

    return _generate


def cells(page: Path) -> list[str]:
    """The code of a page, cell by cell."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return CELL.findall(text)
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


PAGES = [page for page in sorted(DOCS.glob("*.md")) if cells(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """In an empty folder, cell after cell, as a reader would."""
    (tmp_path / "cells.json").write_text(json.dumps(cells(page)), encoding="utf-8")
    here = {name: text for name, text in os.environ.items() if not name.startswith("AIDLIB_")}
    here |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "agg"}
    here |= {"IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, "cells.json"],
        cwd=tmp_path,
        env=here,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


WRITTEN = [
    *sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("cookbook/*.md")), *sorted(DOCS.glob("*.ipynb")), *sorted(ROOT.glob("*.md")),
    ROOT / "benchmarks" / "README.md", ROOT / "reports" / "README.md",
]  # fmt: skip


def is_written(link: str, generate: ModuleType) -> bool:
    """Whether the build writes a page of the reference before it reads the others."""
    folder, name = link.removesuffix(".md").removesuffix(".en").split("/")[-2:]
    return name in generate.CARRIED.values() if folder == "files" else callable(getattr(generate, name, None))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path, generate: ModuleType) -> None:
    """Every relative link and every page of a list of pages is a file of the repository or a page that the build writes, and its anchor a heading there."""
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    lists = re.findall(r"^```\{toctree\}\n((?:.*\n)*?)```", page.read_text(encoding="utf-8"), re.M)
    listed = [f"{name}.md" for block in lists for name in re.findall(r"^[\w/]+$", block, re.M)]
    for link in (*listed, *re.findall(r"\]\(([^)\s]+)\)", text)):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = (page.parent / target).resolve() if target else page
        assert is_written(link, generate) if link.startswith("reference/") else path.exists(), link
        if anchor and path.suffix == ".md" and path.exists():
            heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
            assert anchor in [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads], link


def bones(text: str) -> tuple[list[int], list[str], list[str], list[int]]:
    """Levels of headings, labels, code without remarks, and rows of tables."""
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    blocks = re.findall(BLOCK, body, re.M)
    bare = [re.sub(r"\s*#.*$", "", line) for block in blocks for line in block.splitlines()]
    prose = re.sub(BLOCK, "", body, flags=re.M)
    levels = [len(found) for found in re.findall(r"^(#+) ", prose, re.M)]
    tables = [len(found.splitlines()) for found in re.findall(r"(?:^\|.*\n)+", prose, re.M)]
    return levels, re.findall(r"^\((\S+)\)=$", prose, re.M), [line for line in bare if line], tables


@pytest.mark.parametrize(
    "english", sorted([*DOCS.glob("*.en.md"), *DOCS.glob("cookbook/*.en.md")]), ids=lambda page: page.stem
)
def test_two_languages_are_in_step(english: Path) -> None:
    """A page and its translation have the same headings, labels, code and tables; the index of the handbook lists what there is in each."""
    chinese = english.with_name(english.name.replace(".en.md", ".md"))
    assert f"]({chinese.name})" in english.read_text(encoding="utf-8")
    assert f"]({english.name})" in chinese.read_text(encoding="utf-8")
    if chinese.stem != "index":
        assert bones(chinese.read_text(encoding="utf-8")) == bones(english.read_text(encoding="utf-8"))


def test_the_reference_leaves_nothing_out(generate: ModuleType) -> None:
    """Every public name, law name, series, measure and command stands in both languages, the same ones in the same order."""
    everything = {
        "api": set(aidlib._FROM),
        "laws": set(aidlib.Book().tables.names),
        "series": set(aidlib.Figures().series),
        "indicators": set(MEASURES),
        "commands": {f"aidlib {name}" for name in generate.cli.COMMANDS} | {"aidlib data add"},
    }
    for page, wanted in everything.items():
        named = {}
        for spoken in ("zh", "en"):
            lines = getattr(generate, page)(spoken)
            named[spoken] = [
                found[1]
                for line in lines
                if (found := re.match(r"(?:\| \[?`|#+ (?=aidlib))([^`|]+?)`?(?:\]|\s*\||$)", line))
            ]
        assert wanted <= set(named["zh"]), page
        assert named["zh"] == named["en"]


def test_formulas_are_those_that_are_computed(generate: ModuleType) -> None:
    """The signs of a measure's formula are those of the example that the product computed; every measure has a formula in both languages."""
    signs = re.compile(r"[÷×−+=()]|(?<!\d)1(?:2|0000)?(?![\d,.])")
    examples = generate._examples()
    assert len(examples) > len(MEASURES) / 2
    for name in MEASURES:
        for spoken in ("zh", "en"):
            formula = generate.said(f"formula:{name}", spoken)
            assert formula != f"formula:{name}"
            if name in examples and name not in ("level", "payment"):  # published, or by one of two ways
                assert signs.findall(formula) == signs.findall(examples[name][0].formula), (
                    name,
                    examples[name][0].formula,
                )


def test_every_table_of_every_report_is_named(generate: ModuleType) -> None:
    """With the expression that the notebook shows; those of quick reports give a frame."""
    found = {report.name: report for report in generate._tables.reports(shipped_notebooks())}
    assert len(found) == len([*shipped_notebooks().rglob("*.ipynb")])
    for name, report in found.items():
        path = next(shipped_notebooks().rglob(f"{name}.ipynb"))
        assert list(report.tables) == re.findall(r'^page\.table\(\s*"(\w+)"', "\n".join(cells(path)), re.M)
    for name in QUICK:
        frames = list(generate._tables.frames(found[name]))
        assert [len(frame.columns) > 0 for _, _, frame in frames] == [True] * len(found[name].tables)


def test_the_citation_is_whole() -> None:
    """CITATION.cff has what its format asks for, and the version of the package."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert all(author.get("name") for author in cited["authors"])


def commands_of(text: str) -> list[list[str]]:
    """The calls of aidlib that a page prints, as the shell would split them."""
    lines = re.findall(r"^(?: {4})?((?:\w+=\S+ )*(?:cd \S+ && )?\S*\baidlib [a-z-].*)$", text, re.M)
    return [
        words[[*map(os.path.basename, words)].index("aidlib") + 1 :]
        for line in lines
        if (words := shlex.split(line, comments=True))
    ]


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.stem)
def test_the_commands_of_a_page_are_there(page: Path, generate: ModuleType) -> None:
    """Every call of aidlib in a block of code names a command and options that it has."""
    known = dict(generate.walk(generate.cli.group, "aidlib"))
    for called in commands_of("\n".join(re.findall(BLOCK, page.read_text(encoding="utf-8"), re.M))):
        given = [one.split("=")[0] for one in called if one.startswith("-")]
        path = "aidlib"
        for one in called:
            path = f"{path} {one}" if f"{path} {one}" in known else path
        chain = [command for name, command in known.items() if f"{path} ".startswith(f"{name} ")]
        if path == "aidlib register":
            chain.append(known["aidlib register read"])  # what is called where no part is named
        assert path != "aidlib", called
        options = {text for command in chain for one in command.params for text in (*one.opts, *one.secondary_opts)}
        assert set(given) <= options | {"--help"}, called


@pytest.mark.cluster
def test_the_example_on_dask_runs() -> None:
    """As it stands on the page; with the extra `dask`."""
    pytest.importorskip("dask.dataframe")
    (block,) = re.findall(r"^```python\n(.*?)^```$", (DOCS / "clusters.md").read_text(encoding="utf-8"), re.M | re.S)
    exec(block, {})


def test_help_is_in_chinese_too(generate: ModuleType) -> None:
    """Every help text of every command and option has its Chinese."""
    texts = []
    for command in dict(generate.walk(generate.cli.group, "aidlib")).values():
        texts += re.split(r"\n\s*\n", command.help or "")
        texts += [one.help or "" for one in command.params if isinstance(one, click.Option)]
    assert [text for text in texts if text.strip() and generate.door._flat(text) not in generate.door._known()] == []
