"""Pages in a real browser: no console error, no request, search and links work, nothing wider than a phone."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from urllib.parse import quote

import demo_notebook
import nbformat
import pytest
from reader import Reader
from test_index import put

from aidlib.errors import ReportFault
from aidlib.fleet import index as site_index
from aidlib.page import document, pdf, site
from aidlib.views import fonts

pytestmark = pytest.mark.browser
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
MEASURE = "<script>document.documentElement.dataset.over = document.documentElement.scrollWidth - innerWidth</script>"


@dataclass(frozen=True)
class Visit:
    """What a visit left: the page after its script, what the console said, what the page itself asked for."""

    read: Reader
    console: list[str]
    requests: list[str]


@pytest.fixture
def visit(tmp_path):
    def open_page(path, after="", width=1200):
        log = tmp_path / "net.json"
        command = [pdf.browser(), *pdf.flags(tmp_path / "profile"), "--enable-logging=stderr", f"--log-net-log={log}",
                   f"--window-size={width},900", "--dump-dom", path.resolve().as_uri() + after]  # fmt: skip
        environment = os.environ | fonts.fontconfig(tmp_path)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
        events = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
        # the browser's own requests have no origin; a page from a file has the origin `null`
        asked = [e["url"] for e in events if "url" in e and e.get("initiator", "not an origin") != "not an origin"]
        return Visit(Reader(done.stdout), [line for line in done.stderr.splitlines() if "CONSOLE" in line], asked)

    return open_page


@pytest.fixture
def report(tmp_path):
    def write(**more):
        source = tmp_path / "demo.ipynb"
        nbformat.write(demo_notebook.notebook(**more), source)
        return document.render(source, tmp_path / "demo.html")

    return write


@pytest.fixture
def index(tmp_path):
    out = tmp_path / "reports"
    put(out, "price_linkage", "2020-02", "450400", "good")
    put(out, "price_linkage", "2020-02", "230000", "good")
    put(out, "standard_indexing", "2023", "230000", "failed", "no figure", page=False)
    return site_index.build(out, site.html)


def rows(seen):
    """Codes of the rows that are shown."""
    return [row["data-q"].split()[0] for row in seen.read.all("tr") if "data-q" in row and "hidden" not in row]


def test_the_check_itself_sees_errors_and_requests(visit, tmp_path):
    """A page that breaks the rules is caught: otherwise the next tests would prove nothing."""
    bad = tmp_path / "bad.html"
    bad.write_text('<img src="http://127.0.0.1:9/x.png"><script>missing()</script>', encoding="utf-8")
    seen = visit(bad)
    assert "missing is not defined" in seen.console[0]
    assert seen.requests == ["http://127.0.0.1:9/x.png"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_is_quiet(visit, report, language):
    """A report says nothing on the console and asks nothing of anyone."""
    seen = visit(report(language=language))
    assert seen.console == []
    assert seen.requests == []
    assert "hidden" not in seen.read.all("button")[0]


def test_script_hidden_in_data_does_not_run(visit, report):
    """A script or a picture that data brings along is refused by the page's own policy."""
    seen = visit(report(script="document.title='broken';new Image().src='http://127.0.0.1:9/x.png'"))
    assert "broken" not in seen.read.words
    assert seen.requests == []
    assert "Content Security Policy" in seen.console[0]


def test_link_into_a_fold_opens_it(visit, report):
    """Following a citation into the folded list of figures opens the list, and the line that folds a series' rows."""
    path = report()
    folded = next(i for i in Reader(path.read_text(encoding="utf-8")).ids if i.startswith("src-reference"))
    before = [d for d in visit(path).read.all("details") if "open" in d]
    after = [d for d in visit(path, f"#{quote(folded)}").read.all("details") if "open" in d]
    assert (len(before), len(after)) == (0, 2)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("", ["230000", "230000", "450400"]),
        ("#q=wuzhou", ["450400"]),
        ("#q=梧州", ["450400"]),
        ("#q=450400", ["450400"]),
        ("#q=wz", ["450400"]),
        ("#q=hlj", ["230000", "230000"]),
        ("#q=zz", []),
        ("#q=GUANG+xi", ["450400"]),
        ("#q=nowhere", []),
        ("#outcome=failed", ["230000"]),
        ("#report=price_linkage", ["230000", "450400"]),
        ("#q=heilongjiang&period=2020-02", ["230000"]),
    ],
)
def test_search_and_filters(visit, index, asked, codes):
    """The index is searched by name, pinyin, its initials or code and filtered by report, outcome and period; the address remembers it."""
    seen = visit(index, quote(asked, safe="#=&+"))
    assert rows(seen) == codes
    assert f"显示 {len(codes)} / 3 份" in seen.read.words
    assert seen.console == []
    assert seen.requests == []


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_wider_than_the_screen(visit, report, index, tmp_path, width):
    """On a phone only tables and figures scroll sideways, in their own boxes."""
    for path in (report(), index):
        copy = tmp_path / "copy.html"
        text = POLICY.sub("", path.read_text(encoding="utf-8")).replace("</body>", MEASURE + "</body>")
        copy.write_text(text, encoding="utf-8")
        assert int(visit(copy, width=width).read.all("html")[0]["data-over"]) <= 0


def test_pdf_is_made_whole(report, tmp_path):
    """A report prints to a PDF with our font, and nothing is left beside it."""
    made = pdf.pdf(report(), tmp_path / "demo.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert b"NotoSansSC" in made
    assert not list(tmp_path.glob(".*"))


def test_pdf_without_a_browser_is_a_readable_error(report, tmp_path, monkeypatch):
    """Where neither Chromium nor WeasyPrint is there, the message says what to install."""
    monkeypatch.setattr(pdf, "browser", lambda: None)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(ReportFault, match="install Chromium"):
        pdf.pdf(report(), tmp_path / "demo.pdf")


def test_pdf_of_a_page_that_is_not_there(tmp_path):
    """A missing page is one message."""
    with pytest.raises(ReportFault, match="no such page"):
        pdf.pdf(tmp_path / "none.html", tmp_path / "none.pdf")
