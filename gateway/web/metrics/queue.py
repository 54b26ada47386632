"""Metrics of what waits: jobs, payloads for the broker, alarms. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.db.console.alarms import AlarmRecord, open_alarms
from gateway.db.console.depths import Depth, Wait, count_letters, read_depths, read_waits
from gateway.domain.ids import HOUSE
from gateway.domain.purpose import Purpose
from gateway.meter.family import Family, Metric, families

METRICS: Final = (
    Metric(
        name="queue_jobs",
        text="Jobs that are not done: accepted and deferred ones wait, and of unconfirmed ones "
        "nobody knows what became",
        labels=("store", "purpose", "state"),
    ),
    Metric(
        name="queue_parts",
        text="Parts of these jobs",
        labels=("store", "purpose", "state"),
    ),
    Metric(
        name="queue_oldest_ready_seconds",
        text="For how long the first ready job of a purpose could have gone",
        labels=("purpose",),
    ),
    Metric(
        name="queue_deadline_seconds",
        text="Until the first ready job of a purpose expires",
        labels=("purpose",),
    ),
    Metric(name="outbox_letters", text="Payloads that wait for the broker to take them"),
    Metric(
        name="alarms_open",
        text="Alarms that are on, of this gateway and of others on its database",
        labels=("kind", "severity"),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """What waits, as one look at the database finds it."""

    depths: Iterable[Depth]
    waits: Mapping[Purpose, Wait]
    letters: int
    alarms: Iterable[AlarmRecord]


def read_queue(connection: Connection) -> Queue:
    """Look what waits."""
    return Queue(
        depths=read_depths(connection),
        waits=read_waits(connection),
        letters=count_letters(connection),
        alarms=open_alarms(connection),
    )


def queue_families(queue: Queue, now: datetime) -> list[Family]:
    """Return the metrics of what waits."""
    made = families(METRICS)
    for depth in queue.depths:
        if depth.store == HOUSE:
            continue
        labels = (str(depth.store), depth.purpose.value, depth.state.value)
        made["queue_jobs"].add(depth.jobs, *labels)
        made["queue_parts"].add(depth.parts, *labels)
    for purpose in Purpose:
        wait = queue.waits.get(purpose)
        waited = 0.0 if wait is None else max(0.0, (now - wait.since).total_seconds())
        made["queue_oldest_ready_seconds"].add(waited, purpose.value)
        if wait is not None:
            left = (wait.expires_at - now).total_seconds()
            made["queue_deadline_seconds"].add(left, purpose.value)
    made["outbox_letters"].add(queue.letters)
    on = Counter((one.kind, one.severity.value) for one in queue.alarms)
    for name, number in on.items():
        made["alarms_open"].add(number, *name)
    return list(made.values())
