"""People whose truth is known, to tell how far a policy is from what could be had."""

from scoring.simulation.people import STRONG, WEAK, People, Setting, simulate

__all__ = ["STRONG", "WEAK", "People", "Setting", "simulate"]
