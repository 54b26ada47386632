"""The log of a policy: what was chosen, how likely that was, and what came of it.

Responsible for refusing what cannot be evaluated. Knows nothing of the policy to be valued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOOR: Final = 0.002
"""The least logged probability: below it one send would speak for more than 500 others."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Log:
    """Choices of a policy with their probabilities, one row a choice.

    Attributes
    ----------
    reward : ndarray of shape (n,), float
        What came of it: 1 for a click, or an amount.
    action : ndarray of shape (n,), int
        What was chosen, counted from 0.
    propensity : ndarray of shape (n,), float
        Probability with which the logging policy chose it, in [floor, 1].
    person : ndarray of shape (n,), int
        Who it was for, counted from 0; rows of one person depend on each other.

    Examples
    --------
    >>> log = Log.of([0, 1, 0], [2, 0, 2], [0.5, 0.25, 0.5], persons=["ann", "bob", "ann"])
    >>> log.persons
    2
    """

    reward: NDArray[np.float64]
    action: NDArray[np.int64]
    propensity: NDArray[np.float64]
    person: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        reward: ArrayLike,
        action: ArrayLike,
        propensity: ArrayLike,
        *,
        persons: ArrayLike | None = None,
        floor: float = FLOOR,
    ) -> Self:
        """Check the arrays of a log and take them up.

        Parameters
        ----------
        reward, action, propensity : array-like of shape (n,)
            As the attributes.
        persons : array-like of shape (n,), optional
            Names or numbers; without it every row counts as a person of its own.
        floor : float
            The least probability that is accepted.

        Raises
        ------
        ValueError
            An array is empty, of another length, or has a row that cannot be used.
        """
        rewards = np.asarray(reward, dtype=np.float64)
        if rewards.ndim != 1 or not rewards.size:
            raise ValueError(f"reward: one number for each row is needed, got {rewards.shape}")
        columns = {"action": np.asarray(action), "propensity": _numbers(propensity)}
        columns["persons"] = np.arange(rewards.size) if persons is None else np.asarray(persons)
        for name, column in columns.items():
            _check_length(name, column, rewards.size)
        if not np.isfinite(rewards).all():
            raise ValueError(f"reward: {np.sum(~np.isfinite(rewards)):,} rows are not finite")
        return cls(
            reward=rewards,
            action=_actions(columns["action"]),
            propensity=_propensities(columns["propensity"], floor),
            person=np.unique(columns["persons"], return_inverse=True)[1].astype(np.int64),
        )

    @property
    def rows(self) -> int:
        """How many choices there are."""
        return int(self.reward.size)

    @property
    def persons(self) -> int:
        """How many persons they were for."""
        return int(self.person.max()) + 1


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    """Return floats, with None as NaN."""
    return np.asarray(values, dtype=np.float64)


def _check_length(name: str, column: NDArray[np.generic], rows: int) -> None:
    if column.shape != (rows,):
        raise ValueError(f"{name}: its shape is {column.shape}, {(rows,)} would fit reward")


def _actions(values: NDArray[np.generic]) -> NDArray[np.int64]:
    whole = np.asarray(values, dtype=np.float64)
    if not (np.isfinite(whole).all() and (whole == np.floor(whole)).all() and whole.min() >= 0):
        raise ValueError("action: whole numbers from 0 are needed")
    return whole.astype(np.int64)


def _propensities(values: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    missing = int(np.isnan(values).sum())
    if missing:
        raise ValueError(
            f"propensity: {missing:,} of {values.size:,} rows have none; "
            "only sends whose probability was logged can be evaluated"
        )
    if not ((values > 0) & (values <= 1)).all():
        raise ValueError("propensity: probabilities above 0 and up to 1 are needed")
    if values.min() < floor:
        raise ValueError(
            f"propensity: the smallest is {values.min():.2g}, below {floor:g}; "
            "explore a larger share, so that no send speaks for too many"
        )
    return values
