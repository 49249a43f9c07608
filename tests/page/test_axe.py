"""Pages under axe-core, the accessibility checker, in a real browser: no finding at all, on a screen and on a phone.

axe-core (MPL-2.0) is not part of this repository. To run these tests:

    npm install --prefix /some/where axe-core
    AIDLIB_AXE=/some/where/node_modules/axe-core/axe.min.js pytest tests/page/test_axe.py

AIDLIB_AXE_PAGES="a.html b.html" adds pages that were made already.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from pathlib import Path

import demo_notebook
import nbformat
import pytest
from test_browser import POLICY
from test_index import put

from aidlib.fleet import index
from aidlib.page import document, pdf, site
from aidlib.views import fonts

pytestmark = pytest.mark.browser
KINDS = ["zh", "en", "index", *os.environ.get("AIDLIB_AXE_PAGES", "").split()]
RUN = """<script>document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
axe.run(document, {resultTypes: ["violations"]}).then((found) => {
  const told = document.createElement("pre");
  told.id = "axe-found";
  told.textContent = JSON.stringify(found.violations.map((one) => [one.impact, one.id, one.nodes.slice(0, 3).map((node) => node.html)]));
  document.body.append(told);
});</script>"""
TOLD = re.compile(r'<pre id="axe-found">(.*?)</pre>', re.DOTALL)


def findings(path: Path, folder: Path, width: int) -> list[object]:
    """What axe-core finds on a page with every fold open; the page's own policy would not let it in."""
    axe = Path(os.environ["AIDLIB_AXE"]).read_text(encoding="utf-8")
    text = POLICY.sub("", path.read_text(encoding="utf-8"))
    copy = folder / "copy.html"
    copy.write_text(text.replace("</body>", f"<script>{axe}</script>{RUN}</body>"), encoding="utf-8")
    command = [pdf.browser(), *pdf.flags(folder / "profile"), f"--window-size={width},900",
               "--virtual-time-budget=60000", "--dump-dom", copy.as_uri()]  # fmt: skip
    environment = os.environ | fonts.fontconfig(folder)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    told = TOLD.search(done.stdout)
    assert told, "axe-core said nothing"
    return json.loads(html.unescape(told[1]))  # type: ignore[no-any-return]


def made(kind: str, folder: Path) -> Path:
    """A report in Chinese or English, an index, or a page that was made already."""
    if Path(kind).is_file():
        return Path(kind)
    if kind == "index":
        put(folder / "out", "price_linkage", "2020-02", "450400", "good")
        put(folder / "out", "standard_indexing", "2023", "230000", "failed", "the kernel died, twice", page=False)
        return index.build(folder / "out", site.html)
    nbformat.write(demo_notebook.notebook(language=kind), folder / "demo.ipynb")
    return document.render(folder / "demo.ipynb", folder / "demo.html")


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(kind: str, width: int, tmp_path: Path) -> None:
    """axe-core has no finding, whatever its weight, with every fold of the page open."""
    assert findings(made(kind, tmp_path), tmp_path, width) == []
