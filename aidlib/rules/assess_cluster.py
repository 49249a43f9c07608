"""Assess Parquet files on a cluster: the same rules on Dask or Spark, results beside those of one machine to the bit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from aidlib.errors import AidError, RegisterFault
from aidlib.rules.columns import read_columns
from aidlib.rules.frames import assess as assess_tables
from aidlib.rules.job import Job, job_faults
from aidlib.rules.ledger import Ledger
from aidlib.rules.places import Places
from aidlib.rules.totals import COUNTED, NOTHING, Digest, added, part_totals

LOCAL_WORKERS = 2
DIGEST_ROWS = 500_000
Open = Callable[[list[str], list[str]], Any]
Save = Callable[[Any, str], Any]


def on_cluster(
    job: Job, held: Places, folder: Path, engine: str, progress: Callable[[int], Any]
) -> tuple[dict[str, Digest], dict[str, pl.DataFrame]]:
    """Assess on a cluster and return digests and totals of the files it wrote."""
    scheme, _, address = engine.partition("://")
    if scheme not in _CLUSTERS:
        raise AidError("unknown engine", expected="polars, dask://HOST:PORT, dask:// or spark", got=engine)
    _refuse_faults(job)
    with Ledger(folder, f"{job.fingerprint()} {scheme}") as ledger:
        if not ledger.done:
            with _CLUSTERS[scheme](address) as (opened, save):
                households, persons = (opened(_paths(job, table), _columns(job, table)) for table in COUNTED)
                made = assess_tables(households, persons, held, nullable=_nullable(job))
                for table in COUNTED:
                    _saved(save, getattr(made, table), folder / table)
            ledger.finish(0, rows=job.scan("households").select(pl.len()).collect().item())
        progress(ledger.done[0]["rows"])
    return {table: _digest(folder / table) for table in COUNTED}, added(
        [part_totals(*map(_scan, (folder / t for t in COUNTED)))]
    )


def _paths(job: Job, table: str) -> list[str]:
    return [str(path.resolve()) for path in getattr(job, table)]


def _columns(job: Job, table: str) -> list[str]:
    return read_columns(job.scan(table), table)


def _refuse_faults(job: Job) -> None:
    if faults := job_faults(job):
        raise RegisterFault(faults)


def _nullable(job: Job) -> list[str]:
    found = []
    for table in COUNTED:
        empty = (
            job.scan(table)
            .select(pl.col(_columns(job, table)).null_count())
            .collect(engine="streaming")
            .row(0, named=True)
        )
        found += [name for name, count in empty.items() if count]
    return found


def _saved(save: Save, frame: Any, place: Path) -> None:
    aside = place.with_name(f".{place.name}")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)
    save(frame, str(aside))
    aside.rename(place)


def _scan(place: Path) -> pl.LazyFrame:
    return pl.scan_parquet(sorted(place.rglob("*.parquet")))


def _digest(place: Path) -> Digest:
    digest = NOTHING
    for path in sorted(place.rglob("*.parquet")):
        for first in range(0, pl.scan_parquet(path).select(pl.len()).collect().item(), DIGEST_ROWS):
            digest += Digest.of(pl.scan_parquet(path).slice(first, DIGEST_ROWS).collect())
    return digest


@contextmanager
def _dask(address: str) -> Iterator[tuple[Open, Save]]:
    try:
        import dask.dataframe as dd
        from distributed import Client, LocalCluster
    except ImportError:
        raise AidError("Dask is not installed", hint="pip install 'aidlib[dask]'") from None
    cluster = None if address else LocalCluster(n_workers=LOCAL_WORKERS, threads_per_worker=1, dashboard_address=None)
    client = Client(f"tcp://{address}" if address else cluster)
    try:
        yield (
            lambda paths, columns: dd.read_parquet(paths, columns=columns),
            lambda frame, place: frame.to_parquet(place, write_index=False),
        )
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


@contextmanager
def _spark(address: str) -> Iterator[tuple[Open, Save]]:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise AidError("PySpark is not installed", hint="pip install 'aidlib[spark]'") from None
    builder = SparkSession.builder.appName("aidlib assess").config("spark.sql.session.timeZone", "UTC")
    master = f"spark://{address}" if address else f"local[{LOCAL_WORKERS}]"
    session = builder.master(master).config("spark.ui.enabled", "false").getOrCreate()
    try:
        yield (
            lambda paths, columns: session.read.parquet(*paths).select(*columns),
            lambda frame, place: frame.write.parquet(place),
        )
    finally:
        session.stop()


_CLUSTERS = {"dask": _dask, "spark": _spark}
