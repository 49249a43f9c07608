"""One place, one month: match, ask the rules, raise alerts, follow them up; the chain of aid and the periodic review of every family."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from aidlib.errors import LawGap
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.alerts import alerts, carry, ended, rule_table
from aidlib.monitoring.causes import not_judged
from aidlib.monitoring.facts import WANTED, Facts, LawOfMonth, MonthEnd, facts, limits
from aidlib.monitoring.inputs import MARKS, Files
from aidlib.monitoring.ledgers import BASIC, FAMILY, ROW, Coverage, month_number, month_of, month_text, payments
from aidlib.monitoring.matching import ID, Review, candidates, keyed_together, match, valid_numbers
from aidlib.monitoring.vocabulary import convention
from aidlib.result import Result
from aidlib.rules.places import places

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.prices.linkage import Decision

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SUBSIDY = "price_subsidy"
KINDS = ("layer", "aid", "need", "alert", "visit")
# The deepest scheme first, as `rules.layers` has it.
DEPTH = ("tekun", "dibao", "single", "monitored", "edge", "rigid", "other")
NEEDED = ("not_delivered", "may_qualify")
_SUBSIDISED = {"tekun": "in_tekun", "dibao": "in_dibao", "edge": "in_edge"}


@dataclass(frozen=True)
class Monitored:
    """What one month's monitoring found.

    Attributes
    ----------
    files : Files
        What was handed in, names and numbers included; they go no further than the matching and restricted lists.
    alerts, ended : polars.DataFrame
        This month's alerts with their state, and last month's that are no more.
    facts : Facts
        Facts by household and person.
    month : MonthEnd
        What they were drawn from.
    accounts : pandas.DataFrame
        Every row of every register by outcome.
    decision : Decision or None
        The latest month in which the price linkage started and payment was due; None: it did not start.
    not_tested : dict of str to tuple of str
        Causes that could not be tested, and the facts that were missing.
    rules : polars.DataFrame
        The law of each cause at each place, from `alerts.rule_table`.
    gaps : frozenset of str
        Law rows that lack: place, name, group and day.
    """

    files: Files
    alerts: pl.DataFrame
    ended: pl.DataFrame
    facts: Facts
    month: MonthEnd
    accounts: pd.DataFrame
    decision: Decision | None
    not_tested: dict[str, tuple[str, ...]]
    rules: pl.DataFrame
    gaps: frozenset[str]

    @cached_property
    def pairs(self) -> dict[tuple[str, str], Review]:
        """Pairs for a person to settle, by register and side (rows: departmental rows without a sound number; persons: persons of the register)."""
        if not set(MARKS) <= set(self.files.persons.columns):
            return {}
        own = self.files.persons.select(*MARKS, row_id="person_id")
        lost = own.filter(valid_numbers(own[ID], self.month.as_of).is_null())
        likely: dict[tuple[str, str], Review] = {}
        for name, table in self.files.registers.items():
            if ID not in table.columns:
                continue
            rows = table.select(MARKS).with_row_index("row_id", 1).with_columns(pl.col("row_id").cast(pl.Int64))
            wrong = rows.filter(valid_numbers(rows[ID], self.month.as_of).is_null())
            sides = (("rows", wrong, own), ("persons", lost, rows))
            likely |= {(name, side): candidates(left, right) for side, left, right in sides if len(left)}
        return likely

    @property
    def law_gaps(self) -> pd.DataFrame:
        """Names of law rows that lack, and for how many places and groups."""
        import pandas as pd

        counts = Counter(key.split(" ")[1] for key in self.gaps)
        return pd.DataFrame(sorted(counts.items()), columns=["law_name", "places_without"])

    @property
    def without_standard(self) -> int:
        """For how many places and areas no dibao standard of the day is known."""
        return sum(key.split(" ")[1] == "dibao_standard" for key in self.gaps)

    @cached_property
    def not_judged(self) -> pd.DataFrame:
        """What was not judged because it was not handed in, from `causes.not_judged`."""
        return not_judged(self.files.coverage, frozenset(self.rules["cause"]), self.month.last)


def monitor(
    files: Files,
    law: Book | None = None,
    figures: Figures | None = None,
    *,
    before: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
) -> Monitored:
    """Monitor a place at the end of a month.

    Raises
    ------
    LawGap
        The law book does not have the rules of families for the month.
    """
    law, figures, as_of = law or Book(), figures or Figures(), files.as_of
    known = keyed_together({"persons": files.persons, **files.registers}, files.key, files.purpose, as_of)
    persons = known.pop("persons").drop("name", "birth_date", strict=False)
    matched = match(persons, known)
    with gathered(law) as gaps:
        known_law = getattr(files, "law_known", None) or law_of_month(files.households, as_of, law, figures)
        decision = started(files.region, as_of, law, figures)
    month = MonthEnd(
        replace(files, persons=persons, registers={}), matched.evidence, known_law.values, known_law.limits
    )
    known_facts = facts(month) if decision is None else with_subsidy(facts(month), decision, files.aid, files.coverage)
    raised = alerts(known_facts, known_law.rules, as_of)
    result = Monitored(
        files, raised.rows, raised.rows.clear(), known_facts, month, matched.accounts, decision, raised.not_tested, known_law.rules,
        files.gaps | gaps,
    )  # fmt: skip
    earlier = before if before is not None else files.more.get("alerts_before")
    return followed(result, earlier, decisions if decisions is not None else files.more.get("decisions"))


def law_of_month(households: pl.DataFrame, as_of: date, law: Book, figures: Figures) -> LawOfMonth:
    """Read the law of a month at every place of a register."""
    codes = households["region_code"].unique().sort().to_list()
    keys = households.select("region_code", pl.col("urban").cast(pl.Boolean)).unique().sort("region_code", "urban")
    with rules_of_the_month():
        values = places(law, figures, keys.iter_rows(), as_of.replace(day=1), WANTED, unknown="bounds")
    return LawOfMonth(values, limits(law, codes, as_of), rule_table(law, codes, as_of))


@contextmanager
def gathered(law: Book) -> Iterator[set[str]]:
    """Take the gaps of many places out of a reader's list, to be counted by name: a page would list each of them."""
    before, gaps = set(law.gaps), set[str]()
    yield gaps
    gaps |= set(law.gaps) - before
    for key in gaps:
        del law.gaps[key]


