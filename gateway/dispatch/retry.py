"""What to do about a part that certainly was not sent: a pure function of its failure.

The outcomes that are in doubt are not retried here; see `gateway.dispatch.progress.DoubtPolicy`.
"""

from __future__ import annotations

import math
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


Decision = GiveUp | TryAgain


@dataclass(frozen=True, kw_only=True, slots=True)
class _Schedule:
    first: timedelta
    factor: float
    longest: timedelta
    tries: int

    def pause(self, tries: int) -> timedelta:
        return min(self.longest, self.first * math.pow(self.factor, tries))


_SCHEDULES: Final = {
    FailureClass.NETWORK: _Schedule(
        first=timedelta(seconds=5), factor=3, longest=timedelta(minutes=30), tries=8
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
"""NETWORK spans about two hours; BUSY outlasts a SIM that starts; DRIVER gets one fresh PDU,
and so does a "duplicate" of what was never repeated."""

FIRST_HOLD: Final = timedelta(seconds=15)
LONGEST_HOLD: Final = timedelta(minutes=15)
"""A line that the network or the SIM bars is asked again ever more seldom; asking a barred network
often can get a SIM blocked (MODEMS.md 5.9)."""

BRIEF_HOLD: Final = timedelta(seconds=2)
"""After a busy modem or a prompt that did not come."""

_REFUSED_BY_LINES: Final = _Schedule(
    first=timedelta(minutes=1), factor=5, longest=timedelta(minutes=30), tries=3
)
"""What a line refuses may be the message's own fault (a destination that this plan bars), so that
from its second refusal on it steps back longer than the line rests: others then go before it. It
is never given up for that, and these refusals use up no more than ``tries`` of its tries."""


def decide(failure: FailureClass | None, *, tries: int, refusals: int) -> Decision:
    """Return what becomes of a job whose part was not sent.

    Args:
        failure: the class of the modem's refusal; None when it did not say anything.
        tries: how often the job was put back before, for reasons that count.
        refusals: how many messages in a row the line could not send before this one.
    """
    if failure is FailureClass.PERMANENT:
        return GiveUp()
    if failure is None:
        return TryAgain(after=timedelta(0), counts=False, hold_line=BRIEF_HOLD)
    if failure is FailureClass.LINE:
        return _leave_line(tries, _hold(refusals))
    schedule = _SCHEDULES[failure]
    if tries >= schedule.tries:
        return GiveUp()
    return TryAgain(after=schedule.pause(tries), hold_line=_line_pause(failure, refusals))


def _leave_line(tries: int, hold: timedelta) -> TryAgain:
    """Another line may have the job at once; the same one has it again after other jobs."""
    counts = tries < _REFUSED_BY_LINES.tries
    if tries == 0:
        return TryAgain(after=timedelta(0), counts=counts, hold_line=hold)
    pause = _REFUSED_BY_LINES.pause(tries - 1)
    return TryAgain(after=hold + pause, counts=counts, hold_line=hold)


def _line_pause(failure: FailureClass, refusals: int) -> timedelta:
    if failure is FailureClass.BUSY:
        return BRIEF_HOLD
    return _hold(refusals - 1) if failure is FailureClass.NETWORK and refusals else timedelta(0)


def _hold(refusals: int) -> timedelta:
    return min(LONGEST_HOLD, FIRST_HOLD * math.pow(2, min(refusals, 10)))
