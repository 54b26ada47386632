"""What to do about a part that certainly was not sent: a pure function of its failure.

The outcomes that are in doubt are not retried here; see `gateway.dispatch.progress.DoubtPolicy`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gateway.domain.failures import FailureClass


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveUp:
    """The message can never be sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TryAgain:
    """The job goes back into the queue."""

    after: timedelta
    counts: bool = True
    """Whether the try counts against the job."""
    hold_line: timedelta = timedelta(0)
    """How long the line takes no other job."""
    leaves_line: bool = False
    """Whether other lines may have the job, were it held for the one that refused it."""


Decision = GiveUp | TryAgain


@dataclass(frozen=True, kw_only=True, slots=True)
class _Schedule:
    first: timedelta
    factor: float
    longest: timedelta
    tries: int

    def pause(self, tries: int) -> timedelta:
        return min(self.longest, self.first * math.pow(self.factor, min(tries, self.tries)))


_SCHEDULES: Final = {
    FailureClass.NETWORK: _Schedule(
        first=timedelta(seconds=5), factor=3, longest=timedelta(minutes=30), tries=8
    ),
    FailureClass.OUTAGE: _Schedule(
        first=timedelta(seconds=30), factor=4, longest=timedelta(hours=1), tries=6
    ),
    FailureClass.BUSY: _Schedule(
        first=timedelta(seconds=2), factor=1.5, longest=timedelta(seconds=30), tries=20
    ),
    FailureClass.DRIVER: _Schedule(
        first=timedelta(seconds=1), factor=1, longest=timedelta(seconds=1), tries=1
    ),
    FailureClass.DUPLICATE: _Schedule(
        first=timedelta(seconds=1), factor=1, longest=timedelta(seconds=1), tries=1
    ),
    FailureClass.UNKNOWN: _Schedule(
        first=timedelta(seconds=5), factor=3, longest=timedelta(minutes=5), tries=3
    ),
}
"""NETWORK spans about two hours; OUTAGE some three, in few tries, for which a standard says that
others soon after are in vain; BUSY outlasts a SIM that starts; DRIVER gets one fresh PDU, and so
does a "duplicate" of what was never repeated."""

COLLISIONS: Final = 4
"""Tries after which a collision is taken for the network's fault."""

SHORTEST_COLLISION: Final = timedelta(seconds=5)
LONGEST_COLLISION: Final = timedelta(seconds=30)
"""Chance decides in between, so that what collided once does not collide again (MODEMS.md 2.11)."""

FIRST_HOLD: Final = timedelta(seconds=15)
LONGEST_HOLD: Final = timedelta(minutes=15)
"""A line that the network or the SIM bars is asked again ever more seldom; asking a barred network
often can get a SIM blocked (MODEMS.md 5.9)."""

_OF_THE_NETWORK: Final = frozenset({FailureClass.NETWORK, FailureClass.OUTAGE})

BRIEF_HOLD: Final = timedelta(seconds=2)
"""After a busy modem or a prompt that did not come."""

_REFUSED_BY_LINES: Final = _Schedule(
    first=timedelta(minutes=1), factor=5, longest=timedelta(minutes=30), tries=3
)
"""What a line refuses may be the message's own fault (a destination that this plan bars), so that
from its second refusal on it steps back longer than the line rests: others then go before it. It
is never given up for that, and these refusals use up no more than ``tries`` of its tries."""


def decide(
    failure: FailureClass | None,
    *,
    tries: int,
    refusals: int,
    stopped: bool = False,
    chance: Callable[[], float] = random.random,
) -> Decision:
    """Return what becomes of a job whose part was not sent.

    Args:
        failure: the class of the modem's refusal; None when it did not say anything.
        tries: how often the job was put back before, for reasons that count.
        refusals: how many messages in a row the line could not send before this one.
        stopped: the line's circuit is open: what it refuses costs no job a try.
        chance: gives from 0.0 to 1.0; another one in tests.
    """
    if failure is FailureClass.PERMANENT:
        return GiveUp()
    if failure is None:
        return TryAgain(after=timedelta(0), counts=False, hold_line=BRIEF_HOLD)
    if failure is FailureClass.LINE:
        return _leave_line(tries, _hold(refusals))
    if failure is FailureClass.COLLISION:
        if tries < COLLISIONS:
            spread = (LONGEST_COLLISION - SHORTEST_COLLISION) * chance()
            return TryAgain(after=SHORTEST_COLLISION + spread, hold_line=SHORTEST_COLLISION)
        failure = FailureClass.NETWORK
    schedule, pause = _SCHEDULES[failure], _line_pause(failure, refusals)
    if stopped and failure in _OF_THE_NETWORK:
        return TryAgain(after=pause + schedule.pause(tries), counts=False, hold_line=pause)
    if tries >= schedule.tries:
        return GiveUp()
    return TryAgain(after=schedule.pause(tries), hold_line=pause)


def _leave_line(tries: int, hold: timedelta) -> TryAgain:
    """Another line may have the job at once; the same one has it again after other jobs."""
    counts = tries < _REFUSED_BY_LINES.tries
    if tries == 0:
        return TryAgain(after=timedelta(0), counts=counts, hold_line=hold, leaves_line=True)
    pause = _REFUSED_BY_LINES.pause(tries - 1)
    return TryAgain(after=hold + pause, counts=counts, hold_line=hold, leaves_line=True)


def _line_pause(failure: FailureClass, refusals: int) -> timedelta:
    if failure is FailureClass.BUSY:
        return BRIEF_HOLD
    return _hold(refusals - 1) if failure in _OF_THE_NETWORK and refusals else timedelta(0)


def _hold(refusals: int) -> timedelta:
    return min(LONGEST_HOLD, FIRST_HOLD * math.pow(2, min(refusals, 10)))
