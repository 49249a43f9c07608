"""An executed notebook as one self-contained page: finding first, code folded, one language, everything cited, nothing fetched."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from aidlib import tables, words
from aidlib.errors import ReportFault
from aidlib.law.value import STATUSES, weakest
from aidlib.page import legend
from aidlib.page.parts import TEMPLATE, environment
from aidlib.page.reasons import reason
from aidlib.page.record import shown
from aidlib.page.site import document
from aidlib.page.sources import mark, slug
from aidlib.regions import region

if TYPE_CHECKING:
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbformat import NotebookNode

FAILED_TAG = "aidlib-failed"
DROPPED = {"papermill-error-cell-tag", "papermill-error-cell", "remove-cell", FAILED_TAG}
PARAMETERS = {"parameters", "injected-parameters"}
LEGEND = 'id="legend"'
LEGENDS = re.compile(r'<aside class="legend".*?</aside>', re.DOTALL)
MARKED = re.compile(r'class="mark (\w+)"')
HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
IDENTITY = re.compile(r'\bid="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
PUNCTUATED = re.compile(
    r"(<math\b(?:(?!</math>).)*</math>[，。；：、）,.;:)]+)", re.DOTALL
)  # a stop does not begin a line
LARGEST_BYTES = 1_500_000


@dataclass(frozen=True)
class About:
    """What a page says of its report before the report begins: what `page.finish()` and papermill left in the notebook.

    `given` is what papermill was given, `parameters` that and what the notebook made of it.
    """

    name: str
    language: str
    failed: bool
    reason: str
    given: dict[str, Any]
    parameters: dict[str, Any]
    record: dict[str, Any]
    finished: str

    @property
    def place(self) -> str:
        """Name and code of the region."""
        code = self.parameters.get("region")
        return f"{region(code).name(self.language)} {code}" if code else ""


@dataclass(frozen=True)
class Heading:
    """A heading below the title: its level (2 or deeper), id and text without tags."""

    level: int
    identity: str
    text: Markup


def render(notebook: Path, target: Path) -> Path:
    """Write the page of an executed notebook; the page appears whole or not at all.

    Raises
    ------
    ReportFault
        The notebook cannot be read, or its page would be larger than 1.5 MB.
    """
    import nbformat

    name = Path(notebook).name
    try:
        source = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as fault:
        raise ReportFault("not a readable notebook", where=name, got=type(fault).__name__) from None
    return tables.write_whole(Path(target), whole(source, Path(notebook).stem))


def whole(notebook: NotebookNode, name: str) -> bytes:
    """Return the page of an executed notebook as it is written."""
    page = html(notebook, name).encode()
    if len(page) > LARGEST_BYTES:
        most, hint = f"at most {LARGEST_BYTES:,} bytes", "show fewer rows, or a figure instead of a table"
        got = f"{len(page):,} bytes"
        raise ReportFault("the page is too large", where=f"{name}.ipynb", expected=most, got=got, hint=hint)
    return page


def html(notebook: NotebookNode, name: str = "") -> str:
    """Return the page of an executed notebook as text."""
    about = _about(notebook, name)
    with words.speaking(about.language):
        finding, cells = arranged(notebook, about.language, about.failed)
        known = {key[5:]: words.word(key[5:], "page") for key in words.vocabulary() if key.startswith("page:")}
        body, _ = _exporter().from_notebook_node(cells, {"words": known})
        title, body = split_title(body)
        body, headings = outline(finding + body)
        if 'class="mark ' in body and LEGEND not in body:
            body += str(legend())
        title = title or words.word(about.name).capitalize()
        facts = {"title": title, "about": about, "body": Markup(body), "contents": nested(headings), "w": known}
        facts |= {
            "status": _weakest(about, body),
            "reason": reason(about.reason, about.language),
            "mark": mark,
            "word": words.word,
        }
        inside = environment().get_template("report.html").render(facts)
        heading = " · ".join(filter(None, (title, about.place, str(about.parameters.get("period", "")))))
        return document(heading, inside, about.language, ("page.css",), "page.js", _remade_from(about))


def _remade_from(about: About) -> dict[str, Any]:
    """What it takes to make the page again and to say what a difference comes from."""
    kept: dict[str, Any] = {key: about.record[key] for key in ("code", "tables", "versions") if key in about.record}
    return {"name": about.name, "parameters": shown(about.given), "finished": about.finished, **kept}


def tags(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", ()))


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Go through every output of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def arranged(notebook: NotebookNode, language: str, failed: bool = False) -> tuple[str, NotebookNode]:
    """Take the finding out, to stand first; drop what is not for this reader; fold code that shows nothing into the next."""
    finding = ""
    cells: list[NotebookNode] = []
    others = set(words.LANGUAGES) - {language}
    for cell in notebook.cells:
        if (DROPPED | others) & tags(cell):
            continue
        cell = copy.copy(cell)
        if cell.cell_type == "code":
            finding += "".join(_html(output) for output in cell.outputs if _is_finding(output))
            cell.outputs = [_shown(o) for o in cell.outputs if not _is_finding(o) and (failed or not _is_aside(o))]
            if cells and _folds_into(cells[-1], cell):
                cell.source = f"{cells.pop().source}\n\n{cell.source}"
        cells.append(cell)
    rest = copy.copy(notebook)
    rest.cells = cells
    return finding, rest


def _folds_into(cell: NotebookNode, after: NotebookNode) -> bool:
    """Tell whether code shows nothing and may stand in one fold with the next; parameters stay with parameters."""
    alike = bool(PARAMETERS & tags(cell)) == bool(PARAMETERS & tags(after))
    return cell.cell_type == "code" and not cell.outputs and alike


def _shown(output: NotebookNode) -> NotebookNode:
    if output.output_type != "execute_result":
        return output
    shown = copy.copy(output)
    shown.output_type = "display_data"
    shown.data = {
        kind: data for kind, data in output.data.items() if "widget" not in kind
    }  # no kernel stands behind a page
    return shown


def _is_aside(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")


def _html(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def _is_finding(output: NotebookNode) -> bool:
    return _html(output).startswith('<section class="finding"')


def split_title(body: str) -> tuple[str, str]:
    """Take the first level-1 heading out of a body; return its plain text (or nothing) and the rest.

    Examples
    --------
    >>> split_title("<h1>价格联动</h1><p>x</p>")
    ('价格联动', '<p>x</p>')
    """
    found = next((match for match in HEADING.finditer(body) if match[1] == "1"), None)
    if found is None:
        return "", body
    return unescape(TAG.sub("", found[3]).strip()), body[: found.start()] + body[found.end() :]


def outline(body: str) -> tuple[str, list[Heading]]:
    """Set the headings of a body in order below a title: none skips a level, none is a second title, every id is its own.

    Examples
    --------
    >>> outline("<h1>a</h1><h4>b</h4><h2>a</h2>")[0]
    '<h2 id="a">a</h2><h3 id="b">b</h3><h2 id="a-2">a</h2>'
    """
    found: list[Heading] = []
    seen: Counter[str] = Counter()

    def ordered(match: re.Match[str]) -> str:
        level = min(max(int(match[1]), 2), (found[-1].level if found else 1) + 1)
        text = TAG.sub("", match[3]).strip()
        named = IDENTITY.search(match[2])
        identity = named[1] if named else slug(unescape(text))
        seen[identity] += 1
        identity += f"-{seen[identity]}" if seen[identity] > 1 else ""
        found.append(Heading(level, identity, Markup(text)))
        return f'<h{level} id="{identity}">{match[3]}</h{level}>'

    return HEADING.sub(ordered, body), found


def nested(headings: Iterable[Heading]) -> list[tuple[Heading, list[Heading]]]:
    """Put headings of level 3 below those of level 2, for the contents; deeper ones are not listed."""
    items: list[tuple[Heading, list[Heading]]] = []
    for heading in headings:
        if heading.level == 2:
            items.append((heading, []))
        elif heading.level == 3:
            items[-1][1].append(heading)
    return items


@cache
def _exporter() -> TemplateExporter:
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import Highlight2HTML

    bases = [str(TEMPLATE)]
    exporter = TemplateExporter(template_name="report", extra_template_basedirs=bases, file_extension=".html")  # type: ignore[no-untyped-call]
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.register_filter("markdown2html", markdown)  # type: ignore[no-untyped-call]
    exporter.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))  # type: ignore[no-untyped-call]
    return exporter


def markdown(source: str) -> str:
    """Turn Markdown into HTML, its formulas into MathML, which browsers show without asking anything of a network.

    Examples
    --------
    >>> "<math" in markdown("$z = r C / 12$"), markdown("**低保**")
    (True, '<p><strong>低保</strong></p>\\n')
    """
    from latex2mathml.converter import convert
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return str(convert(body, display="block"))

        def inline_math(self, body: str) -> str:
            return str(convert(body))

    made = str(MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(source))
    return PUNCTUATED.sub(r'<span class="nobreak">\1</span>', made)


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
        language if language in words.LANGUAGES else words.LANGUAGES[0],
        bool(papermill.get("exception") or reasons or banners),
        reasons[0] if reasons else _quoted(banners),
        papermill.get("parameters") or parameters,
        parameters,
        record,
        str(papermill.get("end_time") or "")[:16].replace("T", " "),
    )


def _quoted(banners: list[str]) -> str:
    """Return the reason in the fleet's own banner: its first quoted line that is not the heading."""
    lines = (line.strip("> ") for banner in banners for line in banner.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


def _weakest(about: About, body: str) -> str:
    """Return the weakest of what the report read and of what its tables are marked with; nothing where it kept no record."""
    marked = set(MARKED.findall(LEGENDS.sub("", body))) & set(STATUSES)
    known = {about.record["status"], *marked} if "status" in about.record else marked
    return weakest(*known) if known else ""
