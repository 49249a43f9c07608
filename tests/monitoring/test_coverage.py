"""Not handed in is not "not paid": no alert comes from a month, programme, list or register that a place did not hand in."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from aidlib.law import Book
from aidlib.monitoring import ledgers
from aidlib.monitoring.causes import TESTS
from aidlib.monitoring.ledgers import BASIC, DELIVERIES, SCHEMES, Coverage, coverage
from aidlib.monitoring.monthly import chains, reviews
from aidlib.monitoring.planted import invent
from aidlib.monitoring.publishing import Published
from tests.monitoring.conftest import Made

KEY = ["household_id", "cause"]


def causes_of(found: object) -> dict[str, int]:
    return dict(found.alerts.group_by("cause").len().sort("cause").iter_rows())  # type: ignore[attr-defined]


@pytest.mark.parametrize("stated", [True, False], ids=["as stated", "read off the rows"])
@pytest.mark.parametrize(
    "kept",
    [
        pl.col("month") != "2026-10", pl.col("month") == "2026-10", ~pl.col("month").is_in(["2026-07", "2026-09"]), pl.col("programme") != "tekun",
        ~pl.col("programme").is_in(DELIVERIES), pl.col("programme").is_in(DELIVERIES), pl.lit(False), pl.col("household_id") % 7 > 0,
    ],
    ids=["last month", "only last month", "two months", "tekun", "specialised", "only specialised", "all", "one place"],
)  # fmt: skip
def test_absent_payments_raise_no_alert(sound_place: Made, kept: pl.Expr, stated: bool) -> None:
    """From a place in which everything is paid take months, programmes, all payments, or those of a place away: nobody is accused of not having paid."""
    aid = sound_place.place.aid
    if "household_id" in str(kept.meta.root_names()):
        first = sorted(sound_place.place.coverage.reporters)[0]
        own = sound_place.place.households.filter(pl.col("region_code") == first)["household_id"]
        kept = ~pl.col("household_id").is_in(own.implode())
    left = aid.filter(kept)
    table = None
    if stated:
        regions = sound_place.place.households.select("household_id", "region_code")
        rows = left.join(regions, on="household_id").group_by("region_code", "programme", "month").len()
        spans = rows.select(
            table=pl.lit("aid"), region_code="region_code", programme="programme", first="month", last="month"
        )
        every = pl.DataFrame({"table": ["recognitions", "reviews"]}).with_columns(
            pl.lit(None, pl.String).alias(c) for c in spans.columns[1:]
        )
        table = pl.concat([every, spans])
    assert causes_of(sound_place.again(aid=left, coverage=table)) == {}


@pytest.mark.parametrize("scheme", [*SCHEMES, ""], ids=[*SCHEMES, "all"])
def test_absent_lists_raise_no_alert(sound_place: Made, scheme: str) -> None:
    """Without the list of a scheme nobody is said to be left out of it, to hold another beside it, or to be paid without it."""
    left = sound_place.place.recognitions.filter(pl.col("scheme") != scheme if scheme else pl.lit(False))
    assert causes_of(sound_place.again(recognitions=left, coverage=None)) == {}


def test_absent_review_days_make_nobody_overdue(sound_place: Made) -> None:
    """Where the days of reviews are not kept, no recognition of years ago counts as never reviewed, and the list of reviews is empty of days."""
    left = sound_place.place.recognitions.with_columns(reviewed_on=pl.lit(None, pl.Date))
    found = sound_place.again(recognitions=left, coverage=None)
    assert causes_of(found) == {}
    assert reviews(found)["due_on"].is_null().all()
    assert not found.not_judged.loc[found.not_judged["handed_table"] == "reviews"].empty


def test_without_registers_nothing_rests_on_them(sound_place: Made) -> None:
    """A county with ledgers and no departmental list is monitored on its ledgers, and told which causes wait for which list."""
    found = sound_place.again(registers={})
    assert causes_of(found) == {}
    missing = found.not_judged[found.not_judged["handed_table"] == "registers"]
    assert "dibao_after_death" in missing.set_index("register").loc["deaths", "causes_not_judged"]
    assert Published(found, Book()).compared.to_frame().empty


def in_townships(made: Made) -> pl.DataFrame:
    """The families of a place, each in one of five townships of its county."""
    return made.place.households.with_columns(township=pl.format("第{}镇", pl.col("household_id") % 5))


@pytest.mark.parametrize("stated", [True, False], ids=["as stated", "read off the rows"])
@pytest.mark.parametrize("ledger", ["recognitions", "aid"])
def test_an_absent_township_raises_no_alert(sound_place: Made, ledger: str, stated: bool) -> None:
    """Where one township's list or payments are missing, nothing that rests on them is judged there, though the county says that all was handed in."""
    homes = in_townships(sound_place)
    own = homes.filter(pl.col("township") == "第3镇")["household_id"]
    left = {ledger: getattr(sound_place.place, ledger).filter(~pl.col("household_id").is_in(own.implode()))}
    found = sound_place.again(households=homes, **left, **({} if stated else {"coverage": None}))
    assert causes_of(found) == {}
    frame = found.not_judged.set_index(["handed_table", "programme"])
    assert (
        frame.loc[(ledger, "dibao"), "reporters_missing"]
        == homes.filter(pl.col("township") == "第3镇")["region_code"].n_unique()
    )


