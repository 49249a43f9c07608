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


def pins(lock: Path) -> dict[str, str]:
    """Versions by name, as a lock has them; each with hashes, and no address anywhere."""
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.findall(r"^([\w.-]+)==([^\s;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n?)+)", text, re.M)
    assert len(blocks) == len(re.findall(r"^[^#\s]", text, re.M)), "a line of another kind"
    return {normal(name): version for name, version, _ in blocks}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned_with_hashes_and_no_address() -> None:
    """requirements.lock pins each direct dependency, for use and for development; each extra has a lock for what it needs beside."""
    whole, groups = project()["project"], project()["dependency-groups"]
    common = pins(ROOT / "requirements.lock")
    wanted = {"": whole["dependencies"] + groups["dev"], **whole["optional-dependencies"]}
    for extra, names in wanted.items():
        beside = pins(ROOT / "requirements" / f"{extra}.lock") if extra else {}
        assert {normal(re.split(r"[>=\[]", name)[0]) for name in names} <= {*common, *beside}, extra
        assert not common.keys() & beside.keys(), "two pins of one package"
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == {*whole["optional-dependencies"]}


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
