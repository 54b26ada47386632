"""Statements on the audit log: who did what, and what came of it. Rows are added and never changed.

They go when they are too old (`gateway.db.retention`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from gateway.db.tables import AUDIT_ENTRIES

STRANGER: Final = "stranger"
"""The actor of what somebody tried who could not show who they are."""

MOST_SUBJECT: Final = 200
"""Characters of a subject; what a stranger typed is cut off there."""

_MOST_WORD: Final = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that somebody did, or tried to.

    Attributes:
        at: UTC.
        actor: ``user:NAME``, ``token:ID``, ``command``, `STRANGER` or ``gateway``.
        action: such as ``campaign.launch``.
        subject: what it was done to; of a person the pseudonym, never a number.
        result: ``done``, or the code of why not.
        details: a few facts more, as JSON has them; no number, no text of a person, no secret.
        key: its number, once it is kept.
    """

    at: datetime
    actor: str
    action: str
    result: str
    subject: str | None = None
    details: Mapping[str, Any] | None = None
    key: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sift:
    """Which entries somebody wants to see.

    Attributes:
        actor: by this one.
        action: this one, or all that begin with it and a dot.
        subject: about this one.
        since: not before; UTC.
        until: before; UTC.
        before: older than the entry with this key, for the next page.
    """

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def put_entry(connection: Connection, entry: Entry) -> None:
    """Add an entry."""
    details = None if not entry.details else json.dumps(entry.details, default=str)
    row = {
        "at": entry.at,
        "actor": entry.actor[:_MOST_WORD],
        "action": entry.action[:_MOST_WORD],
        "subject": None if entry.subject is None else _written(entry.subject),
        "result": entry.result[:_MOST_WORD],
        "details": details,
    }
    connection.execute(insert(AUDIT_ENTRIES), row)


def _written(subject: str) -> str:
    """Return a subject as every database keeps it: PostgreSQL takes no NUL in a text."""
    return subject.replace("\0", "")[:MOST_SUBJECT]


def read_entries(connection: Connection, sift: Sift, limit: int) -> list[Entry]:
    """Return the newest entries that pass, at most so many."""
    columns = AUDIT_ENTRIES.c
    query = select(AUDIT_ENTRIES).order_by(columns.key.desc()).limit(limit)
    if sift.actor is not None:
        query = query.where(columns.actor == sift.actor)
    if sift.action is not None:
        within = columns.action.startswith(f"{sift.action}.", autoescape=True)
        query = query.where((columns.action == sift.action) | within)
    if sift.subject is not None:
        query = query.where(columns.subject == sift.subject)
    if sift.since is not None:
        query = query.where(columns.at >= sift.since)
    if sift.until is not None:
        query = query.where(columns.at < sift.until)
    if sift.before is not None:
        query = query.where(columns.key < sift.before)
    return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        key=row.key,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        result=row.result,
        details=None if row.details is None else json.loads(row.details),
    )
