"""Amounts tied to a standard: edge line, low-income line, tekun basic and care standards, ceilings of temporary aid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from aidlib.law import LocalLaw, Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import Rounding
from aidlib.standards.candidate import Given, Input, Words, given, round_standard
from aidlib.standards.candidates import YUAN_MONTH

Period = Literal["month", "year", "case"]
CAPPED: Words = ("以最低工资封顶", "capped at the minimum wage")
UNCAPPED: Words = (
    "法规以最低工资封顶，当地最低工资未知，未封顶",
    "the law caps it at the minimum wage, which is not known here: not capped",
)
CEILINGS = (
    "ta_township_max",
    "ta_county_max",
    "ta_year_cap",
    "ta_person_cap",
    "ta_person_cap_exceptional",
    "quick_aid_cap",
)


@dataclass(frozen=True)
class Derived:
    """One amount that follows from a base by a multiple or share of the law.

    Attributes
    ----------
    name, area, group : str
        What it is; `urban` or `rural`; the narrower group of the law row, such as `care_full`.
    fen : Fraction
        Exact fen for `period`.
    period : str
        month, year or case.
    rule : Value
        The multiple, share or amount in force.
    base : Input or None
        What it is taken of; None where the law names an amount outright.
    rounded_fen : Fraction or None
        After the place's rounding rule, where one is known.
    published : Value or None
        The amount the place published for the same thing, to be compared.
    note : (zh, en)
        What a reader must know; empty where there is nothing.
    """

    name: str
    area: str
    group: str
    fen: Fraction
    period: Period
    rule: Value
    base: Input | None
    rounded_fen: Fraction | None = None
    published: Value | None = None
    note: Words = ("", "")

    @property
    def status(self) -> Status:
        """As weak as the rule and its base."""
        return weakest(self.rule.status, *([self.base.status] if self.base else []))


def edge_line(local: LocalLaw, area: str, standard: Given, wage: Given | None = None) -> Derived | None:
    """低保边缘家庭收入线。 The income line of edge households: the standard times the multiple in force, under its ceiling.

    Where the law caps the line by the minimum wage and no `wage` is given, `note` says that the ceiling was not applied.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> edge_line(Book().at("450400", date(2022, 1, 1)), "urban", "680").fen
    Fraction(102000, 1)
    """
    rule = published_for(local, "edge_income_multiple", area)
    line = _times(local, "edge_line", area, rule, given(standard, "level", YUAN_MONTH), None)
    if line is None or not local.book.groups(local.place, "edge_income_cap_min_wage", local.on):
        return line
    if wage is None:
        return replace(line, note=UNCAPPED)
    ceiling = given(wage, "minimum_wage", "yuan/month").fen_month * local.value("edge_income_cap_min_wage", area).number
    return replace(line, fen=ceiling, rounded_fen=None, note=CAPPED) if ceiling < line.fen else line


def low_income_line(local: LocalLaw, area: str, standard: Given, part: str = "") -> Derived | None:
    """低收入家庭认定线。 The low-income line where a place ties it to the standard; None where it only publishes an amount."""
    rule = published_for(local, "low_income_line_multiple", area)
    published = published_for(local, "low_income_line", area, part) if rule else None
    return _times(local, "low_income_line", area, rule, given(standard, "level", YUAN_MONTH), published)


def tekun_basic(local: LocalLaw, area: str, standard: Given, part: str = "") -> Derived | None:
    """特困人员基本生活标准下限。 The least tekun basic standard: the dibao standard times the multiple in force.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> harbin = Book().at("230100", date(2022, 6, 1))
    >>> tekun = tekun_basic(harbin, "urban", "835", "nine_districts")
    >>> tekun.fen, tekun.rounded_fen, tekun.published.text
    (Fraction(108550, 1), Fraction(108600, 1), '1086')
    """
    rule = published_for(local, "tekun_basic_multiple", area)
    published = published_for(local, "tekun_basic_standard", area, part)
    return _times(local, "tekun_basic", area, rule, given(standard, "level", YUAN_MONTH), published)


def tekun_care(local: LocalLaw, area: str, standard: Given, wage: Given | None = None) -> list[Derived]:
    """特困人员照料护理标准。 Tekun care standards by class: a share of the minimum wage, or of the standard where the row says so.

    Parameters
    ----------
    local : LocalLaw
        The book opened at the place and day.
    area : str
        `urban` or `rural`.
    standard : Value, Figure or exact number
        The dibao standard, yuan per month.
    wage : optional
        Monthly minimum wage; without it shares of the minimum wage are left out, not guessed.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> dongying = Book().at("370500", date(2019, 10, 1))
    >>> [int(d.fen * 12 / 100) for d in tekun_care(dongying, "urban", "620", "1910")]
    [7640, 3820, 2292]
    """
    bases = {"x_standard": given(standard, "level", YUAN_MONTH)}
    if wage is not None:
        bases["x_min_wage"] = given(wage, "minimum_wage", "yuan/month")
    found = []
    for group in local.book.groups(local.place, "tekun_care_share", local.on):
        rule = local.value("tekun_care_share", group)
        published = _held(local, "tekun_care_standard", (group,))
        found.append(_times(local, "tekun_care", area, rule, bases.get(rule.unit), published))
    return [derived for derived in found if derived is not None]


def aid_ceilings(local: LocalLaw, standard: Given) -> list[Derived]:
    """临时救助限额。 Ceilings of temporary aid, each on the base its own row names: monthly, yearly, or plain yuan.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> wuzhou = aid_ceilings(Book().at("450400", date(2023, 5, 1)), "680")
    >>> [(d.name, int(d.fen / 100)) for d in wuzhou]
    [('ta_township_max', 4080), ('ta_county_max', 16320), ('ta_year_cap', 48960)]
    """
    base = given(standard, "level", YUAN_MONTH)
    area = local.find("ta_base_area") if local.book.groups(local.place, "ta_base_area", local.on) else None
    found = []
    for name in CEILINGS:
        if not local.book.groups(local.place, name, local.on):
            continue
        rule = local.value(name)
        months = {"x_standard_month": 1, "x_standard_year": MONTHS_PER_YEAR}.get(rule.unit)
        fen = rule.fen if months is None else rule.number * months * base.fen_month
        found.append(Derived(name, area.text if area else "", rule.group, fen, "case", rule, base if months else None))
    return found


def local_rounding(local: LocalLaw, item: str, area: str = "") -> tuple[Rounding, str] | None:
    """当地取整规则。 The place's rounding rule for an item and its period, or None where none is known.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> local_rounding(Book().at("429006", date(2013, 6, 1)), "dibao_standard", "rural")
    (Rounding(mode='floor', step_fen=100), 'year')
    """
    groups = local.book.groups(local.place, "standard_rounding", local.on)
    group = next((group for group in (f"{item}:{area}", item) if group in groups), None)
    if group is None:
        return None
    period = local.value("standard_rounding_period", group).text
    return local.value("standard_rounding", group).rounding, period


def published_for(local: LocalLaw, name: str, area: str, part: str = "") -> Value | None:
    """当地同口径的规定或公布数额。 What holds for the same part and area as the standard; None, and no gap noted, where nothing does.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> published_for(Book().at("440100", date(2021, 6, 1)), "low_income_line", "urban").text
    '1680'
    """
    return _held(local, name, (f"{area}:{part}", area, "") if part else (area, ""))


def _held(local: LocalLaw, name: str, wanted: tuple[str, ...]) -> Value | None:
    held = local.book.groups(local.place, name, local.on)
    return next((local.value(name, group) for group in wanted if group in held), None)


def _times(
    local: LocalLaw, name: str, area: str, rule: Value | None, base: Input | None, published: Value | None
) -> Derived | None:
    if rule is None or base is None:
        return None
    fen = base.fen_month * rule.number
    how = local_rounding(local, name if name != "edge_line" else "low_income_line", area)
    rounded = round_standard(fen, *how) if how else None
    return Derived(name, area, rule.group, fen, "month", rule, base, rounded, published)
