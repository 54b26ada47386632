"""Statements on links that set a password, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gateway.db.tables import INVITATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationRecord:
    """A link.

    Attributes:
        digest: of what it holds.
        user: whose password it sets; None: of the first user.
        made_at: UTC.
        ends_at: UTC.
    """

    digest: bytes
    user: int | None
    made_at: datetime
    ends_at: datetime


_INVITATIONS = select(*(INVITATIONS.c[name] for name in InvitationRecord.__dataclass_fields__))


def find_invitation(connection: Connection, digest: bytes) -> InvitationRecord | None:
    """Return the link under a fingerprint, whether it still holds or not."""
    row = connection.execute(_INVITATIONS.where(INVITATIONS.c.digest == digest)).one_or_none()
    return None if row is None else InvitationRecord(**row._mapping)


def put_invitation(connection: Connection, record: InvitationRecord) -> None:
    """Keep a link; those there were for the same are dead."""
    drop_invitations(connection, record.user)
    row = {name: getattr(record, name) for name in InvitationRecord.__dataclass_fields__}
    connection.execute(insert(INVITATIONS), row)


def take_invitation(connection: Connection, digest: bytes) -> bool:
    """Use a link up; return whether it was there: of two who do it at once, it is for one."""
    return (
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.digest == digest)).rowcount > 0
    )


def drop_invitations(connection: Connection, user: int | None) -> None:
    """Let all links for a user die; None: those for the first user."""
    theirs = INVITATIONS.c.user.is_(None) if user is None else INVITATIONS.c.user == user
    connection.execute(delete(INVITATIONS).where(theirs))


def forget_invitations(connection: Connection, now: datetime) -> int:
    """Delete what has ended; return how many."""
    return connection.execute(delete(INVITATIONS).where(INVITATIONS.c.ends_at <= now)).rowcount
