"""Nothing personal leaves: the guard over outputs, small-cell suppression, and keyed pseudonyms."""

from aidlib.disclosure.detect import Finding, redact
from aidlib.disclosure.documents import findings, guard
from aidlib.disclosure.ids import key_from, pseudonym, pseudonyms
from aidlib.disclosure.private import may_leave, private_folder
from aidlib.disclosure.suppression import Suppressed, convention, dominated, suppress, suppressed_rate

__all__ = [
    "Finding",
    "Suppressed",
    "convention",
    "dominated",
    "findings",
    "guard",
    "key_from",
    "may_leave",
    "private_folder",
    "pseudonym",
    "pseudonyms",
    "redact",
    "suppress",
    "suppressed_rate",
]
