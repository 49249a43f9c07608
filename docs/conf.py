"""手册的设置。 How the handbook is built: offline, Chinese first; the reference is generated from the product before each build."""

from __future__ import annotations

import os
import re
import sys
from functools import partialmethod
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from nbclient import NotebookClient
from sphinx.search import SearchLanguage, languages

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import _generate  # noqa: E402

project, author, release, copyright = "aidlib", "the aidlib founders", _generate.aidlib.__version__, "MIT"
language = "zh_CN"
extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_nb"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
suppress_warnings = ["toc.empty_glob"]
default_role = "code"
html_theme, html_title, html_static_path, html_css_files = (
    "pydata_sphinx_theme",
    "aidlib 手册",
    ["_static"],
    ["handbook.css"],
)
html_show_sourcelink = html_copy_source = html_show_copyright = html_show_sphinx = False
html_theme_options = {
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "navbar_align": "left",
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "header_links_before_dropdown": 7,
    "search_bar_text": "查找 Search",
}
html_sidebars: dict[str, list[str]] = {"**": ["sidebar-nav-bs"], "compare": [], "index": []}
html_math_renderer, html_search_language = "mathml", "zh"
autodoc_typehints, autodoc_member_order = "none", "bysource"
numpydoc_show_class_members = False
myst_enable_extensions = ["dollarmath", "deflist", "attrs_inline", "attrs_block"]
myst_heading_anchors = 3
nb_kernel_rgx_aliases = {
    ".*": "aidlib-warm"
}  # forked from one that has imported the libraries; says nothing of sockets
nb_execution_mode, nb_execution_raise_on_error, nb_execution_timeout = "force", True, 300
nb_ipywidgets_js: dict[str, Any] = {}
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]  # no kernel, no sliders

# A machine may be busy with other things; what a command prints in pieces is one text.
NotebookClient.__init__ = partialmethod(NotebookClient.__init__, startup_timeout=300, coalesce_streams=True)  # type: ignore[method-assign]
SHELL = "%%bash\n"
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.environ.setdefault(_generate.TODAY, _generate.DAY)


class Search(SearchLanguage):
    """Chinese by pairs of characters, other words whole: the same in the index and in the browser."""

    lang, language_name, js_stemmer_rawcode = "zh", "Chinese", ""
    js_stemmer_code = "var Stemmer = function() { this.stemWord = (word) => word; };"
    js_splitter_code = r"""
function splitQuery(query) {
  const words = query.toLowerCase().match(/[\u4e00-\u9fff]+|[\p{L}\p{N}_]+?(?=[\u4e00-\u9fff]|[^\p{L}\p{N}_]|$)/gu) || [];
  return words.flatMap((one) => /[\u4e00-\u9fff]/.test(one) && one.length > 1
    ? Array.from({length: one.length - 1}, (_, at) => one.slice(at, at + 2)) : [one]);
}"""
    stopwords: frozenset[str] = frozenset()

    def split(self, input: str) -> list[str]:
        """Split a text into the terms of the index."""
        words = re.findall(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+", input.lower())
        chinese = [one for one in words if one >= "\u4e00"]
        pairs = [one[at : at + 2] for one in chinese for at in range(max(1, len(one) - 1))]
        return [*(one for one in words if one < "\u4e00"), *pairs]

    def stem(self, word: str) -> str:
        """Keep a word as it is."""
        return word.lower()

    def word_filter(self, word: str) -> bool:
        """Take every word."""
        return bool(word)


def mathml(self: Any, node: nodes.Element) -> None:
    """Write a formula as MathML, which browsers draw without a script from elsewhere."""
    self.body.append(convert(node.astext(), display="block" if isinstance(node, nodes.math_block) else "inline"))
    raise nodes.SkipNode


def read(app: Any, name: str, text: list[str]) -> None:
    """Turn links that hold in the repository into links of the handbook; a pattern that finds no page is left out of a list of pages."""
    path = Path(app.env.doc2path(name))
    if path.suffix == ".md" and not name.startswith("reference/"):
        text[0] = _generate.linked(text[0], path.parent)
        text[0] = re.sub(r"^\S+\*$", lambda found: found[0] if any(HERE.glob(found[0])) else "", text[0], flags=re.M)


def terminal(app: Any, tree: nodes.document) -> None:
    """Show what was run by the shell as it is typed there, without the line that hands it to the shell."""
    for block in tree.findall(nodes.literal_block):
        if block.astext().startswith(SHELL):
            block.children = [nodes.Text(block.astext().removeprefix(SHELL))]
            block.rawsource, block["language"] = block.astext(), "sh"


def setup(app: Any) -> None:
    """Tie the above to the build."""
    languages["zh"] = Search  # type: ignore[assignment]
    app.add_html_math_renderer("mathml", (mathml, None), (mathml, None))
    app.connect("builder-inited", lambda _: _generate.write(HERE / "reference"))
    app.connect("source-read", read)
    app.connect("doctree-read", terminal)
