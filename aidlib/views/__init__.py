"""How results look: drawings on axes, `ax` in and `ax` out, shared by pages and researchers."""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw", "drawing", "size"]

HEIGHT_INCHES = 4.0


def draw(result: Any, ax: Axes | None = None, **options: Any) -> Any:
    """Draw a result where `ax` says, or on axes of its own that carry a Chinese font.

    Raises
    ------
    TypeError
        This kind of result has no picture.
    """
    from aidlib.views import fonts

    _learn(result)
    with fonts.settings_used():
        return drawing(result, _axes(result) if ax is None else ax, **options)


def size(result: Any) -> tuple[int, float]:
    """Return how many panels side by side a result fills, none where it has nothing to draw, and how high they are in inches."""
    _learn(result)
    return sizing(result)


@singledispatch
def sizing(result: Any) -> tuple[int, float]:
    """Panels and height of one kind of result, registered beside its drawing; one panel where nobody says otherwise."""
    return 1, HEIGHT_INCHES


def _learn(result: Any) -> None:
    """Import the drawings of the room a result comes from."""
    _, _, room = type(result).__module__.partition("aidlib.")
    if room and find_spec(own := f"aidlib.views.{room.partition('.')[0]}"):
        import_module(own)


def _axes(result: Any) -> Any:
    from matplotlib import pyplot as plt

    panels, height = size(result)
    axes = plt.subplots(1, max(panels, 1), figsize=(7.2 if panels < 2 else 9, height), squeeze=False)[1][0]
    return axes if panels > 1 else axes[0]


@singledispatch
def drawing(result: Any, ax: Axes, **options: Any) -> Any:
    """Draw one kind of result; the kinds of a room of arithmetic are registered in the module here that has its name."""
    raise TypeError(f"a {type(result).__name__} has no picture; its numbers are in .to_frame()")
