"""What became of a transaction whose COMMIT got no answer.

A connection that is lost at that moment leaves it open whether the server has committed. Neither
answer may be guessed: a change that is made again counts twice, and one that is given up for lost
may be there. So a transaction's number is asked for before it is committed, and what became of it
afterwards, on another connection. SQLite answers every COMMIT, and has no such numbers.
"""

from __future__ import annotations

from typing import NewType

from sqlalchemy import Connection, Text, cast, func, select, text

from gateway.db.prepared import Prepared

Seal = NewType("Seal", str)
"""A transaction's number, as PostgreSQL counts them."""

_TAKE = Prepared(select(cast(func.pg_current_xact_id_if_assigned(), Text).label("number")))
_ASK = text("SELECT pg_xact_status(CAST(:seal AS xid8))")


def take_seal(connection: Connection) -> Seal | None:
    """Return the number of the transaction; None where it has changed nothing, and on SQLite."""
    if connection.dialect.name == "sqlite":
        return None
    [row] = _TAKE.all(connection, {})
    return None if row.number is None else Seal(row.number)


def was_kept(connection: Connection, seal: Seal) -> bool | None:
    """Tell whether a transaction was committed; None while the server is still at work on it.

    A server that took another's place, and never heard of the transaction, has not kept it.
    """
    status = connection.execute(_ASK, {"seal": seal}).scalar_one()
    return None if status == "in progress" else status == "committed"
