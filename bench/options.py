"""How large the runs are, and where they take place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

QUICKER = 20
"""How many times smaller a smoke run is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a subject needs to know."""

    directory: Path
    """Where databases are: on a disk, whose fsync is part of what is measured."""
    quick: bool = False
    """Only whether it works: small runs, whose figures say nothing."""

    def many(self, count: int, least: int = 1) -> int:
        """Return how many of something a run has."""
        return max(least, count // QUICKER) if self.quick else count

    def patience(self, messages: int, slowest: float) -> float:
        """Return the seconds after which a run is given up.

        Args:
            messages: of the run.
            slowest: messages a second below which nothing is worth waiting for.
        """
        return 60 + messages / slowest
