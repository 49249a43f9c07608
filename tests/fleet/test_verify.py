"""Verifying: a report made again by our own notebook says the same, or it is said what it comes from; a forger is found out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import nbformat
import pytest
from fleet_drill import notebook

from aidlib.commands.press import PRESS
from aidlib.errors import ReportFault
from aidlib.fleet import editions, execute, verify, warm
from aidlib.fleet.plan import Task
from aidlib.fleet.verify import Verdict
from aidlib.page import document, numbers, record

SERIES = "cpi_yoy:total:all_items"
HEAD = "region,period,series,value,unit,status,source,vintage,error,note"
PARAMETERS = 'region = "110000"\nperiod = "2020-02"\nlanguage = "zh"\nlookback_months = 12\nregister = ""'
START = """import aidlib
import pandas as pd
from jinja2 import ChoiceLoader, DictLoader
from aidlib.page import sentences
words = "{%- extends '" + sentences.EMPTY + "' -%}{% block finding %}上涨{{ rise }}%，应当启动。{% endblock %}"
words += "{% block monthly %}金额按月计算。{% endblock %}{% block amounts_table %}补贴{% endblock %}"
templates = sentences.environment(language)
templates.loader = ChoiceLoader([DictLoader({f"small.{language}.md": words}), templates.loader])
page = aidlib.start("small", region=region, period=period, language=language, lookback_months=lookback_months, register=register)
index = page.figures.get("450400", "cpi_yoy:total:all_items", period)"""
SHOW = """page.finding(rise=float(index.rise))
page.say("monthly")
frame = pd.DataFrame({"对象": ["低保", "特困"], "amount_fen_month": [int(index.rise * 1000) * lookback_months, 130 + EXTRA]})
page.table("amounts", frame)
page.finish()"""
ALTERED, DATA, CODE, FOREIGN = (
    "altered after it was made",
    "data has changed since",
    "code has changed",
    "not one of our pages",
)


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An overlay with an invented index of 2031, which the shipped tables do not reach."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path / "data"))
    publish(tmp_path / "data", "103.5")
    return tmp_path / "data"


def publish(folder: Path, first: str, before: str = "") -> None:
    """Write the invented index for two months, and perhaps one of another place and month before it."""
    (folder / "reference").mkdir(parents=True, exist_ok=True)
    source = next(iter(_sources()))
    rows = [
        f"450400,{month},{SERIES},{value},{_unit()},observed,{source},2031-12-01,,"
        for month, value in (("2031-01", first), ("2031-02", "104.0"))
    ]
    rows = [rows[0].replace("450400,2031-01", before), *rows] if before else rows
    (folder / "reference" / "cpi_monthly.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


def _sources() -> Iterator[str]:
    from aidlib import tables

    for line in (tables.shipped() / "reference" / "sources.csv").read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split(",")[0]


def _unit() -> str:
    from aidlib.indices import Figures

    return Figures().series[SERIES].unit


def ours(home: Path) -> dict[str, Path]:
    """The only notebook we ship."""
    return {"small": notebook(home / "shipped", "small", START, SHOW.replace("EXTRA", "0"), parameters=PARAMETERS)}


def make(home: Path, name: str = "a", source: Path | None = None, **parameters: object) -> Path:
    """Execute the small report and return the executed notebook."""
    source = source or ours(home)["small"]
    (folder := home / "made" / name).mkdir(parents=True)
    given = {"region": "450400", "period": "2031-01", **parameters}
    result = execute.perform(Task("small", "2031-01", "450400", name, str(source), given), PRESS, folder)  # type: ignore[arg-type]
    assert result.outcome == "good", result.reason
    return folder / "small.ipynb"


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What our notebook says with the same parameters is found out once for all who forge the same report."""
    found: dict[str, nbformat.NotebookNode] = {}
    run = verify.again

    def again(
        source: object, name: str, given: dict[str, object], press: object, limits: object
    ) -> nbformat.NotebookNode:
        key = json.dumps(given)
        found[key] = found[key] if key in found else run(source, name, given, press, limits)  # type: ignore[arg-type]
        return found[key]

    monkeypatch.setattr(verify, "again", again)


