"""What a result can do: give itself as a frame, show itself in a notebook, draw itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

VIEWS, TABLES = "aidlib.views", "aidlib.page.tables"


class Result(ABC):
    """Base of the results of the public face. A class of its own gives `to_frame`; how it is drawn stands in `aidlib.views` and
    how it is shown in `aidlib.page.tables`, looked up by name as pandas looks up its plotting: arithmetic imports neither.
    """

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the result as a frame of codes and exact numbers, statuses beside them."""

    def plot(self, ax: Axes | None = None, **options: Any) -> Axes:
        """Draw the result.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where; left out, on axes of its own.
        **options
            What the drawing of this kind of result takes (`help(aidlib.views)`).

        Returns
        -------
        matplotlib.axes.Axes
        """
        return import_module(VIEWS).draw(self, ax, **options)  # type: ignore[no-any-return]

    def _repr_html_(self) -> str:
        return import_module(TABLES).frame_html(self.to_frame())  # type: ignore[no-any-return]


class Frame(Result):
    """A result that is a frame and has no picture."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def to_frame(self) -> pd.DataFrame:
        """The frame."""
        return self._frame

    def __repr__(self) -> str:
        return repr(self._frame)
