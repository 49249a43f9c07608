"""Where a clerk's files lie never leaves: neither on a page, nor in a notebook, a manifest, a message or what is kept of a failure."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from fleet_drill import known, notebook
from invented_register import as_register

from aidlib import cli, parameters
from aidlib.commands import catalogue
from aidlib.commands.press import PRESS
from aidlib.fleet import execute, manifest
from aidlib.fleet import run as fleet
from aidlib.fleet.plan import Request, steps
from aidlib.fleet.run import Summary
from aidlib.page import record

CARRIED = re.compile(r"base64,([\w+/=]+)")
PARAMETERS = 'region = "110000"\nperiod = "2020-02"\nlanguage = "zh"\nregister = ""\nfilled = ""\nlast = ""'


def everything(out: Path) -> str:
    """All that a reports folder holds, what is carried inside pages unfolded, escapes undone."""
    texts = [str(path.relative_to(out)) for path in out.rglob("*")]
    for path in out.rglob("*.*"):
        text = path.read_bytes().decode(errors="replace") if path.is_file() else ""
        texts += [text, *(base64.b64decode(one + "==").decode(errors="replace") for one in CARRIED.findall(text))]
    return "\n".join(texts).replace("\\/", "/")


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A folder with a register, a filled form and nothing else."""
    (place := tmp_path / "some" / "where").mkdir(parents=True)
    (place / "ledger").mkdir()
    (place / "form-of-2019.csv").write_text("三级指标,实际值\n", encoding="utf-8")
    return place


def given(where: Path) -> tuple[str, ...]:
    return f"register={where / 'ledger'}", f"filled={where / 'form-of-2019.csv'}", f"last={where}"


def run(home: Path, where: Path, *cells: str, **settings: object) -> Summary:
    notebook(home / "notebooks", "a", *cells, parameters=PARAMETERS)
    request = Request(out=home / "reports", settings=given(where), regions=("110000",))
    return fleet.run(replace(request, **settings), known(home / "notebooks"), PRESS, 1, progress=False)  # type: ignore[arg-type]


def test_a_report_that_shows_its_paths_does_not_publish_them(tmp_path: Path, where: Path, server: object) -> None:
    """A cell that prints, tabulates or resolves what it was given leaves only the names of the parameters, and is skipped when unchanged."""
    shows = "import pathlib, pandas as pd; print(register, pathlib.Path(filled).resolve()); pd.DataFrame({'x': [last, f'<{register}>']})"
    summary = run(tmp_path, where, shows)
    assert summary.good, summary.lines()
    assert str(where) not in everything(tmp_path / "reports")
    kept = nbformat.read(tmp_path / "reports" / "2020-03" / "110000" / "a.ipynb", 4)
    assert kept.metadata.papermill.parameters["register"] == record.GIVEN
    assert 'register = "(given)"' in kept.cells[1].source
    assert kept.cells[2].outputs[0].text == "(register) (filled)\n"
    assert run(tmp_path, where, shows).skipped == 1
    (where / "ledger" / "persons.csv").write_text("1", encoding="utf-8")
    request = Request(out=tmp_path / "reports", settings=given(where), regions=("110000",))
    [step], _ = steps(request, known(tmp_path / "notebooks"))
    assert step.reason == "inputs changed: last, register"


def test_a_failure_does_not_tell_them(tmp_path: Path, where: Path, server: object) -> None:
    """The reason, the notebook and the page of a failed report name the parameter, not the path, nor the name of the file."""
    fails = "print(register)\nfrom aidlib.errors import DataFault\nraise DataFault('no such file', where=register, got=filled.split('/')[-1])"
    summary = run(tmp_path, where, fails)
    [(_, outcome, reason)] = summary.trouble
    assert (outcome, reason) == ("failed", "DataFault: (register): no such file; got '(filled)'")
    assert (tmp_path / "reports" / "failed" / "2020-03" / "110000" / "a.html").is_file()
    found = everything(tmp_path / "reports")
    assert str(where) not in found
    assert "form-of-2019" not in found


