"""What a fresh machine is given: the same packages for pip and conda, pins without an index, a cheap import."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"python-duckdb": "duckdb"}


def project() -> dict:  # type: ignore[type-arg]
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_conda_users_get_the_same_packages() -> None:
    """environment.yml names every dependency and development package of pyproject.toml with the same bound."""
    wanted = {*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]}
    lines = re.findall(r"^\s+- ([\w-]+>=[\d.]+)$", (ROOT / "environment.yml").read_text(encoding="utf-8"), re.M)
    listed = {re.sub(r"^[\w-]+", lambda m: CONDA_NAMES.get(m[0], m[0]), line) for line in lines}
    assert listed - {"python>=3.11"} == wanted


def test_every_dependency_is_pinned_with_hashes_and_no_address() -> None:
    """requirements.lock pins each direct dependency, carries hashes, and holds no address."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", lock, re.M)}
    names = {re.split(r"[>=\[]", spec)[0] for spec in project()["project"]["dependencies"]}
    assert names <= pinned
    assert "--hash=sha256:" in lock
    assert "://" not in lock


@pytest.mark.parametrize("heavy", ["pandas", "numpy", "matplotlib", "polars", "papermill"])
def test_import_aidlib_is_cheap(heavy: str) -> None:
    """Importing aidlib pulls in no heavy library."""
    code = f"import aidlib, sys; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_import_works_from_anywhere(tmp_path: Path) -> None:
    """aidlib and its data are found from any working directory."""
    code = "import aidlib; print(aidlib.region('450400').name_zh)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "梧州市"
