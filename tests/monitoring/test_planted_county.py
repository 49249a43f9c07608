"""A county's own files with cases planted in them, from workbooks to alerts (`benchmarks/planted.py`). Everybody is invented."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from aidlib.monitoring.vocabulary import causes

ROOT = Path(__file__).parents[2]
ELSEWHERE = {  # tested on the invented place (test_causes.py): they need columns, months or places the county of this file does not have
    "above_county_limit", "grace_over", "opposite_signs", "price_subsidy_not_paid", "rigid_not_covered", "tekun_not_covered",
}  # fmt: skip


def test_what_is_planted_in_a_countys_files_is_found_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case of every cause is found in its household, no other household has an alert, and what only looks wrong raises none."""
    spec = spec_from_file_location("planted_county", ROOT / "benchmarks" / "planted.py")
    planted = module_from_spec(spec)  # type: ignore[arg-type]
    monkeypatch.setitem(__import__("sys").modules, "planted_county", planted)
    spec.loader.exec_module(planted)  # type: ignore[union-attr]
    table, wrong = planted.measured(2, 10)
    assert wrong.rows() == []
    assert table.filter(table["found"] < table["planted"]).rows() == []
    assert set(table["cause"]) == set(causes()) - ELSEWHERE
    page = (ROOT / "docs" / "county.en.md").read_text(encoding="utf-8")
    assert all(f"| `{cause}` |" in page for cause in table["cause"])
