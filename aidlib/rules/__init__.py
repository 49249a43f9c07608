"""What each household is due: one file per programme, small pure functions of named quantities; the engine orders and evaluates them."""

from aidlib.rooms import opened

_FROM = {"Explanation": "explain"}
__getattr__, __dir__ = opened(__name__, _FROM)
