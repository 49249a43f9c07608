"""Who: registers of persons and households, read, checked, rejected with reasons, or drawn synthetically."""

from aidlib.rooms import opened

_FROM = {
    "population": "synthetic",
    "read_register": "reading",
    "synthetic_population": "synthetic",
    "write_template": "template",
}
__getattr__, __dir__ = opened(__name__, _FROM)
