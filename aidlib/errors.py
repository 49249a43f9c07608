"""Every error aidlib raises. Each message says where, what, what was expected, what was got, and what to try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from traceback import extract_tb


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input, ready to be read by the person who must mend it.

    Examples
    --------
    >>> print(Fault("value is not a number", where="values.csv:12", expected="a decimal", got="3,5", hint="write 3.5"))
    values.csv:12: value is not a number; expected a decimal; got '3,5'; try: write 3.5
    """

    what: str
    where: str = ""
    expected: str = ""
    got: str | None = None
    hint: str = ""

    def __str__(self) -> str:
        parts = [self.what]
        parts += [f"expected {self.expected}"] if self.expected else []
        parts += [f"got {self.got!r}"] if self.got is not None else []
        parts += [f"try: {self.hint}"] if self.hint else []
        return (f"{self.where}: " if self.where else "") + "; ".join(parts)


class AidError(Exception):
    """Anything a user can mend. Carries one `Fault` or many; never shows a traceback at the command line.

    Parameters
    ----------
    faults : str, Fault or iterable of Fault
        What is wrong; a plain string becomes one fault.
    where, expected, got, hint : str
        Used only with a plain string.

    Examples
    --------
    >>> print(AidError("unknown period", got="2020-13", hint="2020-12"))
    unknown period; got '2020-13'; try: 2020-12
    """

    exit_code = 2

    def __init__(
        self,
        faults: str | Fault | Iterable[Fault],
        *,
        where: str = "",
        expected: str = "",
        got: str | None = None,
        hint: str = "",
    ) -> None:
        if isinstance(faults, str):
            faults = Fault(faults, where, expected, got, hint)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: the line of the reader's own cell and the message; the way through the library mends nothing."""
        walked = extract_tb(self.__traceback__)
        own = [frame for frame in walked if "ipykernel_" in frame.filename or frame.filename.startswith("<ipython")]
        return [*(f"line {frame.lineno}: {frame.line}" for frame in own), f"{type(self).__name__}: {self}"]

    def __reduce__(self) -> tuple[type[AidError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class MoneyFault(AidError):
    """An amount, a rate or a rounding rule that cannot be read exactly."""


class RegionUnknown(AidError):
    """A region code or name that no row of the region table has."""


class LawFault(AidError):
    """The law book is broken: every fault with file and line. The book does not load."""


class LawGap(AidError):
    """The law book has no row for this name, place and day; the nearest known row is named."""


class DataFault(AidError):
    """A table of published figures is broken: every fault with file and line."""


class DataGap(AidError):
    """A published figure that is needed is not in the data."""


class RegisterFault(AidError):
    """A register file that cannot be read as it stands."""


class RuleFault(AidError):
    """A set of rules with an unknown name, a cycle or a missing input."""


class ParameterFault(AidError):
    """A report parameter with an unknown name, a wrong type or a value out of range."""


class ReportFault(AidError):
    """A report that broke its promise: a table or figure missing or empty, or a number that moved."""

    exit_code = 1


class PrivacyFault(AidError):
    """Personal data was about to leave; the message gives the place, never the value."""

    exit_code = 3


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the closest known spelling as a hint, or an empty string.

    Examples
    --------
    >>> nearest("cpi_triger", ["cpi_trigger", "food_trigger"])
    'cpi_trigger'
    """
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
