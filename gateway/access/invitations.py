"""One-time links: for the first start, for a new user, for a password that was forgotten.

What is done with one is a transaction: of two who follow it at once, it serves one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.access.right import Role
from gateway.access.secret import digest_of, new_secret
from gateway.db.console.invitations import (
    InvitationRecord,
    drop_invitations,
    find_invitation,
    put_invitation,
    take_invitation,
)
from gateway.db.console.sessions import end_sessions
from gateway.db.console.users import (
    UserRecord,
    get_user,
    has_users,
    put_user,
    set_password,
)
from gateway.domain.errors import RejectedError

LIFE: Final = timedelta(hours=24)
"""How long a link holds: long enough to be passed on, too short to be found in a mailbox later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """A link that was made.

    Attributes:
        path: below the console's address; nowhere kept, and shown once.
        ends_at: UTC.
    """

    path: str = field(repr=False)
    ends_at: datetime


def invite_first(connection: Connection, now: datetime) -> Invitation | None:
    """Return a link for who is to be the first user; None where there is a user.

    One that was made before is dead: who found it in an old log finds nothing.
    """
    if has_users(connection):
        drop_invitations(connection, None)
        return None
    return _invite(connection, None, now)


def invite(connection: Connection, user: int, now: datetime) -> Invitation:
    """Return a link by which a user sets a password; one that was made before is dead."""
    return _invite(connection, user, now)


def invited(connection: Connection, secret: str, now: datetime) -> InvitationRecord:
    """Return what a link is for, without using it up: to look at it must do nothing.

    Raises:
        RejectedError: it is used, over, or was never one: which of them is not said.
    """
    record = find_invitation(connection, digest_of(secret))
    if record is None or now >= record.ends_at or not _is_for_somebody(connection, record):
        reason = "this link was used, or is over; `shopbell user link NAME` makes a new one"
        raise RejectedError("link_over", reason)
    return record


def begin_as_first(
    connection: Connection, secret: str, name: str, hashed: str, now: datetime
) -> int:
    """Make who follows the first link the admin; return the key.

    Raises:
        RejectedError: the link does not hold, or is for somebody else.
    """
    record = invited(connection, secret, now)
    if record.user is not None or not take_invitation(connection, record.digest):
        raise RejectedError("link_over", "this link is for no first user")
    drop_invitations(connection, None)
    user = put_user(connection, name, Role.ADMIN, now)
    set_password(connection, user, hashed)
    return user


def set_by_link(connection: Connection, secret: str, hashed: str, now: datetime) -> UserRecord:
    """Give the user of a link a password; all their browsers are signed out. Return the user.

    Raises:
        RejectedError: the link does not hold, or is for no user that there is.
    """
    record = invited(connection, secret, now)
    user = None if record.user is None else get_user(connection, record.user)
    if user is None or not take_invitation(connection, record.digest):
        raise RejectedError("link_over", "this link is for nobody")
    set_password(connection, user.key, hashed)
    end_sessions(connection, user.key)
    return user


def _is_for_somebody(connection: Connection, record: InvitationRecord) -> bool:
    if record.user is None:
        return not has_users(connection)
    user = get_user(connection, record.user)
    return user is not None and user.disabled_at is None


def _invite(connection: Connection, user: int | None, now: datetime) -> Invitation:
    secret, ends_at = new_secret(), now + LIFE
    record = InvitationRecord(digest=digest_of(secret), user=user, made_at=now, ends_at=ends_at)
    put_invitation(connection, record)
    path = "/setup/" if user is None else "/password/"
    return Invitation(path=f"{path}{secret}", ends_at=ends_at)
