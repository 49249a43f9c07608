"""Price linkage: whether a month starts payment, what each group is due, and the index it rests on."""

from aidlib.rooms import opened

_FROM = {
    "LinkageResult": "history",
    "linkage_months": "monthly",
    "linkage_outlook": "ahead",
    "newest_month": "monthly",
    "price_linkage": "history",
}
__getattr__, __dir__ = opened(__name__, _FROM)
