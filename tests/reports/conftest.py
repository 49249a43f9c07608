"""One warm parent for all tests that execute notebooks; tests that need a browser are collected only where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from aidlib.reports import pdf, warm

browser = [] if pdf.browser() else ["test_browser.py", "test_axe.py"]
collect_ignore = browser if os.environ.get("AIDLIB_AXE") else [*browser, "test_axe.py"]


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the browser tests, so that they can be left out with -m 'not browser'."""
    config.addinivalue_line("markers", "browser: opens pages in headless Chromium")


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[warm.Parent]:
    """A warm parent that fleets and kernels started by tests share."""
    parent = warm.Parent()
    os.environ[warm.VARIABLE] = parent.socket
    yield parent
    os.environ.pop(warm.VARIABLE, None)
    parent.end()
