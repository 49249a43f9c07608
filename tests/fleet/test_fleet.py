"""The fleet: what is asked for is made once, whole, apart from what failed, and only what changed is made again."""

from __future__ import annotations

import json
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from fleet_drill import known, notebook

import aidlib
from aidlib import cli, parameters
from aidlib.commands import catalogue as shipped
from aidlib.commands.press import PRESS
from aidlib.errors import ParameterFault
from aidlib.fleet import fingerprint, index, manifest, plan, publish
from aidlib.fleet import run as fleet
from aidlib.fleet.manifest import Record
from aidlib.fleet.plan import Limits, Request, Result, Step, Task, steps
from aidlib.fleet.publish import Lock
from aidlib.fleet.run import Summary

TWO = ("110000", "120000")
GOOD = "import pandas as pd\npd.DataFrame({'region': [region], 'period': [period]})"


def run(request: Request, folder: Path) -> Summary:
    """Run a fleet of two regions without a progress bar."""
    return fleet.run(request, known(folder, TWO), PRESS, jobs=2, progress=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, server: object) -> tuple[Request, Path, Summary]:
    """One run of a report that is good, one that an aidlib error ends, and one that any other error ends."""
    home = tmp_path_factory.mktemp("fleet")
    notebook(home / "notebooks", "good", GOOD)
    message = "DataGap('no figure of cpi for 2020-03', where='北京市 110000', hint='add it')"
    notebook(home / "notebooks", "gap", f"from aidlib.errors import DataGap\nif region == '110000': raise {message}")
    secret = "'1101' + '01' + '19900101' + '0019'"
    notebook(home / "notebooks", "broken", f"print({secret})\nprint(region)", f"raise ValueError({secret})")
    request = Request(out=home / "reports")
    return request, home / "notebooks", run(request, home / "notebooks")


def test_every_report_asked_for_is_made_or_listed(made: tuple[Request, Path, Summary]) -> None:
    """Good reports are in place with their page; the others are listed with their reason; the exit is not clean."""
    request, _, summary = made
    assert summary.made == 3
    assert not summary.good
    assert sorted((task.report, task.region, outcome) for task, outcome, _ in summary.trouble) == [
        ("broken", "110000", "failed"),
        ("broken", "120000", "failed"),
        ("gap", "110000", "no_data"),
    ]
    assert (request.out / "2020-03" / "110000" / "good.html").read_text(encoding="utf-8").count("110000")
    assert (request.out / "index.html").is_file()
    assert summary.lines()[-1].startswith("3 good (3 made, 0 unchanged), 2 failed, 1 without data: ")


def test_other_regions_go_on_after_a_failure(made: tuple[Request, Path, Summary]) -> None:
    """A gap in one region leaves the next region's report as it should be."""
    request, _, _ = made
    assert (request.out / "2020-03" / "120000" / "gap.ipynb").is_file()
    assert not (request.out / "2020-03" / "110000" / "gap.ipynb").exists()


def test_a_failed_notebook_is_kept_apart_with_a_banner(made: tuple[Request, Path, Summary]) -> None:
    """The failed notebook lies below failed/, its first cell says why, and it is nowhere among the good ones."""
    request, _, _ = made
    kept = nbformat.read(request.out / "failed" / "2020-03" / "110000" / "gap.ipynb", 4)
    assert "DataGap: 北京市 110000: no figure of cpi for 2020-03" in kept.cells[0].source
    assert [path.name for path in (request.out / "2020-03").rglob("broken*")] == []


def test_a_failed_report_has_a_page(made: tuple[Request, Path, Summary]) -> None:
    """A reviewer opens what failed from the index: a page with a banner and the reason; making the report takes the page away."""
    request, _, _ = made
    kept = request.out / "failed" / "2020-03" / "110000" / "gap.html"
    text = kept.read_text(encoding="utf-8")
    assert 'role="alert"' in text
    assert "no figure of cpi for 2020-03" in text
    index = (request.out / "index.html").read_text(encoding="utf-8")
    assert 'href="failed/2020-03/110000/gap.html"' in index
    assert "没有2020-03的数据" in index


