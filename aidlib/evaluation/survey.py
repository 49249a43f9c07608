"""Indicators of a survey with their sampling errors: poverty, targeting, incidence, by subgroup, linearised or by bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from aidlib.errors import AidError, ParameterFault, nearest
from aidlib.evaluation import indicators
from aidlib.evaluation.sample import FEN_YEAR, Flags, Floats, Indicator, Sample, When, of_totals
from aidlib.evaluation.variance import Design, Lonely, concentration_scores, design_error, linearised, replicates
from aidlib.parameters import table
from aidlib.result import TABLES, Result

Column = str | ArrayLike
Errors = Literal["taylor", "bootstrap"]
LEVEL = 0.95
WHOLE = "all"
TARGETING = [
    indicators.coverage, indicators.exclusion_error, indicators.inclusion_error, indicators.leakage, indicators.beyond_need, indicators.spill_over,
    indicators.benefit_cost, indicators.gap_reduction, indicators.generosity,
]  # fmt: skip
Pair = tuple[str, str]
"""An amount, and the income that ranks it."""
Curves = dict[str, tuple[Pair, ...]]
CURVES: Curves = {
    "concentration_coefficient": (("benefit", "before"),),
    "kakwani": (("benefit", "before"), ("before", "before")),
    "gini_before": (("before", "before"),),
    "gini_after": (("after", "after"),),
    "redistribution": (("before", "before"), ("after", "after")),
    "reranking": (("after", "after"), ("after", "before")),
}
"""Concentration coefficients, the second less than the first where there are two."""
Estimated = tuple[float | None, float | None, float | None, float | None]
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
    """A sample that notes both parts of each ratio, so that its error follows from the formula that gave its value."""

    ratios: list[tuple[Floats, Floats]] = field(default_factory=list)

    def ratio(self, name: str, top: Floats | float, bottom: Floats | float, reason: str) -> Indicator:
        ones = np.ones(self.n)
        self.ratios.append((top * ones, bottom * ones))
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
    """估计贫困发生率、缺口和深度。 Estimate poverty over persons: headcount, gap and severity (`fgt0`, `fgt1`, `fgt2`), the mean gap of the poor, Watts.

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
    >>> poverty(homes).to_frame()["estimate"].tolist()[:3]
    [1.0, 0.3125, 0.109375]
    """
    survey = _survey(data, (income, benefit, line, members), by, design)
    _check_when(when)
    found = ((lambda s, a=alpha: indicators.fgt(s, a, when)) for alpha in (0, 1, 2))
    return _estimates(
        survey, [*found, lambda s: indicators.income_gap_ratio(s, when), lambda s: indicators.watts(s, when)]
    )


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

    With them what the money does: the part beyond need, of the poor's own the part beyond their gap (`spill_over`), the gap closed by a
    yuan (`benefit_cost`) and in all (`gap_reduction`), and the benefit's share in the receivers' income after it (`generosity`).
    Parameters, returns and errors are those of `poverty`.

    References
    ----------
    Coady, Grosh & Hoddinott (2004), Targeting of Transfers in Developing Countries, World Bank. Beckerman (1979), ILO.

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"income": [200, 300, 900], "line": 400, "members": [1, 1, 1], "benefit": [100, 0, 100]})
    >>> targeting(homes).to_frame()[["indicator", "estimate"]].values.tolist()[:4]
    [['coverage', 0.5], ['exclusion_error', 0.5], ['inclusion_error', 0.5], ['leakage', 0.5]]
    """
    survey = _survey(data, (income, benefit, line, members), by, design)
    return _estimates(survey, TARGETING)


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

    With them the concentration of the benefit, Kakwani's progressivity (concentration less the Gini of income before), the distributional
    characteristic (mean welfare weight of a yuan), the Gini before and after, its fall (`redistribution`) and the part lost to `reranking`.

    `groups` is how many quantiles. All else is as in `poverty`. The errors take the quantiles' bounds as known.

    References
    ----------
    O'Donnell, van Doorslaer, Wagstaff & Lindelow (2008), Analyzing Health Equity Using Household Survey Data, ch. 8 and 14.
    Kakwani (1977); Reynolds & Smolensky (1977); Plotnick (1981); Coady & Skoufias (2004); errors: Kovacevic & Binder (1997).

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"income": [200, 300], "members": 1, "benefit": [300, 100]})
    >>> incidence(homes, groups=2).to_frame()["estimate"].tolist()[:2]
    [0.75, 0.25]
    """
    if not isinstance(groups, int) or groups < 1:
        raise ParameterFault("no quantiles", where="groups", expected="one or more", got=str(groups))
    survey = _survey(data, (income, benefit, 1, members), by, design)
    return _estimates(
        survey, [lambda s: indicators.incidence(s, groups), indicators.distributional_characteristic], CURVES
    )


def _check_when(when: str) -> None:
    if when not in ("before", "after"):
        raise ParameterFault("unknown moment", where="when", expected="before or after", got=when)


def _survey(data: Any, columns: tuple[Column | float, ...], by: str | None, how: SurveyDesign | None) -> _Survey:
    frame = table(data, "data")
    if how is not None and not isinstance(how, SurveyDesign):
        raise ParameterFault(
            "not a design", where="design", expected="a SurveyDesign", got=repr(how), hint=f"SurveyDesign({how!r})"
        )
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
    values = _array(frame, column)
    try:
        return np.broadcast_to(np.asarray(values, float), len(frame))
    except (TypeError, ValueError):
        raise ParameterFault(
            "not numbers", where=column if isinstance(column, str) else "data", expected="numbers, empty where unknown"
        ) from None


def _estimates(survey: _Survey, finders: list[Callable[..., Any]], curves: Curves | None = None) -> Estimates:
    import narwhals as nw

    found = [one for find in finders for one in _listed(find(survey.sample))]
    rows = list(_rows(survey, found, curves or {}))
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    kinds = {name: nw.Float64() for name in ("estimate", "std_error", "low", "high")}
    return Estimates(nw.from_dict(columns, backend=survey.kind).with_columns(
        nw.col(name).cast(kind) for name, kind in kinds.items()).to_native())  # fmt: skip


def _listed(found: Any) -> list[Indicator]:
    return found if isinstance(found, list) else [found]


def _rows(survey: _Survey, found: list[Indicator], curves: Curves) -> Iterator[dict[str, Any]]:
    everybody = np.ones(len(survey.used), bool)
    names = [] if survey.groups is None else sorted(set(np.asarray(survey.groups).astype(str)))
    domains = [(WHOLE, everybody), *((name, np.asarray(survey.groups).astype(str) == name) for name in names)]
    for one, ratio in zip(found, survey.sample.ratios, strict=True):
        for group, inside in domains:
            top, bottom = (_spread(part, survey.used) * inside for part in ratio)
            yield _row(survey, one.name, group, inside, _of_ratio(survey, top, bottom), one.reason or "empty_group")
    for name, pairs in curves.items():
        for group, inside in domains:
            reason = "no_spending" if pairs[0][0] == "benefit" else "no_income"
            yield _row(survey, name, group, inside, _of_curves(survey, pairs, inside), reason)


def _row(survey: _Survey, name: str, group: str, inside: Flags, found: Estimated, reason: str) -> dict[str, Any]:
    value, error, low, high = found
    return {
        "indicator": name, "group": group, "estimate": value, "std_error": error, "low": low, "high": high,
        "n": int((survey.used & inside).sum()), "n_missing": int((survey.missing & inside).sum()),
        "reason": "" if value is not None else reason, "status": survey.status,
    }  # fmt: skip


def _spread(side: Floats, used: Flags) -> Floats:
    full = np.zeros(len(used))
    full[used] = side
    return full


def _of_ratio(survey: _Survey, top: Floats, bottom: Floats) -> Estimated:
    """Value, standard error and interval; only the value on a census, nothing where nobody is in the domain."""

    def find(weight: Floats) -> float | None:
        whole = float(np.sum(weight * bottom))
        return float(np.sum(weight * top)) / whole if whole else None

    def error(design: Design, lonely: Lonely) -> float:
        return linearised(top, bottom, survey.persons, design, lonely)[1]

    return _estimate(survey, survey.persons, find, error)


def _of_curves(survey: _Survey, pairs: tuple[Pair, ...], inside: Flags) -> Estimated:
    """The same of a concentration coefficient, or of one less another: the scores of a difference are the difference of the scores."""
    columns = {name: _spread(getattr(survey.sample, name), survey.used) for name in ("before", "after", "benefit")}

    def scores(weight: Floats) -> list[tuple[float | None, Floats]]:
        return [concentration_scores(columns[amount], columns[rank_by], weight) for amount, rank_by in pairs]

    def find(weight: Floats) -> float | None:
        values = [value for value, _ in scores(weight) if value is not None] if weight.any() else []
        return float(np.dot(values, (1, -1)[: len(pairs)])) if len(values) == len(pairs) else None

    def error(design: Design, lonely: Lonely) -> float:
        first, *less = (part for _, part in scores(survey.persons * inside))
        return design_error(first - sum(less), design, lonely)

    return _estimate(survey, survey.persons * inside, find, error)


def _estimate(
    survey: _Survey, weight: Floats, find: Callable[[Floats], float | None], error: Callable[[Design, Lonely], float]
) -> Estimated:
    value, how, design = find(weight), survey.how, survey.design
    if value is None or how is None or design is None:
        return value, None, None, None
    if how.errors == "bootstrap":
        return (value, *_by_bootstrap(find, weight, design, how))
    spread = error(design, how.lonely)
    reach = _quantile(design) * spread
    return value, spread, value - reach, value + reach


def _quantile(design: Design) -> float:
    """Student's quantile with as many degrees of freedom as units less strata (Korn & Graubard 1990)."""
    from scipy import stats

    units = len(np.unique(np.stack([design.strata, design.units]), axis=1).T)
    return float(stats.t.ppf((1 + LEVEL) / 2, max(1, units - len(np.unique(design.strata)))))


def _by_bootstrap(
    find: Callable[[Floats], float | None], weight: Floats, design: Design, how: SurveyDesign
) -> tuple[float, float, float]:
    for stratum in np.unique(design.strata):
        if len(np.unique(design.units[design.strata == stratum])) < 2:
            raise AidError("a stratum has one sampling unit", where=str(stratum), hint='errors="taylor" with lonely=')

    def again(one: Floats) -> float:
        value = find(one)
        return float("nan") if value is None else value

    found = replicates(again, weight, design, draws=how.draws, seed=how.seed)
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail])
    return float(np.nanstd(found, ddof=1)), float(low), float(high)
