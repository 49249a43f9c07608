"""Tests that start a cluster run only when asked for: `pytest -m cluster`, with the `dask` or `spark` extra installed."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect cluster tests unless the marker expression names them."""
    if "cluster" in (config.option.markexpr or ""):
        return
    opted_out = [item for item in items if item.get_closest_marker("cluster")]
    items[:] = [item for item in items if item not in opted_out]
    if opted_out:
        config.hook.pytest_deselected(items=opted_out)
