"""Pictures: each a function that takes a table and returns a Plotly figure, all in one look."""

from scoring.plots import campaigns, churn, customers, delivery, experiments, offers, timing
from scoring.plots.template import figure

__all__ = [
    "campaigns",
    "churn",
    "customers",
    "delivery",
    "experiments",
    "figure",
    "offers",
    "timing",
]
