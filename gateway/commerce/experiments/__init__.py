"""Who gets which arm, and what the difference is worth.

Assignment is a keyed hash, so that a person stays where they are without anything being kept;
significance is always valid, so that looking every day is allowed.
"""

from gateway.commerce.experiments.assignment import Draw, draw
from gateway.commerce.experiments.design import HOLDOUT, Arm, Design, DesignError

__all__ = ["HOLDOUT", "Arm", "Design", "DesignError", "Draw", "draw"]
