"""What depends on paths is the same in a checkout whose folder is called like the package, below the home folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = """
import aidlib, nbclient, nbformat
from aidlib.money import Rounding
from aidlib.fleet import execute
try:
    Rounding.parse(None)
except Exception as error:
    print(execute.fault(error))
cell = nbformat.v4.new_code_cell("from aidlib.money import Rounding; Rounding.parse(None)")
notebook = nbformat.v4.new_notebook(cells=[cell])
try:
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
except nbclient.exceptions.CellExecutionError as error:
    print(execute.error_of_cell(notebook, error).reason)
print(aidlib.__file__)
"""


def test_a_place_in_aidlib_is_told_relative_to_the_package(tmp_path: Path) -> None:
    """In a clone named aidlib a fault is still placed in aidlib/money.py, raised here or in a kernel."""
    clone = tmp_path / "aidlib"
    shutil.copytree(ROOT / "aidlib", clone / "aidlib", ignore=shutil.ignore_patterns("__pycache__"))
    (clone / "data").symlink_to(ROOT / "data")
    told = os.environ | {"PYTHONPATH": str(clone), "HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", PLACES], capture_output=True, text=True, env=told, cwd=tmp_path)
    here, kernel, package = run.stdout.splitlines()
    assert package == str(clone / "aidlib" / "__init__.py")
    assert " in aidlib/money.py:" in here, here
    assert ", aidlib/money.py:" in kernel, kernel
