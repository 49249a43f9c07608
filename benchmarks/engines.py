"""How fast rules are evaluated: aidlib on numpy against OpenFisca-Core, policyengine-core and ttsim, same work, same run.

    python benchmarks/engines.py [--households 100000] [--rounds 5]

The work, made for all contestants alike on invented families: sum persons over their household, join each household's local
standards, decide dibao, edge and rigid expenditure, compute benefit and price subsidy, and add up by region and category with
poverty before and after. Peers are installed, each apart, below `benchmarks/.venv`. In every round each contestant does the
whole work once, in turn, in a process of its own that has done it before; medians are compared, of time on the clock and of
processor time. A contestant in yuan floats is counted wrong on a row where category, benefit or subsidy differs by a fen from
exact arithmetic.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
PEERS = {"openfisca": "OpenFisca-Core", "policyengine": "policyengine-core", "ttsim": "ttsim-backend"}
NAMES = {"aidlib": "aidlib", **PEERS}
DEDUCT_PCT, SCPI_BP, BP = 15, 363, 10_000
DIBAO, EDGE, RIGID = 1, 2, 3
REGIONS = 2_850
Data = dict[str, np.ndarray]
Answer = tuple[np.ndarray, np.ndarray, np.ndarray]  # category, benefit, subsidy


def invented(households: int, seed: int = 1, region: np.ndarray | None = None) -> Data:
    """Draw persons, households and standards; a third of the households is put on a line or one fen beside it."""
    rng = np.random.default_rng(seed)
    if region is None:
        region = np.sort(rng.choice(REGIONS, households, p=_sizes(rng)))
    urban = rng.random(households) < 0.5
    members = rng.choice(np.arange(1, 9), households, p=[0.27, 0.29, 0.19, 0.13, 0.07, 0.03, 0.01, 0.01])
    home = np.repeat(np.arange(households), members)
    law = standards()
    dibao = law["std_dibao_fen"].reshape(REGIONS, 2)
    employed = rng.random(len(home)) < 0.35
    wage = np.where(employed, rng.integers(60_000, 260_000, len(home)), 0)
    wages = np.bincount(home, wage, households).astype(np.int64)
    standard, mean = dibao[region, urban.astype(int)], rng.integers(1_800_000, 5_500_000, REGIONS)[region]
    deducted = (wages * DEDUCT_PCT + 50) // 100
    income = wages + rng.integers(0, 120_000, households)
    lines = np.stack([members * standard, members * standard * 3 // 2, members * mean // 12])
    line = lines[rng.integers(0, 3, households), np.arange(households)] + rng.integers(-1, 2, households)
    income = np.where(rng.random(households) < 1 / 3, np.maximum(line + deducted, wages), income)
    ids = np.cumsum(rng.integers(1, 4, households))
    return law | {
        "p_household_id": ids[home], "p_severe_disability": rng.random(len(home)) < 0.05,
        "p_severe_illness": rng.random(len(home)) < 0.05, "p_employed": employed, "p_wage_fen": wage,
        "household_id": ids, "region_code": region * 10 + 110_000, "urban": urban, "members": members, "income_fen": income,
        "property_ok": rng.random(households) < 0.9, "expend_fen": rng.integers(0, 300_000, households),
        "disp_income_fen": mean,
    }  # fmt: skip


def standards() -> Data:
    """Draw the standards of every region, rural and urban."""
    rng = np.random.default_rng(REGIONS)
    dibao = np.stack([rng.integers(4_000, 9_000, REGIONS) * 100 // 12, rng.integers(550, 1_300, REGIONS) * 100], 1)
    return {
        "std_region": np.repeat(np.arange(REGIONS) * 10 + 110_000, 2),
        "std_urban": np.tile([False, True], REGIONS),
        "std_dibao_fen": dibao.ravel(),
        "std_edge_bp": np.full(2 * REGIONS, 15_000),
        "std_rigid_bp": rng.choice([4_000, 5_000, 6_000], 2 * REGIONS),
    }


def _sizes(rng: np.random.Generator) -> np.ndarray:
    weights = rng.lognormal(0, 1, REGIONS)
    return weights / weights.sum()


def exact(d: Data) -> Answer:
    """Do the work in whole fen with plain numpy: what is right."""
    home = np.searchsorted(d["household_id"], d["p_household_id"])
    severe = np.bincount(home, d["p_severe_disability"] | d["p_severe_illness"], len(d["members"])).astype(np.int64)
    wages = np.bincount(home, d["p_wage_fen"] * d["p_employed"], len(d["members"])).astype(np.int64)
    standard, edge_bp, rigid_bp = (d[name][join(d)] for name in ("std_dibao_fen", "std_edge_bp", "std_rigid_bp"))
    counted, need = d["income_fen"] - (wages * DEDUCT_PCT + 50) // 100, standard * d["members"]
    dibao = d["property_ok"] & (counted < need)
    edge = ~dibao & d["property_ok"] & (counted * BP < need * edge_bp)
    rigid = ~dibao & ~edge & (counted * 12 < d["disp_income_fen"] * d["members"])
    rigid &= d["expend_fen"] * BP > counted * rigid_bp
    per_head = (standard * SCPI_BP + 50_000) // 100_000 * 10
    benefit = np.where(dibao, -(-(need - counted) // 100) * 100, np.where(edge, severe * standard, 0))
    subsidy = np.where(dibao, d["members"] * per_head, np.where(edge, severe * per_head, 0))
    return np.select([dibao, edge, rigid], [DIBAO, EDGE, RIGID], 0), benefit, subsidy


def join(d: Data) -> np.ndarray:
    """Find each household's row of the standards, which are sorted by region and area."""
    return np.searchsorted(d["std_region"] * 2 + d["std_urban"], d["region_code"] * 2 + d["urban"])


