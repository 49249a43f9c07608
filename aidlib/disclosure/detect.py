"""Find personal data in plain text: identity numbers, phones, bank cards, names after a label, door numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from aidlib import tables
from aidlib.disclosure import ids
from aidlib.regions import NATION, children

WORD_COLUMNS = ("kind", "word", "note")
UNIONPAY = "62"
BIRTH_YEARS = range(1880, 2100)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_JOIN = r"[ \-_.·/]"
_GROUPED = "|".join(
    (
        rf"\d{{6}}{_JOIN}?\d{{4}}{_JOIN}?\d{{2}}{_JOIN}?\d{{2}}{_JOIN}?\d{{3}}{_JOIN}?[\dXx]",
        rf"(?:\d{{4}}{_JOIN}){{4}}\d[\dXx]",
        rf"(?:\d{{3}}{_JOIN}){{5}}\d\d[\dXx]",
        rf"(?:\d{_JOIN}){{17}}[\dXx]",
    )
)
_ID18 = re.compile(rf"(?<!\d)(?=({_GROUPED})(?!\d))")
_ID15 = re.compile(r"(?<!\d)\d{15}(?!\d)")
_LONG_RUN = re.compile(r"\d{19,}[Xx]?")
_ID_FLOAT = re.compile(r"(?<![\d.])([1-8])\.(\d{13,17})[eE]\+?17(?!\d)")
_UNIT = r" ?(?:元|分|万|亿|yuan|fen)"
_PHONE = re.compile(
    r"(?<![\d.¥$])(?:(?<![A-Za-z])|(?<=tel)|(?<=Tel)|(?<=hone)|(?<=mob))(?:\+?86[- ]?)?1[3-9]\d(?:-?\d{8}|\d{4}-\d{4}(?!-\d)|([- ])\d{4}\1\d{4})"
    rf"(?![\dA-Za-z]|\.\d*[1-9]|,\d{{3}}|{_UNIT})"
)
_CARD = re.compile(
    r"(?<![\dA-Za-z.])[3-69]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\dA-Za-z]|\.\d*[1-9]|" + _UNIT + ")"
)
_DOOR = re.compile(
    r"[\u4e00-\u9fff](?:路|街|大道|巷|弄|胡同|村|屯|庄|小区|花园|苑|里|社区)(?:[\d一二三四五六七八九十百]{1,5})"
    r"(?:[-—之][\d]{1,4})?(?:号|栋|幢|弄|单元|室)"
)
_ENGLISH_NAME = r"[A-Z][a-z]+(?:[ \-][A-Z][a-z]+){1,2}"


@dataclass(frozen=True)
class Finding:
    """Personal data found: what kind and where, never the value.

    Examples
    --------
    >>> print(Finding("bank card number", "report.html: line 3"))
    bank card number at report.html: line 3
    """

    kind: str
    place: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}"


@dataclass(frozen=True)
class Span:
    """A stretch of text that holds personal data: what kind, first and last position."""

    kind: str
    start: int
    end: int


@lru_cache(maxsize=1)
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind of `data/privacy_words.csv`: name_label, not_a_name or surname.

    Examples
    --------
    >>> "姓名" in words("name_label")
    True
    """
    return _words()[kind]


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in tables.rows("privacy_words.csv", WORD_COLUMNS):
        found.setdefault(row["kind"], set()).add(row["word"])
    return {kind: frozenset(members) for kind, members in found.items()}


@lru_cache(maxsize=1)
def _name_pattern() -> re.Pattern[str]:
    labels = sorted(words("name_label"), key=len, reverse=True)
    chinese = "|".join(re.escape(word) for word in labels if not word.isascii())
    english = "|".join(word.replace("_", "[ _]") for word in labels if word.isascii())
    surname = "".join(sorted(words("surname")))
    han = r"[\u4e00-\u9fff·]"
    return re.compile(
        rf"(?:{chinese})[*\"']?(?:\s*[:：=]\s*[\"']?(?P<said>{han}{{2,4}})(?!{han})|\s+(?P<spaced>[{surname}]{han}{{1,2}})(?!{han}))"
        rf"|(?i:\b(?:{english}))\s*[:=]\s*[\"']?(?P<english>{_ENGLISH_NAME})"
    )


