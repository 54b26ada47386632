"""A segment: who of a store's people is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, not_

from gateway.commerce.segments.allowing import allowance_of_all, allowance_of_one
from gateway.commerce.segments.asking import Expression, Question
from gateway.commerce.segments.terms import Call, Condition, all_in
from gateway.commerce.segments.words import explain
from gateway.consent.identity import Identities
from gateway.db.shop.people import People
from gateway.db.streams import rows
from gateway.domain.ids import PersonId, StoreName

_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A condition on people, checked and ready to be asked.

    Where keys were rotated, the identities tell what a person allowed under former pseudonyms;
    without them such a grant is not seen, and the person allows nothing.
    """

    text: str
    """As it was written."""
    condition: Condition
    name: str | None = None
    about: str | None = None
    """What the shop says of it."""

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        name: str | None = None,
        known: Mapping[str, Segment] | None = None,
        about: str | None = None,
    ) -> Segment:
        """Read a SQL condition on people.

        Args:
            text: such as ``spend > 500 and orders >= 3``.
            name: of the segment, where it has one.
            known: segments that it may use, by name.
            about: what the shop says of it.

        Raises:
            ContentError: it cannot be; the place is the line and the column.
        """
        from gateway.commerce.segments.reading import read_condition  # sqlglot is heavy

        segments = {other: segment.condition for other, segment in (known or {}).items()}
        return cls(text=text, name=name, about=about, condition=read_condition(text, segments))

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
            identities: where keys were rotated.
        """
        allowance = allowance_of_one(connection, store, person, now, identities)
        if allowance.withheld():
            return False
        view = People(connection.dialect.name, store, now, person)
        condition = Question(view=view, allowance=allowance).condition(self.condition)
        found = view.query(condition, view.person)
        return connection.execute(found).first() is not None

    def members(
        self,
        connection: Connection,
        store: StoreName,
        now: datetime,
        identities: Identities | None = None,
    ) -> Iterator[PersonId]:
        """Yield who is in it, in no order; see `holds`."""
        view, condition = self._asked(connection, store, now, identities)
        for row in rows(connection, view.query(condition, view.person), _AT_ONCE):
            yield PersonId(row.person)

    def size(
        self,
        connection: Connection,
        store: StoreName,
        now: datetime,
        identities: Identities | None = None,
    ) -> int:
        """Return how many are in it; see `holds`."""
        view, condition = self._asked(connection, store, now, identities)
        return int(connection.execute(view.query(condition, func.count())).scalar_one())

    def explain(self, currency: str | None = None) -> str:
        """Say in words who is in it, such as ``people who spent more than £500``.

        Args:
            currency: ISO 4217, of the store's amounts; None: they stand without one.
        """
        return explain(self.condition, currency)

    def _asked(
        self,
        connection: Connection,
        store: StoreName,
        now: datetime,
        identities: Identities | None,
    ) -> tuple[People, Expression]:
        grants = any(
            isinstance(term, Call) and term.name == "consented" for term in all_in(self.condition)
        )
        asked, everybody = people_of(connection, store, now, identities, grants=grants)
        return asked.view, and_(everybody, asked.condition(self.condition))


def people_of(
    connection: Connection,
    store: StoreName,
    now: datetime,
    identities: Identities | None,
    *,
    grants: bool,
) -> tuple[Question, Expression]:
    """Return what conditions are put into, and which of the store's people may be in a segment.

    Args:
        connection: where to look.
        store: whose people.
        now: the present instant, UTC.
        identities: where keys were rotated.
        grants: whether it will be asked who allows what.
    """
    allowance = allowance_of_all(connection, store, now, identities, grants=grants)
    view = People(connection.dialect.name, store, now)
    return Question(view=view, allowance=allowance), not_(view.named(allowance.withheld()))
