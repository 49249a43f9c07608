"""Published figures (`data/reference/`): by region, series and period, with status, source, vintage and error."""

from aidlib.indices.figures import Figures
from aidlib.indices.local import Local, local_figure
from aidlib.indices.releases import Release, release
from aidlib.indices.store import (
    FIGURE_COLUMNS,
    INDEX_BASE,
    SERIES_COLUMNS,
    SOURCE_COLUMNS,
    Figure,
    Publication,
    Series,
    faults,
)

__all__ = [
    "FIGURE_COLUMNS",
    "INDEX_BASE",
    "SERIES_COLUMNS",
    "SOURCE_COLUMNS",
    "Figure",
    "Figures",
    "Local",
    "Publication",
    "Release",
    "Series",
    "faults",
    "local_figure",
    "release",
]
