"""Ledgers that do not give each member a row: heads alone, members in columns, households known by their heads. Everybody is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from ledgers import identity
from openpyxl import Workbook

from aidlib.commands.assess import assess
from aidlib.commands.register import register
from aidlib.errors import RegisterFault
from aidlib.monitoring.inputs import read_folder
from aidlib.monitoring.monthly import monitor
from aidlib.register.folder import read_tables, with_heads

HOMES = [(3, 600, 1500), (1, 200, 500), (2, 0, 1900), (4, 1200, 2000)]  # members, income and benefit of a month
BORN = ["1975-05-20", "1977-05-20", "2001-05-20", "2003-05-20"]
ROLES = ["户主", "之妻", "长子", "户主之二女儿"]
Rows = list[list[Any]]


def who(home: int, member: int) -> list[str]:
    return ["虚构", identity(home * 10 + member, BORN[member], male=member in (0, 2)), ROLES[member]]


def facts(home: int) -> list[Any]:
    size, income, paid = HOMES[home]
    return [size, income, "是", paid]


FACTS = ["家庭人口", "家庭月收入（元）", "财产是否符合规定", "户月保障金（元）"]


def rows() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """A row a member, household facts on the first."""
    made: Rows = [["姓名", "身份证号", "与户主关系", *FACTS]]
    for home, (size, *_) in enumerate(HOMES):
        made += [[*who(home, member), *(facts(home) if member == 0 else [])] for member in range(size)]
    return {"名册": made}, ()


def columns() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """成员1姓名, 成员1身份证号, 成员1与户主关系, 成员2..."""
    head = [
        "户主姓名",
        "户主身份证号",
        *FACTS,
        *(f"成员{n}{what}" for n in (1, 2, 3) for what in ("姓名", "身份证号", "与户主关系")),
    ]
    made = [
        [*who(home, 0)[:2], *facts(home), *(cell for member in range(1, size) for cell in who(home, member))]
        for home, (size, *_) in enumerate(HOMES)
    ]
    return {"名册": [head, *made]}, ()


def groups() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """成员一 merged over 姓名, 身份证号 and 关系."""
    upper = ["户主", None, *FACTS, "成员一", None, None, "成员二", None, None, "成员三", None, None]
    lower = ["姓名", "身份证号", *[None] * 4, *["姓名", "身份证号", "关系"] * 3]
    made = [
        [*who(home, 0)[:2], *facts(home), *(cell for member in range(1, size) for cell in who(home, member))]
        for home, (size, *_) in enumerate(HOMES)
    ]
    return {"名册": [upper, lower, *made]}, (
        "A1:B1",
        "G1:I1",
        "J1:L1",
        "M1:O1",
        *(f"{letter}1:{letter}2" for letter in "CDEF"),
    )


def kin() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """配偶姓名, 配偶身份证号, 子女1姓名...: the role stands in the heading."""
    head = [
        "户主姓名",
        "户主身份证号",
        *FACTS,
        *(f"{role}{what}" for role in ("配偶", "子女1", "子女2") for what in ("姓名", "身份证号")),
    ]
    made = [
        [*who(home, 0)[:2], *facts(home), *(cell for member in range(1, size) for cell in who(home, member)[:2])]
        for home, (size, *_) in enumerate(HOMES)
    ]
    return {"名册": [head, *made]}, ()


def tied() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """Two sheets without a household number: 户主身份证号 ties them."""
    homes = [[*who(home, 0)[:2], *facts(home)] for home in range(len(HOMES))]
    people = [[who(home, 0)[1], *who(home, member)] for home, (size, *_) in enumerate(HOMES) for member in range(size)]
    return {
        "家庭": [["户主姓名", "户主身份证号", *FACTS], *homes],
        "成员": [["户主身份证号", "姓名", "身份证号", "与户主关系"], *people],
    }, ()


def heads() -> tuple[dict[str, Rows], tuple[str, ...]]:
    """A row a household: nobody but the head is named."""
    made = [[*who(home, 0)[:2], size, size, paid] for home, (size, _, paid) in enumerate(HOMES)]
    return {"名册": [["户主姓名", "身份证号", "家庭人口", "享受人数", "月保障金额（元）"], *made]}, ()


def _run(tmp_path: Path, layout: Any, *more: str) -> tuple[Result, Path]:
    book, key = Workbook(), tmp_path / "key"
    book.remove(book.active)
    sheets, merged = layout() if callable(layout) else (layout, ())
    for name, lines in sheets.items():
        page: Any = book.create_sheet(name)
        for cells in lines:
            page.append(cells)
        for area in merged:
            page.merge_cells(area)
    book.save(tmp_path / "台账.xlsx")
    key.write_bytes(bytes(range(32)))
    named = [
        "--out",
        str(tmp_path / "inside"),
        "--region",
        "450421",
        "--month",
        "2026-10",
        "--on",
        "2026-10-31",
        "--given",
        "urban=农村",
    ]
    return CliRunner().invoke(
        register, [str(tmp_path / "台账.xlsx"), *named, "--key", str(key), *more]
    ), tmp_path / "inside"


def _facts(folder: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    homes, people = read_tables(folder)
    return (homes.select("household_id", "income_fen", "property_ok", "last_benefit_fen").sort("household_id").rows(),
            people.select("household_id", "person_id", "age", "sex", "relation").sort("person_id").rows())  # fmt: skip


@pytest.mark.parametrize("layout", [columns, groups, kin, tied], ids=lambda layout: layout.__name__)
def test_the_same_county_in_another_shape_is_the_same_register(tmp_path: Path, layout: Any) -> None:
    """Members in columns, under groups, under their roles, or on a sheet of their own: households, persons and money as from a row a member."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, plain = _run(tmp_path / "a", rows)
    done, folder = _run(tmp_path / "b", layout)
    assert first.exit_code == done.exit_code == 0, first.output + done.output
    assert "persons: 10 in = 10 good + 0 rejected" in done.output
    assert _facts(folder) == _facts(plain)


