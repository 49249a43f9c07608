"""The methods that need no statistics: shares, uprating, growth, Engel, basic cost, food basket, rural from urban."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import DataFault, Fault
from aidlib.money import FEN_PER_YUAN, exact
from aidlib.standards.candidate import Candidate, Given, Input, Words, given

YUAN_YEAR, YUAN_MONTH = "yuan/person/year", "yuan/person/month"
NO_RISE: Words = ("物价未上涨，按现标准计", "prices did not rise: the present level is kept")
FALL: Words = (
    "物价或实际支出下降，计入后由下限约束",
    "prices or real consumption fell: counted, and left to the bounds",
)


def consumption_share(
    consumption: Given, share: Given, low: Given | None = None, high: Given | None = None
) -> Candidate:
    """消费支出比例法:上年人均消费支出乘以比例。 Last year's consumption per head times a ratio: ``z = r C / 12``.

    Parameters
    ----------
    consumption : Value, Figure or exact number
        Consumption per head of last year, yuan per person and year.
    share : Value, Figure or exact number
        The ratio, chosen by policy.
    low, high : optional
        Ends of the band the ratio may be chosen from.

    Source: 民发〔2011〕80号, method (c).

    Examples
    --------
    >>> from aidlib.money import decimal_text
    >>> decimal_text(consumption_share("32844", "0.3599").fen_month / 100, 2)
    '985.05'
    """
    return _share("consumption_share", given(consumption, "consumption", YUAN_YEAR), share, low, high)


def income_share(income: Given, share: Given, low: Given | None = None, high: Given | None = None) -> Candidate:
    """收入比例法:上年人均可支配收入乘以比例。 Last year's disposable income per head times a ratio: ``z = r D / 12``.

    Examples
    --------
    >>> income_share("24000", "1/4").fen_month
    Fraction(50000, 1)
    """
    return _share("income_share", given(income, "disposable_income", YUAN_YEAR), share, low, high)


def minimum_wage_share(wage: Given, share: Given, low: Given | None = None, high: Given | None = None) -> Candidate:
    """最低工资比例法:月最低工资乘以比例。 The monthly minimum wage times a ratio.

    Examples
    --------
    >>> minimum_wage_share("1470", "0.40").fen_month
    Fraction(58800, 1)
    """
    return _share("minimum_wage_share", given(wage, "minimum_wage", "yuan/month"), share, low, high)


def cpi_uprating(current: Given, cpi: Given) -> Candidate:
    """按物价涨幅调整,只升不降。 The present level raised by prices, never cut: ``z max(1, 1 + pi)``.

    Parameters
    ----------
    current : Value, Figure or exact number
        The present level, yuan per month.
    cpi : Value, Figure or exact number
        A price index of base 100, or a plain number of percent.

    Examples
    --------
    >>> cpi_uprating("680", "2.5").fen_month
    Fraction(69700, 1)
    >>> cpi_uprating("680", "-1").fen_month
    Fraction(68000, 1)
    """
    level, prices = given(current, "current_level", YUAN_MONTH), given(cpi, "cpi", "pct")
    warnings = () if prices.ratio > 0 else (NO_RISE,)
    return Candidate(
        "cpi_uprating", level.fen_month * max(Fraction(1), 1 + prices.ratio), (level, prices), warnings=warnings
    )


def mixed_uprating(current: Given, cpi: Given, real_growth: Given, theta: Given) -> Candidate:
    """物价与实际增长并计。 Prices and a part of real growth: ``z (1 + pi + theta g)``; a cut is left to the bounds.

    Parameters
    ----------
    current, cpi : Value, Figure or exact number
        As in `cpi_uprating`.
    real_growth : exact number
        Real growth of consumption per head, as a ratio.
    theta : exact number
        Part of real growth passed on, 0 to 1: a choice of policy.

    Examples
    --------
    >>> mixed_uprating("600", "2", "1/20", "1/2").fen_month
    Fraction(62700, 1)
    """
    level, prices = given(current, "current_level", YUAN_MONTH), given(cpi, "cpi", "pct")
    growth, part = given(real_growth, "real_growth", "ratio"), given(theta, "theta", "ratio")
    rise = prices.ratio + part.ratio * growth.ratio
    warnings = (FALL,) if min(prices.ratio, growth.ratio) < 0 else ()
    return Candidate("mixed_uprating", level.fen_month * (1 + rise), (level, prices, growth, part), warnings=warnings)


def growth_uprating(current: Given, rate: Given) -> Candidate:
    """按规定幅度提高。 The present level raised by a rate: ``z (1 + g)``; the rate in percent.

    Examples
    --------
    >>> growth_uprating("1165", "3.5").fen_month
    Fraction(241155, 2)
    """
    level, step = given(current, "current_level", YUAN_MONTH), given(rate, "growth", "pct")
    return Candidate("growth_uprating", level.fen_month * (1 + step.ratio), (level, step))


def engel(food_cost: Given, food_share: Given) -> Candidate:
    """恩格尔系数法:食物支出除以最低收入户恩格尔系数。 Cost of the food list over the food share of the poorest: ``z = F / e``.

    Parameters
    ----------
    food_cost : Value, Figure or exact number
        Cost of the minimum food list, yuan per person and month.
    food_share : Value, Figure or exact number
        Food share of the lowest-income households, a ratio.

    Source: 民发〔2011〕80号, method (b).

    Examples
    --------
    >>> engel("300", "0.5").fen_month
    Fraction(60000, 1)
    """
    food, share = given(food_cost, "food_cost", YUAN_MONTH), given(food_share, "food_share", "ratio")
    if not 0 < share.ratio <= 1:
        raise DataFault("a food share must lie above 0 and not above 1", got=str(share.number))
    return Candidate("engel", food.fen_month / share.ratio, (food, share))


def engel_grid(food_costs: Iterable[Given], food_shares: Iterable[Given]) -> list[Candidate]:
    """恩格尔系数法的取值网格。 The Engel method over a grid: the choice of the share moves the line more than the food cost does.

    Examples
    --------
    >>> [int(c.fen_month) for c in engel_grid(["300"], ["0.5", "0.6"])]
    [60000, 50000]
    """
    shares = list(food_shares)
    return [engel(cost, share) for cost in food_costs for share in shares]


def basic_cost(food: Given, necessities: Mapping[str, Given]) -> Candidate:
    """基本生活费用支出法:必需食品加必需非食品。 Necessary food plus necessary non-food: ``z = F + N``, yuan per person and month.

    Source: 民发〔2011〕80号, method (a).

    Examples
    --------
    >>> basic_cost("300", {"clothing": "40", "water_and_power": "60"}).fen_month
    Fraction(40000, 1)
    """
    items = (given(food, "food", YUAN_MONTH), *(given(cost, name, YUAN_MONTH) for name, cost in necessities.items()))
    return Candidate("basic_cost", sum((item.fen_month for item in items), Fraction(0)), items)


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

    Parameters
    ----------
    items : iterable of BasketItem
        The list; quantities and prices exact, none negative.
    non_food : exact number
        Necessary non-food spending as a ratio to food.
    item_error : exact number
        Error assumed for the cost of the dearest item; it gives the range.

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
    extra, error = given(non_food, "non_food", "ratio"), given(item_error, "item_error", "ratio")
    costs = [Input(item.name, item.fen_month / FEN_PER_YUAN, YUAN_MONTH, "estimated") for item in listed]
    food = sum((cost.fen_month for cost in costs), Fraction(0))
    swing = max(cost.fen_month for cost in costs) * error.ratio * (1 + extra.ratio)
    total = food * (1 + extra.ratio)
    return Candidate("food_basket", total, (*costs, extra), low=total - swing, high=total + swing)


def rural_from_urban(urban: Given, ratio: Given) -> Candidate:
    """按城市标准折算农村标准。 The rural level as a ratio of the urban one.

    Examples
    --------
    >>> from aidlib.money import decimal_text
    >>> decimal_text(rural_from_urban("740", "2/3").fen_month / 100, 2)
    '493.33'
    """
    level, part = given(urban, "urban_level", YUAN_MONTH), given(ratio, "rural_urban_ratio", "ratio")
    return Candidate("rural_from_urban", level.fen_month * part.ratio, (level, part))


def _share(method: str, base: Input, share: Given, low: Given | None, high: Given | None) -> Candidate:
    part = given(share, "share", "ratio")
    ends = [None if end is None else base.fen_month * given(end, "share", "ratio").ratio for end in (low, high)]
    return Candidate(method, base.fen_month * part.ratio, (base, part), ends[0], ends[1])
