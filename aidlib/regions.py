"""Regions by GB/T 2260 code: names, levels, parents. A bad code suggests the nearest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from aidlib import tables
from aidlib.errors import RegionUnknown, nearest

NATION, PROVINCES = "000000", "provinces"
Level = Literal["country", "province", "prefecture", "prefecture_placeholder", "county", "statistical_zone"]
COLUMNS = ("region", "name_zh", "name_en", "pinyin", "level", "parent", "iso_3166_2", "source")


@dataclass(frozen=True)
class Region:
    """A place with its code, names, level and parent code.

    Examples
    --------
    >>> region("450400").name_zh, region("450400").parent
    ('梧州市', '450000')
    """

    code: str
    name_zh: str
    name_en: str
    pinyin: str
    level: Level
    parent: str

    def name(self, language: str = "zh") -> str:
        """Return the name in `zh` or `en`; a place without an English name keeps its Chinese one."""
        return self.name_en if language == "en" and self.name_en else self.name_zh

    def __str__(self) -> str:
        return f"{self.name_zh} {self.code}"


@lru_cache(maxsize=1)
def _table() -> dict[str, Region]:
    found = {}
    for row in tables.rows("reference/regions.csv", COLUMNS):
        cells = [row[column] for column in COLUMNS[:6]]
        found[cells[0]] = Region(*cells)  # type: ignore[arg-type]
    return found


def region(code: str) -> Region:
    """Find a region by its six-character code or its full Chinese name.

    Parameters
    ----------
    code : str
        `450400` or `梧州市`. A number is refused: a code is text.

    Raises
    ------
    RegionUnknown
        No such code or name; the nearest one is suggested.

    Examples
    --------
    >>> region("梧州市").code
    '450400'
    >>> region("450401")
    Traceback (most recent call last):
    ...
    aidlib.errors.RegionUnknown: unknown region; expected a six-digit GB/T 2260 code or a full Chinese name; got '450401'; try: 梧州市 450400
    """
    table = _table()
    if isinstance(code, str) and code in table:
        return table[code]
    by_name = [place for place in table.values() if place.name_zh == code]
    if len(by_name) == 1:
        return by_name[0]
    raise RegionUnknown(
        "unknown region" if not by_name else "a name that several regions share",
        expected="a six-digit GB/T 2260 code or a full Chinese name",
        got=str(code),
        hint=_suggest(code) if not by_name else ", ".join(map(str, by_name[:5])),
    )


def place(text: str | int | Region) -> Region:
    """按代码或名称查找地区。 Find a region as people write it: code, Chinese or English name, whole or shortened.

    Parameters
    ----------
    text : str, int or Region
        `450400`, `4504`, `45`; `广西壮族自治区`, `广西`; `Guangxi`. Short and English names are those of provinces and prefectures,
        and of two that share one the province is meant.

    Raises
    ------
    RegionUnknown
        No such region, or several of one rank; they are named.

    Examples
    --------
    >>> [place(text).code for text in ("广西", "Guangxi", "45", 450000, "梧州", "wuzhou", "吉林")]
    ['450000', '450000', '450000', '450000', '450400', '450400', '220000']
    """
    if isinstance(text, Region):
        return text
    code = str(text).strip()
    if code.isdigit() and (padded := code.ljust(6, "0")) in _table():
        return _table()[padded]
    for level in ("country", "province", "prefecture"):
        known = [one for one in _table().values() if one.level == level and _goes_by(one, code)]
        if len(known) > 1:
            raise RegionUnknown("a name that several regions share", expected="a code or a full name", got=code,
                                hint=", ".join(map(str, known[:5])))  # fmt: skip
        if known:
            return known[0]
    return region(code)


def _goes_by(one: Region, name: str) -> bool:
    return one.name_en.casefold() == name.casefold() or (len(name) > 1 and one.name_zh.startswith(name))


SEVERAL = re.compile(r"[,;，；、\s]+")


def _suggest(code: object) -> str:
    """Name the nearest right form; a district of two characters and a suffix has too many that differ by one to be a slip of any."""
    if not isinstance(code, (str, int)):
        return ""
    code = str(code)
    parts = SEVERAL.split(code)
    if len(parts) > 1 and all(any(_goes_by(one, part) for one in _table().values()) for part in parts):
        return f"a list: {parts}"
    table = _table()
    prefix = next((code[:cut].ljust(6, "0") for cut in (6, 4, 2) if code[:cut].ljust(6, "0") in table), "")
    if code.isdigit():
        return str(region(prefix)) if prefix else ""
    if nearest(code, [PROVINCES]):
        return PROVINCES
    stem = re.sub(r"(省|市|县|区|自治区|自治州|地区|盟)$", "", code)
    starts = [place for place in table.values() if len(stem) > 1 and place.name_zh.startswith(stem)]
    if starts:
        return ", ".join(map(str, starts[:3]))
    named = [(name, place) for place in reversed(table.values()) for name in (place.name_zh, place.name_en) if name]
    names = {name: place for name, place in named if len(name) > 3 or place.level != "county"}
    close = nearest(code, names)
    return str(names[close]) if close else ""


@cache
def lineage(code: str) -> tuple[str, ...]:
    """List a region and all above it, nearest first, ending with the nation.

    Examples
    --------
    >>> lineage("450400")
    ('450400', '450000', '000000')
    """
    place = region(code)
    above = lineage(place.parent) if place.parent else ()
    return (place.code, *above)


def provinces() -> tuple[Region, ...]:
    """List the 31 provincial-level regions of the mainland, in order of code.

    Examples
    --------
    >>> len(provinces()), provinces()[0].name_zh
    (31, '北京市')
    """
    return tuple(place for place in _table().values() if place.level == "province" and place.code < "710000")


def every_region() -> tuple[Region, ...]:
    """List all regions of the table, in its order."""
    return tuple(_table().values())


def children(code: str) -> tuple[Region, ...]:
    """List the regions directly below one, in order of code."""
    return tuple(place for place in _table().values() if place.parent == region(code).code)


def province_of(code: str) -> Region:
    """Return the province a region lies in (a province lies in itself; the nation has none).

    Examples
    --------
    >>> province_of("450400").code
    '450000'
    """
    return region(next((above for above in lineage(code) if region(above).level == "province"), NATION))
