"""Who belongs to a segment's expression, by what the shops' folders say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.app.shops import Contents
from gateway.commerce.segments import Segment
from gateway.consent.identity import Identities
from gateway.domain.ids import PersonId, StoreName


class Membership:
    """Tells who belongs to a segment's expression, which is read once."""

    def __init__(self, identities: Identities, contents: Contents) -> None:
        self._identities = identities
        self._read: dict[tuple[StoreName, str], Segment] = {}
        self.take_up(contents)

    def take_up(self, contents: Contents) -> None:
        """Go by what the folders say from now on."""
        self._segments = {store: content.segments for store, content in contents.items()}
        self._read = {}

    def __call__(
        self,
        connection: Connection,
        store: StoreName,
        where: str,
        person: PersonId,
        now: datetime,
    ) -> bool:
        """Tell whether a person belongs to it.

        Raises:
            ContentError: it is no condition on people.
        """
        segment = self._read.get((store, where))
        if segment is None:
            known = self._segments.get(store, {})
            segment = self._read[store, where] = Segment.parse(where, known=known)
        return segment.holds(connection, store, person, now, self._identities)
