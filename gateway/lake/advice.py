"""Advice for those who know numbers: who to write to, when and about what.

What is stale, or was never given, is absent: an absent score changes nothing but the timing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.db import Database, Reader
from gateway.db.scores import read_scores
from gateway.domain.clock import Clock
from gateway.domain.score import Score
from scoring.pseudonym import pseudonym


class Advice:
    """Looks scores up by numbers.

    Args:
        database: where they are.
        clock: tells what is stale.
        key: of the pseudonyms, see `gateway.db.key`.
    """

    def __init__(self, database: Database | Reader, clock: Clock, key: bytes) -> None:
        self._database = database
        self._clock = clock
        self._key = key

    async def about(self, store: str, numbers: Sequence[str]) -> Mapping[str, Score]:
        """Return what is advised about persons of a store, by their numbers in E.164.

        Raises:
            StorageError: the database cannot be read.
        """
        names = {pseudonym(self._key, "person", number): number for number in numbers}
        now = self._clock.now()
        found = await self._database.read(lambda c: read_scores(c, store, list(names), now))
        return {names[person]: score for person, score in found.items()}
