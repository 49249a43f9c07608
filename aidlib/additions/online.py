"""Figures straight from the statistics bureau, through a kept library (akshare, extra `online`); never unless it is called.

The site was not reachable from where this was written: paths and names of indicators are those that public material has of its new
catalogue (2026), and the reading of answers was tried on frames in the shape of the library's. A path must end at a leaf: anything above
answers with an empty frame. Indices stand in one leaf for each base (2026-, 2021-2025, …), so that a longer span asks several.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib import additions, tables
from aidlib.additions import labels
from aidlib.additions.records import Change
from aidlib.errors import DataFault, Fault, nearest
from aidlib.regions import NATION, region
from aidlib.tables import write_whole

if TYPE_CHECKING:
    import pandas as pd

TABLE = "additions/online.csv"
COLUMNS = ("series", "name", "level", "kind", "paths", "indicators", "unit", "note")
HEADS = ("地区代码", "时期", "系列", "单位", "数值", "来源", "发布日期")
KEPT = ".online"
PAUSE_SECONDS = 3.0
ATTEMPTS = 2
NOT_THERE = "check if the data path or indicator"
"""What the library says where the catalogue has no such path or indicator; any other error means that the site did not answer."""
CODED = re.compile(r"(\d{4})(0[1-9]|1[0-2])?(MM|YY)?$")
LEVELS = {"nation": ("country",), "province": ("province",), "city": ("prefecture", "province")}

Ask = Callable[["Request", str, str], "pd.DataFrame"]


@dataclass(frozen=True)
class Request:
    """One question to the site: a statistic of the nation, of all provinces or of the main cities, from a period on.

    Attributes
    ----------
    series, name, level, kind, unit : str
        Ours; what it is asked by; nation, province or city; the library's word for it; unit as `data add` reads it.
    paths, indicators : tuple of str
        Where it stands, the likeliest first.
    since : str
        First period, `YYYY-MM` or `YYYY`.
    """

    series: str
    name: str
    level: str
    kind: str
    unit: str
    paths: tuple[str, ...]
    indicators: tuple[str, ...]
    since: str

    @property
    def period(self) -> str:
        """The period as the library takes it."""
        return f"{self.since.replace('-', '')}-"

    def __str__(self) -> str:
        return f"{self.series} ({self.level}): {self.kind}, {self.paths[0]}, {self.indicators[0]}, {self.period}"


def requests(
    series: Iterable[str] = (), since: str = "", levels: Iterable[str] = ("nation", "province")
) -> list[Request]:
    """List what would be asked.

    Examples
    --------
    >>> [str(one) for one in requests(["income"], "2025-01", ["nation"])]
    ['disposable_income_pc:total (nation): 年度数据, 人民生活 > 全国居民人均收入情况, 居民人均可支配收入(元), 2025-']
    """
    rows, wanted, deep = list(tables.rows(TABLE, COLUMNS)), set(series), set(levels)
    names = {row["name"] for row in rows}
    if unknown := sorted(wanted - names):
        expected = ", ".join(sorted(names))
        raise DataFault(
            [Fault("no such series online", "--series", expected, name, nearest(name, names)) for name in unknown]
        )
    this_year = datetime.now(UTC).year
    start = since or f"{this_year - 1}-01"
    first_year = min(start[:4], f"{this_year - 1}")  # the newest whole year: the library asks up to it and no further
    return [
        Request(row["series"], row["name"], row["level"], row["kind"], row["unit"], tuple(row["paths"].split("|")),
                tuple(row["indicators"].split("|")), start if "月" in row["kind"] else first_year)
        for row in rows
        if (not wanted or row["name"] in wanted) and row["level"] in deep
    ]  # fmt: skip


def fetch(
    into: str | Path, asked: Iterable[Request], *, regions: Iterable[str] = (), ask: Ask | None = None, pause: float = PAUSE_SECONDS,
    confirm: bool = False, told: Callable[[Request, int], None] = lambda request, count: None,
) -> Change:  # fmt: skip
    """Ask the site, one request at a time, and add all answers to a data folder: whole or not at all.

    Answers are kept in the folder until they are added, so that a call that broke off goes on where it was on the same day.

    Returns
    -------
    Change
        What is new, revised or the same.
    """
    folder, day, answer = Path(into).expanduser(), f"{datetime.now(UTC).date()}", ask or _ask
    wanted = {region(place).code for place in regions}
    lines: list[tuple[str, ...]] = []
    kept = []
    (folder / KEPT).mkdir(parents=True, exist_ok=True)
    for number, request in enumerate(asked):
        file = folder / KEPT / f"{hashlib.sha256(f'{request}{day}'.encode()).hexdigest()[:16]}.csv"
        if not file.is_file():
            time.sleep(pause if number else 0)
            write_whole(file, _text(_answered(request, answer, folder, day, pause)).encode())
        kept.append(file)
        found = [tuple(row) for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8")))][1:]
        told(request, len(found))
        lines += [line for line in found if not wanted or line[0] in wanted]
    if not lines:
        hint = "the catalogue may have moved: mend data/additions/online.csv"
        raise DataFault("the site has no such statistic under any name known", where=str(folder), hint=hint)
    whole = folder / KEPT / f"answers-{day}.csv"
    write_whole(whole, _text(lines).encode())
    change = additions.add(whole, folder, confirm=confirm)
    for file in (*kept, whole):
        file.unlink(missing_ok=True)
    return change


def _answered(request: Request, ask: Ask, folder: Path, day: str, pause: float) -> list[tuple[str, ...]]:
    """Ask path after path until the first period wanted is reached; an earlier path, of a newer base, goes before a later one."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    tried = 0
    for path in request.paths:
        for indicator in request.indicators[: 1 if request.level == "nation" else None]:
            time.sleep(pause if tried else 0)
            tried += 1
            lines = list(_lines(request, _one(request, ask, path, indicator, folder), day))
            for line in lines:
                found.setdefault((line[0], line[1]), line)
            if lines:
                break
        if found and min(period for _, period in found) <= request.since:
            break
    return list(found.values())


