"""What of an indicator may be shown: shares of few persons, what would give them away, and money that one or two households dominate are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aidlib.disclosure import convention, dominated, suppressed_rate
from aidlib.disclosure.suppression import with_totals
from aidlib.evaluation import impact
from aidlib.evaluation.ranking import quantile_groups
from aidlib.evaluation.sample import Flags, Indicator, Sample
from aidlib.reports.performance_evaluation.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[float | None, str]
Parts = Sequence[tuple[str, Flags]]
COUNTED = ("coverage", "exclusion_error", "inclusion_error", "fgt0", "gap_fully_filled", "gap_unfilled")
DEPTHS = ("fgt1", "fgt2", "gap_filled", "gap_reduction")
QUINTILES = 5


def shown(found: Indicator, s: Sample, status: str) -> Cell:
    """Return an indicator's value and status, or nothing and `suppressed` where few are behind it.

    A share of persons needs ten persons in each of its parts; money needs ten receiving households of which no two hold nearly
    all of it.

    Examples
    --------
    >>> from aidlib.evaluation.sample import sample
    >>> from aidlib.evaluation.targeting import coverage
    >>> few, many = (sample([1.0] * n, [5.0, 0.0] * (n // 2), 2.0) for n in (10, 40))
    >>> shown(coverage(few), few, "synthetic"), shown(coverage(many), many, "synthetic")
    ((None, 'suppressed'), (0.5, 'synthetic'))
    """
    if found.value is None:
        return None, status
    return (found.value, status) if _enough(found, s) else (None, "suppressed")


def _enough(found: Indicator, s: Sample) -> bool:
    if found.name.startswith(COUNTED):
        return suppressed_rate(round(found.numerator), round(found.denominator)) is not None
    if found.name.startswith(DEPTHS):
        return int(s.poor.sum()) >= convention("threshold")
    return publishable_money(s)


def publishable_money(s: Sample) -> bool:
    """Tell whether sums of the benefit may be shown: enough households receive it and no two of them dominate."""
    paid = np.round(s.benefit * s.persons * 100).astype(np.int64)[s.receives]
    return len(paid) >= convention("threshold") and not dominated(paid.tolist())


def two_way(ledger: Ledger, name: str, s: Sample, parts: Parts, marked: Flags) -> pd.DataFrame:
    """Count persons of a partition of the households by whether they are marked, with margins; what may not be shown is missing.

    Small cells are hidden with those that would give them away, here or beside the table of the same name in the last edition;
    everything is where a small cell cannot be protected.

    Returns
    -------
    pandas.DataFrame
        One row a part and one for all; columns marked, unmarked and both, `Int64`.
    """
    import pandas as pd

    counts = [[int(s.persons[flags & side].sum()) for side in (marked, ~marked)] for _, flags in parts]
    table = pd.DataFrame(counts, index=[name for name, _ in parts])
    found = ledger.protect(name, table)
    found = hide_all(table) if found is None else found
    return found.set_axis(["marked", "unmarked", "both"], axis="columns")


def hide_all(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a table of counts with its margins and nothing in it."""
    full = with_totals(counts, "both").astype("Int64")
    return full.mask(full.notna())


def share(table: pd.DataFrame, at: int, status: str) -> Cell:
    """Return the marked share of a row of a two-way table, or nothing and `suppressed`."""
    if table.iloc[at, :2].isna().any():
        return None, "suppressed"
    marked, unmarked = (int(count) for count in table.iloc[at, :2])
    return (marked / (marked + unmarked) if marked + unmarked else None), status


def fifths(s: Sample) -> list[Flags]:
    """Mark the fifths of persons by income before the benefit, the poorest first."""
    place = quantile_groups(s.before, s.persons, QUINTILES)
    return [place == q for q in range(QUINTILES)]


def safe(ledger: Ledger, name: str, s: Sample, target: Flags) -> bool:
    """Tell whether the errors against a target may be shown: none of its four cells is hidden."""
    parts = (("target", target), ("others", ~target))
    return not two_way(ledger, f"errors {name}", s, parts, s.receives).isna().to_numpy().any()


def classes_safe(s: Sample) -> bool:
    """Tell whether the poor may be told by how much of their gap is filled: nobody, or ten persons and more, in each class."""
    filled = impact.gap_shares(s)
    full = s.line - s.before - s.benefit < impact.FEN
    classes = (s.poor & (filled <= 0), s.poor & full, s.poor & (filled > 0) & ~full)
    return not any(few(s, flags) for flags in classes)


def few(s: Sample, flags: Flags) -> bool:
    """Tell whether some, but fewer persons than the threshold, are marked."""
    return 0 < int(s.persons[flags].sum()) < convention("threshold")


def hidden_fifths(ledger: Ledger, scenario: str, s: Sample, of: str) -> list[bool]:
    """Say which fifth's share of the receiving persons (or of the money) is hidden: as in the coverage table, and where money is dominated."""
    parts = [(str(at + 1), flags) for at, flags in enumerate(fifths(s))]
    table = two_way(ledger, f"fifths {scenario}", s, parts, s.receives)
    small = table["marked"].isna().to_numpy()[:QUINTILES]
    if of == "benefit":
        inside = [s.only(flags & s.receives) for flags in fifths(s)]
        small = small | np.array([part.n > 0 and not publishable_money(part) for part in inside])
    sums = [float((s.persons * s.benefit)[flags].sum()) for flags in fifths(s)]
    return hidden_with(sums, small.tolist())


def hidden_with(values: list[float], small: list[bool]) -> list[bool]:
    """Say which of shares that sum to one are hidden: the small ones, and the least other one where only one would be.

    Examples
    --------
    >>> hidden_with([0.7, 0.2, 0.1], [False, False, True])
    [False, True, True]
    """
    hidden = list(small)
    if sum(hidden) == 1:
        rest = [at for at, held in enumerate(hidden) if not held]
        hidden[min(rest, key=lambda at: values[at])] = True
    return hidden
