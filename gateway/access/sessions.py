"""How long a browser stays signed in. Pure; the rows are `gateway.db.console.sessions`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.db.console.sessions import SessionRecord

IDLE: Final = timedelta(hours=12)
"""Without use it ends after this: over night, and not over lunch."""

LIFE: Final = timedelta(days=14)
"""It ends after this however much it is used: a stolen cookie is worth no more than two weeks."""

TOUCH: Final = timedelta(minutes=5)
"""How often it is written that it is used: a page that is watched asks every few seconds."""


def holds(record: SessionRecord, now: datetime) -> bool:
    """Whether who shows it is its user."""
    return not record.disabled and now < record.ends_at and now - record.seen_at < IDLE


def is_due(seen_at: datetime | None, now: datetime) -> bool:
    """Whether it is to be written that something is used."""
    return seen_at is None or now - seen_at >= TOUCH
