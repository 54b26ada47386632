"""Where a person stands in the database: by number in every spelling, and by fingerprint.

It reads whole tables, so it is run by a reader and not by the writer: nobody waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, union

from gateway.db.jobs import JobRecord, record_of
from gateway.db.received import answered_jobs
from gateway.db.streams import rows
from gateway.db.tables import (
    CONSENT_EVENTS,
    HOT,
    INBOUND,
    INBOUND_PARTS,
    JOBS,
    NOTES,
    OUTBOX,
    PERSONS,
    REPORTS,
    SHEAVES,
    Sheaf,
    both,
    both_limited,
)
from gateway.domain.consent import OWN_SCOPES, Action
from gateway.domain.ids import JobId, JobKey, MessageKey, PersonId, StoreName
from gateway.domain.phone import matching_tail
from gateway.domain.spelling import Spelling
from gateway.domain.states import Stage

_AT_ONCE: Final = 1_000

RECENT: Final = 20
"""Jobs by which a store is told who was erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Whom to look for.

    Attributes:
        spelling: the number.
        persons: its fingerprints, under the key in use and under former ones.
        store: only what this store holds; None: everything.
        until: jobs that were accepted later are not meant; None: all are.
    """

    spelling: Spelling
    persons: tuple[PersonId, ...]
    store: StoreName | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabouts:
    """The keys of the rows that are of a person, or that name it."""

    jobs: tuple[JobKey, ...]
    messages: tuple[MessageKey, ...]
    """That came in."""
    reports: tuple[int, ...]
    """That no part claimed."""
    letters: tuple[int, ...]
    """That wait for the broker and are about the person."""
    mentioning: tuple[int, ...]
    """Letters about others that name the number."""
    mentions: tuple[JobKey, ...]
    """Jobs to others, whose text names the number."""
    mentioned_in: tuple[MessageKey, ...]
    """What others wrote that names it."""
    proofs: tuple[int, ...]
    """Events of consent whose payload names it."""
    notes: tuple[str, ...]
    alone: bool
    """Whether no other store holds the person."""


def find_whereabouts(connection: Connection, sought: Sought) -> Whereabouts:
    """Return where a person stands; with a store, what of it is that store's to erase."""
    alone = not other_stores(connection, sought)
    jobs = jobs_of(connection, sought)
    messages = messages_of(connection, sought, alone=alone)
    letters, mentioning = _letters(connection, replace(sought, store=None) if alone else sought)
    return Whereabouts(
        jobs=tuple(jobs),
        messages=tuple(messages),
        reports=tuple(_reports(connection, sought)) if alone else (),
        letters=letters,
        mentioning=mentioning,
        mentions=tuple(
            key
            for sheaf in SHEAVES
            for key in _texts(connection, sheaf.jobs, sought)
            if key not in set(jobs)
        ),
        mentioned_in=tuple(
            key for key in _texts(connection, INBOUND, sought) if key not in set(messages)
        )
        if alone
        else (),
        proofs=tuple(_proofs(connection, sought)),
        notes=tuple(_notes(connection, sought)) if alone else (),
        alone=alone,
    )


def stores_of(connection: Connection, sought: Sought) -> set[StoreName]:
    """Return the stores that hold something of a person, other than that it was erased."""
    jobs = [
        select(sheaf.jobs.c.store).where(_to(sheaf, sought.spelling.number)) for sheaf in SHEAVES
    ]
    told = select(PERSONS.c.store).where(PERSONS.c.person.in_(sought.persons))
    events = CONSENT_EVENTS.c
    last = select(func.max(events.key)).where(events.person.in_(sought.persons))
    kept = select(events.store).where(
        events.key.in_(last.group_by(events.store)), events.action != Action.ERASED
    )
    allowed = set(connection.scalars(kept))
    return {store for (store,) in connection.execute(union(*jobs, told))} | allowed


def other_stores(connection: Connection, sought: Sought) -> set[StoreName]:
    """Return the stores beside the sought one that hold the person; none where all are meant."""
    return stores_of(connection, sought) - {sought.store} if sought.store is not None else set()


def jobs_of(connection: Connection, sought: Sought) -> list[JobKey]:
    """Return the jobs to a person, oldest first."""

    def build(sheaf: Sheaf) -> Select[Any]:
        jobs = sheaf.jobs.c
        query = select(jobs.key).where(_to(sheaf, sought.spelling.number))
        if sought.until is not None:
            query = query.where(jobs.accepted_at <= sought.until)
        return _of_store(query, jobs.store, sought)

    return [JobKey(key) for key in sorted(connection.execute(both(build)).scalars())]


def _to(sheaf: Sheaf, number: str) -> ColumnElement[bool]:
    """Return the condition of jobs to a number; in the archive they are found by their parts."""
    meant = sheaf.jobs.c.recipient == number
    if sheaf is HOT:
        return meant
    tail = select(sheaf.parts.c.job_key).where(sheaf.parts.c.tail == matching_tail(number))
    return and_(meant, sheaf.jobs.c.key.in_(tail))


