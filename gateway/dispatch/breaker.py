"""The circuit breaker of one line: refused one message after the other, it stops (MODEMS.md 2a).

A line without credit, or one that the network has barred, would otherwise use up the tries of every
job. While its circuit is open nothing is claimed; when the pause is over one job tries, and its
success closes it. Pure: what a refusal means for its job is `gateway.dispatch.retry`, the pauses
grow there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gateway.domain.failures import FailureClass, is_cms
from gateway.domain.results import FinalResult

OPENS_AFTER: Final = 3
"""Refusals in a row; where the destination may be at fault, of so many destinations."""

LONE_TRIES: Final = 3
"""Tries of one message that a line refused while it sent others: the destination is at fault."""

_OF_THE_LINE: Final = frozenset({FailureClass.LINE, FailureClass.NETWORK, FailureClass.OUTAGE})

_NO_CREDIT: Final = frozenset({38})
"""CMS: what prepaid SIMs get when their credit is used up (gammu#64)."""


class CircuitState(StrEnum):
    """Whether a line may claim jobs."""

    CLOSED = "closed"
    OPEN = "open"
    """Not for now."""
    HALF_OPEN = "half_open"
    """One may try."""


@dataclass(kw_only=True, slots=True)
class Breaker:
    """What one SIM was refused, in whatever stick; used by the line that it is at work in."""

    refusals: int = 0
    """In a row, for what may be the line's fault."""
    held_until: float = 0.0
    """The loop's time, in seconds, before which the line takes no job."""
    is_open: bool = False
    """It is open or half open."""
    _general: int = 0
    _destinations: set[str] = field(default_factory=set)

    def state(self, now: float) -> CircuitState:
        """Return whether the line may claim jobs at ``now``, in the loop's time."""
        if not self.is_open:
            return CircuitState.CLOSED
        return CircuitState.HALF_OPEN if now >= self.held_until else CircuitState.OPEN

    def judge(
        self,
        failure: FailureClass | None,
        *,
        of_destination: bool,
        recipient: str,
        tries: int,
    ) -> FailureClass | None:
        """Count a refusal; return its class in the light of those before.

        What is refused for good to several destinations in a row is the line's fault, and what is
        refused again and again to one alone, while others are sent, is the destination's.

        Args:
            failure: the class of the refusal; None when the modem said nothing.
            of_destination: whether the recipient may be at fault as well as the line.
            recipient: whom the message was to reach.
            tries: how often its job was put back before.
        """
        lone = failure is FailureClass.PERMANENT and of_destination
        if failure not in _OF_THE_LINE and not lone:
            return failure
        if of_destination and self.refusals == 0 and tries >= LONE_TRIES:
            return FailureClass.PERMANENT
        self._count(recipient if of_destination else None)
        self.is_open = self.is_open or self._general + len(self._destinations) >= OPENS_AFTER
        return FailureClass.LINE if failure is FailureClass.PERMANENT and self.is_open else failure

    def hold(self, seconds: float, *, now: float) -> None:
        """Let the line rest from ``now`` on, in the loop's time."""
        self.held_until = now + seconds

    def close(self) -> None:
        """Take a message that was sent for the proof that the line works."""
        self.refusals = self._general = 0
        self._destinations.clear()
        self.is_open = False

    def _count(self, destination: str | None) -> None:
        self.refusals += 1
        if destination is None:
            self._general += 1
        elif len(self._destinations) < OPENS_AFTER:
            self._destinations.add(destination)


def explain(result: FinalResult | None, reason: str) -> str:
    """Return a sentence for the operator of a line that was stopped."""
    guess = "often no credit" if is_cms(result, _NO_CREDIT) else "credit, plan or a barred SIM?"
    return f"one message after the other is refused ({reason}; {guess}); its jobs wait"