@contextmanager
def rules_of_the_month() -> Iterator[None]:
    """Where the law book does not reach back to the month, say so, and from which day on it does."""
    try:
        yield
    except LawGap as gap:
        if not (days := DAY.findall(gap.faults[0].hint)):
            raise
        what = f"monitoring asks the rules of every family, and the law book does not have all that held in the month; it has them from {min(days)} on"
        raise LawGap(what, where=gap.faults[0].where, got=gap.faults[0].what) from None


def followed(result: Monitored, before: pl.DataFrame | None, decisions: pl.DataFrame | None) -> Monitored:
    """Give the alerts their state, from last month's alerts and what was decided on them."""
    plain = result.alerts.drop("state", "first_seen", "reason", strict=False)
    rows = carry(plain, before, decisions, result.month.as_of)
    return replace(result, alerts=rows, ended=ended(rows, before))


def started(region: str, as_of: date, law: Book, figures: Figures) -> Decision | None:
    """Find the latest index month in which the linkage started and whose payment was due by the day; None where none is known.

    Examples
    --------
    >>> started("230000", date(2019, 12, 31), Book(), Figures()).month
    '2019-10'
    """
    from aidlib.prices.linkage import decide
    from aidlib.prices.readings import Readings

    readings, last = Readings(figures), month_number(as_of)
    for back in range(1, convention("ledger_months") + 1):
        decision = decide(law, figures, region, month_text(last - back), readings=readings)
        due = decision.deadline.latest
        if decision.outcome == "triggered" and (due is None or due <= as_of):
            return decision
    return None


def amounts(decision: Decision) -> dict[tuple[str, bool], int]:
    """Return the whole fen per person by scheme and whether urban, for the groups whose amount is known; parts of a fen fall away."""
    keys = [(scheme, urban) for scheme in _SUBSIDISED for urban in (False, True)]
    due = {key: decision.amount(f"{key[0]}_{'urban' if key[1] else 'rural'}") for key in keys}
    return {key: int(amount.shown_fen) for key, amount in due.items() if amount is not None and amount.shown_fen}


