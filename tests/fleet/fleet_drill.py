"""Small notebooks and a small catalogue for the tests of the fleet; run as a script it is a fleet that can be killed.

python fleet_drill.py OUT NOTEBOOKS '{"jobs": 2, "regions": [...], "limits": {...}, ...}'
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat

from aidlib.fleet.plan import Limits, Report, Request

REGIONS = ("110000", "120000", "130000", "140000", "150000", "210000")
PARAMETERS = 'region = "110000"\nperiod = "2020-02"\nlanguage = "zh"\nlookback_months = 12'


def notebook(folder: Path, name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook with a parameters cell and some code cells."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def known(folder: Path, regions: Iterable[str] = REGIONS, latest: str = "2020-03") -> dict[str, Report]:
    """Make a catalogue of every notebook in a folder: monthly reports of some regions."""
    codes = tuple(regions)
    found = sorted(folder.glob("*.ipynb"))
    return {path.stem: Report(path.stem, path, "month", lambda: codes, lambda _: latest) for path in found}


def still() -> tuple[tuple[str, object], ...]:
    """Stand-ins for the hashes of code and data, so that a drill does not see an edit made next to it while it runs."""
    return ("digest_of_library", lambda: "drill"), ("data_digests", dict)


def main(out: str, notebooks: str, options: str) -> int:
    """Run a fleet and print what it came to."""
    from aidlib.commands.press import PRESS
    from aidlib.fleet import fingerprint, run

    for name, stand_in in still():
        setattr(fingerprint, name, stand_in)
    chosen = json.loads(options)
    limits = Limits(**chosen.pop("limits", {}))
    jobs = chosen.pop("jobs", 2)
    request = Request(out=Path(out), limits=limits, **chosen)
    summary = run.run(request, known(Path(notebooks)), PRESS, jobs, progress=False)
    print("\n".join(summary.lines()))
    return 0 if summary.good else 1


def command(*arguments: str) -> None:
    """Run `main` the way the command line does."""
    from aidlib import cli

    cli.leave(lambda: main(*arguments))


if __name__ == "__main__":
    command(*sys.argv[1:])
