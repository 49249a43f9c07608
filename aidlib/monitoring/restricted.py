"""Lists of persons: one workbook for each department with what it needs, in a restricted folder that no report is made from."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure import Suppressed
from aidlib.disclosure.private import OWNER_FILE, OWNER_FOLDER, may_leave
from aidlib.errors import PrivacyFault
from aidlib.law import Book
from aidlib.monitoring.inputs import named_folder
from aidlib.monitoring.ledgers import month_text
from aidlib.monitoring.monthly import Chain, Chains, Monitored, chains, followed
from aidlib.monitoring.protected import alerts_by_age, alerts_by_cause, protect_ages, protect_causes
from aidlib.monitoring.publishing import Published
from aidlib.monitoring.trial import past
from aidlib.monitoring.vocabulary import causes
from aidlib.regions import region
from aidlib.words import word

if TYPE_CHECKING:
    import pandas as pd

ROOT = 0
STRANGERS = "the restricted folder is another user's"
WHOLE = ("basic_living", "recognition", "coordination")  # programmes whose department sees why and how much, too
NEEDED = ("region", "name", "id_number", "alert_cause", "compared_with", "since", "action", "deadline", "article")
MORE = (
    "household", "person", "why", "alert_state", "reason", "priority", "points_urgent", "points_vulnerable", "points_lasting",
    "points_amount", "points_overdue", "distance_yuan", "amount_yuan",
)  # fmt: skip
CODES = ("alert_cause", "alert_disposition", "alert_state", "what", "kind")
CHAINS_DRAWN = 3
PUBLISHED, ALERTS = "published.parquet", "alerts.parquet"


@dataclass(frozen=True)
class Lists:
    """Lists that were written: how many workbooks of departments, and where (never shown)."""

    workbooks: int
    folder: Path = field(repr=False)


def restricted_folder(named: str, region_code: str, month: str) -> Path:
    """Make the restricted folder of a place and month, readable by its owner only."""
    private = f"aidlib-restricted-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    base = named_folder(named) if named else Path(tempfile.gettempdir()) / private
    places = [(base / month).resolve(), (base / month / region_code).resolve()]
    if not (named and base.exists()):
        places.insert(0, base.resolve())
    here = Path.cwd().resolve()
    if any(may_leave(place) or here in (place, *place.parents) for place in places):
        raise PrivacyFault("lists of persons may not lie there", expected="a folder outside any repository and any reports folder",
                           hint="name another with restricted=")  # fmt: skip
    if base.exists() and not _owned(base, ROOT):
        raise PrivacyFault(STRANGERS, hint="name another with restricted=")
    for place in places:
        place.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    if not all(map(_owned, places)):
        raise PrivacyFault(STRANGERS, hint="name another with restricted=")
    for place in places:
        place.chmod(OWNER_FOLDER)
    return places[-1]


def _owned(place: Path, *others: int) -> bool:
    """Whether a folder, and a link that leads to it, is this user's own; another could look into it or put another in its place."""
    return not hasattr(os, "getuid") or {place.lstat().st_uid, place.stat().st_uid} <= {os.getuid(), *others}


def continued(result: Monitored, restricted: str, seed: int = 1) -> Monitored:
    """Give the alerts their state from last month's: those of the files, else those in the restricted folder; invented for an invented place."""
    if result.files.invented:
        before, decisions = past(result, seed)
        files = replace(result.files, more={**result.files.more, "alerts_before": before})
        return replace(followed(result, before, decisions), files=files)
    earlier = _last_month(result, restricted) / ALERTS
    if "alerts_before" in result.files.more or not earlier.is_file():
        return result
    return followed(result, pl.read_parquet(earlier), result.files.more.get("decisions"))


def _last_month(result: Monitored, restricted: str) -> Path:
    last = month_text(result.month.last - 1)
    return restricted_folder(restricted, result.files.region, last)


def published(result: Monitored, law: Book, restricted: str) -> Published:
    """Open what may be shown of a month, held against what was published last month."""
    made = Published(result, law)
    if not result.files.invented:
        return replace(made, last=last_published(_last_month(result, restricted)))
    rows = result.files.more.get("alerts_before", result.alerts.head(0))
    ages = protect_ages(alerts_by_age(rows, *made.ages), made.status)
    _, kept = protect_causes(alerts_by_cause(rows, made.dispositions), ages, {})
    return replace(made, last=kept | ({"by_age": ages.suppressed} if ages.suppressed else {}))


def write_lists(shown: Published, restricted: str, language: str = "zh") -> Lists:
    """Write the workbooks of the departments, the review list, the chains of the most urgent families, and what next month needs."""
    result = shown.result
    folder, linked = restricted_folder(restricted, result.files.region, month_text(result.month.last)), chains(result)
    for left in (*folder.glob("*.xlsx"), *folder.glob("chain-*.svg")):
        left.unlink()  # an earlier edition may name persons of whom nothing is due any more
    rows = _rows(shown, language)
    departments = sorted(rows.partition_by("department", as_dict=True).items())
    whole = {rule.department.text for rule in shown.rules.values() if rule.department and rule.cause.programme in WHOLE}
    for (department,), part in departments:
        wanted = (*NEEDED, *MORE) if department in whole else NEEDED
        _workbook(
            folder / f"{department}.xlsx", {"alerts": part.select(c for c in wanted if c in part.columns)}, language
        )
    pairs = {f"{name}-{side}": review.pairs for (name, side), review in result.pairs.items() if len(review.pairs)}
    sheets = {"counts": _whole_counts(result.alerts), **pairs, "gaps": linked.gaps, "doubles": linked.doubles}
    _workbook(folder / "review.xlsx", sheets, language)
    _draw(result, linked, folder)
    result.alerts.write_parquet(folder / ALERTS)
    keep_published(folder, shown.kept)
    for path in folder.iterdir():
        path.chmod(OWNER_FILE)
    return Lists(len(departments), folder)


