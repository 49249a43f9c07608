"""Forgers who know how a page is made and sealed: what a reader sees otherwise than our notebook says it is found."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from test_verify import ALTERED, FOREIGN, kept, make, overlay, rewrite, verified

from aidlib.fleet import warm

assert overlay  # a fixture, used by name


def an_error(found: nbformat.NotebookNode) -> None:
    """A red box below the finding, which has neither data nor text."""
    said = "不应当启动"
    found.cells[-1].outputs.append(nbformat.v4.new_output("error", ename="更正", evalue=said, traceback=[said]))


def a_comment(found: nbformat.NotebookNode) -> None:
    """A remark among the parameters, the only cell whose source may differ."""
    found.cells[1].source += "\n# 经审定不应当启动"


def a_fold(found: nbformat.NotebookNode) -> None:
    """Outputs that JupyterLab opens folded away."""
    found.cells[-1].metadata["jupyter"] = {"outputs_hidden": True}


def a_picture(found: nbformat.NotebookNode) -> None:
    """Another form of the same output, which JupyterLab prefers to the HTML."""
    output, _ = kept(found, "finding")
    output.data["image/svg+xml"] = "<svg><text>不应当启动</text></svg>"


def a_raw_cell(found: nbformat.NotebookNode) -> None:
    """A cell more at the end."""
    found.cells.append(nbformat.v4.new_raw_cell("不应当启动"))


NOTEBOOKS: dict[Callable[[nbformat.NotebookNode], None], str] = {
    an_error: ALTERED,
    a_comment: FOREIGN,
    a_fold: ALTERED,
    a_picture: ALTERED,
    a_raw_cell: FOREIGN,
}


@pytest.mark.parametrize("forge", NOTEBOOKS, ids=lambda forge: forge.__name__)
def test_what_is_seen_otherwise_in_a_notebook_is_found(
    tmp_path: Path, overlay: Path, server: warm.Server, forge: Callable[[nbformat.NotebookNode], None]
) -> None:
    """Sealed anew, with a page made from the forged notebook: still not what our notebook says."""
    made = make(tmp_path, lookback_months=1)
    rewrite(made, forge, reseal=True)
    assert verified(made, tmp_path).finding == NOTEBOOKS[forge]


def another_font(page: str) -> str:
    """Glyphs of other characters under the same codes: what is read is not what stands there."""
    found = re.search(r"data:font/woff;base64,([\w+/=]+)", page)
    assert found is not None
    from aidlib.views import fonts

    return page.replace(found[1], base64.b64encode(fonts.excerpt("不")).decode())


def cells_elsewhere(page: str) -> str:
    """The same cells of a download, with the line broken elsewhere: numbers under other headings."""
    for found in re.finditer(r"data:text/csv[^,]*;base64,([\w+/=]+)", page):
        text = base64.b64decode(found[1]).decode("utf-8-sig")
        moved = text.replace("\r\n", ",", 1)
        return page.replace(found[1], base64.b64encode(b"\xef\xbb\xbf" + moved.encode()).decode())
    raise AssertionError("no download")


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("forge", [another_font, cells_elsewhere])
def test_what_a_page_carries_is_compared(
    tmp_path: Path, overlay: Path, server: warm.Server, forge: Callable[[str], str], alone: bool
) -> None:
    """Fonts and downloads inside a page are those our notebook makes."""
    made = make(tmp_path, lookback_months=1)
    html = made.with_suffix(".html")
    html.write_text(forge(html.read_text(encoding="utf-8")), encoding="utf-8")
    if alone:
        made.unlink()
    assert verified(html if alone else made, tmp_path).finding == ALTERED
