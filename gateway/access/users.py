"""Who may work with the console: added, given a role, kept out; there is always an admin."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.access.invitations import Invitation, invite
from gateway.access.right import Role
from gateway.db.console.invitations import drop_invitations
from gateway.db.console.sessions import end_sessions
from gateway.db.console.users import (
    UserRecord,
    count_able,
    find_user,
    put_user,
    set_disabled,
    set_role,
)
from gateway.domain.errors import RejectedError
from gateway.domain.ids import is_like_a_number

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


def read_name(text: str) -> str:
    """Return the name of a user.

    Raises:
        RejectedError: it can be none.
    """
    name = text.strip().lower()
    if not _NAME.fullmatch(name) or is_like_a_number(name):
        reason = "a name has 1 to 32 of a-z, 0-9, `.`, `_` and `-`, and is no phone number"
        raise RejectedError("invalid_name", reason, field="name")
    return name


def read_role(text: str) -> Role:
    """Return a role.

    Raises:
        RejectedError: it is none.
    """
    try:
        return Role(text)
    except ValueError:
        reason = f"there is no such role; right: one of {', '.join(Role)}"
        raise RejectedError("invalid_role", reason, field="role") from None


def require_user(connection: Connection, name: str) -> UserRecord:
    """Return the user with a name.

    Raises:
        RejectedError: there is none.
    """
    found = find_user(connection, name)
    if found is None:
        raise RejectedError("unknown_user", f"there is no user {name!r}", field="name")
    return found


def add_user(connection: Connection, name: str, role: Role, now: datetime) -> Invitation:
    """Add a user; return the link by which they set their password.

    Raises:
        RejectedError: there is one with that name.
    """
    if find_user(connection, name) is not None:
        raise RejectedError("user_exists", f"there is a user {name!r} already", field="name")
    drop_invitations(connection, None)  # the first user is here
    return invite(connection, put_user(connection, name, role, now), now)


def change_role(connection: Connection, name: str, role: Role) -> None:
    """Give a user a role; pages that they have open go by it at their next request.

    Raises:
        RejectedError: there is no such user, or no admin would be left.
    """
    user = require_user(connection, name)
    if role is not Role.ADMIN:
        _require_another_admin(connection, user)
    set_role(connection, user.key, role)


def disable_user(connection: Connection, name: str, now: datetime) -> None:
    """Keep a user out, at once and everywhere.

    Raises:
        RejectedError: there is no such user, or no admin would be left.
    """
    user = require_user(connection, name)
    _require_another_admin(connection, user)
    set_disabled(connection, user.key, now)
    end_sessions(connection, user.key)
    drop_invitations(connection, user.key)


def enable_user(connection: Connection, name: str) -> None:
    """Let a user in again.

    Raises:
        RejectedError: there is no such user.
    """
    set_disabled(connection, require_user(connection, name).key, None)


def link_user(connection: Connection, name: str, now: datetime) -> Invitation:
    """Return a link by which a user sets a new password; the old one holds until then.

    Raises:
        RejectedError: there is no such user, or they are kept out.
    """
    user = require_user(connection, name)
    if user.disabled_at is not None:
        raise RejectedError("disabled", f"{name} is disabled; enable them first", field="name")
    return invite(connection, user.key, now)


def _require_another_admin(connection: Connection, user: UserRecord) -> None:
    able = user.role == Role.ADMIN and user.password is not None and user.disabled_at is None
    if able and not count_able(connection, Role.ADMIN, user.key):
        reason = f"{user.name} is the last admin who can sign in; make another one first"
        raise RejectedError("last_admin", reason, field="name")
