"""Random tables, arguments and households end in an answer or in a sentence, never in a traceback; `-m fuzz` feeds twenty times as many."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import click
import pytest
from random_tables import ODD, written

from aidlib.additions import add
from aidlib.cli import COMMANDS, group
from aidlib.errors import AidError
from aidlib.register.checks import check
from aidlib.register.headings import Given
from aidlib.register.reading import read_ledger, read_register

ON = date(2026, 11, 1)
TWENTIETH = 20
FIRST = 2026  # the seeds of `make test`; a run of -m fuzz takes seeds of its own


def _seeds(request: pytest.FixtureRequest, count: int) -> range:
    """The same few seeds in every ordinary run, many new ones where somebody asked for them."""
    if request.node.get_closest_marker("fuzz") is None:
        return range(FIRST, FIRST + count // TWENTIETH)
    first = int.from_bytes(os.urandom(4))
    return range(first, first + count)


def _survives(seed: int, act: Callable[[Random], object]) -> None:
    try:
        act(Random(seed))
    except (AidError, click.ClickException, click.exceptions.Exit, click.Abort, OSError):
        return  # what the command line turns into one message
    except Exception as error:
        raise AssertionError(f"seed {seed} ends in {type(error).__name__}: {str(error)[:300]}") from error


both = pytest.mark.parametrize("run", ["few", pytest.param("many", marks=pytest.mark.fuzz)])


@both
def test_random_tables(request: pytest.FixtureRequest, tmp_path: Path, run: str) -> None:
    """10,000 tables go through the register and through `data add`."""

    def registered(random: Random) -> None:
        with contextlib.suppress(AidError):
            check(*read_ledger([written(random, tmp_path)], given=Given("450400", "元")), ON).text()
        first = read_register(written(random, tmp_path), money=random.choice((None, "元")))
        other = "households" if first.table == "persons" else "persons"
        second = None
        with contextlib.suppress(AidError):
            second = read_register(written(random, tmp_path), table=other, money="元")
        checked = check(*((first, second) if first.table == "persons" else (second, first)), ON)
        checked.text()
        checked.good(allow_rejects=True)
        if random.random() < 0.05:
            checked.workbook(tmp_path / "faults.xlsx")
            checked.rejects(tmp_path / "inside")

    def added(random: Random) -> None:
        place = random.choice(("", "450400", "梧州"))
        str(
            add(
                written(random, tmp_path),
                tmp_path / "own",
                dry_run=True,
                region=place,
                source="虚构",
                published="2026-11-12",
            )
        )

    for seed in _seeds(request, 10_000):
        _survives(seed, registered if seed % 2 else added)


VALUES = (*ODD[:40], "450400", "梧州市", "2026-10", "2026-10-01", "price_linkage", "a.csv", "a.json", "nowhere", "inside", "zh", "元", "cells=5", "cells=x",
          "--", "-p", "x=1", "lookback_months=" + "-" * 3000 + "5", "nan", "dask://", "../..", "﹣5", "２０２６－１０")  # fmt: skip
SLOW = ("check", "coverage")


def _arguments(random: Random) -> list[str]:
    """A command, options it has or does not have, and values of every kind."""
    name = random.choice([command for command in COMMANDS if command not in SLOW])
    command = group.get_command(click.Context(group), name)
    assert command is not None
    words = [name]
    if isinstance(command, click.Group):
        part = random.choice(sorted(command.commands))
        command, words = command.commands[part], [name, part]
    for option in command.params:
        if random.random() < (0.9 if option.required else 0.3):
            spelled = random.choice(option.opts) if isinstance(option, click.Option) else ""
            flag = isinstance(option, click.Option) and option.is_flag
            words += [spelled] * bool(spelled) + ([] if flag else [random.choice(VALUES)])
    return words + [random.choice(VALUES)] * (random.random() < 0.1)


@both
def test_random_arguments(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: str
) -> None:
    """2,000 lists of arguments; no report is made by accident."""
    from aidlib.fleet import run as fleet_run

    def never(*_: object, **__: object) -> None:
        raise AidError("no report is made here")

    monkeypatch.setattr(fleet_run, "run", never)
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("家庭编号,人员编号\nH1,P1\n", encoding="utf-8")
    Path("a.json").write_text("{}", encoding="utf-8")

    def run_it(random: Random) -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            group(_arguments(random), standalone_mode=False)

    for seed in _seeds(request, 2_000):
        monkeypatch.setenv("AIDLIB_DATA", "")
        _survives(seed, run_it)


SOUND = {
    "urban": True, "income_fen": 120_050, "expend_fen": 0, "property_ok": True,
    "persons": [{"age": 46, "sex": "male", "relation": "applicant", "can_work": True, "own_income_fen": 120_050, "own_property_ok": True}],
}  # fmt: skip
WRONG = (
    None,
    [],
    {},
    "",
    "是",
    -1,
    1.5,
    1e308,
    float("nan"),
    10**400,
    True,
    "9" * 5000,
    [[]],
    {"a": {}},
    "450400",
    "2026-10-01",
    "\ud800",
    "=1+1",
)


def _household(random: Random) -> str:
    """A household with a few things changed, or its text torn."""
    home = json.loads(json.dumps(SOUND))
    for _ in range(random.randint(1, 3)):
        people = (
            [one for one in home["persons"] if isinstance(one, dict)] if isinstance(home.get("persons"), list) else []
        )
        at = random.choice((home, *people))
        key = random.choice([*at, "persons", "stage", "\u200bage", "income_fen", "region"])
        if random.random() < 0.2:
            at.pop(key, None)
        else:
            at[key] = random.choice(WRONG)
    text = json.dumps(home, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.3:
        cut = random.randint(0, len(text))
        text = text[:cut] + random.choice(("", "}", '"', "[" * 2000, "\x00", "，")) + text[cut + random.randint(0, 3) :]
    return text


@both
def test_broken_households(request: pytest.FixtureRequest, tmp_path: Path, run: str) -> None:
    """1,000 JSON households are explained or refused."""

    def explained(random: Random) -> None:
        path = tmp_path / "family.json"
        path.write_bytes(_household(random).encode("utf-8", "surrogatepass"))
        with contextlib.redirect_stdout(io.StringIO()):
            group(["explain", str(path), "--region", "450400", "--on", "2026-09-01", "--stale"], standalone_mode=False)

    for seed in _seeds(request, 1_000):
        _survives(seed, explained)
