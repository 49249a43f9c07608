"""Registers larger than memory: the same digest whatever the parts, the engine, or a kill in the middle."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from aidlib.commands.assess import assess
from aidlib.errors import AidError, RegisterFault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.register.synthetic import generate
from aidlib.rules import frames
from aidlib.rules.assess import Outcome, assess_files, evaluate
from aidlib.rules.frames import assess as assess_tables
from aidlib.rules.job import Job, files, job_places
from aidlib.rules.ledger import Ledger
from aidlib.rules.places import places
from aidlib.rules.totals import Digest, publishable

ON = date(2024, 6, 1)
SIZE = 4_000
PART = 250


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four thousand invented households of Guangxi."""
    folder = tmp_path_factory.mktemp("register")
    generate(folder, SIZE, seed=11, region="450000")
    return folder


def _job(folder: Path, **changes: object) -> Job:
    return Job(files(folder, "households"), files(folder, "persons"), ON, **{"unknown": "bounds", **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(register: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path]:
    """The register assessed in one part."""
    out = tmp_path_factory.mktemp("whole")
    return assess_files(_job(register), out), out


def _told(outcome: Outcome) -> tuple[str, str]:
    return outcome.households, outcome.persons


def test_results_do_not_depend_on_the_parts(register: Path, whole: tuple[Outcome, Path], tmp_path: Path) -> None:
    """One part, many parts and a file split in two give one digest and the same totals."""
    many = assess_files(_job(register), tmp_path / "many", part_rows=333)
    assert _told(many) == _told(whole[0])
    assert all(many.totals[table].equals(whole[0].totals[table]) for table in many.totals)
    split = tmp_path / "split"
    split.mkdir()
    for table in ("households", "persons"):
        frame = pl.read_parquet(register / f"{table}-00000.parquet")
        frame.head(1500).write_parquet(split / f"{table}-0.parquet")
        frame.tail(-1500).write_parquet(split / f"{table}-1.parquet")
    assert _told(assess_files(_job(split), tmp_path / "two", part_rows=1000)) == _told(whole[0])


def test_results_do_not_depend_on_the_order(register: Path, whole: tuple[Outcome, Path], tmp_path: Path) -> None:
    """Shuffled households and persons give the same digest."""
    for table, frame in _tables(register).items():
        frame.sample(fraction=1, shuffle=True, seed=5).write_parquet(tmp_path / f"{table}.parquet")
    assert _told(assess_files(_job(tmp_path), tmp_path / "out", part_rows=900)) == _told(whole[0])


def _tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {table: pl.read_parquet(folder / f"{table}-00000.parquet") for table in ("households", "persons")}


def test_parts_equal_lazy_expressions(register: Path, whole: tuple[Outcome, Path]) -> None:
    """The files hold what the rules say as lazy expressions over joined tables, to the fen."""
    tables = _tables(register)
    held = job_places(_job(register), Book(), Figures())
    made = assess_tables(tables["households"].lazy(), tables["persons"].lazy(), held)
    assert str(Digest.of(made.households.collect())) == whole[0].households
    assert str(Digest.of(made.persons.collect())) == whole[0].persons


def test_results_do_not_depend_on_the_blocks(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks, one block and shuffled persons give the same answers row by row."""
    tables = _tables(register)
    held = job_places(_job(register), Book(), Figures())
    straight = assess_tables(tables["households"], tables["persons"], held)
    monkeypatch.setattr(frames, "CELLS", 97 * 60)
    mixed = tables["persons"].sample(fraction=1, shuffle=True, seed=3)
    again = assess_tables(tables["households"], mixed, held)
    assert again.households.equals(straight.households)
    assert again.persons.sort("person_id").equals(straight.persons.sort("person_id"))


def test_sister_places_share_one_reading(register: Path) -> None:
    """Asking the law once for sister counties gives what asking for each gives."""
    job = _job(register)
    held = job_places(job, Book(), Figures())
    each = places(Book(), Figures(), held.locals, ON, job.answers, unknown="bounds")
    assert {key: dict(one.values) for key, one in held.locals.items()} == {
        key: dict(one.values) for key, one in each.locals.items()
    }


RUN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from aidlib.cli import main; main()"


@pytest.mark.parametrize("part", [PART, PART + 30], ids=["processes", "threads"])
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_goes_on(
    register: Path, whole: tuple[Outcome, Path], tmp_path: Path, sent: signal.Signals, part: int
) -> None:
    """After kill -9 or Ctrl-C finished parts are not done again, a torn line is no entry, and the digest is that of an undisturbed run."""
    out = tmp_path / "out"
    command = ["assess", "--persons", str(register), "--households", str(register), "--out", str(out), "--on", str(ON),
               "--unknown", "bounds", "--part-rows", str(part), "--quiet"]  # fmt: skip
    run = subprocess.Popen([sys.executable, "-c", RUN, *command], stderr=subprocess.PIPE, text=True)
    ledger, deadline = out / "ledger.jsonl", time.monotonic() + 120
    while time.monotonic() < deadline and run.poll() is None and _lines(ledger) < 3:
        time.sleep(0.002)
    run.send_signal(sent)
    said = run.communicate()[1]
    if sent == signal.SIGINT:
        assert run.returncode == 130
        assert said.strip() == "aidlib: interrupted; what was finished is in place, nothing is half-written"
        assert not list(out.rglob(".*"))
    assert 3 <= _lines(ledger) < 1 + SIZE // part
    with ledger.open("a", encoding="utf-8") as lines:
        lines.write('{"part": 99, "rows"')
    finished = {path: path.stat().st_mtime_ns for path in _finished_parts(out)}
    told: list[int] = []
    done = assess_files(_job(register), out, part_rows=part, progress=told.append)
    assert _told(done) == _told(whole[0])
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert sum(told) == SIZE
    assert not list(out.rglob(".*"))


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def _finished_parts(out: Path) -> list[Path]:
    entries = [json.loads(line) for line in (out / "ledger.jsonl").read_text().splitlines()[1:] if line.endswith("}")]
    return [
        out / table / f"{table}-{entry['part']:05d}.parquet" for entry in entries for table in ("households", "persons")
    ]


def test_a_full_disk_is_one_sentence(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a part cannot be written the command says so and leaves nothing half-written; the next one goes on."""
    full = OSError(errno.ENOSPC, "No space left on device")
    command = [
        "--persons",
        str(register),
        "--households",
        str(register),
        "--out",
        str(tmp_path),
        "--on",
        str(ON),
        "--unknown",
        "bounds",
        "--quiet",
    ]
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _failing(os.fsync, full, at=5))
        with pytest.raises(AidError, match="cannot be written; got 'No space left on device'; try: make room"):
            CliRunner().invoke(assess, command, catch_exceptions=False)
    assert not list(tmp_path.rglob(".*"))
    assert CliRunner().invoke(assess, command, catch_exceptions=False).exit_code == 0


def _failing(work: Callable[[int], None], error: OSError, at: int) -> Callable[[int], None]:
    calls = iter(range(10**6))

    def failing(handle: int) -> None:
        if next(calls) == at:
            raise error
        work(handle)

    return failing


def test_another_run_is_not_mixed_in(register: Path, whole: tuple[Outcome, Path]) -> None:
    """Results of another day do not go into the same folder."""
    with pytest.raises(AidError, match="another run"):
        assess_files(
            Job(_job(register).households, _job(register).persons, date(2024, 7, 1), unknown="bounds"), whole[1]
        )


def test_a_ledger_keeps_what_was_written(tmp_path: Path) -> None:
    """Entries survive reopening; another job is refused, and a second run while one is at work."""
    with Ledger(tmp_path, "a") as ledger:
        ledger.finish(7, rows=5)
        with pytest.raises(AidError, match="another run is at work"):
            Ledger(tmp_path, "a")
    with Ledger(tmp_path, "a") as ledger:
        assert ledger.done == {7: {"part": 7, "rows": 5}}
    with pytest.raises(AidError, match="holds another run"):
        Ledger(tmp_path, "b")


def test_a_run_that_finished_nothing_does_not_keep_its_folder(tmp_path: Path) -> None:
    """After a run that was refused at once, the mended register may go to the same folder."""
    with Ledger(tmp_path, "a"):
        pass
    with Ledger(tmp_path, "b") as ledger:
        ledger.finish(0, rows=1)
    with Ledger(tmp_path, "b") as ledger:
        assert ledger.done == {0: {"part": 0, "rows": 1}}


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("persons", pl.lit(10**7).alias("household_id"), "households without persons"),
        ("persons", pl.lit(200).alias("age"), "persons.age: cells out of bounds"),
        ("households", pl.lit(-1).alias("income_fen"), "households.income_fen: cells out of bounds"),
        ("households", pl.lit(-1).alias("urban"), "households.urban: cells out of bounds"),
        ("households", pl.lit(7).alias("urban"), "households.urban: cells out of bounds"),
        ("households", pl.lit(0.5).alias("urban"), "households.urban: cells out of bounds"),
        ("households", pl.lit(1).alias("household_id"), "appear twice"),
        ("households", pl.lit(None, pl.String).alias("region_code"), "without a region"),
        ("persons", pl.lit("wizard").alias("relation"), "persons.relation: cells out of bounds"),
        ("persons", pl.lit(None, pl.Int64).alias("age"), "empty cells no range can stand for"),
    ],
)
def test_unsound_registers_are_refused(register: Path, tmp_path: Path, table: str, change: pl.Expr, said: str) -> None:
    """Orphans, duplicates, values out of bounds, unknown words and empty keys stop the run with the place and a count."""
    for name, frame in _tables(register).items():
        (frame.with_columns(change) if name == table else frame).head(600).write_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(RegisterFault, match=said):
        assess_files(_job(tmp_path), tmp_path / "out", part_rows=500)


