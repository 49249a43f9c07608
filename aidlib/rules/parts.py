"""A long run over Parquet files, part by part: resumed after a kill, on as many processes as are worth starting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from aidlib.rules.execute import evenly
from aidlib.rules.ledger import Ledger
from aidlib.rules.workers import Helpers

PART_ROWS = 250_000
WORTH = 16  # parts to do for which starting processes, a second or two of processor time each, is repaid
Part = tuple[Path, int, int]  # file, first row, count of rows
Work = Callable[[int, Part], dict[str, Any]]
Progress = Callable[[int], Any]


def parts_of(paths: Iterable[Path], rows: int) -> dict[int, Part]:
    """Cut files into numbered parts of at most so many rows.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pl.DataFrame({"household_id": [1, 2, 3]}).write_parquet(Path(folder, "a.parquet"))
    ...     [(number, first, rows) for number, (_, first, rows) in parts_of([Path(folder, "a.parquet")], 2).items()]
    [(0, 0, 1), (1, 1, 2)]
    """
    return dict(enumerate(chain.from_iterable(_slices(path, rows) for path in paths)))


def _slices(path: Path, rows: int) -> Iterator[Part]:
    """Cut where row groups of the file end, which are decoded whole; inside of those that are larger."""
    from pyarrow.parquet import read_metadata

    told = read_metadata(path)
    first = end = 0
    for size in [told.row_group(number).num_rows for number in range(told.num_row_groups)]:
        if end + size - first > rows:
            yield from _pieces(path, first, end, rows)
            first = end
        end += size
    yield from _pieces(path, first, end, rows)


def _pieces(path: Path, first: int, end: int, rows: int) -> Iterator[Part]:
    return ((path, begin, after - begin) for begin, after in evenly(first, end, rows))


def crew_for(parts: dict[int, Part], ledger: Ledger, jobs: int, load: tuple[str, ...] = ()) -> Helpers:
    """Put together who does what is not done yet: processes where starting them is repaid, else threads of this one.

    Examples
    --------
    >>> import tempfile
    >>> parts = dict.fromkeys(range(WORTH), (Path("a.parquet"), 0, 2))
    >>> with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder), "a job") as ledger:
    ...     few = crew_for({0: parts[0]}, ledger, 2)
    ...     with crew_for(parts, ledger, 2) as many:
    ...         (few.helpers, few.threads), (many.helpers, many.threads)
    ((0, 1), (1, 1))
    """
    waiting = len(parts.keys() - ledger.done.keys())
    at_once = max(min(jobs or pl.thread_pool_size(), waiting), 1)
    return Helpers(at_once - 1, load) if waiting >= WORTH else Helpers(0, threads=at_once)


def in_parts(work: Work, parts: dict[int, Part], ledger: Ledger, helpers: Helpers, progress: Progress) -> None:
    """Do the parts the ledger does not have, and write each down.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder), "a job") as ledger:
    ...     in_parts(lambda number, part: {"rows": part[2]}, {0: (Path("a.parquet"), 0, 2)}, ledger, Helpers(0), print)
    ...     ledger.done
    2
    {0: {'part': 0, 'rows': 2}}
    """
    for number in parts.keys() & ledger.done.keys():
        progress(ledger.done[number]["rows"])

    def done(number: int, facts: dict[str, Any]) -> None:
        ledger.finish(number, **facts)
        progress(facts["rows"])

    helpers.do(work, {number: part for number, part in parts.items() if number not in ledger.done}, done)
