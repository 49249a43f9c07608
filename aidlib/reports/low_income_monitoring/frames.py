"""Counts laid out for a reader: labels, marks of what is synthetic or hidden, and the law each row rests on."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aidlib.disclosure.suppression import TOTAL
from aidlib.money import decimal_text
from aidlib.monitoring.alert_rules import AlertRule
from aidlib.reports.low_income_monitoring import words
from aidlib.reports.low_income_monitoring.protected import HIDDEN, Protected

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.monitoring.measure import Measured
    from aidlib.reports.context import Report


def marked(published: Protected, status: str) -> pd.DataFrame:
    """Return counts as whole numbers, with a status column beside each: hidden, or that of the data.

    Examples
    --------
    >>> import pandas as pd
    >>> marked(Protected(pd.DataFrame({"a": [12, None]}, dtype="Int64"), None), "synthetic")["a_status"].tolist()
    ['synthetic', 'suppressed']
    """
    import pandas as pd

    cells: dict[str, Any] = {}
    for column in published.table:
        hidden = published.table[column].isna()
        name = "total" if column == TOTAL else str(column)
        cells[name] = [None if gone else int(n) for gone, n in zip(hidden, published.table[column], strict=True)]
        cells[f"{name}_status"] = [HIDDEN if gone else status for gone in hidden]
    return pd.DataFrame(cells, index=published.table.index, dtype="object")


def with_rows(frame: pd.DataFrame, column: str, labels: list[str]) -> pd.DataFrame:
    """Put the names of the rows first."""
    found = frame.reset_index(drop=True)
    found.insert(0, column, labels)
    return found


def total_label(report: Report, name: str) -> str:
    """Name a margin, or return nothing for a plain row."""
    return report.t("合计", "total") if name == TOTAL else ""


def by_cause(report: Report, published: Protected, rules: dict[str, AlertRule], status: str) -> pd.DataFrame:
    """Lay out alerts by cause: disposition, department, count, and the articles."""
    import pandas as pd

    known = [rules[str(cause)] for cause in published.table.index]
    found = with_rows(
        marked(published, status), "alert_cause", [words.group(report, str(c)) for c in published.table.index]
    )
    found.insert(1, "alert_disposition", [words.group(report, rule.rule.text) for rule in known])
    found.insert(
        2, "alert_department", [words.department(report, r.department.text if r.department else None) for r in known]
    )
    found["sources"] = pd.Series([list(rule.values) for rule in known], dtype="object")
    return found


def by_age(report: Report, published: Protected, status: str) -> pd.DataFrame:
    """Lay out alerts by disposition and age."""
    names = [total_label(report, str(kind)) or words.group(report, str(kind)) for kind in published.table.index]
    return with_rows(marked(published, status), "alert_disposition", names)


def matrix(report: Report, published: Protected, status: str) -> pd.DataFrame:
    """Lay out flows: layer at the end of last month down, of this month across."""
    frame = marked(published, status)
    names = [words.of(words.LAYERS, str(name), report) for name in published.table.index]
    return with_rows(frame, "layer_before", names).rename(columns=lambda c: f"layer_{c}" if c != "layer_before" else c)


def delivered(report: Report, published: Protected, status: str) -> pd.DataFrame:
    """Lay out delivery by programme and layer."""
    parts = [str(name).partition("|") for name in published.table.index]
    frame = with_rows(
        marked(published, status), "programme", [words.of(words.PROGRAMMES, p, report) for p, _, _ in parts]
    )
    frame.insert(1, "layer", [words.of(words.LAYERS, layer, report) for _, _, layer in parts])
    return frame


def _percent(part: Fraction | None) -> str | None:
    return None if part is None else f"{decimal_text(part * 100, 1)}%"


def measured(report: Report, found: Measured) -> pd.DataFrame:
    """Lay out how the alerts compare with the errors planted, cause by cause (invented families only)."""
    import pandas as pd

    table = found.by_cause
    return pd.DataFrame(
        {
            "alert_cause": [words.group(report, cause) for cause in table["cause"]],
            "planted": table["planted"],
            "found": table["found"],
            "alerts": table["alerts"],
            "false_alarms": table["false_alarms"],
            "recall": [_percent(part) for part in table["recall"]],
            "precision": [_percent(part) for part in table["precision"]],
        }
    )