def folded(text: str) -> str:
    """Return the text as the detectors see it: full-width folded, invisible characters gone.

    Examples
    --------
    >>> folded("１\u200b２")
    '12'
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def personal_data(text: str) -> list[Span]:
    """Find every stretch of folded text that holds personal data, in order.

    Examples
    --------
    >>> personal_data("户均补助 625.00 元")
    []
    """
    found = [span for detector in DETECTORS for span in detector(text)]
    return sorted(found, key=lambda span: (span.start, -span.end))


def redact(text: str) -> str:
    """Replace personal data in a text by its kind, for logs and error messages that must leave.

    Examples
    --------
    >>> redact("row 3: " + "0" * 6 + "19900101" + "0019")
    'row 3: [identity number]'
    """
    text, pieces, at = folded(text), [], 0
    for span in personal_data(text):
        if span.start >= at:
            pieces += [text[at : span.start], f"[{span.kind}]"]
        at = max(at, span.end)
    return "".join([*pieces, text[at:]])


def _alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 2, 0) : start], text[end : end + 1]
    decimal = before.endswith(".") and before[:1].isdigit()
    return not (decimal or (before[-1:].isascii() and before[-1:].isalnum()) or (after.isascii() and after.isalnum()))


def _fraction_follows(text: str, end: int) -> bool:
    return re.match(r"\.\d*[1-9]", text[end : end + 20]) is not None


@lru_cache(maxsize=1)
def _prefixes() -> frozenset[str]:
    return frozenset(province.code[:2] for province in children(NATION))


def _born(number: str) -> bool:
    day = ids.birth_day(number)
    return day is not None and day.year in BIRTH_YEARS


def _identity_18(text: str) -> Iterator[Span]:
    for match in _ID18.finditer(text):
        raw, (start, end) = match[1], match.span(1)
        number = ids.plain(raw)
        right, born = ids.checks_out(number), _born(number)
        certain = right and born and number[:2] in _prefixes()
        if certain or ((right or born) and len(raw) == ids.LENGTH and _alone(text, start, end)):
            yield Span("identity number", start, end)


def _identity_inside(text: str) -> Iterator[Span]:
    for run in _LONG_RUN.finditer(text):
        for start in range(run.start(), run.end() - ids.LENGTH + 1):
            number = text[start : start + ids.LENGTH].upper()
            if number[:2] in _prefixes() and _born(number) and ids.checks_out(number):
                yield Span("identity number", start, start + ids.LENGTH)


def _identity_15(text: str) -> Iterator[Span]:
    for match in _ID15.finditer(text):
        number = ids.normal(match[0])
        placed = _alone(text, *match.span()) and not _fraction_follows(text, match.end())
        if placed and _born(number) and number[:2] in _prefixes():
            yield Span("identity number", *match.span())


def _identity_float(text: str) -> Iterator[Span]:
    for match in _ID_FLOAT.finditer(text):
        number = (match[1] + match[2]).ljust(ids.LENGTH, "0")
        if _born(number) and number[:2] in _prefixes():
            yield Span("identity number", *match.span())


def _phone(text: str) -> Iterator[Span]:
    yield from (Span("mobile number", *match.span()) for match in _PHONE.finditer(text))


def _card(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        if luhn(re.sub(r"[ -]", "", match[0])) and not _in_a_row(text, match):
            yield Span("bank card number", *match.span())


def _in_a_row(text: str, match: re.Match[str]) -> bool:
    """Whether numbers of four digits stand in a longer row of numbers, as figures do; what begins like a UnionPay card is one all the same."""
    before, after = text[: match.start()][-2:], text[match.end() :][:2]
    longer = re.fullmatch(r"\d ", before) or re.fullmatch(r" \d", after)
    return " " in match[0] and bool(longer) and not match[0].startswith(UNIONPAY)


def luhn(number: str) -> bool:
    """Tell whether a number of digits ends with the right Luhn digit (ISO/IEC 7812-1).

    Examples
    --------
    >>> luhn("0" * 16), luhn("0" * 15 + "1")
    (True, False)
    """
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _name(text: str) -> Iterator[Span]:
    for match in _name_pattern().finditer(text):
        group = match.lastgroup or "said"
        value = match[group]
        if group == "english" or not (value in words("not_a_name") or "某" in value):
            yield Span("person's name", *match.span(group))


def _door(text: str) -> Iterator[Span]:
    yield from (Span("address with a door number", *match.span()) for match in _DOOR.finditer(text))


DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _identity_18, _identity_inside, _identity_15, _identity_float, _phone, _card, _name, _door,
)  # fmt: skip
