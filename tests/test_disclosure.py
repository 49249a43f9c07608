"""Attacks on the guard, on suppression and on pseudonyms. Every identity number here is computed, none is anyone's."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aidlib.disclosure import (
    convention,
    dominated,
    findings,
    guard,
    ids,
    key_from,
    pseudonym,
    redact,
    suppress,
    suppressed_rate,
)
from aidlib.errors import PrivacyFault

FIRST = "45" + "0000" + "1990" + "0101" + "001"
IDENTITY = FIRST + ids.check_character(FIRST)
OLD_IDENTITY = "45" + "0000" + "900101" + "001"
PHONE = "1" + "38" + "0" * 8
NAME = "梁" + "甲乙"


def _card() -> str:
    first = "62" + "0" * 13
    return next(first + str(digit) for digit in range(10) if _luhn(first + str(digit)))


def _luhn(number: str) -> bool:
    return sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(number))) % 10 == 0


CARD = _card()
SECRETS = (IDENTITY, OLD_IDENTITY, PHONE, CARD)


def _kinds(document: object) -> set[str]:
    return {finding.kind for finding in findings(document)}


@pytest.mark.parametrize("secret", SECRETS)
def test_guard_finds_the_value_and_never_repeats_it(secret: str) -> None:
    """The message names the place and the kind, and holds no part of the value."""
    with pytest.raises(PrivacyFault) as caught:
        guard(f"第一行\n备注 {secret} 完", "report.md")
    assert "report.md: line 2" in str(caught.value)
    assert secret not in str(caught.value)
    assert secret[6:] not in str(caught.value)


@pytest.mark.parametrize(
    "disguise",
    [
        IDENTITY.lower(),
        f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}",
        f"{IDENTITY[:6]}-{IDENTITY[6:14]}-{IDENTITY[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in IDENTITY),
        "\u200b".join(IDENTITY),
        f"1 {IDENTITY[:6]} {IDENTITY[6:]}",
        f"id{IDENTITY}",
        f"{IDENTITY}{PHONE}" if IDENTITY[-1].isdigit() else f"9{IDENTITY}",
        f"{float(IDENTITY[:17] + '0')!r}",
        f"{float(OLD_IDENTITY)!r}",
        f"0.{IDENTITY}",
    ],
)
def test_guard_sees_through_disguises(disguise: str) -> None:
    """Blanks, hyphens, full width, invisible characters, glued letters and floats do not hide an identity number."""
    assert "identity number" in _kinds(disguise)


@pytest.mark.parametrize(
    "harmless",
    [
        "民发〔2021〕57号 第四条",
        "2026-10 全区 1,204 户 612,300.00 元",
        "合计 13800000000 元",
        "总额 13800000000 fen",
        "0.123456789012345 和 0.30000000000000004",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "申请人应当如实申报; 户主姓名: 张*; 姓名: 某某",
        "梧州市西江路街道 3 个社区",
        "服务热线 12345, 12349, 电话 0774-6020000",
        "1764000000000000 µs",
        "城市低保对象 1300000 2016-03 -65.2%",
        "139-1234 5678",
    ],
)
def test_guard_lets_ordinary_text_pass(harmless: str) -> None:
    """Document numbers, amounts, floats, hashes, masked names and public hotlines are no personal data."""
    assert findings(harmless) == []


@pytest.mark.parametrize("text", [f"姓名:{NAME}", f"户主 {NAME}", f"申请人:{NAME}", "Applicant: Liang Jiayi"])
def test_guard_finds_names_after_labels(text: str) -> None:
    """A label such as 姓名 or Applicant announces a name."""
    assert _kinds(text) == {"person's name"}


@pytest.mark.parametrize(
    "written", [f"{PHONE[:3]}-{PHONE[3:]}", f"{PHONE[:7]}-{PHONE[7:]}", f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}"]
)
def test_guard_finds_a_mobile_number_however_it_is_parted(written: str) -> None:
    """Hyphens and blanks between its parts hide no mobile number."""
    assert _kinds(written) == {"mobile number"}


def test_a_row_of_figures_is_no_card() -> None:
    """Four figures of four digits that happen to pass the check are part of a longer row; a card by itself, or a UnionPay card anywhere, is one."""
    first = "4" + "1" * 14
    number = next(first + str(digit) for digit in range(10) if _luhn(first + str(digit)))
    parted = " ".join(number[at : at + 4] for at in range(0, 16, 4))
    union = " ".join(CARD[at : at + 4] for at in range(0, 16, 4))
    assert findings(f"[2019 {parted}]") == findings(f"{parted} 2024") == []
    assert _kinds(f"card {parted}.") == _kinds(f"2019 {union} 2024") == {"bank card number"}


@pytest.mark.parametrize("base64ed", [False, True])
def test_guard_reads_the_columns_of_an_attached_csv(base64ed: bool) -> None:
    """A table offered for download is read by its headings: names are found, sums of money are no mobile numbers, and mobile numbers are."""

    def offered(table: str) -> str:
        content = base64.b64encode(table.encode("utf-8-sig")).decode() if base64ed else table
        return f'<a href="data:text/csv;charset=utf-8{";base64" if base64ed else ""},{content}">CSV</a>'

    assert _kinds(offered(f"姓名,户数\n{NAME},3\n")) == {"person's name"}
    assert _kinds(offered("地区,资金(元)\n广西,15123000000\n")) == set()
    assert _kinds(offered(f"地区,分组\n广西,{PHONE}\n")) == {"mobile number"}


def test_sums_in_a_workbook_are_no_mobile_numbers(tmp_path: Path) -> None:
    """Below a heading that says money eleven digits are a sum; below any other they are a mobile number."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["资金(元)", "户数"])
    book.active.append([int(PHONE), 3])
    book.save(tmp_path / "sums.xlsx")
    assert findings(tmp_path / "sums.xlsx") == []
    book.active.append([1, int(PHONE)])
    book.save(tmp_path / "phones.xlsx")
    assert _kinds(tmp_path / "phones.xlsx") == {"mobile number"}


