"""The outbox: what is to be published, committed together with what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from gateway.db.tables import OUTBOX
from gateway.domain.ids import StoreName
from gateway.domain.outward import Outward

_POST = insert(OUTBOX)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One payload on its way to a store."""

    key: int
    store: StoreName
    kind: str
    """The last topic level."""
    body: str


def post(connection: Connection, store: StoreName, kind: Outward, body: str) -> None:
    """Put a payload into the outbox, behind all that are there."""
    connection.execute(_POST, {"store": store, "kind": kind, "body": body})


def read_letters(connection: Connection, after: int, limit: int) -> list[Letter]:
    """Return at most ``limit`` letters behind the key ``after``, in order."""
    rows = connection.execute(
        select(OUTBOX).where(OUTBOX.c.key > after).order_by(OUTBOX.c.key).limit(limit)
    )
    return [Letter(key=row.key, store=row.store, kind=row.kind, body=row.body) for row in rows]


def discard_letters(connection: Connection, keys: Sequence[int]) -> None:
    """Remove letters that the broker has."""
    connection.execute(delete(OUTBOX).where(OUTBOX.c.key.in_(keys)))
