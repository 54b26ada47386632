"""Short links: made, found by their token, shared, and removed when they are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import CARTS, CLICKS, LINKS, ORDERS, SHIPMENTS
from gateway.domain.ids import PersonId, StoreName

PAGE: Final = "page"
OPT_OUT: Final = "opt_out"

_AT_ONCE: Final = 500
"""Links that go in one transaction, with their clicks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRecord:
    """A short link."""

    token: str
    store: StoreName
    kind: str
    """`PAGE` or `OPT_OUT`."""
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


def drop_expired_links(connection: Connection, before: datetime, limit: int = _AT_ONCE) -> int:
    """Remove links that were over before an instant, with their clicks; return how many went.

    Ask again until none goes.
    """
    over = (
        select(LINKS.c.token)
        .where(LINKS.c.expires_at < before)
        .order_by(LINKS.c.expires_at)
        .limit(limit)
    )
    return _drop(connection, list(connection.scalars(over)))


def drop_links_of(connection: Connection, store: StoreName, persons: Sequence[PersonId]) -> int:
    """Remove a person's links, with their clicks; return how many went.

    Also those that are nobody's by name and lead to what is the person's alone: a parcel's page, a
    cart. Call it while the person's orders and carts are still there to tell which these are.
    """
    urls = select(CARTS.c.url).where(CARTS.c.store == store, CARTS.c.person.in_(persons))
    parcels = (
        select(SHIPMENTS.c.tracking_url)
        .join(
            ORDERS,
            (ORDERS.c.store == SHIPMENTS.c.store) & (ORDERS.c.order_id == SHIPMENTS.c.order_id),
        )
        .where(ORDERS.c.store == store, ORDERS.c.person.in_(persons))
    )
    theirs = select(LINKS.c.token).where(
        LINKS.c.store == store,
        or_(LINKS.c.person.in_(persons), LINKS.c.url.in_(urls), LINKS.c.url.in_(parcels)),
    )
    return _drop(connection, list(connection.scalars(theirs)))


def _drop(connection: Connection, tokens: Sequence[str]) -> int:
    for lot in in_lots(tokens):
        for table in (CLICKS, LINKS):
            gone = delete(table).where(one_of(table.c.token, len(lot)))
            connection.execute(gone, by_place(lot))
    return len(tokens)
