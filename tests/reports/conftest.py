"""One warm parent for all tests of the reports that execute notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from aidlib.reports import warm


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[warm.Parent]:
    """A warm parent that fleets and kernels started by tests share."""
    parent = warm.Parent()
    os.environ[warm.VARIABLE] = parent.socket
    yield parent
    os.environ.pop(warm.VARIABLE, None)
    parent.end()
