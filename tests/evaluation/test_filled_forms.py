"""Forms that places filled in and published: every printed number is reproduced, or its difference explained."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from aidlib.evaluation.form import fill
from aidlib.evaluation.measures import Records
from aidlib.evaluation.scorecard import score, share
from aidlib.indices import Figures
from aidlib.known import Note
from aidlib.law import Book
from aidlib.law.rubrics import Criterion, load, rubric
from aidlib.money import decimal_text

FOLDER = Path(__file__).parents[1] / "cases" / "filled"
FISCAL = rubric("2020-fiscal-selfeval")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def criterion(row: dict[str, str]) -> Criterion:
    """A printed row with its target as a row of a form."""
    return Criterion(row["head"], row["item"], row["indicator"], Fraction(row["weight"] or 10), row["op"], row["target"], row["unit"],
                     "prorata", "rescale", "", "", "", "", "")  # type: ignore[arg-type]  # fmt: skip


def test_suixi_2019() -> None:
    """Eight of its ten readable rows earn what was printed; the other two earn 4.84 and 9.00 by the rule, where full marks were kept."""
    printed = {row["indicator"]: row for row in rows("suixi-2019") if row["score"]}
    card = score(load("2019-suixi"), {name: row["actual"] for name, row in printed.items()}, None, rubric("2019-suixi"))
    earned = {s.criterion.indicator: s.automatic for s in card.rows if s.automatic is not None}
    differ = {
        name: decimal_text(points, 2) for name, points in earned.items() if points != Fraction(printed[name]["score"])
    }
    assert differ == {"特困人员救助供养人数(按月平均)": "4.84", "扶贫临时救助标准 一户年最高5300元": "9.00"}
    assert (card.assessed, sum(Fraction(row["score"]) for row in printed.values())) == (90, 90)


def test_chengan_2020_weighs_twice() -> None:
    """Each row earns the printed points, 90 in all; the sheet multiplies them by their weight once more and comes to 22.5."""
    printed = rows("chengan-2020")
    earned = [share(criterion(row), row["actual"], FISCAL) * Fraction(row["weight"]) for row in printed]  # type: ignore[operator]
    assert earned == [Fraction(row["score"]) for row in printed]
    assert sum(earned) == 90
    weighted = [points * Fraction(row["weight_share_pct"]) / 100 for points, row in zip(earned, printed, strict=True)]
    assert weighted == [Fraction(row["weighted_score"]) for row in printed]
    assert sum(weighted) == Fraction("22.5")


def test_futian_2021() -> None:
    """Rows asked to equal 100 % and reported at 100 % are met."""
    assert {share(criterion(row), row["actual"], FISCAL) for row in rows("futian-2021") if row["target"]} == {1}


def test_luzhou_2010_missed_one_target() -> None:
    """41 of 42 per cent in institutions is missed and earns its share."""
    row = next(row for row in rows("luzhou-2010-06") if row["indicator"] == "五保集中供养率")
    assert share(criterion(row), row["actual"], FISCAL) == Fraction(41, 42)


def test_hengyang_2020() -> None:
    """Its level is the unweighted mean of twelve counties, its payment money over person-months; both reach their targets."""
    found = {row["indicator"]: row for row in rows("hengyang-2020")}
    counties = {"五城区": 5, "祁东县、常宁市": 2, "衡阳县": 1, "衡南县、衡山县、衡东县、耒阳市": 4}
    mean = sum(Fraction(found[name]["actual"]) * count for name, count in counties.items()) / sum(counties.values())
    assert mean == Fraction(found["农村低保标准"]["actual"])
    paid = Fraction(found["1-12月累计发放"]["actual"]) / Fraction(found["1-12月累计保障"]["actual"])
    assert decimal_text(paid, 0) == found["农村低保月人均救助水平"]["actual"]
    assert all(share(criterion(row), row["actual"], FISCAL) == 1 for row in found.values() if row["target"])


def filled(folder: Path, **cells: str) -> str:
    """A filled form with a head and one row of the unit's own."""
    path = folder / "filled.csv"
    head = "\n".join(f"{key},{value}" for key, value in cells.items() if key != "row")
    columns = "一级指标,二级指标,三级指标,年度指标值,单位,实际完成值,分值"
    path.write_text(f"{head}\n{columns}\n{cells.get('row', '')}\n", encoding="utf-8")
    return str(path)


def test_yueyang_executions(tmp_path: Path) -> None:
    """Nanhu district spent 82.03 % of its money and earns 8.20 of 10, with no warning below a fifth unspent; Yueyang county spent all of it."""
    nanhu = {row["indicator"]: row["actual"] for row in rows("yueyang-nanhu-2016")}
    at = Records(Book(), Figures(), "430600", 2023)
    form = fill(at, "", filled(tmp_path, 全年预算数=nanhu["计划=到位"], 全年执行数=nanhu["支出"]))
    assert (form.card.assessed, form.card.shown()) == (10, "8.20")
    assert [note.code for note in form.warnings] == []
    county = rows("yueyang-county-2018")
    months = [Fraction(row["actual"]) for row in county if row["indicator"].startswith("2018-")]
    assert sum(months) == next(Fraction(row["actual"]) for row in county if row["indicator"] == "1-10月")
    plan = next(row["actual"] for row in county if row["indicator"] == "城市低保计划安排")
    assert fill(at, "", filled(tmp_path, 全年预算数=plan, 全年执行数=plan)).card.final == 10


def test_a_lost_word_in_a_number_is_warned_of(tmp_path: Path) -> None:
    """Hongjiang printed 2,651 households and 3,919 persons as 26,513,919 persons: more than there are residents."""
    printed = next(row["actual"] for row in rows("hongjiang-2019") if row["indicator"] == "城镇低保对象")
    at = Records(Book(), Figures(), "450400", 2021)
    form = fill(at, "", filled(tmp_path, row=f"产出,数量,城镇低保对象,≥3900,人,{printed},10"))
    assert Note("more_than_residents", ("城镇低保对象",)) in form.warnings
