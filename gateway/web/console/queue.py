"""``/queue``: what waits, of which urgency and store, for how long, and why it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from gateway.access import Right, Visitor
from gateway.db.console.depths import Depth, Wait, read_depths, read_store_waits
from gateway.db.console.unserved import Unserved, read_unserved
from gateway.domain.ids import StoreName
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState
from gateway.web.console.shell import render
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import visitor
from gateway.web.house import House

PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.OTP: "One-time codes",
    Purpose.TRANSACTIONAL: "Orders",
    Purpose.MARKETING: "Marketing",
}
"""What each purpose is called."""

router = APIRouter()


@dataclass(kw_only=True, slots=True)
class Row:
    """What waits of a store and a purpose."""

    store: StoreName
    purpose: Purpose
    label: str
    ready: int = 0
    """That a line may take."""
    deferred: int = 0
    """That wait for their time: a window, a pause, a date."""
    unconfirmed: int = 0
    """Of which nobody knows what became."""
    since: datetime | None = None
    """Since when the first of them might have gone."""
    expires_at: datetime | None = None
    """The first deadline; None: there is none."""


@dataclass(kw_only=True, slots=True)
class Queue:
    """All that waits."""

    rows: list[Row]
    unserved: list[tuple[StoreName, str, str]]
    """Of which store, of what urgency, and why nothing of it goes out."""

    @property
    def total(self) -> int:
        """Jobs that wait for a line."""
        return sum(row.ready for row in self.rows)

    @property
    def deferred(self) -> int:
        """Jobs that wait for their time."""
        return sum(row.deferred for row in self.rows)


async def take_queue(house: House, subject: str) -> Snapshot:
    """Return the queue."""

    def read(connection: Connection) -> Queue:
        depths, waits = read_depths(connection), read_store_waits(connection)
        return queue_of(depths, waits.values(), read_unserved(connection))

    return {"queue": await house.database.read(read)}


def queue_of(depths: Iterable[Depth], waits: Iterable[Wait], unserved: Iterable[Unserved]) -> Queue:
    """Put together what waits; the most urgent first, of those by store.

    Of what had something lately there is a row, though nothing of it waits: rows that came and went
    with each message would have the page jump.
    """
    rows: dict[tuple[StoreName, Purpose], Row] = {}

    def row(store: StoreName, purpose: Purpose) -> Row:
        made = Row(store=store, purpose=purpose, label=PURPOSES[purpose])
        return rows.setdefault((store, purpose), made)

    for depth in depths:
        _count(row(depth.store, depth.purpose), depth)
    for wait in waits:
        found = row(wait.store, wait.purpose)
        found.since = wait.since
        found.expires_at = None if wait.expires_at >= NEVER else wait.expires_at
    shown = sorted(rows.values(), key=lambda one: (one.purpose.urgency, one.store))
    labels = {purpose.urgency: label for purpose, label in PURPOSES.items()}
    waiting = {(one.store, one.purpose.urgency) for one in shown if one.ready or one.deferred}
    why = [
        (one.store, labels[one.urgency], one.reason)
        for one in unserved
        if (one.store, one.urgency) in waiting
    ]
    return Queue(rows=shown, unserved=why)


def _count(row: Row, depth: Depth) -> None:
    if depth.state is JobState.UNCONFIRMED:
        row.unconfirmed += depth.jobs
    elif depth.state is JobState.DEFERRED:
        row.deferred += depth.jobs
    else:
        row.ready += depth.jobs


TOPIC: Final = Topic(
    name="queue", right=Right.READ, take=take_queue, parts={"queue": "live/queue.html"}
)


@router.get("/queue")
async def show_queue(
    request: Request, who: Annotated[Visitor, visitor(Right.READ)]
) -> HTMLResponse:
    """Show it."""
    found = await request.app.state.live.latest("queue")
    return render(request, who, "queue.html", sight=who, **found)
