"""What a figure draws: the words and the numbers of its axes, noted when it is written out, without laying it out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from matplotlib import collections, patches, text, ticker
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

DIGITS = 10
MOST_POINTS = 64
EMPTY = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


@contextmanager
def noted(take: Callable[[list[dict[str, Any]]], None]) -> Iterator[None]:
    """Note what each figure draws when it is written; it is not laid out, and an empty picture is written in its place."""

    def note(canvas: FigureCanvasBase, filename: Any, *_: Any, **__: Any) -> None:
        take(series(canvas.figure))
        filename.write(EMPTY) if hasattr(filename, "write") else Path(filename).write_bytes(EMPTY)

    with (
        mock.patch.object(FigureCanvasBase, "print_figure", note),
        mock.patch.object(ConstrainedLayoutEngine, "execute"),
    ):
        yield


def series(figure: Figure) -> list[dict[str, Any]]:
    """List the words of each axes, then its lines, points, areas and bars with their numbers."""
    found = []
    for at, axes in enumerate(figure.axes):
        found.append({"axes": at, "words": _words(axes)})
        found += [{"axes": at, **one} for one in _artists(axes)]
    if said := [one.get_text() for one in figure.texts if one.get_text()]:
        found.append({"axes": "figure", "words": said})
    return found


def _words(axes: Axes) -> list[str]:
    said = [axes.get_title(), axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel()]
    for axis in (axes.xaxis, axes.yaxis):
        form = axis.get_major_formatter()
        said += list(form.seq) if isinstance(form, ticker.FixedFormatter) else []
        said += list(getattr(form, "_units", {}))
    said += [one.get_text() for one in axes.texts]
    said += [one.get_text() for one in legend.get_texts()] if (legend := axes.get_legend()) else []
    return [word.replace("\n", " ") for word in map(str, said) if word.strip()]


def _artists(axes: Axes) -> Iterator[dict[str, Any]]:
    """Lines, points and areas each, bars that follow each other as one."""
    found: list[tuple[str, str, list[float], list[float]]] = []
    for one in axes.get_children():
        if one is axes.patch or isinstance(one, text.Text):
            continue
        label = str(one.get_label())
        for kind, xs, ys in _numbers(one):
            named = (kind, "" if label.startswith("_") else label)
            if found and kind == "bars" and found[-1][:2] == named:
                found[-1][2].extend(xs)
                found[-1][3].extend(ys)
            elif len(xs):
                found.append((*named, list(xs), list(ys)))
    for kind, label, xs, ys in found:
        yield {kind: label, "x": _rounded(xs), "y": _rounded(ys)}


def _numbers(one: Any) -> Iterator[tuple[str, Any, Any]]:
    if hasattr(one, "get_xydata"):
        yield "line", *np.asarray(one.get_xydata(), dtype=float).T
    elif isinstance(one, patches.Rectangle):
        yield "bars", [one.get_x(), one.get_x() + one.get_width()], [one.get_y(), one.get_y() + one.get_height()]
    elif isinstance(one, patches.Polygon):
        yield "area", *one.get_xy().T
    elif isinstance(one, collections.PathCollection):
        yield "points", *np.ma.filled(np.ma.asarray(one.get_offsets(), dtype=float), np.nan).T
    elif isinstance(one, collections.Collection) and len(one.get_paths()):
        yield "shapes", *np.vstack([path.vertices for path in one.get_paths()]).T


def _rounded(values: Any) -> Any:
    """Ten digits of the largest, steps and repeats in short; a long series as its number, moments and every so many-th point."""
    numbers = np.asarray(values, dtype=float)
    finite = np.abs(numbers[np.isfinite(numbers)])
    largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    places = DIGITS - 1 - math.floor(math.log10(largest))
    told = [_plain(round(float(n), places)) for n in numbers]
    if len(told) > 2 and len(set(told)) == 1:
        return f"{told[0]} × {len(told)}"
    if len(told) > 2 and all(isinstance(n, int) for n in told) and told == list(range(told[0], told[0] + len(told))):
        return f"{told[0]}..{told[-1]}"
    if len(told) > MOST_POINTS:
        moments = [float(np.nansum(numbers)), float(np.nansum(numbers**2))]
        step = -(-len(told) // (MOST_POINTS // 4))
        return [len(told), *(_plain(float(f"{one:.{DIGITS}g}")) for one in moments), *told[::step], told[-1]]
    return told


def _plain(number: float) -> int | float | None:
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
