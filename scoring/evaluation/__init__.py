"""How good the models are: ours beside every baseline, on the same rows, with intervals."""

from scoring.evaluation.churn import evaluate_churn
from scoring.evaluation.report import ChurnReport

__all__ = ["ChurnReport", "evaluate_churn"]
