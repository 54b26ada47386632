"""Statements on what came in: messages and the parts they came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from gateway.db.prepared import Prepared
from gateway.db.tables import INBOUND, INBOUND_PARTS
from gateway.domain.ids import LineId, MessageKey
from gateway.domain.inbound import InboundState


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageIn:
    """A message that came in, as it stands in the database."""

    key: MessageKey
    id: str
    line: LineId
    modem: str | None
    sender: str | None
    total: int
    state: InboundState
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PartIn:
    """One SMS of it."""

    message_key: MessageKey
    place: int
    digest: bytes
    pdu: str
    length: int | None
    sent_at: datetime | None
    text: str | None = None
    """What it says, where a carrier brought it and no PDU."""


_MESSAGE = tuple(INBOUND.c[name] for name in MessageIn.__dataclass_fields__)
_PART = tuple(INBOUND_PARTS.c[name] for name in PartIn.__dataclass_fields__)
_OPEN: ColumnElement[bool] = literal_column("inbound.state = 'open'")
_HELD: ColumnElement[bool] = literal_column("inbound.state = 'held'")

_SEEN = select(INBOUND_PARTS.c.key).where(
    INBOUND_PARTS.c.fingerprint == bindparam("fingerprint"),
    or_(
        INBOUND_PARTS.c.received_at >= bindparam("since"),
        and_(
            INBOUND_PARTS.c.sent_at.is_not(None),
            # What was said went after its time; the fingerprint alone still tells it.
            or_(
                INBOUND_PARTS.c.pdu == bindparam("pdu"), INBOUND_PARTS.c.pdu == literal_column("''")
            ),
        ),
    ),
)
_CHANGE = update(INBOUND).where(INBOUND.c.key == bindparam("which"))
_READ = select(*_MESSAGE).where(INBOUND.c.key == bindparam("which"))
_PARTS = (
    select(*_PART)
    .where(INBOUND_PARTS.c.message_key == bindparam("message"))
    .order_by(INBOUND_PARTS.c.key)
)
_SIBLINGS = (
    select(*_MESSAGE)
    .where(
        INBOUND.c.sender == bindparam("sender"),
        INBOUND.c.reference == bindparam("reference"),
        INBOUND.c.line == bindparam("line"),
        INBOUND.c.total == bindparam("total"),
        INBOUND.c.width == bindparam("width"),
        or_(
            INBOUND.c.state == InboundState.OPEN,
            and_(INBOUND.c.gapped.is_(True), INBOUND.c.closed_at >= bindparam("since")),
        ),
    )
    .order_by(INBOUND.c.received_at.desc(), INBOUND.c.key.desc())
)
_NEWEST_OPEN = (
    select(*_MESSAGE).where(_OPEN).order_by(INBOUND.c.received_at.desc(), INBOUND.c.key.desc())
)
_NEWEST_OPEN_OF = _NEWEST_OPEN.where(INBOUND.c.sender == bindparam("sender"))
_OVERDUE = Prepared(
    select(*_MESSAGE)
    .where(_OPEN, INBOUND.c.received_at <= bindparam("before"))
    .order_by(INBOUND.c.received_at)
    .limit(bindparam("limit"))
)
_WAITING = Prepared(
    select(*_MESSAGE).where(_HELD).order_by(INBOUND.c.key).limit(bindparam("limit"))
)


def is_known(connection: Connection, fingerprint: bytes, pdu: str, since: datetime) -> bool:
    """Tell whether an SMS is kept already.

    Args:
        connection: where to look.
        fingerprint: of what it says.
        pdu: as it came. A modem that could not delete it gives the same again at any time, which
            the service centre's time in it shows to be no second one.
        since: another copy of it counts as the same from this instant on.
    """
    given = {"fingerprint": fingerprint, "pdu": pdu, "since": since}
    return connection.execute(_SEEN, given).first() is not None


def insert_message(connection: Connection, **values: object) -> MessageKey:
    """Insert a message of which parts are missing, and return its key."""
    row = {"state": InboundState.OPEN, "gapped": False, **values}
    key = connection.execute(insert(INBOUND), row).inserted_primary_key
    assert key is not None  # noqa: S101 -- an insert of one row always has one
    return MessageKey(key[0])


def insert_part(connection: Connection, message: MessageKey, **values: object) -> None:
    """Keep an SMS as a part of a message."""
    connection.execute(insert(INBOUND_PARTS), {"message_key": message, **values})


def read_message(connection: Connection, key: MessageKey) -> MessageIn:
    """Return a message that is known to exist."""
    return _message(connection.execute(_READ, {"which": key}).one())


def read_parts_in(connection: Connection, message: MessageKey) -> list[PartIn]:
    """Return the parts of a message in the order in which they came."""
    return [_part(row) for row in connection.execute(_PARTS, {"message": message})]


def change_message(connection: Connection, key: MessageKey, **values: object) -> None:
    """Set columns of a message."""
    connection.execute(_CHANGE, {"which": key, **values})


def siblings_of(
    connection: Connection,
    *,
    line: LineId,
    sender: str,
    reference: int,
    total: int,
    width: int,
    since: datetime,
) -> list[MessageIn]:
    """Return messages that a part may belong to, newest first.

    Those that still lack parts, and those that were finished with gaps at or after ``since``.
    """
    given = {"line": line, "sender": sender, "reference": reference, "total": total}
    rows = connection.execute(_SIBLINGS, given | {"width": width, "since": since})
    return [_message(row) for row in rows]


def open_beyond(connection: Connection, most: int, sender: str | None = None) -> list[MessageIn]:
    """Return the oldest messages that lack parts, those beyond the ``most`` newest ones.

    Args:
        connection: where to look.
        most: how many may stay.
        sender: only of this sender, or of all when None.
    """
    statement = _NEWEST_OPEN if sender is None else _NEWEST_OPEN_OF
    given = {} if sender is None else {"sender": sender}
    # Fetched and cut here: SQLite has no offset without a limit, and there are few.
    return [_message(row) for row in connection.execute(statement, given)][most:]


def overdue_messages(connection: Connection, before: datetime, limit: int) -> list[MessageIn]:
    """Return messages that lack parts and began at or before an instant, at most ``limit``."""
    rows = _OVERDUE.all(connection, {"before": before, "limit": limit})
    return [_message(row) for row in rows]


def held_messages(connection: Connection, limit: int) -> list[MessageIn]:
    """Return messages that wait for a store, oldest first, at most ``limit``."""
    return [_message(row) for row in _WAITING.all(connection, {"limit": limit})]


def _message(row: Any) -> MessageIn:
    return MessageIn(**row._asdict() | {"state": InboundState(row.state)})


def _part(row: Row[*tuple[Any, ...]]) -> PartIn:
    return PartIn(**row._mapping)
