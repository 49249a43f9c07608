"""Lists of persons: where they may lie, who sees what of whom, and that nothing of them is shown by mistake."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from matplotlib import pyplot as plt
from openpyxl import load_workbook

from aidlib.disclosure import findings
from aidlib.errors import ParameterFault, PrivacyFault
from aidlib.law import Book
from aidlib.monitoring import restricted
from aidlib.monitoring.monthly import Chain, chains
from aidlib.monitoring.publishing import Published
from aidlib.monitoring.restricted import restricted_folder, write_lists
from tests.monitoring.conftest import MONTH, PLACE, Made


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A restricted folder."""
    return tmp_path_factory.mktemp("restricted")


@pytest.fixture(scope="module")
def written(spoiled: Made, base: Path) -> Iterator[restricted.Lists]:
    """The lists of the place in which errors are planted, beside a workbook that an earlier edition left."""
    (restricted_folder(str(base), PLACE, MONTH) / "别的部门.xlsx").touch()
    yield write_lists(Published(restricted.continued(spoiled.found, ""), Book()), str(base))
    plt.close("all")


def test_lists_go_to_a_private_folder(written: restricted.Lists, base: Path) -> None:
    """Workbooks, chains and alerts lie in a folder of the owner alone; a department without a case this time keeps no workbook of last time."""
    place = base / MONTH / PLACE
    assert written.folder == place
    assert str(base) not in repr(written)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()}
    assert set(files.values()) == {0o600}
    assert {"民政部门.xlsx", "教育部门.xlsx", "review.xlsx", "alerts.parquet", "published.parquet"} <= set(files)
    assert "别的部门.xlsx" not in files
    assert sum(name.endswith(".svg") for name in files) == 3


def test_whoever_has_the_lists_has_every_count(spoiled: Made, written: restricted.Lists) -> None:
    """The counts that the page hides stand on the first sheet of the review workbook and add up to all alerts."""
    sheet = load_workbook(written.folder / "review.xlsx")["各事由合计"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("分类处置", "事由")
    assert sum(row[3] for row in rows[1:]) == spoiled.found.alerts.height


def test_a_department_sees_only_what_it_needs(spoiled: Made, written: restricted.Lists) -> None:
    """Education gets who, what and until when of its own cases: no income, no priority, no other member, no other cause."""
    rows = list(load_workbook(written.folder / "教育部门.xlsx").active.iter_rows(values_only=True))
    head, body = rows[0], rows[1:]
    assert head == ("地区", "姓名", "身份证号", "事由", "比对内容", "起始日期", "处置", "办理期限", "依据")
    assert {row[head.index("事由")] for row in body} == {"教育救助未落实"}
    alerts = spoiled.found.alerts.filter(pl.col("cause") == "education_aid_missing")
    persons = alerts.explode("person_ids").join(spoiled.place.names, left_on="person_ids", right_on="person_id")
    assert sorted(row[head.index("身份证号")] for row in body) == sorted(persons["id_number"])
    civil = next(load_workbook(written.folder / "民政部门.xlsx").active.iter_rows(values_only=True))
    assert set(head) < set(civil)


def test_what_a_cell_shows_by_mistake_names_nobody(spoiled: Made) -> None:
    """A notebook cell that ends with what was handed in or with what was found prints no name and no number."""
    text = repr(spoiled.place) + repr(spoiled.found) + repr(Published(spoiled.found, Book()))
    persons = spoiled.place.persons
    for column, length in (("name", 3), ("id_number", 18)):
        assert set(persons[column].str.len_chars()) == {length}
        assert not {text[at : at + length] for at in range(len(text))} & set(persons[column])
    assert not findings(text)


@pytest.mark.parametrize("inside", ["reports/lists", "repository/lists", "."])
def test_lists_are_refused_where_they_could_leave(inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of reports, a git working tree and the folder the notebook runs in are refused, without a file being written."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    target = Path.cwd() if inside == "." else tmp_path / inside
    with pytest.raises(PrivacyFault, match="restricted="):
        restricted_folder(str(target), PLACE, MONTH)
    assert not (target / MONTH).exists()


def test_folders_of_reports_are_known_by_what_they_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of reports of any name, one spelled Reports, and a link into one are refused; a folder that was there keeps its mode."""
    monkeypatch.chdir(tmp_path)
    out, lists = tmp_path / "site", tmp_path / "lists"
    out.mkdir()
    (out / "manifest.jsonl").touch()
    lists.mkdir(mode=0o755)
    (lists / MONTH).symlink_to(out)
    for named in (out / "lists", tmp_path / "Reports", lists, Path("lists")):
        with pytest.raises(PrivacyFault, match="restricted="):
            restricted_folder(str(named), PLACE, MONTH)
    assert list(out.iterdir()) == [out / "manifest.jsonl"]
    monkeypatch.chdir(out)
    monkeypatch.setenv("SOME_LISTS", str(lists))
    made = restricted_folder("$SOME_LISTS", PLACE, "2026-09")
    assert made == lists / "2026-09" / PLACE
    assert [stat.S_IMODE(place.stat().st_mode) for place in (made, made.parent, lists)] == [0o700, 0o700, 0o755]
    with pytest.raises(ParameterFault, match="NOT_SET"):
        restricted_folder("$NOT_SET", PLACE, MONTH)


@pytest.mark.parametrize("inside", ["", MONTH])
def test_a_folder_of_another_user_is_refused(inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of persons are not written where another user could look at them, whoever calls, and their mode is left alone."""
    (tmp_path / "lists" / inside).mkdir(parents=True)
    mode = tmp_path.joinpath("lists", inside).stat().st_mode
    other = tmp_path.stat().st_uid + 1
    monkeypatch.setattr(restricted, "ROOT", tmp_path.stat().st_uid if inside else other)
    monkeypatch.setattr("os.getuid", lambda: other)
    with pytest.raises(PrivacyFault, match="another user's"):
        restricted_folder(str(tmp_path / "lists"), PLACE, MONTH)
    assert tmp_path.joinpath("lists", inside).stat().st_mode == mode


def test_a_chain_is_drawn_in_words(spoiled: Made) -> None:
    """Every lane of a chain says what kind of link it is and of what; an invented family's chain says that it is invented."""
    home = spoiled.found.alerts["household_id"][0]
    axes = Chain(chains(spoiled.found).of(home), spoiled.found.month.last, synthetic=True).plot()
    lanes = [label.get_text() for label in axes.get_yticklabels()]
    assert lanes
    assert all(lane.isascii() is False and not any("a" <= letter <= "z" for letter in lane) for lane in lanes)
    kinds = [lane.split(" · ")[0] for lane in lanes]
    assert kinds == sorted(kinds, key=["类别", "发放", "未落实", "预警"].index)
    assert any("合成" in text.get_text() for text in axes.texts)
    plt.close("all")
