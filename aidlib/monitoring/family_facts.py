"""Facts by person and by household, as the causes of alert name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from aidlib.monitoring import ledgers
from aidlib.monitoring.facts import Scene, dues
from aidlib.monitoring.identity import KEY
from aidlib.monitoring.ledgers import DELIVERIES, FAMILY, HOUSEHOLD_SCHEMES, MONTHS_PER_YEAR, PERSON_SCHEMES
from aidlib.monitoring.limits import county_limits, standards
from aidlib.monitoring.match import AMBIGUOUS, MATCHED, elsewhere
from aidlib.monitoring.seen import FOUND
from aidlib.monitoring.vocabulary import convention, registers
from aidlib.rules.specialised import ENTITLEMENTS

# Answers that entitle for certain; the others depend on local cover that is not known.
CERTAIN = [ENTITLEMENTS.index(word) for word in ("yes", "full", "fixed")]
_ANSWERS = {
    "education": "education_aid", "medical": "medical_aid", "premium": "premium_help", "employment": "employment_aid",
}  # fmt: skip
_KNOWN = {"student": "poor_students", "patient": "serious_illness", "jobless": "registered_unemployed"}
_FAMILY = (
    "held_dibao", "held_edge", "held_rigid", "since_dibao", "since_edge", "reviewed_dibao", "lost_benefit_fen",
    "tekun_review_months", "stated_review_months", "tekun_orphan", "tekun_defacto_unsupported_child", "tekun_dibao",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Facts by household and by person, one row each, ordered by household."""

    households: pl.DataFrame
    persons: pl.DataFrame


def facts(scene: Scene) -> Facts:
    """Lay out the facts of every household and person of a scene.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> _, found = example()
    >>> facts(found.scene).households.height == found.scene.households.height
    True
    """
    homes = _households(scene)
    own = _persons(scene).join(homes.select("household_id", *_FAMILY), on="household_id", how="left")
    own = own.with_columns(_of_person(scene)).with_columns(review_due_on=_alone_due())
    plain = own.group_by("household_id").agg(tekun_found=pl.col("tekun").fill_null(False).sum().cast(pl.Int64))
    homes = homes.join(plain, on="household_id", how="left").with_columns(
        plain_members=pl.col("members") - pl.col("tekun_found")
    )
    if "elsewhere" not in own.columns and KEY in scene.persons.columns:
        keys = scene.persons.select("person_id", KEY)
        twice = elsewhere(own.filter("drawing").select("person_id", "household_id").join(keys, on="person_id").lazy())
        own = own.join(twice.collect(), on="person_id", how="left")
    return Facts(homes.sort("household_id"), own.sort("person_id"))


def _schemes(holding: pl.DataFrame, schemes: tuple[str, ...], key: str, everyone: pl.DataFrame) -> pl.DataFrame:
    laid = ledgers.wide(holding, schemes, key)
    held = [pl.col(f"held_{scheme}").fill_null(False) for scheme in schemes]
    return everyone.select(key).join(laid, on=key, how="left").with_columns(held)


def _persons(scene: Scene) -> pl.DataFrame:
    have = [name for name in ("person_id", "household_id", "age", "elsewhere") if name in scene.persons.columns]
    keys = scene.persons.select(have)
    own = scene.holding.filter(pl.col("person_id") != FAMILY)
    counted = scene.stated_answers.persons.select("person_id", "counted_member")
    answers = scene.seen_answers.persons.drop("household_id", "counted_member")
    got = ledgers.delivered(scene.files.aid, scene.last - convention("delivery_months") + 1, scene.last)
    table = keys.join(_schemes(own, PERSON_SCHEMES, "person_id", keys), on="person_id", how="left")
    for part in (scene.evidence_full, counted, answers, _after_death(scene), got):
        table = table.join(part, on="person_id", how="left")
    return table


def _after_death(scene: Scene) -> pl.DataFrame:
    """Months and money of basic living aid paid after the death of a person."""
    died = scene.evidence_full.filter(pl.col("deaths__died_on").is_not_null())
    events = died.join(scene.persons.select("person_id", "household_id"), on="person_id")
    months = events.select("household_id", "person_id", event_month=ledgers.month_of("deaths__died_on"))
    return ledgers.paid_after(scene.paid, months)


def _of_person(scene: Scene) -> list[pl.Expr]:
    """Facts of a person that are worked out from several others."""
    ambiguous = [pl.col(one.column("outcome")) == AMBIGUOUS for one in registers().values()]
    drawing = (pl.col("held_dibao") & pl.col("counted_member")) | pl.col("held_single") | pl.col("held_tekun")
    since = pl.min_horizontal(ledgers.month_of(f"since_{s}") for s in ("dibao", "edge", "single", "tekun"))
    paid = pl.col("lost_benefit_fen") * pl.col("months_dibao") + pl.col("fen_single")
    made = {
        "conflict": pl.any_horizontal(*ambiguous).fill_null(False),
        "drawing": drawing.fill_null(False),
        "held_long": (since <= scene.last - convention("delivery_months")).fill_null(False),
        "after_death_fen": paid,
        "after_death_months": pl.max_horizontal("months_dibao", "months_single"),
        "reviewed_alone": pl.max_horizontal("reviewed_tekun", "reviewed_single"),
        "as_of": pl.lit(scene.as_of),
        **{f"got_{aid}": pl.col(f"got_{aid}").fill_null(False) for aid in DELIVERIES},
        **{f"entitled_{short}": pl.col(answer).is_in(CERTAIN) for short, answer in _ANSWERS.items()},
        **{f"{who}_known": listed(register, scene.as_of) for who, register in _KNOWN.items()},
    }
    return [expression.alias(name) for name, expression in made.items()]


