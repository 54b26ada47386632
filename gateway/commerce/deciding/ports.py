"""What a decision needs of others, as shapes: words, links, codes, and who belongs to a segment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.commerce.deciding.occasion import Tracking
from gateway.commerce.deciding.words import Voice
from gateway.db.commerce.decisions import DecisionKey
from gateway.dispatch.entries import Entry
from gateway.domain.errors import RejectedError
from gateway.domain.ids import Campaign, JobId, PersonId, StoreName

Shorten = Callable[[str, str | None], str]
"""Returns what stands in a text for a URL, and the product that its card shows."""


class Worded(Protocol):
    """A text as it is sent."""

    @property
    def text(self) -> str:
        """The words."""
        ...


class Writes(Protocol):
    """Words templates; see `gateway.commerce.templates`."""

    def render(
        self,
        name: str,
        locale: str | None,
        values: Mapping[str, object],
        *,
        zone: ZoneInfo,
        shorten: Shorten,
    ) -> Worded:
        """Return the text of a template for a person.

        Raises:
            ContentError: there is no such template, or it lacks something to say.
        """
        ...

    def says(self, name: str, locale: str | None, word: str) -> bool:
        """Tell whether the template for a person names a value.

        Raises:
            ContentError: there is no such template.
        """
        ...


class Shortens(Protocol):
    """Makes short links; see `gateway.commerce.links`."""

    def shorten(
        self,
        connection: Connection,
        url: str,
        *,
        store: StoreName,
        decision_key: DecisionKey | None,
        job: JobId | None,
        person: PersonId | None,
        campaign: Campaign | None,
        level: Tracking,
        product_id: str | None,
        expires_at: datetime | None,
        now: datetime,
        told: Collection[str] = (),
        private: Collection[str] = (),
    ) -> str:
        """Return what stands in the text.

        Of ``told``, which the store itself told, the URLs may lead to others' hosts; ``private``
        are those of pages that are one person's.

        Raises:
            ContentError: the URL may not be linked to.
        """
        ...

    def opt_out(
        self,
        connection: Connection,
        *,
        store: StoreName,
        decision_key: DecisionKey | None,
        job: JobId | None,
        person: PersonId,
        campaign: Campaign | None,
        now: datetime,
    ) -> str | None:
        """Return what stands in the text for the way out; None where no link leads there."""
        ...


class Gives(Protocol):
    """Gives codes; see `gateway.commerce.coupons`."""

    def give(
        self,
        connection: Connection,
        pool: str,
        *,
        store: StoreName,
        person: PersonId,
        decision_key: DecisionKey,
        now: datetime,
    ) -> tuple[str, datetime | None] | None:
        """Return a code of the person's own and until when it holds; None when the pool is empty.

        Raises:
            ContentError: the store has no such pool.
        """
        ...


Belongs = Callable[[Connection, StoreName, str, PersonId, datetime], bool]
"""Tells whether a person belongs to a segment's expression."""


class Admits(Protocol):
    """The one way into the queue; see `gateway.dispatch.Admission`."""

    def write(
        self, connection: Connection, entries: Sequence[Entry], now: datetime
    ) -> list[RejectedError | None]:
        """Take jobs in the caller's transaction."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """What a store has to say, and how it says it."""

    voice: Voice
    zone: ZoneInfo
    """Where nothing tells the person's."""
    library: Writes
    country: str | None = None
    """The store's, ISO 3166."""
