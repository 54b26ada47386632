"""A line as whoever chooses between lines sees it: what it may send, and how well it does."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.ids import LineId, ModemName
from gateway.domain.purpose import Purpose
from gateway.domain.tariff import FLAT, Tariff
from gateway.domain.terms import Bar


@dataclass(frozen=True, kw_only=True, slots=True)
class LineState:
    """One line that is at work on this node, at one moment."""

    line: LineId
    modem: ModemName
    """Who holds it."""
    routes: tuple[str, ...] = ()
    """Prefixes of recipients (E.164) that it serves; empty for all."""
    bars: tuple[Bar, ...] = ()
    """What it may not send."""
    pinned: bool = False
    """Whether it takes only jobs that are held for it, as a carrier does."""
    networks: frozenset[str] = frozenset()
    """Operators whose subscribers it is meant for; empty for all."""
    tags: frozenset[str] = frozenset()
    """What its operator calls it."""
    tariff: Tariff = FLAT
    """What its parts cost, in the gateway's currency."""
    per_second: float | None = None
    """Parts that it may send in a second; None for no limit."""
    health: float = 1.0
    """From 0, when nothing gets through, to 1."""
    stopped: bool = False
    """Whether it was refused one message after the other, and takes none for now."""
    resting: bool = False
    """Whether it was refused what it was handed last, and rests: nobody knows how it will go on."""
    backlog: int = 0
    """Parts of the job that it is at and has yet to hand over."""
    free_at: float = 0.0
    """Seconds on the loop's clock at which it is expected to be done with them, and to be allowed
    to go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """How many parts a line may still be handed within its budgets; None is no limit."""

    otp: int | None = None
    """Of the most urgent, for which a reserve may be kept."""
    rest: int | None = None

    def of(self, urgency: int) -> int | None:
        """Return how many parts of jobs of an urgency."""
        return self.otp if urgency == Purpose.OTP.urgency else self.rest


UNLIMITED = Left()
"""Of a line that has no budget."""
