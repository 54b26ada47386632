"""Advisory locks of PostgreSQL: a name that one session holds, and that the server frees with it.

A name is hashed to the 64 bits that the server takes. They are one space for the whole database
(PostgreSQL manual, 13.3.5), so that each begins with what it is for.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from gateway.db.prepared import Prepared

_TRY: Final = select(func.pg_try_advisory_lock(bindparam("key")))
_TRY_FOR_TRANSACTION: Final = select(func.pg_try_advisory_xact_lock(bindparam("key")))
_HOLD: Final = Prepared(select(func.pg_advisory_xact_lock(bindparam("key")).label("done")))
_UNLOCK: Final = select(func.pg_advisory_unlock(bindparam("key")))


def try_lock(connection: Connection, name: str) -> bool:
    """Take a lock until it is let go or the session ends; False when another session has it.

    A session that has it already takes it once more, and has to let it go as often.
    """
    return bool(connection.execute(_TRY, {"key": key_of(name)}).scalar_one())


def try_lock_for_transaction(connection: Connection, name: str) -> bool:
    """Take a lock until the transaction ends; False when another session has it."""
    return bool(connection.execute(_TRY_FOR_TRANSACTION, {"key": key_of(name)}).scalar_one())


def hold(connection: Connection, name: str) -> None:
    """Have something to this transaction alone, waiting for others that have it.

    On SQLite every transaction that writes is alone anyway.
    """
    if connection.dialect.name != "sqlite":
        _HOLD.all(connection, {"key": key_of(name)})


def hold_person(connection: Connection, recipient: str) -> None:
    """Have what is decided of a person (E.164) to this transaction alone.

    What a person allows, and how much was sent already, is looked at and changed by all gateways:
    two that look at once would both find room for one message more.
    """
    hold(connection, f"person:{recipient}")


def unlock(connection: Connection, name: str) -> None:
    """Let a lock go that this session has."""
    connection.execute(_UNLOCK, {"key": key_of(name)})


def key_of(name: str) -> int:
    """Return the 64 bits, signed, that stand for a name."""
    digest = hashlib.blake2b(name.encode(), digest_size=8, person=b"shopbell").digest()
    return int.from_bytes(digest, "big", signed=True)
