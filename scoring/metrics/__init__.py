"""What a prediction is judged by: its order, its level, and how sure one can be of both.

Class 1 is the event that is predicted (for churn: no purchase in the horizon). Nothing here knows
a model, a table or a shop.
"""

from scoring.metrics.calibration import (
    brier,
    calibration_table,
    expected_calibration_error,
    log_loss,
)
from scoring.metrics.intervals import Interval, draws, interval, paired_difference
from scoring.metrics.ranking import auc, lift, normalised_gini, spearman

__all__ = [
    "Interval",
    "auc",
    "brier",
    "calibration_table",
    "draws",
    "expected_calibration_error",
    "interval",
    "lift",
    "log_loss",
    "normalised_gini",
    "paired_difference",
    "spearman",
]
