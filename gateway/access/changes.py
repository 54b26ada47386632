"""What is written of accounts: functions of modules, so that another process can have them done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from gateway.access.sessions import LIFE
from gateway.access.users import require_user
from gateway.db.console.audit import Entry, put_entry
from gateway.db.console.sessions import end_session, end_sessions, put_session
from gateway.db.console.users import find_user, note_seen, set_password

T = TypeVar("T")


def with_entry(connection: Connection, change: Callable[[Connection], T], entry: Entry | None) -> T:
    """Do a change and write its entry of the audit log, where it has one."""
    done = change(connection)
    if entry is not None:
        put_entry(connection, entry)
    return done


def write_refusal(connection: Connection, name: str, entry: Entry) -> None:
    """Write that somebody failed to sign in; what was typed is named where it is a user's name.

    It may be a password in the wrong field. Written for all alike, it takes all as long.
    """
    known = find_user(connection, name)
    put_entry(connection, replace(entry, subject=None if known is None else known.name))


def leave(connection: Connection, session: bytes | None) -> None:
    """End the session that is shown, if one is."""
    if session is not None:
        end_session(connection, session)


def leave_others(connection: Connection, name: str, keep: bytes | None) -> None:
    """End all sessions of a user but one.

    Raises:
        RejectedError: there is no such user.
    """
    end_sessions(connection, require_user(connection, name).key, keep=keep)


def replace_password(connection: Connection, user: int, hashed: str) -> None:
    """Give a user a new password, and end all their sessions."""
    set_password(connection, user, hashed)
    end_sessions(connection, user)


def enter(
    connection: Connection, user: int, digest: bytes, shown: bytes | None, now: datetime
) -> None:
    """Begin a session in place of the one that was shown; both by their fingerprints."""
    leave(connection, shown)
    put_session(connection, digest, user, now, now + LIFE)
    note_seen(connection, user, now)
