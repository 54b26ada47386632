"""How many persons an experiment needs, and what it can find with those that there are. Pure.

Of the test in `gateway.commerce.experiments.sequential`, whose freedom to look at any time costs
about twice the persons of a test with one look at the end, where the difference is as small as was
asked for; where it is larger, it is found long before.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from gateway.commerce.experiments.sequential import ALPHA, LEAST_PERSONS, boundary

POWER: Final = 0.8
"""How often a difference of the size that was asked for is found."""

MOST: Final = 10**9
"""More persons than any store has."""

_FINEST: Final = 1e-6


def needed(
    baseline: float, lift: float, share: float, other: float, *, alpha: float = ALPHA
) -> int:
    """Return how many persons the experiment needs in all.

    Args:
        baseline: the share of persons who buy without it, above 0 and below 1.
        lift: by how much that rises, of itself: 0.1 is from 5 % to 5.5 %.
        share: of the persons, who get it.
        other: of the persons, who do not; the rest is in other arms.
        alpha: for this comparison.

    Returns:
        `MOST` where no store has enough.

    Raises:
        ValueError: a share is none.
    """
    _require_shares(baseline, share, other)
    raised = min(1.0, baseline * (1 + lift))
    low, high = 2 * LEAST_PERSONS, MOST
    if not _finds(high, baseline, raised, share, other, alpha):
        return MOST
    while low < high:
        middle = (low + high) // 2
        if _finds(middle, baseline, raised, share, other, alpha):
            high = middle
        else:
            low = middle + 1
    return high


def detectable(
    baseline: float, persons: int, share: float, other: float, *, alpha: float = ALPHA
) -> float | None:
    """Return the least lift that so many persons show; None where they show none at all.

    Args:
        baseline: as `needed` has it.
        persons: in all.
        share: as `needed` has it.
        other: as `needed` has it.
        alpha: for this comparison.

    Raises:
        ValueError: a share is none.
    """
    _require_shares(baseline, share, other)
    low, high = 0.0, 1 / baseline - 1
    if not _finds(persons, baseline, 1.0, share, other, alpha):
        return None
    while high - low > _FINEST:
        middle = (low + high) / 2
        if _finds(persons, baseline, baseline * (1 + middle), share, other, alpha):
            high = middle
        else:
            low = middle
    return high


def _finds(
    persons: int, baseline: float, raised: float, share: float, other: float, alpha: float
) -> bool:
    """Tell whether a difference is found by the end, often enough."""
    given, left = persons * share, persons * other
    if min(given, left) < LEAST_PERSONS:
        return False
    error = math.sqrt(raised * (1 - raised) / given + baseline * (1 - baseline) / left)
    reach = boundary(round(given + left), alpha) + NormalDist().inv_cdf(POWER)
    return raised - baseline >= error * reach


def _require_shares(baseline: float, share: float, other: float) -> None:
    if not 0 < baseline < 1:
        raise ValueError(f"the baseline is {baseline}; right: above 0 and below 1")
    if min(share, other) <= 0 or share + other > 1 + _FINEST:
        raise ValueError(f"the shares are {share} and {other}; right: above 0, together 1 at most")
