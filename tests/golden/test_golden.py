"""The pages say what their golden records say; and the net that tells so lets nothing slip through."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from capturing import kept_page
from comparing import Change, changes, summary
from golden import RECORDS, Case, cases, made, shown_cases
from matplotlib.figure import Figure
from packing import lengthened, near, pack, shortened, unpack
from rendered import Element, elements

from aidlib.page import tables
from aidlib.page.parts import part

LARGEST_BYTES = 12_000_000
CHINESE = re.compile(r'"((?:[^"\\]|\\.)*?) ‖ ')
CODE = re.compile(
    r"(?<![\w\-./])[a-z]+(?:_[a-z]+)+(?![\w./(=])|(?<=[\u4e00-\u9fff·|])[a-z]{4,}(?=[\u4e00-\u9fff，。|）])"
)
PARAMETERS = {"food_line_yuan", "microdata"}
FOLDERS = re.compile(r"/(?:tmp|home|root|Users|var)/|site-packages")
SAMPLE = [case for case in cases() if case.sample]


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.name)
def test_a_page_is_as_its_golden_record(case: Case) -> None:
    """Sentences, tables and figures of today's page are those of its record, in the language sampled."""
    golden, today = case.record(), made(case, (case.sample,))
    moved = changes(case.name, golden, today, (case.sample,))
    told = "\n".join(summary(moved))
    assert not moved, f"{told}\nwanted? then: make golden-accept ONLY='{case.name}', and give the reason in the commit"


def test_no_chinese_sentence_of_a_page_shows_a_code() -> None:
    """No word of the vocabulary is shown by its key: 缺当月grain, （分散供养·care_full|care_full）."""
    assert CODE.findall("缺当月grain，（分散供养·care_full|care_full）") == ["grain", "care_full", "care_full"]
    seen = {
        (code, path.name)
        for path in RECORDS.rglob("*.jsonl")
        for text in CHINESE.findall(path.read_text(encoding="utf-8"))
        for code in CODE.findall(text)
        if code not in PARAMETERS
    }
    assert not seen


def test_every_page_of_the_net_has_a_record_and_every_record_its_page() -> None:
    """Cases and records name each other, in all less than twelve megabytes, and none names a folder of a machine."""
    files = {
        path.relative_to(RECORDS).as_posix(): path.read_text(encoding="utf-8") for path in RECORDS.rglob("*.jsonl")
    }
    assert set(files) == {case.file for case in cases()}
    assert sum(len(text.encode()) for text in files.values()) < LARGEST_BYTES
    assert [name for name, text in files.items() if FOLDERS.search(text)] == []


@pytest.mark.parametrize("path", shown_cases(), ids=lambda path: path.stem)
def test_the_gallery_says_what_the_pages_say(path: Path) -> None:
    """A finished report shown in the repository has the words and numbers of its golden record: else `make gallery`."""
    case = shown_cases()[path]
    today = pack({language: kept_page(path) for language in ("zh", "en")})
    moved = [
        change for change in changes(case.name, case.record(), today, ("zh",)) if change.kind in ("words", "shown")
    ]
    assert not [change for change in moved if change.element != "figure"], "\n".join(summary(moved))
    assert path.with_suffix(".html").is_file()


def test_the_sample_has_every_notebook_and_both_languages() -> None:
    """No page and no language is left to the full run alone, which is not part of every change."""
    assert {case.notebook for case in SAMPLE} == {case.notebook for case in cases()}
    assert {case.sample for case in SAMPLE} == {"zh", "en"}


def _page(
    amount: object = 1280, share: float = 0.1 + 0.2, group: str = "低保", said: str = "触发", **columns: list[object]
) -> list[Element]:
    frame = pd.DataFrame({"group": [group, "特困"], "amount_fen": [amount, 1664], "share": [share, 0.25], **columns})
    table_html = part("table")("pay", "", "补贴", [], tables.shown(frame), {key: key for key in tables.LABELS})
    html = f"<p>{said}</p>{table_html}"
    said_, table = elements(html)
    cells = [list(row) for row in frame.itertuples(index=False, name=None)]
    return [said_, table | {"columns": list(frame), "cells": cells, "carried": False}]


