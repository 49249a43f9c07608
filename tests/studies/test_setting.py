"""Standards from a table by income group: what each method rests on, what it lacks, and households of a file or drawn."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from aidlib.errors import DataFault, DataGap, ParameterFault
from aidlib.indices import Figures
from aidlib.known import Missing
from aidlib.page.sentences import note_text
from aidlib.standards import Candidates
from aidlib.standards.eles import GroupTable, income_group_table
from aidlib.standards.levels import nearest_level
from aidlib.studies.households import COLUMNS, HouseholdLines, Households, household_lines, households, read


@pytest.fixture
def fujian() -> GroupTable:
    """Fujian's urban table of 2013."""
    return income_group_table("350000", "urban", 2013)


def test_a_year_without_a_table_is_refused() -> None:
    """The error names the tables of the place, and of every place where it has none."""
    for region, known in (("350000", "here: rural 2002, urban 2013"), ("650000", "420100 urban 2008")):
        with pytest.raises(DataGap, match=known):
            income_group_table(region, "urban", "2015")


def test_candidates_carry_the_share_they_used(fujian: GroupTable) -> None:
    """Engel rows name their share, a smaller share gives a higher line; relative lines rise with theirs."""
    engel = {one.method: one.fen_month for one in fujian.engel()}
    assert engel["engel:50%"] > engel["engel:60%"]
    lines = fujian.relative_lines(Figures())
    assert [one.method for one in lines] == ["relative_line:40%", "relative_line:50%", "relative_line:60%"]
    assert lines[0].fen_month * 3 == lines[2].fen_month * 2


def test_the_food_line_given_is_the_one_the_engel_method_uses(fujian: GroupTable) -> None:
    """A food line of 300 over a half is 600; with the lowest group's own share its own food is its whole consumption."""
    plain, given = ({one.method: one.fen_month for one in fujian.engel(line)} for line in ("", "300"))
    assert given["engel:50%"] == 60000
    assert plain["engel:47%"] == Fraction(11234_00, 12)
    assert given["engel:47%"] == Fraction(300, 5239) * 11234 * 100
    for wrong in ("abc", "0", "-3"):
        with pytest.raises(ParameterFault, match="food_line_yuan"):
            fujian.engel(wrong)


def test_a_table_without_classes_lacks_a_food_line() -> None:
    """Wuhan's table of 2008 has no classes: the Engel method and household lines say what they lack, the median too."""
    table = income_group_table("420100", "urban", 2008)
    found = Candidates(table.eles().candidate(), table.engel(), table.relative_lines(Figures())).compared()
    assert {(one.what, one.method) for one in found.missing} == {
        ("food_line", "engel"),
        ("income_median", "relative_line"),
    }
    lines = household_lines(households("", table), table.food_line())
    assert [one.what for one in lines.missing] == ["household_microdata", "food_line"]
    assert lines.to_frame().empty


def test_the_nearest_level_is_that_of_the_year_after() -> None:
    """The year after comes first, then the year itself; nothing within three years is missing, never borrowed from afar."""
    assert nearest_level("450400", "urban", 2018).year == 2019
    assert nearest_level("450400", "urban", 2019).year == 2019
    assert nearest_level("450400", "total", 2019) == Missing("level_near", "total", 2019, place="450400")


def test_all_consumption_stands_below_its_classes(fujian: GroupTable) -> None:
    """The last row is the whole, its basic need and coefficients the sum of the classes but for rounding in the table."""
    frame = fujian.eles().to_frame()
    for column, error in (("eles_basic", 5), ("eles_alpha", 5), ("eles_beta", 0.001)):
        assert frame[column].iloc[-1] == pytest.approx(frame[column].iloc[:-1].sum(), abs=error)
    assert "&lt;0.001" in fujian.eles()._repr_html_()


