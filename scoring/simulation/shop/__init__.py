"""A shop of which everything is known, written as a lake: what the notebooks are shown on."""

from scoring.simulation.shop.settings import CAMPAIGNS, LINES, SLOTS, Campaign, DemoShop, Line
from scoring.simulation.shop.truth import Truth, read_truth

__all__ = ["CAMPAIGNS", "LINES", "SLOTS", "Campaign", "DemoShop", "Line", "Truth", "read_truth"]
