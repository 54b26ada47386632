"""Exploration: a stated share of messages goes to slots drawn at random, with its probability.

Responsible for drawing, and for the probability that the log must keep. What is best is somebody
else's word; so is what is legal (`scoring.timing.windows`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Slots = NDArray[np.integer]

FIRST_SHARE = 0.10
LATER_SHARE = 0.05
FIRST_SENDS = 10
"""A shop's first ten sends explore more, since everything is still to be learned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """What was drawn for each person."""

    slot: Slots
    """The slot; -1 where none is allowed."""
    probability: Floats
    """How likely it was, as drawn; 1 where there was no choice, 0 where none is allowed."""
    candidates: Slots
    """How many slots were allowed."""


def share(sends: int) -> float:
    """Share to explore after so many sends.

    Examples
    --------
    >>> share(0), share(10)
    (0.1, 0.05)
    """
    return FIRST_SHARE if sends < FIRST_SENDS else LATER_SHARE


def draw(
    scores: Floats,
    allowed: NDArray[np.bool_] | None,
    explore: float,
    random: np.random.Generator,
) -> Draw:
    """Take the best allowed slot, or with probability `explore` any allowed one.

    Parameters
    ----------
    scores : ndarray of shape (people, slots)
        The higher, the better.
    allowed : ndarray of bool of shape (people, slots) or (slots,), optional
        Legal slots; what is best is looked for only among them.
    explore : float
        Share drawn evenly among the allowed ones.
    random : Generator
        Draws.

    Returns
    -------
    Draw
        With the probability (1 - explore) [slot is best] + explore / allowed slots.

    Raises
    ------
    ValueError
        `explore` is no share, or shapes differ.

    References
    ----------
    R. S. Sutton and A. G. Barto, "Reinforcement Learning", 2nd ed., 2.2 (epsilon-greedy).

    Examples
    --------
    >>> scores = np.array([[0.1, 0.9, 0.2], [0.3, 0.2, 0.1]])
    >>> legal = np.array([True, False, True])
    >>> drawn = draw(scores, legal, 0.1, np.random.default_rng(0))
    >>> drawn.slot, drawn.probability, drawn.candidates
    (array([2, 0]), array([0.95, 0.95]), array([2, 2]))
    """
    if not 0 <= explore <= 1:
        raise ValueError(f"explore is {explore}; it is a share between 0 and 1")
    scores = np.asarray(scores, dtype=float)
    legal = (
        np.ones_like(scores, bool) if allowed is None else np.broadcast_to(allowed, scores.shape)
    )
    candidates = legal.sum(1)
    best = np.where(legal, scores, -np.inf).argmax(1)
    any_slot = _any_allowed(legal, candidates, random)
    slot = np.where(random.random(len(scores)) < explore, any_slot, best)
    probability = (1 - explore) * (slot == best) + explore / np.maximum(candidates, 1)
    none = candidates == 0
    return Draw(
        slot=np.where(none, -1, slot),
        probability=np.where(none, 0.0, probability),
        candidates=candidates,
    )


def _any_allowed(legal: NDArray[np.bool_], candidates: Slots, random: np.random.Generator) -> Slots:
    """Number the allowed slots of each person, and take one of the numbers."""
    number = (random.random(len(legal)) * candidates).astype(int) + 1
    return (legal.cumsum(1) >= number[:, None]).argmax(1)
