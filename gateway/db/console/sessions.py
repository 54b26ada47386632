"""Statements on the sessions of users: browsers that somebody signed in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from gateway.db.tables import USER_SESSIONS, USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRecord:
    """A session with its user.

    Attributes:
        digest: of the cookie.
        user: the user's key.
        name: of the user.
        role: of the user, as it is now.
        disabled: whether the user may not come in.
        began_at: UTC.
        seen_at: about when it was last used; UTC.
        ends_at: at the latest; UTC.
    """

    digest: bytes
    user: int
    name: str
    role: str
    disabled: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


_COLUMNS = (
    USER_SESSIONS.c.digest,
    USER_SESSIONS.c.user,
    USERS.c.name,
    USERS.c.role,
    USERS.c.disabled_at.is_not(None).label("disabled"),
    USER_SESSIONS.c.began_at,
    USER_SESSIONS.c.seen_at,
    USER_SESSIONS.c.ends_at,
)
_SESSIONS = select(*_COLUMNS).join(USERS, USERS.c.key == USER_SESSIONS.c.user)


def find_session(connection: Connection, digest: bytes) -> SessionRecord | None:
    """Return the session under a fingerprint, whether it still holds or not."""
    row = connection.execute(_SESSIONS.where(USER_SESSIONS.c.digest == digest)).one_or_none()
    return None if row is None else _record(row)


def list_sessions(connection: Connection, user: int) -> list[SessionRecord]:
    """Return a user's sessions, the one used last first."""
    query = _SESSIONS.where(USER_SESSIONS.c.user == user).order_by(USER_SESSIONS.c.seen_at.desc())
    return [_record(row) for row in connection.execute(query)]


def put_session(
    connection: Connection, digest: bytes, user: int, now: datetime, ends_at: datetime
) -> None:
    """Begin a session."""
    row = {"digest": digest, "user": user, "began_at": now, "seen_at": now, "ends_at": ends_at}
    connection.execute(insert(USER_SESSIONS), row)


def touch_session(connection: Connection, digest: bytes, now: datetime) -> None:
    """Write that a session was used."""
    mine = USER_SESSIONS.c.digest == digest
    connection.execute(update(USER_SESSIONS).where(mine).values(seen_at=now))


def end_session(connection: Connection, digest: bytes) -> None:
    """End one."""
    connection.execute(delete(USER_SESSIONS).where(USER_SESSIONS.c.digest == digest))


def end_sessions(connection: Connection, user: int, keep: bytes | None = None) -> int:
    """End all of a user, but for one where it is named; return how many."""
    theirs = delete(USER_SESSIONS).where(USER_SESSIONS.c.user == user)
    if keep is not None:
        theirs = theirs.where(USER_SESSIONS.c.digest != keep)
    return connection.execute(theirs).rowcount


def forget_sessions(connection: Connection, now: datetime, idle_before: datetime) -> int:
    """Delete what has ended, or was not used since; return how many."""
    over = or_(USER_SESSIONS.c.ends_at <= now, USER_SESSIONS.c.seen_at <= idle_before)
    return connection.execute(delete(USER_SESSIONS).where(over)).rowcount


def _record(row: Any) -> SessionRecord:
    return SessionRecord(**row._mapping)
