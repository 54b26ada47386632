"""Churn: P(no purchase in the next days), beside its baselines."""

from scoring.churn.model import ChurnModel
from scoring.churn.rfm import RFMClassifier

__all__ = ["ChurnModel", "RFMClassifier"]
