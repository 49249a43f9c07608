"""Broken and hostile files end in one sentence, with bounded work and memory; what can be read is read whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hostile_files import LINKS, MAIN, PERSONS, ROWS, measured, packed, row, sheet, workbook

from aidlib.additions import read
from aidlib.errors import AidError, RegisterFault
from aidlib.register import workbooks
from aidlib.register.checks import check
from aidlib.register.files import read_grids
from aidlib.register.grids import Limits
from aidlib.register.reading import read_register

FAR = [
    '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    '<row r="1048576"><c r="H1048576" s="1"/></row>',
    '<row r="1048576"><c r="A1048576" t="inlineStr"><is/></c></row>',
    "".join(f'<row r="{n}"><c r="ZZ{n}" s="1"/></row>' for n in range(1000, 40_000)),
]
EDGES = ["A2:XFD1048576", "A1:XFD1 A2:A1048576", " ".join(f"A{n}:XFD{n + 1}" for n in range(2, 20_000, 2))]
ON = date(2026, 11, 1)
MEMORY = 500  # megabytes, of which the interpreter and its libraries take about a hundred
ONE_ROW = row(1, ("家庭编号", "人员编号"))


@pytest.mark.parametrize("stated", ["", "A1", "A1:F2", "A1:XFD1048576", "B7:A1", "!!"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, stated: str) -> None:
    """Three months are three lines whatever the sheet states."""
    assert len(read(workbook(tmp_path / "a.xlsx", sheet(ROWS, dimension=stated))).lines) == 3


@pytest.mark.parametrize("more", FAR)
def test_a_far_cell_costs_nothing(tmp_path: Path, more: str) -> None:
    """A value or a coloured empty cell at the edge adds at most one row and one column to what is kept."""
    [grid] = read_grids(workbook(tmp_path / "a.xlsx", sheet(PERSONS, more)))
    assert grid.cells.height <= 3
    assert grid.cells.width <= 5
    assert grid.cells.row(1) == (2, *PERSONS[1], *((None,) * (grid.cells.width - 4)))


@pytest.mark.parametrize("merges", EDGES)
def test_a_merge_to_the_edge_is_cut_to_what_is_filled(tmp_path: Path, merges: str) -> None:
    """Merged areas are kept as far as the sheet reaches, also where they overlap."""
    [grid] = read_grids(workbook(tmp_path / "a.xlsx", sheet(PERSONS, merges=merges)))
    assert all(bottom <= 2 and right <= 3 for _, _, bottom, right in grid.merged)


def test_too_many_merges_are_refused_by_their_limit(tmp_path: Path) -> None:
    """The message names the limit."""
    path = workbook(tmp_path / "a.xlsx", sheet(PERSONS, merges=EDGES[2]))
    with pytest.raises(RegisterFault, match="too many merged areas; expected at most merged=100"):
        read_grids(path, limits=Limits(merged=100))


def test_a_far_cell_of_an_old_workbook_is_refused_before_it_is_filled_in() -> None:
    """Two cells in opposite corners of an .xls would fill sixteen million places in memory."""
    path = Path(__file__).parent / "far_cell.xls"
    what, megabytes, _ = measured(
        f"from pathlib import Path; from aidlib.register.files import read_grids; read_grids(Path({str(path)!r}))"
    )
    assert "2 cells strewn over 65536 rows by 256 columns; expected at most spread=20" in what
    assert megabytes < MEMORY


@pytest.mark.parametrize(
    "reader", ["aidlib.register.reading import read_register as read", "aidlib.additions import read"]
)
def test_a_packed_workbook_is_unfolded_no_further_than_its_limit(tmp_path: Path, reader: str) -> None:
    """A workbook of a few hundred kilobytes that unfolds to two hundred megabytes is refused in a sentence."""
    path = packed(tmp_path / "a.xlsx", 200)
    what, megabytes, _ = measured(f"from pathlib import Path; from {reader}; read(Path({str(path)!r}))")
    assert "packed more tightly than any honest one; expected at most fold=100" in what
    assert megabytes < MEMORY


def test_a_part_read_a_thousand_times_is_counted_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets that all name one part would unfold it again and again: no more is unfolded than twenty megabytes and a hundredfold."""
    sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 1001))
    many = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{sheets}</sheets></workbook>'
    path, found = workbook(tmp_path / "a.xlsx", sheet(PERSONS * 300), **{"xl/workbook.xml": many}), []
    chunks = workbooks._Package.chunks
    monkeypatch.setattr(
        workbooks._Package, "chunks", lambda self, part: (found.append(len(c)) or c for c in chunks(self, part))
    )
    with pytest.raises(RegisterFault, match="fold=100"):
        read_grids(path)
    assert 1_000_000 < sum(found) <= 20_000_000 + 100 * path.stat().st_size


