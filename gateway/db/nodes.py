"""Statements on nodes: the gateways that share a database, and what keeps one from another's work.

Three things tell of a node, and each has its own use:

- its *lock* (`node_lock`), which its seat holds (`gateway.db.seat`): free once its session has
  ended, whatever became of the process;
- its *beat*, ``seen_at``, by the database's clock alone: the clocks of boxes step, and differ;
- its *instance*, another at each registration: who is written there may write.

A node is dead when its lock is free and its last beat is older than the lease. The lock alone
would rob a node of its work whose session a restart of the server has ended and which is about to
have another; the beat alone would rob one that is slow and at work all the same.

**The fence.** Each transaction of a node begins with `require_standing`: it looks for the node's
row under its instance and shares it (``FOR KEY SHARE``) until its end. Who takes a node over holds
that row alone first (``FOR UPDATE``) and gives it another instance. So one of the two comes first:

- The transaction did, and the takeover waits until it has ended: what it wrote is seen. An intent
  that was committed is found as an open attempt, and becomes one in doubt.
- The takeover did, and the transaction finds no row of its instance: it fails, and nothing of it is
  kept. An intent that is not kept hands nothing over.

There is no third case, and that is all of it: nothing is asked of clocks, of how long a process was
asleep, of whether it knows that it was taken over, or of when a broken connection is noticed. It is
a fence of everything that a node writes, so that no statement has to think of it, and it costs one
statement for each group of changes. The beat changes no key of the row, so that it waits for
nobody (PostgreSQL manual, 13.3.2).

A cut-off node may hold the row through a transaction that it cannot end; who takes over has the
server end that session first (`gateway.db.sessions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from gateway.db.locks import try_lock_for_transaction
from gateway.db.prepared import Prepared
from gateway.db.sessions import WRITER, end_sessions, name_session, session_name
from gateway.db.tables import LINES, NODES
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId

ENDED: Final = ""
"""The instance of a node that is at work no more; it may be heir to nothing, and leave a mailbox.
"""


class FencedError(StorageError):
    """This gateway was taken for dead, and its work was taken over; nothing was kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeRecord:
    """A gateway on this database."""

    name: str
    instance: str
    started_at: datetime
    seen_at: datetime
    """Its last beat, by the database's clock."""
    silent_for: timedelta
    """How long ago that was, by the same."""

    @property
    def ended(self) -> bool:
        """Whether it is at work no more, by its own word or another's."""
        return self.instance == ENDED


def node_lock(name: str) -> str:
    """Return the lock that a node holds while it lives."""
    return f"node:{name}"


def line_lock(line: LineId) -> str:
    """Return the lock of whoever has a line at work."""
    return f"{_LINE}{line}"


def line_of(lock: str) -> LineId | None:
    """Return the line that a lock is of, or None when it is of none."""
    return LineId(lock.removeprefix(_LINE)) if lock.startswith(_LINE) else None


def duty_lock(duty: str) -> str:
    """Return the lock of whoever does something for all nodes."""
    return f"duty:{duty}"


_LINE: Final = "line:"
_NOW = func.clock_timestamp()
_OF = select(NODES.c.name).where(
    NODES.c.name == bindparam("node"), NODES.c.instance == bindparam("which")
)
_STANDING = Prepared(_OF.with_for_update(read=True, key_share=True))
_ALONE = select(NODES.c.name).where(NODES.c.name == bindparam("node")).with_for_update()
_REGISTER = insert(NODES)
_RENEW = update(NODES).where(NODES.c.name == bindparam("node"))
_BEAT = (
    update(NODES)
    .where(NODES.c.name == bindparam("node"), NODES.c.instance == bindparam("which"))
    .values(seen_at=_NOW)
)
_ALL = select(NODES, (_NOW - NODES.c.seen_at).label("silent_for")).order_by(NODES.c.name)
_DEAD = _OF.where(NODES.c.seen_at < _NOW - bindparam("lease"))
_DEAD_ALONE = _DEAD.with_for_update()


def register(connection: Connection, name: str, instance: str) -> None:
    """Write a node down under a new instance; the caller has its lock.

    What an earlier instance of the name still writes is waited for, and comes too late afterwards.
    """
    values: dict[str, object] = {"instance": instance, "started_at": _NOW, "seen_at": _NOW}
    if connection.execute(_ALONE, {"node": name}).first() is None:
        connection.execute(_REGISTER.values(name=name, **values))
    else:
        connection.execute(_RENEW.values(**values), {"node": name})


def beat(connection: Connection, name: str, instance: str) -> bool:
    """Say that a node lives; return whether it still is the one that is written there."""
    return connection.execute(_BEAT, {"node": name, "which": instance}).rowcount == 1


def require_standing(connection: Connection, name: str, instance: str) -> None:
    """Pass while nobody has taken the node over, and keep it so for this transaction.

    The session is called by the node, for who takes it over.

    Raises:
        FencedError: somebody has.
    """
    name_session(connection, session_name(WRITER, instance))
    if _STANDING.first(connection, {"node": name, "which": instance}) is None:
        raise FencedError(f"node {name} was taken for dead, and its work was taken over")


def read_nodes(connection: Connection) -> list[NodeRecord]:
    """Return every node that is known, in the order of their names."""
    return [
        NodeRecord(
            name=row.name,
            instance=row.instance,
            started_at=row.started_at,
            seen_at=row.seen_at,
            silent_for=row.silent_for,
        )
        for row in connection.execute(_ALL)
    ]


def end_dead(connection: Connection, name: str, instance: str, lease: timedelta) -> bool:
    """End a node if it is dead, so that it can write no more; return whether this call did.

    Of several that try, one does. The lock is kept until the transaction ends: the node cannot come
    back before what it left is settled.
    """
    if not try_lock_for_transaction(connection, node_lock(name)):
        return False
    values = {"node": name, "which": instance, "lease": lease}
    if connection.execute(_DEAD, values).first() is None:
        return False
    end_sessions(connection, session_name(WRITER, instance))
    if connection.execute(_DEAD_ALONE, values).first() is None:
        return False
    end(connection, name, instance)
    return True


def end(connection: Connection, name: str, instance: str) -> None:
    """Write that a node is at work no more, and its lines at none."""
    connection.execute(
        update(NODES)
        .where(NODES.c.name == name, NODES.c.instance == instance)
        .values(instance=ENDED)
    )
    leave_lines(connection, name)


def leave_lines(connection: Connection, name: str | None, line: LineId | None = None) -> None:
    """Write that a line of a node is at work nowhere; None stands for any line, and any node."""
    statement = update(LINES).where(LINES.c.node.is_not(None)).values(node=None)
    if name is not None:
        statement = statement.where(LINES.c.node == name)
    if line is not None:
        statement = statement.where(LINES.c.id == line)
    connection.execute(statement)


def node_of(connection: Connection, line: LineId) -> str | None:
    """Return the node that a line is at work at, or None while it is at none."""
    row = connection.execute(select(LINES.c.node).where(LINES.c.id == line)).first()
    return None if row is None else row.node


def forget(connection: Connection, name: str) -> None:
    """Remove a node that has ended, once nothing of it is left anywhere."""
    connection.execute(delete(NODES).where(NODES.c.name == name, NODES.c.instance == ENDED))
