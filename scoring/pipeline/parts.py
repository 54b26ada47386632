"""What every model of the pipeline is to it: a part that is trained, and that scores blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from scoring.files import ModelCard
from scoring.pipeline.ground import Ground


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Some people, to be scored at once.

    Attributes
    ----------
    people : Index of str
    rows : ndarray of int
        Theirs in `Ground.people`.
    X : DataFrame or None
        Their features, in their order; None: they did not buy within the year.
    """

    people: pd.Index
    rows: np.ndarray
    X: pd.DataFrame | None


Columns = Mapping[str, Any]
"""Columns of `scoring.schema.SCORES`, a row a person of the block."""


class Part(Protocol):
    """One model of the pipeline."""

    name: str
    """Names its folder and its card."""

    def train(self, ground: Ground) -> tuple[Any, ModelCard]:
        """Fit it, and look at how good it is on rows that it had not seen.

        Raises
        ------
        NotEnoughDataError
            There is too little to learn from.
        """
        ...

    def scorer(self, model: Any, ground: Ground) -> Callable[[Block], Columns]:
        """Return what scores blocks with a model of `train`."""
        ...


@runtime_checkable
class Ranking(Part, Protocol):
    """The part whose predictions are held against what came: churn."""

    def predict(self, model: Any, X: pd.DataFrame, day: date) -> np.ndarray:
        """P(no purchase within the horizon after a day), a row a person."""
        ...
