"""The guard: every text of a document that is about to leave is looked at, hidden parts and file names included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from aidlib.disclosure.detect import Finding, folded, redact, spans
from aidlib.disclosure.pieces import Piece, file_pieces, frame_pieces, text_pieces, tree_pieces
from aidlib.errors import Fault, PrivacyFault

HINT = "drop the column, mask the cell, or publish counts only"


def guard(document: Any, where: str = "") -> None:
    """Refuse a document that holds personal data.

    Parameters
    ----------
    document : str, Path, dict, pandas or Polars frame, BaseException, or a list of these
        Text, HTML or SVG; a file or folder (HTML, Markdown, CSV, notebook, workbook, Word file, picture, log); a notebook as a
        dict; a table; an error with its whole traceback.
    where : str
        Name of the document for the message.

    Raises
    ------
    PrivacyFault
        Names, identity numbers, mobile numbers, bank cards or door numbers were found: every place, never a value.

    Notes
    -----
    Out of reach: text drawn in pixels or as glyph numbers (scans, most PDF files), numbers written out in words, names without
    a label or heading, encrypted files.

    Examples
    --------
    >>> guard("梧州市 2026-10: 1,204 户, 612,300.00 元")
    """
    if found := findings(document, where):
        raise PrivacyFault([Fault(f"{one.kind} was about to leave", one.place, hint=HINT) for one in found])


def findings(document: Any, where: str = "") -> list[Finding]:
    """List what `guard` would refuse, in order, each kind and place once.

    Examples
    --------
    >>> [str(one) for one in findings("0" * 6 + "19900101" + "0019", "a log")]
    ['identity number at a log: line 1']
    """
    return list(dict.fromkeys(one for piece in _pieces(document, where) for one in _found(piece)))


def _found(piece: Piece) -> Iterator[Finding]:
    text = folded(piece.text)
    for span in spans(text):
        line = f"{piece.counted} {text.count(chr(10), 0, span.start) + 1}" if piece.counted else ""
        yield Finding(span.kind, redact(": ".join(filter(None, (piece.where, line)))))


def _pieces(document: Any, where: str) -> Iterable[Piece]:
    if isinstance(document, str):
        return text_pieces(document, where)
    if isinstance(document, Path):
        return file_pieces(document)
    if isinstance(document, dict):
        return tree_pieces(document, where)
    if isinstance(document, BaseException):
        return text_pieces(_trace(document), where or "traceback")
    if isinstance(document, (list, tuple)):
        return (piece for number, part in enumerate(document, 1) for piece in _pieces(part, f"{where}[{number}]"))
    return frame_pieces(document, where)


def _trace(error: BaseException) -> str:
    import traceback

    return "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
