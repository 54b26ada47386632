"""What is too old: found by a reader, some rows at a time, and let go of by the writer.

One step a class of data. To find reads whole tables once a day and holds up nobody; to let go is a
transaction of `LOT` rows, some milliseconds, behind which everything else has its turn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)

from gateway.db.jobs import JobRecord, record_of
from gateway.db.retiring import retire_jobs, retire_messages
from gateway.db.spent import SpentJobs
from gateway.db.streams import rows
from gateway.db.tables import (
    ARCHIVED,
    CONSENT_EVENTS,
    INBOUND,
    INBOUND_PARTS,
    JOBS,
    OUTBOX,
    PERSON_LINES,
    PERSONS,
    REPORTS,
    SCORES,
    SHEAVES,
    Sheaf,
    both,
)
from gateway.domain.consent import Action
from gateway.domain.cutoffs import Cutoffs
from gateway.domain.inbound import InboundState
from gateway.domain.purpose import Purpose
from gateway.domain.states import Stage

LOT: Final = 50
"""Rows of a transaction: 20 ms, measured on a busy machine of two cores; then others take turns."""

_OVER: Final = (Stage.DONE, Stage.HANDED)
_AT_ONCE: Final = 1_000


class Find(Protocol):
    """Returns the keys of what is too old, at most so many, or all."""

    def __call__(
        self, connection: Connection, cutoffs: Cutoffs, limit: int | None
    ) -> Sequence[Any]:
        """Find them."""
        ...


class Prune(Protocol):
    """Lets go of what has these keys; returns how many that were."""

    def __call__(
        self, connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
    ) -> int:
        """Let go of them."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One kind of thing that goes when it is too old."""

    name: str
    """What goes, for people."""
    keep: str
    """Its class, a value of `gateway.consent.datamap.Keep`."""
    before: Callable[[Cutoffs], datetime]
    """Before when something is too old."""
    find: Find
    """Returns the keys of what is too old, at most so many."""
    prune: Prune
    """Lets go of them; returns how many."""


def keys_by(query: Callable[[Cutoffs], Select[Any] | CompoundSelect[Any]]) -> Find:
    """Return what finds by a query of keys."""

    def find(connection: Connection, cutoffs: Cutoffs, limit: int | None) -> Sequence[Any]:
        statement = query(cutoffs) if limit is None else query(cutoffs).limit(limit)
        found = connection.execute(statement)
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return find


def _job_texts(cutoffs: Cutoffs) -> CompoundSelect[Any]:
    def build(sheaf: Sheaf) -> Select[Any]:
        jobs = sheaf.jobs.c
        worded: ColumnElement[bool] = literal_column(f"{sheaf.jobs.name}.text <> ''")
        return select(jobs.key).where(jobs.accepted_at < cutoffs.text, _over(sheaf), worded)

    return both(build)


def _inbound_texts(cutoffs: Cutoffs) -> Select[Any]:
    held = INBOUND.c.state == InboundState.HELD
    old = (INBOUND.c.received_at < cutoffs.text, INBOUND.c.state != InboundState.OPEN)
    return select(INBOUND.c.key).where(*old, or_(INBOUND.c.text.is_not(None), held))


def _pdus(cutoffs: Cutoffs) -> Select[Any]:
    return (
        select(INBOUND_PARTS.c.key)
        .join(INBOUND, INBOUND.c.key == INBOUND_PARTS.c.message_key)
        .where(
            INBOUND_PARTS.c.received_at < cutoffs.text,
            INBOUND.c.state != InboundState.OPEN,
            or_(INBOUND_PARTS.c.pdu != "", INBOUND_PARTS.c.text.is_not(None)),
        )
    )


def _jobs(cutoffs: Cutoffs) -> CompoundSelect[Any]:
    def build(sheaf: Sheaf) -> Select[Any]:
        jobs = sheaf.jobs.c
        return select(jobs.key).where(jobs.accepted_at < cutoffs.delivery, _over(sheaf))

    return both(build)


def _over(sheaf: Sheaf) -> ColumnElement[bool]:
    """Return the condition of what may go; in the archive that is all."""
    return true() if sheaf is ARCHIVED else sheaf.jobs.c.stage.in_(_OVER)


def _messages(cutoffs: Cutoffs) -> Select[Any]:
    old = INBOUND.c.received_at < cutoffs.delivery
    return select(INBOUND.c.key).where(old, INBOUND.c.state != InboundState.OPEN)


def _strays(cutoffs: Cutoffs) -> Select[Any]:
    return select(REPORTS.c.key).where(
        REPORTS.c.part_key.is_(None), REPORTS.c.received_at < cutoffs.strays
    )


def _scores(cutoffs: Cutoffs) -> Select[Any]:
    return select(SCORES.c.store, SCORES.c.person_id).where(SCORES.c.made_at < cutoffs.scores)


def _known_lines(cutoffs: Cutoffs) -> Select[Any]:
    return select(PERSON_LINES.c.store, PERSON_LINES.c.person).where(
        PERSON_LINES.c.at < cutoffs.delivery
    )


def _letters(connection: Connection, cutoffs: Cutoffs, limit: int | None) -> Sequence[int]:
    letters = select(OUTBOX.c.key, OUTBOX.c.body).order_by(OUTBOX.c.key)
    with closing(rows(connection, letters, _AT_ONCE)) as read:
        old = (key for key, body in read if _said_at(body) < cutoffs.letters)
        return list(islice(old, limit))


def _said_at(body: str) -> datetime:
    """Return when a letter was written, by its own words; what says nothing is taken for old."""
    said = json.loads(body)
    instant = said.get("at") or said.get("received_at") or "0001-01-01T00:00:00Z"
    return datetime.fromisoformat(instant)


