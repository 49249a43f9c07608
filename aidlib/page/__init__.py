"""A page: start it, say sentences, show tables and figures, finish it. What it shows it also records, in codes, so that it can be checked."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from aidlib import words
from aidlib.errors import ReportFault
from aidlib.indices import Figures
from aidlib.known import Missing
from aidlib.law import Book
from aidlib.law.value import Status, weakest
from aidlib.page import record, tables
from aidlib.page.parameters import checked
from aidlib.page.parts import FILE_KINDS, part
from aidlib.page.sentences import blocks, gap_code, paragraphs, plain
from aidlib.page.sources import figure_lines, law_lines, mark, slug
from aidlib.regions import Region
from aidlib.views import fonts, size

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Page", "start"]

Draw: TypeAlias = Callable[..., Any]
TODAY, TODAY_VARIABLE = "today", "AIDLIB_TODAY"
"""Parameter from which a page counts its age; left empty it is the day of the run, which the record keeps."""


def start(name: str, *, region: str | int, period: str | int, language: str = "", **parameters: Any) -> Page:
    """打开一份报告页面。 Open a page: check every parameter at once, open the law book and the published figures.

    Parameters
    ----------
    name : str
        Name of the notebook and of its words, such as `price_linkage`.
    region : str or int
        A six-digit code, a name in Chinese or English.
    period : str or int
        `YYYY-MM` or `YYYY`.
    language : str
        `zh` or `en`; left out: `AIDLIB_LANGUAGE`, else Chinese.
    **parameters
        Further parameters of the notebook. A text stands for a number where the notebook's own default is one, so that schedulers
        that pass everything as text are understood; a name the shipped notebook does not have is an error.

    Returns
    -------
    Page
        Its `parameters` are typed, and are attributes too (`page.theta`).

    Raises
    ------
    ParameterFault
        Lists every parameter that is wrong.

    Examples
    --------
    >>> page = start("price_linkage", region="梧州市", period="2020-02", language="en", lookback_months="6")
    >>> page.region.code, page.period, page.lookback_months
    ('450400', '2020-02', 6)
    """
    given = {
        "region": region,
        "period": period,
        "language": language or words.language(),
        **record.expanded(parameters),
    }
    if given.get(TODAY) == "":
        given[TODAY] = os.environ.get(TODAY_VARIABLE, "") or str(date.today())
    return Page(name, *checked(name, given))


class Page:
    """An open page. Any of its calls can be made again: the last one counts.

    Attributes
    ----------
    name, region, period, language : str, Region, str, str
        What was asked for.
    parameters : dict
        Every parameter, typed; each is an attribute too.
    law, figures : Book, Figures
        Fresh readers: what is read through them is what the page cites.
    """

    def __init__(self, name: str, region: Region, period: str, language: str, parameters: dict[str, Any]) -> None:
        self.name, self.region, self.period, self.language, self.parameters = name, region, period, language, parameters
        self.law, self.figures = Book(), Figures()
        self._shown: dict[str, str] = {}  # block of a table or figure -> its kind, or `absent`
        self._lacking: dict[Missing, None] = {}
        self._marked: dict[str, set[Status]] = {}
        self._verdict = ""
        fonts.use()

    def __getattr__(self, name: str) -> Any:
        if name != "parameters" and name in self.parameters:
            return self.parameters[name]
        raise AttributeError(f"a page of {self.__dict__.get('name', '?')} has no {name!r}")

    @property
    def age_months(self) -> int:
        """Whole months from the page's month to the month of `today` (a parameter of the notebook)."""
        (year, month), (to_year, to_month) = (map(int, text[:7].split("-")) for text in (self.period, self.today))
        return (to_year - year) * 12 + to_month - month

    def finding(self, block: str = "finding", verdict: str = "", **facts: Any) -> None:
        """Show what was found, in a few sentences; the page puts it first.

        Parameters
        ----------
        block : str
            Block of the words of this page.
        verdict : str
            The answer as a code of the vocabulary: the index of all pages shows it.
        **facts
            What the block names.
        """
        said, self._verdict = self._paragraphs(block, facts), verdict
        kept = {"finding": list(map(plain, said)), "block": block, "verdict": verdict}
        self._show(part("finding")(self._word("finding"), said), "\n".join(kept["finding"]), kept)

    def say(self, block: str, **facts: Any) -> None:
        """Show the paragraphs of a block of words."""
        if said := self._paragraphs(block, facts):
            texts = list(map(plain, said))
            self._show(part("paragraphs")(said), "\n".join(texts), {"say": "\n".join(texts), "block": block})

    def table(self, name: str, data: Any, hide: Sequence[str] = (), **facts: Any) -> None:
        """Show a table, and record its codes and exact numbers so that `aidlib verify` can compare them.

        Parameters
        ----------
        name : str
            Name of the table. Its words are the block `<name>_table`: first the caption, then notes.
        data : pandas.DataFrame or any result with `to_frame()`
            Codes and exact numbers. A column `x_status` marks the cells of `x`; a column `sources` holds the rows behind each line;
            named gaps (`Missing`) in cells or in `attrs["lacking"]` are listed once at the end of the page. A frame without rows becomes
            the sentence `<name>_absent`. Columns without any entry are not shown.
        hide : sequence of str
            Columns for the researcher, which the page leaves out: its words say what they hold.
        **facts
            What the words name, besides `lacking`: the gaps of the frame.
        """
        frame = _frame(data).drop(
            columns=[column for name in hide for column in (name, f"{name}_status")], errors="ignore"
        )
        facts = {"lacking": list(tables.lacking(frame)), **facts}
        for gap in facts["lacking"]:
            self.lack(gap)
        if frame.empty:
            self._absent(name, "table", facts)
            return
        caption, *notes = self._paragraphs(f"{name}_table", facts)
        with words.speaking(self.language):
            shown = tables.shown(frame)
            html = part("table")(slug(name), self._numbered(name, "table"), caption, notes, shown, _words())
        kept = frame.drop(columns=tables.SOURCES, errors="ignore")
        self._marked[name] = record.statuses(frame)
        rows = ["\t".join(text for text, _, _ in row) for row in shown.rows]
        rows += [f"{sign} {text}".strip() for sign, text in shown.footnotes]
        data = {"table": name, "columns": list(map(str, kept)), "cells": _cells(kept)}
        self._show(html, "\n".join([plain(caption), *rows]), data)

    def figure(self, name: str, draw: Draw | Sequence[Draw], data: Any = None, **facts: Any) -> None:
        """Draw a figure and show it.

        Parameters
        ----------
        name : str
            Name of the figure. Its words are the block `<name>_figure`: caption, then what it shows for who cannot see it, then notes
            (unit, n, source).
        draw : callable or list of them
            Takes `ax` and draws there, such as `candidates.plot`; several stand side by side. A result that fills more than one panel
            (`aidlib.views.size`) gets an array of axes.
        data : pandas.DataFrame or result, optional
            The numbers drawn, shown folded below; left out, those of the result whose method `draw` is. Where `draw` is a list, they are
            recorded only: the tables above show them.
        """
        from matplotlib import pyplot as plt

        draws = [draw] if callable(draw) else list(draw)
        sizes = [size(getattr(one, "__self__", None)) for one in draws]
        panels = sum(count for count, _ in sizes)
        with words.speaking(self.language), fonts.settings_used():
            figsize = (7.2 if panels < 2 else 9, max((height for _, height in sizes), default=0))
            drawing, axes = plt.subplots(1, max(panels, 1), figsize=figsize, squeeze=False)
            at = 0
            for one, (count, _) in zip(draws, sizes, strict=True):
                if count:
                    one(ax=axes[0, at] if count == 1 else axes[0, at : at + count])
                at += count
            if not any(ax.has_data() for ax in drawing.axes):
                plt.close(drawing)
                self._absent(name, "figure", facts)
                return
            picture = fonts.picture(drawing)
        frames = [_frame_of(data, one) for one in draws]
        self._figure(name, picture, frames, facts)

    def _figure(self, name: str, picture: bytes, frames: list[pd.DataFrame | None], facts: dict[str, Any]) -> None:
        said = self._paragraphs(f"{name}_figure", facts)
        if len(said) < 2:
            raise ReportFault("a figure needs a caption and a text for who cannot see it", where=f"{name}_figure")
        caption, alt, *notes = said
        kind = "image/png" if picture.startswith(b"\x89PNG") else "image/svg+xml"
        coded = base64.b64encode(picture).decode()
        with words.speaking(self.language):
            behind = self._folded_rows(name, frames[0], caption) if len(frames) == 1 else Markup("")
            label = self._numbered(name, "figure")
            html = part("figure")(slug(name), label, caption, plain(alt), notes, kind, coded, behind)
        self._show(html, plain(alt), {"figure": name, "data": _recorded(*frames)})

    def _folded_rows(self, name: str, frame: pd.DataFrame | None, caption: Markup) -> Markup:
        if frame is None or frame.empty:
            return Markup("")
        shown = tables.shown(frame)
        inside = part("table")(f"{slug(name)}-data", "", caption, [], shown, _words())
        return Markup(part("folded")(words.word("data", "page"), inside))

    def download(self, name: str, content: bytes, block: str = "", **facts: Any) -> None:
        """Offer a file (`.xlsx`, `.docx` or `.csv`), carried inside the page; one without content is not offered."""
        if not content:
            return
        label = self._paragraphs(block or f"{name.rpartition('.')[0]}_download", facts)[0]
        kind = FILE_KINDS[name[name.rindex(".") :]]
        coded = base64.b64encode(content).decode()
        self._show(part("download")(name, kind, coded, label), plain(label), {"download": name})

    def lack(self, gap: Missing) -> None:
        """Note something the page needed and did not have; `finish` lists it among the gaps, once."""
        self._lacking[gap] = None

    @property
    def lacking(self) -> list[Missing]:
        """What the page has noted as lacking so far, each once."""
        return list(self._lacking)

    def finish(self) -> None:
        """Close the page: what it lacks, the rows it read, and its record.

        Raises
        ------
        ReportFault
            A table or figure that its words speak of was not shown.
        """
        self._check_promises()
        with words.speaking(self.language):
            made = record.make(self.parameters, self.law, self.figures)
            lines = self._gap_lines()
            made |= {
                "name": self.name,
                "verdict": self._verdict,
                "shown": list(dict.fromkeys(block.rpartition("_")[0] for block in self._shown)),
                "gaps": list(map(plain, lines)),
            }
            made["lacks"] = " ".join(dict.fromkeys(map(gap_code, self.lacking)))
            made["lacking"] = [*self.law.gaps, *map(tables.plain, self.lacking)]
            made["status"] = weakest(made["status"], *(status for found in self._marked.values() for status in found))
            self._show(
                self._closing(lines, made), f"{len(self.law.reads)} + {len(self.figures.reads)}", {"record": made}
            )

    def _closing(self, gaps: list[Markup], made: dict[str, Any]) -> Markup:
        w = self._word
        law = part("sources")("law-rows", w("law_rows"), law_lines(self.law.reads.values()))
        facts = part("sources")("figure-rows", w("figure_rows"), figure_lines(self.figures.reads.values()))
        kept = {
            key: fact
            for key, fact in made.items()
            if key not in ("law", "figures", "gaps", "lacking", "lacks", "shown", "verdict")
        }
        given = made["parameters"].items()
        kept["parameters"] = {key: w("given") if fact == record.GIVEN else fact for key, fact in given}
        parts = [_heading(w("gaps")), part("gaps")(gaps)] if gaps else []
        parts += [_heading(w("basis_read")), legend(), law, facts]
        parts += [part("folded")(w("record"), part("facts")([(w(key), fact) for key, fact in kept.items()]))]
        return Markup("").join(parts)

    def _gap_lines(self) -> list[Markup]:
        """One sentence a gap: rules that hold nowhere on a day, then what is missing, with every method that lacks it."""
        days: dict[tuple[str, ...], list[str]] = {}
        for law_gap in self.law.gaps:
            place, name, groups, day = law_gap.split(" ")
            days.setdefault((place, name, groups.partition("|")[0]), []).append(day)
        keys = ("place", "name", "group")
        said: list[tuple[str, dict[str, Any]]] = [
            ("law_gap", dict(zip(keys, what, strict=True)) | {"on": max(on), "days": len(set(on))})
            for what, on in days.items()
        ]
        methods: dict[Missing, list[str]] = {}
        for gap in self.lacking:
            methods.setdefault(replace(gap, method=""), []).append(gap.method if gap.method != gap.what else "")
        said += [("missing", {"gap": gap, "methods": list(filter(None, names))}) for gap, names in methods.items()]
        lines = (paragraphs("common", block, self.language, {"page": self, **facts}) for block, facts in said)
        return list(dict.fromkeys(line for each in lines for line in each))

    def _check_promises(self) -> None:
        promised = {block for block in blocks(self.name, self.language) if block.endswith(("_table", "_figure"))}
        if missing := sorted(promised - self._shown.keys()):
            raise ReportFault("its words speak of it, but it was not shown", where=self.name, got=", ".join(missing))

    def _absent(self, name: str, kind: str, facts: dict[str, Any]) -> None:
        """Say in one sentence that there is nothing to show, where a table or figure would stand."""
        self._shown[f"{name}_{kind}"] = "absent"
        said = kind == "figure" and f"{name}_table" in self._shown  # its table was shown, or its absence told
        if not said and f"{name}_absent" in blocks(self.name, self.language):
            self.say(f"{name}_absent", **facts)

    def _numbered(self, name: str, kind: str) -> str:
        """Number tables and figures in the order they were first shown."""
        self._shown[f"{name}_{kind}"] = kind
        at = [block for block, own in self._shown.items() if own == kind].index(f"{name}_{kind}") + 1
        return words.word(f"{kind}_number", "page").format(at)

    def _paragraphs(self, block: str, facts: dict[str, Any]) -> list[Markup]:
        shared = block not in blocks(self.name, self.language) and block in blocks("common", self.language)
        return paragraphs("common" if shared else self.name, block, self.language, {"page": self, **facts})

    def _word(self, key: str) -> str:
        return words.word(key, "page", self.language)

    def _show(self, html: str, text: str, data: dict[str, Any]) -> None:
        from IPython.display import publish_display_data

        publish_display_data({"text/html": str(html), "text/plain": text}, metadata={"aidlib": data})  # type: ignore[no-untyped-call]


