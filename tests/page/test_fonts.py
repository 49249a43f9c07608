"""Chinese in figures without any system font, the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from aidlib.errors import ReportFault
from aidlib.views import fonts
from aidlib.views import tiles as tile_map

TEXT = "梧州市价格补贴：低保、特困（元／人·月）≥ ≤ × − – — ％ ① “引号” 《办法》〔2016〕"


@pytest.fixture
def drawing():
    fonts.use()
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.set_title(TEXT)
    axes.plot([-1, 2], label="居民消费价格")
    axes.legend()
    return figure


def test_font_comes_with_its_licence():
    """The font is a dependency's file under the Open Font License."""
    assert "Open Font License" in fonts.file().with_name("OFL.txt").read_text(encoding="utf-8")


def test_chinese_has_glyphs_in_a_fresh_process_without_a_home(tmp_path):
    """In a process with an empty font cache and no settings, Chinese text is drawn from our font without a warning."""
    code = (
        "from aidlib.views import fonts; fonts.use()\n"
        "from matplotlib import pyplot as plt, font_manager\n"
        "assert font_manager.findfont(fonts.FAMILY) == str(fonts.file())\n"
        f"f, a = plt.subplots(); a.set_title({TEXT!r}); print(len(fonts.picture(f)))"
    )
    environment = {"MPLCONFIGDIR": str(tmp_path), "MPLBACKEND": "agg", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10_000


def test_glyphs_are_outlines_not_text(drawing):
    """A reader's machine needs no font for the figure."""
    picture = fonts.picture(drawing)
    assert b"<text" not in picture
    assert b"<path" in picture


def test_same_figure_gives_the_same_bytes(drawing):
    """No date and no random id: a report that is made again is the same file."""
    assert fonts.picture(drawing) == fonts.picture(drawing)


def test_character_without_a_glyph_is_an_error(drawing):
    """An empty box in a figure would say something false."""
    drawing.axes[0].set_xlabel("\U00020bb7")
    with pytest.raises(ReportFault, match="without a glyph"):
        fonts.picture(drawing)


def test_large_drawing_becomes_a_picture_of_points(drawing, monkeypatch):
    """A scatter of many points would make the page heavy; it becomes a PNG."""
    monkeypatch.setattr(fonts, "LARGEST_SVG", 10)
    assert fonts.picture(drawing).startswith(b"\x89PNG")


def test_grid_holds_each_province_once_without_overlap():
    """The 31 provinces each have a tile of their own."""
    from aidlib.regions import provinces

    tiles = tile_map.tiles()
    assert {tile.region for tile in tiles} == {place.code for place in provinces()}
    assert len({(tile.row, tile.column) for tile in tiles}) == len({tile.short for tile in tiles}) == len(tiles)


def test_neighbours_on_the_grid_keep_their_order():
    """North stays above south and west left of east where it matters to a reader."""
    at = {tile.short: tile for tile in tile_map.tiles()}
    assert all(at[north].row < at[south].row for north, south in pairwise("黑京豫鄂湘粤琼"))
    assert all(at[west].column < at[east].column for west, east in pairwise("藏川渝鄂皖浙沪"))


def test_map_of_numbers_shows_missing_as_missing():
    """A province without a number gets a dash, not a colour."""
    from matplotlib import pyplot as plt

    fonts.use()
    figure, axes = plt.subplots()
    tile_map.draw({"450000": 12.0}, "元", axes)
    words = [text.get_text() for text in axes.texts]
    assert words.count("12") == 1
    assert words.count("—") == 30
    assert fonts.picture(figure)
