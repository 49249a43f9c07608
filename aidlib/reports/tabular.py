"""A frame as a table on the page: caption, scopes, exact numbers, status marks, sources by row, and a CSV to take away."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from aidlib.money import decimal_text
from aidlib.reports.cells import (
    DASH,
    DECIMAL,
    csv_bytes,
    decimals_needed,
    exactly,
    grouped_text,
    is_missing,
    is_number,
    is_numeric,
)  # fmt: skip
from aidlib.reports.sourcing import link_html, mark_html, prose, slug
from aidlib.reports.words import STATUS_WORDS, status_word, word

if TYPE_CHECKING:
    import pandas as pd

SOURCES = "sources"
CALENDAR = re.compile(r"year|period|code|年|年份|年度|代码")
SHORT_WIDTH, SHORT_HEAD_WIDTH, LONG_WIDTH = 16, 24, 30


@dataclass(frozen=True)
class Column:
    """One column to be shown: its label, its cells with their statuses, and how its numbers are written."""

    label: str
    cells: list[object]
    statuses: list[object]
    numeric: bool
    decimals: int
    grouped: bool

    def look(self, heads_rows: bool = False) -> str:
        """Return the class of its cells as an attribute: numbers stand right, short words do not break, long ones get room."""
        if self.numeric and not heads_rows:
            return ' class="n"'
        widest = max((_width(str(cell)) for cell in self.cells), default=0)
        if widest <= (SHORT_HEAD_WIDTH if heads_rows else SHORT_WIDTH):
            return ' class="s"'
        return ' class="t"' if widest >= LONG_WIDTH else ""


def table_html(
    name: str,
    frame: pd.DataFrame,
    caption: str,
    note: str = "",
    *,
    status_columns: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    decimals: Mapping[str, int] | None = None,
    language: str = "zh",
) -> str:
    """Write a frame as an accessible table with a CSV download.

    Parameters
    ----------
    name : str
        Short name; becomes the id (`table-<name>`) and the name of the CSV.
    frame : pandas.DataFrame
        The first column heads the rows. int, float, Decimal and Fraction cells stand right with thousands separators, text such
        as `1280.50` or `3.5%` too; codes, months and whole-number text stay as written. None and NaN are shown as no data.
        A column `sources` holds, per row, a list of law values, figures or places (`law/values.csv:12`) that open on demand.
    caption, note : str
        What the table shows; what the reader must know below it.
    status_columns : mapping, optional
        Value column -> column with its status. Left out: `x_status` belongs to `x`, and `status` is shown as a word.
    labels : mapping, optional
        Column -> heading.
    decimals : mapping, optional
        Column -> decimals shown (default: as many as needed; floats at most two, exact numbers at most four).
    language : str
        `zh` or `en`.

    Examples
    --------
    >>> import pandas as pd
    >>> page = table_html("pay", pd.DataFrame({"对象": ["低保"], "金额": [1280]}), "补贴")
    >>> '<td class="n">1,280</td>' in page, '<th scope="row" class="s">低保</th>' in page, 'download="pay.csv"' in page
    (True, True, True)
    """
    frame = _flat(frame)
    statuses = _status_columns(frame, status_columns)
    columns = _columns(frame, statuses, labels or {}, decimals or {})
    bases = list(frame[SOURCES]) if SOURCES in frame else []
    identity = slug(name)
    body = "".join(_row(columns, at, bases, language) for at in range(len(frame)))
    return (
        f'<div class="table" id="table-{identity}"><div class="scroll" role="region" tabindex="0"'
        f' aria-labelledby="caption-{identity}"><table><caption id="caption-{identity}">{escape(caption)}</caption>'
        f"<thead><tr>{_head(columns, bool(bases), language)}</tr></thead>"
        f"<tbody>{body or _empty(len(columns), language)}</tbody></table></div>"
        f'{_note(note)}<p class="tools">{_csv_link(name, caption, frame, language)}</p></div>'
    )


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if not (isinstance(frame.index, pd.RangeIndex) and frame.index.name is None):
        frame = frame.reset_index()
    flat = frame.copy(deep=False)
    flat.columns = pd.Index([" ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in frame.columns])
    return flat


def _status_columns(frame: pd.DataFrame, given: Mapping[str, str] | None) -> dict[str, str]:
    if given is not None:
        return dict(given)
    return {column: f"{column}_status" for column in frame.columns if f"{column}_status" in frame.columns}


def _columns(
    frame: pd.DataFrame, statuses: Mapping[str, str], labels: Mapping[str, str], decimals: Mapping[str, int]
) -> list[Column]:
    hidden = {status for value, status in statuses.items() if status != value} | {SOURCES}
    shown = []
    for at, column in enumerate(frame.columns):
        if column not in hidden:
            cells = list(frame.iloc[:, at])
            marks = list(frame[statuses[column]]) if column in statuses else [None] * len(cells)
            label = labels.get(column, column)
            places = decimals.get(column, decimals_needed(cells))
            grouped = not (CALENDAR.fullmatch(column) or CALENDAR.fullmatch(label))
            shown.append(Column(label, cells, marks, is_numeric(cells), places, grouped))
    return shown


def _width(text: str) -> int:
    """Count the columns a text takes, a Chinese character counting as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _written(cell: object, column: Column, language: str) -> str:
    if is_number(cell):
        text = decimal_text(exactly(cell), column.decimals)
        return grouped_text(text) if column.grouped else text
    if type(cell).__name__ in ("bool", "bool_"):
        return word("yes" if cell else "no", language)
    text = str(cell)
    if column.numeric and column.grouped and DECIMAL.fullmatch(text):
        return grouped_text(text)
    if text in STATUS_WORDS:
        return status_word(text, language)
    return prose(text) if _width(text) > SHORT_WIDTH else escape(text)


