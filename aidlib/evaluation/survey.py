"""Indicators of a survey with their sampling errors: poverty, targeting, incidence, by subgroup, linearised or by bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from aidlib.errors import AidError, ParameterFault, nearest
from aidlib.evaluation import poverty as _poverty
from aidlib.evaluation import targeting as _targeting
from aidlib.evaluation.sample import FEN_YEAR, Flags, Floats, Indicator, Sample, When, of_totals
from aidlib.evaluation.variance import Design, Lonely, linearised, replicates
from aidlib.result import TABLES, Result

Column = str | ArrayLike
Errors = Literal["taylor", "bootstrap"]
LEVEL = 0.95
WHOLE = "all"
SHOWN_AS = {"indicator": "method_measure", "low": "interval_low", "high": "interval_high"}
"""Columns whose names mean money or a form elsewhere in the vocabulary."""


@dataclass(frozen=True)
class SurveyDesign:
    """抽样设计：权数、层、初级抽样单元。 How a survey was drawn: weights, strata, primary sampling units.

    Parameters
    ----------
    weights : str or array_like
        Weight of each household (not yet times its members): a column of the data, or one number a row.
    strata, psu : str or array_like, optional
        Stratum and primary sampling unit. Default: one stratum; every household its own unit.
    fraction : float
        Share of the units that was drawn, for the finite population correction. Default 0: drawn from very many.
    lonely : {"error", "certainty", "centre"}
        What to do with a stratum of one unit.
    errors : {"taylor", "bootstrap"}
        Taylor linearisation (Särndal, Swensson & Wretman 1992), or the rescaled bootstrap of Rao & Wu (1988).
    draws, seed : int
        Replicates of the bootstrap, and their seed.

    Examples
    --------
    >>> SurveyDesign("weight", strata="stratum", psu="village").errors
    'taylor'
    """

    weights: Column
    strata: Column | None = None
    psu: Column | None = None
    fraction: float = 0.0
    lonely: Lonely = "error"
    errors: Errors = "taylor"
    draws: int = 500
    seed: int = 1

    def __post_init__(self) -> None:
        if self.errors not in ("taylor", "bootstrap"):
            raise ParameterFault(
                "unknown kind of error", where="errors", expected="taylor or bootstrap", got=str(self.errors)
            )
        if not 0 <= self.fraction < 1:
            raise ParameterFault(
                "not a share drawn", where="fraction", expected="0 or more, below 1", got=str(self.fraction)
            )
        if self.errors == "bootstrap" and (self.fraction or self.lonely != "error"):
            raise ParameterFault("the bootstrap knows neither a finite population nor lonely strata", where="errors",
                                 hint='errors="taylor"')  # fmt: skip


@dataclass(frozen=True, repr=False)
class Estimates(Result):
    """Estimates of a survey or a census, one row each.

    Attributes
    ----------
    frame : table
        indicator, group, estimate, std_error, low, high (95 %; empty on a census), n, n_missing (households), reason, status; of the kind of
        the data.
    """

    frame: Any

    def to_frame(self) -> Any:
        """The estimates, in pandas or Polars as the data were."""
        return self.frame

    def _repr_html_(self) -> str:
        import narwhals as nw

        shown = nw.from_native(self.frame).to_pandas().rename(columns=SHOWN_AS)
        return import_module(TABLES).frame_html(shown)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return repr(self.frame)


@dataclass(frozen=True)
class _Noted(Sample):
    """A sample that notes the two sides of each ratio, so that its error follows from the formula that gave its value."""

    sides: list[tuple[Floats, Floats]] = field(default_factory=list)

    def ratio(self, name: str, top: Floats | float, bottom: Floats | float, reason: str) -> Indicator:
        ones = np.ones(self.n)
        self.sides.append((top * ones, bottom * ones))
        return super().ratio(name, top, bottom, reason)


@dataclass(frozen=True)
class _Survey:
    """The households used, where they stand among the rows, and the design of all rows: a domain is never filtered first."""

    sample: _Noted
    used: Flags
    missing: Flags
    persons: Floats
    design: Design | None
    how: SurveyDesign | None
    groups: Any
    status: str
    kind: Any


def poverty(
    data: Any,
    income: Column = "income",
    line: Column | float = "line",
    members: Column | float = "members",
    benefit: Column | float = 0,
    *,
    when: When = "before",
    by: str | None = None,
    design: SurveyDesign | None = None,
) -> Estimates:
    """估计贫困发生率、缺口和深度。 Estimate poverty: headcount, gap and severity (`fgt0`, `fgt1`, `fgt2`) over persons.

    Parameters
    ----------
    data : pandas.DataFrame or polars.DataFrame
        One row a household.
    income, benefit : str, array_like or number
        Household totals before the benefit and of the benefit, yuan a month, compared in whole fen a year.
    line : str, array_like or number
        Poverty line, yuan per person per month; the total is held against line times members.
    members : str, array_like or number
        Household size.
    when : {"before", "after"}
        Income before or after the benefit.
    by : str, optional
        Column of subgroups; each is a domain of the whole survey.
    design : SurveyDesign, optional
        Left out, the data are a census: no sampling error.

    Returns
    -------
    Estimates

    Raises
    ------
    ParameterFault
        A column the data do not have, or of another length.
    AidError
        Weights, lines, benefits or sizes out of bounds; a stratum of one unit.

    References
    ----------
    Foster, Greer & Thorbecke (1984), Econometrica 52(3).

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"income": [200, 900], "line": [400, 400], "members": [1, 3]})
    >>> poverty(homes).to_frame()["estimate"].tolist()
    [1.0, 0.3125, 0.109375]
    """
    survey = _survey(data, (income, benefit, line, members), by, design)
    _check_when(when)
    found = ((lambda s, a=alpha: _poverty.fgt(s, a, when)) for alpha in (0, 1, 2))
    return _estimates(survey, list(found))


def targeting(
    data: Any,
    income: Column = "income",
    line: Column | float = "line",
    members: Column | float = "members",
    benefit: Column | float = "benefit",
    *,
    by: str | None = None,
    design: SurveyDesign | None = None,
) -> Estimates:
    """估计覆盖率、漏保率、错保率和外溢率。 Estimate coverage, exclusion and inclusion error (persons) and leakage (money); the target is who is poor before.

    Parameters, returns and errors are those of `poverty`.

    References
    ----------
    Coady, Grosh & Hoddinott (2004), Targeting of Transfers in Developing Countries, World Bank.

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"income": [200, 300, 900], "line": 400, "members": [1, 1, 1], "benefit": [100, 0, 100]})
    >>> targeting(homes).to_frame()[["indicator", "estimate"]].values.tolist()
    [['coverage', 0.5], ['exclusion_error', 0.5], ['inclusion_error', 0.5], ['leakage', 0.5]]
    """
    survey = _survey(data, (income, benefit, line, members), by, design)
    shares = (_targeting.coverage, _targeting.exclusion_error, _targeting.inclusion_error, _targeting.leakage)
    return _estimates(survey, list(shares))


def incidence(
    data: Any,
    income: Column = "income",
    members: Column | float = "members",
    benefit: Column | float = "benefit",
    *,
    groups: int = 5,
    by: str | None = None,
    design: SurveyDesign | None = None,
) -> Estimates:
    """估计补助在各收入组的分配。 Estimate the share of a benefit that goes to each quantile of persons by income before it; shares of a group sum to 1.

    `groups` is how many quantiles. All else is as in `poverty`. The errors take the quantiles' bounds as known.

    References
    ----------
    O'Donnell, van Doorslaer, Wagstaff & Lindelow (2008), Analyzing Health Equity Using Household Survey Data, ch. 14.

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"income": [200, 300], "members": 1, "benefit": [300, 100]})
    >>> incidence(homes, groups=2).to_frame()["estimate"].tolist()
    [0.75, 0.25]
    """
    if groups < 1:
        raise ParameterFault("no quantiles", where="groups", expected="one or more", got=str(groups))
    survey = _survey(data, (income, benefit, 1, members), by, design)
    return _estimates(survey, [lambda s: _targeting.incidence(s, groups)])


def _check_when(when: str) -> None:
    if when not in ("before", "after"):
        raise ParameterFault("unknown moment", where="when", expected="before or after", got=when)


def _survey(data: Any, columns: tuple[Column | float, ...], by: str | None, how: SurveyDesign | None) -> _Survey:
    import narwhals as nw

    frame = nw.from_native(data, eager_only=True)
    weight = _numbers(frame, how.weights) if how else np.ones(len(frame))
    income, benefit, line, members = (_numbers(frame, one) for one in columns)
    totals = (income * FEN_YEAR, benefit * FEN_YEAR, line * members * FEN_YEAR, members)
    plain = of_totals(*totals, weight)
    complete = ~np.isnan(np.stack(totals)).any(axis=0)
    used, missing = complete & (weight > 0), ~complete & (weight > 0)
    marks = frame["status"].to_list() if "status" in frame.columns else ["observed"]
    return _Survey(
        _Noted(**vars(plain)), used, missing, np.where(used, np.nan_to_num(members) * weight, 0.0), None if how is None else _design(frame, how),
        how, None if by is None else _array(frame, by), _weakest(marks), frame.implementation,
    )  # fmt: skip


def _weakest(marks: list[Any]) -> str:
    from aidlib.law import weakest

    return weakest(*set(marks))


def _design(frame: Any, how: SurveyDesign) -> Design:
    n = len(frame)
    strata = np.zeros(n) if how.strata is None else _codes(_array(frame, how.strata))
    units = np.arange(n, dtype=float) if how.psu is None else _codes(_array(frame, how.psu))
    return Design(strata, units, how.fraction)


def _codes(values: Any) -> Floats:
    if any(one is None or one != one for one in np.asarray(values).tolist()):
        raise ParameterFault(
            "rows without a stratum or sampling unit", where="strata, psu", hint="fill them, or leave the rows out"
        )
    found: Floats = np.unique(np.asarray(values).astype(str), return_inverse=True)[1].astype(float)
    return found


def _array(frame: Any, column: Any) -> Any:
    """Take a column by name, or numbers one a row."""
    if isinstance(column, str):
        if column not in frame.columns:
            raise ParameterFault(
                "no such column",
                where="data",
                expected=", ".join(frame.columns),
                got=column,
                hint=nearest(column, frame.columns),
            )
        return frame[column].to_numpy()
    values = np.asarray(column)
    if values.ndim and len(values) != len(frame):
        raise ParameterFault(
            "a column of another length", where="data", expected=f"{len(frame)} rows", got=str(len(values))
        )
    return values


def _numbers(frame: Any, column: Any) -> Floats:
    return np.broadcast_to(np.asarray(_array(frame, column), float), len(frame))


def _estimates(survey: _Survey, indicators: list[Callable[..., Any]]) -> Estimates:
    import narwhals as nw

    made = [one for find in indicators for one in _listed(find(survey.sample))]
    rows = list(_rows(survey, made))
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    kinds = {name: nw.Float64() for name in ("estimate", "std_error", "low", "high")}
    return Estimates(nw.from_dict(columns, backend=survey.kind).with_columns(
        nw.col(name).cast(kind) for name, kind in kinds.items()).to_native())  # fmt: skip


def _listed(found: Any) -> list[Indicator]:
    return found if isinstance(found, list) else [found]


def _rows(survey: _Survey, made: list[Indicator]) -> Iterator[dict[str, Any]]:
    everybody = np.ones(len(survey.used), bool)
    names = [] if survey.groups is None else sorted(set(np.asarray(survey.groups).astype(str)))
    domains = [(WHOLE, everybody), *((name, np.asarray(survey.groups).astype(str) == name) for name in names)]
    for one, sides in zip(made, survey.sample.sides, strict=True):
        for group, inside in domains:
            top, bottom = (_spread(side, survey.used) * inside for side in sides)
            value, error, low, high = _estimate(survey, top, bottom)
            yield {
                "indicator": one.name, "group": group, "estimate": value, "std_error": error, "low": low, "high": high,
                "n": int((survey.used & inside).sum()), "n_missing": int((survey.missing & inside).sum()),
                "reason": "" if value is not None else one.reason or "empty_group", "status": survey.status,
            }  # fmt: skip


def _spread(side: Floats, used: Flags) -> Floats:
    full = np.zeros(len(used))
    full[used] = side
    return full


def _estimate(survey: _Survey, top: Floats, bottom: Floats) -> tuple[float | None, ...]:
    """Value, standard error and interval; only the value on a census, nothing where nobody is in the domain."""
    weight, how, design = survey.persons, survey.how, survey.design
    whole = float(np.sum(weight * bottom))
    if not whole:
        return None, None, None, None
    value = float(np.sum(weight * top)) / whole
    if how is None or design is None:
        return value, None, None, None
    if how.errors == "bootstrap":
        return (value, *_by_bootstrap(top, bottom, weight, design, how))
    error = linearised(top, bottom, weight, design, how.lonely)[1]
    reach = _quantile(design) * error
    return value, error, value - reach, value + reach


def _quantile(design: Design) -> float:
    """Student's quantile with as many degrees of freedom as units less strata (Korn & Graubard 1990)."""
    from scipy import stats

    units = len(np.unique(np.stack([design.strata, design.units]), axis=1).T)
    return float(stats.t.ppf((1 + LEVEL) / 2, max(1, units - len(np.unique(design.strata)))))


def _by_bootstrap(
    top: Floats, bottom: Floats, weight: Floats, design: Design, how: SurveyDesign
) -> tuple[float, float, float]:
    for stratum in np.unique(design.strata):
        if len(np.unique(design.units[design.strata == stratum])) < 2:
            raise AidError("a stratum has one sampling unit", where=str(stratum), hint='errors="taylor" with lonely=')

    def again(one: Floats) -> float:
        whole = np.sum(one * bottom)
        return float(np.sum(one * top) / whole) if whole else float("nan")

    found = replicates(again, weight, design, draws=how.draws, seed=how.seed)
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail])
    return float(np.nanstd(found, ddof=1)), float(low), float(high)