def _whole_counts(alerts: pl.DataFrame) -> pl.DataFrame:
    """Every number of alerts by cause, those that the page hides included."""
    by = alerts.group_by(alert_disposition="disposition", alert_cause="cause", alert_department="department").len(
        "alerts"
    )
    return by.sort("alert_disposition", "alerts", "alert_cause", descending=[False, True, False])


def _rows(shown: Published, language: str) -> pl.DataFrame:
    """One row an alert and person, in words."""
    result = shown.result
    alerts, names = result.alerts.filter(pl.col("department").is_not_null()), result.files.names
    first = names.group_by("household_id").agg(head=pl.col("person_id").min())
    who = pl.when(pl.col("person_ids").list.len() > 0).then("person_ids").otherwise(pl.concat_list("head"))
    each = alerts.join(first, on="household_id", how="left").with_columns(person_id=who).explode("person_id")
    named = each.join(names.drop("household_id"), on="person_id", how="left")
    told, rules, cause = causes(), shown.rules, pl.col("cause")
    blanks = {
        "{event_on}": pl.col("event_on").cast(pl.String), "{months}": pl.col("months").cast(pl.String),
        "{distance}": _yuan_text("distance_fen"), "{amount}": _yuan_text("amount_fen"),
    }  # fmt: skip
    why = cause.replace_strict({name: one.why[language] for name, one in told.items()}, default="")
    for blank, text in blanks.items():
        why = why.str.replace(blank, text.fill_null("?"), literal=True)
    places = {code: region(code).name(language) for code in named["region_code"].unique()}
    return named.with_columns(
        region=pl.col("region_code").replace_strict(places, return_dtype=pl.String),
        household=pl.col("household_no") if "household_no" in named.columns else pl.col("household_id"),
        person=pl.col("person_no") if "person_no" in named.columns else pl.col("person_id"),
        alert_cause=cause, alert_state="state", since="event_on", why=why,
        compared_with=cause.replace_strict({name: one.compared[language] for name, one in told.items()}, default=""),
        action=cause.replace_strict({name: rule.action.text if rule.action else "" for name, rule in rules.items()}, default=""),
        article=cause.replace_strict({name: rule.rule.cite() for name, rule in rules.items()}, default=""),
        distance_yuan=_yuan("distance_fen"), amount_yuan=_yuan("amount_fen"),
    )  # fmt: skip


def _yuan(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Decimal(38, 2)) / 100


def _yuan_text(column: str) -> pl.Expr:
    cents = (pl.col(column).abs() % 100).cast(pl.String).str.zfill(2)
    return pl.format("{}.{}", pl.col(column).abs() // 100, cents)


def _workbook(path: Path, sheets: dict[str, pl.DataFrame], language: str) -> None:
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False}  # a name that begins with = stays a name
    with xlsxwriter.Workbook(str(path), plain) as book:
        for name, table in sheets.items():
            codes = {column: table[column].unique().drop_nulls() for column in CODES if column in table.columns}
            words = {column: {code: word(code, column, language) for code in found} for column, found in codes.items()}
            said = table.with_columns(
                pl.col(column).replace_strict(known, default=None) for column, known in words.items()
            )
            heads = {column: word(column, "list", language) for column in said.columns}
            register, _, side = name.partition("-")
            title = " ".join(filter(None, (word(register, "register", language), word(side, "list", language))))
            said.rename(heads).write_excel(book, worksheet=title[:31], autofit=True)


def _draw(result: Monitored, linked: Chains, folder: Path) -> None:
    """Draw the chains of the most urgent families."""
    from matplotlib import pyplot as plt

    for home in result.alerts["household_id"].unique(maintain_order=True).head(CHAINS_DRAWN):
        Chain(linked.of(home), result.month.last, result.files.synthetic).plot()
        plt.savefig(folder / f"chain-{home}.svg")
        plt.close()


def keep_published(folder: Path, kept: dict[str, Suppressed]) -> None:
    """Keep what was published and what was behind it, so that next month's tables do not give this one's small cells away."""
    rows = [row for name, one in kept.items() for row in _cells(name, one)]
    columns = {
        "table": pl.String,
        "row": pl.String,
        "column": pl.String,
        "count": pl.Int64,
        "small": pl.Boolean,
        "hidden": pl.Boolean,
    }
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(folder / PUBLISHED)


def _cells(name: str, one: Suppressed) -> Iterator[tuple[str, str, str, int, bool, bool]]:
    full, hidden = one._full, one.table.isna()
    for row in full.index:
        for column in full.columns:
            yield (
                name,
                str(row),
                str(column),
                int(full[column][row]),
                bool(one.primary[column][row]),
                bool(hidden[column][row]),
            )


def last_published(folder: Path) -> dict[str, Suppressed]:
    """Read back what `keep_published` kept; nothing where there is nothing."""
    path = folder / PUBLISHED
    if not path.is_file():
        return {}
    parts = pl.read_parquet(path).partition_by("table", as_dict=True, maintain_order=True)
    return {str(name): _suppressed(part.to_pandas()) for (name,), part in parts.items()}


def _suppressed(long: pd.DataFrame) -> Suppressed:
    rows, columns = list(dict.fromkeys(long["row"])), list(dict.fromkeys(long["column"]))
    full, small, hidden = (
        long.pivot(index="row", columns="column", values=value).loc[rows, columns].rename_axis(index=None, columns=None)
        for value in ("count", "small", "hidden")
    )
    return Suppressed(full.mask(hidden).astype("Int64"), small, hidden & ~small, full)
