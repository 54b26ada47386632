"""Statements on users."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from gateway.db.tables import USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class UserRecord:
    """A user as it is kept.

    Attributes:
        key: its number.
        name: what they sign in with.
        role: a value of `gateway.access.Role`.
        password: argon2id in its own notation; None until one is set.
        created_at: UTC.
        seen_at: when they last signed in; UTC.
        disabled_at: since when they may not; UTC.
    """

    key: int
    name: str
    role: str
    password: str | None = field(default=None, repr=False)
    created_at: datetime
    seen_at: datetime | None = None
    disabled_at: datetime | None = None


_USERS = select(*(USERS.c[name] for name in UserRecord.__dataclass_fields__))


def has_users(connection: Connection) -> bool:
    """Whether there is any."""
    return connection.execute(select(USERS.c.key).limit(1)).first() is not None


def find_user(connection: Connection, name: str) -> UserRecord | None:
    """Return the user with a name."""
    row = connection.execute(_USERS.where(USERS.c.name == name)).one_or_none()
    return None if row is None else UserRecord(**row._mapping)


def get_user(connection: Connection, key: int) -> UserRecord | None:
    """Return the user with a key."""
    row = connection.execute(_USERS.where(USERS.c.key == key)).one_or_none()
    return None if row is None else UserRecord(**row._mapping)


def list_users(connection: Connection) -> list[UserRecord]:
    """Return all, by their names."""
    rows = connection.execute(_USERS.order_by(USERS.c.name))
    return [UserRecord(**row._mapping) for row in rows]


def count_able(connection: Connection, role: str, but: int) -> int:
    """Return how many with a role may and can sign in, not counting one."""
    able = (USERS.c.role == role, USERS.c.disabled_at.is_(None), USERS.c.password.is_not(None))
    query = select(func.count()).select_from(USERS).where(*able, USERS.c.key != but)
    return int(connection.execute(query).scalar_one())


def put_user(connection: Connection, name: str, role: str, now: datetime) -> int:
    """Add a user without a password; return the key."""
    row = {"name": name, "role": role, "created_at": now}
    key = connection.execute(insert(USERS).values(row)).inserted_primary_key
    assert key is not None  # noqa: S101 -- of an insert of one row
    return int(key[0])


def set_role(connection: Connection, user: int, role: str) -> None:
    """Give a user a role."""
    connection.execute(update(USERS).where(USERS.c.key == user).values(role=role))


def set_password(connection: Connection, user: int, password: str) -> None:
    """Give a user the password with a hash."""
    connection.execute(update(USERS).where(USERS.c.key == user).values(password=password))


def set_disabled(connection: Connection, user: int, since: datetime | None) -> None:
    """Keep a user out, or let them in again."""
    connection.execute(update(USERS).where(USERS.c.key == user).values(disabled_at=since))


def note_seen(connection: Connection, user: int, now: datetime) -> None:
    """Write that a user signed in."""
    connection.execute(update(USERS).where(USERS.c.key == user).values(seen_at=now))
