"""The page of a report: complete by itself, in order, readable without a script, honest about failure."""

from __future__ import annotations

from urllib.parse import unquote

import demo_notebook
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from reader import Reader

from aidlib.errors import ReportFault
from aidlib.page import document as page


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def text(language):
    return page.html(demo_notebook.notebook(language), "demo")


@pytest.fixture(scope="module")
def read(text):
    return Reader(text)


def test_every_tag_is_closed(read):
    """The page is well formed."""
    assert read.open_tags == []
    assert read.mismatched == []


def test_one_title_and_levels_in_order(read):
    """A screen reader finds one title and no skipped level, though the notebook jumped from 2 to 4."""
    assert read.levels.count(1) == 1
    assert read.levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(read.levels, read.levels[1:], strict=False))
    assert 3 in read.levels


def test_ids_are_unique_and_every_inner_link_has_its_target(read):
    """A citation never leads nowhere; `law/values.csv:2` in the demo is the one row the report did not read."""
    assert len(read.ids) == len(set(read.ids))
    targets = {unquote(address[1:]) for address, _ in read.addresses if address.startswith("#")}
    assert targets - set(read.ids) <= {"src-law-values-csv-2"}
    assert any(target.startswith("src-law-values") for target in targets)


def test_pictures_tables_and_headings_of_tables_are_named(read):
    """Every picture has a text, every table a caption, every heading cell a scope."""
    assert len(read.all("img")) == 2
    assert all(picture["alt"].strip() for picture in read.all("img"))
    assert len(read.all("caption")) == len(read.all("table")) >= 5
    assert all(cell.get("scope") in ("col", "row") for cell in read.all("th"))


def test_nothing_comes_from_elsewhere(text, read):
    """The page holds all it shows; only official sources are linked; its own policy forbids any request."""
    assert read.all("script") == [{}]
    assert [link["href"] for link in read.all("link")] == ["data:,"]
    outside = [(address, kind) for address, kind in read.addresses if not address.startswith(("#", "data:"))]
    assert outside
    assert all(kind == "official" and address.startswith("https://") for address, kind in outside)
    policy = next(meta["content"] for meta in read.all("meta") if "http-equiv" in meta)
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]
    assert "@import" not in text
    assert text.count("@font-face") == text.count("url(") == text.count("url(data:font/woff;base64,") == 1


def test_header_says_what_where_when_and_how_sure(read, language):
    """Title, region, period, as-of date and the weakest status of what was read and shown stand before the report."""
    until_main = read.words.split("二月涨幅")[0] if language == "zh" else read.words.split("The rise of")[0]
    wanted = (
        ("梧州市 450400", "预测", "公布数据截至")
        if language == "zh"
        else ("450400", "projected", "Published figures to")
    )
    assert all(word in until_main for word in (*wanted, "2020-02", "2020-03-10"))
    assert read.all("html") == [{"lang": "zh-CN" if language == "zh" else "en"}]


def test_finding_comes_first(text):
    """The finding, shown last by the notebook, is the first thing in the report."""
    main = text[text.index("<main") :]
    assert main.index('class="finding"') < main.index(
        'id="decision-of-the-month"' if 'lang="en"' in text else 'id="当月结论"'
    )


def test_contents_list_the_headings(read, language):
    """Every section is in the contents."""
    listed = [attributes["href"] for attributes in read.all("a") if attributes.get("href", "").startswith("#")]
    assert ("#当月结论" if language == "zh" else "#decision-of-the-month") in listed
    assert "#finding" in listed


def test_code_is_folded_and_noise_is_gone(read):
    """Code stands only inside folds; warnings of libraries are not a reader's business."""
    assert "import aidlib" in read.words
    assert "import aidlib" not in " ".join(read.text_outside_details)
    assert "a warning nobody needs" not in read.words
    assert read.all("button")[0]["hidden"] == ""


def test_skip_link_is_the_first_thing_a_keyboard_meets(read):
    """The first link jumps to the report."""
    assert read.all("a")[0] == {"class": "skip", "href": "#main"}
    assert "main" in read.ids


def test_text_of_the_law_is_marked_as_chinese_in_an_english_page():
    """A screen reader of an English page reads citations in Chinese."""
    cited = Reader(page.html(demo_notebook.notebook("en"))).all("a")
    assert all(link["lang"] == "zh-CN" for link in cited if link.get("class") == "cite")


