"""The register folder: one private folder from a county's own workbooks, month after month. Everybody in it is invented."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from ledgers import Row, household, identity, person, sound, workbook
from openpyxl import Workbook, load_workbook

from aidlib.commands.register import register
from aidlib.disclosure import pseudonym
from aidlib.errors import PrivacyFault, RegisterFault
from aidlib.monitoring.inputs import read_folder
from aidlib.monitoring.monthly import monitor
from aidlib.register.folder import months, open_register, read_tables

REGION = "450421"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A secret key outside the folder."""
    path = tmp_path / "key"
    path.write_bytes(bytes(range(32)))
    return path


def _run(ledger: Path, folder: Path, month: str, key: Path | None, *more: str) -> Result:
    named = ["--out", str(folder), "--month", month, "--on", f"{month}-28", "--region", "450400", *more]
    return CliRunner().invoke(register, [str(ledger), *named, *(["--key", str(key)] if key else [])])


def _table(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def _october() -> tuple[list[Row], list[Row]]:
    homes, people = sound(5)
    return [home | {"户月保障金(元)": 200 + n} for n, home in enumerate(homes)], people


def _workbook(path: Path, homes: list[Row], people: list[Row]) -> Path:
    made = workbook(path, homes, people)
    book = load_workbook(made)
    page = book["家庭"]
    page.cell(3, 10).value = "户月保障金(元)"
    for row, home in enumerate(homes, 4):
        page.cell(row, 10).value = home.get("户月保障金(元)")
    book.save(made)
    return made


def test_a_county_hands_in_everything_and_gets_one_private_folder(tmp_path: Path, key: Path) -> None:
    """Ledger, recognitions, payments one column a month, and deaths: numbers find their families, the key stays outside, spans are stated."""
    ledger = _workbook(tmp_path / "台账.xlsx", *_october())
    recognised = _table(tmp_path / "认定.xlsx", {"1": [
        ["户号", "救助类别", "认定日期", "终止日期", "复核日期"], ["H0000", "农村低保", "2024-03-01", None, "2026-05-20"],
        ["H0001", "低保边缘家庭", "2025年7月", None, None]]})  # fmt: skip
    paid = _table(tmp_path / "发放.xlsx", {"低保": [
        ["2026年农村低保金发放表"], ["单位：元"], ["身份证号", "姓名", "救助项目", "8月", "9月", "10月"],
        [identity(0), "虚构", "低保", 200, 200, 200.5], [identity(2), "虚构", "低保", None, 202, 202], ["合计", None, None, 200, 402, 402.5]]})  # fmt: skip
    deaths = _table(
        tmp_path / "死亡.xlsx", {"1": [["姓名", "身份证号", "死亡日期"], ["虚构", identity(3), "2026-09-11"]]}
    )
    folder = tmp_path / "inside"
    done = _run(
        ledger,
        folder,
        "2026-10",
        key,
        "--recognitions",
        str(recognised),
        "--aid",
        str(paid),
        "--list",
        f"deaths={deaths}",
    )
    assert done.exit_code == 0, done.output
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))} == {0o700, 0o600}
    homes, people = read_tables(folder)
    assert homes["household_no"].to_list() == [f"H{n:04d}" for n in range(5)]
    assert homes["row"].to_list() == [f"家庭!{n}" for n in range(4, 9)]
    assert people["person_key"].to_list() == [pseudonym(identity(n), key.read_bytes(), "register") for n in range(5)]
    assert not {"id_number", "name", "birth_date"} & set(people.columns)
    numbers = dict(zip(people["household_id"], people["person_id"], strict=True))
    known = pl.read_parquet(folder / "recognitions.parquet").select(
        "household_id", "person_id", "scheme", pl.col("since").cast(pl.String)
    )
    assert known.rows() == [("H0000", 0, "dibao", "2024-03-01"), ("H0001", 0, "edge", "2025-07-01")]
    aid = pl.read_parquet(folder / "aid.parquet").sort("household_id", "month")
    assert aid.select("household_id", "month", "amount_fen").rows() == [
        ("H0000", "2026-08", 20_000), ("H0000", "2026-09", 20_000), ("H0000", "2026-10", 20_050), ("H0002", "2026-09", 20_200),
        ("H0002", "2026-10", 20_200)]  # fmt: skip
    dead = pl.read_parquet(folder / "deaths.parquet")
    assert dead["person_key"].to_list() == [people["person_key"][3]]
    assert numbers["H0003"] == int(dead["person_key"][0][:15], 16)
    spans = pl.read_csv(folder / "coverage.csv", infer_schema=False).fill_null("").rows()
    assert ("aid", "450403", "", "dibao", "2026-08", "2026-10") in spans
    assert {row[:4] for row in spans} >= {
        ("recognitions", "", "", "edge"),
        ("reviews", "", "", "dibao"),
        ("deaths", "", "", ""),
    }
    assert dict(pl.read_csv(folder / "folder.csv", infer_schema=False).iter_rows())["region"] == "450400"