def test_guard_finds_an_address_with_a_door_number() -> None:
    """A street and a door number lead to a home."""
    assert _kinds("住址:城东路15号3栋") == {"address with a door number"}


@pytest.mark.parametrize(
    "html",
    [
        f'<img alt="{IDENTITY}" src="a.png">',
        f"<!-- {IDENTITY} -->",
        f"<p>{IDENTITY[:9]}<b>{IDENTITY[9:]}</b></p>",
        f'<a href="?q={"".join(f"%{ord(c):02x}" for c in IDENTITY)}">x</a>',
        f"<script>var a = '{IDENTITY}'</script>",
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(f"<svg><title>{IDENTITY}</title></svg>".encode()).decode()}">',
        f"<p>{''.join(f'&#{ord(c)};' for c in IDENTITY)}</p>",
        f"<svg><text>{''.join(f'<tspan>{c}</tspan>' for c in IDENTITY)}</text></svg>",
        f'<meta name="description" content="{IDENTITY}">',
    ],
)
def test_guard_looks_everywhere_in_html(html: str) -> None:
    """Alt text, comments, split tags, links, scripts, embedded pictures, entities and metadata are all read."""
    assert "identity number" in _kinds(html)


def test_guard_reads_a_column_of_names_in_html_and_markdown() -> None:
    """A heading that announces names makes every unmasked cell below it a finding."""
    html = f"<table><tr><th>姓名</th><th>户数</th></tr><tr><td>{NAME}</td><td>3</td></tr></table>"
    assert _kinds(html) == {"person's name"}
    assert _kinds(f"|姓名|户数|\n|{NAME}|3|") == {"person's name"}
    assert _kinds(html.replace(NAME, "梁*")) == set()


def test_table_cells_are_not_glued_into_numbers() -> None:
    """Neighbouring cells that happen to line up are not an identity number."""
    assert findings(f"<tr><td>{IDENTITY[:6]}</td><td>{IDENTITY[6:14]}</td><td>{IDENTITY[14:]}</td></tr>") == []


def _notebook(**cell: object) -> dict[str, object]:
    code = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [], "execution_count": 1, **cell}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [code]}


