"""What a warm server does before it forks: import what reports and pages need, load tables and draw once, and stay without threads.

`python -m aidlib.commands.kernel` installs the kernel `aidlib-warm`, which is forked from such a server, for every Jupyter client.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator

KEPT_OUT = ("polars", "rfc3987_syntax")
INLINE = "module://matplotlib_inline.backend_inline"
PRELOADED = (
    "numpy", "pandas", "pandas.io.formats.string", "pandas.core.methods.to_dict", "pandas.plotting._matplotlib", "pyarrow.pandas_compat", "scipy.stats",
    "matplotlib.pyplot", "matplotlib.backends.backend_svg", "matplotlib_inline.backend_inline", "statsmodels.api",
    "statsmodels.formula.api", "statsmodels.tsa.api", "linearmodels", "IPython.display", "IPython.core.oinspect",
    "IPython.core.completerlib", "ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger",
    "pandas.io.formats.csvs", "pandas.core.reshape.reshape", "docx", "xlsxwriter", "aidlib.page.document", "aidlib.page.tables",
    "aidlib.evaluation", "aidlib.monitoring", "aidlib.rules", "aidlib.rules.frames", "aidlib.rules.lazy", "aidlib.register.drawing",
    "papermill.parameterize", "aidlib.fleet.kernels", "aidlib.fleet.execute", "aidlib.commands.press",
)  # fmt: skip


class PolarsTypes(type):
    """Stands for the classes of polars where a library asked for them while polars must not be imported."""

    def __instancecheck__(cls, thing: object) -> bool:
        return type(thing).__module__.startswith("polars.") and type(thing).__name__ in ("DataFrame", "Series")


class PolarsFrame(metaclass=PolarsTypes):
    """A polars frame or series."""


def preload() -> None:
    """Import everything a report may need, load tables once, and freeze what is alive."""
    os.environ["MPLBACKEND"] = INLINE
    with kept_out():
        for name in PRELOADED:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        for warm in (_warm_reports, _warm_tables, _warm_drawing, _warm_page):
            with contextlib.suppress(Exception):  # what is broken here will be said, better, by the report itself
                warm()
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def kept_out() -> Iterator[None]:
    """Keep out polars, whose import starts threads, which a fork would lose, and a grammar of addresses that takes jsonschema two seconds.

    A report that needs polars imports it itself; statsmodels imports it only to know its classes, for which something else can
    stand. No notebook holds an address that jsonschema would look at.
    """
    sys.modules |= dict.fromkeys(KEPT_OUT)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in KEPT_OUT:
            del sys.modules[name]
    if statsmodels := sys.modules.get("statsmodels.tools.data"):
        statsmodels._POLARS_TYPES = (PolarsFrame,)  # type: ignore[attr-defined]


def _warm_reports() -> None:
    """Import what the notebooks call of the public face, as far as that goes without polars.

    The hash of the code is taken now, so that a report records the code that made it and not a later edit.
    """
    from aidlib.page import record

    record.code_digest()
    record.versions()
    for room in ("evaluation", "standards", "prices.monthly", "prices.ahead", "evaluation.overview"):
        with contextlib.suppress(ImportError):
            importlib.import_module(f"aidlib.{room}")


def _warm_tables() -> None:
    """Load the law and every table of published figures; what changes on disk later is read again."""
    from aidlib.indices import Figures
    from aidlib.law import Book

    Book()
    figures = Figures()
    for series in figures.series:
        figures.places(series)


def _warm_drawing() -> None:
    """Draw once, with Chinese text, and put every setting back."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from aidlib.views import fonts

    with mpl.rc_context():
        fonts.use()
        drawing = Figure(layout="constrained")
        drawing.subplots().plot([0, 1], label="居民消费价格指数 2020-02")
        drawing.legend()
        drawing.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        fonts.picture(drawing)


def _warm_page() -> None:
    """Make a small page, so that its templates are compiled."""
    import nbformat

    from aidlib.commands.press import PRESS

    cell = nbformat.v4.new_code_cell("低保 = 1")  # type: ignore[no-untyped-call]
    PRESS.guard(PRESS.page(nbformat.v4.new_notebook(cells=[cell]), "").decode(), "")  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    from aidlib.fleet import kernels

    print(f"aidlib: warm kernels installed as {kernels.NAME!r}: {kernels.install('aidlib.commands.kernel')}")