def test_a_month_or_township_that_was_not_handed_in_is_not_claimed(tmp_path: Path, key: Path) -> None:
    """August and October are two spans until September comes; the township that sent only October is said to have sent only October."""
    homes, people = _october()
    towns = ["石桥镇", "石桥镇", "石桥镇", "沙头镇", "沙头镇"]
    ledger = _workbook(tmp_path / "10.xlsx", homes, people)
    book = load_workbook(ledger)
    for row, town in enumerate(["乡镇", *towns], 3):
        book["家庭"].cell(row, 11).value = town
    book.save(ledger)
    folder, head = tmp_path / "inside", ["户号", "救助项目", "发放月份", "发放金额(元)"]
    first = [head, ["H0000", "低保", "2026-08", 5], ["H0000", "低保", "2026-10", 5], ["H0003", "低保", "2026-10", 5]]
    assert (
        _run(ledger, folder, "2026-10", key, "--aid", str(_table(tmp_path / "a.xlsx", {"发放": first}))).exit_code == 0
    )

    def spans() -> set[tuple[str, ...]]:
        rows = pl.read_csv(folder / "coverage.csv", infer_schema=False).fill_null("").rows()
        return {row[2:] for row in rows if row[0] == "aid"}

    october = {("沙头镇", "dibao", "2026-10", "2026-10")}
    assert spans() == october | {("石桥镇", "dibao", "2026-08", "2026-08"), ("石桥镇", "dibao", "2026-10", "2026-10")}
    later = _table(tmp_path / "b.xlsx", {"发放": [head, ["H0001", "低保", "2026-09", 5]]})
    assert _run(ledger, folder, "2026-10", key, "--aid", str(later)).exit_code == 0
    assert spans() == october | {("石桥镇", "dibao", "2026-08", "2026-10")}


def test_a_second_month_is_added_and_what_changed_is_listed(tmp_path: Path, key: Path) -> None:
    """One family left, one came, one person moved, a child was born, an income and an amount changed: each once, with its reason."""
    homes, people = _october()
    folder = tmp_path / "inside"
    assert _run(_workbook(tmp_path / "10.xlsx", homes, people), folder, "2026-10", key).exit_code == 0
    homes[1] |= {"家庭月收入(元)": 1300, "户月保障金(元)": 101}
    homes[2]["家庭人口"] = 2
    baby = {
        "身份证号": identity(50, "2026-11-02"),
        "出生日期": "2026-11-02",
        "年龄": 0,
        "是否就业": "否",
        "月工资(元)": 0,
        "与户主关系": "之子",
    }
    moved = person("H0003", 4, 与户主关系="兄弟")
    homes[3] |= {"家庭人口": 2, "家庭月收入(元)": 1700}
    later = [*homes[:4], household("H0009") | {"户月保障金(元)": 5}]
    now = [*people[:3], person("H0002", 50, **baby), people[3], moved, person("H0009", 90)]
    done = _run(_workbook(tmp_path / "11.xlsx", later, now), folder, "2026-11", key)
    assert done.exit_code == 0, done.output
    assert months(folder) == ["2026-10", "2026-11"]
    found = pl.read_parquet(folder / "changes-2026-11.parquet")
    told = {(row[0], row[2], row[3], row[4], row[5], row[6]) for row in found.iter_rows()}
    assert told >= {("H0001", "amount", "last_benefit_fen", "20100", "10100", "income"), ("H0001", "fact", "income_fen", "120050", "130000", ""),
                    ("H0002", "came", "", "", "", "born"), ("H0003", "moved", "", "H0004", "H0003", "moved"),
                    ("H0004", "left", "", "", "", "moved"), ("H0009", "came", "", "", "", "")}  # fmt: skip
    assert "changes since 2026-10" in done.output


