"""Statements on the attempts to hand parts over: the intent first, its outcome later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from gateway.db.parts import PART_COLUMNS, PartRecord, part_of
from gateway.db.prepared import Prepared
from gateway.db.tables import ATTEMPTS, JOBS, PARTS
from gateway.domain.ids import AttemptKey, LineId, ModemName, PartKey
from gateway.domain.states import Outcome, PartState


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenAttempt:
    """A handing over without an outcome."""

    key: AttemptKey
    part_key: PartKey
    line: LineId


_OPEN_ATTEMPT = Prepared(insert(ATTEMPTS).returning(ATTEMPTS.c.key))
_CLOSE_ATTEMPT = Prepared(
    update(ATTEMPTS).where(ATTEMPTS.c.key == bindparam("which")).returning(ATTEMPTS.c.intended_at)
)


_HAND = Prepared(
    update(PARTS).where(
        PARTS.c.key == bindparam("which"),
        exists().where(
            JOBS.c.key == PARTS.c.job_key,
            literal_column("jobs.stage = 'claimed'"),
            JOBS.c.node == bindparam("node"),
            JOBS.c.line == bindparam("holder"),
            JOBS.c.expires_at > bindparam("now"),
        ),
    )
)


def open_attempt(
    connection: Connection,
    part: PartKey,
    *,
    node: str,
    line: LineId,
    modem: ModemName,
    repeat: bool,
    now: datetime,
) -> AttemptKey | None:
    """Write the intent to hand a part over; from its commit on the part may have been sent.

    Returns None, and writes nothing, when its job is not the line's any more or has expired.
    """
    handed = _HAND.run(
        connection,
        {"which": part, "node": node, "holder": line, "now": now}
        | {"state": PartState.HANDED, "line": line, "reference": None, "handed_at": now},
    )
    if handed == 0:
        return None
    [opened] = _OPEN_ATTEMPT.all(
        connection,
        {
            "part_key": part,
            "node": node,
            "line": line,
            "modem": modem,
            "repeat": repeat,
            "intended_at": now,
            "outcome": Outcome.OPEN,
        },
    )
    return AttemptKey(opened.key)


_END_ATTEMPT = Prepared(
    update(ATTEMPTS)
    .where(ATTEMPTS.c.key == bindparam("which"), literal_column("attempts.outcome = 'open'"))
    .returning(ATTEMPTS.c.intended_at)
)


def end_attempt(
    connection: Connection,
    key: AttemptKey,
    outcome: Outcome,
    *,
    now: datetime,
    reference: int | None = None,
    reason: str | None = None,
) -> datetime | None:
    """Write how an attempt ended of which nobody else has written it; return when it was intended.

    Returns None, and writes nothing, where somebody has.
    """
    ended = _END_ATTEMPT.first(
        connection,
        {"which": key, "outcome": outcome, "settled_at": now}
        | {"reference": reference, "reason": reason},
    )
    return None if ended is None else ended.intended_at


_IN_DOUBT = Prepared(
    select(ATTEMPTS.c.part_key).where(
        ATTEMPTS.c.key == bindparam("which"), literal_column("attempts.outcome = 'unknown'")
    )
)
_LATER = Prepared(
    select(ATTEMPTS.c.key)
    .where(ATTEMPTS.c.part_key == bindparam("part"), ATTEMPTS.c.key > bindparam("which"))
    .limit(1)
)


def is_in_doubt(connection: Connection, key: AttemptKey) -> bool:
    """Tell whether it was written of an attempt that nobody knows its outcome."""
    return _IN_DOUBT.first(connection, {"which": key}) is not None


def was_repeated(connection: Connection, part: PartKey, key: AttemptKey) -> bool:
    """Tell whether a part was handed over again after an attempt."""
    return _LATER.first(connection, {"part": part, "which": key}) is not None


def close_attempt(
    connection: Connection,
    key: AttemptKey,
    outcome: Outcome,
    *,
    now: datetime,
    reference: int | None = None,
    reason: str | None = None,
) -> datetime:
    """Write how an attempt ended; return when it was intended."""
    [closed] = _CLOSE_ATTEMPT.all(
        connection,
        {"which": key, "outcome": outcome, "settled_at": now}
        | {"reference": reference, "reason": reason},
    )
    intended: datetime = closed.intended_at
    return intended


def abandoned_attempts(
    connection: Connection, node: str | None, modem: ModemName | None
) -> list[OpenAttempt]:
    """Return the attempts that a gateway made at a modem and whose outcome nobody wrote.

    None stands for any gateway and for any modem.
    """
    query = select(ATTEMPTS).where(literal_column("attempts.outcome = 'open'"))
    if node is not None:
        query = query.where(ATTEMPTS.c.node == node)
    if modem is not None:
        query = query.where(ATTEMPTS.c.modem == modem)
    # Sorted here: to give them in order, SQLite would go through all attempts there ever were.
    rows = sorted(connection.execute(query), key=lambda row: int(row.key))
    return [OpenAttempt(key=row.key, part_key=row.part_key, line=row.line) for row in rows]


def count_attempts(connection: Connection, part: PartKey) -> int:
    """Return how often a part was handed over, in doubt or not."""
    return connection.execute(
        select(func.count())
        .select_from(ATTEMPTS)
        .where(ATTEMPTS.c.part_key == part, ATTEMPTS.c.outcome != Outcome.NOT_SENT)
    ).scalar_one()


_NEWER = ATTEMPTS.alias("newer")
_DOUBTFUL = (
    select(ATTEMPTS.c.key.label("attempt_key"), *PART_COLUMNS)
    .join(PARTS, PARTS.c.key == ATTEMPTS.c.part_key)
    .where(
        literal_column("attempts.outcome = 'unknown'"),
        ATTEMPTS.c.line == bindparam("line"),
        ATTEMPTS.c.intended_at >= bindparam("since"),
        ~exists().where(
            _NEWER.c.key > ATTEMPTS.c.key,
            _NEWER.c.line == bindparam("line"),
            _NEWER.c.outcome != Outcome.OPEN,
        ),
    )
    .limit(1)
)


def last_doubtful_attempt(
    connection: Connection, line: LineId, since: datetime
) -> tuple[AttemptKey, PartRecord] | None:
    """Return the last attempt on a line that came to an end, with its part, when it is in doubt.

    Args:
        connection: where to look.
        line: the line.
        since: only one that was intended at or after this instant; those after an older one may be
            in the archive.
    """
    row = connection.execute(_DOUBTFUL, {"line": line, "since": since}).one_or_none()
    return None if row is None else (AttemptKey(row.attempt_key), part_of(row))