def test_an_estimate_carries_its_equation(fujian: GroupTable) -> None:
    """The formula of the candidate gives the candidate."""
    one = fujian.eles().candidate()
    a, b = one.formula.replace(",", "").split(" ÷ (1 − ")
    assert float(a) / (1 - float(b.split(")")[0])) / 12 * 100 == pytest.approx(float(one.fen_month), abs=20)


def test_warnings_name_groups_and_classes_in_words() -> None:
    """No code stands in a warning, in either language, for any table there is."""
    from aidlib.standards.eles import tables

    for place, area, year in tables(Figures()):
        for note in income_group_table(place, area, year).eles().notes:
            for language in ("zh", "en"):
                assert "_" not in note_text(note, language)


def test_a_basic_needs_line_nobody_lives_near_is_told() -> None:
    """Sanming's food share does not fall with spending and nobody spends as little as the food line: both are said."""
    table = income_group_table("350400", "rural", 2022)
    lines = household_lines(households("", table), table.food_line())
    codes = {note.code for one in lines.found for note in one.notes}
    assert {"food_share_does_not_fall", "no_household_near_lower_line"} <= codes
    assert "no_household_near_upper_line" not in codes


def spelled(sample: Households, path: Path, **options: str) -> str:
    """Write households as a file with Chinese headings."""
    sample.rows.rename(columns={name: zh for name, (zh, _) in COLUMNS.items()}).to_csv(path, index=False, **options)
    return str(path)


def test_households_come_from_a_file_or_are_marked_synthetic(fujian: GroupTable, tmp_path: Path) -> None:
    """Lines of a drawn sample are synthetic, those of the same households in a file estimated; a column that lacks is named."""
    drawn = households("", fujian, seed=1)
    line = fujian.food_line()
    first = household_lines(drawn, line)
    assert set(first.to_frame()["fen_month_status"]) == {"synthetic"}
    assert first.found[0].fen_month < first.found[1].fen_month
    own = household_lines(households(spelled(drawn, tmp_path / "own.csv"), fujian), line)
    assert [one.fen_month for one in own.found] == pytest.approx([one.fen_month for one in first.found])
    assert set(own.to_frame()["fen_month_status"]) == {"estimated"}
    drawn.rows[["food"]].to_csv(tmp_path / "short.csv", index=False)
    with pytest.raises(DataFault, match="members"):
        read(str(tmp_path / "short.csv"))


def test_a_file_as_spreadsheets_write_it_is_read_and_a_word_is_found(fujian: GroupTable, tmp_path: Path) -> None:
    """GB 18030 is read; a word and a hole are told by file, column and row but not shown; too few households and an empty file are told."""
    drawn = households("", fujian)
    path = spelled(drawn, tmp_path / "own.csv", encoding="gb18030")
    assert read(path)["food"].tolist() == pytest.approx(drawn.rows["food"].tolist())
    holes = Households(drawn.rows.astype(object), "estimated")
    holes.rows.iloc[0, 1], holes.rows.iloc[3, 0] = None, "many"
    with pytest.raises(DataFault, match="a number in row 5") as caught:
        read(spelled(holes, tmp_path / "own.csv"))
    assert "row 2" in str(caught.value)
    assert "many" not in str(caught.value)
    with pytest.raises(DataFault, match=r"too few households.*30 or more; got '29'"):
        read(spelled(Households(drawn.rows.head(29), "estimated"), tmp_path / "own.csv"))
    (tmp_path / "none.csv").touch()
    with pytest.raises(DataFault, match="empty"):
        read(str(tmp_path / "none.csv"))


def test_households_all_alike_leave_out_one_method_only(fujian: GroupTable) -> None:
    """Couples without children tell nothing of a family of three: no line is made up, the other methods stand."""
    drawn = households("", fujian)
    alike = Households(drawn.rows.assign(members=2, children=0, elderly=0), "estimated")
    found: HouseholdLines = household_lines(alike, fujian.food_line())
    assert not any(one.method.startswith("quantile") for one in found.found)
    assert len(found.found) == 4
    assert [one.what for one in found.missing] == ["households_told_apart"]
