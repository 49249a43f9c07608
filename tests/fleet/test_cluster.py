"""The fleet on a local Dask cluster of two workers. Opt in with `-m cluster`; needs the `dask` extra."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fleet_drill import REGIONS, known, notebook

from aidlib.commands.press import PRESS
from aidlib.errors import AidError
from aidlib.fleet import manifest
from aidlib.fleet import run as fleet
from aidlib.fleet.plan import Request

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers in processes of their own, watched by nannies."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as started:
        yield started


def test_the_same_fleet_on_a_cluster(cluster: Any, tmp_path: Path) -> None:
    """Reports made on the cluster are published here, each once, with their failures apart."""
    notebook(tmp_path / "notebooks", "plain", "print(region)", "assert region != '110000'")
    request = Request(out=tmp_path / "reports")
    summary = fleet.run(
        request, known(tmp_path / "notebooks"), PRESS, progress=False, cluster=cluster.scheduler_address
    )
    assert summary.made == len(REGIONS) - 1
    assert [(task.region, outcome) for task, outcome, _ in summary.trouble] == [("110000", "failed")]
    assert (tmp_path / "reports" / "failed" / "2020-03" / "110000" / "plain.ipynb").is_file()


def test_kill_9_of_a_worker(cluster: Any, tmp_path: Path) -> None:
    """A worker killed while it makes a report costs a retry elsewhere: no report is lost and none is made twice."""
    mark = tmp_path / "killed"
    kill = f"import os, pathlib\nmark = pathlib.Path({str(mark)!r})\n"
    once = (
        "if region == '120000' and not mark.exists(): mark.touch(); os.kill(int(os.environ['AIDLIB_TEST_WORKER']), 9)\n"
    )
    notebook(tmp_path / "notebooks", "plain", kill + once + "print(region)")
    cluster_pids = _name_workers(cluster)
    request = Request(out=tmp_path / "reports")
    summary = fleet.run(
        request, known(tmp_path / "notebooks"), PRESS, progress=False, cluster=cluster.scheduler_address
    )
    assert mark.exists()
    assert summary.good, summary.lines()
    assert [record.outcome for record in manifest.records(request.out)] == ["good"] * len(REGIONS)
    assert sorted(record.region for record in manifest.records(request.out)) == sorted(REGIONS)
    assert _name_workers(cluster) != cluster_pids


def _name_workers(cluster: Any) -> set[int]:
    """Tell each worker's kernels the pid of their worker, and return those pids."""
    from distributed import Client

    def name() -> int:
        os.environ["AIDLIB_TEST_WORKER"] = str(os.getpid())
        return os.getpid()

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2)
        return set(client.run(name).values())


def test_no_cluster_is_one_message(tmp_path: Path) -> None:
    """An address where nothing answers is refused with what to do."""
    notebook(tmp_path / "notebooks", "plain", "1")
    with pytest.raises(AidError, match="no cluster answers"):
        fleet.run(
            Request(out=tmp_path / "out"),
            known(tmp_path / "notebooks"),
            PRESS,
            progress=False,
            cluster="tcp://127.0.0.1:9",
        )
