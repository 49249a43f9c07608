"""aidlib: the exact, cited arithmetic of China's social assistance (社会救助), and the reports made from it.

Everything here is imported when first used, so that `import aidlib` costs next to nothing.

Examples
--------
>>> import aidlib
>>> aidlib.region("450400").name_zh
'梧州市'
>>> aidlib.fen("62.5")
6250
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_FROM = {
    "Book": "aidlib.law",
    "Candidate": "aidlib.standards",
    "Candidates": "aidlib.standards",
    "Figures": "aidlib.indices",
    "Known": "aidlib.known",
    "Missing": "aidlib.known",
    "Reform": "aidlib.law.reform",
    "Rounding": "aidlib.money",
    "candidate_method": "aidlib.standards",
    "catching_up": "aidlib.studies.keep_up",
    "check_targets": "aidlib.standards",
    "coverage": "aidlib.studies.panel",
    "decide": "aidlib.prices.linkage",
    "dibao_standards": "aidlib.studies.panel",
    "example_family": "aidlib.studies.family",
    "evaluate": "aidlib.evaluation",
    "explain": "aidlib.rules.explain",
    "fen": "aidlib.money",
    "gap_workbook": "aidlib.additions.template",
    "household_lines": "aidlib.studies.households",
    "households": "aidlib.studies.households",
    "income_group_table": "aidlib.standards.eles",
    "invented_households": "aidlib.evaluation.teaching",
    "linkage_fill": "aidlib.studies.keep_up",
    "low_income_index": "aidlib.studies.low_income_index",
    "national_overview": "aidlib.evaluation.overview",
    "nearest_level": "aidlib.standards.levels",
    "linkage_months": "aidlib.prices.monthly",
    "linkage_outlook": "aidlib.prices.ahead",
    "newest_month": "aidlib.prices.monthly",
    "newest_year": "aidlib.evaluation",
    "panel": "aidlib.studies.panel",
    "published_low_income": "aidlib.studies.low_income_index",
    "price_linkage": "aidlib.prices.history",
    "read_register": "aidlib.register.reading",
    "region": "aidlib.regions:place",
    "rule_of_2016": "aidlib.studies.rule_of_2016",
    "search": "aidlib.studies.search",
    "standard_basis": "aidlib.standards",
    "standard_sandbox": "aidlib.studies.sandbox",
    "standard_rises": "aidlib.studies.keep_up",
    "start": "aidlib.page",
    "synthetic_population": "aidlib.register.synthetic",
    "tied_amounts": "aidlib.standards",
    "trigger_record": "aidlib.studies.trigger_record",
    "walkthrough": "aidlib.studies.family",
    "Simulation": "aidlib.studies.simulation",
    "SurveyDesign": "aidlib.evaluation.survey",
    "poverty": "aidlib.evaluation.survey",
    "targeting": "aidlib.evaluation.survey",
    "incidence": "aidlib.evaluation.survey",
    "workbench": "aidlib.studies.workbench",
    "yuan": "aidlib.money",
}
_ROOMS = ("evaluation", "law", "monitoring", "prices", "register", "rules", "standards")
__all__ = sorted([*_FROM, *_ROOMS, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _FROM:
        module, _, called = _FROM[name].partition(":")
        return getattr(import_module(module), called or name)
    if name in _ROOMS:
        return import_module(f"aidlib.{name}")
    near = "" if name.startswith("__") else import_module("aidlib.errors").nearest(name, __all__)
    raise AttributeError(
        f"module 'aidlib' has no attribute {name!r}; {f'try: {near}' if near else 'dir(aidlib) lists them'}"
    )


def __dir__() -> list[str]:
    return list(__all__)