def test_many_cells_are_refused_by_their_limit(tmp_path: Path) -> None:
    """Cells are counted as they stream by, not after all are kept."""
    with pytest.raises(RegisterFault, match="too many cells; expected at most cells=5"):
        read_grids(workbook(tmp_path / "a.xlsx", sheet(PERSONS)), limits=Limits(cells=5))


def test_cells_strewn_over_a_sheet_are_refused(tmp_path: Path) -> None:
    """Two thousand cells on a diagonal would need four million places."""
    places = ((n, f"{chr(65 + n // 676 % 26)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}") for n in range(1, 2001))
    more = "".join(f'<row r="{n}"><c r="{column}{n}"><v>1</v></c></row>' for n, column in places)
    with pytest.raises(RegisterFault, match="strewn over"):
        read_grids(workbook(tmp_path / "a.xlsx", sheet([], more)))


BROKEN: dict[str, tuple[str, str]] = {
    "breaks off": (f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"', "the workbook is broken"),
    "no reference": (sheet(PERSONS, '<row r="3"><c r="!!"><v>1</v></c></row>'), "a reference that is no cell"),
    "beyond the sheet": (sheet(PERSONS, '<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), "outside any sheet"),
    "row of letters": (sheet(PERSONS, '<row r="x"><c r="A3"><v>1</v></c></row>'), "not a workbook Excel can read"),
    "a text it lacks": (sheet(PERSONS, '<row r="3"><c r="A3" t="s"><v>7</v></c></row>'), "a text the workbook lacks"),
    "a merge of nothing": (sheet(PERSONS, merges="A1:??"), "a reference that is no cell"),
    "a document type": ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + sheet(PERSONS), "a document type inside a workbook"),
    "an endless text": (sheet([("家庭编号", "x" * 40_000)]), "more than any spreadsheet can"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_workbook_is_one_sentence(tmp_path: Path, kind: str) -> None:
    """Register and figures say the same of it, and name the sheet or the part."""
    xml, said = BROKEN[kind]
    path = workbook(tmp_path / "a.xlsx", xml)
    for reader in (lambda: read_register(path), lambda: read(path)):
        with pytest.raises(AidError, match=said) as caught:
            reader()
        assert len(caught.value.faults) == 1
        assert "a.xlsx" in str(caught.value)


@pytest.mark.parametrize(("cell", "text"), [
    ('t="d"><v>not-a-date</v>', "not-a-date"), ('s="1"><v>1e300</v>', "1e+300"), ('s="1"><v>-5</v>', "-5"), ("><v>NaN</v>", "NaN"),
    ('s="1"><v>46326</v>', "2026-10-31"), ('s="3"><v>46296</v>', "2026-10-01"), ('s="2"><v>0.023</v>', "2.3%"), ('t="e"><v>#REF!</v>', "#REF!"),
    ('t="b"><v>1</v>', "true"), ("><v>0.30000000000000004</v>", "0.3"), ("><v>123456789012345678</v>", "1.23456789012346e+17"),
    (f"><v>{'9' * 5000}</v>", "9" * 5000), ("><f>1+1</f>", None), ('s="99"><v>7</v>', "7"),
])  # fmt: skip
def test_a_cell_is_what_a_reader_sees_of_it(tmp_path: Path, cell: str, text: str | None) -> None:
    """Days, percent, errors and numbers of fifteen digits; what is none of them stays as it was written."""
    [grid] = read_grids(
        workbook(
            tmp_path / "a.xlsx", sheet([("甲", "乙")], f'<row r="2"><c r="A2" {cell}</c><c r="B2"><v>1</v></c></row>')
        )
    )
    assert dict(grid.rows())[2].get(1) == text


def _lying(path: Path) -> None:
    """Change the stated size of a part inside the package."""
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: at + 24] + (7).to_bytes(4, "little") + content[at + 28 :])


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(path.read_bytes()[:400]), lambda path: path.write_bytes(b"PK\x03\x04" + bytes(500)), _lying,
    lambda path: path.write_bytes(path.read_bytes().replace(b"xl/workbook.xml", b"xl/w0rkbook.xml")),
])  # fmt: skip
def test_a_damaged_package_is_one_sentence(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    """Cut short, empty inside, with a size that is not its own, or without its workbook."""
    path = workbook(tmp_path / "a.xlsx", sheet(PERSONS))
    spoil(path)
    with pytest.raises(
        RegisterFault, match=r"not a workbook Excel can read|the workbook is broken|no sheet has any cell"
    ):
        read_grids(path)


def test_a_page_under_a_workbooks_name_says_so(tmp_path: Path) -> None:
    """Many systems export a web page and call it .xls."""
    path = tmp_path / "台账.xls"
    path.write_bytes("<html><table><tr><td>家庭编号</td></tr></table></html>".encode("gb18030"))
    with pytest.raises(RegisterFault, match=r"not a workbook but a page under its name.*save it as xlsx"):
        read_grids(path)


def test_a_line_of_two_hundred_megabytes_is_refused_at_its_first(tmp_path: Path) -> None:
    """Not even the line is read to its end."""
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        out.write("家庭编号,人员编号\n".encode())
        out.truncate(200_000_000)
    what, megabytes, _ = measured(f"from aidlib.register.reading import read_register; read_register({str(path)!r})")
    assert "a.csv, row 2: a line too long to be one row; expected at most line_bytes=1000000" in what
    assert megabytes < MEMORY


HOMES = "H{0},450403,{1},1200,是\n"
TITLE = "家庭编号,区划代码,城乡类别,家庭月收入(元),财产是否符合规定\n"


@pytest.mark.parametrize("first", ["utf-8", "gb18030"])
def test_two_encodings_in_one_file_are_refused(tmp_path: Path, first: str) -> None:
    """Rows of one encoding after rows of another are told by row, never read as nonsense above the headings."""
    second = {"utf-8": "gb18030", "gb18030": "utf-8"}[first]
    path = tmp_path / "a.csv"
    path.write_bytes(
        (HOMES.format(1, "城镇") + HOMES.format(2, "农村")).encode(first)
        + (TITLE + HOMES.format(3, "城镇")).encode(second)
    )
    with pytest.raises(RegisterFault, match=r"two encodings in one file.*UTF-8 in row \d, another in row \d"):
        read_register(path)


def test_no_record_vanishes_above_the_headings(tmp_path: Path) -> None:
    """Rows as full as records that stand above the headings are counted and rejected for that reason; titles are only noted."""
    path = tmp_path / "a.csv"
    path.write_text("某县台账,,,,\n" + HOMES.format(1, "城镇") + TITLE + HOMES.format(2, "城镇"), encoding="utf-8")
    reading = read_register(path)
    checked = check(None, reading, ON)
    assert checked.counts.row(0) == ("households", 2, 1, 1)
    assert [(flaw.row, flaw.code) for flaw in checked.faults] == [(2, "R-ROW-ABOVE")]
    assert "1 rows stand above the headings" in reading.notes


def test_duplicated_headings_over_empty_columns_are_an_answer(tmp_path: Path) -> None:
    """Two columns of one heading and a table without a household number: all rows rejected, none lost, no traceback."""
    homes, people = tmp_path / "h.csv", tmp_path / "p.csv"
    homes.write_text("家庭年收入(元),家庭年收入(元)\n,1\n,1\n", encoding="utf-8")
    people.write_text("家庭编号,出生日期\n,1\n", encoding="utf-8")
    both = read_register(people, table="persons", money="元"), read_register(homes, table="households", money="元")
    checked = check(*both, ON)
    assert [frame.height for frame in checked.good(allow_rejects=True).values()] == [0, 0]
    assert checked.counts["rejected"].to_list() == [1, 2]


@pytest.mark.parametrize(
    "text", ["-" * 5000 + "5", "(" * 5000 + "5" + ")" * 5000, "9" * 5000, "--5", "((5))", "- 5", "1e999999"]
)
def test_monstrous_numbers_are_faults_of_their_cell(tmp_path: Path, text: str) -> None:
    """Minus signs without end, brackets within brackets and five thousand digits are told like any other wrong count."""
    path = tmp_path / "a.csv"
    path.write_text(TITLE.strip() + ",家庭人口\n" + HOMES.format(1, "城镇").strip() + f",{text}\n", encoding="utf-8")
    checked = check(None, read_register(path), ON)
    assert [flaw.code for flaw in checked.faults] == ["R-COUNT-TEXT"]
    assert all(len(flaw.got) < 100 for flaw in checked.faults)


def test_a_parquet_of_endless_rows_is_refused_by_its_footer(tmp_path: Path) -> None:
    """Runs of one value pack a hundred million rows into a few kilobytes."""
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {"household_id": pl.repeat(1, 3_000_000, eager=True), "region_code": pl.repeat("450403", 3_000_000, eager=True)}
    ).write_parquet(path)
    with pytest.raises(RegisterFault, match="too many cells; expected at most cells=1000000"):
        read_grids(path, limits=Limits(cells=1_000_000))
