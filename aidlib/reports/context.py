"""A report is a promise: start checks its parameters, every table and figure is recorded, finish fails if one is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aidlib.errors import AidError, ParameterFault, ReportFault
from aidlib.indices import Figure, Figures
from aidlib.law import Book, Value
from aidlib.law.value import weakest
from aidlib.regions import Region
from aidlib.regions import region as find_region
from aidlib.reports import fonts, record, text
from aidlib.reports.given import given_faults
from aidlib.reports.text import Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing


def start(
    name: str, *, region: str, period: str, language: str = "zh", promises: Sequence[str] = (), **parameters: Any
) -> Report:
    """Open a report: check every parameter at once, open the law book and the published figures.

    Parameters
    ----------
    name : str
        Name of the notebook, such as `price_linkage`.
    region : str
        Six-character code as text; a number is refused, because a leading zero would be lost.
    period : str
        `YYYY-MM` or `YYYY`.
    language : str
        `zh` (default) or `en`.
    promises : sequence of str
        Names of the tables and figures that must have been shown when the report finishes.
    **parameters
        Further parameters of the notebook; counts such as `lookback_months` must be whole numbers above zero.

    Returns
    -------
    Report

    Raises
    ------
    ParameterFault
        Lists every parameter that is wrong.
    """
    given = {"region": region, "period": period, "language": language, **parameters}
    if faults := given_faults(given):
        raise ParameterFault(faults)
    fonts.use()
    return Report(name, find_region(region), period, text.language(language), tuple(promises), given)


class Report:
    """An open report. Show things through it; close it with `finish`.

    Attributes
    ----------
    name, region, period, language : str, Region, str, str
        What was asked for.
    book, figures : Book, Figures
        Fresh readers of law and published figures: what is read through them is what the report cites.
    """

    def __init__(
        self,
        name: str,
        region: Region,
        period: str,
        language: Language,
        promises: tuple[str, ...],
        parameters: dict[str, Any],
    ) -> None:
        self.name, self.region, self.period, self.language = name, region, period, language
        self.promises, self.parameters = promises, parameters
        self.book, self.figures = Book(), Figures()
        self._shown: list[str] = []
        self._lacking: list[str] = []
        self._marked: set[str] = set()

    def t(self, zh: str, en: str) -> str:
        """Return the text in the report's language."""
        return en if self.language == "en" else zh

    def heading(self, zh: str, en: str, level: int = 2) -> None:
        """Show a heading; the table of contents is made from these."""
        from aidlib.reports import markup

        title = self.t(zh, en)
        _show(markup.heading_html(level, title), f"{'#' * level} {title}", {"heading": title})

    def finding(self, zh: Sequence[str], en: Sequence[str]) -> None:
        """Show what was found, in a few sentences; the page puts it first."""
        from aidlib.reports import markup

        sentences = en if self.language == "en" else zh
        _show(markup.finding_html(sentences, self.language), "\n".join(sentences), {"finding": list(sentences)})

    def say(self, zh: str, en: str, sources: Sequence[Value | Figure] = ()) -> None:
        """Show a paragraph of plain text; the law values and figures it rests on follow as links."""
        from aidlib.reports import markup

        words = self.t(zh, en)
        _show(markup.paragraph_html(words, sources, self.language), words, {"say": words})

    def table(
        self, name: str, frame: pd.DataFrame, caption_zh: str, caption_en: str, note_zh: str = "", note_en: str = ""
    ) -> None:
        """Show a table with a caption, and record its cells so that `aidlib verify` can compare them.

        A column `x_status` marks the cells of column `x`, and its weakest cell counts for the status of the report; a column
        `sources` holds the law values and figures of each row.

        Raises
        ------
        ReportFault
            The frame has no rows: say in a sentence what is missing instead.
        """
        from aidlib.reports import markup

        if frame.empty:
            raise ReportFault(
                "a table is empty", where=name, hint="say which figure is missing instead of showing the table"
            )
        labels = {str(column): text.word(str(column), self.language) for column in frame}
        note = self.t(note_zh, note_en)
        html = markup.table_html(
            name, frame, self.t(caption_zh, caption_en), note, labels=labels, language=self.language
        )
        kept = frame.drop(columns="sources", errors="ignore")
        cells = [[record.plain(cell) for cell in row] for row in kept.itertuples(index=False, name=None)]
        self._marked |= record.statuses(frame)
        words = kept.rename(columns=labels).to_csv(sep="\t", index=False)
        self._record(name, html, words, {"table": name, "columns": list(map(str, kept)), "cells": cells})

    def figure(
        self,
        name: str,
        drawing: Drawing,
        *,
        alt: tuple[str, str],
        caption: tuple[str, str],
        unit: str,
        n: int | str,
        source: str,
        as_of: str,
        data: pd.DataFrame | None = None,
    ) -> None:
        """Show a matplotlib figure as SVG with alt text, caption, unit, n, source and as-of date; its data beside it.

        Raises
        ------
        ReportFault
            The figure has no axes, or a word a reader needs is missing.
        """
        from aidlib.reports import markup

        words = {
            "alt": self.t(*alt),
            "caption": self.t(*caption),
            "unit": unit,
            "n": str(n),
            "source": source,
            "as_of": as_of,
        }
        if missing := [key for key, value in words.items() if not value]:
            raise ReportFault(f"a figure lacks its {', '.join(missing)}", where=name)
        if not drawing.axes:
            raise ReportFault("a figure is empty", where=name)
        labelled = None if data is None else text.label(data, self.language)
        html = markup.figure_html(name, fonts.picture(drawing), data_frame=labelled, language=self.language, **words)
        self._record(name, html, words["alt"], {"figure": name})

    def download(self, name: str, content: bytes, zh: str, en: str) -> None:
        """Offer a file (`.xlsx`, `.docx` or `.csv`), carried inside the page; the guard of pages looks into it too."""
        from aidlib.reports import markup

        _show(markup.download_html(name, content, self.t(zh, en)), self.t(zh, en), {"download": name})

    def lack(self, zh: str, en: str) -> None:
        """Note a figure the page needed and did not have; `finish` lists it among the gaps."""
        words = self.t(zh, en)
        self._lacking += [] if words in self._lacking else [words]

    def finish(self) -> None:
        """Close the report: show sources, gaps and the record; fail if a promise was not kept.

        Raises
        ------
        ReportFault
            A promised table or figure was not shown.
        """
        from aidlib.reports import markup

        if missing := [name for name in self.promises if name not in self._shown]:
            raise ReportFault("promised but not shown", where=self.name, got=", ".join(missing))
        made = record.make(self.parameters, self.book, self.figures)
        made |= {"name": self.name, "shown": self._shown, "gaps": [*made["gaps"], *self._lacking]}
        made["status"] = weakest(made["status"], *self._marked)
        law, facts = list(self.book.reads.values()), list(self.figures.reads.values())
        self.heading("法律与数据依据", "Legal basis and data read")
        words = f"{len(law)} law rows, {len(facts)} figures"
        _show(
            markup.legend_html(self.language) + markup.sources_html(law, facts, self.language, labels=self._labels()),
            words,
            {},
        )
        gaps: list[AidError | str] = [*self.book.gaps.values(), *self._lacking]
        if gaps:
            self.heading("数据缺口", "Gaps")
            _show(markup.gaps_html(gaps, self.language), "\n".join(made["gaps"]), {})
        self.heading("记录", "Record")
        _show(markup.record_html(made, self.language), str(made["status"]), {"record": made})

    def _labels(self) -> dict[str, str]:
        law = {key: self.t(entry.zh, entry.en) for key, entry in self.book.tables.names.items()}
        return law | {key: self.t(entry.zh, entry.en) for key, entry in self.figures.series.items()}

    def _record(self, name: str, html: str, words: str, data: dict[str, Any]) -> None:
        if name in self._shown:
            raise ReportFault("two tables or figures have the same name", where=name)
        self._shown.append(name)
        _show(html, words, data)


def _show(html: str, words: str, data: dict[str, Any]) -> None:
    from IPython.display import publish_display_data

    publish_display_data({"text/html": html, "text/plain": words}, metadata={"aidlib": data})  # type: ignore[no-untyped-call]
