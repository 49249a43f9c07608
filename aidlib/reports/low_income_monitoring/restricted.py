"""Lists of persons: one workbook for each department with what it needs, in a restricted folder that no report is made from."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure import Suppressed
from aidlib.errors import PrivacyFault
from aidlib.monitoring.alert_rules import AlertRule
from aidlib.monitoring.chain import Chains
from aidlib.monitoring.vocabulary import causes
from aidlib.reports.low_income_monitoring import drawings
from aidlib.reports.low_income_monitoring.inputs import Month, named_folder

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

PRIVATE = 0o700
CIVIL = ("民政部门", "协调机制")
NEEDED = ("region_code", "name", "id_number", "cause", "compared_with", "since", "action", "deadline", "article")
MORE = (
    "household_id", "person_id", "why", "state", "reason", "priority", "points_urgent", "points_vulnerable", "points_lasting",
    "points_amount", "points_overdue", "distance_yuan", "amount_yuan",
)  # fmt: skip
CHAINS_DRAWN = 5
PUBLISHED = "published.parquet"


def folder_for(named: str, region: str, month: str) -> Path:
    """Make the restricted folder, readable by its owner only.

    Parameters
    ----------
    named : str
        The parameter of the notebook; empty: a private folder of this user among the temporary ones.

    Raises
    ------
    PrivacyFault
        The folder lies where a report or a commit could take it along: in a git working tree, in a folder that holds reports or
        is named so, or in the folder the notebook runs in; or it is another user's.
    """
    private = f"aidlib-restricted-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    base = named_folder(named) if named else Path(tempfile.gettempdir()) / private
    places = [(base / month).resolve(), (base / month / region).resolve()]
    if not (named and base.exists()):
        places.insert(0, base.resolve())
    if any(_may_leave(above) for place in places for above in (place, *place.parents)):
        raise PrivacyFault("lists of persons may not lie there", expected="a folder outside any repository and any reports folder",
                           hint="name another with restricted=")  # fmt: skip
    for place in places:
        place.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        _own(place)
    return places[-1]


def _may_leave(place: Path) -> bool:
    """Whether a folder is a repository, one of reports, or the one the notebook runs in."""
    marked = any((place / mark).exists() for mark in (".git", "manifest.jsonl", ".work"))
    return marked or place.name.casefold() == "reports" or place == Path.cwd().resolve()


def _own(place: Path) -> None:
    try:
        place.chmod(PRIVATE)
    except PermissionError:
        raise PrivacyFault("the restricted folder is another user's", hint="name another with restricted=") from None


def export(report: Report, month: Month, rules: dict[str, AlertRule], linked: Chains, named: str) -> tuple[Path, int]:
    """Write the workbooks of the departments, the review list and the chains of the most urgent families.

    Returns
    -------
    Path, int
        The folder (never to be shown), and how many workbooks were written.
    """
    folder = folder_for(named, report.region.code, report.period)
    for left in (*folder.glob("*.xlsx"), *folder.glob("chain-*.svg")):
        left.unlink()  # an earlier edition may name persons of whom nothing is due any more
    rows = _rows(report, month, rules)
    for department, part in sorted(rows.partition_by("department", as_dict=True).items()):
        _workbook(folder / f"{department[0]}.xlsx", {"alerts": _for(str(department[0]), part)})
    sheets = {
        f"{name}-{side}": review.pairs for (name, side), review in month.found.reviews.items() if len(review.pairs)
    }
    _workbook(folder / "review.xlsx", {**sheets, "gaps": linked.gaps, "doubles": linked.doubles})
    _draw(report, month, linked, folder)
    month.found.alerts.write_parquet(folder / "alerts.parquet")
    _close(folder)
    return folder, rows["department"].n_unique()


def _rows(report: Report, month: Month, rules: dict[str, AlertRule]) -> pl.DataFrame:
    """One row an alert and person, in words."""
    alerts = month.found.alerts.filter(pl.col("department").is_not_null())
    first = month.persons.group_by("household_id").agg(head=pl.col("person_id").min())
    who = pl.when(pl.col("person_ids").list.len() > 0).then("person_ids").otherwise(pl.concat_list("head"))
    each = alerts.join(first, on="household_id", how="left").with_columns(person_id=who).explode("person_id")
    private = [name for name in ("name", "id_number") if name in month.persons.columns]
    named = each.join(month.persons.select("person_id", *private), on="person_id", how="left")
    language = report.language
    words = {name: (getattr(c, f"compared_{language}"), getattr(c, f"why_{language}")) for name, c in causes().items()}
    actions = {name: rule.action.text if rule.action else "" for name, rule in rules.items()}
    articles = {name: rule.rule.cite() for name, rule in rules.items()}
    code = pl.col("cause")
    return named.with_columns(
        compared_with=code.replace_strict({k: v[0] for k, v in words.items()}, default=""),
        why=_why({k: v[1] for k, v in words.items()}), action=code.replace_strict(actions, default=""),
        article=code.replace_strict(articles, default=""), since=pl.col("event_on"),
        distance_yuan=pl.col("distance_fen") / 100, amount_yuan=pl.col("amount_fen") / 100,
    )  # fmt: skip


def _why(texts: dict[str, str]) -> pl.Expr:
    """Fill the blanks of a cause's sentence."""
    text = pl.col("cause").replace_strict(texts, default="")
    blanks = {
        "{event_on}": pl.col("event_on").cast(pl.String), "{months}": pl.col("months").cast(pl.String),
        "{distance}": _yuan("distance_fen"), "{amount}": _yuan("amount_fen"),
    }  # fmt: skip
    for blank, value in blanks.items():
        text = text.str.replace(blank, value.fill_null("?"), literal=True)
    return text


