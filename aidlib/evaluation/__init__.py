"""How well the work was done: performance measured, adequacy, coverage, targeting, impact and the official form."""

from aidlib.evaluation.performance import Evaluation, evaluate, newest_year

__all__ = ["Evaluation", "evaluate", "newest_year"]