def _moved(old: list[Element], new: list[Element]) -> list[Change]:
    return changes("page 450400 2020-02", *(pack({"zh": page, "en": page}) for page in (old, new)))


def test_one_fen_and_one_word_are_seen() -> None:
    """Money that moves by a fen and a sentence that moves by a sign are told with page, row and column."""
    moved = _moved(_page(), _page(amount=1281, said="触发。"))
    assert [(one.kind, one.row, one.column, one.old, one.new) for one in moved] == [
        ("words", "", "", "触发", "触发。"),
        ("shown", "低保", "amount_fen", "1,280", "1,281"),
    ]
    assert summary(moved)[:4] == [
        "page, say: 1 words changed (450400 2020-02)", "  zh - 触发", "  zh + 触发。",
        "page, table pay, amount_fen: 1 cells changed (450400 2020-02)",
    ]  # fmt: skip


def test_a_float_may_move_by_one_part_in_a_thousand_million_and_money_not_at_all() -> None:
    """Another processor's last digit is no difference, a digit behind those that are shown is one, and money is exact."""
    assert _moved(_page(), _page(share=0.3)) == []
    assert [one.kind for one in _moved(_page(), _page(share=0.300001))] == ["kept"]
    assert not near(0.1 + 0.2, 0.3, money=True)


def test_words_that_become_codes_are_no_change_to_a_reader() -> None:
    """A frame that keeps codes and shows the same words differs only in what it keeps, and its pairs are told once."""
    new = _page()
    new[1]["cells"][0][0], new[1]["cells"][1][0] = "dibao", "tekun"
    moved = _moved(_page(), new)
    assert [one.kind for one in moved] == ["kept", "kept"]
    assert summary(moved)[1:] == ["  低保 → dibao", "  特困 → tekun"]


def test_what_is_hidden_lost_or_new_is_seen() -> None:
    """A status that no mark shows, a column, a row and a whole table are told when they come or go."""
    status = [one.kind for one in _moved(_page(share_status=["observed"] * 2), _page(share_status=["enacted"] * 2))]
    column = [one.kind for one in _moved(_page(), _page(note=["a", "b"]))]
    assert status == ["kept"]
    assert column == ["words", "rows"]
    assert [(one.kind, one.row) for one in _moved(_page(), _page(group="边缘")) if one.kind == "rows"] == [
        ("rows", "低保"),
        ("rows", "边缘"),
    ]
    assert "[table pay]" in [one.old for one in _moved(_page(), _page()[:1])]


def test_a_point_of_a_figure_is_seen() -> None:
    """Lines, bars and the words around them are read from the figure itself."""
    from drawn import series

    def drawn(height: float, label: str) -> list[Element]:
        axes = Figure().subplots()
        axes.plot([1, 2], [3.0, height], label=label)
        axes.bar([1, 2], [5, 6])
        axes.legend()
        html = str(part("figure")("fan", "", "caption", "alt", [], "image/svg+xml", "", ""))
        return [one | {"drawn": series(axes.figure)} for one in elements(html)]

    assert _moved(drawn(4.0, "CPI"), drawn(4.0 + 1e-12, "CPI")) == []
    assert [one.row for one in _moved(drawn(4.0, "CPI"), drawn(4.001, "CPI"))] == ["series 1 0 line CPI y"]
    assert ("words", "[fan] CPI", "[fan] SCPI") in [
        (one.kind, one.old, one.new) for one in _moved(drawn(4, "CPI"), drawn(4, "SCPI"))
    ]


def test_a_record_is_read_as_it_was_written() -> None:
    """Two languages packed, shortened against another record, lengthened and unpacked are the same two pages."""
    zh, en = _page(said="甲"), _page(said="a", group="dibao")[:1] + _page(group="dibao", note=["x", "y"])[1:]
    text, other = pack({"zh": zh, "en": en}), pack({"zh": _page(), "en": _page()})
    assert lengthened(shortened(text, other), other) == text
    assert lengthened(shortened(text, ""), "") == text
    for language, page in (("zh", zh), ("en", en)):
        same = pack({"zh": page, "en": page})
        assert unpack(text, language) == unpack(same, language)