def listed(register: str, as_of: date) -> pl.Expr:
    """Matched, and listed before this month began: help for what is new may be under way.

    Examples
    --------
    >>> frame = pl.DataFrame({"poor_students__outcome": [1, 1], "poor_students__listed_on": [date(2026, 9, 30), date(2026, 10, 1)]})
    >>> frame.select(listed("poor_students", date(2026, 10, 31))).to_series().to_list()
    [True, False]
    """
    day = pl.col(f"{register}__listed_on") < pl.lit(as_of.replace(day=1))
    return (pl.col(f"{register}__outcome") == MATCHED).fill_null(False) & day.fill_null(True)


def _alone_due() -> pl.Expr:
    tekun = _months_on("reviewed_tekun", "tekun_review_months")
    return pl.min_horizontal(tekun, _months_on("reviewed_single", "stated_review_months"))


def _months_on(day: str, months: str) -> pl.Expr:
    return pl.col(day).dt.offset_by(pl.format("{}mo", pl.col(months)))


def _households(scene: Scene) -> pl.DataFrame:
    stated = (
        "household_id", "region_code", "urban", "property_ok", "raised_by_job", "grace_months_used", "aid_requested_fen",
    )  # fmt: skip
    table = scene.households.select(stated).with_columns(
        pl.col("urban", "property_ok", "raised_by_job").cast(pl.Boolean)
    )
    family = scene.holding.filter(pl.col("person_id") == FAMILY)
    before = scene.stated_answers.households.select(
        "household_id", stated_benefit_fen="dibao_benefit_fen", stated_review_months="review_months"
    )
    parts = (
        _schemes(family, HOUSEHOLD_SCHEMES, "household_id", table), scene.seen_answers.households.drop("region_code", "urban"),
        before, _members(scene), _things(scene), _short(scene),
    )  # fmt: skip
    for part in parts:
        table = table.join(part, on="household_id", how="left")
    table = table.join(scene.lines, on="region_code", how="left")
    for place in (standards(scene.held), county_limits(scene.held)):
        table = table.join(place, on=["region_code", "urban"], how="left")
    return table.with_columns(_of_household(scene)).with_columns(
        review_due_on=_months_on("reviewed_dibao", "stated_review_months")
    )


def _members(scene: Scene) -> pl.DataFrame:
    """How many live in the household, how many of them need particular care, and the wages found."""
    places = scene.households.select("household_id", "region_code").join(scene.lines, on="region_code", how="left")
    members = scene.seen[1].join(places, on="household_id", how="left")
    severe = (pl.col("disability_grade") > 0) & (pl.col("disability_grade") <= pl.col("severe_grade"))
    frail = (pl.col("age") < pl.col("minor_age")) | (pl.col("age") >= pl.col("elderly_age")) | severe
    return members.group_by("household_id").agg(
        living=pl.len().cast(pl.Int64),
        found_fen=pl.col(FOUND).sum(),
        vulnerable=(frail | pl.col("serious_illness")).fill_null(False).sum().cast(pl.Int64),
    )


def _things(scene: Scene) -> pl.DataFrame:
    """What is registered in the names of the members."""
    known = scene.persons.select("person_id", "household_id").join(scene.evidence_full, on="person_id", how="inner")
    return known.group_by("household_id").agg(
        dwellings=pl.col("property__dwellings").sum(),
        vehicle_fen=pl.col("vehicles__value_fen").max(),
        businesses=pl.col("business__businesses").sum(),
    )


def _short(scene: Scene) -> pl.DataFrame:
    """Months without a payment, what is due this month, and what of it was paid short, by household."""
    due = dues(scene)
    rows = due.join(scene.missed, on=list(ledgers.ROW), how="left")
    payable = pl.col("due_fen").is_null() | (pl.col("due_fen") > 0)
    first = pl.when(payable).then(pl.col("month")).min()
    less = (pl.col("due_fen") - pl.col("paid_fen")).clip(lower_bound=0)
    return rows.group_by("household_id").agg(
        missed_months=pl.when(payable).then(pl.col("months")).sum(), missed_due_on=ledgers.month_end(first), due_fen=pl.col("due_fen").sum(),
        short_fen=less.filter(pl.col("paid_fen") > 0).sum(),
    )  # fmt: skip


def _of_household(scene: Scene) -> list[pl.Expr]:
    """Facts of a household that are worked out from several others."""
    people = pl.when(pl.col("county_each")).then(pl.col("members")).otherwise(1)
    most = pl.coalesce("most_dwellings", pl.lit(convention("dwellings_told")))
    car = (pl.col("vehicle_fen") > 0) & (pl.col("vehicle_fen") >= pl.col("most_vehicle_fen").fill_null(0))
    told = (
        (pl.col("dwellings") > most).fill_null(False)
        | car.fill_null(False)
        | (pl.col("businesses") > 0).fill_null(False)
    )
    over = pl.when("held_dibao").then("over_dibao_line_fen_at_best").otherwise("over_edge_line_fen_at_best")
    made = {
        "property_told": told,
        "over_line_fen": over,
        "lost_benefit_fen": (pl.col("stated_benefit_fen") - pl.col("dibao_benefit_fen")).clip(lower_bound=0),
        "grace_over_months": pl.col("grace_months_used") - pl.col("exit_months_at_best"),
        "over_county_fen": pl.col("aid_requested_fen") - pl.col("county_fen12") * people // MONTHS_PER_YEAR,
        "rigid_due_on": _months_on("since_rigid", "rigid_months"),
        "as_of": pl.lit(scene.as_of),
    }
    return [expression.alias(name) for name, expression in made.items()]
