"""A whole invented place for trying the monitoring out: register, ledger, departmental registers, and the errors in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring.alert_rules import rule_table
from aidlib.monitoring.facts import Files, Scene
from aidlib.monitoring.family_facts import facts
from aidlib.monitoring.identity import keyed
from aidlib.monitoring.limits import limits
from aidlib.monitoring.match import match
from aidlib.monitoring.subsidy import started, with_subsidy
from aidlib.monitoring.synthetic.arrears import arrears
from aidlib.monitoring.synthetic.base import base
from aidlib.monitoring.synthetic.departments import Registers, departments
from aidlib.monitoring.synthetic.errors import plant
from aidlib.monitoring.synthetic.ledger import ledger, subsidies
from aidlib.monitoring.synthetic.plot import Plot
from aidlib.rules.places import Places

STATUS = "synthetic"
# A key for invented numbers only: it protects nothing, because there is nobody to protect.
DEMONSTRATION_KEY = bytes(range(32))
PURPOSE = "synthetic"
_BLANK = {"household_id": pl.Int64, "person_id": pl.Int64, "programme": pl.String, "month": pl.String, "amount_fen": pl.Int64, "paid_on": pl.Date}  # fmt: skip


@dataclass(frozen=True)
class World:
    """An invented place at the end of a month; every table is synthetic.

    Attributes
    ----------
    month : str
        `YYYY-MM`.
    files : Files
        Register, recognitions and ledger; persons carry invented id_number, name and birth_date.
    registers : dict of str to polars.DataFrame
        Departmental registers: id_number, name, birth_date and facts.
    planted : polars.DataFrame
        household_id, person_id, cause, reach (exact: an alert must fire; review: only a person can settle it; none: out of
        reach; harmless: no error), register, reason_zh, reason_en.
    held : Places
        Law values the place was made with.
    stood_in : int
        For how many places and areas a published guide, average or floor stands in for a standard that is not known.
    """

    month: str
    files: Files
    registers: Registers
    planted: pl.DataFrame
    held: Places
    stood_in: int


def world(
    region: str,
    month: str,
    *,
    families: int = 30_000,
    seed: int = 1,
    errors: bool = True,
    book: Book | None = None,
    figures: Figures | None = None,
) -> World:
    """Invent a place.

    Parameters
    ----------
    region, month : str
        Code of the place, and month.
    families : int
        Households of the synthetic population in which the low-income families are found.
    seed : int
        The same arguments give the same place.
    errors : bool
        Plant errors; without, nothing is wrong and no alert may fire.

    Examples
    --------
    >>> found = world("450400", "2026-10", families=2_000, seed=3)
    >>> set(found.files.households["status"]), set(found.planted["reach"]) >= {"exact", "none", "harmless"}
    ({'synthetic'}, True)
    """
    book, figures = book or Book(), figures or Figures()
    place = base(region, month, families=families, seed=seed, book=book, figures=figures)
    rng = np.random.default_rng([seed, families, 1])
    codes = place.households["region_code"].unique().sort().to_list()
    lines = limits(book, codes, place.as_of)
    exclusive = frozenset(name for name in lines.select(pl.col(pl.Boolean)).columns if lines[name].all())
    plot = Plot(place, departments(place, rng), rng, exclusive)
    rules = rule_table(book, codes, place.as_of)
    if errors:
        plant(plot, rules)
    scene = _scene(plot, lines)
    aid = ledger(scene, rng)
    found = facts(replace(scene, files=replace(scene.files, aid=aid)))
    decision = started(region, place.as_of, book, figures)
    if decision is not None:
        found = with_subsidy(found, decision, aid)
        aid = pl.concat([aid, subsidies(found, decision)])
    if errors:
        aid = arrears(plot, aid, found, month)
    files = Files(plot.households, plot.persons, plot.recognitions.sort("household_id", "person_id", "scheme"), aid)
    planted = plot.table().filter(pl.col("cause").is_in(rules["cause"].implode()))
    return World(month, files, plot.registers, planted, place.held, place.stood_in)


def _scene(plot: Plot, lines: pl.DataFrame) -> Scene:
    as_of = plot.base.as_of
    persons = keyed(plot.persons, DEMONSTRATION_KEY, PURPOSE, as_of).drop("name", "birth_date")
    known = {name: keyed(table, DEMONSTRATION_KEY, PURPOSE, as_of) for name, table in plot.registers.items()}
    files = Files(plot.households, persons, plot.recognitions, pl.DataFrame(schema=_BLANK))
    return Scene(files, match(persons, known).evidence, plot.base.held, lines, as_of)
