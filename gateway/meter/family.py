"""Metrics that are looked up when somebody asks, each with all its values at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

PREFIX = "shopbell_"


class Kind(Enum):
    """How a metric's values are meant."""

    GAUGE = "gauge"
    COUNTER = "counter"
    """Rises, and begins anew when the gateway does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """What a metric is: its name without `PREFIX`, and of a counter without ``_total``."""

    name: str
    text: str
    """A sentence without its full stop."""
    labels: tuple[str, ...] = ()
    kind: Kind = Kind.GAUGE


@dataclass(slots=True)
class Family:
    """A metric with its values."""

    metric: Metric
    rows: list[tuple[tuple[str, ...], float]] = field(default_factory=list)

    def add(self, value: float | None, *labels: str) -> None:
        """Give the value of a set of labels; None is no value."""
        if value is not None:
            self.rows.append((labels, float(value)))


def families(metrics: Sequence[Metric]) -> dict[str, Family]:
    """Return metrics without values, by their names."""
    return {metric.name: Family(metric) for metric in metrics}