def recent_jobs(connection: Connection, store: StoreName, number: str) -> list[JobId]:
    """Return the ids of a store's newest jobs to a number; none that itself holds the number.

    What the gateway wrote by itself is no job that the store knows the person by.
    """

    def build(sheaf: Sheaf) -> Select[Any]:
        jobs = sheaf.jobs.c
        theirs = or_(jobs.scope.is_(None), jobs.scope.not_in(OWN_SCOPES))
        query = select(jobs.key, jobs.id).where(_to(sheaf, number), jobs.store == store, theirs)
        return query.order_by(jobs.key.desc()).limit(RECENT)

    newest = sorted(connection.execute(both_limited(build)), reverse=True)[:RECENT]
    spelling = Spelling(number)
    return [JobId(row.id) for row in newest if not spelling.stands_in(row.id)]


def unfinished_jobs(connection: Connection, sought: Sought) -> list[JobRecord]:
    """Return the person's jobs that still stand in the queue or at a line."""
    at_work = (Stage.READY, Stage.SCHEDULED, Stage.CLAIMED)
    query = select(JOBS).where(
        JOBS.c.recipient == sought.spelling.number, JOBS.c.stage.in_(at_work)
    )
    if sought.until is not None:
        query = query.where(JOBS.c.accepted_at <= sought.until)
    held = _of_store(query, JOBS.c.store, sought).with_for_update(key_share=True)
    return [record_of(row) for row in connection.execute(held)]


def messages_of(connection: Connection, sought: Sought, *, alone: bool = True) -> list[MessageKey]:
    """Return what a person wrote, oldest first.

    Args:
        connection: where to look.
        sought: with a store, only answers to its jobs.
        alone: with a store, also what answers no job, since no other store may want it.
    """
    keys = set(_sent_by(connection, sought)) | set(_in_pdus(connection, sought))
    answered = answered_jobs()
    query = (
        select(INBOUND.c.key, answered.store)
        .select_from(answered.joined)
        .where(INBOUND.c.key.in_(keys))
        .order_by(INBOUND.c.key)
    )
    free = {sought.store} | ({None} if alone else set())
    return [
        MessageKey(key)
        for key, store in connection.execute(query)
        if sought.store is None or store in free
    ]


def _letters(connection: Connection, sought: Sought) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return letters about a person, and letters about others that name the number."""
    theirs: list[int] = []
    others: list[int] = []
    query = _of_store(select(OUTBOX.c.key, OUTBOX.c.body), OUTBOX.c.store, sought)
    for key, body in _stream(connection, query):
        if sought.spelling.stands_in(body):
            said = json.loads(body)
            about = f"{said.get('from')} {said.get('to')} {said.get('id')}"
            (theirs if sought.spelling.stands_in(about) else others).append(key)
    return tuple(theirs), tuple(others)


def _sent_by(connection: Connection, sought: Sought) -> Iterator[int]:
    query = select(INBOUND.c.key, INBOUND.c.sender).where(
        INBOUND.c.sender.like(f"%{sought.spelling.tail[-4:]}%")
    )
    for key, sender in _stream(connection, query):
        if sought.spelling.stands_in(sender):
            yield key


def _in_pdus(connection: Connection, sought: Sought) -> Iterator[int]:
    """Yield messages whose PDU names the number, such as those that could not be read."""
    query = select(INBOUND_PARTS.c.message_key, INBOUND_PARTS.c.pdu)
    for key, pdu in _stream(connection, query):
        if sought.spelling.stands_in_hex(pdu):
            yield key


def _reports(connection: Connection, sought: Sought) -> Iterator[int]:
    query = select(REPORTS.c.key, REPORTS.c.recipient).where(REPORTS.c.part_key.is_(None))
    for key, recipient in _stream(connection, query):
        if sought.spelling.stands_in(recipient):
            yield key


def _texts(connection: Connection, table: Any, sought: Sought) -> Iterator[Any]:
    query = select(table.c.key, table.c.text).where(
        or_(*(table.c.text.like(f"%{end}%") for end in _endings(sought.spelling)))
    )
    if table is not INBOUND:
        query = _of_store(query, table.c.store, sought)
    for key, text in _stream(connection, query):
        if sought.spelling.stands_in(text):
            yield key


def _endings(spelling: Spelling) -> tuple[str, ...]:
    """Return what a text has that names the number, however it is grouped: its last digits."""
    return (spelling.tail[-2:],)


def _proofs(connection: Connection, sought: Sought) -> Iterator[int]:
    events = CONSENT_EVENTS.c
    query = select(events.key, events.payload).where(events.payload.is_not(None))
    query = _of_store(query, events.store, sought)
    for key, payload in _stream(connection, query):
        if sought.spelling.stands_in(payload):
            yield key


def _notes(connection: Connection, sought: Sought) -> Iterator[str]:
    for subject, facts in connection.execute(select(NOTES.c.subject, NOTES.c.facts)):
        if sought.spelling.stands_in(subject) or sought.spelling.stands_in(facts):
            yield subject


def _of_store(query: Select[Any], column: ColumnElement[str], sought: Sought) -> Select[Any]:
    return query if sought.store is None else query.where(column == sought.store)


def _stream(connection: Connection, query: Any) -> Iterator[Row[*tuple[Any, ...]]]:
    return rows(connection, query, _AT_ONCE)
