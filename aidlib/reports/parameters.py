"""Parameters of a report before any kernel starts: what the notebook asks for, what was given, every fault at once."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from aidlib.errors import AidError, Fault, ParameterFault, nearest
from aidlib.regions import region

Plain: TypeAlias = str | int | float | bool | None
PeriodKind: TypeAlias = Literal["month", "year"]

FORMS: dict[PeriodKind, tuple[re.Pattern[str], str]] = {
    "month": (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "a month such as 2020-02"),
    "year": (re.compile(r"\d{4}"), "a year such as 2020"),
}
LANGUAGES = ("zh", "en")
KINDS = {int: "a whole number", float: "a number", bool: "True or False"}
TAG = "parameters"


def defaults(notebook: Path) -> dict[str, Plain]:
    """Read the parameters cell of a notebook: names and plain literals.

    Parameters
    ----------
    notebook : Path
        A notebook with one code cell tagged `parameters`.

    Returns
    -------
    dict
        Default by name, in the order of the cell.

    Raises
    ------
    ParameterFault
        No such cell, or a line in it that is not `name = literal`.
    """
    cell = next((cell for cell in read(notebook) if TAG in cell.tags), None)
    if cell is None:
        raise ParameterFault(f"no cell is tagged {TAG}", where=notebook.name, hint="tag the first code cell")
    return literals(cell.source, notebook.name)


def literals(source: str, where: str = "") -> dict[str, Plain]:
    """Read `name = literal` lines, annotated or not.

    Examples
    --------
    >>> literals('region = "450400"  # code\\nlookback_months: int = 12')
    {'region': '450400', 'lookback_months': 12}
    """
    found: dict[str, Plain] = {}
    wrong = []
    for line in ast.parse(source).body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        try:
            found[target.id] = ast.literal_eval(line.value)  # type: ignore[union-attr, attr-defined]
        except (AttributeError, ValueError):
            wrong.append(Fault("not a plain parameter", f"{where}:{line.lineno}", "name = literal", ast.unparse(line)))
    if wrong:
        raise ParameterFault(wrong)
    return found


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook without its outputs."""

    kind: str
    source: str
    tags: tuple[str, ...]


