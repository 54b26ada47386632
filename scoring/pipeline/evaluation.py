"""The evaluation: our models beside every baseline, on the same rows, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.errors import ScoringError
from scoring.pipeline.training import Tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """One table of figures.

    Attributes
    ----------
    store, name : str
    text : str
        For people.
    rows : list of dict
        For programs.
    """

    store: str
    name: str
    text: str
    rows: list[dict[str, Any]]


def evaluate(
    lake: str | Path,
    *,
    store: str | None = None,
    engine: str = "duckdb",
    horizon: int = 90,
    everything: bool = False,
    tell: Tell | None = None,
) -> Iterator[Evaluation]:
    """Yield tables of figures; churn first."""
    raise ScoringError("there is no evaluation yet")
