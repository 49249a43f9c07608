"""Levers as sliders in a notebook (extra `lab`), with a picture and a table where there are none."""

from __future__ import annotations

import io
from base64 import b64encode
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from aidlib.views import draw
from aidlib.words import word

if TYPE_CHECKING:
    from aidlib.studies.workbench import Workbench

VIEW = "application/vnd.jupyter.widget-view+json"


class Sliders:
    """Sliders that a front end with widgets shows alive; any other shows `static`.

    Attributes
    ----------
    box : ipywidgets.VBox or None
        The widgets; None without the extra.
    static : str
        A picture of the first lever pulled from end to end, and the table of what the law as it is gives, as html.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.box = _box(bench) if find_spec("ipywidgets") else None
        self.static = _static(bench)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        alive = self.box._repr_mimebundle_(**options) if self.box is not None else {}
        view = {VIEW: alive[VIEW]} if VIEW in alive else {}
        return view | {"text/html": self.static, "text/plain": word("synthetic", "status")}


def sliders(bench: Workbench) -> Sliders:
    """Make the sliders of a bench."""
    return Sliders(bench)


def _static(bench: Workbench) -> str:
    from matplotlib import pyplot as plt

    axes = draw(bench.steps())
    picture, figure = io.BytesIO(), next(iter(axes)).figure
    figure.savefig(picture, format="png", dpi=110, bbox_inches="tight")
    plt.close(figure)
    image = b64encode(picture.getvalue()).decode()
    return f'<img alt="{word("standard", "lever")}" src="data:image/png;base64,{image}">{bench.pull()._repr_html_()}'


def _box(bench: Workbench) -> Any:
    import ipywidgets as widgets

    shown = widgets.HTML()
    made = {
        name: widgets.FloatSlider(
            value=float(one.now), min=float(one.low), max=float(one.high), step=float(one.step),
            description=word(name, "lever"), continuous_update=False, style={"description_width": "12em"},
            layout={"width": "32em"}, readout_format=".2f" if name == "share" else ".1f",
        )
        for name, one in bench.levers.items()
    }  # fmt: skip
    _share_moves_standard(bench, made)

    def update(_: Any = None) -> None:
        pulled = {name: _place(bench, name, one.value) for name, one in made.items() if name != "share"}
        shown.value = bench.pull(**pulled)._repr_html_()

    for name, one in made.items():
        if name != "share":
            one.observe(update, "value")
    update()
    return widgets.HBox([widgets.VBox(list(made.values())), shown])


def _place(bench: Workbench, name: str, value: float) -> Any:
    """Where a slider stands; None where it was not moved, so that the law itself holds."""
    return None if value == float(bench.levers[name].now) else f"{value:g}"


def _share_moves_standard(bench: Workbench, made: dict[str, Any]) -> None:
    """Moving the share moves the standard."""
    if "share" in made:
        made["share"].observe(
            lambda change: setattr(made["standard"], "value", float(bench.standard_of(f"{change['new']:g}"))), "value"
        )
