"""A county officer's messy workbook: more than thirty kinds of faults, a reason for each, and no traceback."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ledgers import household, identity, person, sound, workbook
from openpyxl import load_workbook

from aidlib.errors import RegisterFault
from aidlib.register.checks import Checked, check
from aidlib.register.flaws import kinds
from aidlib.register.reading import read_register

ON = date(2026, 11, 1)
WRONG = identity(3)[:-1] + ("0" if identity(3)[-1] != "0" else "1")

HOUSEHOLD_FAULTS = {
    "R-REGION-UNKNOWN": {"区划代码": "450401"},
    "R-MEMBERS-COUNT": {"家庭人口": 3},
    "R-CELL-REQUIRED": {"城乡类别": None},
    "R-FLAG-UNKNOWN": {"财产是否符合规定": "大概吧"},
    "R-MONEY-NEGATIVE": {"家庭月收入(元)": -5},
    "R-MONEY-TEXT": {"家庭月收入(元)": "约一千"},
    "R-MONEY-BOUND": {"家庭月收入(元)": "999999999999"},
    "R-MONEY-SUBFEN": {"家庭月收入(元)": "1200.505"},
    "R-MONEY-SCIENTIFIC": {"家庭月收入(元)": "1.2E+03"},
    "R-MONEY-UNIT": {"家庭月收入(元)": "120050分"},
    "R-MONEY-MIXED": {"家庭月收入(元)": 120050},
    "R-MONEY-TIMES100": {"家庭月收入(元)": 8},
    "R-WAGE-OVER": {"家庭月收入(元)": 700},
    "R-CELL-ERROR": {"家庭月收入(元)": "#REF!"},
}
PERSON_FAULTS = {
    "R-ID-CHECKSUM": {"身份证号": WRONG},
    "R-ID-LENGTH": {"身份证号": "12345"},
    "R-ID-BIRTH": {"身份证号": identity(4, "1980-02-31"), "出生日期": None},
    "R-ID-REGION": {"身份证号": "00" + identity(5)[2:]},
    "R-ID-SCIENTIFIC": {"身份证号": "4.50403E+17"},
    "R-ID-CUT": {"身份证号": identity(6)[:15] + "000"},
    "R-BIRTH-ID": {"出生日期": "1980-05-21"},
    "R-AGE-BIRTH": {"年龄": 47},
    "R-AGE-RANGE": {"年龄": 212},
    "R-AGE-UNKNOWN": {"年龄": None, "出生日期": None, "身份证号": None},
    "R-SEX-ID": {"性别": "女"},
    "R-DATE-UNREADABLE": {"出生日期": "八十年代"},
    "R-DATE-FUTURE": {"出生日期": "2030-01-01"},
    "R-DATE-SERIAL": {"出生日期": "29361"},
    "R-WORD-UNKNOWN": {"残疾类别": "肢体残"},
    "R-DISABILITY-PAIR": {"残疾类别": "视力"},
    "R-COUNT-TEXT": {"年龄": "四十六"},
    "R-COUNT-RANGE": {"残疾等级": "9"},
    "R-CELL-BROKEN": {"与户主关系": "锟斤拷"},
    "R-HEAD-NONE": {"与户主关系": "配偶"},
    "R-PERSON-NOID": {"身份证号": None},
}
WHOLE = ("R-PERSON-TWICE", "R-PERSON-HOMES", "R-PERSON-HOMELESS", "R-HOME-EMPTY", "R-HOME-TWICE", "R-HEAD-TWICE", "R-SPOUSE-TWICE",
         "R-CHILD-OLDER", "R-CELL-MERGED", "R-HOME-PARTIAL")  # fmt: skip
NOTES = ("R-HEADER-UNKNOWN", "R-COLUMN-ABSENT", "R-CELL-FOLDED", "R-ID-SMALL-X", "R-WAGE-IDLE", "R-SEX-DERIVED", "R-AGE-DERIVED",
         "R-ID-OLD15")  # fmt: skip
SOUND = 60


def _old(number: str) -> str:
    return number[:6] + number[8:17]


def _ending_in_x() -> str:
    return next(identity(n, "1981-01-01") for n in range(900) if identity(n, "1981-01-01").endswith("X")).lower()


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checked, dict[str, str]]:
    """The workbook with one household per fault, read and checked."""
    homes, people = sound(SOUND)
    homes[0]["备注"] = "已核"
    planted: dict[str, str] = {}
    for number, (code, changes) in enumerate((HOUSEHOLD_FAULTS | PERSON_FAULTS).items(), 100):
        home = planted[code] = f"F{number}"
        own = changes if code in HOUSEHOLD_FAULTS else {}
        homes.append(household(home, **own))
        people.append(person(home, number, **({} if own else changes)))
    homes += [household(f"W{n}") for n in range(12)] + [household("W0")]
    people += [person("W0", 200), person("W1", 201), person("W1", 201), person("W2", 202), person("W3", 202)]
    people += [person("W99", 203), person("W5", 205), person("W5", 206)]
    people += [person("W6", 207), person("W6", 208, 与户主关系="配偶"), person("W6", 209, 与户主关系="配偶")]
    people += [person("W7", 210), person("W7", 211, 与户主关系="子女")]
    folded = "".join(chr(ord(c) + 0xFEE0) for c in "46")
    people += [person("W8", 212, 年龄=folded, 是否就业="否"), person("W9", 213, 性别=None, 年龄=None)]
    people += [person("W10", 214, 身份证号=_ending_in_x(), 出生日期="1981-01-01", 年龄=45, 性别=None)]
    people += [person("W11", 215, 身份证号=_old(identity(215)))]
    people += [person("M1", 216), person(None, 217, 与户主关系="子女")]
    homes += [household("M1"), {"家庭编号": "合计", "家庭月收入(元)": 99}]
    path = workbook(tmp_path_factory.mktemp("messy") / "台账.xlsx", homes, people)
    book = load_workbook(path)
    last = book["成员"].max_row
    book["成员"].merge_cells(f"F{last - 1}:F{last}")
    book["家庭"]["I3"] = "经办意见"
    book.save(path)
    return check(read_register(path, "成员"), read_register(path, "家庭"), ON), planted


@pytest.mark.parametrize("code", [*HOUSEHOLD_FAULTS, *PERSON_FAULTS, *WHOLE, *NOTES])
def test_each_planted_fault_is_named(messy: tuple[Checked, dict[str, str]], code: str) -> None:
    """Every kind of fault planted is reported under its own code with an explanation in both languages."""
    found = messy[0].flaws.filter(messy[0].flaws["code"] == code)
    assert found.height >= 1
    assert found["zh"].null_count() == found["en"].null_count() == 0


def test_there_are_more_than_thirty_kinds(messy: tuple[Checked, dict[str, str]]) -> None:
    """One workbook, one run, more than thirty different reasons."""
    assert messy[0].flaws["code"].n_unique() > 50
    assert set(messy[0].flaws["code"]) <= set(kinds())


def test_sound_rows_stay_and_counts_reconcile(messy: tuple[Checked, dict[str, str]]) -> None:
    """In = good + rejected for both tables; the sixty sound households and the four with notes only are all that stay."""
    checked, _ = messy
    for _table, came, good, rejected in checked.counts.iter_rows():
        assert came == good + rejected
    kept = checked.good(allow_rejects=True)
    assert set(kept["households"]["household_id"]) == {f"H{n:04d}" for n in range(SOUND)} | {"W8", "W9", "W10", "W11"}
    assert set(kept["persons"]["household_id"]) == set(kept["households"]["household_id"])


def test_good_rows_go_on_only_when_asked(messy: tuple[Checked, dict[str, str]]) -> None:
    """Without leave to go on, one rejected row stops the run."""
    with pytest.raises(RegisterFault, match="rows were rejected"):
        messy[0].good()


def test_no_name_number_or_telephone_is_shown(messy: tuple[Checked, dict[str, str]], tmp_path: Path) -> None:
    """Text and workbook of faults pass the personal-data guard and hold none of the planted numbers."""
    from aidlib.disclosure import findings

    text = messy[0].text(10_000)
    assert findings(text) == []
    messy[0].workbook(tmp_path / "faults.xlsx")
    assert findings(tmp_path / "faults.xlsx") == []
    for number in (*range(SOUND), *range(100, 217)):
        assert identity(number) not in text
    assert "梁" not in text


def test_rejects_file_holds_rows_and_reasons(messy: tuple[Checked, dict[str, str]], tmp_path: Path) -> None:
    """Rejected rows are written as they came, with reasons; never below reports/."""
    checked, _ = messy
    paths = checked.rejects(tmp_path / "inside")
    assert [path.name for path in paths] == ["rejects_persons.csv", "rejects_households.csv"]
    lines = paths[1].read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) - 1 == checked.counts.filter(checked.counts["table"] == "households")["rejected"][0]
    assert "地区代码不存在或已撤销" in paths[1].read_text(encoding="utf-8-sig")
    with pytest.raises(Exception, match="a folder of reports"):
        checked.rejects(tmp_path / "reports" / "x")


def test_good_rows_carry_no_identity(messy: tuple[Checked, dict[str, str]]) -> None:
    """What goes on has a person number, typed facts, and no name, identity number, telephone or birth day."""
    people = messy[0].good(allow_rejects=True)["persons"]
    assert not {"name", "id_number", "phone", "birth_date"} & set(people.columns)
    assert people["person_id"].is_unique().all()
    assert people["wage_fen"].to_list()[0] == 80000
    assert messy[0].identities().height == people.height
