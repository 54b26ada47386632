"""What an experiment drew and what came of it, checked once for everything that reads it.

Responsible for arrays; `scoring.uplift.experiment` makes them from the lake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Draw:
    """Who was treated, how likely that was, and what came of it; one row a draw.

    Attributes
    ----------
    outcome : ndarray of shape (n,)
        1 for who bought, or an amount.
    treated : ndarray of shape (n,), bool
        Whether the message was meant to go out, whatever became of it.
    probability : ndarray of shape (n,)
        Of being treated, inside of (0, 1).
    person : ndarray of shape (n,), int
        Who it was, counted from 0.
    """

    outcome: Array
    treated: NDArray[np.bool_]
    probability: Array
    person: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        outcome: ArrayLike,
        treatment: ArrayLike,
        *,
        probability: ArrayLike | float | None = None,
        persons: ArrayLike | None = None,
    ) -> Self:
        """Check the arrays of an experiment and take them up.

        Parameters
        ----------
        outcome, treatment : array-like of shape (n,)
            As the attributes; treatment is 0 or 1.
        probability : array-like of shape (n,) or float, optional
            As the attribute; without it everybody is taken to have had the same chance, which is
            then the share of the treated.
        persons : array-like of shape (n,), optional
            Without it every row counts as a person of its own.

        Raises
        ------
        ValueError
            An arm is empty, or a row cannot be used.
        """
        y = np.asarray(outcome, dtype=np.float64)
        if y.ndim != 1 or not y.size or not np.isfinite(y).all():
            raise ValueError("outcome: one finite number for each row is needed")
        treated = _treated(treatment, y.size)
        names = np.arange(y.size) if persons is None else np.asarray(persons)
        if names.shape != y.shape:
            raise ValueError(f"persons: its shape is {names.shape}, {y.shape} would fit outcome")
        return cls(
            outcome=y,
            treated=treated,
            probability=_probability(probability, treated),
            person=np.unique(names, return_inverse=True)[1].astype(np.int64),
        )

    @property
    def weight(self) -> Array:
        """1 / probability of the arm that was drawn, shape (n,)."""
        return 1.0 / np.where(self.treated, self.probability, 1.0 - self.probability)

    @property
    def relative_weight(self) -> Array:
        """`weight` by the mean probability of the arm: 1 where everybody had the same chance."""
        share = float(self.probability.mean())
        return self.weight * np.where(self.treated, share, 1.0 - share)

    @property
    def arms(self) -> tuple[int, int]:
        """How many rows are treated, and how many are controls."""
        there = int(self.treated.sum())
        return there, self.treated.size - there

    def rows(self, which: NDArray[np.intp]) -> Self:
        """Return the draw of some rows, with the probabilities that it had."""
        return type(self)(
            outcome=self.outcome[which],
            treated=self.treated[which],
            probability=self.probability[which],
            person=self.person[which],
        )


def _treated(treatment: ArrayLike, rows: int) -> NDArray[np.bool_]:
    drawn = np.asarray(treatment, dtype=np.float64)
    if drawn.shape != (rows,) or not np.isin(drawn, (0.0, 1.0)).all():
        raise ValueError(f"treatment: {rows:,} times 0 (control) or 1 (treated) is needed")
    there = int(drawn.sum())
    if there in (0, rows):
        empty = "control" if there else "treated"
        raise ValueError(
            f"treatment: nobody is in the {empty} arm, so there is nothing to compare with"
        )
    return drawn.astype(bool)


def _probability(given: ArrayLike | float | None, treated: NDArray[np.bool_]) -> Array:
    if given is None:
        return np.full(treated.size, treated.mean())
    chance = np.asarray(given, dtype=np.float64)
    if chance.ndim == 0:
        chance = np.full(treated.size, float(chance))
    missing = int(np.isnan(chance).sum())
    if missing:
        raise ValueError(
            f"probability: {missing:,} of {chance.size:,} rows have none; "
            "only draws whose probability was logged tell what a message causes"
        )
    if chance.shape != treated.shape or chance.min() <= 0 or chance.max() >= 1:
        raise ValueError(
            f"probability: {treated.size:,} numbers above 0 and below 1 are needed; "
            "who is always or never written to tells nothing"
        )
    return chance
