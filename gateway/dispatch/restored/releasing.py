"""Lets go of what waits in a restored copy, or gives it up, when the operator says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.db.console.epochs import release_epochs, restored
from gateway.db.console.held import forget_all_held, forget_held, held_jobs, let_go
from gateway.dispatch.context import Context
from gateway.dispatch.ending import end_job
from gateway.domain.errors import RejectedError
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

LOT: Final = 200
"""Jobs in one transaction, some ten milliseconds: what goes out meanwhile does not wait longer."""

REASON: Final = "the database was restored from a backup, and the operator gave it up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """What became of what was held."""

    jobs: int
    discarded: bool


async def release(context: Context, *, discard: bool) -> Released:
    """Let go of all that is held, or cancel it; then the copy is a database like any other.

    A process that is killed in the middle has done some of it, and the rest waits for another word.

    Raises:
        RejectedError: the database is no restored copy that waits.
        StorageError: it cannot be written.
    """
    if await context.database.read(restored) is None:
        reason = "nothing is held: the database was not restored, or was let go already"
        raise RejectedError("not_restored", reason)
    do = _discard if discard else _let_go
    jobs = 0
    while done := await context.database.write(partial(do, context)):
        jobs += done
        context.outbox_changed.notify()
        context.queue_changed.notify()
    await context.database.write(partial(_end, context))
    log.warning("restored_copy_released", jobs=jobs, discarded=discard)
    return Released(jobs=jobs, discarded=discard)


def _let_go(_context: Context, connection: Connection) -> int:
    lot = [job.key for job in held_jobs(connection, LOT)]
    let_go(connection, lot)
    return len(lot)


def _discard(context: Context, connection: Connection) -> int:
    lot = held_jobs(connection, LOT)
    for job in lot:
        end_job(
            connection,
            job,
            JobState.CANCELLED,
            policy=context.policy,
            now=context.now(),
            reason=REASON,
            halfway=REASON,
        )
    forget_held(connection, [job.key for job in lot])
    return len(lot)


def _end(context: Context, connection: Connection) -> None:
    forget_all_held(connection)
    release_epochs(connection, context.now())
