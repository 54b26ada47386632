"""The outbox: what is to be published, committed together with what it tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, Connection, all_, any_, bindparam, delete, insert, select

from gateway.db.prepared import Prepared
from gateway.db.tables import OUTBOX
from gateway.domain.ids import StoreName
from gateway.domain.outward import Outward

_POST = Prepared(insert(OUTBOX))
_DISCARD = Prepared(delete(OUTBOX).where(OUTBOX.c.key == bindparam("which")))
_DISCARD_ALL = Prepared(
    delete(OUTBOX).where(OUTBOX.c.key == any_(bindparam("keys", type_=ARRAY(BigInteger))))
)
_READ = Prepared(
    select(OUTBOX)
    .where(OUTBOX.c.key > bindparam("after"))
    .order_by(OUTBOX.c.key)
    .limit(bindparam("limit"))
)
_READ_OTHERS = Prepared(
    select(OUTBOX)
    .where(OUTBOX.c.key != all_(bindparam("known", type_=ARRAY(BigInteger))))
    .order_by(OUTBOX.c.key)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One payload on its way to a store."""

    key: int
    store: StoreName
    kind: str
    """The last topic level."""
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One payload that is to be posted."""

    store: StoreName
    kind: Outward
    body: str


def post(connection: Connection, store: StoreName, kind: Outward, body: str) -> None:
    """Put a payload into the outbox, behind all that are there."""
    _POST.run(connection, {"store": store, "kind": kind, "body": body})


def post_all(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Put payloads into the outbox in this order, behind all that are there."""
    _POST.many(
        connection,
        [{"store": one.store, "kind": one.kind, "body": one.body} for one in drafts],
    )


def read_letters(
    connection: Connection, after: int, limit: int, known: Collection[int] = ()
) -> list[Letter]:
    """Return at most ``limit`` letters behind the key ``after``, in order.

    Where several write at once, a letter may be committed behind one that has a later key, and be
    followed by one of the same job that has a later still. There, all are returned but those that
    are ``known``, whatever their keys; else a job's statuses would go out in another order.

    Args:
        connection: where to look.
        after: the key of the last one that is known; nothing was committed before it later.
        limit: at most so many.
        known: keys of those that are known and still there.
    """
    if connection.dialect.name == "sqlite":
        rows = _READ.all(connection, {"after": after, "limit": limit})
    else:
        rows = _READ_OTHERS.all(connection, {"known": list(known), "limit": limit})
    return [Letter(key=row.key, store=row.store, kind=row.kind, body=row.body) for row in rows]


def discard_letters(connection: Connection, keys: Sequence[int]) -> None:
    """Remove letters that the broker has."""
    if connection.dialect.name == "sqlite":
        _DISCARD.many(connection, [{"which": key} for key in keys])
    else:
        _DISCARD_ALL.run(connection, {"keys": list(keys)})
