"""What an amount is made of: the standard it is a share of, the rise it is multiplied with, and what is known to be paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from aidlib.indices import Figure
from aidlib.law import Status, Value, weakest
from aidlib.law.value import MONTHS_PER_YEAR
from aidlib.money import FEN_PER_YUAN
from aidlib.prices.method import Condition, Desk
from aidlib.prices.readings import Reading
from aidlib.prices.words import Said
from aidlib.regions import lineage
from aidlib.standards.levels import DIBAO, last_level

GUIDE = "dibao_guide"
NO_BASE = Said("文件没有写明这类对象的基数", "no text states the base of this group")
YEAR = len("2016")
AFTERWARDS = Said(
    "(全年平均，当月以后才公布，只供回看)", " (a whole year's, published after the month, for looking back only)"
)
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
    """The amount a rise is applied to.

    Attributes
    ----------
    fen_month : Fraction
        Fen a month.
    status : str
        Status of the row; a stand-in is never better than estimated.
    basis : Value, Figure or None
        The row it rests on; a `Figure` is a published average, None was supposed by hand.
    """

    fen_month: Fraction
    status: Status
    basis: Value | Figure | None

    @property
    def caution(self) -> Said | None:
        """What a reader must know before using the amount; None for the standard in force."""
        if isinstance(self.basis, Figure):
            when = f"{self.basis.period}年" if len(self.basis.period) == YEAR else self.basis.period
            after = AFTERWARDS if self.status == "estimated" and len(self.basis.period) == YEAR else Said("", "")
            return Said(f"没有统一的低保标准，金额以{when}平均标准示意{after.zh}",
                        f"there is no single dibao standard; amounts illustrate with the average of {self.basis.period}{after.en}")  # fmt: skip
        if self.basis is not None and self.basis.name == GUIDE:
            year = self.basis.start.year
            return Said(f"没有统一的低保标准，金额以{year}年省级指导标准示意",
                        f"there is no single dibao standard; amounts illustrate with the provincial guide of {year}")  # fmt: skip
        if self.basis is None or self.status != "stale":
            return None
        return Said(f"标准只知道到{self.basis.end}，金额按过期标准计算",
                    f"the standard is known only until {self.basis.end}; amounts use the one that has ended")  # fmt: skip


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

    In force, else the last known (stale). A province without a single standard is shown with what stands nearest in time: its
    guide standard or the published average of its places, never better than estimated. None where no row says which standard
    counts, or none is in the data.
    """
    base = desk.rule("linkage_base", group)
    name, _, area = base.text.partition(":") if base else ("", "", "")
    if base and (supposed := desk.readings.standards.get(base.text)) is not None:
        return Standard(Fraction(supposed), "synthetic", None)
    if name not in desk.law.book.tables.names:
        return None
    if (value := desk.note(last_level(desk.home, area, name))) is not None:
        return Standard(value.fen_month, value.status, value)
    return stand_in(desk, area) if name == DIBAO else None


def stand_in(desk: Desk, area: str) -> Standard | None:
    """Let a provincial guide standard or a published average stand in, whichever is of the later year.

    The average of the month's own year stands in as an estimate: it was published after the month, and this looks back.
    """
    guide = last_level(desk.home, area, GUIDE)
    average = desk.readings.figures.latest(desk.place, f"dibao_avg:{area}", desk.month)
    if guide and (average is None or str(min(guide.end, desk.home.on).year) >= average.period[:4]):
        desk.note(guide)
        return Standard(guide.fen_month, weakest("estimated", guide.status), guide)
    if average is None:
        return None
    monthly = average.value * FEN_PER_YUAN / (MONTHS_PER_YEAR if average.unit.endswith("/year") else 1)
    return Standard(monthly, "estimated" if average.period[:4] == desk.month[:4] else "stale", average)


def no_standard(desk: Desk, group: str) -> Said:
    """Say why a group has no standard."""
    if desk.rule("linkage_base", group) is None:
        return NO_BASE
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


def paid_in_parts(desk: Desk, group: str) -> list[Figure]:
    """Find what districts or counties of the place are known to have paid a group for the month."""
    figures, series = desk.readings.figures, [f"price_subsidy_paid:{name}" for name in PAID.get(group, ())]
    inside = ((part, name) for name in series for part in figures.places(name) if desk.place in lineage(part)[1:])
    found = (figures.find(part, name, desk.month) for part, name in inside)
    return [figure for figure in found if figure]


def persons(desk: Desk, group: str) -> Figure | None:
    """Find the latest head-count of a group not after the month; its period says how old it is."""
    series = PERSONS.get(group)
    return desk.readings.figures.latest(desk.place, series, desk.month) if series else None
