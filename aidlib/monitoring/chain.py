"""一户(人)一条救助链: one chain per family and person: layer, aid by month, needs open, alerts, visits; gaps and doubles stand out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from aidlib.monitoring import ledgers
from aidlib.monitoring.ledgers import BASIC, FAMILY, month_of
from aidlib.monitoring.monitor import Monitored

KINDS = ("layer", "aid", "need", "alert", "visit")
COLUMNS = ("household_id", "person_id", "kind", "what", "month", "until_month", "amount_fen")
# The deepest scheme first, as `rules.layers` has it.
DEPTH = ("tekun", "dibao", "single", "monitored", "edge", "rigid", "other")
NEEDS = ("not_delivered", "may_qualify")


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


def chains(found: Monitored, visits: pl.DataFrame | None = None) -> Chains:
    """Put the chain of every family together.

    Parameters
    ----------
    found : Monitored
        What the month's monitoring found.
    visits : polars.DataFrame, optional
        household_id, visited_on.

    Examples
    --------
    >>> from aidlib.monitoring.synthetic.example import example
    >>> linked = chains(example()[1])
    >>> sorted(set(linked.links["kind"])), linked.gaps.height > 0, linked.doubles.height > 0
    (['aid', 'alert', 'layer', 'need'], True, True)
    """
    scene = found.scene
    parts = [_layers(scene.files.recognitions), _aid(scene.files.aid), *_alerts(found.alerts)]
    if visits is not None:
        parts.append(_links(visits, "visit", pl.lit("visit"), month_of("visited_on")))
    links = pl.concat(parts).sort("household_id", "month", "person_id", "kind", "what", nulls_last=False)
    return Chains(links, _gaps(found), _doubles(found))


def _links(
    rows: pl.DataFrame, kind: str, what: pl.Expr, month: pl.Expr, until: pl.Expr | None = None, amount: str = ""
) -> pl.DataFrame:
    person = pl.col("person_id") if "person_id" in rows.columns else pl.lit(FAMILY)
    return rows.select(
        "household_id",
        person.cast(pl.Int64).alias("person_id"),
        pl.lit(kind).alias("kind"),
        what.alias("what"),
        month.cast(pl.Int32).alias("month"),
        (pl.lit(None) if until is None else until).cast(pl.Int32).alias("until_month"),
        (pl.col(amount) if amount else pl.lit(None)).cast(pl.Int64).alias("amount_fen"),
    )


def _layers(recognitions: pl.DataFrame) -> pl.DataFrame:
    return _links(recognitions, "layer", pl.col("scheme"), month_of("since"), month_of("until"))


def _aid(aid: pl.DataFrame) -> pl.DataFrame:
    return _links(aid, "aid", pl.col("programme"), month_of("month"), month_of("month"), "amount_fen")


def _alerts(alerts: pl.DataFrame) -> list[pl.DataFrame]:
    rows = alerts.with_columns(person_id=pl.coalesce(pl.col("person_ids").list.first(), pl.lit(FAMILY)))
    need = rows.filter(pl.col("disposition").is_in(NEEDS))
    first = month_of("first_seen")
    return [
        _links(rows, "alert", pl.col("cause"), first, None, "amount_fen"),
        _links(need, "need", pl.col("cause"), first),
    ]


def _gaps(found: Monitored) -> pl.DataFrame:
    """Months of basic living aid without a payment, and help that is needed and was not given."""
    payable = found.dues.filter(pl.col("due_fen").is_null() | (pl.col("due_fen") > 0))
    missed = found.scene.missed.join(payable, on=list(ledgers.ROW), how="semi")
    open_now = _alerts(found.alerts.filter(pl.col("disposition").is_in(NEEDS)))[1]
    rows = [
        missed.select("household_id", "person_id", what="programme", months="months"),
        open_now.select("household_id", "person_id", "what", months=pl.lit(None, pl.Int64)),
    ]
    return pl.concat(rows).sort("household_id", "person_id", "what")


def _doubles(found: Monitored) -> pl.DataFrame:
    twice = found.scene.files.aid.filter(pl.col("programme").is_in(BASIC)).group_by(*ledgers.ROW, "month").len("rows")
    entered = twice.filter(pl.col("rows") > 1).group_by(*ledgers.ROW).agg(pl.col("rows").max().cast(pl.Int64))
    held = found.alerts.filter(pl.col("cause").is_in(["exclusive_schemes", "paid_twice"]))
    person = pl.coalesce(pl.col("person_ids").list.first(), pl.lit(FAMILY))
    return pl.concat(
        [
            entered.select("household_id", "person_id", what="programme", rows="rows"),
            held.select("household_id", person_id=person, what="cause", rows=pl.lit(2, pl.Int64)),
        ]
    ).sort("household_id", "person_id", "what")


def layer_of(holding: pl.DataFrame) -> pl.DataFrame:
    """Return the deepest scheme of each family, its members included: household_id, layer.

    Examples
    --------
    >>> rows = pl.DataFrame({"household_id": [1, 1, 2], "scheme": ["edge", "single", "rigid"]})
    >>> layer_of(rows).sort("household_id")["layer"].to_list()
    ['dibao', 'rigid']
    """
    rank = pl.col("scheme").replace_strict({scheme: at for at, scheme in enumerate(DEPTH)}, default=len(DEPTH))
    names = dict(enumerate("dibao" if scheme == "single" else scheme for scheme in DEPTH)) | {len(DEPTH): "other"}
    best = holding.group_by("household_id").agg(rank.min().alias("rank"))
    return best.select("household_id", layer=pl.col("rank").replace_strict(names, return_dtype=pl.String))
