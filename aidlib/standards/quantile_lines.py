"""Quantile regression of consumption on household type: what households of a kind spend at a low quantile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aidlib.errors import DataFault
from aidlib.money import FEN_PER_YUAN
from aidlib.standards.candidate import Candidate
from aidlib.standards.microdata import columns, fen, households, parameter

TAUS = (0.1, 0.2)
CONFIDENCE = 0.95


def quantile_lines(
    consumption: Any, types: Mapping[str, Any], reference: Mapping[str, float], taus: Sequence[float] = TAUS
) -> list[Candidate]:
    """分位数回归:某类家庭低分位的消费。 Consumption per head at low quantiles for a reference household, yuan per month.

    Parameters
    ----------
    consumption : sequence of float
        Consumption per head and month, one per household.
    types : mapping
        Characteristics of the household, such as children, elderly, members.
    reference : mapping
        The same characteristics of the household the line is for.
    taus : sequence of float
        Quantiles, each above 0 and below 1.

    Returns
    -------
    list of Candidate
        One per quantile, with its standard error and 95% range.

    Raises
    ------
    DataFault
        A characteristic without a reference, a quantile outside (0, 1), or households that do not tell the characteristics apart:
        one that never varies, or follows from the others, would be carried to the reference by nothing but arithmetic.

    Notes
    -----
    statsmodels' `QuantReg` takes no weights: the lines are those of households, not of persons.

    Examples
    --------
    >>> import numpy as np
    >>> size = np.tile([1.0, 2.0, 3.0, 4.0], 50)
    >>> spent = 1000 - 100 * size + np.repeat(np.linspace(-50, 50, 50), 4)
    >>> [round(float(c.fen_month) / 100) for c in quantile_lines(spent, {"members": size}, {"members": 2})]
    [760, 770]
    """
    if missing := sorted(set(types) ^ set(reference)):
        raise DataFault("characteristics and reference household differ", got=", ".join(missing))
    if wrong := [tau for tau in taus if not 0 < tau < 1]:
        raise DataFault("a quantile lies between 0 and 1", got=", ".join(map(str, wrong)))
    held, _ = columns({"consumption": consumption, **types})
    design = _design(held, list(reference))
    return [_line(held, design, reference, tau) for tau in taus]


def _design(held: Mapping[str, Any], names: Sequence[str]) -> Any:
    import numpy as np

    design = np.column_stack([np.ones(len(held["consumption"])), *(held[name] for name in names)])
    rows, width = design.shape
    if rows <= width or np.linalg.matrix_rank(design) < width:
        raise DataFault("the households do not tell the characteristics apart", got=f"{rows} households, {', '.join(names)}",
                        expected="more households than characteristics, each varying in its own way")  # fmt: skip
    return design


def _line(held: Mapping[str, Any], design: Any, reference: Mapping[str, float], tau: float) -> Candidate:
    import numpy as np
    import statsmodels.api as sm
    from scipy import stats

    names = list(reference)
    fit = sm.QuantReg(held["consumption"], design).fit(q=tau)
    at = np.array([1.0, *(reference[name] for name in names)])
    line = float(at @ fit.params)
    se = float((at @ fit.cov_params() @ at) ** 0.5)
    half = float(stats.norm.ppf((1 + CONFIDENCE) / 2)) * se
    return Candidate(
        f"quantile_{tau:g}", fen(line), (households(len(design)), parameter("tau", tau)),
        fen(line - half), fen(line + half), se * FEN_PER_YUAN, (("按户计，未加权", "of households, not weighted"),),
    )  # fmt: skip
