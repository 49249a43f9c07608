"""Start conditions: a reading against a line, months against a window; never a guess where the reading is too weak."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from aidlib.law import Status, Value, weakest
from aidlib.prices.months import number, shift
from aidlib.prices.readings import Reading

Verdict = Literal["met", "not_met", "cannot_tell"]
Reader = Callable[[str, str], Reading | None]
QUARTER = 3


@dataclass(frozen=True)
class Line:
    """A trigger line in percentage points: `low` and `high` differ where only a range of local lines is known."""

    low: Fraction
    high: Fraction
    strict: bool = False


@dataclass(frozen=True)
class Start:
    """One start condition as the law states it.

    Attributes
    ----------
    indices : tuple of str
        The index, or several where the source does not say which.
    line : Line or None
        The line in force (a ceiling above it applied); None where it is not known.
    value, ceiling : Value or None
        The rows the line rests on; `ceiling` only where it bit.
    window, months : str, int
        How many months are looked at, and how; see `in_window`.
    end_months, began : int, str
        Low months in a row that end a state once started (0: there is no such state), and the month the rule began.
    """

    indices: tuple[str, ...]
    line: Line | None
    value: Value | None = None
    ceiling: Value | None = None
    window: str = "single"
    months: int = 1
    end_months: int = 0
    began: str = ""


@dataclass(frozen=True)
class Condition(Start):
    """A start condition in a month and what became of it.

    Attributes
    ----------
    readings : tuple of Reading or None
        The month's own reading of each index.
    verdict : str
        met, not_met or cannot_tell.
    chance : float or None
        Where the index is not known at all: the chance, given the nation's, that its published figure reaches the line.
    likelihood : str
        That chance in a word: excluded (the condition is then not met), very_likely_not, cannot_tell, very_likely; empty elsewhere.
    """

    readings: tuple[Reading | None, ...] = ()
    verdict: Verdict = "cannot_tell"
    chance: float | None = None
    likelihood: str = ""

    @property
    def estimated(self) -> bool:
        """True when no published number stands behind the verdict."""
        return any(reading is None or reading.status != "observed" for reading in self.readings)

    @property
    def status(self) -> Status:
        """Weakest status of the line and the readings; an index that is not known makes it no better than estimated."""
        known = [part.status for part in (*self.readings, self.value, self.ceiling) if part]
        return weakest("observed", *known) if all(self.readings) else weakest("estimated", *known)


def tested(start: Start, read: Reader, month: str) -> Condition:
    """Test a start condition in a month.

    Parameters
    ----------
    read : callable
        `read(index, month)` gives a `Reading` or None.

    Examples
    --------
    >>> line = Line(Fraction(3), Fraction(3))
    >>> tested(Start(("cpi",), line), lambda index, month: None, "2020-01").verdict
    'cannot_tell'
    """
    verdicts = [_verdict(start, read, index, month) for index in start.indices]
    readings = tuple(read(index, month) for index in start.indices)
    return Condition(**vars(start), readings=readings, verdict=agreed(verdicts))


def _verdict(start: Start, read: Reader, index: str, month: str) -> Verdict:
    if not start.end_months:
        return in_window(read, index, month, start.line, start.window, start.months)
    return in_state(lambda at: against(read(index, at), start.line), month, start.months, start.end_months, start.began)


def compare(rise: Fraction, error: Fraction, line: Line) -> Verdict:
    """达到即启动(含本数)；估算值离启动线比误差还近的，不能判断。 A rise that reaches the line meets it; an estimate nearer than its error cannot tell.

    Parameters
    ----------
    rise, error : Fraction
        Rise in percentage points as published (error 0), or an estimate with its largest credible error.
    line : Line
        The line; `strict` asks for more than the line ("超过").

    Examples
    --------
    >>> line = Line(Fraction("3.5"), Fraction("3.5"))
    >>> [compare(Fraction(rise), Fraction(0), line) for rise in ("3.4999", "3.5")]
    ['not_met', 'met']
    >>> compare(Fraction("3.7"), Fraction("0.3"), line)
    'cannot_tell'
    """
    low, high = rise - error, rise + error
    if low > line.high or (low == line.high and not line.strict):
        return "met"
    if high < line.low or (high == line.low and line.strict):
        return "not_met"
    return "cannot_tell"


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """任一条件满足即启动；全部不满足才不启动(中止正是启动的反面)。 One condition met is enough; stop is the exact complement of start.

    Examples
    --------
    >>> any_of(["not_met", "met", "cannot_tell"]), any_of(["not_met", "cannot_tell"]), any_of(["not_met", "not_met"])
    ('met', 'cannot_tell', 'not_met')
    """
    seen = set(verdicts)
    if "met" in seen:
        return "met"
    return "cannot_tell" if "cannot_tell" in seen or not seen else "not_met"


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Every month must meet the line; one that does not settles it.

    Examples
    --------
    >>> all_of(["met", "met"]), all_of(["met", "not_met", "cannot_tell"]), all_of(["met", "cannot_tell"])
    ('met', 'not_met', 'cannot_tell')
    """
    seen = set(verdicts)
    if "not_met" in seen:
        return "not_met"
    return "cannot_tell" if "cannot_tell" in seen or not seen else "met"


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    """Where the source does not say which of several indices counts, only their agreement decides.

    Examples
    --------
    >>> agreed(["met", "met"]), agreed(["met", "not_met"])
    ('met', 'cannot_tell')
    """
    seen = set(verdicts)
    return seen.pop() if len(seen) == 1 else "cannot_tell"


