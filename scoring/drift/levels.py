"""Whether predictions came true: their sum against what came, and their order against before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from scoring.metrics import auc

MOST_LOSS: Final = 0.04
"""Of AUC: twice what the season alone moves it by in a shop that was measured."""

LEVEL: Final = (0.8, 1.25)
"""Sum of predictions over sum of what came: outside of it the level is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ageing:
    """How predictions did that have come of age."""

    rows: int
    auc: float | None
    """None: everybody did the same."""
    error: float | None
    """Standard error of ``auc``."""
    level: float | None
    """Sum of predictions over sum of what came; None: nothing came."""


def ageing(actual: ArrayLike, predicted: ArrayLike) -> Ageing:
    """Hold predictions against what came.

    Parameters
    ----------
    actual, predicted : array-like of shape (n,)
        0 or 1, and P(1).

    Examples
    --------
    >>> ageing([0, 1, 1, 0], [0.2, 0.9, 0.7, 0.2])
    Ageing(rows=4, auc=1.0, error=0.0, level=1.0)
    """
    came = np.asarray(actual, dtype=float)
    said = np.asarray(predicted, dtype=float)
    ones = int(came.sum())
    order = float(auc(came, said)) if 0 < ones < len(came) else None
    return Ageing(
        rows=len(came),
        auc=order,
        error=None if order is None else _error(order, ones, len(came) - ones),
        level=shift_of_level(came, said),
    )


def worse(before: float, now: Ageing) -> bool:
    """Tell whether the order is worse than it was by more than `MOST_LOSS`, and than chance.

    Parameters
    ----------
    before : float
        AUC.
    now : Ageing

    Examples
    --------
    >>> worse(0.80, Ageing(rows=5000, auc=0.70, error=0.01, level=1.0))
    True
    >>> worse(0.80, Ageing(rows=50, auc=0.70, error=0.08, level=1.0))  # too few to tell
    False
    """
    if now.auc is None or now.error is None:
        return False
    return before - now.auc > max(MOST_LOSS, 2 * now.error)


def _error(auc: float, ones: int, zeros: int) -> float:
    """Return the standard error of an AUC (Hanley, McNeil: Radiology 143 (1982) 29-36)."""
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return float(np.sqrt(max(spread, 0.0) / (ones * zeros)))


def shift_of_level(actual: ArrayLike, predicted: ArrayLike) -> float | None:
    """Return the sum of predictions over the sum of what came; None where nothing came."""
    came = float(np.sum(actual))
    return float(np.sum(predicted)) / came if came > 0 else None
