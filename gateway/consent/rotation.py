"""A new key for the fingerprints: what has to follow from it, so that everybody is still known.

The ledger is never written anew; who stands in it under a former key is found by all keys together
wherever a number is at hand. Where it is not, in the lake and among the scores, names are told from
the numbers that the database has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, union

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.consent.withheld import withheld
from gateway.db.consent import append_events, events_of
from gateway.db.keeping import note_keys
from gateway.db.owned import rename_owned
from gateway.db.persons import rename_persons
from gateway.db.scores import forget_scores
from gateway.db.tables import INBOUND, PERSONS, SHEAVES
from gateway.domain.consent import Action, ConsentEvent, Method
from gateway.domain.ids import PersonId, StoreName

_NUMBERS: Final = union(
    select(PERSONS.c.number),
    *(select(sheaf.jobs.c.recipient) for sheaf in SHEAVES),
    select(INBOUND.c.sender),
)
_WITHHOLDING: Final = (Action.OBJECTED, Action.RESTRICTED, Action.ERASED)


def aliases(connection: Connection, keys: Sequence[bytes]) -> Mapping[PersonId, PersonId]:
    """Return by which pseudonym somebody is known now, by the former ones; where a number tells.

    Args:
        connection: where to look.
        keys: the one in use first; with that alone nobody has a former name.
    """
    if len(keys) == 1:
        return {}
    identities = Identities(keys)
    found: dict[PersonId, PersonId] = {}
    for number in connection.scalars(_NUMBERS):
        now, *former = identities.all_of(number)
        found |= dict.fromkeys(former, now)
    return found


def take_key(connection: Connection, keys: Sequence[bytes], now: datetime) -> None:
    """Begin to use a new key.

    Persons get their new names, and so does what shops told of them. Who is left out of all
    analysis is so under the new name, too. The advice of the models goes, as it is about names of
    before.

    Args:
        connection: the transaction.
        keys: the new one first.
        now: the instant.
    """
    identities = Identities(keys)
    renamed = aliases(connection, keys)
    append_events(connection, _carried(connection, renamed, now), now)
    rename_persons(connection, identities.of)
    rename_owned(connection, renamed)
    forget_scores(connection)
    note_keys(connection, keys, now)


def _carried(
    connection: Connection, renamed: Mapping[PersonId, PersonId], now: datetime
) -> Iterator[ConsentEvent]:
    """Yield what withholds somebody, under the new name."""
    for store, persons in withheld(connection).items():
        for person in sorted(persons & renamed.keys()):
            yield from _withholding(connection, store, person, renamed[person])


def _withholding(
    connection: Connection, store: StoreName, person: PersonId, name: PersonId
) -> Iterator[ConsentEvent]:
    for one in standing_of(events_of(connection, store, [person])).history:
        if one.event.action in (*_WITHHOLDING, Action.UNRESTRICTED):
            yield replace(
                one.event,
                person=name,
                method=Method.OPERATOR,
                actor="rotation",
                evidence={"row": one.key},
            )
