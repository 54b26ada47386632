"""The counts are those of the jobs, whatever happened on the way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from support.statements import overheard

from gateway.db import Database
from gateway.db.archive import archive_jobs, recall_job
from gateway.db.counts import count_jobs, count_move, fold_counts, kind_of, read_counts, recount
from gateway.db.jobs import change_job, insert_jobs
from gateway.db.parts import insert_parts
from gateway.db.retiring import retire_jobs
from gateway.db.spent import SpentJobs
from gateway.db.tables import JOB_COUNTS, SHEAVES
from gateway.domain.ids import JobKey, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, Stage
from tests.db.conftest import Behind, Brake

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=60)
SPENT = SpentJobs([b"k" * 32])
STATES = list(JobState)


class TornError(Exception):
    """What takes a change back."""


def add(connection: Connection, name: str, store: str = "acme", parts: int = 1) -> JobKey:
    """Write a job as admission does; the day follows from its name."""
    at = NOON + timedelta(days=len(name) % 3)
    row = {
        "store": store,
        "id": name,
        "digest": b"",
        "recipient": "+447700900123",
        "text": "hello",
        "purpose": Purpose.OTP,
        "urgency": 0,
        "report": True,
        "accepted_at": at,
        "not_before": at,
        "expires_at": at,
        "state": JobState.ACCEPTED,
        "seq": 1,
        "stage": Stage.READY,
        "tries": 0,
    }
    [key] = insert_jobs(connection, [row])
    insert_parts(connection, [(key, "+447700900123", parts)])
    count_jobs(connection, kind_of(StoreName(store), Purpose.OTP, at, JobState.ACCEPTED), 1, parts)
    return key


def move(connection: Connection, key: JobKey, state: JobState) -> None:
    """Give a job a state, wherever it stands."""
    for sheaf in SHEAVES:
        jobs, parts = sheaf.jobs, sheaf.parts
        row = connection.execute(select(jobs).where(jobs.c.key == key)).one_or_none()
        if row is None or sheaf is not SHEAVES[0]:
            continue
        total = len(connection.execute(select(parts).where(parts.c.job_key == key)).all())
        change_job(connection, key, state=state, stage=Stage.DONE)
        kind = kind_of(row.store, Purpose(row.purpose), row.accepted_at, JobState(row.state))
        count_move(connection, kind, state, total)


def keys_of(connection: Connection) -> list[JobKey]:
    return [
        JobKey(key) for sheaf in SHEAVES for key in connection.scalars(select(sheaf.jobs.c.key))
    ]


def step(connection: Connection, number: int, deed: int, torn: str) -> None:
    """Do one thing to the jobs there are, and perhaps take it back."""
    if torn == "inner":
        nested = connection.begin_nested()
        _do(connection, number, deed)
        nested.rollback()
        return
    if torn == "kept":
        with connection.begin_nested():
            _do(connection, number, deed)
        return
    _do(connection, number, deed)
    if torn == "whole":
        raise TornError


def _do(connection: Connection, number: int, deed: int) -> None:
    keys = keys_of(connection)
    chosen = keys[deed % len(keys)] if keys else None
    if chosen is None or deed % 5 == 0:
        name = f"j{number}{'x' * (deed % 3)}"
        add(connection, name, "acme" if deed % 2 else "books", 1 + deed % 3)
    elif deed % 5 in (1, 2):
        move(connection, chosen, STATES[deed % len(STATES)])
    elif deed % 5 == 3:
        archive_jobs(connection, keys, LATER)
        if deed % 2:
            archived = connection.scalars(select(SHEAVES[1].jobs.c.key)).all()
            for key in archived[:1]:
                recall_job(connection, JobKey(key))
    else:
        retire_jobs(connection, [chosen], SPENT, NOON)
        fold_counts(connection, (NOON + timedelta(days=deed % 4)).date())


DEEDS = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from(["no", "no", "whole", "inner", "kept"])),
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(deeds=DEEDS, groups=st.integers(1, 7))
def test_they_equal_a_scan_after_any_history(deeds: list[tuple[int, str]], groups: int) -> None:
    """Changes share groups; some raise, so that their group is rolled back and run one by one."""

    async def live(folder: str) -> None:
        async with Database.open(f"sqlite:///{Path(folder) / 'counts.db'}", node="a") as database:
            for first in range(0, len(deeds), groups):
                lot = [
                    database.write(
                        lambda c, n=first + place, d=deed, t=torn: step(c, n, d, t)  # type: ignore[misc]
                    )
                    for place, (deed, torn) in enumerate(deeds[first : first + groups])
                ]
                ended = await asyncio.gather(*lot, return_exceptions=True)
                assert all(end is None or isinstance(end, TornError) for end in ended), ended
                assert await database.read(read_counts) == await database.read(recount)

    with TemporaryDirectory() as folder:
        asyncio.run(live(folder))


async def test_a_group_writes_a_row_once(
    database: Database, behind: Behind, brake: Brake, statements: list[str]
) -> None:
    tasks = await behind(*(lambda c, n=n: add(c, f"j{n:03}") for n in range(100)))
    brake.release()
    await asyncio.gather(*tasks)
    assert len([one for one in statements if "INTO job_counts" in one]) == 1
    [count] = await database.read(read_counts)
    assert count.jobs == 100


async def test_counts_that_cannot_be_written_take_their_group_with_them(
    database: Database,
) -> None:
    """Else jobs would be there that nobody counts."""
    fails = [True]

    def fail(statement: str, _values: object) -> None:
        if "INTO job_counts" in statement and fails:
            fails.clear()
            raise LookupError("torn")

    with overheard(fail), pytest.raises(LookupError):
        await database.write(lambda c: add(c, "lost"))
    await database.write(lambda c: add(c, "kept"))
    [count] = await database.read(read_counts)
    assert (count.jobs, await database.read(recount)) == (1, [count])


async def test_each_gateway_writes_rows_of_its_own(url: str) -> None:
    for node in ("a", "b"):
        async with Database.open(url, node=node) as database:
            await database.write(lambda c, node=node: add(c, f"job-{node}"))
            rows = await database.read(lambda c: c.execute(select(JOB_COUNTS)).all())
            counts = await database.read(read_counts)
    assert [(row.node, row.jobs) for row in rows] == [("a", 1), ("b", 1)]
    assert [count.jobs for count in counts] == [2]
