"""What a person who looks into the queue is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.jobs import insert_jobs
from gateway.db.listing import list_jobs
from gateway.db.parts import change_part, insert_parts, read_parts
from gateway.domain.ids import JobKey
from gateway.domain.job import NEVER, PartCounts
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState, Stage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def insert(connection: Connection, job: str, parts: list[PartState], **values: Any) -> JobKey:
    row: dict[str, Any] = {
        "store": "acme",
        "id": job,
        "digest": b"",
        "recipient": "+447700900123",
        "text": "hello",
        "purpose": Purpose.OTP,
        "urgency": 0,
        "report": True,
        "accepted_at": NOON,
        "not_before": NOON,
        "expires_at": NEVER,
        "state": JobState.ACCEPTED,
        "seq": 1,
        "stage": Stage.READY,
        "tries": 0,
    } | values
    [key] = insert_jobs(connection, [row])
    insert_parts(connection, [(key, "+447700900123", len(parts))])
    for part, state in zip(read_parts(connection, key), parts, strict=True):
        change_part(connection, part.key, state=state)
    return key


async def test_parts_are_counted_as_statuses_count_them(database: Database) -> None:
    states = list(PartState)
    await database.write(lambda db: insert(db, "a", states))

    [listed] = await database.read(list_jobs)

    assert listed.parts == PartCounts(total=len(states), sent=3, delivered=1)


async def test_the_newest_come_first_up_to_a_limit(database: Database) -> None:
    for name in ("a", "b", "c"):
        await database.write(lambda db, name=name: insert(db, name, [PartState.WAITING]))
    listed = await database.read(lambda db: list_jobs(db, limit=2))
    assert [job.id for job in listed] == ["c", "b"]


async def test_filters_hold_together(database: Database) -> None:
    one = [PartState.WAITING]
    await database.write(lambda db: insert(db, "a", one))
    await database.write(lambda db: insert(db, "a", one, store="other"))
    await database.write(lambda db: insert(db, "b", one, state=JobState.FAILED))

    async def ids(**wanted: Any) -> list[tuple[str, str]]:
        listed = await database.read(lambda db: list_jobs(db, **wanted))
        return [(job.store, job.id) for job in listed]

    assert await ids(id="a") == [("other", "a"), ("acme", "a")]
    assert await ids(id="a", store="acme") == [("acme", "a")]
    assert await ids(state=JobState.FAILED) == [("acme", "b")]
    assert await ids(state=JobState.FAILED, id="a") == []


async def test_a_job_without_a_deadline_has_none(database: Database) -> None:
    await database.write(lambda db: insert(db, "a", [PartState.WAITING], expires_at=NOON))
    await database.write(lambda db: insert(db, "b", [PartState.WAITING]))
    without, with_one = await database.read(list_jobs)
    assert (without.expires_at, with_one.expires_at) == (None, NOON)


@pytest.mark.parametrize(
    ("state", "report", "settled"),
    [
        (JobState.ACCEPTED, True, False),
        (JobState.SENT, True, False),
        (JobState.SENT, False, True),
        (JobState.UNCONFIRMED, False, False),
        (JobState.DELIVERED, True, True),
        (JobState.UNDELIVERED, True, True),
        (JobState.FAILED, False, True),
        (JobState.EXPIRED, True, True),
        (JobState.CANCELLED, True, True),
    ],
)
async def test_settled_is_when_no_more_is_told(
    database: Database, state: JobState, report: bool, settled: bool
) -> None:
    await database.write(
        lambda db: insert(db, "a", [PartState.WAITING], state=state, report=report)
    )
    [listed] = await database.read(list_jobs)
    assert listed.settled is settled
