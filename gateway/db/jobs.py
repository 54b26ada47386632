"""Statements on jobs: the queue itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    exists,
    insert,
    literal_column,
    select,
    update,
)

from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.stock import stock_of
from gateway.db.tables import ARCHIVED, HOT, JOBS, PARTS, SHEAVES, Sheaf
from gateway.domain.consent import Scope
from gateway.domain.ids import Campaign, JobId, JobKey, LaneKey, LineId, ModemName, StoreName
from gateway.domain.lane import Shelf
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRecord:
    """A job as it stands in the database."""

    key: JobKey
    store: StoreName
    id: JobId
    digest: bytes
    recipient: str
    text: str
    purpose: Purpose
    report: bool
    accepted_at: datetime
    not_before: datetime
    expires_at: datetime
    state: JobState
    seq: int
    stage: Stage
    tries: int
    line: LineId | None
    modem: ModemName | None
    reason: str | None
    scope: Scope | None = None
    category: str | None = None
    campaign: Campaign | None = None
    only_line: LineId | None = None
    node: str | None = None
    """The gateway at work on it."""
    lane: LaneKey | None = None
    """None for one that was done before there were lanes."""
    held_for: LineId | None = None

    @property
    def reference(self) -> int:
        """Of the concatenation header: the same for every part and every try of the job."""
        return self.key % 256


def record_of(row: Any) -> JobRecord:
    """Return a row that holds a job's columns as a job."""
    return JobRecord(
        key=row.key,
        store=row.store,
        id=row.id,
        digest=row.digest,
        recipient=row.recipient,
        text=row.text,
        purpose=Purpose(row.purpose),
        report=row.report,
        accepted_at=row.accepted_at,
        not_before=row.not_before,
        expires_at=row.expires_at,
        state=JobState(row.state),
        seq=row.seq,
        stage=Stage(row.stage),
        tries=row.tries,
        line=row.line,
        modem=row.modem,
        reason=row.reason,
        scope=row.scope and Scope(row.scope),
        category=row.category,
        campaign=row.campaign,
        only_line=row.only_line,
        node=row.node,
        lane=row.lane,
        held_for=row.held_for,
    )


def _in_stage(stage: Stage) -> ColumnElement[bool]:
    """The stage as a literal: a partial index serves no bound parameter."""
    return JOBS.c.stage == literal_column(f"'{stage.value}'")


# Statements are built once: to build one takes several times as long as to run it.
_INSERT = Prepared(insert(JOBS).returning(JOBS.c.key))
_READ = Prepared(select(JOBS).where(JOBS.c.key == bindparam("which")))
_FIND = tuple(
    Prepared(select(jobs).where(jobs.c.store == bindparam("store"), jobs.c.id == bindparam("job")))
    for jobs in (HOT.jobs, ARCHIVED.jobs)
)
_HOLD = Prepared(
    select(JOBS.c.key).where(JOBS.c.key == bindparam("which")).with_for_update(key_share=True)
)
_CHANGE = Prepared(update(JOBS).where(JOBS.c.key == bindparam("which")))
_CHANGE_ALONE = Prepared(
    update(JOBS).where(
        JOBS.c.key == bindparam("which"),
        JOBS.c.seq == bindparam("was_told"),
        JOBS.c.state == bindparam("was_in_state"),
        JOBS.c.stage == bindparam("was_at_stage"),
        ~exists().where(PARTS.c.job_key == JOBS.c.key, PARTS.c.number > 1),
    )
)


