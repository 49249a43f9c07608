"""The methods of setting a standard: a candidate is an exact amount with its method, inputs, range and notes. Never a decision."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial, wraps
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias, cast, final, overload

from aidlib.errors import DataFault, Fault, MoneyFault
from aidlib.indices import Figure
from aidlib.known import Given, Known, Missing, Note, lacking
from aidlib.law import Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, Rounding, digits, exact, yuan
from aidlib.result import Result
from aidlib.standards.levels import Level

if TYPE_CHECKING:
    import pandas as pd

YUAN_YEAR, YUAN_MONTH, WAGE = "yuan/person/year", "yuan/person/month", "yuan/month"
NUMBERS = (Known, Value, Figure, Fraction, Decimal, int, str, float)
COLUMNS = ["area", "method", "formula", "fen_month", "fen_month_status", "low", "high", "se_fen", "notes", "sources"]
TARGET_METHOD = "rural_target"
NO_RISE = Note("prices_did_not_rise")
FALL = Note("prices_or_consumption_fell")


@final
@dataclass(frozen=True, repr=False)
class Candidate(Result):
    """一种方法对城镇或农村的测算值。 What a method gives for one area. The decision is the authority's.

    Attributes
    ----------
    method : str
        Name of the method, such as `consumption_share`, or of your own.
    fen_month : Fraction
        Exact fen per person and month; not rounded. A whole number, text or fraction may be given; a float is refused.
    inputs : tuple of Known
        Everything it rests on.
    low, high : Fraction or None
        Range in fen per month, where the method gives one.
    se_fen : float or None
        Standard error in fen per month, where the method is a statistical estimate.
    notes : tuple of Note
        What a reader must know before using it, as codes.
    area : str
        `urban` or `rural`; empty: for both.
    formula : str
        How the amount comes about, in digits and signs: `587 × (1 + 2.30%)`; empty for an amount somebody gave.

    Examples
    --------
    >>> Candidate("mine", fen_month=60000)
    Candidate(mine: 600.00 yuan a month, estimated)
    """

    method: str
    fen_month: Fraction
    inputs: tuple[Known, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    se_fen: float | None = None
    notes: tuple[Note, ...] = ()
    area: str = ""
    formula: str = ""
    again: Method | None = field(default=None, compare=False, repr=False)
    arguments: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fen_month", exact(self.fen_month))

    @property
    def status(self) -> Status:
        """As weak as the weakest input; an amount somebody simply chose is an estimate."""
        return weakest(*(item.status for item in self.inputs)) if self.inputs else "estimated"

    def noted(self, *notes: Note) -> Candidate:
        """Return the candidate with further notes."""
        return replace(self, notes=(*self.notes, *notes))

    def varied(self, **changed: Given) -> Candidate:
        """Return the same method with some of its inputs changed, such as `theta="1"`.

        Examples
        --------
        >>> float(mixed_uprating("600", "2", "1/20", "1/2").varied(theta=1).fen_month)
        64200.0
        """
        if self.again is None:
            raise DataFault("this candidate was given as an amount: it has no input to vary", got=self.method)
        return cast(Candidate, self.again(**{**self.arguments, **changed}))

    def to_frame(self) -> pd.DataFrame:
        """One row: area, method, formula, fen_month (exact) with its status, low, high, se_fen, notes, sources."""
        import pandas as pd

        return pd.DataFrame([self.row], columns=COLUMNS)

    @property
    def row(self) -> list[Any]:
        """The cells of its row in a frame, by `COLUMNS`."""
        return [self.area, self.method, self.formula, self.fen_month, self.status, self.low, self.high, self.se_fen,
                list(self.notes) or None, list(self.rows)]  # fmt: skip

    @property
    def rows(self) -> tuple[Value | Figure, ...]:
        """The rows of law and the figures it rests on, each once; what somebody gave by hand has none."""
        return tuple(dict.fromkeys(row for item in self.inputs for row in item.rows))

    def __repr__(self) -> str:
        name = f"{self.area} {self.method}".strip()
        return f"Candidate({name}: {yuan(self.fen_month)} yuan a month, {self.status})"

    def _repr_html_(self) -> str:
        return f'<span class="known">{escape(repr(self)[10:-1])}</span>'


Method: TypeAlias = Callable[..., Candidate | Missing]


@overload
def candidate_method(method: Callable[..., Any], /) -> Method: ...
@overload
def candidate_method(**units: str) -> Callable[[Callable[..., Any]], Method]: ...
def candidate_method(method: Callable[..., Any] | None = None, /, **units: str) -> Any:
    """把函数登记为标准测算方法。 Make a function of amounts and ratios a method of setting a standard.

    Every argument that is a number, a figure, a law value or a level reaches the function as `Known`; given something `Missing`, the
    method answers with it. The function returns fen a month (or a `Candidate`); its name becomes the name of the method.

    Parameters
    ----------
    **units : str
        Units of plain numbers by argument, such as `income="yuan/person/year"`; left out, a plain number has none.

    Examples
    --------
    >>> @candidate_method(income="yuan/person/year", share="ratio")
    ... def half_way(income, share="1/2"):
    ...     return income.fen_month * share.ratio
    >>> half_way("24000")
    Candidate(half_way: 1000.00 yuan a month, estimated)
    >>> half_way(Missing("disposable_income_pc", "urban", 2018))
    Missing(disposable_income_pc, urban, 2018, for half_way)
    """
    if method is None:
        return lambda one: _method(one, units)
    return _method(method, units)


def _method(method: Callable[..., Any], units: Mapping[str, str]) -> Method:
    names = inspect.signature(method)

    @wraps(method)
    def answer(*args: Any, area: str = "", **given: Any) -> Candidate | Missing:
        bound = names.bind(*args, **given)
        bound.apply_defaults()
        if (lost := lacking(*bound.arguments.values())) is not None:
            return lost.of_method(method.__name__)
        used = {name: _number(value, name, units.get(name, "")) for name, value in bound.arguments.items()}
        made = method(**used)
        if not isinstance(made, Candidate):
            made = Candidate(method.__name__, made, tuple(value for value in used.values() if isinstance(value, Known)))
        return replace(made, area=area or made.area, again=partial(answer, area=area), arguments=used)

    return answer


def _number(value: Any, name: str, unit: str) -> Any:
    """Take a number as what it is; tables, flags and what is left out stay as they are."""
    if isinstance(value, Level):
        return value.known
    return Known.of(value, name, unit) if isinstance(value, NUMBERS) and not isinstance(value, bool) else value  # type: ignore[arg-type]


def round_standard(amount_fen_month: Fraction, rule: Rounding, period: str = "month") -> Fraction:
    """按规定对标准取整(按月或按年)。 Round a standard once, per month or per year as the place does.

    Parameters
    ----------
    amount_fen_month : Fraction
        Exact fen per month.
    rule : Rounding
        Mode and step.
    period : str
        `month` or `year`: the period in which the rule is applied.

    Returns
    -------
    Fraction
        Fen per month; a rule of whole yuan a year can leave a part of a fen.

    Examples
    --------
    >>> round_standard(Fraction(2328900, 40), Rounding("ceil", 100))
    Fraction(58300, 1)
    >>> round_standard(Fraction("172336.5") / 12, Rounding("floor", 100), "year") * 12
    Fraction(172300, 1)
    """
    if period not in ("month", "year"):
        raise MoneyFault("unknown period of a rounding", expected="month or year", got=period)
    times = MONTHS_PER_YEAR if period == "year" else 1
    return Fraction(rule.apply(amount_fen_month * times), times)


@candidate_method(consumption=YUAN_YEAR, share="ratio", low="ratio", high="ratio")
def consumption_share(consumption: Known, share: Known, low: Known | None = None, high: Known | None = None) -> Any:
    """消费支出比例法:上年人均消费支出乘以比例。 Last year's consumption per head times a ratio: ``z = r C / 12``.

    Parameters
    ----------
    consumption : Known, Value, Figure or exact number
        Consumption per head of last year, yuan per person and year.
    share : Known, Value, Figure or exact number
        The ratio, chosen by policy.
    low, high : optional
        Ends of the band the ratio may be chosen from.

    Source: 民发〔2011〕80号, method (c).

    Examples
    --------
    >>> consumption_share("32844", "0.3599")
    Candidate(consumption_share: 985.05 yuan a month, estimated)
    """
    return _share("consumption_share", consumption, share, low, high)


@candidate_method(income=YUAN_YEAR, share="ratio", low="ratio", high="ratio")
def income_share(income: Known, share: Known, low: Known | None = None, high: Known | None = None) -> Any:
    """收入比例法:上年人均可支配收入乘以比例。 Last year's disposable income per head times a ratio: ``z = r D / 12``.

    Examples
    --------
    >>> income_share("24000", "1/4").fen_month
    Fraction(50000, 1)
    """
    return _share("income_share", income, share, low, high)


@candidate_method(wage=WAGE, share="ratio", low="ratio", high="ratio")
def minimum_wage_share(wage: Known, share: Known, low: Known | None = None, high: Known | None = None) -> Any:
    """最低工资比例法:月最低工资乘以比例。 The monthly minimum wage times a ratio.

    Examples
    --------
    >>> minimum_wage_share("1470", "0.40").fen_month
    Fraction(58800, 1)
    """
    return _share("minimum_wage_share", wage, share, low, high)


@candidate_method(current=YUAN_MONTH, cpi="pct")
def cpi_uprating(current: Known, cpi: Known) -> Any:
    """按物价涨幅调整,只升不降。 The present level raised by prices, never cut: ``z max(1, 1 + pi)``.

    Parameters
    ----------
    current : Level, Known or exact number
        The present level, yuan per month.
    cpi : Known or exact number
        A price index of base 100, or a plain number of percent.

    Examples
    --------
    >>> cpi_uprating("680", "2.5").fen_month, cpi_uprating("680", "-1").fen_month
    (Fraction(69700, 1), Fraction(68000, 1))
    """
    amount = current.fen_month * max(Fraction(1), 1 + cpi.ratio)
    notes, formula = (
        ((), f"{_base(current)} × (1 + {_percent(cpi)})") if cpi.ratio > 0 else ((NO_RISE,), _base(current))
    )
    return Candidate("cpi_uprating", amount, (current, cpi), notes=notes, formula=formula)


@candidate_method(current=YUAN_MONTH, cpi="pct", real_growth="ratio", theta="ratio")
def mixed_uprating(current: Known, cpi: Known, real_growth: Known, theta: Known) -> Any:
    """物价与实际增长并计。 Prices and a part of real growth: ``z (1 + pi + theta g)``; a cut is left to the bounds.

    Parameters
    ----------
    current, cpi : Level, Known or exact number
        As in `cpi_uprating`.
    real_growth : Known or exact number
        Real growth of consumption per head, as a ratio.
    theta : exact number
        Part of real growth passed on, 0 to 1: a choice of policy.

    Examples
    --------
    >>> mixed_uprating("600", "2", "1/20", "1/2").fen_month
    Fraction(62700, 1)
    """

    def raised(growth: Fraction) -> Fraction:
        return current.fen_month * (1 + cpi.ratio + theta.ratio * growth)

    grown = real_growth.as_ratio
    low, high = (end if end is None else raised(end) for end in (grown.low, grown.high))
    notes = (FALL,) if min(cpi.ratio, real_growth.ratio) < 0 else ()
    inputs = (current, cpi, real_growth, theta)
    formula = f"{_base(current)} × (1 + {_percent(cpi)} + {_percent(theta)} × {_percent(real_growth)})"
    return Candidate("mixed_uprating", raised(grown.number), inputs, low, high, notes=notes, formula=formula)


@candidate_method(current=YUAN_MONTH, rate="pct")
def growth_uprating(current: Known, rate: Known) -> Any:
    """按规定幅度提高。 The present level raised by a rate: ``z (1 + g)``; the rate in percent.

    Examples
    --------
    >>> growth_uprating("1165", "3.5").fen_month
    Fraction(241155, 2)
    """
    formula = f"{_base(current)} × (1 + {_percent(rate)})"
    return Candidate("growth_uprating", current.fen_month * (1 + rate.ratio), (current, rate), formula=formula)


@candidate_method(food_cost=YUAN_MONTH, food_share="ratio")
def engel(food_cost: Known, food_share: Known) -> Any:
    """恩格尔系数法:食物支出除以最低收入户恩格尔系数。 Cost of the food list over the food share of the poorest: ``z = F / e``.

    Parameters
    ----------
    food_cost : Known or exact number
        Cost of the minimum food list, yuan per person and month.
    food_share : Known or exact number
        Food share of the lowest-income households, a ratio.

    Source: 民发〔2011〕80号, method (b).

    Examples
    --------
    >>> engel("300", "0.5").fen_month
    Fraction(60000, 1)
    """
    if not 0 < food_share.ratio <= 1:
        raise DataFault("a food share must lie above 0 and not above 1", got=str(food_share.number))
    formula = f"{_base(food_cost)} ÷ {_percent(food_share)}"
    return Candidate("engel", food_cost.fen_month / food_share.ratio, (food_cost, food_share), formula=formula)


def basic_cost(food: Given, necessities: Mapping[str, Given]) -> Candidate:
    """基本生活费用支出法:必需食品加必需非食品。 Necessary food plus necessary non-food: ``z = F + N``, yuan per person and month.

    Source: 民发〔2011〕80号, method (a).

    Examples
    --------
    >>> basic_cost("300", {"clothing": "40", "water_and_power": "60"}).fen_month
    Fraction(40000, 1)
    """
    items = tuple(Known.of(cost, name, YUAN_MONTH) for name, cost in {"food": food, **necessities}.items())
    total = sum((item.fen_month for item in items), Fraction(0))
    return Candidate("basic_cost", total, items, formula=" + ".join(map(_base, items)))


@dataclass(frozen=True)
class BasketItem:
    """One line of a food list: quantity per person and month, and price in yuan per unit of quantity."""

    name: str
    quantity: str
    price_yuan: str

    @property
    def fen_month(self) -> Fraction:
        """Cost per person and month in exact fen."""
        return exact(self.quantity) * exact(self.price_yuan) * FEN_PER_YUAN


def food_basket(items: Iterable[BasketItem], non_food: Given = 0, item_error: Given = "0.10") -> Candidate:
    """市场菜篮法:按清单数量和价格计算。 The user's own list of foods: ``z = sum(p q) (1 + nf)``; no list comes with the library.

    Examples
    --------
    >>> food_basket([BasketItem("rice", "12", "5"), BasketItem("greens", "10", "6")], "0.5").fen_month
    Fraction(18000, 1)
    """
    listed = tuple(items)
    wrong = [
        f"{i.name}: {i.quantity} x {i.price_yuan}" for i in listed if exact(i.quantity) < 0 or exact(i.price_yuan) < 0
    ]
    if wrong or not listed:
        raise DataFault([Fault("a food list needs items, none negative", got=text) for text in wrong or ["no item"]])
    extra, error = Known.of(non_food, "non_food", "ratio"), Known.of(item_error, "item_error", "ratio")
    costs = [Known(item.fen_month / FEN_PER_YUAN, YUAN_MONTH, name=item.name) for item in listed]
    food = sum((cost.fen_month for cost in costs), Fraction(0))
    swing = max(cost.fen_month for cost in costs) * error.ratio * (1 + extra.ratio)
    total = food * (1 + extra.ratio)
    formula = f"({' + '.join(map(_base, costs))}) × (1 + {_percent(extra)})"
    return Candidate("food_basket", total, (*costs, extra), low=total - swing, high=total + swing, formula=formula)


@candidate_method(urban=YUAN_MONTH, ratio="ratio")
def rural_from_urban(urban: Known, ratio: Known) -> Any:
    """按城市标准折算农村标准。 The rural level as a ratio of the urban one.

    Examples
    --------
    >>> rural_from_urban("740", "2/3")
    Candidate(rural_from_urban: 493.33 yuan a month, estimated)
    """
    return _share("rural_from_urban", urban, ratio, None, None)


def _share(method: str, base: Known, share: Known, low: Known | None, high: Known | None) -> Candidate:
    """A ratio of a base; the range is that of the band the ratio is chosen from, else that of a base known as a range only."""
    ends = [base.fen_month * end.ratio if end else None for end in (low, high)]
    if ends == [None, None] and base.low is not None and base.high is not None:
        ends = [replace(base, number=end).fen_month * share.ratio for end in (base.low, base.high)]
    number, _, months = _base(base).partition(" ")
    formula = f"{number} × {_percent(share)} {months}".rstrip()
    return Candidate(method, base.fen_month * share.ratio, (base, share), ends[0], ends[1], formula=formula)


def _base(amount: Known) -> str:
    """Write an amount as published, with its twelfth where it is a year's."""
    months = f" ÷ {MONTHS_PER_YEAR}" if amount.unit.endswith("/year") else ""
    return digits(amount.number) + months


def _percent(item: Known) -> str:
    return f"{digits(item.ratio * 100)}%"
