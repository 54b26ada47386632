"""The port by which all parts of the gateway tell what happened."""

from __future__ import annotations

from typing import Protocol

from gateway.domain.measures import Counted, Timed


class Meter(Protocol):
    """Counts and times; belongs to the event loop's thread.

    What happens in a transaction is noted there (`gateway.db.noting`), and told when it is
    committed. Labels are given in the order of `gateway.domain.measures`.
    """

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        """Count something that happened."""
        ...

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        """Note how long something took."""
        ...


class Silent:
    """Tells nobody."""

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        """Let it pass."""

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        """Let it pass."""
