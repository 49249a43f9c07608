"""The frame of every page: one HTML file with its style and script inside, which by its own policy cannot ask anything of a network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from aidlib.page.parts import TEMPLATE
from aidlib.views import fonts
from aidlib.words import word

CARRIED = re.compile(r"data:[\w/+;=,.-]*base64,[\w+/=]*")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


@cache
def asset(name: str) -> str:
    """Return the text of a style or script of the template folder."""
    return (TEMPLATE / name).read_text(encoding="utf-8").strip()


def policy(script: str) -> str:
    """Return the content security policy of a page: pictures and the font from the page itself, this one script, and nothing else.

    The script is named by its hash, so that a script hidden in data does not run.

    Examples
    --------
    >>> policy("").split("; ")[0], policy("").split("; ")[4]
    ("default-src 'none'", "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def face(body: str) -> str:
    """Return the style rule that carries the Chinese characters of a page, for readers whose machine has no Chinese font."""
    font = base64.b64encode(fonts.excerpt(CARRIED.sub("", body))).decode()
    return f'@font-face {{ font-family: "{fonts.FAMILY}"; src: url(data:font/woff;base64,{font}) format("woff"); }}'


def document(
    title: str, body: str, language: str, styles: tuple[str, ...], script: str, about: Mapping[str, Any] | None = None
) -> str:
    """Put a body into a whole page."""
    told = escape(json.dumps(about, ensure_ascii=False, sort_keys=True)) if about else ""
    named = f'<meta name="aidlib" content="{told}">\n' if told else ""
    code = f"\n{asset(script)}\n"
    style = "\n".join([face(title + body + word("skip", "page", language)), *(asset(name) for name in styles)])
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE_TAGS[language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(code)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f'{named}<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>\n{style}\n</style>\n</head>\n'
        f'<body>\n<a class="skip" href="#main">{word("skip", "page", language)}</a>\n{body}\n<script>{code}</script>\n</body>\n</html>\n'
    )