@pytest.mark.parametrize(
    "cell",
    [
        {"metadata": {"papermill": {"note": IDENTITY}}},
        {"source": ["x = '", IDENTITY, "'"]},
        {
            "outputs": [
                {"output_type": "error", "ename": "E", "evalue": "", "traceback": [f"\u001b[31m{IDENTITY}\u001b[0m"]}
            ]
        },
        {"outputs": [{"output_type": "display_data", "metadata": {"alt": IDENTITY}, "data": {}}]},
        {"outputs": [{"output_type": "stream", "name": "stderr", "text": [IDENTITY[:4], IDENTITY[4:]]}]},
        {"metadata": {IDENTITY: 1}},
    ],
)
def test_guard_looks_everywhere_in_a_notebook(cell: dict[str, object], tmp_path: Path) -> None:
    """Parameters, sources, tracebacks, split streams and metadata keys are read, in memory and on disk."""
    book = _notebook(**cell)
    assert "identity number" in _kinds(book)
    (tmp_path / "a.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert all(IDENTITY not in one.place for one in findings(tmp_path / "a.ipynb"))


def test_guard_reads_text_chunks_of_pictures() -> None:
    """A picture may carry text beside its pixels, plain or squeezed."""
    for kind, body in (
        (b"tEXt", b"Title\0" + IDENTITY.encode()),
        (b"zTXt", b"Title\0\0" + zlib.compress(IDENTITY.encode())),
    ):
        chunk = len(body).to_bytes(4, "big") + kind + body + b"\0" * 4
        png = b"\x89PNG\r\n\x1a\n" + chunk
        data = {"image/png": base64.b64encode(png).decode()}
        assert "identity number" in _kinds(_notebook(outputs=[{"output_type": "display_data", "data": data}]))


def test_guard_opens_hidden_sheets_comments_and_properties(tmp_path: Path) -> None:
    """A hidden sheet, a cell comment, a document property and a sheet name are parts of a workbook."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    book.active["A1"] = "合计"
    hidden = book.create_sheet("辅助")
    hidden.sheet_state = "veryHidden"
    hidden["B2"] = int(IDENTITY[:17] + "0")
    hidden["C3"].comment = Comment(f"电话 {PHONE}", "a")
    book.properties.title = OLD_IDENTITY
    hidden["D1"], hidden["D2"] = "姓名", NAME
    path = tmp_path / "report.xlsx"
    book.save(path)
    places = [str(finding) for finding in findings(path)]
    assert any("sheet 2 (hidden), row 2, column 2" in place for place in places)
    assert any("mobile number" in place for place in places)
    assert any("docProps" in place for place in places)
    assert any("person's name" in place for place in places)


def test_guard_reads_word_files_across_runs(tmp_path: Path) -> None:
    """A number split over two runs of a Word paragraph is still one number."""
    from docx import Document

    page = Document()
    line = page.add_paragraph(IDENTITY[:10])
    line.add_run(IDENTITY[10:]).bold = True
    page.save(tmp_path / "notice.docx")
    assert "identity number" in _kinds(tmp_path / "notice.docx")


def test_guard_reads_file_names_and_folders(tmp_path: Path) -> None:
    """The name of a file is published with it, and the message does not repeat it."""
    (tmp_path / f"report_{IDENTITY}.html").write_text("<p>fine</p>", encoding="utf-8")
    found = findings(tmp_path)
    assert [finding.kind for finding in found] == ["identity number"]
    assert IDENTITY not in found[0].place


def test_guard_reads_gb18030_logs(tmp_path: Path) -> None:
    """A log in the old encoding is read all the same."""
    (tmp_path / "run.log").write_bytes(f"姓名:{NAME}".encode("gb18030"))
    assert _kinds(tmp_path / "run.log") == {"person's name"}


def test_guard_reads_tracebacks_of_live_errors() -> None:
    """An error about to be logged is looked through with its cause."""
    error = RuntimeError("failed")
    error.__cause__ = ValueError(IDENTITY)
    assert _kinds(error) == {"identity number"}


def test_guard_reads_frames_with_labels_attributes_and_names() -> None:
    """Cells, index, column names and attributes of pandas and Polars frames are read; money of eleven digits is money."""
    assert _kinds(pd.DataFrame({"a": [1]}, index=[IDENTITY])) == {"identity number"}
    assert _kinds(pd.DataFrame({IDENTITY: [1]})) == {"identity number"}
    assert _kinds(pl.DataFrame({"a": [int(PHONE)]})) == {"mobile number"}
    assert _kinds(pl.DataFrame({"total_fen": [int(PHONE)]})) == set()
    assert _kinds(pl.DataFrame({"户主": [NAME]})) == {"person's name"}
    marked = pd.DataFrame({"a": [1]})
    marked.attrs["note"] = IDENTITY
    assert _kinds(marked) == {"identity number"}


def test_guard_refuses_what_it_cannot_look_into(tmp_path: Path) -> None:
    """An unknown kind of document is a fault, not a pass; so is a workbook that is damaged."""
    with pytest.raises(PrivacyFault, match="cannot look into"):
        guard(object())
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(PrivacyFault, match=r"damaged\.xlsx: cannot look into"):
        guard(tmp_path / "damaged.xlsx")


@pytest.mark.parametrize("secret", [*SECRETS, f"姓名:{NAME}"])
def test_redacted_text_passes_the_guard(secret: str) -> None:
    """What was redacted holds nothing the guard would find, and keeps the rest of the text."""
    clean = redact(f"row 7: {secret} failed")
    assert findings(clean) == []
    assert clean.startswith("row 7:")
    assert clean.endswith("failed")


# Suppression -----------------------------------------------------------------------------------------------------


def _range_of(cell: tuple[int, int], values: np.ndarray, hidden: np.ndarray, totals: str) -> tuple[float, float]:
    """What an attacker can say of a hidden cell: smallest and largest value that agrees with all that is published."""
    from scipy.optimize import linprog

    places = [tuple(place) for place in np.argwhere(hidden)]
    lines = []
    if totals in ("both", "rows"):
        lines += [[(r, c) for c in range(values.shape[1])] for r in range(values.shape[0])]
    if totals in ("both", "columns"):
        lines += [[(r, c) for r in range(values.shape[0])] for c in range(values.shape[1])]
    left, right = [], []
    for line in lines:
        signs = dict.fromkeys(line[:-1], 1.0) | {line[-1]: -1.0}
        left.append([signs.get(place, 0.0) for place in places])
        right.append(-sum(sign * values[place] for place, sign in signs.items() if not hidden[place]))
    aim = np.array([1.0 if place == cell else 0.0 for place in places])
    ends = []
    for sign in (1, -1):
        found = linprog(sign * aim, A_eq=np.array(left), b_eq=np.array(right), bounds=(0, None), method="highs")
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends[0], ends[1]


TABLES = st.tuples(st.integers(2, 6), st.integers(2, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.one_of(st.integers(0, 14), st.integers(0, 400)), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@settings(max_examples=60, deadline=None)
@given(counts=TABLES, totals=st.sampled_from(["both", "rows", "columns"]))
def test_no_small_cell_follows_from_totals(counts: list[list[int]], totals: str) -> None:
    """Linear programming over everything published leaves each small cell at least ten values wide."""
    made = suppress(pd.DataFrame(counts), 10, totals)
    values, hidden = made._full.to_numpy(), made.table.isna().to_numpy()
    small = (values > 0) & (values < 10)
    assert hidden[small].all()
    for place in np.argwhere(small):
        low, high = _range_of(tuple(place), values, hidden, totals)
        assert high - low >= 10


def test_boundary_of_the_threshold() -> None:
    """One below the threshold is hidden; the threshold itself and zero are shown."""
    made = suppress(pd.DataFrame({"a": [9, 300, 400], "b": [10, 200, 300], "c": [0, 500, 300]}), 10, "none")
    assert made.table.isna().to_numpy().sum() == 1
    assert pd.isna(made.table.loc[0, "a"])


def test_differencing_against_last_month() -> None:
    """A cell shown last month that hardly moved cannot hide a small one, so the partner is one that moved or was hidden."""
    last = suppress(pd.DataFrame({"a": [50, 60, 70], "b": [40, 80, 90], "c": [30, 500, 600]}), 10)
    assert last.hidden == 0
    now = pd.DataFrame({"a": [3, 60, 70], "b": [40, 80, 90], "c": [30, 540, 660]})
    made = suppress(now, 10, last=last)
    values, hidden = made._full.to_numpy(), made.table.isna().to_numpy()
    told = hidden & (np.abs(values - last._full.to_numpy()) < 10)
    told[0, 0] = False
    low, high = _range_of((0, 0), values, hidden & ~told, "both")
    assert high - low >= 10


def test_last_months_partner_stays_hidden_while_it_would_tell() -> None:
    """A cell that hid a small one last month is not shown now at nearly the same value."""
    last = suppress(pd.DataFrame({"a": [3, 60, 70], "b": [40, 80, 90]}), 10)
    partners = last.complementary.to_numpy()
    made = suppress(pd.DataFrame({"a": [30, 60, 70], "b": [40, 80, 90]}), 10, last=last)
    still = np.abs(made._full.to_numpy() - last._full.to_numpy()) < 10
    assert made.table.isna().to_numpy()[partners & still].all()


def test_a_settled_table_is_shown_again() -> None:
    """Two months after the last small cell nothing stays hidden."""
    big = pd.DataFrame({"a": [30, 60, 70], "b": [40, 80, 90]})
    first = suppress(pd.DataFrame({"a": [3, 60, 70], "b": [40, 80, 90]}), 10)
    second = suppress(big, 10, last=first)
    assert suppress(big, 10, last=second).hidden == 0


def test_text_shows_a_star_and_no_value() -> None:
    """The printed table holds a star where a cell is hidden."""
    made = suppress(pd.DataFrame({"a": [3, 60, 70], "b": [1040, 80, 90]}), 10)
    assert made.text().loc[0, "a"] == "*"
    assert "3" not in set(made.text().to_numpy().ravel())


def test_counts_that_are_not_counts_are_refused() -> None:
    """Negative, missing and broken counts are faults."""
    for wrong in (-1, float("nan"), 1.5):
        with pytest.raises(Exception, match="whole numbers"):
            suppress(pd.DataFrame({"a": [wrong, 20.0], "b": [30.0, 40.0]}), 10)


def test_rates_need_three_safe_numbers() -> None:
    """A rate is shown only when its denominator, its numerator and the complement are not small."""
    assert suppressed_rate(10, 20, 10) is not None
    assert suppressed_rate(9, 20, 10) is None
    assert suppressed_rate(11, 20, 10) is None
    assert suppressed_rate(0, 9, 10) is None


def test_dominance_on_both_sides_of_the_line() -> None:
    """Two contributors may hold nine tenths of a sum, not more."""
    assert convention("dominance_share") * 1000 == 900
    assert not dominated([450, 450] + [10] * 10)
    assert dominated([451, 450] + [10] * 9 + [9])


# Pseudonyms ------------------------------------------------------------------------------------------------------


def test_pseudonym_joins_all_spellings_of_one_number() -> None:
    """Full width, blanks, small x and the old fifteen digits give one pseudonym."""
    key = bytes(range(32))
    spelled = {
        pseudonym(text, key, "p")
        for text in (IDENTITY, IDENTITY.lower(), f" {IDENTITY[:6]} {IDENTITY[6:]}", OLD_IDENTITY)
    }
    assert len(spelled) == 1
    assert IDENTITY not in spelled.pop()


def test_pseudonym_depends_on_key_and_purpose() -> None:
    """Another key or another purpose gives an unrelated pseudonym."""
    one, two = bytes(range(32)), bytes(range(1, 33))
    assert len({pseudonym(IDENTITY, one, "a"), pseudonym(IDENTITY, one, "b"), pseudonym(IDENTITY, two, "a")}) == 3


def test_key_must_be_long_and_outside_any_repository(tmp_path: Path) -> None:
    """A short key, a missing key and a key inside a repository are refused without being shown."""
    short = tmp_path / "short"
    short.write_bytes(b"abc")
    good = tmp_path / "key"
    good.write_bytes(bytes(range(32)))
    assert key_from(good) == bytes(range(32))
    with pytest.raises(PrivacyFault, match="too short"):
        key_from(short)
    (tmp_path / ".git").mkdir()
    with pytest.raises(PrivacyFault, match="inside a repository"):
        key_from(good)


def test_exact_numbers_of_a_kept_table_are_no_telephone_numbers() -> None:
    """A fraction in lowest terms and fen of a money column pass; a telephone number beside them, also two with a stroke between, does not."""
    numbers = ["1" + "38" + "12345677", "1" + "39" + "00000000"]
    kept = {
        "table": "candidates",
        "columns": ["fen_month", "area"],
        "cells": [[f"{numbers[0]}/2500", "urban"], [int(numbers[1]), "rural"]],
    }
    assert findings({"metadata": {"aidlib": kept}}) == []
    for cell in (numbers[0], f"{numbers[1]}/{numbers[1]}", f"{numbers[0]} / 2500"):
        assert findings({"metadata": {"aidlib": kept | {"cells": [["1", cell]]}}})
