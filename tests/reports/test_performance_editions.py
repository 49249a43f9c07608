"""The last edition beside the performance report: what moved is told apart by data, parameters and method."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from performance import Shown, run, saved

from aidlib.errors import ParameterFault

OLD_CODE = "0" * 64


@pytest.fixture(scope="module")
def last_year() -> Shown:
    return run("450400", 2018)[0]


@pytest.fixture(scope="module")
def this_year() -> Shown:
    return run("450400", 2019)[0]


def changed(shown: Shown, **record: Any) -> Shown:
    """The same edition, with something else in its record."""
    other = copy.deepcopy(shown)
    next(r for r in other.records if "record" in r)["record"] |= record  # type: ignore[operator]
    return other


def altered(shown: Shown, table: str, row: int, column: str, value: str) -> Shown:
    """The same edition, with another number in a table."""
    other = copy.deepcopy(shown)
    found: Any = next(r for r in other.records if r.get("table") == table)
    found["cells"][row][found["columns"].index(column)] = value
    return other


def causes(shown: Shown) -> dict[str, int]:
    return {str(row["pe_cause"]): int(str(row["pe_moved"])) for row in shown.table("changes") if row["pe_moved"]}


def test_without_a_last_edition_the_page_says_so(this_year: Shown) -> None:
    """Where none was given, a sentence says that nothing is compared, and no table of changes stands."""
    assert "changes" not in this_year.tables
    assert any("没有给出上次报告" in words for words in this_year.words)


def test_another_year_is_a_parameter(last_year: Shown, tmp_path: Path) -> None:
    """Beside last year's edition, made by the same code from the same data, every number moved by the parameters."""
    saved(last_year, tmp_path / "2018" / "450400" / "performance_evaluation.ipynb")
    shown, _ = run("450400", 2019, last=str(tmp_path))
    assert set(causes(shown)) == {"参数（年份、评分表、所给登记等）"}
    moved = {(row["pe_number"], row["pe_row"], row["pe_then"], row["pe_now"]) for row in shown.table("changed_numbers")}
    assert ("T1", "城市低保标准", "587.00元/月", "680.00元/月") in moved


def test_a_changed_row_is_data_and_changed_code_is_method(this_year: Shown, tmp_path: Path) -> None:
    """A number that moved while only the rows read differ comes from the data, while only the code differs from the method."""
    record: Any = next(r["record"] for r in this_year.records if "record" in r)
    level = next(
        place for place, words in record["law"].items() if words.endswith("680 yuan_month") or " 680 " in words
    )
    other = record["law"] | {level: record["law"][level].replace("680", "670")}
    before = altered(this_year, "standards", 0, "pe_level", "670.00")
    for kept, cause in (({"law": other}, "数据"), ({"code": OLD_CODE}, "方法（程序或软件版本）")):
        path = saved(changed(before, **kept), tmp_path / "last.ipynb")
        shown, _ = run("450400", 2019, last=str(path))
        assert causes(shown) == {cause: 1}
        assert shown.table("changed_numbers")[0]["pe_then"] == "670.00"


def test_a_row_whose_sources_are_the_same_moved_by_the_method(this_year: Shown, tmp_path: Path) -> None:
    """Where data and code both differ, a row none of whose sources changed is the method's; of the other it cannot be told."""
    record: Any = next(r["record"] for r in this_year.records if "record" in r)
    level = next(place for place, words in record["law"].items() if " 680 " in words)
    other = record["law"] | {level: record["law"][level].replace("680", "670")}
    before = altered(altered(this_year, "standards", 0, "pe_level", "670.00"), "standards", 1, "pe_level", "370.00")
    path = saved(changed(before, law=other, code=OLD_CODE), tmp_path / "last.ipynb")
    shown, _ = run("450400", 2019, last=str(path))
    assert causes(shown) == {"方法（程序或软件版本）": 1, "数据或方法，分不开": 1}


def test_nothing_moved(this_year: Shown, tmp_path: Path) -> None:
    """Beside an edition with the same numbers the page says that none has changed."""
    shown, _ = run("450400", 2019, last=str(saved(this_year, tmp_path / "last.ipynb")))
    assert any("数没有变化" in words for words in shown.words)
    assert "changes" not in shown.tables


def test_a_wrong_last_edition_is_refused(this_year: Shown, tmp_path: Path) -> None:
    """A path where nothing is, another place's edition and one in another language are each refused; a folder without one is none."""
    path = str(saved(this_year, tmp_path / "last.ipynb"))
    for given, place, language in (
        (str(tmp_path / "gone"), "450400", "zh"),
        (path, "230000", "zh"),
        (path, "450400", "en"),
    ):
        with pytest.raises(ParameterFault):
            run(place, 2019, language, last=given)
    shown, _ = run("450400", 2019, last=str(tmp_path))
    assert any("没有给出上次报告" in words for words in shown.words)