def totals(
    region: np.ndarray, category: np.ndarray, d: Data, need: np.ndarray, income: np.ndarray, aid: np.ndarray
) -> list[np.ndarray]:
    """Add up households, persons, spending and poverty before and after, by region and category; the same code for everyone."""
    cell, size, heads = region * 4 + category, (int(region.max()) + 1) * 4, d["members"].astype(float)
    found = [np.bincount(cell, weights, size) for weights in (None, heads, aid)]
    for left in (income, income + aid):
        poor = np.flatnonzero(left < need)
        where, people, line = (each.take(poor) for each in (cell, heads, need))
        gap = (line - left.take(poor)) / line
        found += [np.bincount(where, people * part, size) for part in (1, gap, gap * gap)]
    return found


ANSWERS = ("category", "benefit", "subsidy")
OWN = ("members", "income_fen", "property_ok", "expend_fen", "disp_income_fen")
OF_PERSONS = ("severe_disability", "severe_illness", "employed", "wage_fen")


def law_of(d: Data) -> Any:
    """Lay out the standards for aidlib."""
    from aidlib.rules.local import Local
    from aidlib.rules.places import Places

    law = {"standard": "std_dibao_fen", "edge_bp": "std_edge_bp", "rigid_bp": "std_rigid_bp"}
    rows = zip(
        d["std_region"].tolist(), d["std_urban"].tolist(), *(d[name].tolist() for name in law.values()), strict=True
    )
    held = Places(None, (), {(str(code), city): Local(dict(zip(law, rest, strict=True))) for code, city, *rest in rows})
    held.over(np.zeros(1, int))  # the standards table, in memory like the others
    return held


