"""Messages in the gateway's own name: to its operator, and from one of its lines to another.

They are jobs like any other, with a line of their own that alone may send them. No consent, window
or cap is about them, no store is told of them, and reports and the lake leave them out; they count
as parts of their line, for the SIM's contract makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.jobs import find_job
from gateway.db.parts import read_parts
from gateway.dispatch.context import Context
from gateway.dispatch.intake import insert_reply
from gateway.domain.consent import AutoReply, Scope
from gateway.domain.ids import HOUSE, JobId, LineId
from gateway.domain.states import JobState


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """A message of the gateway's own."""

    id: JobId
    to: str
    """E.164."""
    text: str
    line: LineId
    """That alone may send it."""
    scope: Scope
    expires_at: datetime
    """Past it nothing is handed to a modem."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """What came of one."""

    state: JobState
    handed_at: datetime | None
    """When its last part was handed over."""
    reason: str | None = None

    @property
    def sent(self) -> bool:
        """Whether the network took it."""
        return self.state in (JobState.SENT, JobState.DELIVERED, JobState.UNDELIVERED)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it that matters here."""
        return self.state not in (JobState.ACCEPTED, JobState.DEFERRED)


def write_own(connection: Connection, own: Own, now: datetime) -> None:
    """Put one into the queue, unless it is there; one transaction's work."""
    reply = AutoReply(
        id=own.id,
        store=HOUSE,
        to=own.to,
        text=own.text,
        line=own.line,
        expires_at=own.expires_at,
        scope=own.scope,
    )
    insert_reply(connection, reply, now)


async def send_own(context: Context, own: Own) -> None:
    """Put one into the queue, also when there is no room for jobs of stores.

    Raises:
        StorageError: it could not be kept.
    """
    now = context.now()
    await context.database.write(lambda connection: write_own(connection, own, now))
    context.queue_changed.notify()


def came_of(connection: Connection, job: JobId) -> Came | None:
    """Return what came of one; None when there is none of that name."""
    record = find_job(connection, HOUSE, job)
    if record is None:
        return None
    handed = [part.handed_at for part in read_parts(connection, record.key) if part.handed_at]
    return Came(state=record.state, handed_at=max(handed, default=None), reason=record.reason)