def test_a_fault_of_aidlib_itself_is_named_by_its_place(tmp_path: Path, server: object) -> None:
    """When making the page breaks, the report fails with kind and place; the message, which may hold anything, is not shown."""
    from aidlib.fleet import execute

    def broken(document: object, _name: str) -> None:
        if isinstance(document, Path):
            raise KeyError("0" * 6 + "19900101" + "0019")

    (folder := tmp_path / "made").mkdir()
    source = notebook(tmp_path, "a", "1")
    result = execute.perform(
        Task("a", "2020-03", "110000", "a", str(source), {"region": "110000"}), replace(PRESS, guard=broken), folder
    )
    assert result.outcome == "failed"
    assert re.fullmatch(
        r"a fault of aidlib itself: KeyError in aidlib/fleet/execute.py:\d+ \(please report it\)", result.reason
    )
    assert sorted(path.name for path in folder.glob("failed*")) == ["failed.html", "failed.ipynb"]


def test_no_personal_data_leaves_with_a_failure(made: tuple[Request, Path, Summary]) -> None:
    """An identity number printed or raised by a notebook is neither in the kept notebook, nor the manifest, nor the index."""
    request, _, _ = made
    secret = "110101" + "19900101" + "0019"
    texts = [path.read_text(encoding="utf-8") for path in request.out.rglob("*") if path.is_file()]
    assert not [text for text in texts if secret in text]
    reason = manifest.latest(request.out)["broken", "2020-03", "110000"].reason
    assert reason == "ValueError in code cell 4 (message withheld: it may hold personal data)"


def test_a_finished_report_with_personal_data_is_not_published(tmp_path: Path, server: object) -> None:
    """A notebook that runs to its end but shows an identity number is a failure, and what is kept of it shows none."""
    notebook(tmp_path / "notebooks", "leaks", "print('1101' + '01' + '19900101' + '0019')")
    summary = run(Request(out=tmp_path / "reports", regions=("110000",)), tmp_path / "notebooks")
    [(_, outcome, reason)] = summary.trouble
    assert outcome == "failed"
    assert reason.startswith("the page cannot be published: ")
    assert "identity number was about to leave" in reason
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("reports/**/*") if path.is_file()]
    assert not [text for text in texts if "110101" + "19900101" + "0019" in text]