def _one(request: Request, ask: Ask, path: str, indicator: str, folder: Path) -> pd.DataFrame:
    """One answer, empty where the catalogue has no such thing; a site that does not answer is asked once more and then left alone."""
    import pandas as pd

    for attempt in range(ATTEMPTS):
        try:
            return ask(request, path, indicator)
        except DataFault:
            raise
        except Exception as error:  # whatever a network, a proxy or the site may raise
            if NOT_THERE in str(error):
                break
            if attempt + 1 == ATTEMPTS:
                hint = f"try again later; what was answered is kept in {folder / KEPT}"
                what = "the statistics bureau's site did not answer"
                raise DataFault(what, where=str(request), got=type(error).__name__, hint=hint) from None
    return pd.DataFrame()


def _ask(request: Request, path: str, indicator: str) -> pd.DataFrame:
    try:
        import akshare
    except ImportError:
        raise DataFault("fetching needs the extra online", hint="pip install 'aidlib[online]'") from None
    found: Any
    if request.level == "nation":
        found = akshare.macro_china_nbs_nation(kind=request.kind, path=path, period=request.period)
    else:
        found = akshare.macro_china_nbs_region(kind=request.kind, path=path, indicator=indicator, period=request.period)
    return found  # type: ignore[no-any-return]


def _lines(request: Request, frame: pd.DataFrame, day: str) -> Iterator[tuple[str, ...]]:
    """One line a figure of a frame: places or statistics down, periods across; what is neither is left out.

    A frame of places that says it is of another statistic is refused: the library takes the first indicator that has a name in common.
    """
    title, names = frame.columns.name, {_bare(one) for one in request.indicators}
    if request.level != "nation" and title is not None and _bare(str(title)) not in names:
        return
    source = f"国家统计局{request.kind}（{day}查询）"
    for name, cells in frame.to_dict("index").items():
        place = _place(request, str(name))
        if not place:
            continue
        for column, number in cells.items():
            period = _period(str(column), "月" in request.kind)
            if period and number is not None and number == number and period >= request.since:
                yield place, period, request.series, request.unit, _plain(number), source, day


def _place(request: Request, name: str) -> str:
    """The code a row is of: the nation where the row is one of our names of the statistic, else the place it names."""
    if request.level == "nation":
        return NATION if _bare(name) in {_bare(indicator) for indicator in request.indicators} else ""
    found = [place for place in labels.places(name) if place.level in LEVELS[request.level]]
    return found[0].code if len(found) == 1 else ""


def _bare(name: str) -> str:
    return re.sub(r"[\s_]|\([^)]*\)|（[^）]*）", "", name)


def _period(column: str, monthly: bool) -> str:
    """A column as `YYYY-MM` or `YYYY`; empty where it is neither.

    Examples
    --------
    >>> _period("2026年8月", True), _period("202608MM", True), _period("2025年", False), _period("2025YY", False), _period("合计", True)
    ('2026-08', '2026-08', '2025', '2025', '')
    """
    if coded := CODED.fullmatch(column.strip()):
        year, month = coded[1], coded[2]
        return f"{year}-{month}" if monthly and month else year if not monthly and not month else ""
    found, rest = labels.period(column)
    text = found.text("month" if monthly else "year") if found and not rest else ""
    return text if len(text) == (7 if monthly else 4) else ""


def _plain(number: Any) -> str:
    text = repr(float(number))
    return text.removesuffix(".0")


def _text(lines: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(lines)
    return text.getvalue()
