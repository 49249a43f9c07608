"""Every text of a table: column names, labels, attributes and cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aidlib.disclosure.detect import words
from aidlib.disclosure.markup import Piece
from aidlib.errors import PrivacyFault

MONEY_WORDS = ("_fen", "_yuan", "元", "(分)", "（分）")


def frame_pieces(frame: Any, where: str) -> Iterator[Piece]:
    """Yield the pieces of a pandas or Polars frame or series, an array or a plain list of values.

    Numbers in a column whose name says money carry their unit, so that eleven digits of fen are no mobile number.

    Examples
    --------
    >>> import polars as pl
    >>> [piece.text for piece in frame_pieces(pl.DataFrame({"cost_fen": [5]}), "t")][-1]
    '5 fen'
    """
    if not hasattr(frame, "columns"):
        frame = _framed(frame)
    yield Piece(f"{where}: attributes", str(getattr(frame, "attrs", "") or ""))
    if hasattr(frame, "index"):
        frame = frame.reset_index(names=_index_names(frame))
    for name in frame.columns:
        yield Piece(f"{where}: a column name", str(name))
        yield Piece(f"{where}: column {name}", _column_text(str(name), frame[name]), "row")


def unit(heading: str) -> str:
    """Return the unit of the numbers below a heading that says money, or nothing.

    Examples
    --------
    >>> unit("cost_fen"), unit("分组")
    (' fen', '')
    """
    return " fen" if any(word in heading for word in MONEY_WORDS) else ""


def _framed(values: Any) -> Any:
    if not hasattr(values, "to_frame"):
        raise PrivacyFault(
            "the guard cannot look into this", expected="text, Path, dict, frame or list", got=type(values).__name__
        )
    return values.to_frame()


def _index_names(frame: Any) -> list[str]:
    names = frame.index.names
    return [str(name) if name is not None else f"index {level}" for level, name in enumerate(names)]


def _column_text(name: str, column: Any) -> str:
    before = f"{name}: " if name in words("name_label") else ""
    after = unit(name)
    return "\n".join(f"{before}{value}{after}".replace("\n", " ") for value in column.to_list())
