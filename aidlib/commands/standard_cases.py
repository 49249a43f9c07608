"""Published standards and their rises held against what rules of the law book make of levels and wages published before or beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from aidlib import tables
from aidlib.commands.cases import READING, STANDS, Result, Verdict, payments
from aidlib.indices import Figures
from aidlib.known import Known, Missing
from aidlib.law import Book, LocalLaw, Value
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import Rounding, exact, fen, yuan
from aidlib.regions import region
from aidlib.standards import dependent, methods
from aidlib.standards.basis import Answer, rounding_of, standard_basis
from aidlib.standards.levels import AREAS, level, replaced
from aidlib.standards.methods import WAGE, YUAN_MONTH, Candidate, round_standard

STANDARDS = (
    "case", "region", "on", "name", "group", "before", "after", "unit", "stated", "base", "note", "source",
)  # fmt: skip
LEVELS = ("dibao_standard", "dibao_floor", "dibao_guide")
DEPENDENT = ("tekun_basic_standard", "tekun_care_standard", "low_income_line", "edge_line")
AT_LEAST = ("consumption_share_min", "income_share_min", "growth_uprating")
"""Methods of a place that set a least amount."""
TARGET = "rural_target"
NOT_BELOW = ("not below", "at least")
DOWN = Rounding("floor", 100)
ROUNDINGS = tuple(Rounding(mode, step) for mode in ("floor", "half_up", "ceil") for step in (1, 100, 1000))


def every() -> dict[str, list[Result]]:
    """Ask every question there is, in parts: amounts of payments, months that started payment or not, and standards."""
    plain, given = payments(), payments(given=True)
    return {
        "payments, amounts": [result for result in plain if result.group],
        "payments, amounts, with the announcement's own index and standard": given,
        "payments, months and groups without an amount": [result for result in plain if not result.group],
        "standards": standards(),
        "standards, with what the announcement itself prints": standards(given=True),
    }


@dataclass(frozen=True)
class Way:
    """One rule that makes an amount: exactly, within a band, or no less than.

    Attributes
    ----------
    low, high : Fraction or None
        Fen a month before rounding; `high` None where the rule only says no less than.
    rules : tuple of Value
        Rows of law it rests on, that of the rounding too where it matters.
    rounded : Fraction or None
        Fen a month after the place's rounding, where one is known.
    """

    low: Fraction
    high: Fraction | None
    rules: tuple[Value, ...]
    rounded: Fraction | None = None

    @property
    def proves(self) -> bool:
        """True where no row was read off published standards."""
        return all(rule.source.level != READING and rule.status in STANDS for rule in self.rules)

    def hold(self, published: Fraction, period: str) -> Verdict:
        """Hold it against what was published, fen a month."""
        made = {self.rounded} if self.rounded is not None else _rounded(self.low, period)
        if self.high in (None, self.low) and made == {published}:
            return "computed" if self.proves else "consistent"
        least = round_standard(self.low, DOWN, period) if self.high is None else self.low
        within = least <= published and (self.high is None or published <= self.high)
        return "consistent" if (published in made if self.high == self.low else within) else "differs"


def standards(given: bool = False) -> list[Result]:
    """Ask for every published standard: what the rules of its place make of the levels before it, or of what its announcement prints.

    Parameters
    ----------
    given : bool
        Hand over what the announcement itself prints: the level before with the percentage of the rise, the wage or consumption, or
        the dibao standard beside it; cases that print none of these are left out.
    """
    book, figures = Book(), Figures()
    rows = list(tables.rows("cases/standards.csv", STANDARDS))
    beside = {(row["source"], row["on"], row["region"], row["group"]): row for row in rows if row["name"] == LEVELS[0]}
    found = []
    for row in rows:
        asked = Result(row["case"], region(row["region"]).code, row["on"], f"{row['name']}:{row['group']}".rstrip(":"),
                       f"{row['after']} {row['unit']}", given=given)  # fmt: skip
        base = _printed_base(row, beside) if given else None
        if given and base is None and not (row["before"] and row["stated"]):
            continue
        found.append(_firmest(asked, _Asked(book, figures, row, base)))
    return found


class _Asked:
    """One published standard with the book open on its first day."""

    def __init__(self, book: Book, figures: Figures, row: tables.Row, base: str | None) -> None:
        self.row, self.base, self.figures = row, base, figures
        self.local: LocalLaw = book.at(row["region"], date.fromisoformat(row["on"]))
        words = row["group"].split(":")
        self.area = words[0] if words[0] in AREAS else "urban"
        self.care = next((word for word in words if word.startswith(("care_", "selfcare"))), "")
        self.part = words[-1] if words[-1] not in (*AREAS, self.care, "at_home", "institution", "") else ""
        self.period = "year" if row["unit"].endswith("/year") else "month"

    @property
    def published(self) -> Fraction:
        """Fen a month."""
        return _monthly(self.row["after"], self.row["unit"])

    def dibao(self) -> Known | None:
        """The dibao standard of the same part and area: the one printed beside, else the one in force."""
        if self.base and not self.row["base"]:
            return Known.of(self.base, "level", YUAN_MONTH)
        own = self.local.optional(LEVELS[0], f"{self.area}:{self.part}|{self.area}" if self.part else self.area)
        found = own or level(self.local, self.area)
        return Known.of(found) if found else None

    def ways(self) -> Iterator[Way]:
        """Every rule that bears on it."""
        if self.row["name"] in LEVELS:
            yield from self._rises()
        if self.row["name"] == LEVELS[0]:
            yield from self._methods()
        if self.row["name"] in DEPENDENT:
            yield from self._dependent()

    def _rises(self) -> Iterator[Way]:
        """A stated percentage of the level before, or a least one; what the announcement prints goes first."""
        groups = f"{self.row['name']}:{self.row['group']}|{self.row['name']}:{self.area}|{self.row['name']}"
        stated = self.local.optional("standard_growth_stated", groups)
        number = self.row["stated"] if self.base is not None or not stated else stated.text
        before = self._before()
        if before and number and (stated or self.base is not None):
            yield _raised(before, number, self.row["note"] in NOT_BELOW, (stated,) if stated else ())

    def _before(self) -> Fraction | None:
        if self.base is not None and self.row["before"]:
            return _monthly(self.row["before"], self.row["unit"])
        held = self.local.optional(self.row["name"], self.row["group"] or self.area)
        found = replaced(self.local.book, held) if held else None
        return found.fen_month if found and found.status != "stale" else None

    def _methods(self) -> Iterator[Way]:
        at = standard_basis(self.row["region"], self.local.on.year, self.local.book, self.figures)[self.area]
        how = rounding_of(self.local, LEVELS[0], self.area)
        for made in (*self._of_printed_base(), *at.local_methods(), *at.from_urban()):
            if isinstance(made, Candidate) and made.method != TARGET:
                yield _way(made, how)

    def _of_printed_base(self) -> Iterator[Answer]:
        """The rule applied to the wage or the consumption that the announcement prints."""
        if not self.row["base"] or self.base is None:
            return
        for name, make in (
            ("standard_share_of_min_wage", methods.minimum_wage_share),
            ("standard_share_of_consumption", methods.consumption_share),
        ):
            if rule := self.local.optional(name, self.area):
                low, high = rule.bounds
                yield make(self.row["base"], rule if low == high else low, low, high)

    def _dependent(self) -> Iterator[Way]:
        dibao = self.dibao()
        for one in self._amounts(dibao) if dibao else ():
            if (
                isinstance(one, dependent.TiedAmount)
                and one.base
                and (not self.care or self.care in one.group.split(":"))
            ):
                high = None if one.rule.name == "tekun_basic_multiple" else one.fen
                yield Way(one.fen, high, (one.rule, *self._rounding(one)), one.rounded_fen)

    def _amounts(self, dibao: Known) -> Sequence[dependent.TiedAmount | Missing | None]:
        name = self.row["name"]
        if name == "tekun_care_standard":
            return dependent.tekun_care(self.local, self.area, dibao, self._wage())
        if name == "edge_line":
            return [dependent.edge_line(self.local, self.area, dibao)]
        make = dependent.tekun_basic if name == "tekun_basic_standard" else dependent.low_income_line
        return [make(self.local, self.area, dibao, self.part)]

    def _rounding(self, one: dependent.TiedAmount) -> Iterator[Value]:
        """The row of the rounding, where it changed the amount."""
        item = one.name if one.name != "edge_line" else "low_income_line"
        rule = self.local.optional("standard_rounding", f"{item}:{self.area}|{item}")
        if rule and one.rounded_fen not in (None, one.fen):
            yield rule

    def _wage(self) -> Known | None:
        """The minimum wage printed, else the published one of the year where it has one tier."""
        if self.row["base"] and self.base:
            return Known.of(self.row["base"], "minimum_wage", WAGE)
        wages = standard_basis(self.row["region"], self.local.on.year, self.local.book, self.figures)[self.area].wages
        return Known.of(wages[0]) if len(wages) == 1 else None


def _firmest(asked: Result, at: _Asked) -> Result:
    """The firmest of the answers; a rule that does not fit comes before all."""
    held = [(way.hold(at.published, at.period), way) for way in at.ways()]
    order: tuple[Verdict, ...] = ("differs", "computed", "consistent")
    for verdict in order:
        if fits := [way for found, way in held if found == verdict]:
            names = (rule.name for way in fits for rule in way.rules if rule.name not in LEVELS)
            return asked.judged(verdict, " ".join(dict.fromkeys(names)), _shown(fits[0]))
    return asked.judged("cannot_tell", _lack(at))


def _lack(at: _Asked) -> str:
    if at.row["name"] in LEVELS:
        return "no rule says how the place sets it, or a figure that its rule asks for is not known"
    if at.row["name"] not in DEPENDENT:
        return "no rule makes it"
    if at.dibao() is None:
        return "the dibao standard in force is not known"
    return "no multiple or share of the place is known"


def _printed_base(row: tables.Row, beside: dict[tuple[str, str, str, str], tables.Row]) -> str | None:
    """What an announcement prints for a rule to be applied to: a wage or consumption, or the dibao standard beside a tied amount."""
    if row["base"]:
        return row["base"]
    if row["name"] in LEVELS:
        return "" if row["before"] and row["stated"] else None
    area = row["group"].split(":")
    keys = [
        (row["source"], row["on"], row["region"], group)
        for group in (row["group"], area[0], f"{area[0]}:{area[-1]}", "")
    ]
    found = next((beside[key] for key in keys if key in beside), None)
    return str(_monthly(found["after"], found["unit"]) / 100) if found and row["name"] in DEPENDENT else None


def _raised(before: Fraction, rate: str, at_least: bool, rules: tuple[Value, ...]) -> Way:
    """The level before times a stated percentage, which stands for every rate that rounds to it."""
    half = Fraction(1, 2 * 10 ** len(rate.partition(".")[2]))
    low, high = (before * (1 + (exact(rate) + step) / 100) for step in (-half, half))
    return Way(low, None if at_least else high, rules)


def _way(made: Candidate, how: tuple[Rounding, str] | None) -> Way:
    rules = tuple(row for one in made.inputs for row in one.rows if isinstance(row, Value))
    if made.method in AT_LEAST:
        return Way(made.fen_month, None, rules)
    low, high = (made.fen_month if end is None else end for end in (made.low, made.high))
    return Way(low, high, rules, round_standard(made.fen_month, *how) if how and low == high else None)


def _rounded(amount: Fraction, period: str) -> set[Fraction]:
    """What an amount may be after a rounding nobody stated: to the fen, the yuan or ten yuan, a month or a year."""
    return {round_standard(amount, rule, period) for rule in ROUNDINGS} | {amount}


def _monthly(text: str, unit: str) -> Fraction:
    return Fraction(fen(text)) / (MONTHS_PER_YEAR if unit.endswith("/year") else 1)


def _shown(way: Way) -> str:
    low = yuan(way.rounded if way.rounded is not None else way.low)
    return low if way.low == way.high else f"{low}.." + ("" if way.high is None else yuan(way.high))