def with_subsidy(known: Facts, decision: Decision, aid: pl.DataFrame, speaks: Coverage) -> Facts:
    """Add what each family was due and got of one index month's subsidy: one payment a person, the deepest scheme's."""
    month = month_number(decision.month)
    paid = payments(aid, month, month).filter(pl.col("programme") == SUBSIDY)
    got = paid.group_by("household_id").agg(subsidy_paid_fen=pl.col("paid_fen").sum())
    own = known.persons.join(known.households.select("household_id", "urban"), on="household_id", how="left")
    rates, each = amounts(decision), pl.lit(0)
    for scheme, family in reversed(_SUBSIDISED.items()):
        rate = pl.when("urban").then(rates.get((scheme, True), 0)).otherwise(rates.get((scheme, False), 0))
        member = pl.col(family) if scheme == "tekun" else pl.col(family) & pl.col("counted_member")
        draws = member | pl.col("in_single") if scheme == "dibao" else member
        each = pl.when(draws.fill_null(False)).then(rate).otherwise(each)
    due = own.group_by("household_id").agg(subsidy_due_fen=each.sum())
    homes = known.households.join(due, on="household_id", how="left").join(got, on="household_id", how="left")
    handed_in = pl.col("reporter").is_in(speaks.throughout(SUBSIDY, month, month))
    return replace(known, households=homes.with_columns(
        pl.col("subsidy_due_fen").fill_null(0), subsidy_due_on=pl.lit(decision.deadline.latest),
        subsidy_paid_fen=pl.when(handed_in).then(pl.col("subsidy_paid_fen").fill_null(0)).otherwise("subsidy_paid_fen"),
    ))  # fmt: skip


@dataclass(frozen=True)
class Chain(Result):
    """一户(人)一条救助链: the chain of one family, which `plot` draws over a year: for restricted lists only.

    Attributes
    ----------
    links : polars.DataFrame
        From `Chains.links`.
    last : int
        Number of the last month drawn.
    synthetic : bool
        Whether the family is invented.
    """

    links: pl.DataFrame
    last: int
    synthetic: bool

    def to_frame(self) -> pd.DataFrame:
        """Return the links, one a row."""
        return self.links.to_pandas()


@dataclass(frozen=True)
class Chains:
    """Chains of all families of a place.

    Attributes
    ----------
    links : polars.DataFrame
        household_id, person_id (0: the family), kind (layer, aid, need, alert, visit), what (scheme, programme or cause), month and
        until_month (numbers; until_month empty while it runs), amount_fen; ordered.
    gaps : polars.DataFrame
        household_id, person_id, what, months: months of aid that are missing, and help that is needed and open (months empty).
    doubles : polars.DataFrame
        household_id, person_id, what, rows: aid entered twice for one month, schemes that exclude each other, a person paid in
        two families.
    """

    links: pl.DataFrame
    gaps: pl.DataFrame
    doubles: pl.DataFrame

    def of(self, household_id: int) -> pl.DataFrame:
        """Return the chain of one family."""
        return self.links.filter(pl.col("household_id") == household_id)


def chains(result: Monitored, visits: pl.DataFrame | None = None) -> Chains:
    """Put the chain of every family together."""
    files, first = result.month.files, month_of("first_seen")
    rows = result.alerts.with_columns(person_id=pl.coalesce(pl.col("person_ids").list.first(), pl.lit(FAMILY)))
    needed = rows.filter(pl.col("disposition").is_in(NEEDED))
    visited = visits if visits is not None else files.more.get("visits")
    parts = [
        _links(files.recognitions, "layer", "scheme", month_of("since"), month_of("until")),
        _links(files.aid, "aid", "programme", month_of("month"), month_of("month"), "amount_fen"),
        _links(rows, "alert", "cause", first, amount="amount_fen"),
        _links(needed, "need", "cause", first),
        *(
            []
            if visited is None
            else [_links(visited.with_columns(what=pl.lit("visit")), "visit", "what", month_of("visited_on"))]
        ),
    ]
    payable = result.month.dues.filter(pl.col("due_fen").is_null() | (pl.col("due_fen") > 0))
    missed = result.month.missed.join(payable, on=ROW, how="semi").select(
        "household_id", "person_id", what="programme", months="months"
    )
    gaps = pl.concat([missed, needed.select("household_id", "person_id", what="cause", months=pl.lit(None, pl.Int64))])
    twice = (
        files.aid.filter(pl.col("programme").is_in(BASIC))
        .group_by(*ROW, "month")
        .len("rows")
        .filter(pl.col("rows") > 1)
    )
    entered = twice.group_by(ROW).agg(pl.col("rows").max().cast(pl.Int64)).rename({"programme": "what"})
    both = rows.filter(pl.col("cause").is_in(["exclusive_schemes", "paid_twice"])).select(
        "household_id", "person_id", what="cause", rows=pl.lit(2, pl.Int64)
    )
    order = ("household_id", "person_id", "what")
    links = pl.concat(parts).sort("household_id", "month", "person_id", "kind", "what", nulls_last=False)
    return Chains(links, gaps.sort(order), pl.concat([entered, both]).sort(order))