@lru_cache(maxsize=32)
def _read(path: Path, _stamp: tuple[int, int]) -> tuple[Cell, ...]:
    """As JSON and not through nbformat, whose import takes longer than the plan of four hundred reports."""
    try:
        return tuple(map(_cell, json.loads(path.read_text(encoding="utf-8"))["cells"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ParameterFault("not a readable notebook", got=path.name, expected="a notebook of format 4") from None


def _cell(cell: Mapping[str, Any]) -> Cell:
    return Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))


def read(notebook: Path) -> tuple[Cell, ...]:
    """Read the cells of a notebook, once for as long as it does not change on disk.

    Raises
    ------
    ParameterFault
        No such file, or not a notebook.
    """
    if not notebook.is_file():
        raise ParameterFault("no such notebook", got=notebook.name)
    status = notebook.stat()
    return _read(notebook, (status.st_mtime_ns, status.st_size))


def check(given: Mapping[str, object], known: Mapping[str, Plain], where: str = "") -> dict[str, Plain]:
    """Check given parameters against those a notebook knows, all faults at once.

    Parameters
    ----------
    given : mapping
        Name to value, as the notebook would get it.
    known : mapping
        Name to default, from `defaults`.
    where : str
        Name of the report, for the message.

    Returns
    -------
    dict
        The given parameters, checked.

    Raises
    ------
    ParameterFault
        Unknown names with the nearest known one, wrong types, regions as numbers, unreadable languages.

    Examples
    --------
    >>> check({"region": 450400, "perod": "2020"}, {"region": "450400", "period": "2020"})
    Traceback (most recent call last):
    ...
    aidlib.errors.ParameterFault: region: wrong type; expected text in quotes, so that no leading zero is lost; got '450400 (int)'; try: region="450400"
    perod: unknown parameter; expected one of region, period; got 'perod'; try: period
    """
    faults = [fault for name, value in given.items() for fault in _faults(name, value, known, where)]
    if faults:
        raise ParameterFault(faults)
    return dict(given)  # type: ignore[arg-type]


def _faults(name: str, value: object, known: Mapping[str, Plain], where: str) -> Iterator[Fault]:
    place = f"{where} {name}".strip()
    if name not in known:
        yield Fault("unknown parameter", place, f"one of {', '.join(known)}", name, nearest(name, known))
    elif name == "region" and not isinstance(value, str):
        expected = "text in quotes, so that no leading zero is lost"
        yield Fault("wrong type", place, expected, _typed(value), f'region="{value}"')
    elif not _fits(value, known[name]):
        yield Fault("wrong type", place, f"{KINDS.get(type(known[name]), 'text')} such as {known[name]}", _typed(value))
    elif name == "language" and value not in LANGUAGES:
        yield Fault("unknown language", place, " or ".join(LANGUAGES), str(value))


def _fits(value: object, default: Plain) -> bool:
    """Same kind as the default; a whole number may stand for a broken one; a default of None takes anything plain."""
    if default is None or value is None:
        return value is None or isinstance(value, (str, int, float))
    return type(value) is type(default) or (type(default) is float and type(value) is int)


def _typed(value: object) -> str:
    return f"{value} ({type(value).__name__})"


def parse(texts: Iterable[str], known: Mapping[str, Plain], where: str = "") -> dict[str, Plain]:
    """Turn `name=value` texts of the command line into values of the type of each default.

    Examples
    --------
    >>> parse(["lookback_months=6", "region=450400"], {"region": "", "lookback_months": 12})
    {'lookback_months': 6, 'region': '450400'}
    """
    pairs = [text.partition("=") for text in texts]
    if bad := [f"{name}{sign}" for name, sign, _ in pairs if not (name and sign)]:
        raise ParameterFault([Fault("unreadable parameter", where, "NAME=VALUE", text) for text in bad])
    return check({name: _typed_as(known.get(name), value) for name, _, value in pairs}, known, where)


def _typed_as(default: Plain, text: str) -> Plain:
    if isinstance(default, str) or default is None:
        return text
    try:
        value = ast.literal_eval(text.capitalize() if isinstance(default, bool) else text)
    except (ValueError, SyntaxError):
        return text
    return value  # type: ignore[no-any-return]


def period_for(kind: PeriodKind, text: str) -> tuple[str, str]:
    """Return the period a report of a kind takes for a text, and a note where it differs from the text.

    Raises
    ------
    ParameterFault
        Not a month or a year, or a year for a monthly report.

    Examples
    --------
    >>> period_for("year", "2020-02")
    ('2020', 'a yearly report: 2020-02 is taken as 2020')
    >>> period_for("month", "2020-02")
    ('2020-02', '')
    """
    form, expected = FORMS[kind]
    if form.fullmatch(text):
        return text, ""
    if kind == "year" and FORMS["month"][0].fullmatch(text):
        return text[:4], f"a yearly report: {text} is taken as {text[:4]}"
    hint = f"{text}-12" if FORMS["year"][0].fullmatch(text) else ""
    raise ParameterFault("unreadable period", where="period", expected=expected, got=str(text), hint=hint)


def period_given(known: Mapping[str, Plain], period: str) -> dict[str, Plain]:
    """Return the parameter by which a notebook takes its period: `period`, or the `year` of a yearly one as it writes it.

    Examples
    --------
    >>> period_given({"region": "", "period": "2019-01"}, "2020-02"), period_given({"year": 2019}, "2020")
    ({'period': '2020-02'}, {'year': 2020})
    """
    if "year" in known and "period" not in known:
        return {"year": int(period) if isinstance(known["year"], int) else period}
    return {"period": period}


def regions_for(texts: Iterable[str]) -> list[str]:
    """Turn region codes or names, also in comma lists, into codes without repeats; all faults at once.

    Examples
    --------
    >>> regions_for(["450400,230100", "梧州市、哈尔滨市"])
    ['450400', '230100']
    """
    found: list[str] = []
    faults: list[Fault] = []
    for text in (part.strip() for given in texts for part in re.split("[,，、]", str(given))):
        try:
            found += [region(text).code] if text else []
        except AidError as error:
            faults += error.faults
    if faults:
        raise ParameterFault(faults)
    return list(dict.fromkeys(found))
