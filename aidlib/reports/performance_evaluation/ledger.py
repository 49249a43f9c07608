"""Tables of counts as they may be published, by name, held against those of the last edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aidlib.disclosure import suppress
from aidlib.disclosure.suppression import Suppressed
from aidlib.errors import DataFault

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Ledger:
    """What is published of a population, and what the last edition published.

    Attributes
    ----------
    last : mapping of str to Suppressed
        Tables of the last edition by name; a cell hidden there does not follow from what is published now.
    now : dict of str to Suppressed
        Tables of this edition, filled as they are made.
    """

    last: Mapping[str, Suppressed] = field(default_factory=dict)
    now: dict[str, Suppressed] = field(default_factory=dict)

    def protect(self, name: str, counts: pd.DataFrame) -> pd.DataFrame | None:
        """Hide small counts with what would give them away, here or in the last edition; nothing where that cannot be done.

        Examples
        --------
        >>> import pandas as pd
        >>> counts = pd.DataFrame({"roll": [3, 40], "others": [60, 70]}, index=["low", "high"])
        >>> Ledger().protect("t", counts).isna().sum().sum()
        np.int64(4)
        """
        try:
            found = suppress(counts, last=self.last.get(name))
        except DataFault:
            return None
        self.now[name] = found
        return found.table