def _links(
    rows: pl.DataFrame, kind: str, what: str, month: pl.Expr, until: pl.Expr | None = None, amount: str = ""
) -> pl.DataFrame:
    person: Any = pl.col("person_id") if "person_id" in rows.columns else pl.lit(FAMILY)
    return rows.select(
        "household_id", person.cast(pl.Int64).alias("person_id"), kind=pl.lit(kind), what=pl.col(what), month=month.cast(pl.Int32),
        until_month=(pl.lit(None) if until is None else until).cast(pl.Int32),
        amount_fen=(pl.col(amount) if amount else pl.lit(None)).cast(pl.Int64),
    )  # fmt: skip


def layer_of(recognised: pl.DataFrame) -> pl.DataFrame:
    """Return the deepest scheme of each family, its members included: household_id, layer.

    Examples
    --------
    >>> rows = pl.DataFrame({"household_id": [1, 1, 2], "scheme": ["edge", "single", "rigid"]})
    >>> layer_of(rows).sort("household_id")["layer"].to_list()
    ['dibao', 'rigid']
    """
    rank = pl.col("scheme").replace_strict({scheme: at for at, scheme in enumerate(DEPTH)}, default=len(DEPTH))
    names = dict(enumerate("dibao" if scheme == "single" else scheme for scheme in DEPTH)) | {len(DEPTH): "other"}
    best = recognised.group_by("household_id").agg(rank.min().alias("rank"))
    return best.select("household_id", layer=pl.col("rank").replace_strict(names, return_dtype=pl.String))


def reviews(result: Monitored) -> pl.DataFrame:
    """Return the periodic review of every family and person recognised for basic living aid, earliest first.

    Dibao families are reviewed yearly, or half-yearly where income is unsteady and a member can work; tekun yearly; a place may
    set its own interval (Wuzhou: half-yearly for all). Source: 民发〔2021〕57号 第三十一条; 中办国办2020年意见 第七项.
    """
    homes = result.facts.households.with_columns(person_id=pl.lit(FAMILY, pl.Int64))
    own = result.facts.persons
    parts = []
    for table, scheme, months in (
        (homes, "dibao", "stated_review_months"),
        (own, "single", "stated_review_months"),
        (own, "tekun", "tekun_review_months"),
    ):
        rows = table.filter(f"in_{scheme}").with_columns(known=result.month.speaks("reviews", scheme))
        due = pl.col(f"reviewed_{scheme}").dt.offset_by(pl.format("{}mo", pl.col(months)))
        parts.append(rows.select(
            "household_id", pl.col("person_id").cast(pl.Int64), scheme=pl.lit(scheme), months=pl.col(months).cast(pl.Int64),
            reviewed_on=pl.when("known").then(f"reviewed_{scheme}"), due_on=pl.when("known").then(due),
        ))  # fmt: skip
    return (
        pl.concat(parts)
        .with_columns(overdue=pl.col("due_on") < result.month.as_of)
        .sort("due_on", "household_id", "person_id", nulls_last=True)
    )


def new_tekun(result: Monitored) -> pl.DataFrame:
    """List tekun files recognised this month, of which the county must look at the stated share at random: case_id, region_code.

    Examples
    --------
    >>> from aidlib.monitoring.trial import example
    >>> new_tekun(example()[1]).columns
    ['case_id', 'region_code']
    """
    homes = result.facts.households.select("household_id", "region_code")
    begins = result.month.as_of.replace(day=1)
    new = result.month.recognised.filter(pl.col("scheme") == "tekun", pl.col("since") >= begins)
    return new.join(homes, on="household_id").select(case_id="person_id", region_code="region_code").sort("case_id")