def _yuan(column: str) -> pl.Expr:
    cents = (pl.col(column).abs() % 100).cast(pl.String).str.zfill(2)
    return pl.format("{}.{}", pl.col(column).abs() // 100, cents)


def _for(department: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep what a department needs: civil affairs sees why and how much, the others who, what and until when."""
    wanted = (*NEEDED, *MORE) if any(word in department for word in CIVIL) else NEEDED
    return rows.select(name for name in wanted if name in rows.columns)


def _workbook(path: Path, sheets: dict[str, pl.DataFrame]) -> None:
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False}  # a name that begins with = stays a name
    with xlsxwriter.Workbook(str(path), plain) as book:
        for name, table in sheets.items():
            table.write_excel(book, worksheet=name[:31], autofit=True)


def _draw(report: Report, month: Month, linked: Chains, folder: Path) -> None:
    from aidlib.reports import fonts

    for home in month.found.alerts["household_id"].unique(maintain_order=True).head(CHAINS_DRAWN):
        title = report.t(f"家庭{home}的救助链", f"chain of family {home}")
        drawing = drawings.chain(report, linked.of(home), month.found.scene.last, title, month.synthetic)
        (folder / f"chain-{home}.svg").write_bytes(fonts.picture(drawing))


def keep_published(folder: Path, published: dict[str, Suppressed]) -> None:
    """Keep what was published and what was behind it, so that next month's tables do not give this one's small cells away."""
    rows = [row for name, one in published.items() for row in _cells(name, one)]
    columns = {
        "table": pl.String,
        "row": pl.String,
        "column": pl.String,
        "count": pl.Int64,
        "small": pl.Boolean,
        "hidden": pl.Boolean,
    }
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(folder / PUBLISHED)
    _close(folder)


def _cells(name: str, one: Suppressed) -> Iterator[tuple[str, str, str, int, bool, bool]]:
    full, small, hidden = one._full, one.primary, one.table.isna()
    for row in full.index:
        for column in full.columns:
            yield (
                name,
                str(row),
                str(column),
                int(full[column][row]),
                bool(small[column][row]),
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


def _close(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o600)