def test_months_need_the_folders_own_key(tmp_path: Path, key: Path) -> None:
    """A second month without the key, or with another, is refused: persons could not be known again."""
    ledger = _workbook(tmp_path / "10.xlsx", *_october())
    folder = tmp_path / "inside"
    assert _run(ledger, folder, "2026-10", key).exit_code == 0
    assert isinstance(_run(ledger, folder, "2026-11", None).exception, RegisterFault)
    other = tmp_path / "other"
    other.write_bytes(bytes(32))
    assert isinstance(_run(ledger, folder, "2026-11", other).exception, PrivacyFault)


def test_rows_of_nobody_are_rejected_with_their_row(tmp_path: Path, key: Path) -> None:
    """A payment to a number the register does not have stops the run and names its row."""
    ledger = _workbook(tmp_path / "台账.xlsx", *_october())
    paid = _table(
        tmp_path / "发放.xlsx",
        {"2026年10月": [["户号", "救助项目", "发放金额(元)"], ["H0000", "低保", 5], ["H7777", "低保", 5]]},
    )
    done = _run(ledger, tmp_path / "inside", "2026-10", key, "--aid", str(paid))
    assert isinstance(done.exception, RegisterFault)
    assert "sheet 2026年10月, row 3, column A 户号: R-NOT-FOUND" in done.output


def test_a_template_that_was_filled_is_read(tmp_path: Path) -> None:
    """The empty ledger's own headings and choices are understood without a mapping."""
    path = tmp_path / "空表.xlsx"
    assert CliRunner().invoke(register, ["template", str(path)]).exit_code == 0
    book = load_workbook(path)
    home = {"家庭标识": "1", "地区代码": REGION, "城镇": "否", "家庭人口": 1, "家庭年收入(元)": 6000, "财产符合规定": "是", "低保档次": "一档",
            "十二个月刚性支出(元)": 0}  # fmt: skip
    head = {
        "家庭标识": "1",
        "姓名": "虚构",
        "公民身份号码": identity(1),
        "与申请人关系": "本人",
        "有劳动能力": "否",
        "在读阶段": "未在读",
    }
    filled = {"家庭": home, "成员": head}
    for sheet, cells in filled.items():
        at = {cell.value: cell.column for cell in book[sheet][1]}
        assert book[sheet].data_validations.count > 0
        for heading, value in cells.items():
            book[sheet].cell(2, at[heading]).value = value
    book.save(path)
    done = CliRunner().invoke(register, [str(path), "--out", str(tmp_path / "inside"), "--on", "2026-11-01"])
    assert done.exit_code == 0, done.output
    homes = pl.read_parquet(tmp_path / "inside" / "households.parquet")
    assert homes.select("income_fen_year", "dibao_tier", "urban").row(0) == (600_000, "a", False)


def test_a_guessed_heading_is_shown_first_and_read_once_it_is_kept(tmp_path: Path) -> None:
    """本户现月保障金 looks like the benefit: it is not read until the mapping the run wrote comes back with the next."""
    ledger = workbook(tmp_path / "台账.xlsx", *sound(3))
    book = load_workbook(ledger)
    page = book["家庭"]
    for row, value in enumerate(["现行户月保障金(元)", 11, 12, 13], 3):
        page.cell(row, 10).value = value
    book.save(ledger)
    out = ["--out", str(tmp_path / "inside"), "--on", "2026-11-01"]
    first = CliRunner().invoke(register, [str(ledger), *out])
    assert first.output.startswith("guessed, not read: 台账.xlsx, sheet 家庭, column J")
    assert "last_benefit_fen" not in pl.read_parquet(tmp_path / "inside" / "households.parquet").columns
    kept = tmp_path / "mapping.csv"
    kept.write_bytes((tmp_path / "inside" / "mapping.csv").read_bytes())
    assert CliRunner().invoke(register, [str(ledger), *out, "--mapping", str(kept)]).exit_code == 0
    assert pl.read_parquet(tmp_path / "inside" / "households.parquet")["last_benefit_fen"].to_list() == [
        1100,
        1200,
        1300,
    ]


