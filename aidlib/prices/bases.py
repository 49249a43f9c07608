"""What an amount is made of: the standard it is a share of, the rise it is multiplied with, and what is known to be paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from aidlib.indices import Figure, Figures
from aidlib.law import Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.prices.method import Condition, Desk
from aidlib.prices.readings import Reading
from aidlib.prices.words import Said
from aidlib.standards.levels import DIBAO, last_level

PERSONS = {
    "dibao_urban": "dibao_recipients:urban", "dibao_rural": "dibao_recipients:rural",
    "tekun_urban": "tekun_recipients:urban", "tekun_rural": "tekun_recipients:rural",
}  # fmt: skip
PAID = {
    "dibao_urban": ("urban", "main", "main:city_districts"), "dibao_rural": ("rural", "main", "main:city_districts"),
    "tekun_urban": ("urban", "main", "main:city_districts"), "tekun_rural": ("rural", "main", "main:city_districts"),
    "preferential_person": ("preferential", "main"), "unemployment_benefit": ("unemployed",), "wubao": ("rural_wubao",),
}  # fmt: skip


@dataclass(frozen=True)
class Standard:
    """The amount a rise is applied to: fen a month, its status, and the row it rests on (None where it was supposed)."""

    fen_month: Fraction
    status: Status
    basis: Value | Figure | None

    @property
    def average(self) -> bool:
        """True when a published average stands in, because the place has no standard of its own in the book."""
        return isinstance(self.basis, Figure)

    @property
    def caution(self) -> Said | None:
        """What a reader must know before using the amount; None for a standard in force."""
        if isinstance(self.basis, Figure):
            return Said(
                f"没有统一的低保标准，以{self.basis.period}年平均标准代替，金额只是示意",
                f"there is no single dibao standard; the average of {self.basis.period} stands in, so amounts only illustrate",
            )
        if self.basis is None or self.status != "stale":
            return None
        return Said(
            f"{self.basis.end}以后的标准不在数据中，沿用此前标准并标为过期",
            f"the standard after {self.basis.end} is not in the data; the one before is used and marked stale",
        )


@dataclass(frozen=True)
class Factor:
    """The rise an amount is computed with, and its ends; `high` is None where a second index that could be higher is unknown."""

    low: Fraction
    rise: Fraction
    high: Fraction | None
    readings: tuple[Reading, ...]

    @property
    def status(self) -> Status:
        """Observed, or estimated when any reading is."""
        return "estimated" if self.high is None else weakest(*(reading.status for reading in self.readings))


def standard(desk: Desk, group: str) -> Standard | None:
    """各类对象按各自的标准计算。 The standard a group's rise is applied to.

    In force, else the last known (stale), else the published average of the place (estimated, or stale when of another
    year). None where no row says which standard counts, or the standard is not in the data.
    """
    base = desk.rule("linkage_base", group)
    name, _, area = base.text.partition(":") if base else ("", "", "")
    if base and (supposed := desk.readings.standards.get(base.text)) is not None:
        return Standard(Fraction(supposed), "synthetic", None)
    if name not in desk.law.book.tables.names:
        return None
    if (value := desk.note(last_level(desk.home, area, name))) is not None:
        return Standard(value.fen_month, value.status, value)
    return average(desk.readings.figures, desk.place, area, desk.month) if name == DIBAO else None


def average(figures: Figures, place: str, area: str, month: str) -> Standard | None:
    """Let the latest published average standard stand in for a place that has no single one."""
    found = figures.latest(place, f"dibao_avg:{area}", month)
    if found is None:
        return None
    monthly = found.value * FEN_PER_YUAN / (MONTHS_PER_YEAR if found.unit.endswith("/year") else 1)
    return Standard(monthly, "estimated" if found.period[:4] == month[:4] else "stale", found)


def no_standard(desk: Desk, group: str) -> Said:
    """Say why a group has no standard."""
    if desk.rule("linkage_base", group) is None:
        return Said(
            "文件没有说明部分对象以哪项标准为基数", "no instrument says which standard is the base of some groups"
        )
    return Said("作为基数的标准不在数据中", "the standard that is the base is not in the data")


def factor(desk: Desk, name: str, conditions: Sequence[Condition]) -> Factor | None:
    """补贴所乘的涨幅。 The rise an amount uses.

    One index; `higher`: the higher of CPI and SCPI; `trigger`: the index that started payment, and of two the higher.
    """
    if name == "higher":
        return _highest(desk.read(index, desk.month) for index in ("cpi", "scpi"))
    if name != "trigger":
        return _highest([desk.read(name, desk.month)]) if name else None
    met = [reading for c in conditions if c.verdict == "met" for reading in c.readings]
    open_ = [reading for c in conditions if c.verdict == "cannot_tell" for reading in c.readings]
    sure, both = _highest(met), _highest(met + open_)
    return Factor(sure.low, sure.rise, both.high, both.readings) if sure and both else both


def _highest(readings: Iterable[Reading | None]) -> Factor | None:
    wanted = list(readings)
    found = tuple(reading for reading in wanted if reading)
    if not found:
        return None
    high = max(reading.high for reading in found) if len(found) == len(wanted) else None
    return Factor(max(r.low for r in found), max(r.rise for r in found), high, found)


def paid(desk: Desk, group: str) -> Figure | None:
    """Find what the place is known to have paid a group for the month."""
    for series in PAID.get(group, ()):
        if found := desk.readings.figures.find(desk.place, f"price_subsidy_paid:{series}", desk.month):
            return found
    return None


def persons(desk: Desk, group: str) -> Figure | None:
    """Find the latest head-count of a group not after the month; its period says how old it is."""
    series = PERSONS.get(group)
    return desk.readings.figures.latest(desk.place, series, desk.month) if series else None