def test_a_download_that_names_one_is_not_published(tmp_path: Path, where: Path, server: object) -> None:
    """What is packed into a page cannot be cleaned: such a page is a failure."""
    packs = (
        "import base64, io, zipfile\nfrom IPython.display import HTML\nheld = io.BytesIO()\n"
        "zipfile.ZipFile(held, 'w', zipfile.ZIP_DEFLATED).writestr('a.xml', register * 50)\n"
        "HTML('<a href=\"data:application/zip;base64,' + base64.b64encode(held.getvalue()).decode() + '\">x</a>')"
    )
    summary = run(tmp_path, where, packs)
    assert summary.trouble[0][2].startswith(
        "the page cannot be published: register: a download holds a path of this machine"
    )
    assert not (tmp_path / "reports" / "2020-03").exists()


def test_a_variable_stands_for_a_path(
    tmp_path: Path, where: Path, server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`$VARIABLE` is filled in for the report and shown nowhere; one that is not set is a message that does not name it."""
    monkeypatch.setenv("SOME_LEDGER", str(where / "ledger"))
    opens = (
        "import aidlib\nreport = aidlib.start('a', region=region, period=period, language=language, register=register)"
    )
    looks = "import os\nprint(os.path.isdir(report.parameters['register']))\nreport.finish()"
    summary = run(tmp_path, where, opens, looks, settings=("register=$SOME_LEDGER",))
    assert summary.good, summary.lines()
    found = everything(tmp_path / "reports")
    assert "True\\n" in found
    assert str(where) not in found
    assert "SOME_LEDGER" not in found
    monkeypatch.delenv("SOME_LEDGER")
    [(_, _, reason)] = run(tmp_path, where, opens, settings=("register=$SOME_LEDGER",), force=True).trouble
    assert reason.startswith("ParameterFault: register: the environment does not have it")
    assert "SOME_LEDGER" not in everything(tmp_path / "reports")


def test_a_real_page_holds_none_of_its_paths(tmp_path: Path, where: Path, server: object) -> None:
    """The evaluation of a county made from its register, an earlier one and its filled form names none of them anywhere."""
    as_register(where / "ledger", 200)
    words = ["report", "performance_evaluation", "--region", "450400", "--jobs", "1", "--period"]
    (where / "form-of-2019.csv").write_text("三级指标,实际值\n农村低保标准,375\n", encoding="utf-8")
    own = [
        f"register={where / 'ledger'}",
        f"filled={where / 'form-of-2019.csv'}",
        f"last_register={where / 'ledger'}",
        "rubric=2019-suixi",
    ]
    made = CliRunner().invoke(
        cli.group, [*words, "2019", "--out", str(tmp_path / "reports"), *(word for one in own for word in ("-p", one))]
    )
    assert made.exit_code == 0, made.output
    found = everything(tmp_path / "reports")
    assert str(where) not in found
    assert "form-of-2019" not in found
    [kept] = manifest.good(tmp_path / "reports").values()
    beside = {path.suffix for path in (tmp_path / "reports" / "2019" / "450400").iterdir()}
    assert {".xlsx", ".docx"} <= beside  # the form lies beside the page as it is in it
    names = ("register", "filled", "last_register")
    assert [kept.parts["parameters"][name] for name in names] == [record.GIVEN] * 3


def test_every_parameter_that_is_a_path_is_known() -> None:
    """Each parameter that a notebook explains as a path is one whose value is never shown."""
    explained = {
        line.partition("=")[0].strip()
        for path in catalogue.own_notebooks().values()
        for cell in parameters.read(path)
        if parameters.TAG in cell.tags
        for line in cell.source.splitlines()
        if "path" in line.partition("#")[2]
    }
    assert explained == record.PATHS
    assert all(record.is_path(name, "anything") for name in explained)


@pytest.mark.parametrize("text", ["", "a/b is 450400", "看/some/where.", json.dumps({"a": "/some/where/x"})])
def test_only_whole_paths_are_taken_out(text: str) -> None:
    """What was not given is left as it stands."""
    assert execute.without(text, {"register": "", "filled": "/other/place", "steps": "-10,0"}) == text
