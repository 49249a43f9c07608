"""A room shows what is in it: names and modules by TAB and `dir`, each imported when first used; a slip names the nearest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from aidlib.errors import nearest


def opened(package: str, names: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a package.

    Examples
    --------
    >>> find, listed = opened("aidlib.prices", {"price_linkage": "history"})
    >>> find("price_linkage").__name__, "months" in listed()
    ('price_linkage', True)
    >>> find("price_linkge")
    Traceback (most recent call last):
    ...
    AttributeError: module 'aidlib.prices' has no attribute 'price_linkge'; try: price_linkage
    """

    def modules() -> list[str]:
        return [found.name for found in iter_modules(sys.modules[package].__path__) if found.name[0] != "_"]

    def find(name: str) -> Any:
        if name in names:
            return getattr(import_module(f"{package}.{names[name]}"), name)
        if not name.startswith("_") and name in modules():
            return import_module(f"{package}.{name}")
        near = "" if name.startswith("_") else nearest(name, listed())
        raise AttributeError(f"module {package!r} has no attribute {name!r}" + (f"; try: {near}" if near else ""))

    def listed() -> list[str]:
        given = getattr(sys.modules.get(package), "__all__", ())
        return sorted({*given, *names, *modules()})

    return find, listed
