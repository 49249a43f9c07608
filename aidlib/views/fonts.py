"""Chinese in every figure, on a machine without system fonts: Noto Sans SC (OFL) as `zhplot` carries it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aidlib.errors import ReportFault

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

# A name of its own, so that another Noto Sans SC of the machine cannot stand in and change a figure.
FAMILY = "aidlib Noto Sans SC"
INK, PALE = "#1c2733", "#d5dbe1"
# Okabe and Ito's colours, told apart by colour-blind readers; the pale yellow is left out because it fails on white.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#7b4fa3", "#56b4e9", "#e69f00", "#1c2733")
LAST_LATIN = "\u2000"
LARGEST_SVG = 300_000
MARGIN_INCHES = 0.08
LONG = re.compile(r"-?\d+\.\d{3,}")
PATH = re.compile(r'(?<= d=")[^"]+')
_GLYPH = r"Glyph .* missing from font"


@lru_cache(maxsize=1)
def file() -> Path:
    """Return the path of the font file."""
    found = find_spec("zhplot")
    folders = list(found.submodule_search_locations or ()) if found else []
    fonts = [path for folder in folders for path in Path(folder).glob("fonts/NotoSansSC*.ttf")]
    if not fonts:
        raise ReportFault("the Chinese font is missing", expected="NotoSansSC in zhplot", hint="pip install zhplot")
    return fonts[0]


def settings() -> dict[Any, Any]:
    """Return the matplotlib settings of every figure: font, colours, thin axes, glyphs as outlines, the same bytes each time."""
    from cycler import cycler

    return {
        "font.family": [FAMILY, "DejaVu Sans"],
        "font.size": 10,
        "axes.prop_cycle": cycler(color=COLOURS),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": PALE,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "figure.figsize": (7.2, 4.0),
        "figure.constrained_layout.use": True,
        "legend.frameon": False,
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "aidlib",
    }


@contextmanager
def settings_used() -> Iterator[None]:
    """Draw with the settings of our figures, and leave the user's own as they were.

    A notebook's backend turns `interactive` on with the first figure; put back, it would show no further one.
    """
    import matplotlib as mpl

    use()
    with mpl.rc_context(settings()):
        yield
        interactive = mpl.is_interactive()
    mpl.interactive(interactive)


def use() -> None:
    """Give matplotlib the Chinese font and the settings of our figures; calling it again changes nothing."""
    import matplotlib as mpl
    from matplotlib import font_manager

    if not any(font.name == FAMILY for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname=str(file()), name=FAMILY))
    mpl.rcParams.update(settings())


def picture(drawing: Drawing) -> bytes:
    """Write a figure and close it: SVG with its glyphs as outlines, or PNG where the SVG would be large; the same each time."""
    from matplotlib import pyplot as plt

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=_GLYPH)
        try:
            drawn = compact(_saved(drawing, "svg"))
            return drawn if len(drawn) <= LARGEST_SVG else _saved(drawing, "png")
        except UserWarning as fault:
            raise ReportFault(
                "a figure has a character without a glyph", got=str(fault), hint="call aidlib.views.fonts.use() first"
            ) from None
        finally:
            plt.close(drawing)


def _saved(drawing: Drawing, kind: str) -> bytes:
    import matplotlib as mpl

    buffer = io.BytesIO()
    bare = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    if layout := drawing.get_layout_engine():  # laid out here, once: `savefig` would draw everything twice for it
        layout.set(w_pad=MARGIN_INCHES, h_pad=MARGIN_INCHES)  # type: ignore[call-arg]
        layout.execute(drawing)
    kept = {key: value for key, value in settings().items() if key.startswith("svg.")}
    with mpl.rc_context(kept | {"figure.constrained_layout.use": False, "figure.autolayout": False}):
        drawing.set_layout_engine(None)
        drawing.savefig(buffer, format=kind, dpi=160, metadata=bare)
    return buffer.getvalue()


def compact(svg: bytes) -> bytes:
    """Write an SVG of matplotlib in three quarters of its size: five digits, no spaces between steps of a path or between tags.

    Its comments stay: they hold the words of the figure, which are drawn as outlines, for whoever looks for personal data.

    Examples
    --------
    >>> compact(b'<g>\\n <path d="M 0.123456789 5 \\nL 1 2 \\nz\\n"/>\\n</g>')
    b'<g><path d="M0.12346 5L1 2z"/></g>'
    """
    text = LONG.sub(lambda number: f"{float(number[0]):.5g}", svg.decode())
    text = PATH.sub(lambda path: re.sub(r"\s*([A-Za-z])\s*", r"\1", path[0]), text)
    return re.sub(r">\s+<", "><", text).encode()


def fontconfig(folder: Path) -> dict[str, str]:
    """Write a fontconfig file that adds the Chinese font to the system's, and return the environment that selects it.

    Browsers and WeasyPrint on Linux read it, so that a PDF made on a server without Chinese fonts is not full of empty boxes.
    """
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{file().parent}</dir><cachedir>{folder}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(config)}


def excerpt(text: str) -> bytes:
    """Return a WOFF font with just the Chinese characters of a text, to be carried inside a page.

    Examples
    --------
    >>> excerpt("低保")[:4]
    b'wOFF'
    """
    return _excerpt("".join(sorted({letter for letter in text if letter > LAST_LATIN})))


@lru_cache(maxsize=8)
def _excerpt(letters: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=[],
        hinting=False,
        name_IDs=[],
        drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"],
    )
    cut = subset.Subsetter(options)
    cut.populate(text=letters)
    with TTFont(file(), lazy=True, recalcTimestamp=False) as font:
        cut.subset(font)
        font.flavor = "woff"
        written = io.BytesIO()
        font.save(written)
    return written.getvalue()
