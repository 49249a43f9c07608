"""What monitoring finds of cases planted in an invented county's own files: `python benchmarks/planted.py` prints recall and precision by cause.

A county as its clerk has it (ledger, recognitions, payments, departmental lists, all as workbooks) in which everything is right, then one case after
another is made wrong in a household of its own: what was done is known from what was written, not from any fact the rules work out. Beside each
kind stand cases that only look wrong. Nobody exists: names say so, and the check digits of the numbers are computed here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from click.testing import CliRunner

from aidlib.commands.register import register
from aidlib.disclosure.ids import check_character
from aidlib.monitoring.inputs import read_folder
from aidlib.monitoring.monthly import monitor

EACH, SOUND = 8, 200  # households of each case, and households in which nothing is wrong
BORN, ROLES, OLD = ("19750520", "19770520", "20020520"), ("户主", "之妻", "之子"), "1950"
MONTHS = tuple(f"2025-{month:02d}" for month in range(4, 10))
LEDGER = (
    "乡镇", "低保证号", "姓名", "身份证号", "与户主关系", "劳动能力", "本人月工资（元）", "家庭人口", "家庭月收入（元）", "财产是否符合规定",
    "十二个月刚性支出（元）", "户月保障金（元）", "低保档次",
)  # fmt: skip
LISTS = {
    "deaths": "死亡日期", "prison": "入监日期", "vehicles": "车辆价值（元）", "business": "登记的市场主体数", "property": "住房套数",
    "public_payroll": "月工资（元）", "social_insurance": "月缴费基数（元）", "household_registration": "迁出或者注销日期",
    "serious_illness": "认定日期", "severe_disability": "残疾等级", "poor_students": "在读阶段", "registered_unemployed": "登记日期",
}  # fmt: skip
STANDARD = 1045 * 3  # yuan a month for three, Jizhou in Tianjin in September 2025
WAGE = 600
TEKUN = 1870
DUE = STANDARD - WAGE


@dataclass(frozen=True)
class Place:
    """Where and when a county's files are of."""

    region: str
    month: str
    on: str
    span: str


JIZHOU = Place("120119", MONTHS[-1], "2025-09-30", "2024-10..2025-09")
TIERED = Place(
    "410323", "2023-06", "2023-06-30", "2022-07..2023-06"
)  # Luoyang pays rural dibao by class: 440, 220, 190 yuan a head in 2023
TIERED_MONTHS = tuple(f"2023-{month:02d}" for month in range(1, 7))


@dataclass
class Home:
    """A family of three as its papers have it: all in order until something is changed."""

    number: str
    persons: list[str]
    income: float = WAGE
    schemes: list[list[Any]] = field(default_factory=lambda: [["农村低保", "2024-03-01", None, "2025-07-10"]])
    paid: dict[str, float] = field(default_factory=lambda: dict.fromkeys(MONTHS, DUE))
    paid_on: dict[str, str] = field(default_factory=dict)
    lists: list[tuple[str, int, Any]] = field(default_factory=list)
    helped: dict[str, list[int]] = field(default_factory=lambda: {"资助参保": [0, 1, 2]})
    tier: str | None = None
    programme: str = "低保"


Change = Callable[[Home], object]


def known(name: str, member: int, *facts: Any) -> Change:
    """A department has this of a member."""
    return lambda home: home.lists.extend((name, member, fact) for fact in facts)


def stands(*schemes: list[Any], **facts: Any) -> Change:
    """Recognised otherwise, and other facts."""

    def change(home: Home) -> None:
        home.schemes = [list(scheme) for scheme in schemes]
        vars(home).update(facts)

    return change


def reviewed(day: str) -> Change:
    """Reviewed on another day."""
    return lambda home: home.schemes[0].__setitem__(3, day)


def pays(month: str, yuan: float | None, day: str | None = None) -> Change:
    """Paid otherwise in a month."""

    def change(home: Home) -> None:
        home.paid = {name: cell for name, cell in home.paid.items() if name != month} | ({month: yuan} if yuan else {})
        home.paid_on |= {month: day} if day else {}

    return change


def helps(programme: str, *members: int) -> Change:
    """Helped so."""
    return lambda home: home.helped.update({programme: list(members)})


def alone(home: Home) -> None:
    """One old person, supported as tekun."""
    first = home.persons[0][:6] + OLD + home.persons[0][10:17]
    home.persons = [first + check_character(first)]
    home.income, home.programme, home.helped = 0, "特困供养", {"资助参保": [0]}
    home.schemes = [["特困人员", "2024-03-01", None, "2025-07-10"]]
    home.paid = dict.fromkeys(MONTHS, TEKUN)


