"""BG/NBD: how often a person buys until he stops, from three numbers and no labels."""

from scoring.bgnbd.model import BGNBD
from scoring.bgnbd.pace import Pace, observed_pace

__all__ = ["BGNBD", "Pace", "observed_pace"]
