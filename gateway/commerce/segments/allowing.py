"""Who allows what, and who is left out of everything: by the ledger, for all of a store at once.

The rules are those of `gateway.consent.standing` and stand nowhere else. A history of nothing but
grants without an end is judged by the database, as there is nothing to judge: what was granted
stands. Everybody else's is read and judged by those rules, and comes into the question as names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, not_, or_

from gateway.consent.identity import Identities
from gateway.consent.standing import Standing, standing_of
from gateway.db.consent import eventful_histories, events_of, grantees, names_of
from gateway.db.persons import numbers_of, numbers_of_store
from gateway.db.shop.people import People
from gateway.domain.consent import PURPOSES, SERVICE, covers
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """The standings of a store's people, as far as they have to be judged."""

    store: StoreName
    now: datetime
    judged: Mapping[PersonId, Standing] = field(default_factory=dict)
    complete: bool = False
    """Whether all who are asked about are among the judged."""

    def withheld(self) -> list[PersonId]:
        """Return who is left out of all segments (G-8, G-10)."""
        return [person for person, standing in self.judged.items() if standing.withheld]

    def condition(self, view: People, purpose: str) -> ColumnElement[Any]:
        """Return whether a person allows a purpose."""
        allowed = view.named(
            [who for who, standing in self.judged.items() if allows(standing, purpose, self.now)]
        )
        if self.complete:
            return allowed
        plain = _plain(view, self.store, purpose)
        return or_(allowed, and_(plain, not_(view.named(list(self.judged)))))


def _plain(view: People, store: StoreName, purpose: str) -> ColumnElement[Any]:
    """Return whether a person with an uneventful history allows a purpose."""
    if purpose == SERVICE:
        return view.person.is_not(None)
    wide = [one for one in PURPOSES if covers(one, purpose)]
    return view.person.in_(grantees(store, wide))


def allows(standing: Standing, purpose: str, now: datetime) -> bool:
    """Tell whether a person may be written to for a purpose, as far as the ledger goes.

    Service messages need no grant; they end with STOP ALL.
    """
    if standing.restricted or standing.deactivated:
        return False
    if purpose == SERVICE:
        return not standing.ended_service
    return standing.grant(purpose, now) is not None


def allowance_of_all(
    connection: Connection,
    store: StoreName,
    now: datetime,
    identities: Identities | None,
    *,
    grants: bool,
) -> Allowance:
    """Judge all of a store's people whose history has to be judged.

    Args:
        connection: where to look.
        store: whose people.
        now: the instant, UTC.
        identities: where keys were rotated: who is known by which former pseudonyms.
        grants: whether it will be asked who allows what; else only who is left out.
    """
    judged = {
        person: standing_of(history)
        for person, history in eventful_histories(connection, store, grants=grants)
    }
    if identities is not None and identities.is_rotated:
        judged |= _of_former_names(connection, store, identities)
    return Allowance(store=store, now=now, judged=judged)


def _of_former_names(
    connection: Connection, store: StoreName, identities: Identities
) -> Iterator[tuple[PersonId, Standing]]:
    """Yield the standings of who is in the ledger under a former pseudonym."""
    known = set(names_of(connection, store))
    for number in numbers_of_store(connection, store):
        persons = identities.all_of(number)
        if not known.isdisjoint(persons[1:]):
            yield persons[0], standing_of(events_of(connection, store, persons))


def allowance_of_one(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    now: datetime,
    identities: Identities | None,
) -> Allowance:
    """Judge one person."""
    persons: Sequence[PersonId] = [person]
    if identities is not None and identities.is_rotated:
        numbers = numbers_of(connection, person)
        persons = identities.all_of(numbers[0]) if numbers else persons
    judged = {person: standing_of(events_of(connection, store, persons))}
    return Allowance(store=store, now=now, judged=judged, complete=True)
