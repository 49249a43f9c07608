"""Work for other processes, which import it by name."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from aidlib.errors import RegisterFault


def doubled(number: int, question: int) -> tuple[int, int]:
    """Answer with twice the question and the process that did it; print what must not be taken for an answer."""
    print("noise", number)
    time.sleep(0.02)
    return 2 * question, os.getpid()


def refused(number: int, question: int) -> int:
    """Refuse the fourth question."""
    if number == 3:
        raise RegisterFault("invented fault", where="households.age", hint="mend it")
    time.sleep(0.01)
    return number


def died(number: int, question: int) -> None:
    """End without an answer, as when memory runs out."""
    os.kill(os.getpid(), 9)


def counted(number: int, part: tuple[Path, int, int]) -> dict[str, Any]:
    """Say how many rows a part has and which process did it."""
    time.sleep(0.05)
    return {"rows": part[2], "process": os.getpid()}


def noted(number: int, folder: str) -> int:
    """Leave a file named like this process."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(0.02)
    return number
