"""The performance report: what its notebook calls, section by section."""

from aidlib.reports.performance_evaluation.closing import show_close
from aidlib.reports.performance_evaluation.evaluation import Evaluation, open_evaluation
from aidlib.reports.performance_evaluation.sections import (
    show_candidates,
    show_finding,
    show_form,
    show_linkage,
    show_standards,
    show_work,
)
from aidlib.reports.performance_evaluation.sections_simulated import (
    show_impact,
    show_population,
    show_robustness,
    show_targeting,
)

__all__ = [
    "Evaluation",
    "open_evaluation",
    "show_candidates",
    "show_close",
    "show_finding",
    "show_form",
    "show_impact",
    "show_linkage",
    "show_population",
    "show_robustness",
    "show_standards",
    "show_targeting",
    "show_work",
]