def insert_jobs(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[JobKey]:
    """Insert jobs, of which all the same columns are given, and return their keys in order."""
    stock = stock_of(connection)
    for row in rows:
        if row["stage"] is Stage.READY and "lane" in row:
            stock.note(Shelf(row["lane"], row["held_for"]), row["expires_at"])
    return [JobKey(row.key) for row in _INSERT.each(connection, rows)]


def find_job(connection: Connection, store: StoreName, job: JobId) -> JobRecord | None:
    """Return the job that a store calls ``job``, also one that is in the archive."""
    for statement in _FIND:
        row = statement.first(connection, {"store": store, "job": job})
        if row is not None:
            return record_of(row)
    return None


JobName = tuple[StoreName, JobId]
"""What names a job for ever."""


@cache
def _find_several(side: Sheaf, count: int) -> Prepared:
    jobs = side.jobs
    return Prepared(
        select(jobs).where(jobs.c.store == bindparam("store"), one_of(jobs.c.id, count))
    )


def find_jobs(connection: Connection, names: Sequence[JobName]) -> dict[JobName, JobRecord]:
    """Return the jobs that there are of these names, also those in the archive."""
    found: dict[JobName, JobRecord] = {}
    for sheaf in SHEAVES:
        left = [name for name in names if name not in found]
        for store in dict.fromkeys(store for store, _ in left):
            for lot in in_lots([job for whose, job in left if whose == store]):
                given = {"store": store, **by_place(lot)}
                for row in _find_several(sheaf, len(lot)).all(connection, given):
                    found[store, row.id] = record_of(row)
    return found


def read_job(connection: Connection, key: JobKey) -> JobRecord:
    """Return a job that is known to exist."""
    [row] = _READ.all(connection, {"which": key})
    return record_of(row)


def hold_job(connection: Connection, key: JobKey) -> None:
    """Keep a job to this transaction: what is read of it and of its parts from here on stands.

    Whoever changes a job by what it is does this first. Several gateways may be about it at once:
    one claims it while another cancels it. SQLite has one writer, and nothing to keep it from.
    """
    if connection.dialect.name != "sqlite":
        _HOLD.all(connection, {"which": key})


def shelve_job(connection: Connection, job: JobRecord, held_for: LineId | None) -> None:
    """Take note of a job that becomes ready again, for any line or for a certain one."""
    if job.lane is not None:
        stock_of(connection).note(Shelf(job.lane, held_for), job.expires_at)


def change_job(connection: Connection, key: JobKey, **values: object) -> None:
    """Set columns of a job."""
    _CHANGE.run(connection, {"which": key, **values})


def change_job_alone(connection: Connection, job: JobRecord, **values: object) -> bool:
    """Set columns of a job that has one part and stands as it did when it was read.

    Returns False, and changes nothing, when it has more parts or does not stand so any more.
    """
    stood = {
        "which": job.key,
        "was_told": job.seq,
        "was_in_state": job.state,
        "was_at_stage": job.stage,
    }
    return _CHANGE_ALONE.run(connection, stood | values) == 1


_DUE = (
    select(JOBS.c.key)
    .where(_in_stage(Stage.SCHEDULED), JOBS.c.not_before <= bindparam("now"))
    .order_by(JOBS.c.not_before)
    .limit(bindparam("limit"))
)
_PROMOTE = Prepared(
    update(JOBS)
    .where(JOBS.c.key.in_(_DUE.scalar_subquery()), _in_stage(Stage.SCHEDULED))
    .values(stage=literal_column(f"'{Stage.READY.value}'"))
    .returning(JOBS.c.lane, JOBS.c.held_for, JOBS.c.expires_at)
)


def promote_jobs(connection: Connection, now: datetime, limit: int) -> int:
    """Make ready what waited for a time that has come, at most ``limit``; return how many."""
    stock = stock_of(connection)
    rows = _PROMOTE.all(connection, {"now": now, "limit": limit})
    for row in rows:
        stock.note(Shelf(row.lane, row.held_for), row.expires_at)
    return len(rows)


_OVERDUE = Prepared(
    select(JOBS)
    .where(_in_stage(Stage.READY), JOBS.c.expires_at <= bindparam("now"))
    .order_by(JOBS.c.expires_at)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)


def overdue_jobs(connection: Connection, now: datetime, limit: int) -> list[JobRecord]:
    """Return ready jobs whose deadline has passed, at most ``limit``."""
    return [record_of(row) for row in _OVERDUE.all(connection, {"now": now, "limit": limit})]


_SILENT = Prepared(
    select(JOBS)
    .where(
        literal_column("jobs.stage = 'handed' AND jobs.state = 'sent'"),
        JOBS.c.report_due <= bindparam("now"),
    )
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
)


def silent_jobs(connection: Connection, now: datetime, limit: int) -> list[JobRecord]:
    """Return sent jobs whose final report did not come in its time, at most ``limit``."""
    return [record_of(row) for row in _SILENT.all(connection, {"now": now, "limit": limit})]


def claimed_jobs(
    connection: Connection, node: str | None, modem: ModemName | None
) -> list[JobRecord]:
    """Return what a gateway had claimed for a modem; None stands for any of them."""
    query = select(JOBS).where(_in_stage(Stage.CLAIMED)).with_for_update(key_share=True)
    if node is not None:
        query = query.where(JOBS.c.node == node)
    if modem is not None:
        query = query.where(JOBS.c.modem == modem)
    return [record_of(row) for row in connection.execute(query)]


def pinned_jobs(connection: Connection, prefix: str) -> list[JobRecord]:
    """Return jobs that wait for a line whose id begins so and that no line is at work on."""
    rows = connection.execute(
        select(JOBS)
        .where(
            literal_column("jobs.stage IN ('ready', 'scheduled')"),
            JOBS.c.only_line.startswith(prefix, autoescape=True),
        )
        .with_for_update(key_share=True)
    )
    return [record_of(row) for row in rows]


def any_unsent(connection: Connection, store: StoreName) -> bool:
    """Tell whether a store has any job that no line is at work on and that may go."""
    some = select(JOBS.c.key).where(
        literal_column("jobs.stage IN ('ready', 'scheduled')"), JOBS.c.store == store
    )
    return connection.execute(some.limit(1)).first() is not None


def unsent_jobs(connection: Connection, recipient: str, store: StoreName) -> list[JobRecord]:
    """Return a store's jobs to a recipient (E.164) that no line is at work on and that may go."""
    rows = connection.execute(
        select(JOBS)
        .where(
            literal_column("jobs.stage IN ('ready', 'scheduled')"),
            JOBS.c.recipient == recipient,
            JOBS.c.store == store,
        )
        .with_for_update(key_share=True)
    )
    return [record_of(row) for row in rows]
