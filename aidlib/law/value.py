"""What the law book answers: a value with its unit, status, source, article and the region it was really found in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from aidlib.errors import MoneyFault
from aidlib.money import FEN_PER_YUAN, Rounding, exact

Status = Literal["enacted", "observed", "estimated", "stale", "projected", "synthetic"]
STATUSES: tuple[Status, ...] = ("enacted", "observed", "estimated", "stale", "projected", "synthetic")
MONTHS_PER_YEAR = 12


def weakest(*statuses: str) -> Status:
    """Return the weakest of several statuses: a result is as weak as its weakest input.

    Examples
    --------
    >>> weakest("enacted", "estimated", "observed")
    'estimated'
    """
    return max(statuses, key=STATUSES.index)  # type: ignore[arg-type]


INSTRUMENTS = ("VERIFIED", "VERIFIED-2")
PRESS = "PRESS"


@dataclass(frozen=True)
class Source:
    """An instrument, or a text that tells what one says.

    Attributes
    ----------
    title, number, issuer, date, in_force : str
        As printed; for a press report `issuer` is who published it and `title` what the report is about.
    level : str
        What it is and how it was read: an instrument (VERIFIED read itself, VERIFIED-2 through reports of it), PAGE (an
        authority's page, or its document without the exact title), PRESS, COMPILATION (somebody else's list or answer
        page), SEED (a founding document of this project), INFERENCE (a reading of practice).
    url : str
        Only where the address is official.
    """

    id: str
    title: str
    number: str
    issuer: str
    date: str
    in_force: str
    level: str
    url: str

    @property
    def named(self) -> str:
        """The source in short: 《title》 of an instrument, who reported it and when, or what the page is called.

        Examples
        --------
        >>> Source("X", "黑龙江省物价联动机制", "", "《黑河日报》", "2017-04-11", "", "PRESS", "").named
        '据《黑河日报》2017-04-11报道'
        """
        if self.level in INSTRUMENTS:
            return f"《{self.title}》"
        return f"据{self.issuer or '媒体'}{self.date}报道" if self.level == PRESS else self.title

    def cite(self) -> str:
        """Write the source as a reader expects it: only an instrument stands in 《》.

        Examples
        --------
        >>> Source("DB57", "最低生活保障审核确认办法", "民发〔2021〕57号", "民政部", "", "2021-07-01", "VERIFIED", "").cite()
        '《最低生活保障审核确认办法》（民发〔2021〕57号）'
        >>> Source("X", "黑龙江省物价联动机制", "", "《黑河日报》", "2017-04-11", "", "PRESS", "").cite()
        '据《黑河日报》2017-04-11报道（黑龙江省物价联动机制）'
        >>> Source("Y", "2024年社会救助资金发放标准", "", "昌吉州民政局", "2024-10-25", "", "PAGE", "").cite()
        '2024年社会救助资金发放标准（昌吉州民政局，2024-10-25）'
        """
        if self.level in INSTRUMENTS:
            behind = self.number or self.date
        else:
            behind = (
                self.title if self.level == PRESS else "，".join(filter(None, (self.issuer, self.number, self.date)))
            )
        return self.named + (f"（{behind}）" if behind else "")


@dataclass(frozen=True)
class Value:
    """One answer of the law book.

    Attributes
    ----------
    name, group : str
        What was asked; `group` is empty where the value holds for every group.
    region, asked : str
        Code of the place the row belongs to, and of the place that asked.
    start, end : date
        First and last day of the row; `end` is `date.max` while open.
    text, unit, kind : str
        The value as written, its unit, and the unit's kind (money, number, flag, rounding, text).
    period : str
        Free word of the row on what the amount is for.
    status : str
        enacted, observed, estimated, stale, projected or synthetic.
    source, article, checked_on, note, place : Source and str
        Where it stands, and the file and line of the row.
    """

    name: str
    group: str
    region: str
    asked: str
    start: date
    end: date
    text: str
    unit: str
    kind: str
    period: str
    status: Status
    source: Source
    article: str
    checked_on: str
    note: str
    place: str

    @property
    def number(self) -> Fraction:
        """The exact number; a percentage stays in points (3.5 is `7/2`). A range or a text is an error."""
        if self.kind not in ("number", "money"):
            raise MoneyFault("this law value is not a number", where=self.place, got=f"{self.text} {self.unit}")
        return exact(self.text)

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Both ends of a value; a range is written `0.30..0.40`, a single number is both its ends."""
        low, _, high = self.text.partition("..")
        return exact(low), exact(high or low)

    @property
    def rate(self) -> Fraction:
        """The number as a plain ratio: 3.5 pct is 7/200, 1.5 x_standard is 3/2."""
        return self.number / 100 if self.unit == "pct" else self.number

    @property
    def fen(self) -> Fraction:
        """The amount in fen for the period of its unit."""
        if self.kind != "money":
            raise MoneyFault("this law value is not an amount of money", where=self.place, got=self.unit)
        return self.number * FEN_PER_YUAN

    @property
    def fen_month(self) -> Fraction:
        """The amount in fen for one month: a yearly amount is divided by 12 and not rounded."""
        return self.fen / MONTHS_PER_YEAR if self.unit.endswith("/year") else self.fen

    @property
    def flag(self) -> bool:
        """True for `1`, False for `0`."""
        return self.text == "1"

    @property
    def rounding(self) -> Rounding:
        """The rounding rule written in the row."""
        return Rounding.parse(self.text)

    @property
    def fell_back(self) -> bool:
        """True when the row belongs to a place above the one that asked."""
        return self.region != self.asked

    def cite(self) -> str:
        """Write source and article."""
        return f"{self.source.cite()} {self.article}".strip()
