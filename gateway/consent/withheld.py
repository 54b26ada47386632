"""Who is left out of all analysis: who objects, who is restricted, who was erased (G-8, G-10).

Who took back ``profiling`` is left out, too, until they allow it anew.

Not only from sending: from segments, values, send times and experiments too, and from holdouts, at
the level of the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, or_, select

from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.tables import CONSENT_EVENTS
from gateway.domain.consent import PROFILING, Action
from gateway.domain.ids import PersonId, StoreName

_LOT: Final = 500
_MAY_WITHHOLD: Final = (Action.OBJECTED, Action.RESTRICTED, Action.ERASED)


def withheld(
    connection: Connection, among: Collection[PersonId] | None = None
) -> Mapping[StoreName, frozenset[PersonId]]:
    """Return who is left out, by store.

    Args:
        connection: where to look.
        among: only these; None: all that there are.
    """
    found: dict[StoreName, set[PersonId]] = {}
    for store, person in _candidates(connection, among):
        if standing_of(events_of(connection, store, [person])).withheld:
            found.setdefault(store, set()).add(person)
    return {store: frozenset(persons) for store, persons in found.items()}


def _candidates(
    connection: Connection, among: Collection[PersonId] | None
) -> list[tuple[StoreName, PersonId]]:
    events = CONSENT_EVENTS.c
    said = or_(events.action.in_(_MAY_WITHHOLD), events.purpose == PROFILING)
    query = select(events.store, events.person).where(said).distinct()
    if among is None:
        return [(store, person) for store, person in connection.execute(query)]
    asked = sorted(among)
    lots = (asked[first : first + _LOT] for first in range(0, len(asked), _LOT))
    return [
        (store, person)
        for lot in lots
        for store, person in connection.execute(query.where(events.person.in_(lot)))
    ]
