"""How large a segment is, and how many of it may be written to: one question to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func

from gateway.commerce.segments.segment import Segment, people_of
from gateway.consent.identity import Identities
from gateway.domain.consent import DEFAULT_SCOPE, purpose_of
from gateway.domain.ids import StoreName
from gateway.domain.purpose import Purpose

OFFERS = purpose_of(Purpose.MARKETING, DEFAULT_SCOPE[Purpose.MARKETING])


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """Figures of a segment."""

    persons: int
    """In the segment."""
    people: int
    """Of the store, without those who are left out of all segments."""
    allowing: int
    """In the segment, who allow offers; the gate may still ask for more."""

    @property
    def share(self) -> float:
        """Of the people, 0 to 1; 0 where there are none."""
        return self.persons / self.people if self.people else 0.0


def preview(
    segment: Segment,
    connection: Connection,
    store: StoreName,
    now: datetime,
    identities: Identities | None = None,
) -> Preview:
    """Count a segment.

    Args:
        segment: who.
        connection: where to look.
        store: whose people.
        now: the present instant, UTC.
        identities: where keys were rotated.
    """
    asked, everybody = people_of(connection, store, now, identities, grants=True)
    condition = asked.condition(segment.condition)
    allowing = asked.allowance.condition(asked.view, OFFERS)
    counts = (
        func.count(),
        func.count().filter(condition),
        func.count().filter(and_(condition, allowing)),
    )
    people, persons, allowed = connection.execute(asked.view.query(everybody, *counts)).one()
    return Preview(persons=persons, people=people, allowing=allowed)
