"""Statements on API tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gateway.db.tables import API_TOKENS
from gateway.domain.ids import StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRecord:
    """A token as it is kept.

    Attributes:
        id: the part that may be shown.
        digest: SHA-256 of the secret.
        name: what it is for.
        scopes: words with a space between them.
        store: it speaks for this one alone; None: for all.
        made_by: an actor.
        made_at: UTC.
        ends_at: UTC; None: it does not end by itself.
        used_at: about when it was last used; UTC.
        revoked_at: UTC.
    """

    id: str
    digest: bytes = field(repr=False)
    name: str
    scopes: str
    store: StoreName | None
    made_by: str
    made_at: datetime
    ends_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


_COLUMNS = tuple(API_TOKENS.c[name] for name in TokenRecord.__dataclass_fields__)


def find_token(connection: Connection, id: str) -> TokenRecord | None:  # noqa: A002
    """Return the token with an id, whether it still holds or not."""
    row = connection.execute(select(*_COLUMNS).where(API_TOKENS.c.id == id)).one_or_none()
    return None if row is None else TokenRecord(**row._mapping)


def list_tokens(connection: Connection) -> list[TokenRecord]:
    """Return all there ever were, the newest first."""
    query = select(*_COLUMNS).order_by(API_TOKENS.c.made_at.desc(), API_TOKENS.c.id)
    return [TokenRecord(**row._mapping) for row in connection.execute(query)]


def put_token(connection: Connection, record: TokenRecord) -> None:
    """Keep a new one."""
    row = {name: getattr(record, name) for name in TokenRecord.__dataclass_fields__}
    connection.execute(insert(API_TOKENS), row)


def touch_token(connection: Connection, id: str, now: datetime) -> None:  # noqa: A002
    """Write that it was used."""
    connection.execute(update(API_TOKENS).where(API_TOKENS.c.id == id).values(used_at=now))


def revoke_token(connection: Connection, id: str, now: datetime) -> bool:  # noqa: A002
    """End one; return whether it was there and had not been ended so before."""
    mine = (API_TOKENS.c.id == id, API_TOKENS.c.revoked_at.is_(None))
    return connection.execute(update(API_TOKENS).where(*mine).values(revoked_at=now)).rowcount > 0
