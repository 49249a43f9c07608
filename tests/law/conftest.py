"""An overlay folder for broken and added law tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aidlib.law import load

HEADERS = {
    "values": load.VALUE_COLUMNS,
    "names": load.NAME_COLUMNS,
    "sources": load.SOURCE_COLUMNS,
    "units": load.UNIT_COLUMNS,
    "groups": load.GROUP_COLUMNS,
    "holidays": ("date", "kind", "name_zh", "source"),
}
Lay = Callable[..., None]


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lay:
    """Write rows into an overlay table of `law/` and point aidlib at it."""
    monkeypatch.setenv("AIDLIB_DATA", str(tmp_path))
    (tmp_path / "law").mkdir()

    def write(kind: str, *rows: str, header: str = "") -> None:
        lines = [header or ",".join(HEADERS[kind]), *rows]
        (tmp_path / "law" / f"{kind}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return write
