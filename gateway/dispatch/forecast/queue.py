"""What waits already, as crowds: it goes before, beside or behind what is asked about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.db.queued import Queued, queued_jobs
from gateway.dispatch.forecast.crowd import Crowd, Hours, Kind
from gateway.dispatch.forecast.people import HoursOf
from gateway.domain.consent import Asked
from gateway.domain.ids import LaneKey
from gateway.domain.lane import Lane
from gateway.domain.purpose import Purpose

PERSONS: Final = 200
"""Of a lane whose hours are looked up; the others are taken to be spread over the same ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueReader:
    """Reads the queue.

    Attributes:
        connection: where it is.
        hours_of: says when persons may be written to.
        began: the instant at which the play begins; UTC.
    """

    connection: Connection
    hours_of: HoursOf
    began: datetime
    _hours: dict[LaneKey, list[Hours | None]] = field(default_factory=lambda: defaultdict(list))
    _turns: Counter[LaneKey] = field(default_factory=Counter)

    def read(self) -> list[Crowd]:
        """Return what waits; much of it as an even sample that stands for all."""
        alike: Counter[Kind] = Counter()
        for job in queued_jobs(self.connection):
            alike[self._kind(job)] += job.weight
        return [kind.crowd(messages) for kind, messages in alike.items()]

    def _kind(self, job: Queued) -> Kind:
        return Kind(
            lane=job.lane,
            held_for=job.held_for,
            parts=job.parts,
            ready_at=max(0.0, self._seconds(job.not_before)),
            expires_at=self._seconds(job.expires_at),
            hours=self._when(job),
        )

    def _seconds(self, at: datetime) -> float:
        """Return seconds from the start, whole ones, so that many are alike."""
        return float((at - self.began).total_seconds() // 1)

    def _when(self, job: Queued) -> Hours | None:
        if job.purpose is not Purpose.MARKETING:
            return None
        known = self._hours[job.lane.key]
        if len(known) < PERSONS:
            known.append(self.hours_of(self.connection, _asked(job), self.began))
            return known[-1]
        self._turns[job.lane.key] += 1
        return known[self._turns[job.lane.key] % PERSONS]


def _asked(job: Queued) -> Asked:
    return Asked(
        store=job.lane.store,
        recipient=job.recipient,
        purpose=job.purpose,
        job=job.job,
        scope=job.scope,
        category=job.category,
    )


def lanes_of(crowds: Iterable[Crowd]) -> list[Lane]:
    """Return the lanes that crowds are in, each once."""
    return list({crowd.lane.key: crowd.lane for crowd in crowds}.values())
