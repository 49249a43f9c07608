"""What of an indicator may be shown: shares of few persons, and money that one or two households dominate, are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aidlib.disclosure import convention, dominated, suppressed_rate
from aidlib.evaluation.sample import Flags, Indicator, Sample

if TYPE_CHECKING:
    from aidlib.disclosure import Suppressed

Cell = tuple[float | None, str]
DEPTHS = ("fgt1", "fgt2", "gap_filled", "gap_reduction")
COUNTED = ("coverage", "exclusion_error", "inclusion_error", "fgt0", "gap_fully_filled", "gap_unfilled")


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


def coverage_table(s: Sample, parts: list[tuple[str, Flags]]) -> Suppressed:
    """Count persons who receive and who do not, by disjoint groups of households, small cells and what gives them away hidden."""
    import pandas as pd

    from aidlib.disclosure import suppress

    rows = {
        name: [int(s.persons[flags & s.receives].sum()), int(s.persons[flags & ~s.receives].sum())]
        for name, flags in parts
    }
    return suppress(pd.DataFrame.from_dict(rows, orient="index", columns=["receives", "without"]))


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