def test_failed_report_has_a_banner_and_shows_its_noise():
    """A failed report says so on top, gives the reason as text, links to the place, and keeps what was printed."""
    read = Reader(page.html(demo_notebook.notebook(failed=True)))
    assert read.words.index("这份报告没有完成") < read.words.index("二月涨幅")
    assert "没有2020-03的数据：<x>" in read.words
    assert "#error" in [address for address, _ in read.addresses]
    assert "error" in read.ids
    assert "a warning nobody needs" in read.words


def test_banner_of_the_fleet_becomes_ours():
    """A notebook whose kernel died has no error of its own; the reason the fleet wrote is shown, once."""
    banner = new_markdown_cell("> # ✗ price_linkage 梧州市\n>\n> the kernel died", metadata={"tags": ["aidlib-failed"]})
    read = Reader(page.html(new_notebook(cells=[banner, new_markdown_cell("# 标题")])))
    assert read.words.count("the kernel died") == 1
    assert "✗" not in read.words


def test_papermill_error_cells_are_left_out():
    """The cells papermill adds to a failed notebook are replaced by our banner."""
    cell = new_markdown_cell("An Exception was encountered", metadata={"tags": ["papermill-error-cell-tag"]})
    assert "An Exception was encountered" not in page.html(new_notebook(cells=[cell]))


def test_foreign_outputs_stay_readable():
    """A bare data frame scrolls in its box, a bare picture gets a text, an error in HTML is escaped."""
    frame = new_output("display_data", data={"text/html": '<table class="dataframe"></table>', "text/plain": "t"})
    picture = new_output("display_data", data={"image/png": "iVBORw0KGgo=\n", "text/plain": '<Figure "1">'})
    bare = new_output("display_data", data={"image/svg+xml": "<svg/>"})
    read = Reader(page.html(new_notebook(cells=[new_code_cell("x", outputs=[frame, picture, bare])])))
    assert [image["alt"] for image in read.all("img")] == ['<Figure "1">', "没有文字说明的图"]
    assert read.all("div")[-1].get("class") == "scroll" or any(d.get("class") == "scroll" for d in read.all("div"))
    assert all(image["src"].startswith("data:image/") for image in read.all("img"))


def test_chinese_shows_without_a_font_of_the_machine(text):
    """The page carries a font with every Chinese character it shows."""
    import base64
    import io
    import re

    from fontTools.ttLib import TTFont

    carried = re.search(r"data:font/woff;base64,([\w+/=]+)", text)
    known = TTFont(io.BytesIO(base64.b64decode(carried[1]))).getBestCmap()
    shown = {ord(letter) for letter in re.sub(r"base64,[\w+/=]+", "", text) if "一" <= letter <= "鿿"}
    assert shown
    assert shown <= known.keys()


def test_same_notebook_gives_the_same_page():
    """Rendering adds nothing of its own: no time, no random id."""
    notebook = demo_notebook.notebook()
    assert page.html(notebook) == page.html(notebook)


def test_rendering_leaves_the_notebook_as_it_was():
    """The finding is moved on the page, not in the notebook."""
    notebook = demo_notebook.notebook()
    before = nbformat.writes(notebook)
    page.html(notebook)
    assert nbformat.writes(notebook) == before


def test_page_is_small_and_whole(tmp_path):
    """A page with three tables and two figures stays far below the limit; nothing is left beside it."""
    source = tmp_path / "demo.ipynb"
    nbformat.write(demo_notebook.notebook(), source)
    target = page.render(source, tmp_path / "demo.html")
    assert target.stat().st_size < page.LARGEST_BYTES / 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.html", "demo.ipynb"]


def test_page_that_is_too_large_is_refused(tmp_path):
    """A page above 1.5 MB is an error, and no file appears."""
    source = tmp_path / "big.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("x" * page.LARGEST_BYTES)]), source)
    with pytest.raises(ReportFault, match=r"too large.*1,500,000"):
        page.render(source, tmp_path / "big.html")
    assert not (tmp_path / "big.html").exists()


@pytest.mark.parametrize("content", ["", "not json", '{"nbformat": 4}'])
def test_unreadable_notebook_is_one_message(tmp_path, content):
    """A torn notebook is an error with its name, not a traceback."""
    source = tmp_path / "torn.ipynb"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(ReportFault, match=r"torn\.ipynb"):
        page.render(source, tmp_path / "torn.html")
