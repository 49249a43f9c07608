"""Whom the work misses or pays twice: registers matched, alerts, the assistance chain, sampling for inspection.

Everything here is imported when first used.

Examples
--------
>>> from aidlib import monitoring
>>> place = monitoring.invent("450400", "2026-10", families=1_000, seed=3)
>>> monitoring.measure(place, monitoring.monitor(place)).recall
Fraction(1, 1)
"""

from aidlib.rooms import opened

_FROM = {
    "Coverage": "ledgers", "Files": "inputs", "Monitored": "monthly", "Published": "publishing", "ceilings": "funds", "chains": "monthly",
    "continued": "restricted", "handed_in": "trial", "invent": "planted", "measure": "trial", "monitor": "monthly", "outside": "funds",
    "published": "restricted", "purchase_share_of": "funds", "read_folder": "inputs", "recompute": "funds", "write_lists": "restricted",
}  # fmt: skip
__all__ = sorted(_FROM)
__getattr__, __dir__ = opened(__name__, _FROM)