DIBAO, EDGE, RIGID = "农村低保", "低保边缘家庭", "刚性支出困难家庭"
EDGE_HOME = stands([EDGE, "2025-03-01", None, "2025-07-10"], income=4000, paid={}, helped={})
RIGID_HOME = stands([RIGID, "2025-03-01", None, "2025-07-10"], income=6000, paid={}, helped={})
NOBODY = stands(income=6000, paid={}, helped={})
PLANTED: tuple[tuple[str, tuple[Change, ...]], ...] = (
    ("dibao_after_death", (reviewed("2025-05-10"), known("deaths", 1, "2025-06-12"))),
    ("counted_in_prison", (reviewed("2025-05-10"), known("prison", 1, "2025-06-12"))),
    ("exclusive_schemes", (lambda home: home.schemes.append([RIGID, "2025-03-01", None, "2025-07-10"]),)),
    ("exclusive_schemes", (EDGE_HOME, lambda home: home.schemes.append([RIGID, "2025-03-01", None, "2025-07-10"]))),
    ("paid_unrecognised", (stands([DIBAO, "2024-03-01", "2025-08-31", "2025-07-10"], income=6000),)),
    ("income_over_line", (known("social_insurance", 0, 5000),)),
    ("income_over_line", (EDGE_HOME, known("social_insurance", 0, 9000))),
    ("public_pay_undeclared", (known("public_payroll", 0, WAGE + 0.01),)),
    ("vehicle_found", (known("vehicles", 0, 100_000),)),
    ("company_found", (known("business", 0, 1),)),
    ("dwelling_found", (known("property", 0, 2),)),
    ("registration_gone", (known("household_registration", 1, "2025-06-12"),)),
    ("month_not_paid", (pays("2025-08", None),)),
    ("paid_late", (pays("2025-08", DUE, "2025-09-01"),)),
    ("underpaid", (pays("2025-09", DUE - 0.01),)),
    ("overpaid", (pays("2025-09", STANDARD + 0.01),)),
    ("review_overdue", (reviewed("2024-03-10"),)),
    ("recognition_expired", (RIGID_HOME, lambda home: home.schemes[0].__setitem__(1, "2024-08-31"))),
    ("dibao_not_covered", (stands(income=STANDARD - 0.01, paid={}, helped={}),)),
    ("edge_not_covered", (stands(income=4702.5, paid={}, helped={}),)),
    ("premium_missing", (helps("资助参保", 0, 1),)),
    ("medical_aid_missing", (known("serious_illness", 1, "2024-08-01"),)),
    ("education_aid_missing", (known("poor_students", 2, "小学"),)),
    ("employment_aid_missing", (known("registered_unemployed", 1, "2024-08-01"),)),
    ("tekun_after_death", (alone, known("deaths", 0, "2025-06-12"))),
    ("tekun_in_prison", (alone, known("prison", 0, "2025-06-12"))),
    ("exclusive_schemes", (alone, lambda home: home.schemes.append(["单人户", "2025-09-01", None, "2025-09-01"]))),
    ("single_entry_missed", (EDGE_HOME, known("severe_disability", 1, "一级"))),
    ("identity_conflict", (NOBODY, known("deaths", 1, "2025-06-12", "2025-07-12"))),
)  # fmt: skip
LOOKS_WRONG: tuple[tuple[str, tuple[Change, ...]], ...] = (
    ("died this month", (known("deaths", 1, "2025-09-03"),)),
    ("reviewed since the death", (known("deaths", 1, "2025-06-12"), pays("2025-09", 1045 * 2 - WAGE), pays("2025-08", 1045 * 2 - WAGE))),
    ("stopped this month", (stands([DIBAO, "2024-03-01", "2025-09-10", "2025-07-10"], income=6000),)),
    ("base not above the wage", (known("social_insurance", 0, WAGE),)),
    ("public pay in the income", (known("public_payroll", 0, WAGE),)),
    ("a vehicle worth nothing", (known("vehicles", 0, 0),)),
    ("one dwelling", (known("property", 0, 1),)),
    ("paid on the last day", (pays("2025-08", DUE, "2025-08-31"),)),
    ("paid between the gap and the full standard", (pays("2025-09", DUE + 100),)),
    ("income at the line", (EDGE_HOME, lambda home: setattr(home, "income", STANDARD))),
    ("income over the edge line", (stands(income=4702.51, paid={}, helped={}),)),
    ("helped when ill", (known("serious_illness", 1, "2024-08-01"), helps("医疗救助", 1))),
    ("helped at school", (known("poor_students", 2, "小学"), helps("教育救助", 2))),
    ("helped when out of work", (known("registered_unemployed", 1, "2024-08-01"), helps("就业救助", 1))),
    ("listed this month", (known("serious_illness", 1, "2025-09-02"),)),
    ("edge", (EDGE_HOME,)),
    ("tekun", (alone,)),
    ("entered alone", (alone, stands(["单人户", "2024-03-01", None, "2025-07-10"], programme="单人户", income=0, paid=dict.fromkeys(MONTHS, 700)))),
    ("tekun, died this month", (alone, known("deaths", 0, "2025-09-03"))),
    ("nobody", (NOBODY,)),
)  # fmt: skip


