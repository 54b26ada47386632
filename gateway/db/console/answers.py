"""What requests with an `Idempotency-Key` were answered, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.tables import REQUEST_ANSWERS

_INSERT: Final = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(REQUEST_ANSWERS)
    .on_conflict_do_nothing()
    .returning(REQUEST_ANSWERS.c.token)
    for dialect in (sqlite, postgresql)
}
"""A driver does not always tell how many rows were inserted; what is returned, was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request under a key.

    Attributes:
        token: who asked.
        name: a fingerprint of the key, the method and the path.
        digest: of what was asked.
        status: of the answer; None while it is being done.
        body: the answer; while it is being done, which run of which gateway does it.
        at: when it was asked, UTC.
    """

    token: str
    name: str
    digest: bytes
    status: int | None
    body: str | None
    at: datetime


_COLUMNS = tuple(REQUEST_ANSWERS.c[name] for name in Asked.__dataclass_fields__)


def begin(connection: Connection, asked: Asked) -> Asked | None:
    """Note that a request is being done; return the one that was before it under its key, if any.

    Of two at once one is first, also where they come to two gateways.
    """
    row = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    while True:
        if connection.execute(_INSERT[connection.dialect.name], row).first() is not None:
            return None
        found = connection.execute(select(*_COLUMNS).where(*_of(asked))).one_or_none()
        if found is not None:  # else another gateway has just let it go
            return Asked(**found._mapping)


def take_over(connection: Connection, former: Asked, asked: Asked) -> bool:
    """Take the place of a request that will not end, or is over; tell whether nobody else did."""
    changes = {"digest": asked.digest, "body": asked.body, "at": asked.at, "status": asked.status}
    same = (*_of(asked), REQUEST_ANSWERS.c.body == former.body)
    return connection.execute(update(REQUEST_ANSWERS).where(*same).values(changes)).rowcount > 0


def finish(connection: Connection, asked: Asked, status: int, body: str) -> None:
    """Keep what a request is answered."""
    mine = (*_of(asked), REQUEST_ANSWERS.c.body == asked.body)
    connection.execute(update(REQUEST_ANSWERS).where(*mine).values(status=status, body=body))


def let_go(connection: Connection, asked: Asked) -> None:
    """Forget a request that failed, so that it may be asked again under its key."""
    mine = (*_of(asked), REQUEST_ANSWERS.c.body == asked.body)
    connection.execute(delete(REQUEST_ANSWERS).where(*mine))


def forget_answers(connection: Connection, before: datetime) -> int:
    """Forget what was asked before an instant; return how many."""
    old: ColumnElement[bool] = REQUEST_ANSWERS.c.at < before
    return connection.execute(delete(REQUEST_ANSWERS).where(old)).rowcount


def _of(asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return REQUEST_ANSWERS.c.token == asked.token, REQUEST_ANSWERS.c.name == asked.name
