"""When a transaction that was undone by no fault of its own is tried again, and how soon."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from gateway.db.failures import is_busy, is_contended, is_lost, may_be_overtaken

BUSY_LIMIT: Final = 60.0
"""Seconds for which a group waits while another holds the database."""

LOST_LIMIT: Final = 10.0
"""Seconds for which a group waits for a server that does not answer: it has restarted by then. Then
its callers are told, of whom each knows best what to do."""

CONTENDED_LIMIT: Final = 10
"""Times that it is begun again for the sake of another's."""

FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
"""Seconds between two looks for a server, each time about twice as long."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Retrial:
    """How often and for how long one group was tried."""

    begun: float = field(default_factory=monotonic)
    contended: int = 0
    overtaken: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff())

    def pause(self, error: DBAPIError) -> float | None:
        """Return how many seconds to wait before the next try; None: there is none."""
        waited = monotonic() - self.begun
        if is_busy(error):
            return self._wait("database_busy", 0.0, waited, BUSY_LIMIT)
        if is_lost(error):
            return self._wait("database_lost", self.backoff.next(), waited, LOST_LIMIT)
        if is_contended(error):
            self.contended += 1
            return random.uniform(0, 0.01) if self.contended <= CONTENDED_LIMIT else None  # noqa: S311
        if may_be_overtaken(error) and not self.overtaken:
            self.overtaken = True
            return 0.0
        return None

    def _wait(self, what: str, pause: float, waited: float, limit: float) -> float | None:
        if waited > limit:
            return None
        log.warning(what, waited_seconds=round(waited, 1))
        return pause


@dataclass(slots=True)
class Backoff:
    """Pauses that grow, and are never the same for two gateways."""

    longest: float = FIRST_PAUSE

    def next(self) -> float:
        """Return the next one, in seconds."""
        pause = random.uniform(self.longest / 2, self.longest)  # noqa: S311 -- no secret
        self.longest = min(self.longest * 2, LONGEST_PAUSE)
        return pause
