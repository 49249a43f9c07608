"""Run every benchmark with its usual size, one after another: `python -m benchmarks` (or `make bench`)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    ("engines.py",),
    ("streaming.py",),
    ("assess.py",),
    ("matching.py",),
    ("linkage.py",),
    ("hostile.py",),
    ("fleet.py", "compare"),
)


def main() -> int:
    """Run the scripts; return how many failed."""
    failed = 0
    for script, *options in SCRIPTS:
        print(f"\n{script}\n", flush=True)
        failed += (
            subprocess.run([sys.executable, Path(__file__).parent / script, *options], check=False).returncode != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
