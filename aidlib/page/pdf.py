"""A page as PDF: by headless Chromium where there is one, else by WeasyPrint; Chinese glyphs come from our own font."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from aidlib import tables
from aidlib.errors import ReportFault
from aidlib.views import fonts

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
LIMIT_SECONDS = 120


def browser() -> str | None:
    """Return the path of a Chromium-like browser, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pdf(page: Path, target: Path) -> Path:
    """Print a page to PDF; the PDF appears whole or not at all."""
    page, target = Path(page), Path(target)
    if not page.is_file():
        raise ReportFault("no such page", got=page.name)
    with tempfile.TemporaryDirectory(prefix="aidlib-pdf-") as folder:
        made = Path(folder) / "page.pdf"
        if found := browser():
            _by_browser(found, page, made)
        elif find_spec("weasyprint"):
            _run([sys.executable, "-m", "weasyprint", str(page), str(made)], page, made)
        else:
            raise ReportFault(
                "no PDF without a browser", where=page.name, expected="Chromium or WeasyPrint",
                hint="install Chromium, or: pip install 'aidlib[pdf]'; or open the page and print it",
            )  # fmt: skip
        return tables.write_whole(target, made.read_bytes())


def flags(profile: Path) -> list[str]:
    """Return the options of a headless run that leaves nothing behind and asks nothing of a network."""
    return [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        "--no-default-browser-check", "--metrics-recording-only", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
    ]  # fmt: skip


def _by_browser(found: str, page: Path, made: Path) -> None:
    printing = ["--no-pdf-header-footer", f"--print-to-pdf={made}", page.resolve().as_uri()]
    _run([found, *flags(made.parent / "profile"), *printing], page, made)


def _run(command: list[str], page: Path, made: Path) -> None:
    environment = os.environ | (fonts.fontconfig(made.parent) if sys.platform == "linux" else {})
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ReportFault("printing took too long", where=page.name, expected=f"at most {LIMIT_SECONDS} s") from None
    if done.returncode or not made.is_file():
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise ReportFault("printing failed", where=page.name, got=last[0])