def evaluated(households: Data, persons: Data, held: Any) -> Data:
    """Do the work with aidlib, whose rules for it are ordered once; totals included."""
    from aidlib.rules.columns import Side
    from aidlib.rules.engine import plan
    from aidlib.rules.frames import evaluate, homes

    given = frozenset((*OF_PERSONS, *OWN, *held.names()))
    steps = plan(_rules(), given, frozenset(OF_PERSONS), ANSWERS)
    place = held.rows(households["region_code"], households["urban"])
    mine = homes(persons["household_id"], households["household_id"])
    own, members = (
        {name: table[name] for name in names} for table, names in ((households, OWN), (persons, OF_PERSONS))
    )
    wanted = (*ANSWERS, "need", "counted")
    found = evaluate(steps, Side(own, {}), Side(members, {}), mine, held, place, wanted).worst[0]
    aid = found["benefit"] + found["subsidy"]
    totals(place // 2, found["category"], households, found["need"], found["counted"], aid)
    return found


def work_aidlib(d: Data) -> Callable[[], Answer]:
    """Prepare the rules of the workload for aidlib; nothing of the data is worked on before the clock starts."""
    persons = {name.removeprefix("p_"): column for name, column in d.items() if name.startswith("p_")}
    held = law_of(d)

    def work() -> Answer:
        found = evaluated(d, persons, held)
        return found["category"], found["benefit"], found["subsidy"]

    return work


@lru_cache(maxsize=1)
def _rules() -> Any:
    """Write the workload the way aidlib's rules are written: small functions of named quantities."""
    from aidlib.rules.engine import Rules
    from aidlib.rules.helpers import ceil_to, first_of, given, half_up, no

    def severe_member(severe_disability, severe_illness):  # type: ignore[no-untyped-def]
        return severe_disability | severe_illness

    def earned(employed, wage_fen):  # type: ignore[no-untyped-def]
        return given(employed, wage_fen)

    def counted(income_fen, wages):  # type: ignore[no-untyped-def]
        return income_fen - half_up(wages * DEDUCT_PCT, 100)

    def need(standard, members):  # type: ignore[no-untyped-def]
        return standard * members

    def dibao(property_ok, counted, need):  # type: ignore[no-untyped-def]
        return property_ok & (counted < need)

    def edge(dibao, property_ok, counted, need, edge_bp):  # type: ignore[no-untyped-def]
        return no(dibao) & property_ok & (counted * BP < need * edge_bp)

    def rigid(dibao, edge, counted, disp_income_fen, members, expend_fen, rigid_bp):  # type: ignore[no-untyped-def]
        poor = (counted * 12 < disp_income_fen * members) & (expend_fen * BP > counted * rigid_bp)
        return no(dibao) & no(edge) & poor

    def per_head(standard):  # type: ignore[no-untyped-def]
        return half_up(standard * SCPI_BP, 100_000) * 10

    def benefit(dibao, edge, need, counted, severe, standard):  # type: ignore[no-untyped-def]
        return first_of((dibao, ceil_to(need - counted, 100)), (edge, severe * standard), otherwise=0)

    def subsidy(dibao, edge, members, severe, per_head):  # type: ignore[no-untyped-def]
        return first_of((dibao, members * per_head), (edge, severe * per_head), otherwise=0)

    def category(dibao, edge, rigid):  # type: ignore[no-untyped-def]
        return first_of((dibao, DIBAO), (edge, EDGE), (rigid, RIGID), otherwise=0)

    made = (severe_member, earned, counted, need, dibao, edge, rigid, per_head, benefit, subsidy, category)
    return Rules({rule.__name__: rule for rule in made}, {"severe": "severe_member", "wages": "earned"})


def work_openfisca(d: Data) -> Callable[[], Answer]:
    """Prepare the workload for OpenFisca-Core."""
    return _simulated(d, "openfisca_core")


def work_policyengine(d: Data) -> Callable[[], Answer]:
    """Prepare the workload for policyengine-core, a fork of OpenFisca-Core with the same interface."""
    return _simulated(d, "policyengine_core")


def _simulated(d: Data, core: str) -> Callable[[], Answer]:
    month = "2026-09"
    system, builder = _system(core, d), import_module(f"{core}.simulations").SimulationBuilder
    inputs = {name: d[name] for name in ("members", "property_ok", "region_code", "urban")}
    inputs |= {name.removesuffix("_fen"): d[name] / 100 for name in ("income_fen", "expend_fen", "disp_income_fen")}
    inputs |= {name.removeprefix("p_"): d[name] for name in ("p_severe_disability", "p_severe_illness", "p_employed")}
    inputs["wage"] = d["p_wage_fen"] / 100
    roles, people = np.zeros(len(d["p_wage_fen"]), np.int64), np.arange(len(d["p_wage_fen"]))

    def work() -> Answer:
        made = builder()
        made.create_entities(system)
        made.declare_person_entity("person", people)
        made.join_with_persons(made.declare_entity("household", d["household_id"]), d["p_household_id"], roles)
        simulation = made.build(system)
        for name, column in inputs.items():
            simulation.set_input(name, month, column)
        category, benefit, subsidy, need, income = (
            simulation.calculate(name, month) for name in ("category", "benefit", "subsidy", "need", "counted")
        )
        totals(join(d) // 2, category, d, need, income, benefit + subsidy)
        return category, benefit, subsidy

    return work


def _system(core: str, d: Data) -> Any:
    entities, variables = import_module(f"{core}.entities"), import_module(f"{core}.variables")
    person = entities.build_entity("person", "persons", "", is_person=True)
    household = entities.build_entity("household", "households", "", roles=[{"key": "member", "plural": "members"}])
    system = import_module(f"{core}.taxbenefitsystems").TaxBenefitSystem([person, household])
    month = import_module(f"{core}.periods").MONTH

    def variable(name: str, entity: Any, kind: type, formula: Callable[..., Any] | None = None) -> None:
        own = {"value_type": kind, "entity": entity, "definition_period": month, "label": name}
        system.add_variable(type(name, (variables.Variable,), own | ({"formula": formula} if formula else {})))

    for name in ("severe_disability", "severe_illness", "employed"):
        variable(name, person, bool)
    variable("wage", person, float)
    for name, kind in (("members", int), ("property_ok", bool), ("region_code", int), ("urban", bool), ("income", float),
                       ("expend", float), ("disp_income", float)):  # fmt: skip
        variable(name, household, kind)
    for name, (kind, formula) in _formulas(d).items():
        variable(name, household, kind, formula)
    return system


def _formulas(d: Data) -> dict[str, tuple[type, Callable[..., Any]]]:
    """Write the workload as OpenFisca formulas, in yuan."""
    keys = d["std_region"] * 2 + d["std_urban"]

    def local(column: np.ndarray) -> Callable[..., Any]:
        def formula(household: Any, period: Any) -> Any:
            wanted = household("region_code", period).astype(np.int64) * 2 + household("urban", period)
            return column[np.searchsorted(keys, wanted)]

        return formula

    def severe(household: Any, period: Any) -> Any:
        people = household.members
        return household.sum(people("severe_disability", period) | people("severe_illness", period))

    def counted(household: Any, period: Any) -> Any:
        wages = household.sum(household.members("wage", period) * household.members("employed", period))
        return household("income", period) - np.floor(wages * DEDUCT_PCT + 0.5) / 100

    def dibao(h: Any, p: Any) -> Any:
        return h("property_ok", p) & (h("counted", p) < h("need", p))

    def edge(h: Any, p: Any) -> Any:
        return ~h("dibao", p) & h("property_ok", p) & (h("counted", p) < h("need", p) * h("edge_multiple", p))

    def rigid(h: Any, p: Any) -> Any:
        poor = h("counted", p) * 12 < h("disp_income", p) * h("members", p)
        return ~h("dibao", p) & ~h("edge", p) & poor & (h("expend", p) > h("counted", p) * h("rigid_share", p))

    def benefit(h: Any, p: Any) -> Any:
        gap, alone = np.ceil(h("need", p) - h("counted", p)), h("severe", p) * h("standard", p)
        return np.where(h("dibao", p), gap, np.where(h("edge", p), alone, 0))

    def subsidy(h: Any, p: Any) -> Any:
        per_head = np.floor(h("standard", p) * (SCPI_BP / BP) * 10 + 0.5) / 10
        return np.where(h("dibao", p), h("members", p) * per_head, np.where(h("edge", p), h("severe", p) * per_head, 0))

    def category(h: Any, p: Any) -> Any:
        return np.select([h("dibao", p), h("edge", p), h("rigid", p)], [DIBAO, EDGE, RIGID], 0)

    return {
        "standard": (float, local(d["std_dibao_fen"] / 100)), "edge_multiple": (float, local(d["std_edge_bp"] / BP)),
        "rigid_share": (float, local(d["std_rigid_bp"] / BP)), "severe": (int, severe), "counted": (float, counted),
        "need": (float, lambda h, p: h("standard", p) * h("members", p)), "dibao": (bool, dibao), "edge": (bool, edge),
        "rigid": (bool, rigid), "benefit": (float, benefit), "subsidy": (float, subsidy), "category": (int, category),
    }  # fmt: skip


def work_ttsim(d: Data) -> Callable[[], Answer]:
    """Prepare the workload for ttsim, whose columns are all of persons: household columns are spread before the clock starts."""
    from datetime import date

    from ttsim import InputData, MainTarget, TTTargets, main

    home = np.searchsorted(d["household_id"], d["p_household_id"])
    wide = {name: d[name][home] for name in ("members", "property_ok", "region_code", "urban")}
    wide |= {name.removesuffix("_fen"): d[name][home] / 100 for name in ("income_fen", "expend_fen", "disp_income_fen")}
    wide |= {"wage": d["p_wage_fen"] / 100, "hh_id": home}
    wide |= {name.removeprefix("p_"): d[name] for name in ("p_severe_disability", "p_severe_illness", "p_employed")}
    wide["p_id"] = np.arange(len(home))
    environment, units = _environment(wide, d)
    heads = np.r_[0, np.flatnonzero(home[1:] != home[:-1]) + 1]

    def work() -> Answer:
        day = date(2026, 9, 1)
        found = main(
            main_target=MainTarget.results.qname, policy_environment=environment, unit_system=units, policy_date=day,
            evaluation_date=day, input_data=InputData.qname(wide), rounding=False, backend="numpy",
            tt_targets=TTTargets.tree(dict.fromkeys(("category", "benefit", "subsidy", "need", "counted"))),
        )  # fmt: skip
        category, benefit, subsidy, need, income = (np.asarray(each)[heads] for each in found.values())
        totals(join(d) // 2, category, d, need, income, benefit + subsidy)
        return category, benefit, subsidy

    return work


def _environment(wide: Data, d: Data) -> tuple[dict[str, Any], Any]:
    """Write the workload as ttsim policy functions, in yuan."""
    from ttsim.tt import AggType, Currency, TTSIMUnit, UnitSystem, agg_by_group_function, policy_function, policy_input
    from ttsim.typing import BoolColumn, FloatColumn, IntColumn

    bare: dict[str, Any] = {"unit": TTSIMUnit.DIMENSIONLESS}
    rule: dict[str, Any] = bare | {"verify_units": False}
    kinds = {"b": "bool", "i": "int", "f": "float"}
    alias = {"bool": "BoolColumn", "int": "IntColumn", "float": "FloatColumn"}
    environment: dict[str, Any] = {}
    for name, column in wide.items():
        place: dict[str, Any] = {}
        _define(f"def {name}() -> {kinds[column.dtype.kind]}: ...", place)
        environment[name] = policy_input(**bare)(place[name])
    place = {
        "BoolColumn": BoolColumn,
        "FloatColumn": FloatColumn,
        "IntColumn": IntColumn,
        "DEDUCT_PCT": DEDUCT_PCT,
        "SCPI_BP": SCPI_BP,
        "BP": BP,
        "np": np,
        "KEYS": d["std_region"] * 2 + d["std_urban"],
        "STANDARD": d["std_dibao_fen"] / 100,
        "EDGE": d["std_edge_bp"] / BP,
        "RIGID": d["std_rigid_bp"] / BP,
    }
    for name, (arguments, kind, body) in _TTSIM.items():
        _define(f"def {name}({arguments}) -> {kind}:\n    return {body}", place)
        given = place[name].__annotations__
        given |= {argument: alias[said.__name__] for argument, said in given.items()}
        environment[name] = policy_function(vectorization_strategy="not_required", **rule)(place[name])
    for name, part, kind in (("severe_hh", "severe_member", "int"), ("wages_hh", "earned", "float")):
        _define(f"def {name}({part}: {kind}, hh_id: int) -> {kind}: ...", place)
        environment[name] = agg_by_group_function(agg_type=AggType.SUM, **rule)(place[name])
    return environment, UnitSystem(currencies={"CNY": Currency(statutory_from="0001-01-01")})


def _define(source: str, place: dict[str, Any]) -> None:
    exec(compile(source, "<ttsim>", "exec", dont_inherit=True), place)


_TTSIM = {
    "place": ("region_code: int, urban: bool", "int", "np.searchsorted(KEYS, region_code * 2 + urban)"),
    "standard": ("place: int", "float", "STANDARD[place]"),
    "edge_multiple": ("place: int", "float", "EDGE[place]"),
    "rigid_share": ("place: int", "float", "RIGID[place]"),
    "severe_member": ("severe_disability: bool, severe_illness: bool", "int", "(severe_disability | severe_illness).astype(int)"),
    "earned": ("employed: bool, wage: float", "float", "employed * wage"),
    "counted": ("income: float, wages_hh: float", "float", "income - np.floor(wages_hh * DEDUCT_PCT + 0.5) / 100"),
    "need": ("standard: float, members: int", "float", "standard * members"),
    "dibao": ("property_ok: bool, counted: float, need: float", "bool", "property_ok & (counted < need)"),
    "edge": ("dibao: bool, property_ok: bool, counted: float, need: float, edge_multiple: float", "bool",
             "~dibao & property_ok & (counted < need * edge_multiple)"),
    "rigid": ("dibao: bool, edge: bool, counted: float, disp_income: float, members: int, expend: float, rigid_share: float", "bool",
              "~dibao & ~edge & (counted * 12 < disp_income * members) & (expend > counted * rigid_share)"),
    "per_head": ("standard: float", "float", "np.floor(standard * (SCPI_BP / BP) * 10 + 0.5) / 10"),
    "benefit": ("dibao: bool, edge: bool, need: float, counted: float, severe_hh: int, standard: float", "float",
                "np.where(dibao, np.ceil(need - counted), np.where(edge, severe_hh * standard, 0.0))"),
    "subsidy": ("dibao: bool, edge: bool, members: int, severe_hh: int, per_head: float", "float",
                "np.where(dibao, members * per_head, np.where(edge, severe_hh * per_head, 0.0))"),
    "category": ("dibao: bool, edge: bool, rigid: bool", "int", "np.where(dibao, 1, np.where(edge, 2, np.where(rigid, 3, 0)))"),
}  # fmt: skip

WORK = {"aidlib": work_aidlib, "openfisca": work_openfisca, "policyengine": work_policyengine, "ttsim": work_ttsim}


def serve(name: str, file: str) -> None:
    """Be one contestant: prepare, do the work once, then once more for every line that comes in."""
    data = dict(np.load(file))
    work = WORK[name](data)
    right, found = exact(data), work()
    scale = 1 if name == "aidlib" else 100
    wrong = found[0] != right[0]
    for mine, theirs in zip(found[1:], right[1:], strict=True):
        wrong |= np.rint(np.asarray(mine, float) * scale).astype(np.int64) != theirs
    print(json.dumps({"wrong": int(wrong.sum()), "numpy": np.__version__}), flush=True)
    for _ in sys.stdin:
        start, busy = time.perf_counter(), time.process_time()
        work()
        print(time.perf_counter() - start, time.process_time() - busy, flush=True)


def interpreter(name: str) -> Path:
    """Return a contestant's Python, installing a peer below `.venv` when it is not there."""
    if name == "aidlib":
        return Path(sys.executable)
    folder = HERE / ".venv" / PEERS[name]
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEERS[name]], check=True)
    return python


def version(name: str) -> str:
    """Return the version of a contestant that is installed."""
    ask = f"import importlib.metadata as m; print(m.version('{NAMES[name]}'))"
    return subprocess.run([interpreter(name), "-c", ask], check=True, capture_output=True, text=True).stdout.strip()


def compete(file: str, rounds: int) -> dict[str, dict[str, Any]]:
    """Let every contestant do the work once in every round, in turn."""
    running = {
        name: subprocess.Popen(
            [interpreter(name), __file__, "--worker", name, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in WORK
    }
    found = {name: json.loads(_line(each)) | {"wall": [], "cpu": []} for name, each in running.items()}
    for _ in range(rounds):
        for name, each in running.items():
            assert each.stdin is not None
            print("go", file=each.stdin, flush=True)
            for kind, took in zip(("wall", "cpu"), map(float, _line(each).split()), strict=True):
                found[name][kind].append(took)
    for each in running.values():
        assert each.stdin is not None
        each.stdin.close()
        each.wait()
    return found


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    if not (line := process.stdout.readline()):
        raise SystemExit("a contestant stopped; its own message stands above")
    return line


def small(rounds: int) -> dict[str, float]:
    """Measure one household explained, and what imports cost, in milliseconds of processor time."""
    household = (
        "{'urban': True, 'income_fen': 189400, 'property_ok': True, 'expend_fen': 0, 'persons': [{'age': 40, 'relation': 'applicant',"
        "'can_work': True, 'own_income_fen': 0, 'own_property_ok': True}]}"
    )
    told = (
        "import time; from aidlib import explain; h="
        + household
        + "; f=lambda: explain(h, '450400', '2026-09-01', stale=True); f();"
        "t=time.process_time(); [f() for _ in range(200)]; print((time.process_time()-t)/200)"
    )
    timed = "import time; t=time.process_time(); import {}; print(time.process_time()-t)"
    scripts = {"explain": told, "import aidlib": timed.format("aidlib"), "import pandas": timed.format("pandas")}
    runs: dict[str, list[float]] = {name: [] for name in scripts}
    for _ in range(rounds):
        for name, script in scripts.items():
            done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
            runs[name].append(float(done.stdout) * 1_000)
    return {name: statistics.median(times) for name, times in runs.items()}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--worker", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        return serve(*asked.worker)
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/families.npz"
        np.savez(file, **invented(asked.households))  # type: ignore[arg-type]
        found = compete(file, asked.rounds)
    took = {name: {kind: statistics.median(each[kind]) for kind in ("wall", "cpu")} for name, each in found.items()}
    ours = took["aidlib"]
    heads = (
        "engine",
        "version",
        "ms",
        "CPU ms",
        "households a second",
        "rows wrong",
        "aidlib is faster by",
        "by CPU time",
    )
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for name, each in took.items():
        cells = (
            NAMES[name], version(name), f"{each['wall'] * 1e3:.1f}", f"{each['cpu'] * 1e3:.1f}",
            f"{asked.households / each['wall'] / 1e6:.2f} million", f"{found[name]['wrong']:,}",
            *(f"{each[kind] / ours[kind]:.1f}" for kind in ("wall", "cpu")),
        )  # fmt: skip
        print(f"| {' | '.join(cells)} |")
    print("".join(f"\n{name}: {took:.2f} ms of processor time" for name, took in small(asked.rounds).items()))
    return None


if __name__ == "__main__":
    main()
