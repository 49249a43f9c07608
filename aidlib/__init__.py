"""aidlib: the exact, cited arithmetic of China's social assistance (社会救助), and the reports made from it.

Everything here is imported when first used, so that `import aidlib` costs next to nothing.

Examples
--------
>>> import aidlib
>>> aidlib.region("450400").name_zh
'梧州市'
>>> aidlib.fen("62.5")
6250
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_FROM = {
    "Book": "aidlib.law",
    "Figures": "aidlib.indices",
    "Rounding": "aidlib.money",
    "decide": "aidlib.prices.linkage",
    "explain": "aidlib.rules.explain",
    "fen": "aidlib.money",
    "read_register": "aidlib.register.reading",
    "region": "aidlib.regions",
    "replay": "aidlib.prices.replay",
    "yuan": "aidlib.money",
}
_ROOMS = ("evaluation", "law", "monitoring", "prices", "register", "reports", "rules", "standards")
__all__ = sorted([*_FROM, *_ROOMS, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _FROM:
        return getattr(import_module(_FROM[name]), name)
    if name in _ROOMS:
        return import_module(f"aidlib.{name}")
    raise AttributeError(f"module 'aidlib' has no attribute {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
