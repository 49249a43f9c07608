"""What tests of pages share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from notebook_run import Runner

from aidlib.page import pdf


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """Run open notebooks in this process."""
    from matplotlib import pyplot as plt

    yield Runner(monkeypatch)
    plt.close("all")


browser = [] if pdf.browser() else ["test_browser.py", "test_axe.py"]
collect_ignore = browser if os.environ.get("AIDLIB_AXE") else [*browser, "test_axe.py"]


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the browser tests, so that they can be left out with -m 'not browser'."""
    config.addinivalue_line("markers", "browser: opens pages in headless Chromium")