def test_a_wrong_number_in_a_members_column_names_the_row_of_the_sheet(tmp_path: Path) -> None:
    """The third household's spouse stands in row 4 of the sheet, whatever column."""
    sheets, _ = columns()
    sheets["名册"][3][7] = sheets["名册"][3][7][:-1] + ("0" if sheets["名册"][3][7][-1] != "0" else "1")
    done, _ = _run(tmp_path, sheets)
    assert "row 4" in next(line for line in done.output.splitlines() if "R-ID-CHECKSUM" in line)
    assert isinstance(done.exception, RegisterFault)


def test_heads_alone_are_read_and_their_households_not_judged(tmp_path: Path) -> None:
    """Three households of several and one of one: the one is judged, the three are kept apart with their heads and benefits, and the text says so."""
    done, folder = _run(tmp_path, heads)
    assert done.exit_code == 0, done.output
    assert "R-MEMBERS-UNLISTED" in done.output
    homes, people = read_tables(folder)
    every, persons = with_heads(folder)
    assert (homes.height, people.height, every.height, persons.height) == (1, 1, 4, 4)
    assert sorted(every["last_benefit_fen"]) == [50_000, 150_000, 190_000, 200_000]
    decided = CliRunner().invoke(
        assess, [str(folder), "--out", str(tmp_path / "done"), "--on", "2026-10-31", "--unknown", "bounds", "--quiet"]
    )
    assert decided.exit_code == 0, decided.output
    assert "3 households of which the ledger lists the head alone were not judged" in decided.output
    found = pl.read_parquet(tmp_path / "done" / "decisions" / "decisions.parquet")
    assert (
        found.filter(pl.col("decision") == "cannot_tell").height == 4
    )  # the income of the one is not in the ledger either
    number = found.filter(pl.col("paid_fen") == 190_000)["household_no"][0]
    asked = CliRunner().invoke(assess, [str(folder), "--letter", number, "--on", "2026-10-31"])
    assert "who else lives there is unknown" in str(asked.exception)


def test_households_known_by_their_certificate_alone(tmp_path: Path) -> None:
    """低保证号, 户主姓名 and an amount, as published lists have it: payments can be compared, nobody is rejected, nothing is judged."""
    lines = [
        ["低保证号", "户主姓名", "保障人口", "月保障金额（元）"],
        *([f"公{n:03d}", "虚构", 2, 300 + n] for n in range(3)),
    ]
    done, folder = _run(tmp_path, {"公示": lines})
    assert done.exit_code == 0, done.output
    assert "no identity numbers" in done.output
    homes, people = with_heads(folder)
    assert homes["household_no"].to_list() == ["公000", "公001", "公002"]
    assert people["person_key"].null_count() == people.height == 3
    assert read_tables(folder)[0].is_empty()
    decided = CliRunner().invoke(
        assess, [str(folder), "--out", str(tmp_path / "done"), "--on", "2026-10-31", "--quiet"]
    )
    assert decided.exit_code == 0, decided.output
    assert (tmp_path / "done" / "decisions" / "decisions.parquet").is_file()


def test_one_household_that_leaves_out_a_member_in_a_ledger_of_members_is_still_a_fault(tmp_path: Path) -> None:
    """家庭人口 3 with two rows, in a ledger that gives each member a row."""
    sheets, _ = rows()
    del sheets["名册"][3]
    done, _ = _run(tmp_path, sheets)
    assert "R-MEMBERS-COUNT" in done.output
    assert "R-MEMBERS-UNLISTED" not in done.output


