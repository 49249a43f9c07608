"""What a result can do: give itself as a frame, show itself in a notebook, draw itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

from aidlib import words

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

    def _shown(self, rows: int) -> tuple[pd.DataFrame, int]:
        """What a reader sees of the first rows, and how many there are; `to_frame`, where a class lays out no shorter table."""
        frame = self.to_frame()
        return frame.head(rows), len(frame)

    def __repr__(self) -> str:
        return repr(self.to_frame())

    def _repr_html_(self) -> str:
        tables = import_module(TABLES)
        return tables.frame_html(*self._shown(tables.MOST_ROWS))  # type: ignore[no-any-return]


class Frame(Result):
    """A result that is a frame and has no picture; it shows itself in the language of its labels, where it has one."""

    def __init__(self, frame: pd.DataFrame, language: str = "") -> None:
        self._frame, self._language = frame, language

    def to_frame(self) -> pd.DataFrame:
        """The frame."""
        return self._frame

    def _repr_html_(self) -> str:
        with words.speaking(self._language or words.language()):
            return super()._repr_html_()
