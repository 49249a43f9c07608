"""The law as a book of dated, cited rows."""

from aidlib.law.book import Book, LocalLaw
from aidlib.law.value import STATUSES, Source, Status, Value, weakest
from aidlib.rooms import opened

__all__ = [
    "STATUSES",
    "Book",
    "LocalLaw",
    "Source",
    "Status",
    "Value",
    "weakest",
]

_FROM = {"Reform": "reform"}
__getattr__, __dir__ = opened(__name__, _FROM)