def verified(made: Path, home: Path, *given: str, own_code: bool = False) -> Verdict:
    return verify.verify(made, ours(home), PRESS, given, own_code=own_code)


def rewrite(made: Path, change: Callable[[nbformat.NotebookNode], None], reseal: bool = False) -> None:
    """Change an executed notebook as a forger would, who may know how it is sealed."""
    found = nbformat.read(made, 4)
    change(found)
    if reseal:
        sealed = document.whole(found, "small")
        record.seal(found, sealed)
        made.with_suffix(".html").write_bytes(sealed)
    nbformat.write(found, made)


def kept(found: nbformat.NotebookNode, kind: str) -> tuple[nbformat.NotebookNode, dict]:  # type: ignore[type-arg]
    """The output of a kind, and what is kept beside it."""
    return next((o, o.metadata.aidlib) for o in record.outputs(found) if kind in o.metadata.get("aidlib", {}))


def test_an_untouched_report_is_reproduced(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """Made again with its own parameters on the same data, every cell, sentence and visible place comes out, whichever file is given."""
    made = make(tmp_path, lookback_months=6)
    for path in (made, made.with_suffix(".html")):
        verdict = verified(path, tmp_path)
        assert (verdict.finding, verdict.numbers, verdict.differences, verdict.notes) == ("reproduced", 4, [], [])
        assert f"{path.name}: reproduced: 4 cells compared" in verdict.lines()[0]
    made.unlink()
    assert verified(made.with_suffix(".html"), tmp_path).reproduced


def test_a_strangers_code_is_never_run(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """A page whose cells are not ours is told apart by its first other cell, and nothing of it runs, unless that is asked for."""
    made, mark = make(tmp_path), tmp_path / "ran"

    def forge(found: nbformat.NotebookNode) -> None:
        found.cells[-1].source = f"open({str(mark)!r}, 'w').close()\n{found.cells[-1].source}"

    rewrite(made, forge, reseal=True)
    verdict = verified(made, tmp_path)
    assert (verdict.finding, [str(one) for one in verdict.differences]) == (
        FOREIGN,
        ["cell 3 is not that of small.ipynb"],
    )
    with pytest.raises(ReportFault, match="not one of our pages"):
        editions.compare(made, make(tmp_path, "other"), ours(tmp_path), PRESS)
    assert not mark.exists()
    trusted = verified(made, tmp_path, own_code=True)
    assert (trusted.finding, trusted.notes) == ("reproduced", [verify.OWN_CODE])
    assert mark.exists()


def test_a_cell_of_parameters_is_only_read(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """Whatever stands in a cell of parameters is never executed: names and plain values, or a message."""
    made = make(tmp_path)
    for source in ("region = __import__('os').getcwd()", "(" * 5000, "region = '450400'; import os", "1 = x", "\x00"):
        rewrite(made, lambda found, source=source: found.cells[1].update(source=source))  # type: ignore[misc]
        with pytest.raises(ReportFault, match="more than NAME = VALUE"):
            verified(made, tmp_path)


def sentence(found: nbformat.NotebookNode) -> None:
    output, beside = kept(found, "finding")
    beside["finding"] = ["上涨3.5%，不应当启动。"]
    output.data["text/html"] = output.data["text/html"].replace("应当启动", "不应当启动")


def number(found: nbformat.NotebookNode) -> None:
    output, _ = kept(found, "table")
    output.data["text/html"] = output.data["text/html"].replace(">130<", ">131<")


def paragraph(found: nbformat.NotebookNode) -> None:
    output, _ = kept(found, "say")
    output.data["text/html"] = output.data["text/html"].replace("按月", "按年")


def unseen(found: nbformat.NotebookNode) -> None:
    output, _ = kept(found, "table")
    output.data["text/html"] = output.data["text/html"].replace("<tbody><tr>", '<tbody><tr style="display:none">')


def cell(found: nbformat.NotebookNode) -> None:
    _, beside = kept(found, "table")
    beside["cells"][1][1] = 131


def status(found: nbformat.NotebookNode) -> None:
    _, beside = kept(found, "record")
    beside["record"]["status"] = "enacted"


def row(found: nbformat.NotebookNode) -> None:
    _, beside = kept(found, "record")
    figures = beside["record"]["figures"]
    figures |= {where: text.replace("103.5", "103.4") for where, text in figures.items()}


def extra(found: nbformat.NotebookNode) -> None:
    found.cells[-1].outputs.append(nbformat.v4.new_output("stream", text="批准"))


FORGERIES = {
    sentence: ("finding 1", "sentence 1: 上涨3.5%，不应当启动。 -> 上涨3.5%，应当启动。"),
    number: ("table amounts", "table amounts, as shown: 131 -> 130 (-1)"),
    paragraph: ("paragraph 1", "paragraph 1, as shown: 金额按年计算。 -> 金额按月计算。"),
    unseen: ("table amounts", "table amounts, as shown: something invisible -> none"),
    cell: ("table amounts", "table amounts, 特困, amount_fen_month: 131 -> 130 (-1)"),
    status: ("record 1", "record, status: enacted -> observed"),
    row: ("record 1", "record, overlay:reference/cpi_monthly.csv:2: 450400"),
    extra: ("the number of outputs", "output 1, as shown: 批准 -> none"),
}


def test_forgeries_are_found_with_their_places(tmp_path: Path, overlay: Path, server: warm.Server, once: None) -> None:
    """An altered sentence, number, record or output is found where the same data and code say something else, sealed anew or not."""
    made = make(tmp_path, lookback_months=1)
    files = {path: path.read_bytes() for path in (made, made.with_suffix(".html"))}
    for (forge, places), reseal in product(FORGERIES.items(), (False, True)):
        rewrite(made, forge, reseal)
        verdict = verified(made, tmp_path)
        assert verdict.finding == ALTERED, forge
        assert any(str(one).startswith(places[reseal]) for one in verdict.differences), verdict.lines()
        for path, content in files.items():
            path.write_bytes(content)


@pytest.mark.parametrize("alone", [False, True])
def test_an_altered_page_is_found(alone: bool, tmp_path: Path, overlay: Path, server: warm.Server, once: None) -> None:
    """A page that is not the one its notebook makes is altered, and so is one that stands alone and does not come out again."""
    made = make(tmp_path, lookback_months=1)
    html = made.with_suffix(".html")
    text = html.read_text(encoding="utf-8")
    for before, after, place in (
        (">3,500<", ">3,600<", "small.html, as shown: 3,600 -> 3,500 (-100)"),
        ("<body>", "<body><script>alert(1)</script>", "small.html, as shown: something invisible -> none"),
        ("应当启动", "不应当启动", "small.html, as shown: 上涨3.5%，不应当启动。 -> 上涨3.5%，应当启动。"),
    ):
        assert before in text
        html.write_text(text.replace(before, after), encoding="utf-8")
        if alone:
            made.unlink(missing_ok=True)
        verdict = verified(html if alone else made, tmp_path)
        assert (verdict.finding, [str(one) for one in verdict.differences]) == (ALTERED, [place])


def test_changed_data_is_named_by_row(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """When a row it read has another value now, the verdict names the row, both values and what moved; a forgery is still one."""
    made = make(tmp_path, lookback_months=1)
    publish(overlay, "103.6")
    verdict = verified(made, tmp_path)
    assert verdict.finding == DATA
    assert verdict.rows == [f"450400 {SERIES} 2031-01: 103.5 -> 103.6"]
    assert list(map(str, verdict.differences))[:2] == [
        "table amounts, 低保, amount_fen_month: 3500 -> 3600 (+100)",
        "sentence 1: 上涨3.5%，应当启动。 -> 上涨3.6%，应当启动。",
    ]
    assert "changed since: reference/cpi_monthly.csv" in verdict.notes
    rewrite(made, number)
    assert verified(made, tmp_path).finding == ALTERED


def test_data_it_did_not_read_may_change(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """Another row of the same table may change, and rows may move: the report is reproduced, and the table's change is noted."""
    made = make(tmp_path, period="2031-02")
    publish(overlay, "110.0", before="450400,2030-12")
    verdict = verified(made, tmp_path)
    assert verdict.reproduced, verdict.lines()
    assert "changed since: reference/cpi_monthly.csv" in verdict.notes


def test_changed_code_is_told_apart(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """A page of an earlier notebook of ours, known by its hash, is made by today's; what moved came from the code."""
    earlier = notebook(tmp_path / "earlier", "small", START, SHOW.replace("EXTRA", "5"), parameters=PARAMETERS)
    made = make(tmp_path, source=earlier, lookback_months=1)
    assert verified(made, tmp_path).finding == FOREIGN
    (overlay / "notebooks.csv").write_text(
        f"name,version,sha256\n{verify.shipped_row('small', earlier)}\n", encoding="utf-8"
    )
    rewrite(made, lambda found: kept(found, "record")[1]["record"].update(code="0" * 64), reseal=True)
    verdict = verified(made, tmp_path)
    assert (verdict.finding, verdict.notes) == (CODE, ["aidlib's code changed since"])
    assert str(verdict.differences[0]) == "table amounts, 特困, amount_fen_month: 135 -> 130 (-5)"
    rewrite(made, cell)
    assert verified(made, tmp_path).finding == ALTERED


def test_a_path_is_asked_for_again(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """What a page was made with is given again by whoever verifies; a path that a page names itself is never opened."""
    (ledger := tmp_path / "ledger.csv").write_text("1", encoding="utf-8")
    made = make(tmp_path, register=str(ledger))
    with pytest.raises(ReportFault, match="-p register=PATH"):
        verified(made, tmp_path)
    assert verified(made, tmp_path, f"register={ledger}").reproduced
    ledger.write_text("2", encoding="utf-8")
    assert verified(made, tmp_path, f"register={ledger}").notes == ["changed since: the register that was given"]
    rewrite(made, lambda found: found.cells[1].update(source=found.cells[1].source.replace("(given)", "/etc/passwd")))
    with pytest.raises(ReportFault, match="-p register=PATH"):
        verified(made, tmp_path)


def nested(text: str) -> str:
    return json.dumps(nbformat.v4.new_notebook()).replace('"cells": []', f'"cells": {text}')


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "[" * 100_000, '{"cells": 5, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', nested("[5]"), nested("[{}]"),
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}), "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_one_sentence(text: str, tmp_path: Path) -> None:
    """A broken file is refused in one sentence, whatever is wrong with it."""
    path = tmp_path / "small.ipynb"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ReportFault, match="not a readable notebook"):
        verify.read_edition(path)


@pytest.mark.parametrize(
    ("beside", "what"),
    [
        ({"table": "t", "columns": ["a"], "cells": [[1, 2]]}, "a row of table t has not 1 cells"),
        ({"table": "t", "columns": "a", "cells": []}, "malformed table"),
        ({"table": "t", "columns": ["a"], "cells": [[{}]]}, "malformed table"),
        ({"table": ["t"], "columns": ["a"], "cells": [[1]]}, "malformed table"),
        ({"table": "t"}, "malformed table"),
        ({"record": 5}, "malformed record"),
        ({"record": {"parameters": [1]}}, "malformed record"),
        ({"record": {"law": {"x": 1}}}, "malformed record"),
        ({"record": {"versions": None}}, "malformed record"),
        ([1], "holds no record"),
        ("record", "holds no record"),
        ({}, "holds no record"),
    ],
)
def test_a_malformed_record_is_one_sentence(beside: object, what: str, tmp_path: Path) -> None:
    """A notebook whose records are not what records are is refused by verify and diff in one sentence."""
    output = nbformat.v4.new_output("display_data", {"text/plain": ""}, metadata={"aidlib": beside})
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])])
    nbformat.write(source, tmp_path / "small.ipynb")
    with pytest.raises(ReportFault, match=what) as caught:
        verified(tmp_path / "small.ipynb", tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(ReportFault, match=what):
        editions.compare(tmp_path / "small.ipynb", tmp_path / "small.ipynb", ours(tmp_path), PRESS)


def test_a_number_that_would_never_be_reckoned_is_text() -> None:
    """A cell such as 1e999999999 is compared as it is written, at once."""
    assert not numbers.same("1e999999999", "1e999999998")
    assert numbers.same("1,280.50", 1280.5)


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    """A missing file and a page that names no report are each refused with what to do."""
    with pytest.raises(ReportFault, match="no such report"):
        verify.read_edition(tmp_path / "none.ipynb")
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    with pytest.raises(ReportFault, match="names no report and parameters"):
        verify.read_edition(tmp_path / "page.html")
    for content in ("5", "{", '{"name": 5}', "[" * 50_000):
        (tmp_path / "page.html").write_text(f'<meta name="aidlib" content="{content}">', encoding="utf-8")
        with pytest.raises(ReportFault, match=r"not a readable page|malformed record"):
            verify.read_edition(tmp_path / "page.html")


def test_a_change_is_split_by_its_causes(tmp_path: Path, overlay: Path, server: warm.Server) -> None:
    """Data, method and parameters each get the numbers they moved; with parameters and data together, both are told apart."""
    later = notebook(tmp_path / "later", "small", START, SHOW.replace("EXTRA", "5"), parameters=PARAMETERS)
    (overlay / "notebooks.csv").write_text(
        f"name,version,sha256\n{verify.shipped_row('small', later)}\n", encoding="utf-8"
    )
    first = make(tmp_path, "first", lookback_months=1)
    other = make(tmp_path, "other", lookback_months=2)
    unsaid = make(tmp_path, "unsaid")
    method = make(tmp_path, "method", later, lookback_months=1)
    publish(overlay, "103.6")
    data = make(tmp_path, "data", lookback_months=1)
    both = make(tmp_path, "both", lookback_months=2)

    def parts(newer: Path, older: Path = first) -> dict[str, list[str]]:
        return {
            part.cause: [str(one).rpartition(": ")[2] for one in part.differences]
            for part in editions.compare(older, newer, ours(tmp_path), PRESS).parts
        }

    assert editions.compare(first, first, ours(tmp_path), PRESS).same
    assert parts(other) == {"parameters": ["3500 -> 7000 (+3500)"]}
    assert parts(method) == {"method": ["130 -> 135 (+5)"]}
    assert parts(data) == {"data": ["3500 -> 3600 (+100)"]}
    assert parts(both) == {"data": ["3500 -> 3600 (+100)"], "parameters": ["3600 -> 7200 (+3600)"]}
    assert parts(both, unsaid) == {"data": ["42000 -> 43200 (+1200)"], "parameters": ["43200 -> 7200 (-36000)"]}
    assert parts(method, unsaid) == {"parameters and method": ["42000 -> 3500 (-38500)", "130 -> 135 (+5)"]}
    rewrite(data, cell)
    with pytest.raises(ReportFault, match="altered after it was made; got 'table amounts'"):
        editions.compare(first, data, ours(tmp_path), PRESS)


def _tables(*rows: tuple[numbers.Cell, ...]) -> dict[str, numbers.Table]:
    return {"t": numbers.Table(("who", "amount_fen"), rows)}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (100, 100.0, True),
        ("1,280.50", "1280.5", True),
        (0.1 + 0.2, 0.3, False),
        (100, 101, False),
        (None, 0, False),
        ("1/3", "1/3", True),
    ],
)
def test_money_is_compared_to_the_last_digit(old: numbers.Cell, new: numbers.Cell, same: bool) -> None:
    """Money has no tolerance at all, unknown is not zero, and spelling does not count."""
    assert (numbers.differences(_tables(("低保", old)), _tables(("低保", new))) == []) is same


def test_rows_are_matched_by_what_they_say() -> None:
    """A row that was added or moved is told as such and does not shift the comparison of the others."""
    old, new = _tables(("低保", 1), ("特困", 2)), _tables(("孤儿", 3), ("低保", 1), ("特困", 2))
    assert list(map(str, numbers.differences(old, new))) == ["table t, 孤儿: none -> there"]
