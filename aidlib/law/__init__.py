"""The law as a book of dated, cited rows."""

from aidlib.law.book import Book, LocalLaw
from aidlib.law.value import STATUSES, Source, Status, Value, weakest

__all__ = ["STATUSES", "Book", "LocalLaw", "Source", "Status", "Value", "weakest"]
