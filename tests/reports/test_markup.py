"""The parts of a page: tables, marks, downloads, sources."""

from __future__ import annotations

import base64
import csv
import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader import Reader

from aidlib.errors import DataGap, Fault
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.reports import markup
from aidlib.reports.words import MARKS


def cells(html):
    """Text of the body cells, in order."""
    return [part.partition(">")[2].partition("</td>")[0] for part in html.split("<td")[1:]]


def download(html):
    """Decode the CSV a table offers."""
    link = next(a for a in Reader(html).all("a") if "download" in a)
    return base64.b64decode(link["href"].partition("base64,")[2])


def shown(*column, **more):
    """Show one column beside a row heading."""
    return cells(
        markup.table_html("t", pd.DataFrame({"row": list(range(len(column))), "x": list(column)}), "c", **more)
    )


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ([1234567, -5], ["1,234,567", "−5"]),
        ([1.5, 2.25], ["1.50", "2.25"]),
        ([1.0, 2.0], ["1", "2"]),
        ([Fraction(1, 3), Fraction(1, 8)], ["0.333", "0.125"]),
        ([Decimal("3.4999"), Decimal("3.5")], ["3.4999", "3.5000"]),
        (["1062.50", "62.50"], ["1,062.50", "62.50"]),
        (["3.5%", "12.0%"], ["3.5%", "12.0%"]),
        (["450400", "230000"], ["450400", "230000"]),
        (["2020-02", "2020-03"], ["2020-02", "2020-03"]),
        ([True, False], ["是", "否"]),
    ],
)
def test_numbers_are_grouped_and_codes_are_not(column, written):
    """Amounts get separators and one count of decimals; codes, months and flags stay what they are."""
    assert shown(*column) == written


def test_years_have_no_separators():
    """A year is not an amount."""
    html = markup.table_html("t", pd.DataFrame({"place": ["a"], "year": [2023]}), "c")
    assert cells(html) == ["2023"]


def test_missing_is_shown_as_missing():
    """None and NaN are a dash that says `no data`, never a zero."""
    assert all("—" in cell and "无数据" in cell for cell in shown(None, float("nan"), pd.NA))


def test_status_column_becomes_marks():
    """Each weak status has its mark with a meaning; strong ones have none; the status column itself is hidden."""
    frame = pd.DataFrame({"row": range(6), "x": [1.5] * 6, "x_status": ["enacted", *MARKS]})
    html = markup.table_html("t", frame, "c")
    assert [abbr["class"] for abbr in Reader(html).all("abbr")] == [f"mark {status}" for status in MARKS]
    assert all(abbr["title"] for abbr in Reader(html).all("abbr"))
    assert len(Reader(html).all("th")) == 2 + 6
    assert b"x_status" in download(html)


def test_suppressed_value_shows_no_number():
    """A hidden cell carries its mark instead of a dash."""
    frame = pd.DataFrame({"row": [1], "x": [None], "x_status": ["suppressed"]})
    assert "—" not in cells(markup.table_html("t", frame, "c"))[0]


def test_status_word_is_translated():
    """A column of statuses is shown in words of the page's language."""
    frame = pd.DataFrame({"row": [1], "status": ["projected"]})
    assert cells(markup.table_html("t", frame, "c"))[0].startswith("预测")
    assert cells(markup.table_html("t", frame, "c", language="en"))[0].startswith("projected")


def test_csv_opens_in_excel_with_every_cell():
    """The download has a BOM, all columns, exact numbers, and no cell that runs as a formula."""
    frame = pd.DataFrame({"a": ["梧州,市", "=cmd()", "-3.5"], "b": [Fraction(7, 2), Fraction(1, 3), 12345678]})
    content = download(markup.table_html("t", frame, "c"))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["a", "b"], ["梧州,市", "3.5"], ["'=cmd()", "0.3333333333"], ["-3.5", "12345678"]]


def test_empty_table_says_so():
    """No rows is a sentence, not a blank."""
    assert "没有符合条件的行" in markup.table_html("t", pd.DataFrame({"a": []}), "c")


