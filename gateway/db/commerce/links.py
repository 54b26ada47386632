"""Short links: made, found by their token, and shared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import LINKS
from gateway.domain.ids import PersonId, StoreName

PAGE: Final = "page"
OPT_OUT: Final = "opt_out"
COUNT: Final = "count"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRecord:
    """A short link."""

    token: str
    store: StoreName
    kind: str
    """`PAGE`, `OPT_OUT` or `COUNT`."""
    url: str
    level: str
    created_at: datetime
    expires_at: datetime
    decision_key: int | None = None
    job: str | None = None
    person: PersonId | None = None
    campaign: str | None = None
    product_id: str | None = None
    shared: str | None = None
    """Of one that is nobody's: what it is for."""
    counted: str | None = None
    """The token under which its clicks are counted; None: its own."""


@cache
def _put(dialect: str) -> Prepared:
    kind: Any = sqlite if dialect == "sqlite" else postgresql
    return Prepared(kind.insert(LINKS).on_conflict_do_nothing())


_FIND = Prepared(select(LINKS).where(LINKS.c.token == bindparam("token")))
_SHARED = Prepared(
    select(LINKS.c.token, LINKS.c.expires_at).where(LINKS.c.shared == bindparam("shared"))
)
_LENGTHEN = Prepared(
    update(LINKS)
    .where(LINKS.c.token == bindparam("which"), LINKS.c.expires_at < bindparam("until"))
    .values(expires_at=bindparam("until"))
)


def put_link(connection: Connection, link: LinkRecord) -> bool:
    """Write a link; False where its token, or what it is shared for, is there already."""
    return _put(connection.dialect.name).run(connection, asdict(link)) > 0


def find_link(connection: Connection, token: str) -> LinkRecord | None:
    """Return the link of a token, be it over or not."""
    row = _FIND.first(connection, {"token": token})
    return None if row is None else LinkRecord(**row._asdict())


def find_shared(connection: Connection, shared: str) -> tuple[str, datetime] | None:
    """Return the token of the link that is shared for something, and until when it holds."""
    row = _SHARED.first(connection, {"shared": shared})
    return None if row is None else (row.token, row.expires_at)


def lengthen(connection: Connection, token: str, until: datetime) -> None:
    """Let a link hold until an instant at least."""
    _LENGTHEN.run(connection, {"which": token, "until": until})
