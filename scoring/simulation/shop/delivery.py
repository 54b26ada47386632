"""How messages of a simulated shop arrive: what is lost, and how long reports take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.simulation.shop.filing import HOUR, SECOND
from scoring.simulation.shop.settings import DemoShop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATES: Final = ("delivered", "undelivered", "sent")
"""The last: no report came."""
SILENT: Final = 0.01
"""Share of what arrives of which no report comes."""
OFF_HOURS: Final = 5.0
"""Mean hours that a phone stays off."""
NIGHT: Final = (22, 7)
"""Between these hours thrice as many are off."""
GIVEN_UP: Final = 24 * HOUR
"""After so long the network reports what it could not deliver."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reports:
    """What came of messages.

    Attributes
    ----------
    state : ndarray of int64
        Place in `STATES`.
    delay : ndarray of int64
        Microseconds from sending to the report; without meaning where none came.
    tries : ndarray of int64
        How often each was handed to a modem.
    """

    state: Ints
    delay: Ints
    tries: Ints

    @property
    def delivered(self) -> Flags:
        """Which are reported delivered."""
        return self.state == 0

    @property
    def reported(self) -> Flags:
        """Of which any report came."""
        return self.state != 2


def lost_shares(shop: DemoShop) -> Floats:
    """Return the share of what a line sends that does not arrive, shape (lines, days, 24)."""
    share = np.array([line.lost for line in shop.lines])[:, None, None]
    share = np.tile(share, (1, shop.days, 24))
    share[:, :, shop.busy[0] : shop.busy[1]] += shop.busy_lost
    share += sickness(shop)[:, :, None]
    return np.minimum(share, 1.0)


def sickness(shop: DemoShop) -> Floats:
    """Return how much more than its usual share a line loses each day, shape (lines, days)."""
    grows = np.clip(np.arange(shop.days) - (shop.days - shop.sick_days), 0, None) / shop.sick_days
    sick = np.array([line.sick for line in shop.lines], dtype=float)
    return sick[:, None] * shop.sick_lost * grows


def report(shop: DemoShop, arrives: Flags, hour: Ints, rng: np.random.Generator) -> Reports:
    """Draw the reports of messages, of which it is known whether they arrive."""
    rows = len(arrives)
    silent = arrives & (rng.random(rows) < SILENT)
    state = np.where(silent, 2, np.where(arrives, 0, 1))
    delay = rng.lognormal(1.8, 0.6, rows) * SECOND
    night = (hour >= NIGHT[0]) | (hour < NIGHT[1])
    off = rng.random(rows) < shop.phone_off * np.where(night, 3, 1)
    delay += off * rng.exponential(OFF_HOURS, rows) * HOUR
    delay = np.where(arrives, delay, GIVEN_UP + delay)
    tries = 1 + (rng.random(rows) < np.where(arrives, 0.02, 0.15))
    return Reports(state=state, delay=delay.astype(np.int64), tries=tries.astype(np.int64))
