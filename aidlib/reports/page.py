"""An executed notebook as one self-contained page: finding first, code folded, everything cited, nothing fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import ReportFault
from aidlib.law.value import STATUSES, weakest
from aidlib.regions import region
from aidlib.reports.arrange import FAILED_TAG, arranged, outputs, tags
from aidlib.reports.markup import legend_html, mark_html
from aidlib.reports.outline import contents_html, outline, split_title
from aidlib.reports.pdf import pdf
from aidlib.reports.reasons import reason
from aidlib.reports.shell import TEMPLATE, document, write_whole
from aidlib.reports.text import word as label
from aidlib.reports.words import LANGUAGES, WORDS, status_word, word

if TYPE_CHECKING:
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbformat import NotebookNode

__all__ = ["LARGEST_BYTES", "html", "pdf", "render"]

LEGEND = 'id="legend"'
LEGENDS = re.compile(r'<aside class="legend".*?</aside>', re.DOTALL)
MARKED = re.compile(r'class="mark (\w+)"')
LARGEST_BYTES = 1_500_000


@dataclass(frozen=True)
class About:
    """What a page says of its report before the report begins.

    Attributes
    ----------
    name, language : str
        Name of the report; `zh` or `en`.
    failed, reason : bool and str
        Whether it failed, and why as far as that is known.
    parameters, record : dict
        What papermill and `report.finish()` left in the notebook: region, period; status, as_of, versions.
    finished : str
        When it was executed (UTC), where papermill tells.
    """

    name: str
    language: str
    failed: bool
    reason: str
    parameters: dict[str, Any]
    record: dict[str, Any]
    finished: str


def render(notebook: Path, target: Path) -> Path:
    """Write the page of an executed notebook; the page appears whole or not at all.

    Parameters
    ----------
    notebook : Path
        An executed notebook; one that failed gets a page with a banner.
    target : Path
        Where the HTML goes.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    ReportFault
        The notebook cannot be read, or its page would be larger than 1.5 MB.
    """
    import nbformat

    try:
        source = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as fault:
        raise ReportFault("not a readable notebook", where=Path(notebook).name, got=type(fault).__name__) from None
    page = html(source, Path(notebook).stem).encode()
    if len(page) > LARGEST_BYTES:
        raise ReportFault(
            "the page is too large", where=Path(notebook).name, expected=f"at most {LARGEST_BYTES:,} bytes",
            got=f"{len(page):,} bytes", hint="show fewer rows, or a figure instead of a table",
        )  # fmt: skip
    return write_whole(Path(target), page)


def html(notebook: NotebookNode, name: str = "") -> str:
    """Return the page of an executed notebook as text."""
    about = _about(notebook, name)
    finding, cells = arranged(notebook, about.failed)
    body, _ = _exporter().from_notebook_node(cells, {"words": {key: word(key, about.language) for key in WORDS}})
    title, body = split_title(body)
    body, headings = outline(finding + body)
    if 'class="mark ' in body and LEGEND not in body:
        body += legend_html(about.language)
    title = title or _capital(label(about.name, "en" if about.language == "en" else "zh"))
    whole = (
        f'{_header(title, about, body)}\n<div class="frame">{_contents(contents_html(headings), about)}\n'
        f'<main id="main" tabindex="-1">{_banner(about, body)}{body}</main></div>\n{_footer(about)}'
    )
    heading = " · ".join(filter(None, (title, _place(about), str(about.parameters.get("period", "")))))
    return document(heading, whole, about.language, ("page.css",), "page.js")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _exporter() -> TemplateExporter:
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    def markdown(source: str) -> str:
        renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
        return str(MarkdownWithMath(renderer=renderer).render(source))

    bases = [str(TEMPLATE)]
    exporter = TemplateExporter(template_name="report", extra_template_basedirs=bases, file_extension=".html")  # type: ignore[no-untyped-call]
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.register_filter("markdown2html", markdown)  # type: ignore[no-untyped-call]
    exporter.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))  # type: ignore[no-untyped-call]
    return exporter


def _about(notebook: NotebookNode, name: str) -> About:
    record: dict[str, Any] = {}
    for output in outputs(notebook):
        record |= output.get("metadata", {}).get("aidlib", {}).get("record", {})
    papermill = notebook.metadata.get("papermill", {})
    parameters = {**papermill.get("parameters", {}), **record.get("parameters", {})}
    language = parameters.get("language")
    reasons = [f"{o.ename}: {o.evalue}" for o in outputs(notebook) if o.output_type == "error"]
    banners = [cell.source for cell in notebook.cells if FAILED_TAG in tags(cell)]
    return About(
        record.get("name", name),
        language if language in LANGUAGES else "zh",
        bool(papermill.get("exception") or reasons or banners),
        reasons[0] if reasons else _quoted(banners),
        parameters,
        record,
        str(papermill.get("end_time") or "")[:16].replace("T", " "),
    )


def _quoted(banners: list[str]) -> str:
    """Return the reason in the fleet's own banner: its first quoted line that is not the heading."""
    lines = (line.strip("> ") for banner in banners for line in banner.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


def _place(about: About) -> str:
    code = about.parameters.get("region")
    return f"{region(code).name(about.language)} {code}" if code else ""


def _header(title: str, about: About, body: str) -> str:
    status = _weakest(about, body)
    facts = {
        "place": escape(_place(about)),
        "period": escape(str(about.parameters.get("period", ""))),
        "figures_to": escape(str(about.record.get("as_of", ""))),
        "weakest": status_word(status, about.language) + mark_html(status, about.language) if status else "",
    }
    told = "".join(
        f"<div><dt>{word(key, about.language)}</dt><dd>{fact}</dd></div>" for key, fact in facts.items() if fact
    )
    told += f'<div><dt><a href="#legend">{word("legend", about.language)}</a></dt></div>' if LEGEND in body else ""
    return (
        f'<header class="top"><p class="kind">{word("page_of", about.language)}</p><h1>{escape(title)}</h1>'
        f'<dl class="facts">{told}</dl></header>'
    )


def _weakest(about: About, body: str) -> str:
    """Return the weakest of what the report read and of what its tables are marked with; nothing where it kept no record."""
    marked = set(MARKED.findall(LEGENDS.sub("", body))) & set(STATUSES)
    known = {about.record["status"], *marked} if "status" in about.record else marked
    return weakest(*known) if known else ""


def _contents(listed: str, about: About) -> str:
    title, show, hide = (word(key, about.language) for key in ("contents", "all_code", "no_code"))
    toggle = f'<button type="button" id="all-code" aria-pressed="false" data-show="{show}" data-hide="{hide}" hidden>{show}</button>'
    return f'<nav class="contents" aria-label="{title}"><p>{title}</p>{listed}{toggle}</nav>'


def _banner(about: About, body: str) -> str:
    if not about.failed:
        return ""
    said, hint, jump = (word(key, about.language) for key in ("failed", "failed_hint", "failed_jump"))
    why = f"<p>{escape(reason(about.reason, about.language))}</p>" if about.reason else ""
    link = f' <a href="#error">{jump}</a>' if 'id="error"' in body else ""
    return f'<div class="banner" role="alert"><p><strong>{said}</strong></p>{why}<p>{hint}{link}</p></div>'


def _footer(about: About) -> str:
    version = about.record.get("versions", {}).get("aidlib", "")
    finished = f" · {word('generated', about.language)} {about.finished} UTC" if about.finished else ""
    return f"<footer><p>aidlib {escape(str(version))}{escape(finished)}</p></footer>"