def test_townships_that_are_there_are_still_judged(spoiled: Made) -> None:
    """With one township's list missing, every planted error elsewhere is found as before, and nothing else is."""
    homes = in_townships(spoiled)
    own = homes.filter(pl.col("township") == "第3镇")["household_id"].implode()
    found = spoiled.again(
        households=homes, recognitions=spoiled.place.recognitions.filter(~pl.col("household_id").is_in(own))
    )
    there = spoiled.found.alerts.filter(~pl.col("household_id").is_in(own)).select(KEY)
    twice = pl.col("cause") == "paid_twice"  # the other family may live in the township that is missing
    assert there.filter(~twice).join(found.alerts, on=KEY, how="anti").is_empty()
    assert found.alerts.join(spoiled.found.alerts, on=KEY, how="anti").is_empty()


def test_what_is_there_is_still_judged(spoiled: Made) -> None:
    """With half the months gone, every planted error that does not rest on them is found, and no other alert appears."""
    aid = spoiled.place.aid.filter(~pl.col("month").is_in(["2026-05", "2026-06", "2026-07"]))
    found = spoiled.again(aid=aid, coverage=None)
    rests = {test.cause for test in TESTS if {("aid", name) for name in DELIVERIES} & set(test.rests_on)}
    planted = (
        spoiled.place.planted.filter((pl.col("reach") == "exact") & ~pl.col("cause").is_in(rests)).select(KEY).unique()
    )
    assert planted.join(found.alerts, on=KEY, how="anti").is_empty()
    assert found.alerts.join(spoiled.found.alerts, on=KEY, how="anti").is_empty()
    assert set(found.not_judged.explode("causes_not_judged")["causes_not_judged"]) >= rests


def test_an_absent_local_rule_raises_no_alert(sound_place: Made, spoiled: Made) -> None:
    """Where standards and local rules are known only within bounds, nothing is raised that would not be raised if they were known."""
    assert causes_of(sound_place.again(law_known=None)) == {}
    found = spoiled.again(law_known=None)
    assert found.alerts.join(spoiled.found.alerts, on=KEY, how="anti").is_empty()
    assert found.month.dues["due_fen"].null_count() > 0
    assert set(causes_of(found)) >= {"month_not_paid", "dibao_after_death", "vehicle_found", "paid_twice"}


def test_an_empty_list_that_was_handed_in_is_judged(sound_place: Made) -> None:
    """Stated to be handed in, a month without a row is a month not paid: silence is read as absence only where nothing is stated."""
    left = sound_place.place.aid.filter(~((pl.col("month") == "2026-10") & (pl.col("programme") == "tekun")))
    stated, derived = sound_place.again(aid=left), sound_place.again(aid=left, coverage=None)
    tekun = sound_place.found.month.dues.filter(pl.col("programme") == "tekun")["household_id"].n_unique()
    assert causes_of(stated)["month_not_paid"] == tekun
    assert causes_of(derived) == {}


def test_gaps_and_money_look_only_at_what_was_handed_in(sound_place: Made) -> None:
    """Chains show no gap, money no difference, and the drawing a hole, for a month that is missing."""
    found = sound_place.again(aid=sound_place.place.aid.filter(pl.col("month") != "2026-10"), coverage=None)
    shown = Published(found, Book())
    assert chains(found).gaps.is_empty()
    assert shown.money["payments"].tolist() == [0, 0, 0, 0]
    assert shown.paid_by_month.table["2026-10"].isna().all()
    assert "basic_living" not in shown.delivery.table.index.get_level_values("programme")


