"""Amounts tied to a standard: edge line, low-income line, tekun basic and care standards, ceilings of temporary aid; and what each lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, final

from aidlib.known import Given, Known, Missing, Note
from aidlib.law import LocalLaw, Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN, digits
from aidlib.result import Frame
from aidlib.standards.basis import AreaBasis, StandardBasis, basis_of, rounding_of
from aidlib.standards.levels import AREAS
from aidlib.standards.methods import WAGE, YUAN_MONTH, round_standard

if TYPE_CHECKING:
    import pandas as pd

Period = Literal["month", "year", "case"]
CAPPED, UNCAPPED = Note("capped_at_minimum_wage"), Note("minimum_wage_cap_unknown")
CEILINGS = (
    "ta_township_max",
    "ta_county_max",
    "ta_year_cap",
    "ta_person_cap",
    "ta_person_cap_exceptional",
    "quick_aid_cap",
)
ALTERNATIVE = "alternative_statement"
CARE = ("tekun_care_standard", "tekun_care_guide", "tekun_care_floor")


@final
@dataclass(frozen=True)
class TiedAmount:
    """One amount that follows from a base by a multiple or share of the law, or that a place published outright.

    Attributes
    ----------
    name, area, group : str
        What it is; `urban` or `rural`; the narrower group of the law row, such as `care_full`.
    fen : Fraction
        Exact fen for `period`; the lower end where the base is known as a range only.
    period : str
        month, year or case.
    rule : Value
        The multiple, share or amount in force.
    base : Known or None
        What it is taken of; None where the law names an amount outright.
    rounded_fen : Fraction or None
        After the place's rounding rule, where one is known.
    published : Value or None
        The amount the place published for the same thing, to be compared.
    note : Note or None
        What a reader must know.
    other : Value or None
        What another source says of the same rule, where the law book keeps both.
    cap : Known or None
        What the law allows at most, yuan a month.
    """

    name: str
    area: str
    group: str
    fen: Fraction
    period: Period
    rule: Value
    base: Known | None
    rounded_fen: Fraction | None = None
    published: Value | None = None
    note: Note | None = None
    other: Value | None = None
    cap: Known | None = None

    @property
    def status(self) -> Status:
        """As weak as the rule and its base."""
        return weakest(self.rule.status, *([self.base.status] if self.base else []))

    @property
    def amount(self) -> Known:
        """The amount in yuan for its period: a range where the base is one, `at least` where nothing limits that."""
        unit = {"month": "yuan/person/month", "year": "yuan/person/year", "case": "yuan"}[self.period]
        if self.base is None or self.base.point:
            return Known(self.fen / FEN_PER_YUAN, unit, self.status)
        most = self.base.ends_fen_month[-1]
        times = self.fen / self.base.fen_month if self.base.fen_month else self.rule.number
        ends = [
            None if end is None else self.under_cap(end * times) / FEN_PER_YUAN for end in (self.base.fen_month, most)
        ]
        return Known(ends[0] or Fraction(0), unit, self.status, low=ends[0], high=ends[1])

    def under_cap(self, fen: Fraction) -> Fraction:
        """The amount, but no more than the cap."""
        return fen if self.cap is None else min(fen, self.cap.fen_month)

    @property
    def formula(self) -> str:
        """How the amount comes about, in digits and signs; empty for one that a place published outright."""
        if self.base is None:
            return ""
        low, *high = (digits(end / FEN_PER_YUAN) for end in self.base.ends_fen_month if end is not None)
        months = f" × {MONTHS_PER_YEAR}" if self.rule.unit == "x_standard_year" else ""
        product = f"{f'({low}–{high[0]})' if high else low}{months} × {self.rule.text}"
        return product if self.cap is None else f"min({product}, {digits(self.cap.number)})"


def tied_amounts(base: StandardBasis) -> Frame:
    """与标准挂钩的数额。 Every amount tied to the standards of a place and year: edge and low-income lines, tekun, ceilings of temporary aid.

    Averages and floors are no base: nobody is paid by them. A standard that is carried gives a range.

    Returns
    -------
    Frame
        The columns of `tied_frame`; what a rule asks for and nothing tells is in `attrs["lacking"]`.

    Examples
    --------
    >>> from aidlib.standards.basis import standard_basis
    >>> found = tied_amounts(standard_basis("450400", 2019)).to_frame()
    >>> found.loc[found["item"] == "tekun_basic", ["area", "formula"]].values.tolist()
    [['urban', '680 × 1.3'], ['rural', '375 × 1.3']]
    """
    return Frame(tied_frame(one for area in basis_of(base) for one in tied_of(area)))


def tied_of(at: AreaBasis) -> list[TiedAmount | Missing]:
    """与一地城市或农村标准挂钩的数额。 The amounts tied to the standard of one area, and what is missing for those that a rule asks for."""
    standard = at.standard
    if not standard:
        return []
    part = at.level.part if at.level else ""
    wage = at.wages[0] if len(at.wages) == 1 else None
    single = (
        edge_line(at.local, at.area, standard, wage),
        low_income_line(at.local, at.area, standard, part),
        tekun_basic(at.local, at.area, standard, part),
    )
    found = [one for one in single if one]
    if not any(one.name == "low_income_line" for one in found):
        found += _stated_line(at.local, at.area, standard, part)
    ceilings = aid_ceilings(at.local, standard) if at.area == "urban" or (at.level and not at.urban) else []
    return [
        *(replace(one, other=_other(at.local, one.rule)) for one in found),
        *tekun_care(at.local, at.area, standard, wage),
        *ceilings,
    ]


def _stated_line(local: LocalLaw, area: str, standard: Known, part: str) -> list[TiedAmount]:
    """A low-income line published as an amount without a multiple, with the multiple of the standard it comes to."""
    row = published_for(local, "low_income_line", area, part)
    if row is None:
        return []
    times = Note("times_the_standard", (digits(row.fen_month / standard.fen_month),)) if standard.point else None
    return [TiedAmount("low_income_line", area, row.group, row.fen_month, "month", row, None, None, row, times)]


def _other(local: LocalLaw, rule: Value) -> Value | None:
    """Find what another source says of the same rule, where the law book keeps both."""
    held = local.book.groups(local.place, rule.name, local.on)
    return local.value(rule.name, ALTERNATIVE) if ALTERNATIVE in held else None


def edge_line(local: LocalLaw, area: str, standard: Given, wage: Given | None = None) -> TiedAmount | None:
    """低保边缘家庭收入线。 The income line of edge households: the standard times the multiple in force, under its ceiling.

    Where the law caps the line by the minimum wage and no `wage` is given, `note` says that the ceiling was not applied.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> edge_line(Book().at("450400", date(2022, 1, 1)), "urban", "680").fen
    Fraction(102000, 1)
    """
    rule = local.optional("edge_income_multiple", area)
    line = _times(local, "edge_line", area, rule, Known.of(standard, "level", YUAN_MONTH), None) if rule else None
    share = local.optional("edge_income_cap_min_wage", area)
    if line is None or share is None:
        return line
    if wage is None:
        return replace(line, note=UNCAPPED)
    paid = Known.of(wage, "minimum_wage", WAGE)
    cap = replace(paid, number=paid.number * share.number, rows=(share, *paid.rows))
    if cap.fen_month >= line.fen and (line.base is None or line.base.point):
        return line
    line = replace(line, cap=cap)
    capped = line.under_cap(line.fen)
    return line if capped == line.fen else replace(line, fen=capped, rounded_fen=None, note=CAPPED)


def low_income_line(local: LocalLaw, area: str, standard: Given, part: str = "") -> TiedAmount | None:
    """低收入家庭认定线。 The low-income line where a place ties it to the standard; None where it only publishes an amount."""
    rule = local.optional("low_income_line_multiple", area)
    published = published_for(local, "low_income_line", area, part) if rule else None
    base = Known.of(standard, "level", YUAN_MONTH)
    return _times(local, "low_income_line", area, rule, base, published) if rule else None


def tekun_basic(local: LocalLaw, area: str, standard: Given, part: str = "") -> TiedAmount | None:
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
    rule = local.optional("tekun_basic_multiple", area)
    published = published_for(local, "tekun_basic_standard", area, part)
    base = Known.of(standard, "level", YUAN_MONTH)
    return _times(local, "tekun_basic", area, rule, base, published) if rule else None


def tekun_care(local: LocalLaw, area: str, standard: Given, wage: Given | None = None) -> list[TiedAmount | Missing]:
    """特困人员照料护理标准。 Tekun care standards by class: a share of the minimum wage, or of the standard where the row says so.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> dongying = Book().at("370500", date(2019, 10, 1))
    >>> [int(d.fen * 12 / 100) for d in tekun_care(dongying, "urban", "620", "1910")]
    [7640, 3820, 2292]
    >>> [(d.name, d.published.text) for d in tekun_care(dongying, "urban", "620")][0]
    ('tekun_care_standard', '7640')
    """
    bases = {"x_standard": Known.of(standard, "level", YUAN_MONTH)}
    if wage is not None:
        bases["x_min_wage"] = Known.of(wage, "minimum_wage", WAGE)
    found: list[TiedAmount | Missing] = []
    shares = [group for group in local.book.groups(local.place, "tekun_care_share", local.on) if _of_area(group, area)]
    for rule in (rule for group in shares if (rule := local.optional("tekun_care_share", group))):
        published = local.optional("tekun_care_standard", f"{area}:{rule.group}|{rule.group}")
        if base := bases.get(rule.unit):
            found.append(_times(local, "tekun_care", area, rule, base, published))
        elif published is None:
            found.append(Missing("minimum_wage", area, local.on.year, f"tekun_care:{rule.group}", local.place))
    shown = {one.published.place for one in found if one and one.published}
    outright = list(_outright(local, area, shown))
    if found or outright or not local.optional("tekun_basic_multiple", area):
        return [*found, *outright]
    return [Missing("tekun_care_standard", area, local.on.year, "tekun_care", local.place)]


def aid_ceilings(local: LocalLaw, standard: Given) -> list[TiedAmount]:
    """临时救助限额。 Ceilings of temporary aid, each on the base its own row names: monthly, yearly, or plain yuan."""
    base = Known.of(standard, "level", YUAN_MONTH)
    area = local.optional("ta_base_area")
    found = []
    for rule in (rule for name in CEILINGS if (rule := local.optional(name))):
        months = {"x_standard_month": 1, "x_standard_year": MONTHS_PER_YEAR}.get(rule.unit)
        fen = rule.fen if months is None else rule.number * months * base.fen_month
        found.append(
            TiedAmount(rule.name, area.text if area else "", rule.group, fen, "case", rule, base if months else None)
        )
    return found


def tied_frame(found: Iterable[TiedAmount | Missing]) -> pd.DataFrame:
    """Lay out tied amounts, one a row: area, item, group (a part or class), rule (a known multiple or share), formula, amount (yuan for its
    period), rounded_fen, published_amount (as published), notes, sources; what lacks is in `attrs["lacking"]`."""
    import pandas as pd

    columns = [
        "area",
        "item",
        "group",
        "rule",
        "formula",
        "amount",
        "rounded_fen",
        "published_amount",
        "notes",
        "sources",
    ]
    kept = list(found)
    frame = pd.DataFrame([_tied_row(one) for one in kept if one], columns=columns)
    frame.attrs["lacking"] = [one for one in kept if not one]
    return frame


def _tied_row(one: TiedAmount) -> list[Any]:
    notes = [one.note] if one.note else []
    notes += [Note("stated_otherwise", (digits(one.other.number), one.other.source.title))] if one.other else []
    group = ":".join(part for part in one.group.split(":") if part not in AREAS)
    published = Known.of(one.published) if one.published and one.base else None
    rule = Known.of(one.rule) if one.base else None
    behind = [row for known in (one.base, one.cap) if known for row in known.rows]
    rows = [row for row in (one.rule, *behind, one.published, one.other) if row]
    return [one.area, one.name, group or None, rule, one.formula, one.amount, one.rounded_fen, published, notes or None,
            list(dict.fromkeys(rows))]  # fmt: skip


def published_for(local: LocalLaw, name: str, area: str, part: str = "") -> Value | None:
    """当地同口径的规定或公布数额。 What holds for the same part and area as the standard; None, and no gap noted, where nothing does.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> published_for(Book().at("440100", date(2021, 6, 1)), "low_income_line", "urban").text
    '1680'
    """
    return local.optional(name, f"{area}:{part}|{area}" if part else area)


def _of_area(group: str, area: str) -> bool:
    """A row without an area holds for both."""
    first = group.partition(":")[0]
    return first == area or first not in ("urban", "rural")


def _outright(local: LocalLaw, area: str, shown: set[str]) -> Iterator[TiedAmount]:
    """Care standards, guides and floors published as amounts, but for those already shown beside a share."""
    for name in (name for name in CARE if name in local.book.tables.names):
        for group in local.book.groups(local.place, name, local.on):
            row = local.optional(name, group) if _of_area(group, area) else None
            if row and row.place not in shown:
                period: Period = "year" if row.unit.endswith("/year") else "month"
                yield TiedAmount(name, area, group, row.fen, period, row, None, None, row)


def _times(local: LocalLaw, name: str, area: str, rule: Value, base: Known, published: Value | None) -> TiedAmount:
    fen = base.fen_month * rule.number
    how = rounding_of(local, name if name != "edge_line" else "low_income_line", area)
    rounded = round_standard(fen, *how) if how and base.point else None
    return TiedAmount(name, area, rule.group, fen, "month", rule, base, rounded, published)
