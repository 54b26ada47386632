"""Churn: P(no purchase in the next days), beside its baselines."""

from scoring.churn.model import ChurnModel
from scoring.churn.rfm import RFMClassifier
from scoring.churn.stack import Training, training_table

__all__ = ["ChurnModel", "RFMClassifier", "Training", "training_table"]