def test_a_register_opens_in_whatever_form_a_place_has_it(tmp_path: Path, key: Path) -> None:
    """The folder, the workbook and a folder of two files give the same incomes of the same households."""
    ledger = _workbook(tmp_path / "台账.xlsx", *_october())
    assert _run(ledger, tmp_path / "inside", "2026-10", key).exit_code == 0
    files = tmp_path / "files"
    files.mkdir()
    for sheet in ("家庭", "成员"):
        rows = load_workbook(ledger)[sheet].iter_rows(min_row=3, values_only=True)
        with (files / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    opened = [open_register(place, date(2026, 10, 28)) for place in (tmp_path / "inside", ledger, files)]
    assert [rejected for *_, rejected in opened] == [0, 0, 0]
    first, *others = [homes.select("household_id", "income_fen", "on_dibao") for homes, _, _ in opened]
    assert first.height == 5
    assert all(first.equals(other) for other in others)


def test_households_without_numbers_are_known_again(tmp_path: Path, key: Path) -> None:
    """A ledger without household numbers whose rows move down by one next month: nobody left, and only the newcomer came."""
    head = ["姓名", "身份证号", "与户主关系", "家庭人口", "家庭月收入(元)", "财产是否符合规定", "户月保障金(元)"]
    rows: list[list[Any]] = [
        ["虚构", identity(1), "户主", 2, 500, "是", 700],
        ["虚构", identity(2), "之妻"],
        ["虚构", identity(3), "户主", 1, 100, "是", 400],
    ]
    newcomer = ["虚构", identity(9), "户主", 1, 100, "是", 400]
    for month, shown in (("2026-10", rows), ("2026-11", [newcomer, *rows])):
        ledger = _table(tmp_path / f"{month}.xlsx", {"石桥镇": [head, *shown]})
        done = _run(ledger, tmp_path / "inside", month, key, "--given", "urban=农村")
        assert done.exit_code == 0, done.output
    found = pl.read_parquet(tmp_path / "inside" / "changes-2026-11.parquet")
    assert found["what"].to_list() == ["came"]
    homes, people = read_tables(tmp_path / "inside")
    assert set(people["household_id"]) == set(homes["household_id"])
    assert homes["household_id"].str.starts_with("K").all()


def test_a_folder_with_months_is_not_written_beside_them(tmp_path: Path, key: Path) -> None:
    """Without --month nothing is written that no later command would read."""
    ledger = _workbook(tmp_path / "10.xlsx", *_october())
    assert _run(ledger, tmp_path / "inside", "2026-10", key).exit_code == 0
    again = CliRunner().invoke(
        register, [str(ledger), "--out", str(tmp_path / "inside"), "--on", "2026-11-01", "--key", str(key)]
    )
    assert "the folder has a folder for each month" in str(again.exception)


def test_a_ledger_without_one_good_household_writes_nothing(tmp_path: Path, key: Path) -> None:
    """Every household wrong and leave to go on: a sentence, and no month that later commands would read."""
    homes, people = _october()
    wrong = [home | {"家庭月收入(元)": "约一千"} for home in homes]
    done = _run(_workbook(tmp_path / "10.xlsx", wrong, people), tmp_path / "inside", "2026-10", key, "--allow-rejects")
    assert "no good row is left" in str(done.exception)
    assert months(tmp_path / "inside") == []


def test_a_departments_empty_list_is_handed_in(tmp_path: Path, key: Path) -> None:
    """Headings and no row, or a title over them: nobody died, and that is said to have been handed in."""
    ledger = _workbook(tmp_path / "台账.xlsx", *_october())
    for n, rows in enumerate(
        (
            [["姓名", "身份证号", "死亡日期"]],
            [["2026年10月死亡人员名单"], ["姓名", "身份证号", "死亡日期"], ["合计", 0]],
        )
    ):
        deaths, folder = _table(tmp_path / f"死亡{n}.xlsx", {"1": rows}), tmp_path / f"inside{n}"
        done = _run(ledger, folder, "2026-10", key, "--list", f"deaths={deaths}")
        assert done.exit_code == 0, done.output
        assert pl.read_parquet(folder / "deaths.parquet").is_empty()
        assert ("deaths", "") in pl.read_csv(folder / "coverage.csv", infer_schema=False).fill_null("").select(
            "table", "first"
        ).rows()
        found = monitor(read_folder(folder, "450400", "2026-10"))
        assert "deaths" not in found.not_judged["register"].dropna().to_list()
