"""Drift: is what a model meets now still what it was trained on, and does it still come true?

Figures and thresholds only; where the data and the cards come from is not its concern.
"""

from scoring.drift.levels import LEVEL, MOST_LOSS, Ageing, ageing, shift_of_level, worse
from scoring.drift.stability import MOST_PSI, moved, psi, reference

__all__ = [
    "LEVEL",
    "MOST_LOSS",
    "MOST_PSI",
    "Ageing",
    "ageing",
    "moved",
    "psi",
    "reference",
    "shift_of_level",
    "worse",
]
