"""How well the work was done: performance measured, adequacy, coverage, targeting, impact and the official form."""

from aidlib.evaluation.performance import Evaluation, evaluate, newest_year
from aidlib.rooms import opened

__all__ = [
    "Evaluation",
    "evaluate",
    "newest_year",
]

_FROM = {
    "Estimates": "survey",
    "SurveyDesign": "survey",
    "beta_convergence": "panel",
    "dea": "comparison",
    "entropy_weights": "comparison",
    "event_study": "events",
    "invented_households": "teaching",
    "national_overview": "overview",
    "panel_regression": "panel",
    "sigma_convergence": "panel",
    "theil": "ranking",
    "topsis": "comparison",
}
__getattr__, __dir__ = opened(__name__, _FROM)
