"""What the methods on household microdata share: checked arrays of persons, weighted quantiles, equivalence scales."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from aidlib.errors import DataFault, Fault
from aidlib.money import FEN_PER_YUAN, exact
from aidlib.standards.candidate import Input

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Scale = Literal["per_capita", "sqrt", "oecd_modified"]
FEN_DECIMALS = 4
# OECD-modified scale: the first adult counts one, each further adult a half, each child three tenths (Hagenaars et al. 1994).
FURTHER_ADULT, CHILD = 0.5, 0.3


def columns(values: Mapping[str, Any], weight: Any = None) -> tuple[dict[str, Array], Array]:
    """Turn columns of households into float arrays of one length with a weight, refusing what cannot be used.

    Parameters
    ----------
    values : mapping
        Column name to a sequence of numbers, one per household.
    weight : sequence, optional
        Weights in persons; one per household. Left out: every household counts once.

    Returns
    -------
    dict of arrays, array of weights
        Rows of weight nought are left out.

    Raises
    ------
    DataFault
        Missing numbers, other lengths, negative weights or none above zero: every fault at once.

    Examples
    --------
    >>> found, weight = columns({"x": [1, 2]}, [0, 3])
    >>> found["x"].tolist(), weight.tolist()
    ([2.0], [3.0])
    """
    import numpy as np

    held = {name: np.asarray(column, dtype=float) for name, column in values.items()}
    sizes = {name: len(column) for name, column in held.items()}
    weights = np.ones(max(sizes.values(), default=0)) if weight is None else np.asarray(weight, dtype=float)
    wrong = [Fault("missing numbers are not imputed", name) for name, column in held.items() if np.isnan(column).any()]
    if len({*sizes.values(), len(weights)}) > 1:
        raise DataFault("columns of different lengths", got=str(sizes | {"weight": len(weights)}))
    if not len(weights) or np.isnan(weights).any() or (weights < 0).any() or not (weights > 0).any():
        wrong.append(Fault("weights must be numbers, none negative, one at least above zero", "weight"))
    if wrong:
        raise DataFault(wrong)
    kept = weights > 0
    return {name: column[kept] for name, column in held.items()}, weights[kept]


def weighted_quantile(values: Array, weight: Array, share: float) -> float:
    """Return the smallest value at which the cumulated share of weight reaches `share`.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    2.0
    """
    import numpy as np

    if not 0 < share <= 1:
        raise DataFault("a share of persons lies above 0 and not above 1", got=str(share))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(reached, share - 1e-12)])


def equivalents(adults: Array, children: Array, scale: Scale) -> Array:
    """Return adult equivalents of households: heads, their square root, or the OECD-modified scale.

    Examples
    --------
    >>> import numpy as np
    >>> equivalents(np.array([2.0]), np.array([2.0]), "oecd_modified").tolist()
    [2.1]
    """
    import numpy as np

    if scale not in get_args(Scale):
        raise DataFault("unknown equivalence scale", expected=", ".join(get_args(Scale)), got=scale)
    if scale == "oecd_modified":
        return 1 + FURTHER_ADULT * (np.maximum(adults, 1) - 1) + CHILD * children
    heads = adults + children
    return heads if scale == "per_capita" else np.sqrt(heads)


def fen(yuan_month: float) -> Fraction:
    """Turn an estimate of yuan per month into fen, kept to a ten-thousandth of a fen.

    Examples
    --------
    >>> fen(500.25)
    Fraction(50025, 1)
    """
    return exact(f"{float(yuan_month) * FEN_PER_YUAN:.{FEN_DECIMALS}f}")


def households(count: int) -> Input:
    """Name the households an estimate was made from; an estimate is never stronger than estimated."""
    return Input("households", Fraction(count), "count", "estimated")


def parameter(name: str, value: float | Fraction) -> Input:
    """Name a parameter somebody chose."""
    number = value if isinstance(value, Fraction) else exact(repr(value) if isinstance(value, float) else str(value))
    return Input(name, number, "ratio", "estimated")
