"""The same fleet on a Dask cluster: workers make, this process publishes, so that a lost worker costs a retry and nothing else."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import AidError
from aidlib.reports import execute, fingerprint
from aidlib.reports.crew import Making
from aidlib.reports.task import Result, Task

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 20
LOOK_SECONDS = 0.1
Made = tuple[Result, dict[str, bytes]]


def make(task: Task, source: bytes, work: Callable[[Task, Path], Result] = execute.perform) -> Made:
    """On a worker of the cluster: make one report from the notebook's source and return its files.

    Parameters
    ----------
    task : Task
        What to make; the path of its notebook is this process's business only.
    source : bytes
        The notebook.
    work : callable
        What makes it.
    """
    with tempfile.TemporaryDirectory(prefix="aidlib-") as home:
        notebook, folder = Path(home) / f"{task.report}.ipynb", Path(home) / "made"
        notebook.write_bytes(source)
        folder.mkdir()
        result = work(replace(task, notebook=str(notebook)), folder)
        return result, {
            path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".ipynb", ".html", ".pdf")
        }


@dataclass
class Remote(Making):
    """One report in the making somewhere on the cluster."""

    future: Future


class ClusterCrew:
    """At most `jobs` reports at once on a Dask cluster; has the face of `crew.Crew`.

    Parameters
    ----------
    address : str
        The scheduler, such as `tcp://10.0.0.1:8786`.
    jobs : int
        0 means one for each thread of the cluster's workers.
    folder : Path
        Where results are put before they are published.

    Raises
    ------
    AidError
        Dask is not installed, no scheduler answers, or workers run another version of aidlib.
    """

    def __init__(self, address: str, jobs: int, folder: Path) -> None:
        self.client = _client(address)
        threads = self.client.nthreads()
        if not threads:
            self.client.close()
            raise AidError("the cluster has no workers", where=address, hint="start some: dask worker " + address)
        self.jobs, self.folder = jobs or sum(threads.values()), folder
        self.workers: list[Remote] = []
        self._count = 0
        _same_code(self.client)

    @property
    def free(self) -> bool:
        """Whether another report can be started."""
        return len(self.workers) < self.jobs

    def start(self, task: Task) -> None:
        """Send a task to the cluster. Dask itself sends it to another worker when the one at work is lost."""
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        future = self.client.submit(make, task, Path(task.notebook).read_bytes(), pure=False)
        self.workers.append(Remote(task, folder, future))

    def finished(self, seconds: float) -> list[tuple[Remote, Result]]:
        """Wait at most so long for any task; return those that are over, their files in their folders."""
        until = time.monotonic() + seconds
        while not (over := [one for one in self.workers if one.future.done()]) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        self.workers = [one for one in self.workers if one not in over]
        return [(one, _received(one)) for one in over]

    def end(self) -> list[Remote]:
        """Cancel what is not over, let go of the cluster, and return what was still being made."""
        left, self.workers = self.workers, []
        self.client.cancel([one.future for one in left], force=True)
        self.client.close()
        return left


def _received(one: Remote) -> Result:
    """Write a task's files into its folder. A task that took its workers with it is a failure with that reason."""
    if error := one.future.exception():
        return Result("failed", f"the cluster gave it up: {type(error).__name__}")
    result, files = one.future.result()
    one.future.release()
    for name, content in files.items():
        (one.folder / name).write_bytes(content)
    return result  # type: ignore[no-any-return]


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise AidError("Dask is not installed", where="--cluster", hint="pip install 'aidlib[dask]'") from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise AidError("no cluster answers", where=address, hint="start one: dask scheduler") from None


def _same_code(client: Client) -> None:
    """Every worker must have this very library, or the manifest would not tell the truth."""
    here = fingerprint.digest_of_library()
    other: dict[str, Any] = {
        place: digest for place, digest in client.run(fingerprint.digest_of_library).items() if digest != here
    }
    if other:
        client.close()
        raise AidError(
            "workers run another version of aidlib", got=", ".join(sorted(other)), hint="install the same on all"
        )