def test_named_index_becomes_the_row_heading():
    """A frame indexed by something keeps it."""
    frame = pd.DataFrame({"x": [1]}, index=pd.Index(["甲"], name="place"))
    assert '<th scope="row" class="s">甲</th>' in markup.table_html("t", frame, "c")


@given(st.text(), st.text(), st.text())
def test_no_text_becomes_markup(cell, caption, note):
    """Whatever a cell, a caption or a note holds, the tags of the table stay the same."""
    plain = [tag for tag, _ in Reader(markup.table_html("t", pd.DataFrame({"a": ["x"], "b": ["y"]}), "c", "n")).tags]
    html = markup.table_html("t", pd.DataFrame({"a": [f"x{cell}"], "b": [f"y{cell}"]}), f"c{caption}", f"n{note}")
    assert [tag for tag, _ in Reader(html).tags] == plain
    assert Reader(html).open_tags == []


def test_row_opens_its_sources_and_they_exist_in_the_sources_section():
    """Each basis of a row links to the line of the law table or the figure it was read from."""
    book, figures = Book(), Figures()
    trigger = book.at("450400", date(2020, 2, 1)).value("linkage_cpi_trigger")
    index = figures.get("000000", "cpi_yoy:total:all_items", "2020-02")
    html = markup.table_html("t", pd.DataFrame({"a": ["x"], "sources": [[trigger, index]]}), "c")
    section = Reader(markup.sources_html(book.reads.values(), figures.reads.values()))
    links = [address[1:] for address, kind in Reader(html).addresses if kind == "src"]
    assert len(links) == 2
    assert set(links) <= set(section.ids)
    assert trigger.source.title in Reader(html).words
    assert download(html).decode("utf-8-sig").splitlines()[1] == f"x,{trigger.place}; {index.place}"


def test_sources_show_units_and_labels_in_words():
    """`pct` and identifiers are for machines."""
    book = Book()
    book.at("450400", date(2020, 2, 1)).value("linkage_cpi_trigger")
    words = Reader(markup.sources_html(book.reads.values(), [], labels={"linkage_cpi_trigger": "启动线"})).words
    assert "3.5%" in words
    assert "启动线" in words
    assert "linkage_cpi_trigger" not in words


def test_export_with_more_decimals_than_published_says_so():
    """A reader sees the number of the data row and the number that was published."""
    figures = Figures()
    index = figures.get("000000", "cpi_yoy:total:all_items", "2020-02")
    assert index.published != index.value
    words = Reader(markup.sources_html([], figures.reads.values())).words
    assert f"{index.text}（上年同月=100） 公布为 105.2" in words


def test_many_figures_of_one_series_fold_into_one_row():
    """A year of months is one row of the sources, and each month keeps its own anchor."""
    figures = Figures()
    months = [f"2019-{month:02d}" for month in range(1, 13)]
    read = [figures.get("000000", "cpi_yoy:total:all_items", month) for month in months]
    section = Reader(markup.sources_html([], figures.reads.values()))
    assert len(section.all("tr")) == 2
    assert {markup.anchor(figure.place) for figure in read} <= set(section.ids)


def test_paragraph_cites_each_instrument_once():
    """Two rows of one instrument and article are one link."""
    law = Book().at("450400", date(2020, 2, 1))
    value = law.value("linkage_cpi_trigger")
    assert len(Reader(markup.paragraph_html("x", [value, value])).all("a")) == 1


def test_gaps_come_from_errors_faults_and_words():
    """Every fault of an error is its own line."""
    html = markup.gaps_html([DataGap([Fault("a"), Fault("b", hint="c")]), "d"])
    assert html.count("<li>") == 3
    assert "没有发现数据缺口" in markup.gaps_html([])


def test_figure_tells_unit_n_source_and_date():
    """A figure carries what a reader needs to trust it; an n of zero is still told."""
    html = markup.figure_html(
        "f", b"\x89PNG", "alt <b>", "c", "%", 0, "国家统计局", "2020-02", pd.DataFrame({"a": [1]})
    )
    read = Reader(html)
    assert read.all("img")[0]["alt"] == "alt <b>"
    assert read.all("img")[0]["src"].startswith("data:image/png;base64,")
    assert all(word in read.words for word in ("单位 %", "n 0", "国家统计局", "2020-02"))
    assert len(read.all("table")) == 1
