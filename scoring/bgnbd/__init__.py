"""BG/NBD: how often a person buys until he stops, from three numbers and no labels."""

from scoring.bgnbd.model import BGNBD

__all__ = ["BGNBD"]
