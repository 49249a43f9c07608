"""The HTML of what a notebook shows: macros of `template/parts.html`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aidlib.page.sources import anchor

TEMPLATE = Path(__file__).parent / "template"
FILE_KINDS = {
    ".csv": "text/csv;charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the Jinja environment of the page's own HTML: strict and escaping."""
    made = Environment(loader=FileSystemLoader(TEMPLATE), undefined=StrictUndefined, trim_blocks=True, autoescape=True)
    made.filters["anchor"] = anchor
    return made


@lru_cache(maxsize=1)
def _parts() -> Any:
    return environment().get_template("parts.html").module


def part(name: str) -> Any:
    """Return one macro: call it, and it gives HTML."""
    return getattr(_parts(), name)
