"""Erasures: who is to be erased, and the deletion itself. One transaction's work each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, delete, insert, select, update

from gateway.db.forgetting import forget_shop
from gateway.db.retiring import retire_jobs, retire_messages
from gateway.db.spent import SpentJobs
from gateway.db.tables import (
    CONSENT_EVENTS,
    ERASURES,
    INBOUND,
    JOBS,
    NOTES,
    OUTBOX,
    PERSON_LINES,
    PERSONS,
    REPORTS,
    SCORES,
    SHEAVES,
)
from gateway.db.whereabouts import Sought, Whereabouts
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.states import Stage

LOT = 500
"""Rows in one statement; SQLite takes no more than some thousand parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureRecord:
    """An erasure that is not done yet."""

    key: int
    store: StoreName
    person: PersonId
    number: str
    """E.164."""
    requested_at: datetime


def request_erasure(
    connection: Connection, store: StoreName, person: PersonId, number: str, now: datetime
) -> None:
    """Write down that a person is to be erased, once; a later request takes in what came since."""
    asked = (ERASURES.c.store == store, ERASURES.c.number == number)
    again = update(ERASURES).where(*asked).values(requested_at=now)
    if connection.execute(again).rowcount == 0:
        row = {"store": store, "person": person, "number": number, "requested_at": now}
        connection.execute(insert(ERASURES), row)


def pending_erasures(connection: Connection) -> list[ErasureRecord]:
    """Return what is not done yet, oldest first."""
    rows = connection.execute(select(ERASURES).order_by(ERASURES.c.key))
    return [ErasureRecord(**row._mapping) for row in rows]


def close_erasure(connection: Connection, erasure: ErasureRecord) -> None:
    """Forget that somebody was to be erased; one that was asked for again meanwhile stays."""
    connection.execute(
        delete(ERASURES).where(
            ERASURES.c.key == erasure.key, ERASURES.c.requested_at == erasure.requested_at
        )
    )


def erase_rows(
    connection: Connection, found: Whereabouts, sought: Sought, spent: SpentJobs, now: datetime
) -> Mapping[str, int]:
    """Delete what is of a person, and cut its number out of what is of others.

    Args:
        connection: the transaction.
        found: where the person stands; nothing is at work on any of it.
        sought: the same person.
        spent: writes the names of jobs.
        now: the instant of it.

    Returns:
        How many rows of each table were deleted, or changed.
    """
    return {
        "jobs": sum(retire_jobs(connection, lot, spent, now) for lot in _lots(found.jobs)),
        "inbound": sum(retire_messages(connection, lot) for lot in _lots(found.messages)),
        "reports": _delete(connection, delete(REPORTS), REPORTS.c.key, found.reports),
        "outbox": _delete(connection, delete(OUTBOX), OUTBOX.c.key, found.letters),
        "notes": _delete(connection, delete(NOTES), NOTES.c.subject, found.notes),
        "person_lines": _forget(connection, PERSON_LINES, PERSON_LINES.c.person, sought),
        "scores": _forget(connection, SCORES, SCORES.c.person_id, sought),
        **forget_shop(connection, sought, sought.spelling),
        # After what is found by what the store calls the person, which stands there.
        "persons": _forget(connection, PERSONS, PERSONS.c.person, sought),
        "consent_events": _prune(connection, found.proofs),
        "mentions": sum(
            _mask(connection, sheaf.jobs.c.text, found.mentions, sought) for sheaf in SHEAVES
        )
        + _mask(connection, INBOUND.c.text, found.mentioned_in, sought)
        + _mask(connection, OUTBOX.c.body, found.mentioning, sought),
    }


def forget_scores(connection: Connection, sought: Sought) -> int:
    """Delete what the models advise about a person; return how many rows went."""
    return _forget(connection, SCORES, SCORES.c.person_id, sought)


def _lots(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[first : first + LOT] for first in range(0, len(keys), LOT))


def _delete(connection: Connection, statement: Delete, key: Any, keys: Sequence[Any]) -> int:
    return sum(connection.execute(statement.where(key.in_(lot))).rowcount for lot in _lots(keys))


def _forget(connection: Connection, table: Any, person: Any, sought: Sought) -> int:
    statement = delete(table).where(person.in_(sought.persons))
    if sought.store is not None:
        statement = statement.where(table.c.store == sought.store)
    return connection.execute(statement).rowcount


def _prune(connection: Connection, keys: Sequence[int]) -> int:
    """Remove payloads of the ledger; the chain holds without them."""
    pruned = update(CONSENT_EVENTS).values(payload=None)
    return sum(
        connection.execute(pruned.where(CONSENT_EVENTS.c.key.in_(lot))).rowcount
        for lot in _lots(keys)
    )


def _mask(connection: Connection, column: Any, keys: Sequence[Any], sought: Sought) -> int:
    """Cut the number out of texts to and of others; what is still to be sent stays as it is."""
    table, masked = column.table, 0
    for key in keys:
        text = connection.execute(select(column).where(table.c.key == key)).scalar_one_or_none()
        if text is None:  # a job stands in the archive, or does not
            continue
        change = update(table).where(table.c.key == key)
        if table is JOBS:
            change = change.where(table.c.stage.in_((Stage.DONE, Stage.HANDED)))
        change = change.values({column: sought.spelling.masked(text)})
        masked += connection.execute(change).rowcount
    return masked