def _cell(column: Column, at: int, language: str) -> str:
    cell, status = column.cells[at], column.statuses[at]
    mark = mark_html(status, language)
    if is_missing(cell):
        return mark if status == "suppressed" else _absent(language) + mark
    written = _written(cell, column, language)
    return mark + written if column.numeric else written + (mark or mark_html(cell, language))


def _absent(language: str) -> str:
    return f'<span class="missing" role="img" aria-label="{word("missing", language)}">{DASH}</span>'


def _row(columns: Sequence[Column], at: int, bases: Sequence[object], language: str) -> str:
    head, *rest = columns
    cells = [f'<th scope="row"{head.look(heads_rows=True)}>{_cell(head, at, language)}</th>']
    cells += [f"<td{c.look()}>{_cell(c, at, language)}</td>" for c in rest]
    cells += [f"<td>{_basis_html(bases[at], language)}</td>"] if bases else []
    return f"<tr>{''.join(cells)}</tr>"


def _basis_html(bases: object, language: str) -> str:
    items = [bases] if isinstance(bases, str) else list(bases) if bases else []  # type: ignore[call-overload]
    if not items:
        return _absent(language)
    links = "".join(f"<li>{link_html(item, language)}</li>" for item in items)
    return (
        f'<details class="basis"><summary>{word("source", language)} {len(items)}</summary><ul>{links}</ul></details>'
    )


def _head(columns: Sequence[Column], sourced: bool, language: str) -> str:
    heads = [(column.label, column.look(heads_rows=not at)) for at, column in enumerate(columns)]
    heads += [(word("source", language), "")] if sourced else []
    return "".join(f'<th scope="col"{look}>{escape(label)}</th>' for label, look in heads)


def _empty(width: int, language: str) -> str:
    return f'<tr><td colspan="{max(width, 1)}">{word("no_rows", language)}</td></tr>'


def _note(note: str) -> str:
    return f'<p class="note">{prose(note)}</p>' if note else ""


def _csv_link(name: str, caption: str, frame: pd.DataFrame, language: str) -> str:
    coded = base64.b64encode(csv_bytes(frame)).decode()
    label = escape(f"{word('csv', language)}: {caption}")
    address = f"data:text/csv;charset=utf-8;base64,{coded}"
    return (
        f'<a class="csv" download="{slug(name)}.csv" aria-label="{label}" href="{address}">{word("csv", language)}</a>'
    )
