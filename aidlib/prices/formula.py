"""How an amount is worked out, in digits and signs: what a clerk checks with a pocket calculator."""

from __future__ import annotations

from fractions import Fraction

from aidlib.law import Value
from aidlib.money import FEN_PER_YUAN, decimal_text
from aidlib.prices.amounts import Amount, Option, band
from aidlib.prices.method import AmountRule

TO = "~"
Ends = tuple[Fraction | None, Fraction | None]


def formula(due: Amount) -> str | None:
    """算式：基数 × 涨幅 = 金额。 Base times rise, what a limit or a multiplier made of it, and the rounded amount.

    A number known only as a range stands with both ends (`580~700`); amounts that rules compute differently stand one after another.

    Returns
    -------
    str or None
        None where no amount is known, or where the place announces it.

    Examples
    --------
    >>> from aidlib import Book, Figures, decide
    >>> printed = {"cpi": "3.6", "scpi": "4.2", "dibao_urban": "590"}
    >>> formula(decide(Book(), Figures(), "450000", "2019-07", printed=printed).amount("dibao_urban"))
    '590 × 4.2% = 24.78'
    """
    whole = due.fen()
    texts = [_worked(option, whole) for option in due.options]
    return "; ".join(dict.fromkeys(filter(None, texts))) or None


def _worked(option: Option, whole: int | None) -> str:
    rule = option.rule
    if rule is None or option.low is None or not (core := _core(option, rule)):
        return ""
    if rule.multiplier and rule.multiplier.number != 1:
        core = (
            f"({core}) × {_plain(rule.multiplier.number)}"
            if " " in core
            else f"{core} × {_plain(rule.multiplier.number)}"
        )
    amount = (option.exact, option.exact) if option.exact is not None else (option.low, option.high)
    text = core if core == _yuan(amount) else f"{core} = {_yuan(amount)}"
    text = f"{text} → ≥ {_yuan_of(rule.floor)}" if rule.floor and option.low == _fen(rule.floor, rule) else text
    return (
        f"{text} ≈ {_yuan((Fraction(whole),) * 2)}" if whole is not None and option.exact not in (None, whole) else text
    )


def _core(option: Option, rule: AmountRule) -> str:
    """The product before limits; empty for a form that has none."""
    base = option.standard.ends if option.standard else (None, None, None)
    ends: Ends = (base[1], base[1]) if base[1] is not None else (base[0], base[2])
    rise: Ends = (option.factor.low, option.factor.high) if option.factor else (None, None)
    if rule.form == "share":
        return f"{_yuan(ends)} × {_percent(_counted(rule, rise))}"
    if rule.form == "bands":
        return _band(rule, ends, rise)
    terms = [_yuan_of(term) if term.kind == "money" else _plain(term.number) for term in rule.terms]
    if rule.form == "fixed":
        return terms[0] if terms else ""
    if rule.form in ("points", "full_points") and terms:
        return f"{terms[0]} × {_steps(_counted(rule, rise), up=rule.form == 'points')}"
    if rule.form == "food_points" and len(terms) > 2:
        start = rule.terms[2].number
        over: Ends = (None if rise[0] is None else rise[0] - start, None if rise[1] is None else rise[1] - start)
        return f"{terms[0]} + {terms[1]} × {_steps(over, up=False)}"
    return ""


def _band(rule: AmountRule, base: Ends, rise: Ends) -> str:
    """The share or the sum of the bands that the rise falls in."""
    found = []
    for end in rise:
        if end is not None and rule.limits:
            place = band(rule.limits, max(end, rule.limits[0])) or 0
            part, sums = rule.shares[place], rule.sums[place]
            found.append(
                f"{_yuan(base)} × {_percent((part.number * 100,) * 2)}" if part else _yuan_of(sums) if sums else ""
            )
    return TO.join(dict.fromkeys(filter(None, found)))


def _counted(rule: AmountRule, rise: Ends) -> Ends:
    low, high = (None if end is None else rule.counted(end) for end in rise)
    return low, high


def _steps(rise: Ends, up: bool) -> str:
    """Whole points of a rise: started ones, or full ones."""
    whole = [None if end is None else max(-(-end // 1) if up else end // 1, 0) for end in rise]
    return _ends([None if one is None else str(int(one)) for one in whole])


def _percent(rise: Ends) -> str:
    return _ends([None if end is None else f"{_plain(end)}%" for end in rise])


def _yuan(fen: Ends) -> str:
    return _ends([None if end is None else decimal_text(end / FEN_PER_YUAN, 2).removesuffix(".00") for end in fen])


def _yuan_of(value: Value) -> str:
    return _plain(value.number)


def _fen(value: Value, rule: AmountRule) -> Fraction:
    return value.number * FEN_PER_YUAN * (rule.multiplier.number if rule.multiplier else 1)


def _plain(number: Fraction) -> str:
    text = decimal_text(number, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ends(texts: list[str | None]) -> str:
    """Join both ends, once where they are the same; an end that is not known is left open."""
    low, high = texts
    if low == high:
        return low or ""
    return f"{low or ''}{TO}{high or ''}"