def test_members_without_numbers_have_their_ages_from_their_birth_days(tmp_path: Path) -> None:
    """出生年月日 and 性别 in the place of numbers: ages are right, and that one person is in two households is said not to be told."""
    lines = [
        ["户号", "姓名", "性别", "出生年月日", "与户主关系", *FACTS],
        ["1", "虚构", "男", "1975/5/20", "户主", *facts(0)],
    ]
    lines += [["1", "虚构", "女", "1977年5月20日", "之妻"], ["1", "虚构", "男", "20010520", "长子"]]
    done, folder = _run(tmp_path, {"名册": lines})
    assert done.exit_code == 0, done.output
    assert "no identity numbers" in done.output
    assert read_tables(folder)[1]["age"].to_list() == [51, 49, 25]


def test_a_county_of_heads_is_monitored_as_far_as_it_can_be(tmp_path: Path) -> None:
    """No fault and no alert from what a list of heads does not hold: incomes, members, who can work."""
    done, folder = _run(tmp_path, heads)
    assert done.exit_code == 0, done.output
    found = monitor(read_folder(folder, "450421", "2026-10"))
    assert (found.files.unlisted, found.files.without_number, found.alerts.height) == (3, 0, 0)


@pytest.mark.parametrize(("first", "second", "what"), [(heads, rows, "came"), (rows, heads, "left")])
def test_members_a_list_of_heads_does_not_name_neither_came_nor_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: Any, second: Any, what: str
) -> None:
    """A month of heads beside a month of members: only the household both list whole has a change of members; the screen says what was not compared."""
    one, two = list(HOMES), [*HOMES[:1], (2, 200, 500), *HOMES[2:]]
    small, large = (one, two) if what == "came" else (two, one)
    for month, layout, homes in (("2026-10", first, small), ("2026-11", second, large)):
        monkeypatch.setattr(f"{__name__}.HOMES", homes)
        done, folder = _run(tmp_path, layout, "--month", month, "--on", f"{month}-28")
        assert done.exit_code == 0, done.output
    found = pl.read_parquet(folder / "changes-2026-11.parquet")
    members = found.filter(pl.col("what").is_in(["came", "left"]))
    assert members["what"].to_list() == [what]
    assert members["person_id"][0] != 0
    assert found.filter(pl.col("column").is_in(["income_fen", "property_ok"])).is_empty(), (
        "a list of heads holds neither"
    )
    assert "3 households are listed by the head alone" in done.output


def test_a_township_that_lists_heads_beside_one_that_lists_members(tmp_path: Path) -> None:
    """Two sheets of one workbook in two shapes: the one is judged, of the other heads are kept, and nobody is rejected."""
    whole, (names, *lines) = rows()[0]["名册"], heads()[0]["名册"]
    others = [["乙", *who(home + 20, 0)[:2], *line[2:]] for home, line in enumerate(lines)]
    members = [
        ["户号", *whole[0]],
        *([f"甲{n}", *line] if len(line) > 3 else [None, *line] for n, line in enumerate(whole[1:])),
    ]
    for at, line in enumerate(others):
        line[0] = f"乙{at}"
    done, folder = _run(tmp_path, lambda: ({"沙头镇": [["户号", *names], *others], "石桥镇": members}, ()))
    assert done.exit_code == 0, done.output
    assert (read_tables(folder)[0].height, with_heads(folder)[0].height) == (4, 8)
    assert read_tables(folder)[1].height == 10


def test_titles_and_headings_of_each_printed_page_are_no_records(tmp_path: Path) -> None:
    """Title, unit line and headings come again after each page total, a note with a full-width colon stands below: as without them."""
    (tmp_path / "plain").mkdir()
    _, plain = _run(tmp_path / "plain", rows)
    head, *lines = rows()[0]["名册"]
    top: Rows = [
        ["石桥镇农村低保花名册（虚构）"],
        ["填报单位：石桥镇", None, None, "单位：元", None, "2026年10月"],
        head,
    ]
    pages: Rows = [
        *top,
        *lines[:4],
        ["本页小计", None, None, 2],
        *top,
        *lines[4:],
        ["石桥村小计", None, None, 2],
        ["注：1.数字为核对后数。"],
    ]
    done, folder = _run(tmp_path, lambda: ({"名册": pages}, ()))
    assert done.exit_code == 0, done.output
    assert "3 rows of titles and headings of further pages were left out" in done.output
    assert _facts(folder) == _facts(plain)


def test_members_without_roles_belong_to_the_head_above_them(tmp_path: Path) -> None:
    """户主 is written on the first row of each family only, and nothing says who is what: four families, not ten of one person each."""
    lines = [[who(home, 0)[0] if member == 0 else None, *who(home, member)[:2], *(facts(home) if member == 0 else [])]
             for home, (size, *_) in enumerate(HOMES) for member in range(size)]  # fmt: skip
    done, folder = _run(tmp_path, lambda: ({"名册": [["户主", "家庭成员", "身份证号", *FACTS], *lines]}, ()))
    assert done.exit_code == 0, done.output
    homes, people = read_tables(folder)
    assert sorted(people.group_by("household_id").len()["len"]) == sorted(size for size, *_ in HOMES)
    assert homes["household_id"].str.starts_with("K").all()