def legend() -> Markup:
    """Explain the marks of estimated, stale, projected, synthetic and suppressed values."""
    marks = [key.partition(":")[2] for key in words.vocabulary() if key.startswith("mark:")]
    rows = [(mark(status), words.word(status, "status"), words.word(status, "meaning")) for status in marks]
    return Markup(part("legend")(words.word("legend", "page"), words.word("legend_none", "page"), rows))


def _heading(text: str) -> Markup:
    return Markup('<h2 id="{}">{}</h2>').format(slug(text), text)


def _words() -> dict[str, str]:
    return {key: words.word(key, "page") for key in tables.LABELS}


def _is_frame(data: Any) -> bool:
    return type(data).__module__.split(".")[0] == "pandas"


def _frame(data: Any) -> pd.DataFrame:
    return data if _is_frame(data) else data.to_frame()  # type: ignore[no-any-return]


def _frame_of(data: Any, draw: Draw) -> pd.DataFrame | None:
    """The numbers a figure shows: those given, else the frame of the result whose method drew it."""
    owner = data if data is not None else getattr(draw, "__self__", None)
    return _frame(owner) if owner is not None and (_is_frame(owner) or hasattr(owner, "to_frame")) else None


def _recorded(*frames: pd.DataFrame | None) -> list[dict[str, Any]]:
    kept = (frame.drop(columns=tables.SOURCES, errors="ignore") for frame in frames if frame is not None)
    return [{"columns": list(map(str, frame)), "cells": _cells(frame)} for frame in kept]


def _cells(frame: pd.DataFrame) -> list[list[Any]]:
    return [[tables.plain(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