def county(each: int, sound: int) -> tuple[list[Home], dict[str, str], dict[str, str]]:
    """Make the families; which cause was planted where, and what only looks wrong where."""
    homes: list[Home] = []
    planted, harmless = {}, {}

    def another() -> Home:
        at = len(homes)
        first = [f"120119{born}{2 * (at % 480) + (n != 1):03d}" for n, born in enumerate(_days(at))]
        homes.append(Home(f"津{at:05d}", [number + check_character(number) for number in first]))
        return homes[-1]

    for _ in range(sound):
        another()
    for table, told in ((PLANTED, planted), (LOOKS_WRONG, harmless)):
        for name, changes in table:
            for _ in range(each):
                home = another()
                for change in changes:
                    change(home)
                told[home.number] = name
    for _ in range(each // 2):  # one person counted in two families
        one, two = another(), another()
        two.persons[1] = one.persons[1]
        planted |= {one.number: "paid_twice", two.number: "paid_twice"}
    return homes, planted, harmless


def _days(at: int) -> list[str]:
    """Birth days of a family's three: each day has too few running numbers for a county."""
    return [f"{born[:6]}{1 + at // 480:02d}" for born in BORN]


def by_class(each: int) -> tuple[list[Home], dict[str, str], dict[str, str]]:
    """Make families of the second class where aid is paid by class: paid as the first, as the third, a fen short, and right."""
    homes, planted, harmless = county(0, 4 * each)
    kinds: tuple[tuple[str, float, dict[str, str]], ...] = (
        ("wrong_tier", 3 * 440, planted), ("wrong_tier", 3 * 190, planted), ("underpaid", 3 * 220 - 0.01, planted), ("second class", 3 * 220, harmless),
    )  # fmt: skip
    for at, home in enumerate(homes):
        name, now, told = kinds[at % len(kinds)]
        told[home.number] = name
        home.schemes, home.tier, home.income = [[DIBAO, "2022-03-01", None, "2023-04-10"]], "二档", 300
        home.paid = dict.fromkeys(TIERED_MONTHS, 3 * 220) | {TIERED.month: now}
        home.helped = {"资助参保": [0, 1, 2]}
    return homes, planted, harmless


def write(homes: list[Home], folder: Path, place: Place) -> list[str]:
    """Write what the clerk has; return the arguments of `aidlib register`."""
    ledger: list[list[Any]] = [["农村低保对象台账（虚构）"], list(LEDGER)]
    known: list[list[Any]] = [["低保证号", "身份证号", "救助类别", "认定日期", "终止日期", "复核日期"]]
    paid: list[list[Any]] = [["低保证号", "身份证号", "救助项目", "发放月份", "发放金额（元）", "发放日期"]]
    lists: dict[str, list[list[Any]]] = {name: [["姓名", "身份证号", fact]] for name, fact in LISTS.items()}
    for home in homes:
        now = home.paid.get(place.month, 0)
        facts = [len(home.persons), home.income, "是", 0, now, home.tier]
        for n, number in enumerate(home.persons):
            wage = home.income if n == 0 else 0
            ledger.append(
                [
                    "下营镇",
                    home.number,
                    "虚构",
                    number,
                    ROLES[n],
                    "有" if n < 2 else "无",
                    wage,
                    *(facts if n == 0 else []),
                ]
            )
        known += [[home.number, home.persons[0], *scheme] for scheme in home.schemes]
        paid += [
            [home.number, home.persons[0], home.programme, month, yuan, home.paid_on.get(month, f"{month}-10")]
            for month, yuan in home.paid.items()
        ]
        paid += [
            [home.number, home.persons[n], what, f"{place.month[:4]}-04", 100, f"{place.month[:4]}-04-10"]
            for what, whom in home.helped.items()
            for n in whom
        ]
        for name, member, fact in home.lists:
            lists[name].append(["虚构", home.persons[member], fact])
    lists = {name: rows for name, rows in lists.items() if len(rows) > 1}
    tables = {"台账": ledger, "认定": known, "发放": paid} | lists
    for name, rows in tables.items():
        _workbook(folder / f"{name}.xlsx", rows)
    (folder / "key").write_bytes(bytes(range(32)))
    named = [
        "--region",
        place.region,
        "--month",
        place.month,
        "--on",
        place.on,
        "--given",
        "urban=农村",
        "--key",
        str(folder / "key"),
    ]
    more = [text for name in lists for text in ("--list", f"{name}={folder / name}.xlsx")]
    more += [
        "--recognitions",
        str(folder / "认定.xlsx"),
        "--aid",
        str(folder / "发放.xlsx"),
        "--months",
        place.span,
    ]
    return [str(folder / "台账.xlsx"), "--out", str(folder / "inside"), *named, *more]


def _workbook(path: Path, rows: list[list[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)


def _at_the_door(rejects: Path) -> pl.DataFrame:
    """Households that the register refused because a person of theirs is in another too."""
    if not rejects.is_file():
        return pl.DataFrame(schema={"household_no": pl.String, "cause": pl.String})
    rows = pl.read_csv(rejects, infer_schema=False)
    told = rows.filter(pl.col("codes").str.contains("R-PERSON-HOMES", literal=True))
    return told.select(household_no="household_id", cause=pl.lit("paid_twice")).unique()


def measured(each: int = EACH, sound: int = SOUND) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Hand both counties' files in and monitor them: by cause what was planted, found and raised; every alert that was not planted with what stands there."""
    keys = ["household_no", "cause"]
    alerts, truth, stands = (pl.concat(parts) for parts in zip(
        _handed_in(JIZHOU, *county(each, sound)), _handed_in(TIERED, *by_class(each)), strict=True))  # fmt: skip
    hits, wrong = alerts.join(truth, on=keys), alerts.join(truth, on=keys, how="anti")
    counts = truth.group_by("cause").agg(planted=pl.len())
    for name, table in (("found", hits), ("alerts", alerts)):
        counts = counts.join(table.group_by("cause").agg(pl.len().alias(name)), on="cause", how="full", coalesce=True)
    table = counts.fill_null(0).with_columns(
        recall=pl.when(pl.col("planted") > 0).then(pl.col("found") / pl.col("planted")),
        precision=pl.when(pl.col("alerts") > 0).then(pl.col("found") / pl.col("alerts")),
    )
    there = wrong.join(stands, on="household_no", how="left").group_by("cause", "there").len()
    return table.sort("cause"), there.sort("cause", "there")


def _handed_in(
    place: Place, homes: list[Home], planted: dict[str, str], harmless: dict[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Register a county and monitor it: alerts (those at the door too), what was planted, and what stands in each household."""
    with tempfile.TemporaryDirectory() as folder:
        done = CliRunner().invoke(register, [*write(homes, Path(folder), place), "--allow-rejects"])
        if done.exit_code:
            raise SystemExit(f"{done.output}\n{done.exception}")
        os.environ["AIDLIB_KEY_FILE"] = str(Path(folder) / "key")
        found = monitor(read_folder(Path(folder) / "inside", place.region, place.month))
        door = _at_the_door(Path(folder) / "inside" / "rejects_persons.csv")
    numbers = found.files.households.select("household_id", "household_no")
    alerts = pl.concat([found.alerts.join(numbers, on="household_id").select("household_no", "cause"), door])
    told = [
        pl.DataFrame({"household_no": list(each), name: list(each.values())})
        for name, each in (("cause", planted), ("there", planted | harmless))
    ]
    of = pl.lit(place.region) + pl.col("household_no")
    return tuple(table.with_columns(household_no=of) for table in (alerts, *told))  # type: ignore[return-value]


def main() -> None:
    """Print both tables."""
    pl.Config.set_tbl_rows(-1)
    table, wrong = measured()
    print("| cause | planted | found | alerts | recall | precision |\n|---|---|---|---|---|---|")
    for row in table.iter_rows():
        print(
            "| "
            + " | ".join(
                "" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row
            )
            + " |"
        )
    print("alerts that were not planted:", wrong if wrong.height else "none")


if __name__ == "__main__":
    main()
