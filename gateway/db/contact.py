"""What passed between a store and a person lately, for caps, carts and silence."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select

from gateway.db.prepared import Prepared
from gateway.db.tables import INBOUND, JOBS, Sheaf, both
from gateway.domain.consent import Scope
from gateway.domain.ids import JobId, StoreName
from gateway.domain.phone import matching_tail
from gateway.domain.purpose import Purpose

_MAY_HAVE_ARRIVED: Final = "state IN ('handed', 'sent', 'delivered', 'unconfirmed')"
"""Not what certainly failed: the person knows nothing of it."""


def _handed(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(func.max(parts.c.handed_at).label("at"))
        .join(jobs, jobs.c.key == parts.c.job_key)
        .where(
            parts.c.tail == bindparam("tail"),
            parts.c.handed_at > bindparam("since"),
            literal_column(f"{parts.name}.{_MAY_HAVE_ARRIVED}"),
            jobs.c.recipient == bindparam("recipient"),
            jobs.c.store == bindparam("store"),
            jobs.c.id != bindparam("job"),
        )
        .group_by(jobs.c.key)
    )


def _marketing(sheaf: Sheaf) -> Select[Any]:
    return _handed(sheaf).where(sheaf.jobs.c.purpose == Purpose.MARKETING.value)


def _carts(sheaf: Sheaf) -> Select[Any]:
    return _marketing(sheaf).where(sheaf.jobs.c.scope == Scope.CART.value)


def _service(sheaf: Sheaf) -> Select[Any]:
    return _handed(sheaf).where(sheaf.jobs.c.purpose != Purpose.MARKETING.value)


# A cap may look back for longer than a job stays out of the archive.
_MARKETING = Prepared(both(_marketing))
_CARTS = Prepared(both(_carts))
_SERVICE = Prepared(both(_service))
_WAITING_CARTS = Prepared(
    select(JOBS.c.key)
    .where(
        literal_column("jobs.stage IN ('ready', 'scheduled')"),
        JOBS.c.recipient == bindparam("recipient"),
        JOBS.c.store == bindparam("store"),
        JOBS.c.id != bindparam("job"),
        JOBS.c.scope == Scope.CART.value,
        JOBS.c.accepted_at > bindparam("since"),
    )
    .limit(1)
)
_WROTE = Prepared(
    select(func.max(INBOUND.c.received_at).label("at")).where(
        INBOUND.c.sender == bindparam("sender")
    )
)


def marketing_times(
    connection: Connection, store: StoreName, recipient: str, job: JobId, since: datetime
) -> list[datetime]:
    """Return when a store's marketing went out to a person that arrived or may have, a job each.

    Args:
        connection: where to look.
        store: whose jobs.
        recipient: E.164.
        job: not counted: the one that is asked about.
        since: only what was handed over after it.
    """
    return _times(connection, _MARKETING, store, recipient, job, since)


def wrote_of_cart(
    connection: Connection, store: StoreName, recipient: str, job: JobId, since: datetime
) -> bool:
    """Tell whether another job about a cart went out to a person after an instant."""
    return bool(_times(connection, _CARTS, store, recipient, job, since))


def waits_for_cart(
    connection: Connection, store: StoreName, recipient: str, job: JobId, since: datetime
) -> bool:
    """Tell whether another job about a cart that was taken after an instant waits for a person."""
    given = {"store": store, "recipient": recipient, "job": job, "since": since}
    return _WAITING_CARTS.first(connection, given) is not None


def last_contact(
    connection: Connection, store: StoreName, recipient: str, since: datetime
) -> datetime | None:
    """Return when a person last wrote, or a store last wrote of an order, after an instant."""
    told = _times(connection, _SERVICE, store, recipient, JobId(""), since)
    [row] = _WROTE.all(connection, {"sender": recipient})
    wrote: datetime | None = row.at
    return max([*told, *([wrote] if wrote is not None and wrote > since else [])], default=None)


def _times(
    connection: Connection,
    statement: Prepared,
    store: StoreName,
    recipient: str,
    job: JobId,
    since: datetime,
) -> list[datetime]:
    given = {"store": store, "recipient": recipient, "job": job, "since": since}
    rows = statement.all(connection, given | {"tail": matching_tail(recipient)})
    return [row.at for row in rows]
