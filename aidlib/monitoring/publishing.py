"""What a month's monitoring may show: every table, count and sentence's number, each worked out from what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure.suppression import TOTAL, Totals
from aidlib.indices import Figures
from aidlib.law import Book, Value
from aidlib.money import yuan
from aidlib.monitoring import funds, sampling
from aidlib.monitoring.alerts import DISPOSITIONS, STATES, AlertRule, alert_rules
from aidlib.monitoring.facts import NEEDS
from aidlib.monitoring.inputs import SYNTHETIC
from aidlib.monitoring.ledgers import BASIC, FAMILY, ROW, in_force, month_text
from aidlib.monitoring.monthly import Monitored, gathered, layer_of, new_tekun, reviews
from aidlib.monitoring.protected import (
    HIDDEN,
    LIMIT,
    ByCause,
    Counts,
    Delivery,
    Monthly,
    alerts_by_age,
    alerts_by_cause,
    by_department,
    crossed,
    protect,
    protect_ages,
    protect_causes,
    protect_known,
    shown,
    small,
    to_tens,
)  # fmt: skip
from aidlib.monitoring.vocabulary import causes, convention, registers
from aidlib.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.disclosure import Suppressed

LAYERS = ("tekun", "dibao", "monitored", "edge", "rigid", "other", "none")
GROUPS = ("tekun", "dibao", "edge", "rigid")
CAUSE_OF = {"basic_living": "month_not_paid", **{programme: f"{programme}_missing" for programme in NEEDS}}
# Causes of alert that count the same payments as a kind of difference: where one is hidden, so is the kind.
_COUNTED_IN = {
    "not_paid": ("month_not_paid",), "underpaid": ("underpaid", "wrong_tier"), "overpaid": ("overpaid", "wrong_tier"),
    "not_due": ("paid_unrecognised",),
}  # fmt: skip


@dataclass(frozen=True)
class Inspection(Result):
    """The draw of files for inspection, and what inspection found.

    Attributes
    ----------
    counts : Counts
        Files and draws by layer; hidden where the layer's stock is hidden.
    half_width_pct, seed : int
        What the sample is sized for, and the published seed.
    new_tekun, least_tekun : int or None
        Tekun files new this month, and how many of them the county must look at; None where they are few.
    outcome : str
        What is known of results: none, few (too few to be published), rate.
    drawn, inspected : int
        Files drawn, and those of them with a result.
    rate : Rate or None
        The weighted share of files with an error, with its interval.
    basis : list of Value
        Rows of law.
    """

    counts: Counts
    half_width_pct: int
    seed: int
    new_tekun: int | None
    least_tekun: int | None
    outcome: str
    drawn: int
    inspected: int
    rate: sampling.Rate | None
    basis: list[Value]

    def to_frame(self) -> pd.DataFrame:
        """Return files and draws by layer."""
        return self.counts.to_frame()


@dataclass(frozen=True)
class Published:
    """What a month's monitoring may show.

    Attributes
    ----------
    result : Monitored
        What was found.
    law : Book
        Reader: the rows each table rests on are read through it.
    last : mapping of str to Suppressed
        What was published last month.
    """

    result: Monitored
    law: Book
    last: Mapping[str, Suppressed] = field(default_factory=dict, repr=False)
    _kept: dict[str, Suppressed] = field(default_factory=dict, repr=False)
    threshold: int = LIMIT

    @property
    def status(self) -> str:
        """Status of every count: synthetic where the place is invented."""
        return SYNTHETIC if self.result.files.synthetic else "observed"

    @property
    def verdict(self) -> str:
        """The month in one code: synthetic, alerts, no_alerts, or not_published."""
        total = self.by_age.total()
        return (
            SYNTHETIC
            if self.result.files.synthetic
            else "not_published"
            if total is None
            else "alerts"
            if total
            else "no_alerts"
        )

    def _shown(self, name: str, table: pd.DataFrame, totals: Totals = "both") -> Counts:
        """Protect a table, with what was published under its name last month, and keep it for the next."""
        return self._keep(name, protect(table, self.status, totals, self.last.get(name)))

    def _keep(self, name: str, made: Counts) -> Counts:
        if made.suppressed:
            self._kept[name] = made.suppressed
        return made

    @cached_property
    def kept(self) -> dict[str, Suppressed]:
        """What is published, to be held against next month's."""
        for name in ("flows", "changes", "delivery", "states", "deadlines", "money", "reviews"):
            getattr(self, name)
        return {**self._causes[1], **self._kept}

    @cached_property
    def rules(self) -> dict[str, AlertRule]:
        """The law of each cause that was tested at the place; of one that only places below have a rule for, the first of them."""
        result, as_of = self.result, self.result.month.as_of
        own = alert_rules(self.law.at(result.files.region, as_of))
        below = (
            result.alerts.filter(~pl.col("cause").is_in(list(own))).group_by("cause").agg(pl.col("region_code").min())
        )
        own |= {cause: alert_rules(self.law.at(code, as_of))[cause] for cause, code in below.iter_rows()}
        return {cause: own[cause] for cause in causes() if cause in own and cause not in result.not_tested}

    @cached_property
    def ages(self) -> tuple[int, int]:
        """The ages that end childhood and begin old age."""
        law = self.law.at(self.result.files.region, self.result.month.as_of)
        return int(law.value("minor_age").number), int(law.value("tekun_elderly_age").number)

    @property
    def dispositions(self) -> dict[str, str]:
        """The disposition of every cause in force."""
        return {cause: rule.rule.text for cause, rule in self.rules.items()}

    @cached_property
    def by_age(self) -> Counts:
        """Alerts by disposition and age; by disposition alone where ages would hide the total."""
        return self._keep(
            "by_age", protect_ages(alerts_by_age(self.result.alerts, *self.ages), self.status, self.last.get("by_age"))
        )

    @property
    def published_kinds(self) -> list[str]:
        """The dispositions whose total is published."""
        return [kind for kind in DISPOSITIONS if self.by_age.total(kind) is not None]

    @cached_property
    def _causes(self) -> tuple[Counts, dict[str, Suppressed]]:
        return protect_causes(alerts_by_cause(self.result.alerts, self.dispositions), self.by_age, self.last)

    @cached_property
    def by_cause(self) -> ByCause:
        """Alerts by cause, with disposition, place on the chain of aid, department and articles."""
        import pandas as pd

        table = self._causes[0].table.rename(columns={TOTAL: "alerts"}).copy()
        rules = [self.rules[str(cause)] for cause in table.index]
        beside = pd.DataFrame({
            "alert_disposition": [rule.rule.text for rule in rules], "chain_kind": [rule.cause.chain for rule in rules],
            "alert_department": [rule.department.text if rule.department else None for rule in rules],
            "sources": pd.Series([list(rule.values) for rule in rules], dtype="object"),
        })  # fmt: skip
        return ByCause(table, self.status, beside=beside)

    @cached_property
    def departments(self) -> Counts:
        """Alerts by competent department, from published totals."""
        import pandas as pd

        sums = by_department(self._causes[0], self.by_age, self.rules)
        table = pd.DataFrame(
            {"alerts": pd.array(list(sums.values()), dtype="Int64")},
            index=pd.Index(list(sums), name="alert_department"),
        )
        return Counts(table, self.status)

    @cached_property
    def states(self) -> Counts:
        """Alerts by state; only the total where the number of alerts that ended would follow and is small; nothing where the total is hidden."""
        rows = self.result.alerts.with_columns(row=pl.lit("alerts"), state=pl.format("state_{}", "state"))
        table = crossed(rows, "row", "state", ["alerts"], [f"state_{state}" for state in STATES], "alert_count")
        if self.by_age.total() is None:
            return Counts(table.head(0), self.status)
        made = self._shown("states", table, "rows")
        if shown(self.result.ended.height) is None:  # last month's total less those still here would tell of them
            return Counts(made.table[[TOTAL]].reindex(columns=made.table.columns).astype("Int64"), self.status)
        return made

    @cached_property
    def deadlines(self) -> Counts:
        """Alerts by cause and whether their deadline has passed, with the clock that runs; only causes with a published total."""
        import pandas as pd

        names = [cause for cause in self.rules if self._causes[0].total(cause)]
        rows = self.result.alerts.filter(pl.col("cause").is_in(names))
        late = pl.when(pl.col("overdue")).then(pl.lit("overdue")).otherwise(pl.lit("in_time"))
        table = crossed(rows.with_columns(late=late), "cause", "late", names, ["in_time", "overdue"], "alert_cause")
        if table.empty:
            return Counts(table, self.status)
        rules = [self.rules[cause] for cause in names]
        lengths = [
            (rule.length.unit == "workday", int(rule.length.number)) if rule.length else (None, None) for rule in rules
        ]
        beside = pd.DataFrame({
            "alert_clock": [rule.length.name if rule.length else rule.how for rule in rules],
            "clock_workdays": [length if workdays else None for workdays, length in lengths],
            "clock_months": [length if workdays is False else None for workdays, length in lengths],
            "alert_deadline": [str(rule.ends_on) if rule.ends_on else None if rule.how in ("no_days", "cannot_tell") else "case_by_case" for rule in rules],
            "sources": pd.Series([[v for v in (rule.clock, rule.length) if v] for rule in rules], dtype="object"),
        }, dtype="object")  # fmt: skip
        made = self._shown("deadlines", table, "rows")
        return Counts(made.table, self.status, made.suppressed, beside)

    @cached_property
    def delivery(self) -> Delivery:
        """Persons with a known need and a right to help, by programme, layer and whether the help came.

        What is not delivered adds up to the alerts of its cause, so that it is shown only where they are.
        """
        import pandas as pd

        parts = []
        for programme, counted in self._delivered().items():
            part = self._shown(f"delivery {programme}", counted).table.copy()
            if self._causes[0].total(CAUSE_OF[programme]) is None or TOTAL not in part:
                part = counted.assign(**{TOTAL: counted.sum(axis=1)}).astype("Int64")
                part[["delivered", "undelivered"]] = pd.NA
                part = part.mask(part.lt(LIMIT) & part.gt(0))
            part.index = pd.MultiIndex.from_tuples(
                [(programme, layer) for layer in part.index], names=["programme", "layer"]
            )
            parts.append(part)
        empty = pd.DataFrame(
            columns=["delivered", "undelivered", TOTAL],
            index=pd.MultiIndex.from_arrays([[], []], names=["programme", "layer"]),
        )
        return Delivery(pd.concat(parts) if parts else empty, self.status)

    def _delivered(self) -> dict[str, pd.DataFrame]:
        result = self.result
        alone = pl.col("in_single") | (pl.col("in_dibao") & pl.col("counted_member"))
        layers = {"tekun": pl.col("in_tekun"), "dibao": alone, "edge": pl.col("in_edge"), "rigid": pl.col("in_rigid")}
        layer = pl.lit(None, pl.String)
        for name, holds in reversed(layers.items()):
            layer = pl.when(holds.fill_null(False)).then(pl.lit(name)).otherwise(layer)
        own = result.facts.persons.with_columns(layer=layer)
        due = result.month.dues.filter(
            pl.col("paid_fen").is_not_null(), pl.col("due_fen").is_null() | (pl.col("due_fen") > 0)
        )
        due = due.join(result.month.expected.filter(pl.col("month") == result.month.last), on=ROW)
        tekun = pl.when(pl.col("programme") == "tekun").then(pl.lit("tekun")).otherwise(pl.lit("dibao"))
        rows = {"basic_living": due.select(layer=tekun, came=pl.col("paid_fen") > 0)}
        for programme, (shows, entitled) in NEEDS.items():
            here = own.filter(
                pl.col(shows)
                & pl.col(entitled)
                & pl.col("layer").is_not_null()
                & pl.col(f"got_{programme}").is_not_null()
            )
            rows[programme] = here.select("layer", came=f"got_{programme}")
        words = pl.when("came").then(pl.lit("delivered")).otherwise(pl.lit("undelivered"))
        return {
            programme: crossed(
                part.with_columns(came=words),
                "layer",
                "came",
                [g for g in GROUPS if g in set(part["layer"])],
                ["delivered", "undelivered"],
            )
            for programme, part in rows.items()
            if len(part)
        }

    @property
    def lowest_share(self) -> Fraction | None:
        """The smallest published share of help that came."""
        table = self.delivery
        return min(
            (
                Fraction(table.cell(row, "delivered") or 0, table.total(row) or 1)
                for row in table.whole
                if row[1] != TOTAL
            ),
            default=None,
        )

    @cached_property
    def paid_by_month(self) -> Monthly:
        """Families and persons paid basic living aid, by programme and month, to the nearest ten; empty where places lack that other months have."""
        month = self.result.month
        rows = month.paid.filter(pl.col("programme").is_in(BASIC)).unique(["household_id", "programme", "month"])
        months = list(range(month.first, month.last + 1))
        table = to_tens(crossed(rows, "programme", "month", list(BASIC), months)).astype("Int64")
        places = month.files.coverage.months(BASIC, month.first, month.last).group_by("programme", "month").len()
        whole = set(
            places.filter(pl.col("len") == pl.col("len").max().over("programme"))
            .select("programme", "month")
            .iter_rows()
        )
        for programme in BASIC:
            table.loc[programme, [m for m in months if (programme, m) not in whole]] = None
        table.columns = list(map(month_text, months))
        return Monthly(table[table.notna().any(axis=1)], self.status)

    @cached_property
    def flows(self) -> Counts:
        """Families by their layer at the end of last month and of this one."""
        now = self.result.month.as_of
        known = self.result.month.files.recognitions
        before, after = (layer_of(in_force(known, day)) for day in (now.replace(day=1) - timedelta(days=1), now))
        both = before.join(after, on="household_id", how="full", coalesce=True, suffix="_now")
        filled = both.with_columns(pl.col("layer", "layer_now").fill_null("none"))
        used = [name for name in LAYERS if name in set(filled["layer"]) | set(filled["layer_now"])]
        now_in = filled.with_columns(layer_now=pl.format("now_{}", "layer_now"))
        return self._shown(
            "flows", crossed(now_in, "layer", "layer_now", used, [f"now_{name}" for name in used], "layer_before")
        )

    @cached_property
    def changes(self) -> Counts:
        """What changed in the register since the month before, of families and persons, by kind and reason; nothing for a first month."""
        import pandas as pd

        rows = self.result.files.more.get(
            "changes", pl.DataFrame(schema=dict.fromkeys(("person_id", "what", "reason"), pl.String))
        )
        of = pl.when(pl.col("person_id").cast(pl.Int64) == FAMILY).then(pl.lit("family")).otherwise(pl.lit("person"))
        named = rows.select(key=pl.concat_str(of, "what", pl.col("reason").fill_null("not_said"), separator="|"))
        counts = dict(named.group_by("key").len().sort("key").iter_rows())
        table = pd.DataFrame({"changes": list(counts.values())}, index=list(counts), dtype="int64")
        made = self._shown("changes", table, "none") if counts else Counts(table, self.status)
        names = ["change_of", "change_what", "change_reason"]
        keys = (
            pd.MultiIndex.from_tuples([tuple(str(key).split("|")) for key in made.table.index], names=names)
            if counts
            else made.table.index
        )
        return Counts(made.table.set_axis(keys), self.status, made.suppressed)

    @cached_property
    def compared(self) -> Counts:
        """Persons of the register by whether each department knows them, and departmental rows by whether the register has the person, to the nearest ten."""
        import pandas as pd

        parts = []
        for side in ("persons", "rows"):
            table = self.result.accounts[self.result.accounts["side"] == side].set_index("register")
            known = table.assign(known=table["matched"] + table["ambiguous"])[["known", "unmatched", "invalid"]].astype(
                "int64"
            )
            parts.append(protect_known(known, self._causes[0]).table.drop(columns=TOTAL).add_prefix(f"{side}_"))
        beside = pd.DataFrame(
            {"sources": pd.Series([self._compared_by(str(name)) for name in parts[0].index], dtype="object")}
        )
        return Counts(pd.concat(parts, axis=1), self.status, beside=beside)

    def _compared_by(self, register: str) -> list[Value]:
        law = self.law.at(self.result.files.region, self.result.month.as_of)
        basis = law.optional("register_compared", registers()[register].group)
        return [basis] if basis else []

    @property
    def unsound(self) -> tuple[int, int] | None:
        """Rows without a sound number, and those of them with a candidate; None where they are few."""
        pairs = self.result.pairs.values()
        rows, likely = sum(r.rows for r in pairs), sum(r.with_candidate for r in pairs)
        return None if None in map(shown, (rows, likely, rows - likely)) else (rows, likely)

    @property
    def unlisted(self) -> int | None:
        """Families of which the ledger lists the head alone; None where they are few."""
        return shown(self.result.files.unlisted)

    @property
    def without_number(self) -> int | None:
        """Persons without an identity number or pseudonym; None where they are few."""
        return shown(self.result.files.without_number)

    @property
    def doubtful(self) -> dict[str, int | None]:
        """By scheme, of how many families the rules cannot tell whether they pass; None where they are few."""
        homes = self.result.facts.households
        tests = {"dibao": "dibao_eligible", "edge": "edge_household", "rigid": "rigid_household"}
        return {
            scheme: shown(int((homes[test].cast(pl.Boolean) != homes[f"{test}_at_best"].cast(pl.Boolean)).sum()))
            for scheme, test in tests.items()
        }

    @cached_property
    def money(self) -> pd.DataFrame:
        """This month's payments recomputed to the fen: by kind of difference how many, and what was paid less what was due."""
        import pandas as pd

        rows, unknown = funds.recompute(self.result)
        table = pd.DataFrame(
            {"payments": [rows.filter(pl.col("difference") == kind).height for kind in funds.DIFFERENCES]},
            index=list(funds.DIFFERENCES),
        )
        made, cells = self._shown("money", table, "columns"), []
        for kind in funds.DIFFERENCES:
            own = rows.filter(pl.col("difference") == kind)
            alike = [cause for cause in _COUNTED_IN[kind] if cause in self.rules]
            hidden = None in (made.cell(kind, "payments"), *map(self._causes[0].total, alike))
            dark = hidden or any(small(own[name]) for name in ("difference_fen", "due_fen", "paid_fen"))
            paid, due, gap = (int(own[name].sum()) for name in ("paid_fen", "due_fen", "difference_fen"))
            cells.append({
                "payment_difference": kind, "payments": None if hidden else own.height, "payments_status": HIDDEN if hidden else None,
                "paid_less_due": None if dark else gap, "paid_less_due_status": HIDDEN if dark else None, "status": self.status,
                "formula": None if dark else f"{yuan(paid)} − {yuan(due)} = {yuan(gap).replace('-', '−')}",
            })  # fmt: skip
        frame = pd.DataFrame(cells, dtype="object")
        frame = frame if self.status == SYNTHETIC else frame.drop(columns="status")
        frame.attrs["unknown"] = shown(unknown)
        return frame

    @property
    def late(self) -> tuple[int, int] | None:
        """Payments of this month's basic living aid made after its end, and those without a day; None where either is few."""
        month = self.result.month
        rows = month.files.aid.filter(pl.col("month") == month_text(month.last), pl.col("programme").is_in(BASIC))
        many, undated = int((rows["paid_on"] > month.as_of).sum()), rows["paid_on"].null_count()
        return None if None in map(shown, (many, undated)) else (many, undated)

    def ceilings(self, figures: Figures) -> tuple[int | None, int | None]:
        """Families above the ceiling of temporary aid, and those for whom none is known; None where they are few."""
        with gathered(self.law):
            over, unknown = funds.ceilings(self.result, self.law, figures)
        return shown(over.height), shown(unknown)

    @cached_property
    def reviews(self) -> Counts:
        """Periodic reviews by scheme and interval, and how many are overdue, where the days of reviews were handed in."""
        import pandas as pd

        rows = reviews(self.result).filter(pl.col("due_on").is_not_null())
        late = pl.when("overdue").then(pl.lit("overdue")).otherwise(pl.lit("in_time"))
        named = rows.with_columns(row=pl.format("{}|{}", "scheme", "months"), late=late)
        table = crossed(named, "row", "late", sorted(set(named["row"])), ["in_time", "overdue"])
        hidden = self._causes[0].total("review_overdue") is None
        made = self._shown(
            "reviews", table.sum(axis=1).to_frame("reviews") if hidden else table, "none" if hidden else "both"
        )
        parts = [(str(row).partition("|")[0], str(row).partition("|")[2]) for row in made.table.index]
        names = [("total", None) if scheme == TOTAL else (scheme, int(months)) for scheme, months in parts]
        return Counts(
            made.table.set_axis(pd.MultiIndex.from_tuples(names, names=["scheme", "review_months"])),
            self.status,
            made.suppressed,
        )

    @property
    def reviews_due(self) -> int | None:
        """Reviews overdue or due within a month; None where they, or those of them that are overdue or not yet, are few."""
        rows = reviews(self.result)
        soon = pl.lit(self.result.month.as_of).dt.offset_by("1mo")
        due, late = rows.filter(pl.col("due_on") <= soon).height, int(rows["overdue"].sum())
        return None if None in map(shown, (due, late, due - late)) else due

    def inspection(self, seed: int) -> Inspection:
        """Draw files for inspection by layer, and judge the results given (of an invented place: the errors planted in it)."""
        cases = (
            layer_of(self.result.month.recognised)
            .sort("household_id")
            .select(case_id="household_id", stratum="layer")
            .to_pandas()
        )
        width = convention("inspection_half_width_pct")
        size, sizes = sampling.sample_size(len(cases), width / 100), cases.groupby("stratum").size()
        shares = {str(layer): min(int(n), max(2, -(-size * int(n) // len(cases)))) for layer, n in sizes.items()}
        drawn = sampling.draw(cases, shares, seed=seed)
        law = self.law.at(self.result.files.region, self.result.month.as_of)
        files = new_tekun(self.result).height
        least = None if shown(files) is None else sampling.tekun_files(files, law)
        basis = [v for v in (law.find("tekun_spot_check"), law.find("oversight_double_random")) if v]
        outcome, rate, inspected = self._inspected(drawn)
        return Inspection(
            self._strata(sizes, drawn), width, seed, shown(files), least, outcome, len(drawn), inspected, rate, basis
        )

    def _strata(self, sizes: pd.Series, drawn: pd.DataFrame) -> Counts:
        """Files and draws by layer; hidden where the layer's stock is hidden among the flows."""
        import pandas as pd

        taken = drawn.groupby("stratum").size().reindex(sizes.index, fill_value=0)
        table = pd.DataFrame({"files": sizes, "drawn": taken}).astype("Int64").rename_axis("layer")
        table.loc[[layer for layer in table.index if self.flows.cell(TOTAL, f"now_{layer}") is None]] = pd.NA
        return Counts(table, self.status)

    def _inspected(self, drawn: pd.DataFrame) -> tuple[str, sampling.Rate | None, int]:
        files = self.result.files
        if files.errors_known is not None:
            known = {case: case in files.errors_known for case in drawn["case_id"]}
        elif "inspections" in files.more:
            known = dict(files.more["inspections"].select("case_id", pl.col("wrong").cast(pl.Boolean)).iter_rows())
        else:
            return "none", None, 0
        checked = drawn.assign(wrong=drawn["case_id"].map(known)).dropna(subset="wrong").astype({"wrong": bool})
        wrong, n = int(checked["wrong"].sum()), len(checked)
        if not n or None in map(shown, (wrong, n - wrong, len(drawn) - n)):
            return "few", None, 0
        return "rate", sampling.stratified_rate(checked, "wrong"), n
