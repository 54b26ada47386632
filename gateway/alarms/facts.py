"""What the rules look at: how everything stands at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.alarms.condition import Name
from gateway.domain.alarms import Alarm


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFact:
    """A modem or a carrier."""

    name: str
    ready: bool
    state: str
    """In a word."""
    trouble: str | None = None
    """What went wrong last."""
    alarms: tuple[Alarm, ...] = ()
    """What it says itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """How many of the reports that were asked for came in a time."""

    asked: int = 0
    reported: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.reported / self.asked if self.asked else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """The reports on what a line sent: lately, and before."""

    recent: Reports = Reports()
    past: Reports = Reports()


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueFact:
    """What waits for a line."""

    urgent: int = 0
    """Jobs that are no marketing; counted to some thousands."""
    waited: timedelta = timedelta(0)
    """How long the oldest of them could have gone."""
    due: int = 0
    """Jobs whose deadline is within `within`."""
    within: timedelta = timedelta(hours=1)
    capacity: float = 0.0
    """Parts that the lines in service send in that time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DiskFact:
    """The disk that the database is on."""

    free: int
    """Octets."""
    total: int
    reserve: int
    """At which nothing new is taken in."""
    lasts: timedelta | None = None
    """Until it is at the reserve, as it fills now; None: it does not, or too little is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopFact:
    """What the last test messages of a line came to."""

    line: str
    """The name of its modem."""
    sent_lost: int = 0
    """In a row, of what it sent, the newest among them."""
    received_lost: int = 0
    """In a row, of what was sent to it."""
    delay: timedelta | None = None
    """The shorter of the last two that arrived of what it sent; None while there are fewer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """How everything stands. What is not known is left out, and no rule says anything of it."""

    lines: tuple[LineFact, ...] = ()
    trends: Mapping[str, Trend] = field(default_factory=dict)
    """By the name of the modem."""
    queue: QueueFact | None = None
    disk: DiskFact | None = None
    broker: str | None = None
    """What is wrong with the broker."""
    database: str | None = None
    """What is wrong with the database."""
    jump: timedelta | None = None
    """By how much the clock was set lately."""
    backup: str | None = None
    """What is wrong with the backups."""
    copy: str | None = None
    """What waits in a restored copy."""
    loops: tuple[LoopFact, ...] = ()
    on: frozenset[Name] = frozenset()
    """The alarms that are on: to go off takes more than not to come on."""