def _evidence(connection: Connection, cutoffs: Cutoffs, limit: int | None) -> Sequence[int]:
    """Return events with a payload of persons whose last word, long ago, was no.

    While a consent stands its proof does; a restriction keeps it, too.
    """
    events = CONSENT_EVENTS.c
    last = (
        select(func.max(events.key).label("key")).group_by(events.store, events.person).subquery()
    )
    over = (Action.WITHDRAWN, Action.OBJECTED, Action.ERASED, Action.DEACTIVATED)
    ended = (
        select(events.store, events.person)
        .join(last, last.c.key == events.key)
        .where(events.recorded_at < cutoffs.evidence, events.action.in_(over))
        .subquery()
    )
    query = (
        select(events.key)
        .join(ended, and_(ended.c.store == events.store, ended.c.person == events.person))
        .where(events.payload.is_not(None))
    )
    return list(connection.execute(query if limit is None else query.limit(limit)).scalars())


def vain_jobs(connection: Connection, before: datetime, limit: int | None) -> list[JobRecord]:
    """Return jobs that still wait though they should have gone out before an instant."""
    waiting = JOBS.c.stage.in_((Stage.READY, Stage.SCHEDULED))
    query = select(JOBS).where(waiting, JOBS.c.not_before < before)
    found = connection.execute(query if limit is None else query.limit(limit))
    return [record_of(row) for row in found]


def _blank(*tables: Any, **values: object) -> Prune:
    def prune(connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime) -> int:
        changes = (update(table).where(table.c.key.in_(keys)).values(**values) for table in tables)
        return sum(connection.execute(change).rowcount for change in changes)

    return prune


def drop(table: Any) -> Prune:
    """Return what deletes rows of a table by their keys."""

    def prune(connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime) -> int:
        return connection.execute(delete(table).where(table.c.key.in_(keys))).rowcount

    return prune


def _retire_jobs(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    for sheaf in SHEAVES:
        jobs = sheaf.jobs.c
        orders = select(jobs.recipient, func.max(jobs.accepted_at)).where(
            jobs.key.in_(keys), jobs.purpose != Purpose.MARKETING
        )
        note_activity(connection, orders.group_by(jobs.recipient))
    return retire_jobs(connection, keys, spent, now)


def _retire_messages(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    wrote = select(INBOUND.c.sender, func.max(INBOUND.c.received_at)).where(
        INBOUND.c.key.in_(keys), INBOUND.c.sender.is_not(None)
    )
    note_activity(connection, wrote.group_by(INBOUND.c.sender))
    return retire_messages(connection, keys)


_HEARD: Final = (
    update(PERSONS)
    .where(
        PERSONS.c.number == bindparam("who"),
        or_(PERSONS.c.active_at.is_(None), PERSONS.c.active_at < bindparam("seen")),
    )
    .values(active_at=bindparam("seen"))
)


def note_activity(connection: Connection, query: Select[Any]) -> None:
    """Keep when persons were last heard of, where the rows that tell it are about to go."""
    heard = [{"who": number, "seen": at} for number, at in connection.execute(query)]
    if heard:
        connection.execute(_HEARD, heard)


def drop_named(table: Any, *columns: Any) -> Prune:
    """Return what deletes rows of a table that are named by several columns."""
    name = tuple_(*columns)

    def prune(connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime) -> int:
        return connection.execute(delete(table).where(name.in_(keys))).rowcount

    return prune


_NO_MORE_HELD: Final = case(
    (INBOUND.c.state == InboundState.HELD, InboundState.KEPT.value), else_=INBOUND.c.state
)
"""What waited so long for a store is told to none any more."""

STEPS: Final = (
    Step(
        name="texts that were sent",
        before=attrgetter("text"),
        keep="text",
        find=keys_by(_job_texts),
        prune=_blank(*(sheaf.jobs for sheaf in SHEAVES), text=""),
    ),
    Step(
        name="texts that came in",
        before=attrgetter("text"),
        keep="text",
        find=keys_by(_inbound_texts),
        prune=_blank(INBOUND, text=None, state=_NO_MORE_HELD),
    ),
    Step(
        name="SMS as they came in",
        before=attrgetter("text"),
        keep="text",
        find=keys_by(_pdus),
        prune=_blank(INBOUND_PARTS, pdu="", text=None),
    ),
    Step(
        name="messages that were sent",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_jobs),
        prune=_retire_jobs,
    ),
    Step(
        name="messages that came in",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_messages),
        prune=_retire_messages,
    ),
    Step(
        name="reports of no message",
        before=attrgetter("strays"),
        keep="delivery",
        find=keys_by(_strays),
        prune=drop(REPORTS),
    ),
    Step(
        name="lines by which persons knew a store",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_known_lines),
        prune=drop_named(PERSON_LINES, PERSON_LINES.c.store, PERSON_LINES.c.person),
    ),
    Step(
        name="letters that nobody took",
        before=attrgetter("letters"),
        keep="letters",
        find=_letters,
        prune=drop(OUTBOX),
    ),
    Step(
        name="stale scores",
        before=attrgetter("scores"),
        keep="scores",
        find=keys_by(_scores),
        prune=drop_named(SCORES, SCORES.c.store, SCORES.c.person_id),
    ),
    Step(
        name="proofs of consents that ended",
        before=attrgetter("evidence"),
        keep="evidence",
        find=_evidence,
        prune=_blank(CONSENT_EVENTS, payload=None),
    ),
)
"""In this order: words before the rows that they stand in."""
