"""Smoothing over the hours of a day.

Responsible for the kernel that lets an event at 10 h speak for 9 h and 11 h too. What is smoothed,
and how much of it is believed, is decided by `scoring.timing.model`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def kernel(slots: int, width: float, curve: Floats | None = None) -> Floats:
    """Weights with which an event in one slot counts in every other.

    Parameters
    ----------
    slots : int
        Slots of the circle; the last lies beside the first.
    width : float
        Standard deviation of the Gaussian, in slots; 0: every event counts where it is.
    curve : ndarray of shape (slots,), optional
        The shop's curve. Weights follow its square root, so that an event at the hour of opening
        does not speak for the hour before.

    Returns
    -------
    ndarray of shape (slots, slots)
        Row: where the event is; column: where it counts; rows sum to 1.

    Examples
    --------
    >>> kernel(4, 1.0).round(2)
    array([[0.43, 0.26, 0.06, 0.26],
           [0.26, 0.43, 0.26, 0.06],
           [0.06, 0.26, 0.43, 0.26],
           [0.26, 0.06, 0.26, 0.43]])
    """
    if width <= 0:
        return np.eye(slots)
    steps = np.abs(np.subtract.outer(np.arange(slots), np.arange(slots)))
    weights = np.exp(-0.5 * (np.minimum(steps, slots - steps) / width) ** 2)
    if curve is not None:
        weights = weights * np.sqrt(curve)
    return shares(weights)


def shares(counts: Floats) -> Floats:
    """Divide by the sum of the last axis; where that is 0, all are equal.

    Examples
    --------
    >>> shares(np.array([[1.0, 3.0], [0.0, 0.0]]))
    array([[0.25, 0.75],
           [0.5 , 0.5 ]])
    """
    total = counts.sum(-1, keepdims=True)
    equal = np.full_like(counts, 1 / counts.shape[-1])
    return np.divide(counts, total, out=equal, where=total > 0)
