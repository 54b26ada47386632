"""A segment: who of a store's people is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A condition on people, checked and ready to be asked."""

    text: str
    """As it was written."""
    name: str | None = None

    @classmethod
    def parse(
        cls, text: str, *, name: str | None = None, known: Mapping[str, Segment] | None = None
    ) -> Segment:
        """Read a SQL condition over the view of people.

        Args:
            text: such as ``spend > 500 and orders >= 3``.
            name: of the segment, where it has one.
            known: segments that it may use, by name.

        Raises:
            ContentError: it cannot be; the place is the line, the column and the word.
        """
        return cls(text=text, name=name)

    def holds(
        self,
        connection: Connection,
        store: StoreName,
        person: PersonId,
        now: datetime,
        identities: Identities | None = None,
    ) -> bool:
        """Tell whether somebody is in it.

        Args:
            connection: where to look.
            store: whose person.
            person: the pseudonym in use.
            now: the present instant, UTC.
            identities: where keys were rotated: finds what was allowed under former pseudonyms.
        """
        raise NotImplementedError

    def members(
        self,
        connection: Connection,
        store: StoreName,
        now: datetime,
        identities: Identities | None = None,
    ) -> Iterator[PersonId]:
        """Yield who is in it, in the order of the pseudonyms."""
        raise NotImplementedError

    def size(
        self,
        connection: Connection,
        store: StoreName,
        now: datetime,
        identities: Identities | None = None,
    ) -> int:
        """Return how many are in it."""
        raise NotImplementedError

    def explain(self, currency: str | None = None) -> str:
        """Say in words who is in it, such as ``people who spent more than 500 GBP``."""
        raise NotImplementedError
