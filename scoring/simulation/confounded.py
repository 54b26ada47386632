"""A send log in which the engaged get the good hours, so that its averages lie.

Responsible for a log whose every truth is known. What a slot is worth is told far too high by the
plain average of its sends, since those who click anyway were sent to in the evening.

Assumptions, since the measured baseline (SCORING.md 5.5) gives its size, its truth and its errors
but not its settings: contacts have one log-normal engagement each, known to who evaluates; a click
has probability base x slot x engagement; the logging policy prefers the evening for the engaged
and the day for the others, and explores a share of its sends. The spread of the engagement, the
strength of the preference and the share were set so that the plain average errs by about 0.025 and
inverse propensity weighting by about 0.0057, as measured there. Neither the number of contacts nor
the shape of the engagement can be known from those figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SLOTS: Final = 14
"""The hours 8 to 21."""

SLOT: Final = 11
"""The one to be valued: 19 o'clock."""

TRUTH: Final = 0.0736
"""Click rate if everybody were sent to in `SLOT`."""

EXPLORED: Final = 0.10
"""Share of sends in a slot drawn evenly."""

_EVENING: Final = 9
"""First evening slot: 17 o'clock."""

_DAY: Final = 0.8
"""A slot of the day, by an evening one."""

_SPREAD: Final = 0.46
"""Standard deviation of the logarithm of the engagement."""

_PREFERENCE: Final = 3.0
"""How much the log-odds of an evening slot rise by each standard deviation of engagement."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ConfoundedLog:
    """A log and what is true of it.

    Attributes
    ----------
    reward, action, propensity, person : ndarray of shape (n,)
        As in `scoring.offpolicy.Log`.
    engagement : ndarray of shape (n,)
        The confounder: logarithm of how readily the contact clicks, standardised.
    """

    reward: Array
    action: NDArray[np.int64]
    propensity: Array
    person: NDArray[np.int64]
    engagement: Array


def confounded_log(
    sends: int = 50_000,
    *,
    contacts: int = 10_000,
    random_state: int | np.random.Generator | None = None,
) -> ConfoundedLog:
    """Simulate a confounded log.

    Parameters
    ----------
    sends : int
        Rows, spread evenly over the contacts.
    contacts : int
        How many there are; each keeps its engagement over all its sends.
    random_state : int, Generator or None
        Seed.

    Returns
    -------
    ConfoundedLog

    Examples
    --------
    >>> log = confounded_log(20_000, random_state=0)
    >>> bool(log.reward[log.action == SLOT].mean() > TRUTH + 0.01)
    True
    """
    rng = np.random.default_rng(random_state)
    person = np.arange(sends) % contacts
    engagement = rng.normal(size=contacts)[person]
    odds = _probabilities(engagement)
    action = (rng.random((sends, 1)) > odds.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return ConfoundedLog(
        reward=(rng.random(sends) < _click_rate(engagement, action)).astype(np.float64),
        action=action,
        propensity=odds[np.arange(sends), action],
        person=person,
        engagement=engagement,
    )


def _probabilities(engagement: Array) -> Array:
    """Return how likely each slot is for each row, shape (n, slots)."""
    wish = np.zeros((len(engagement), SLOTS))
    wish[:, _EVENING:] = _PREFERENCE * engagement[:, None]
    liked = np.exp(wish - wish.max(axis=1, keepdims=True))
    liked /= liked.sum(axis=1, keepdims=True)
    return (1 - EXPLORED) * liked + EXPLORED / SLOTS


def _click_rate(engagement: Array, action: NDArray[np.int64]) -> Array:
    slot = np.where(action >= _EVENING, 1.0, _DAY)
    readiness = np.exp(_SPREAD * engagement - _SPREAD**2 / 2)
    return np.minimum(TRUTH * slot * readiness, 1.0)