def test_no_region_or_month_is_special() -> None:
    """In other places and months, too, a ledger without its last month raises nothing."""
    for region, month in (("110000", "2026-10"), ("410300", "2023-06"), ("210000", "2025-08")):
        sound = invent(region, month, families=1_500, seed=2, errors=False)
        place = Made(sound, None)  # type: ignore[arg-type]
        assert causes_of(place.again()) == {}
        assert causes_of(place.again(aid=sound.aid.filter(pl.col("month") != month), coverage=None)) == {}


def one(table: str, programme: str, first: str | None, last: str | None, region: str | None = None) -> pl.DataFrame:
    row = {"table": table, "region_code": region, "programme": programme, "first": first, "last": last}
    return pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))


def spoken(stated: pl.DataFrame) -> Coverage:
    homes = pl.DataFrame({"household_id": [1, 2], "region_code": ["450421", "450422"]})
    if "township" in stated.columns:
        homes = homes.with_columns(township=pl.Series(["甲镇", "乙镇"]))
    known, paid = (
        pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {"household_id": pl.Int64})
        for names in (ledgers.RECOGNITIONS, ledgers.AID)
    )
    return coverage(homes, known, paid, ["deaths"], stated)


def test_spans_are_read_as_stated() -> None:
    """A row without a place holds everywhere, one without a programme for all of its table; single entry goes with dibao; bounds are included."""
    october = ledgers.month_number("2026-10")
    dibao = spoken(one("aid", "dibao", "2026-08", "2026-10", "450421"))
    assert dibao.throughout("dibao", october - 2, october) == ["450421"]
    assert dibao.throughout("single", october - 2, october) == ["450421"]
    assert dibao.throughout("dibao", october - 3, october) == []
    assert dibao.throughout("tekun", october, october) == []
    every = spoken(one("aid", None, None, None))  # type: ignore[arg-type]
    assert all(len(every.throughout(name, 1, october)) == 2 for name in (*BASIC, *DELIVERIES))
    assert spoken(one("recognitions", "edge", None, None)).speaking_of("recognitions", "edge") == ["450421", "450422"]
    assert set(
        spoken(one("reviews", "edge", None, None)).to_frame().query("handed_table == 'reviews'")["reporters"]
    ) == {0}
    town = one("aid", "tekun", "2026-10", "2026-10", "450422").with_columns(township=pl.lit("乙镇"))
    assert spoken(town).throughout("tekun", october, october) == ["450422 乙镇"]


def test_what_was_handed_in_is_listed() -> None:
    """The table names what is missing as well as what is there, by place and span."""
    frame = spoken(one("aid", "dibao", "2026-08", "2026-10", "450421")).to_frame()
    rows = frame[frame["handed_table"] == "aid"]
    assert rows.iloc[0][["first_month", "last_month", "reporters", "coverage_basis"]].tolist() == [
        "2026-08",
        "2026-10",
        1,
        "stated",
    ]
    assert rows.iloc[0]["programme"] == ["dibao", "single"]
    assert rows.iloc[1]["coverage_basis"] == "not_handed_in"
    assert pd.isna(rows.iloc[1]["first_month"])
    assert frame.iloc[-1]["register"] == ["deaths"]


def test_a_month_that_nobody_handed_in_divides_the_row_of_what_was_handed_in() -> None:
    """August and October of two townships, and September of neither: two rows on the page, not August to October."""
    homes = pl.DataFrame({"household_id": [1, 2], "region_code": ["450421"] * 2, "township": ["石桥镇", "沙头镇"]})
    known = pl.DataFrame(
        schema={"household_id": pl.Int64, "person_id": pl.Int64, "scheme": pl.String, "reviewed_on": pl.Date}
    )
    rows = [(1, 0, "dibao", "2026-08"), (2, 0, "dibao", "2026-08"), (2, 0, "dibao", "2026-10")]
    paid = pl.DataFrame(rows, schema=["household_id", "person_id", "programme", "month"], orient="row")
    shown = coverage(homes, known, paid, [], None).to_frame()
    own = shown[(shown["handed_table"] == "aid") & shown["first_month"].notna()]
    assert own[["first_month", "last_month", "reporters"]].values.tolist() == [
        ["2026-08", "2026-08", 2],
        ["2026-10", "2026-10", 1],
    ]