def against(reading: Reading | None, line: Line | None) -> Verdict:
    """Compare a reading with a line; a missing reading or an unknown line cannot tell."""
    if reading is None or line is None:
        return "cannot_tell"
    return compare(reading.rise, reading.error, line)


def in_window(read: Reader, index: str, month: str, line: Line | None, window: str, months: int) -> Verdict:
    """Test an index over the months a rule looks at.

    Parameters
    ----------
    read : callable
        `read(index, month)` gives a `Reading` or None.
    window : str
        `single`: the month itself; `consecutive`: each of the last `months`; `months_mean`: their mean; `quarter_mean`: the
        mean of the calendar quarter, told only in its last month.

    Returns
    -------
    str
        met, not_met or cannot_tell.
    """
    if window == "single":
        return against(read(index, month), line)
    readings = [read(index, shift(month, -step)) for step in range(months)]
    if window == "consecutive":
        return all_of(against(reading, line) for reading in readings)
    if window == "quarter_mean" and number(month) % QUARTER != QUARTER - 1:
        return "cannot_tell"
    return _mean_tested(readings, line)


def _mean_tested(readings: Sequence[Reading | None], line: Line | None) -> Verdict:
    known = [reading for reading in readings if reading is not None]
    if line is None or len(known) < len(readings):
        return "cannot_tell"
    count = len(known)
    mean = sum((reading.rise for reading in known), Fraction(0)) / count
    return compare(mean, sum((reading.error for reading in known), Fraction(0)) / count, line)


def in_state(reach: Callable[[str], Verdict], month: str, start_months: int, end_months: int, first: str) -> Verdict:
    """连续若干月达到才启动，单月回落只是暂停，连续若干月低于启动线才退出。 The state of the 2011 rule of Guangdong.

    A month pays when it reaches the line itself and the state has been started (so many months in a row) and not ended
    (so many low months in a row).

    Parameters
    ----------
    reach : callable
        Verdict of one month.
    first : str
        Month the rule began; no state is older.

    Examples
    --------
    >>> high = {"2011-07", "2011-08", "2011-09", "2011-11"}
    >>> def reach(month): return "met" if month in high else "not_met"
    >>> [in_state(reach, month, 3, 3, "2011-07") for month in ("2011-08", "2011-09", "2011-10", "2011-11")]
    ['not_met', 'met', 'not_met', 'met']
    """
    now = reach(month)
    if now != "met":
        return now
    run_high = run_low = 0
    while number(month) >= number(first):
        verdict = reach(month)
        if verdict == "cannot_tell":
            return "cannot_tell"
        run_high = run_high + 1 if verdict == "met" else 0
        run_low = 0 if verdict == "met" else run_low + 1
        if run_high == start_months:
            return "met"
        if run_low == end_months:
            return "not_met"
        month = shift(month, -1)
    return "not_met"
