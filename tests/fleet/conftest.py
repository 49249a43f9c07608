"""One warm server for all tests that execute notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from aidlib.commands.press import PRESS
from aidlib.fleet import warm


@pytest.fixture(scope="session")
def server() -> Iterator[warm.Server]:
    """A warm server that fleets and kernels started by tests share."""
    started = warm.Server(PRESS.module)
    os.environ[warm.VARIABLE] = started.socket
    yield started
    os.environ.pop(warm.VARIABLE, None)
    started.end()