def test_faults_are_counted_over_the_whole_register(register: Path, tmp_path: Path) -> None:
    """Whichever part is refused first, the message counts every fault of the files, and is the same each time."""
    tables = {name: frame.head(600) for name, frame in _tables(register).items()}
    tables["persons"] = tables["persons"].with_columns(pl.lit(None, pl.Int64).alias("age"))
    for name, frame in tables.items():
        frame.write_parquet(tmp_path / f"{name}.parquet")
    alone = tables["households"].join(tables["persons"], on="household_id", how="anti").height
    for part_rows in (50, 500, 5_000):
        with pytest.raises(RegisterFault) as caught:
            assess_files(_job(tmp_path), tmp_path / "out", part_rows=part_rows)
        assert [(fault.where, fault.got) for fault in caught.value.faults] == [
            ("persons.age", "600 rows"),
            ("households.household_id", f"{alone} households"),
        ]


@pytest.mark.parametrize("kind", [pl.String, pl.Int32])
def test_household_numbers_are_of_one_type(register: Path, tmp_path: Path, kind: type[pl.DataType]) -> None:
    """Numbers in one file and texts or shorter numbers in the next would not be found again: told by file before anything is written."""
    tables = _tables(register)
    tables["households"].write_parquet(tmp_path / "households.parquet")
    tables["persons"].head(600).write_parquet(tmp_path / "persons-0.parquet")
    other = tables["persons"].tail(-600).with_columns(pl.col("household_id").cast(kind))
    other.write_parquet(tmp_path / "persons-1.parquet")
    with pytest.raises(
        RegisterFault, match=r"persons-1.parquet, household_id: household numbers of another type; expected Int64"
    ):
        assess_files(_job(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_shorter_household_numbers_in_one_table_are_found(
    register: Path, whole: tuple[Outcome, Path], tmp_path: Path
) -> None:
    """Whole numbers of two lengths, as two programmes write them, are the same numbers; texts for numbers are not."""
    tables = _tables(register)
    tables["households"].write_parquet(tmp_path / "households.parquet")
    tables["persons"].with_columns(pl.col("household_id").cast(pl.String)).write_parquet(tmp_path / "persons.parquet")
    with pytest.raises(RegisterFault, match="expected Int64, as in other files; got 'String'"):
        assess_files(_job(tmp_path), tmp_path / "out")
    tables["persons"].with_columns(pl.col("household_id").cast(pl.Int32)).write_parquet(tmp_path / "persons.parquet")
    assert _told(assess_files(_job(tmp_path), tmp_path / "out", part_rows=900)) == _told(whole[0])


def test_unknown_income_gives_both_ends(register: Path) -> None:
    """An empty income is unknown: the answer lies between two ends, and the category cannot be told."""
    tables = _tables(register)
    homes = (
        tables["households"]
        .head(50)
        .with_columns(pl.lit(None, pl.Int64).alias("income_fen"), pl.lit(True).alias("property_ok"))
    )
    people = tables["persons"].filter(pl.col("household_id") <= 50)
    held = job_places(_job(register), Book(), Figures())
    made = evaluate(homes.drop("status"), people.drop("status"), held)["households"]
    assert (made["dibao_benefit_fen"] == 0).all()
    assert (made["dibao_benefit_fen_at_best"] > 0).any()
    assert (made["category"] == 4).any()


def test_files_of_the_run(whole: tuple[Outcome, Path]) -> None:
    """The folder holds results marked synthetic, totals that add up, sources, and a published version without small cells."""
    outcome, out = whole
    assert pl.read_parquet_metadata(out / "households" / "households-00000.parquet")["status"] == "synthetic"
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["status"] == "synthetic"
    assert facts["sources"]
    assert facts["assumed"]["absence"] == 0
    assert outcome.totals["households"]["households"].sum() == SIZE
    published = pl.read_csv(out / "published_persons.csv", schema_overrides={"region_code": pl.String})
    assert not published["persons"].is_between(1, 9).any()
    assert (out / "totals_persons.csv").is_file()


def test_money_is_hidden_with_its_count() -> None:
    """Where a count is hidden its money is hidden too, and a count of zero has no money."""
    frame = pl.DataFrame({"region_code": ["450403"] * 2 + ["450405"] * 2, "category": ["none", "dibao"] * 2,
                          "households": [100, 3, 200, 50], "monthly_aid_fen": [0, 900, 0, 50_000]})  # fmt: skip
    people = pl.DataFrame({"region_code": ["450403", "450405"], "layer": ["none", "none"], "persons": [20, 30]})
    shown = publishable({"households": frame, "persons": people}, 10)["households"]
    cell = shown[(shown["region_code"] == "450403") & (shown["category"] == "dibao")]
    assert cell[["households", "monthly_aid_fen"]].isna().all(axis=None)
    assert shown.loc[shown["households"].isna(), "monthly_aid_fen"].isna().all()


def test_the_command_says_where_and_what(register: Path, tmp_path: Path) -> None:
    """`aidlib assess` prints digests and status; an unknown engine is one sentence."""
    base = [
        "--persons",
        str(register),
        "--households",
        str(register),
        "--on",
        "2024-06-01",
        "--unknown",
        "bounds",
        "--quiet",
    ]
    done = CliRunner().invoke(assess, [*base, "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert "status     synthetic" in done.output
    with pytest.raises(AidError, match="unknown engine"):
        CliRunner().invoke(assess, [*base, "--out", str(tmp_path / "x"), "--engine", "abacus"], catch_exceptions=False)


@pytest.mark.cluster
@pytest.mark.parametrize("engine", ["dask://", "spark"])
def test_clusters_give_the_same_digest(
    register: Path, whole: tuple[Outcome, Path], tmp_path: Path, engine: str
) -> None:
    """Dask and Spark on two local workers give the digests and totals of one machine."""
    done = assess_files(_job(register), tmp_path / "out", engine=engine)
    assert _told(done) == _told(whole[0])
    assert all(done.totals[table].equals(whole[0].totals[table]) for table in done.totals)


def test_a_household_nobody_lives_in_is_refused(register: Path, tmp_path: Path) -> None:
    """A household without persons is no household to judge: it stops the run, as it stops an explanation."""
    tables = _tables(register)
    home = tables["households"]["household_id"][3]
    tables["households"].write_parquet(tmp_path / "households.parquet")
    tables["persons"].filter(pl.col("household_id") != home).write_parquet(tmp_path / "persons.parquet")
    with pytest.raises(RegisterFault, match="households without persons; got '1 households'"):
        assess_files(_job(tmp_path), tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.lit(1).alias("note"), r"households-1.parquet: a part with other columns .*has note too"),
        (
            pl.col("income_fen").cast(pl.Int32),
            r"households-1.parquet, income_fen: .* expected Int64, as in households-0.parquet; got 'Int32'",
        ),
    ],
)
def test_parts_with_other_columns_are_named(register: Path, tmp_path: Path, change: pl.Expr, said: str) -> None:
    """Parts of one table that differ are told by file before anything is written."""
    tables = _tables(register)
    tables["households"].head(100).write_parquet(tmp_path / "households-0.parquet")
    tables["households"].tail(-100).with_columns(change).write_parquet(tmp_path / "households-1.parquet")
    with pytest.raises(RegisterFault, match=said):
        files(tmp_path, "households")