def test_cold_kernels_are_said_to_be_cold(tmp_path: Path, server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a warm parent reports are made all the same, and the last lines and the manifest say on what."""
    monkeypatch.setenv("AIDLIB_WARM_SOCKET", "/nowhere/warm")
    notebook(tmp_path / "notebooks", "plain", "print(region)")
    request = Request(out=tmp_path / "reports", regions=("110000",))
    summary = run(request, tmp_path / "notebooks")
    assert summary.good
    assert "  note: 1 ran on cold kernels, which is slower: no warm one could be forked" in summary.lines()
    assert [record.kernel for record in manifest.records(request.out)] == ["cold"]
    assert run(replace(request, warm=False, force=True), tmp_path / "notebooks").cold == 0


def test_a_stale_report_is_named_on_the_index(made: tuple[Request, Path, Summary]) -> None:
    """A published report whose notebook has changed is listed as no longer standing, with the reason."""
    request, folder, _ = made
    notebook(folder, "good", GOOD + "\n# changed")
    assert plan.stale(request.out, known(folder, TWO))["good", "2020-03", "110000"] == "notebook changed"
    notebook(folder, "good", GOOD)
    assert ("good", "2020-03", "110000") not in plan.stale(request.out, known(folder, TWO))


def test_publishing_leaves_no_mixed_edition(tmp_path: Path) -> None:
    """A later edition without PDF takes the older PDF away, and the failed copy of before."""
    place = publish.Place(tmp_path / "out", "a", "2020", "110000")
    (made := tmp_path / "made").mkdir()
    place.failed.parent.mkdir(parents=True)
    place.failed.write_text("old", encoding="utf-8")
    for suffixes in ((".ipynb", ".html", ".pdf"), (".ipynb", ".html")):
        for suffix in suffixes:
            (made / f"a{suffix}").write_text(suffix * len(suffixes), encoding="utf-8")
        stamps = publish.publish(made, place)
        assert tuple(stamps) == suffixes
        assert all(publish.intact(place.good(suffix), stamps[suffix]) for suffix in suffixes)
    assert sorted(path.name for path in place.good("").parent.iterdir()) == ["a.html", "a.ipynb"]
    assert not place.failed.exists()


def test_nothing_is_left_aside(made: tuple[Request, Path, Summary]) -> None:
    """After a run no private folder is left, and no published file names a folder of this machine."""
    request, folder, _ = made
    assert list((request.out / publish.WORK).iterdir()) == []
    texts = {path.name: path.read_text(encoding="utf-8") for path in request.out.rglob("*.*") if path.is_file()}
    assert [name for name, text in texts.items() if str(folder.parent) in text] == []


def test_what_is_unchanged_is_not_made_again(made: tuple[Request, Path, Summary]) -> None:
    """A second plan skips good reports, and says why it makes the others."""
    request, folder, _ = made
    planned, _ = steps(request, known(folder, TWO))
    said = {(step.task.report, step.task.region): (step.action, step.reason) for step in planned}
    assert said["good", "110000"] == ("skip", "unchanged")
    assert said["broken", "110000"][1].startswith("last time: failed, ValueError in code cell 4")


def _action(planned: list[Step]) -> dict[str, str]:
    return {step.task.region: step.reason for step in planned}


def test_provinces_come_first(tmp_path: Path) -> None:
    """A visitor has the pages of provinces to read before those of prefectures, whatever the order of codes."""
    notebook(tmp_path, "a", "1")
    notebook(tmp_path, "b", "1")
    planned, _ = steps(Request(out=tmp_path / "out"), known(tmp_path, ("110000", "130100", "450000", "450400")))
    made = [(step.task.region, step.task.report) for step in planned]
    assert made[:4] == [("110000", "a"), ("450000", "a"), ("110000", "b"), ("450000", "b")]
    assert {code for code, _ in made[4:]} == {"130100", "450400"}


def test_the_index_is_there_before_the_first_report(tmp_path: Path, server: object) -> None:
    """While reports are made the index tells how many are left; afterwards it does not."""
    index = tmp_path / "reports" / "index.html"
    notebook(tmp_path / "notebooks", "looks", f"from pathlib import Path\nprint(Path({str(index)!r}).read_text())")
    summary = run(Request(out=tmp_path / "reports"), tmp_path / "notebooks")
    assert summary.made == 2
    assert "还有2份" in (tmp_path / "reports" / "2020-03" / "110000" / "looks.ipynb").read_text(encoding="utf-8")
    assert "还有" not in index.read_text(encoding="utf-8")


def test_each_change_is_a_reason(made: tuple[Request, Path, Summary]) -> None:
    """Another parameter, a forced run, a page changed by hand, and a changed notebook each make a report again."""
    request, folder, _ = made
    catalogue = {"good": known(folder, TWO)["good"]}

    def reasons(asked: Request) -> dict[str, str]:
        return _action(steps(asked, catalogue)[0])

    assert reasons(replace(request, language="en"))["110000"] == "parameters changed: language"
    assert reasons(replace(request, settings=("lookback_months=6",)))["110000"] == "parameters changed: lookback_months"
    assert reasons(replace(request, force=True))["110000"] == "forced"
    assert reasons(replace(request, period="2020-02"))["110000"] == "never made"
    page = request.out / "2020-03" / "120000" / "good.html"
    before = page.read_bytes()
    page.write_bytes(b"other")
    assert reasons(request) == {"110000": "unchanged", "120000": "its files are missing or were changed"}
    page.write_bytes(before)
    assert reasons(request)["120000"] == "unchanged"
    notebook(folder, "good", GOOD + "\n# changed")
    assert reasons(request)["110000"] == "notebook changed"
    notebook(folder, "good", GOOD)


def test_a_period_the_data_does_not_cover_is_an_outcome(made: tuple[Request, Path, Summary]) -> None:
    """A month after the last one covered is listed as without data and starts no kernel."""
    request, folder, _ = made
    summary = run(replace(request, names=("good",), period="2020-04"), folder)
    reasons = [reason for _, _, reason in summary.trouble]
    assert reasons == ["no data for this period; the latest is 2020-03"] * 2
    assert manifest.latest(request.out)["good", "2020-04", "110000"].outcome == "no_data"


def test_every_fault_of_a_request_at_once(tmp_path: Path) -> None:
    """Unknown report, unknown region and unreadable period are told together, each with the nearest right one."""
    notebook(tmp_path, "price_linkage", "1")
    request = Request(names=("price_linkag",), regions=("450401", "450400"), settings=("x",), out=tmp_path / "out")
    with pytest.raises(ParameterFault) as caught:
        steps(request, known(tmp_path))
    assert [fault.hint for fault in caught.value.faults] == ["price_linkage", "梧州市 450400"]
    bad = replace(request, names=(), regions=("45040",), period="2020-13", settings=("lookback_month=6",))
    with pytest.raises(ParameterFault) as caught:
        steps(bad, known(tmp_path))
    assert [fault.what for fault in caught.value.faults] == ["unknown region", "unknown parameter", "unreadable period"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"region": 110000}, "wrong type"),
        ({"lookback_months": "six"}, "wrong type"),
        ({"lookback_months": True}, "wrong type"),
        ({"lookback_month": 6}, "unknown parameter"),
        ({"language": "fr"}, "unknown language"),
    ],
)
def test_strict_parameters(given: dict[str, object], what: str) -> None:
    """A parameter of the wrong name, type or language is refused before anything starts."""
    known_parameters = {"region": "110000", "language": "zh", "lookback_months": 12}
    with pytest.raises(ParameterFault) as caught:
        plan.check(given, known_parameters)
    assert [fault.what for fault in caught.value.faults] == [what]


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 0, -1])
def test_a_limit_is_a_number_of_seconds(seconds: float, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no limit is refused before anything starts, at the command line too."""
    with pytest.raises(ParameterFault, match="not a limit"):
        Limits(report_seconds=seconds)
    with pytest.raises(SystemExit) as left:
        cli.leave(lambda: cli.group(["report", "--dry-run", "--cell-timeout", str(seconds)], standalone_mode=False))
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("period", ["２０２０-02", "2020-0２", "２０２０", "2020-02\n"])
def test_a_period_is_written_in_plain_digits(period: str) -> None:
    """Full-width digits, which would name another folder, are refused by the fleet and by a notebook, which trims blanks at the ends."""
    for kind in ("month", "year"):
        with pytest.raises(ParameterFault, match="unreadable period"):
            plan.period_for(kind, period)  # type: ignore[arg-type]
    if period.strip() == period:
        with pytest.raises(ParameterFault, match="unreadable period"):
            aidlib.start("a", region="450400", period=period)
    else:
        assert aidlib.start("a", region="450400", period=period).period == period.strip()


def test_a_parameters_cell_holds_plain_literals_only(tmp_path: Path) -> None:
    """A computed default is refused with its line, because nothing could check it before the kernel starts."""
    path = notebook(tmp_path, "computed", parameters='region = "110000"\nperiod = today()')
    with pytest.raises(ParameterFault, match="ipynb:2: not a plain parameter"):
        parameters.defaults(path)


def test_a_torn_line_spoils_only_itself(tmp_path: Path) -> None:
    """After a kill in the middle of a line, earlier records are read and later ones begin on a line of their own."""
    manifest.append(tmp_path, Record("a", "2020", "110000", "good"))
    with (tmp_path / manifest.FILE).open("ab") as file:
        file.write(b'{"report": "b", "per')
    manifest.append(tmp_path, Record("c", "2020", "110000", "failed", "why"))
    assert [(record.report, record.outcome) for record in manifest.records(tmp_path)] == [
        ("a", "good"),
        ("c", "failed"),
    ]


WHOLE = {"report": "a", "period": "2020-03", "region": "110000", "outcome": "good"}
WRONG = [
    5, [], "x", {}, {"report": "a"}, {**WHOLE, "report": 5}, {**WHOLE, "outcome": "fine"}, {**WHOLE, "seconds": "1"}, {**WHOLE, "parts": []},
    {**WHOLE, "parts": {"data": "x"}}, {**WHOLE, "parts": {"parameters": [1]}}, {**WHOLE, "parts": {"asked": 5}}, {**WHOLE, "parts": {"library": {}}},
    {**WHOLE, "files": {".html": 5}}, {**WHOLE, "files": {".html": [1, 2]}}, {**WHOLE, "files": {".html": ["1", 2, "x"]}}, {**WHOLE, "period": "../.."},
    {**WHOLE, "region": "a/b"}, {**WHOLE, "report": ""}, {**WHOLE, "attempts": None}, {**WHOLE, "reason": {}}, {**WHOLE, "at": 5},
]  # fmt: skip


def test_a_line_of_the_wrong_shape_is_set_aside(tmp_path: Path) -> None:
    """What is no record of ours is passed over with a word, whatever it is: plan, index and news go on, and later records are read."""
    notebook(tmp_path / "notebooks", "a", "1")
    out = tmp_path / "reports"
    news = manifest.News(out)
    manifest.append(out, Record("b", "2020", "110000", "good", run="other"))
    with (out / manifest.FILE).open("ab") as file:
        file.write(b"\n".join([*(json.dumps(one).encode() for one in WRONG), b"\xff\xfe", b"[" * 10_000, b"{", b""]))
    manifest.append(out, Record("c", "2020", "110000", "failed", "why"))
    planned, notes = steps(Request(out=out), known(tmp_path / "notebooks", TWO))
    assert [step.reason for step in planned] == ["never made", "never made"]
    [note] = [note for note in notes if note.startswith(manifest.FILE)]
    assert note.startswith(f"manifest.jsonl: {len(WRONG) + 3} lines are no records and are set aside (line 2, 3, 4 …)")
    assert [record.report for record in manifest.records(out)] == ["b", "c"]
    assert list(news.good()) == [("b", "2020", "110000")]
    assert plan.stale(out, known(tmp_path / "notebooks", TWO)) == {}
    assert index.build(out, PRESS.index, {}).is_file()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_plan_is_drawn_ends_politely(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that is ended before its first report leaves with the same code and message; what was ignored before stays ignored (nohup)."""
    notebook(tmp_path, "a", "1")
    monkeypatch.setattr(plan, "steps", lambda *_: os.kill(os.getpid(), number))
    with pytest.raises(SystemExit) as left:
        cli.leave(lambda: run(Request(out=tmp_path / "out"), tmp_path))
    assert left.value.code == 128 + number
    assert capsys.readouterr().err.startswith("aidlib: interrupted")
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with fleet.ending_politely():
            os.kill(os.getpid(), number)
    finally:
        signal.signal(number, before)


def test_news_are_only_what_others_added_since(tmp_path: Path) -> None:
    """A fleet hears of good records appended after it began, whole lines only."""
    manifest.append(tmp_path, Record("a", "2020", "110000", "good"))
    news = manifest.News(tmp_path)
    manifest.append(tmp_path, Record("b", "2020", "110000", "good", run="other"))
    manifest.append(tmp_path, Record("c", "2020", "110000", "failed"))
    assert list(news.good()) == [("b", "2020", "110000")]
    with (tmp_path / manifest.FILE).open("ab") as file:
        file.write(b'{"report": "d"')
    assert list(news.good()) == [("b", "2020", "110000")]


def test_a_table_of_figures_not_asked_does_not_count() -> None:
    """Only figures of other tables may change without a report being made again; any law table counts."""
    parts = {
        "data": {
            "reference/cpi.csv": "1",
            "reference/people.csv": "2",
            "reference/regions.csv": "3",
            "law/values.csv": "4",
        }
    }
    kept = fingerprint.only(parts, ["reference/cpi.csv"])["data"]
    assert sorted(kept) == ["law/values.csv", "reference/cpi.csv", "reference/regions.csv"]
    assert fingerprint.only(parts, None)["data"] == parts["data"]


def test_a_file_named_by_a_parameter_counts(tmp_path: Path) -> None:
    """When a register that a parameter names is changed on disk, the report is made again, with that reason."""
    (register := tmp_path / "register.csv").write_text("a", encoding="utf-8")
    before = {"inputs": fingerprint.inputs({"register": str(register), "language": "zh", "rubric": "/nowhere"})}
    assert list(before["inputs"]) == ["register"]
    register.write_text("ab", encoding="utf-8")
    after = {"inputs": fingerprint.inputs({"register": str(register)})}
    assert fingerprint.reasons(before, after) == ["inputs changed: register"]


def test_a_lock_excludes_another_process(tmp_path: Path) -> None:
    """What one process holds another cannot take, and can as soon as it is let go."""
    import subprocess
    import sys

    code = f"from pathlib import Path; from aidlib.fleet.publish import Lock; print(Lock(Path({str(tmp_path)!r}), 'a').take())"

    def elsewhere() -> str:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    with Lock(tmp_path, "a"):
        assert elsewhere() == "False"
    assert elsewhere() == "True"


def test_a_late_worker_is_stopped_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does not keep its own limit is killed by the fleet, with a reason."""
    from aidlib.fleet import workers

    monkeypatch.setattr(workers, "GRACE_SECONDS", 0)
    task = Task("a", "2020", "110000", "a", "a.ipynb", {}, Limits(report_seconds=0.2))
    team = workers.LocalWorkers(1, tmp_path, PRESS, work=_sleep)
    team.start(task)
    results = []
    while not results:
        results = [result for _, result in team.finished(0.1)]
    assert results[0].outcome == "failed"
    assert results[0].reason.endswith("and did not stop")


def _sleep(_task: Task, _press: object, _folder: Path) -> Result:
    import time

    time.sleep(60)
    return Result("good")


@pytest.mark.parametrize(
    ("words", "hint"), [(["report", "price_linkag"], "price_linkage"), (["repord"], "aidlib report")]
)
def test_the_command_line_names_the_nearest(
    words: list[str], hint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown report or command is one message with the nearest name and exit code 2, never a traceback."""
    notebook(tmp_path, "price_linkage", "1")
    monkeypatch.setattr(shipped, "all_reports", lambda: known(tmp_path))
    with pytest.raises(SystemExit) as left:
        cli.leave(lambda: cli.group(words, standalone_mode=False))
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.startswith("aidlib: unknown")
    assert said.strip().endswith(f"try: {hint}")
    assert "Traceback" not in said


def test_the_environment_names_regions_and_period(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """REGIONS and PERIOD stand for the options, so that cron needs no arguments; the dry run says what would be made."""
    notebook(tmp_path, "a", "1")
    monkeypatch.setattr(shipped, "all_reports", lambda: known(tmp_path))
    environment = {"REGIONS": "450400,230100", "PERIOD": "2020-02"}
    answer = CliRunner().invoke(
        cli.group, ["report", "a", "--dry-run", "--out", str(tmp_path / "out")], env=environment
    )
    assert answer.exit_code == 0, answer.output
    assert re.findall(r"\d{6} 2020-02: never made", answer.output) == [
        "450400 2020-02: never made",
        "230100 2020-02: never made",
    ]
    assert answer.output.strip().endswith("2 to make, 0 unchanged, 0 without data")


def test_a_report_not_named_leaves_out_what_it_never_covers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A region asked for without naming a report gets only the reports that cover it."""
    notebook(tmp_path, "a", "1")
    monkeypatch.setattr(shipped, "all_reports", lambda: known(tmp_path))
    covered = next(iter(known(tmp_path)["a"].regions()))
    words = [
        "report",
        "--dry-run",
        "--region",
        f"{covered},450400",
        "--period",
        "2020-02",
        "--out",
        str(tmp_path / "out"),
    ]
    answer = CliRunner().invoke(cli.group, words)
    assert answer.output.strip().endswith("1 to make, 0 unchanged, 0 without data")


def test_no_data_counts_only_against_a_report_asked_for_by_name(tmp_path: Path) -> None:
    """What the data do not cover is always listed; it spoils the exit code only when the report was named."""
    gap = [(None, "no_data", "no data for this period")]
    assert not Summary(tmp_path, trouble=gap).good  # type: ignore[arg-type]
    assert Summary(tmp_path, trouble=gap, named=False).good  # type: ignore[arg-type]
    assert not Summary(tmp_path, trouble=[(None, "failed", "")], named=False).good  # type: ignore[list-item]


def test_records_are_plain_json(made: tuple[Request, Path, Summary]) -> None:
    """Each line of the manifest is JSON with what, with what, how long and what came of it."""
    request, _, _ = made
    lines = [json.loads(line) for line in (request.out / manifest.FILE).read_text(encoding="utf-8").splitlines()]
    good = next(line for line in lines if line["report"] == "good" and line["outcome"] == "good")
    assert good["kernel"] == "warm"
    assert good["seconds"] > 0
    assert set(good["parts"]) == {"asked", "data", "environment", "inputs", "library", "notebook", "parameters"}
