"""How well a line works: a score from 0 (not at all) to 1, and what pulls it down. Pure.

Each sign is a share of what could have gone well, with some good experience counted in from the
start: a line of which little is known is neither perfect nor bad, and one message more never moves
the score far. What is old counts less and less, so that a line that was left out is tried again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

HEALTHY: Final = 0.5
"""The score from which on a line is as good as any other; below it, others are preferred."""

_WORTH_SAYING: Final = 0.75
"""A factor of the score below which it is named as a reason."""

EXPECTED: Final = 0.9
"""What is assumed of a sign of which nothing is known."""

_PRIOR: Final = 10.0
"""How many messages such an assumption is worth."""

_WEAK_DBM: Final = -103.0
"""Halfway between a signal that always carries a message and one that never does: two bars of five
begin here, and 3GPP TS 45.005 asks receivers for -102 dBm."""

_STEP_DB: Final = 4.0
"""Fading moves a stick's signal by so much from one minute to the next."""

HALF_LIFE: Final = 1800.0
"""Seconds after which a message taken or refused counts half: an outage of an evening is forgotten
the next morning, and one of a minute does not shut a line out for the day."""


@dataclass(slots=True)
class Trials:
    """How many of the messages handed to a line it took, of late.

    Counted by the line at work on it, in seconds of its monotonic clock.
    """

    taken: float = 0.0
    lost: float = 0.0
    """Refused by the line or the network, or with an outcome that nobody knows."""
    at: float = 0.0

    def add(self, *, now: float, taken: int = 0, lost: int = 0) -> None:
        """Count what became of some messages."""
        self._fade(now)
        self.taken += taken
        self.lost += lost

    def of(self, now: float) -> tuple[float, float]:
        """Return how many were taken and lost, as they count at ``now``."""
        self._fade(now)
        return self.taken, self.lost

    def _fade(self, now: float) -> None:
        left = math.exp2(-max(0.0, now - self.at) / HALF_LIFE)
        self.taken, self.lost, self.at = self.taken * left, self.lost * left, max(now, self.at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What is known of a line."""

    signal_dbm: int | None = None
    """None: the modem does not know."""
    taken: float = 0.0
    lost: float = 0.0
    """Of what it was handed of late."""
    stopped: bool = False
    """Its circuit is open: it was refused one message after the other."""
    asked: int = 0
    """Reports that were due of late."""
    reported: int = 0
    """Those that came."""
    usual: float = EXPECTED
    """The share of reports that come on the lines of this box, 0.0 to 1.0: an operator that reports
    nothing at all speaks against none of them."""
    delivered: int = 0
    """Reports of a delivery among them."""
    prompt: int = 0
    """Those of these that came soon (`gateway.db.ratios`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """The score of a line, and why it is not better."""

    score: float
    why: tuple[str, ...] = ()
    """What pulls it down, the worst first, for the operator."""

    @property
    def good(self) -> bool:
        """Whether it is as good as any other line."""
        return self.score >= HEALTHY


@dataclass(frozen=True, kw_only=True, slots=True)
class _Factor:
    value: float
    why: str = field(compare=False)


def judge(signs: Signs) -> Health:
    """Return the health of a line.

    The factors are multiplied. Most have a floor, as they say little by themselves: a weak signal
    may carry a message, and a phone that is off delays a report, too.
    """
    factors = sorted(_factors(signs), key=lambda factor: factor.value)
    why = tuple(one.why for one in factors if one.value < _WORTH_SAYING)
    return Health(score=math.prod(one.value for one in factors), why=why)


def _factors(signs: Signs) -> Iterator[_Factor]:
    tried = signs.taken + signs.lost
    if signs.stopped:
        yield _Factor(value=0.2, why="stopped after refusals")
    yield _Factor(
        value=share(signs.taken, tried),
        why=f"{signs.lost:.0f} of the last {tried:.0f} messages not taken",
    )
    yield _Factor(
        value=_above(0.3, _signal(signs.signal_dbm)), why=f"signal {signs.signal_dbm} dBm"
    )
    yield _Factor(
        value=_above(0.4, _reporting(signs)),
        why=f"{signs.reported} of {signs.asked} reports came",
    )
    yield _Factor(
        value=_above(0.6, share(signs.prompt, signs.delivered)),
        why=f"{signs.delivered - signs.prompt} of {signs.delivered} deliveries reported late",
    )


def share(good: float, of: float) -> float:
    """Return how often something goes well, with what is expected before it was seen."""
    return (good + EXPECTED * _PRIOR) / (of + _PRIOR)


def _reporting(signs: Signs) -> float:
    """Return how well it is reported on, beside what is usual here."""
    return min(1.0, (signs.reported + _PRIOR) / (signs.asked * signs.usual + _PRIOR))


def _signal(dbm: int | None) -> float:
    return EXPECTED if dbm is None else 1 / (1 + math.exp((_WEAK_DBM - dbm) / _STEP_DB))


def _above(floor: float, value: float) -> float:
    return floor + (1 - floor) * value
