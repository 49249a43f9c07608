"""Running the performance report in this process, and what it showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat
import polars as pl
import pytest

import aidlib.reports
from aidlib.register.columns import COLUMNS
from aidlib.register.synthetic import population as drawn
from aidlib.reports import context
from aidlib.reports import performance_evaluation as page

SECTIONS = (
    "show_finding", "show_form", "show_standards", "show_work", "show_linkage", "show_candidates", "show_population",
    "show_targeting", "show_impact", "show_robustness", "show_close",
)  # fmt: skip


@dataclass
class Shown:
    """What a report showed: pieces of HTML, and the records of its tables and figures."""

    html: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    records: list[dict[str, object]] = field(default_factory=list)

    def take(self, html: str, words: str, record: dict[str, object]) -> None:
        self.html.append(html)
        self.words.append(words)
        self.records.append(record)

    def table(self, name: str) -> list[dict[str, object]]:
        found = next(r for r in self.records if r.get("table") == name)
        return [dict(zip(found["columns"], cells, strict=True)) for cells in found["cells"]]  # type: ignore[call-overload]

    @property
    def tables(self) -> set[str]:
        return {str(r["table"]) for r in self.records if "table" in r}

    def page_of(self, name: str) -> str:
        return next(
            h for h, r in zip(self.html, self.records, strict=True) if name in (r.get("table"), r.get("figure"))
        )

    @property
    def finding(self) -> str:
        return "\n".join(next(r["finding"] for r in self.records if "finding" in r))  # type: ignore[arg-type]


def run(region: str, year: int, language: str = "zh", **given_: str) -> tuple[Shown, page.Evaluation]:
    """Run every section of the performance report in this process."""
    shown = Shown()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "_show", shown.take)
        parameters = dict.fromkeys(("register", "filled", "last", "last_register"), "") | {
            "rubric": "2016-national",
            **given_,
        }
        report = aidlib.reports.start(
            "performance_evaluation", region=region, period=str(year), language=language, **parameters
        )
        found = page.open_evaluation(report)
        for section in SECTIONS:
            getattr(page, section)(found)
        report.finish()
    return shown, found


@lru_cache(maxsize=4)
def edition(region: str, year: int) -> tuple[Shown, page.Evaluation]:
    """The report of synthetic households, run once for all tests that only look at it."""
    return run(region, year)


def as_register(folder: Path, households: int) -> Path:
    """Write invented households as a register: two CSV files under the register's own names."""
    homes, people = drawn(households, 3, "450400").block(0)
    codes = {c: dict(enumerate(COLUMNS[c].codes)) for c in people.columns if c in COLUMNS and COLUMNS[c].kind == "code"}
    people = people.with_columns(
        pl.col(c).cast(pl.Int64).replace_strict(w, return_dtype=pl.String) for c, w in codes.items()
    )
    homes.drop("status", "expend_fen").with_columns(pl.lit(100_000).alias("expend_fen")).write_csv(
        folder / "households.csv"
    )
    people.drop("status").write_csv(folder / "persons.csv")
    return folder


def saved(shown: Shown, path: Path) -> Path:
    """Write what a report showed as the executed notebook that the fleet would keep."""
    outputs = [
        nbformat.v4.new_output("display_data", {"text/plain": words}, metadata={"aidlib": record})
        for words, record in zip(shown.words, shown.records, strict=True)
    ]
    cell = nbformat.v4.new_code_cell("", outputs=outputs)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path
