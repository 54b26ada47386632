"""What a policy would have earned, from the log of another one.

The log must say how likely each of its choices was; what no one logged cannot be put right later.
`evaluate` values one policy, `compare` tells one from another, `predict_rewards` makes the model
of rewards that the direct method and the doubly robust estimators need.
"""

from scoring.offpolicy.estimate import Comparison, Estimate, compare, evaluate
from scoring.offpolicy.estimators import ESTIMATORS, Estimator
from scoring.offpolicy.log import FLOOR, Log
from scoring.offpolicy.rewards import predict_rewards
from scoring.offpolicy.weights import ENOUGH, effective_size, importance_weights

__all__ = [
    "ENOUGH",
    "ESTIMATORS",
    "FLOOR",
    "Comparison",
    "Estimate",
    "Estimator",
    "Log",
    "compare",
    "effective_size",
    "evaluate",
    "importance_weights",
    "predict_rewards",
]
