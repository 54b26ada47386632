"""The ledger of consent: rows are added, each chained to the one before, and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from gateway.db.locks import hold
from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.streams import rows
from gateway.db.tables import CONSENT_EVENTS
from gateway.domain.consent import PROFILING, Action, Basis, ConsentEvent, Method, Recorded
from gateway.domain.ids import PersonId, StoreName

GENESIS: Final = bytes(32)
"""What the first row has in place of the hash before."""

_APPEND = Prepared(insert(CONSENT_EVENTS))
_HEAD = Prepared(select(CONSENT_EVENTS.c.hash).order_by(CONSENT_EVENTS.c.key.desc()).limit(1))
_AT_ONCE: Final = 1_000
_GRANTED: Final[ColumnElement[str]] = literal_column(f"'{Action.GRANTED}'")
"""As the index on what is more than that has it."""
_WITHHOLDING: Final = (Action.OBJECTED, Action.RESTRICTED, Action.ERASED)


def append_event(connection: Connection, event: ConsentEvent, now: datetime) -> None:
    """Write an event behind all that are there.

    Args:
        connection: the transaction.
        event: what changed; an instant of the future is taken for ``now``.
        now: the instant of the writing.
    """
    append_events(connection, (event,), now)


def append_events(connection: Connection, events: Iterable[ConsentEvent], now: datetime) -> None:
    """Write events in order behind all that are there, as `append_event` does, many at once."""
    hold(connection, "ledger")  # each row holds the hash of the one before
    head = _HEAD.first(connection, {})
    previous = GENESIS if head is None else head.hash
    new = []
    for event in events:
        row = _row(event, now, previous)
        previous = row["hash"]
        new.append(row)
    _APPEND.many(connection, new)


def _row(event: ConsentEvent, now: datetime, previous: bytes) -> dict[str, Any]:
    payload = _payload(event)
    row: dict[str, Any] = {
        "store": event.store,
        "person": event.person,
        "purpose": event.purpose,
        "action": event.action.value,
        "at": min(event.at, now),
        "recorded_at": now,
        "digest": hashlib.sha256(payload.encode()).digest(),
        "previous": previous,
    }
    return row | {"payload": payload, "hash": hash_of(row)}


def hash_of(row: dict[str, Any]) -> bytes:
    """Return the hash of a row: of what it says, of its payload's digest and of the hash before."""
    said = [
        row["previous"].hex(),
        row["store"],
        row["person"],
        row["purpose"],
        row["action"],
        _stamp(row["at"]),
        _stamp(row["recorded_at"]),
        row["digest"].hex(),
    ]
    return hashlib.sha256(json.dumps(said).encode()).digest()


def events_of(
    connection: Connection, store: StoreName, persons: Sequence[PersonId]
) -> list[Recorded]:
    """Return what is recorded of a person and a store, in the order of recording.

    Args:
        connection: where to look.
        store: whose.
        persons: the person's pseudonyms: under the key in use and under former ones.
    """
    found = _of_person(len(persons)).all(connection, {"store": store, **by_place(persons)})
    return [_recorded(row) for row in found]


@cache
def _of_person(names: int) -> Prepared:
    return Prepared(
        select(CONSENT_EVENTS)
        .where(
            one_of(CONSENT_EVENTS.c.person, names),
            CONSENT_EVENTS.c.store == bindparam("store"),
        )
        .order_by(CONSENT_EVENTS.c.key)
    )


def histories_of(
    connection: Connection, store: StoreName, persons: Sequence[PersonId]
) -> Mapping[PersonId, list[Recorded]]:
    """Return what is recorded of many persons and a store, by pseudonym, in order.

    Args:
        connection: where to look.
        store: whose.
        persons: their pseudonyms, however many; who is not in it has no history.
    """
    found: dict[PersonId, list[Recorded]] = {}
    for lot in in_lots(list(dict.fromkeys(persons))):
        for row in _of_person(len(lot)).all(connection, {"store": store, **by_place(lot)}):
            found.setdefault(PersonId(row.person), []).append(_recorded(row))
    return found


def eventful_histories(
    connection: Connection, store: StoreName, *, grants: bool
) -> Iterator[tuple[PersonId, list[Recorded]]]:
    """Yield what is recorded of persons for whom it is more than grants, person by person.

    Args:
        connection: where to look.
        store: whose.
        grants: of all of them, and of those who have a grant that may end by itself; else only of
            those who may be withheld from analysis.
    """
    events = CONSENT_EVENTS.c
    eventful = select(events.person).where(events.store == store, _more(grants=grants))
    query = select(CONSENT_EVENTS).where(events.store == store, events.person.in_(eventful))
    ordered = rows(connection, query.order_by(events.person, events.key), _AT_ONCE)
    for person, said in groupby(ordered, key=attrgetter("person")):
        yield PersonId(person), list(map(_recorded, said))


def _more(*, grants: bool) -> ColumnElement[bool]:
    """Return what makes a row more than a grant."""
    events = CONSENT_EVENTS.c
    no_grant = events.action != _GRANTED
    if grants:
        return or_(no_grant, events.payload.contains('"until"', autoescape=True))
    return and_(no_grant, or_(events.action.in_(_WITHHOLDING), events.purpose == PROFILING))


def grantees(store: StoreName, purposes: Sequence[str]) -> Select[tuple[str]]:
    """Return the question who ever granted a store one of several purposes."""
    return select(CONSENT_EVENTS.c.person).where(
        CONSENT_EVENTS.c.store == store,
        CONSENT_EVENTS.c.action == _GRANTED,
        CONSENT_EVENTS.c.purpose.in_(purposes),
    )


def names_of(connection: Connection, store: StoreName) -> Iterator[PersonId]:
    """Yield by which pseudonyms persons are in the ledger."""
    query = select(CONSENT_EVENTS.c.person).where(CONSENT_EVENTS.c.store == store).distinct()
    for row in rows(connection, query, _AT_ONCE):
        yield PersonId(row.person)


def stores_of(connection: Connection, persons: Sequence[PersonId]) -> list[StoreName]:
    """Return the stores that something is recorded of a person for."""
    of = CONSENT_EVENTS.c.person.in_(list(persons))
    found = select(CONSENT_EVENTS.c.store).where(of).distinct().order_by(CONSENT_EVENTS.c.store)
    return [StoreName(store) for store in connection.scalars(found)]


def key_of(connection: Connection, head: bytes) -> int | None:
    """Return the key of the row that has a hash; None where no row has it."""
    found = select(CONSENT_EVENTS.c.key).where(CONSENT_EVENTS.c.hash == head)
    return connection.execute(found).scalar_one_or_none()


def count_since(connection: Connection, key: int) -> int:
    """Return how many rows stand behind one."""
    behind = select(func.count()).select_from(CONSENT_EVENTS).where(CONSENT_EVENTS.c.key > key)
    return int(connection.execute(behind).scalar_one())


def all_events(connection: Connection, store: StoreName | None = None) -> Iterator[Recorded]:
    """Yield everything that is recorded, or a store's, in the order of recording."""
    query = select(CONSENT_EVENTS).order_by(CONSENT_EVENTS.c.key)
    if store is not None:
        query = query.where(CONSENT_EVENTS.c.store == store)
    for row in rows(connection, query, _AT_ONCE):
        yield _recorded(row)


def events_by_person(connection: Connection) -> Iterator[Recorded]:
    """Yield everything that is recorded, person by person and store by store, each in order."""
    columns = (CONSENT_EVENTS.c.person, CONSENT_EVENTS.c.store, CONSENT_EVENTS.c.key)
    query = select(CONSENT_EVENTS).order_by(*columns)
    for row in rows(connection, query, _AT_ONCE):
        yield _recorded(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What a look at the whole chain found."""

    events: int
    pruned: int
    """Events whose payload went after its time; the chain holds without it."""
    broken_at: int | None = None
    """The key of the first row that is not what was written, or that follows another than it
    should."""
    fault: str | None = None
    """What is wrong with it."""
    head: bytes = GENESIS
    """The hash of the last row; written down elsewhere, it proves that no row was cut off."""


def verify_chain(connection: Connection) -> Verified:
    """Read the whole chain and say whether it is what was written."""
    events = pruned = 0
    previous = GENESIS
    query = select(CONSENT_EVENTS).order_by(CONSENT_EVENTS.c.key)
    for row in rows(connection, query, _AT_ONCE):
        fault = _fault(row, previous)
        if fault is not None:
            return Verified(
                events=events, pruned=pruned, broken_at=row.key, fault=fault, head=previous
            )
        events += 1
        pruned += row.payload is None
        previous = row.hash
    return Verified(events=events, pruned=pruned, head=previous)


def _fault(row: Row[*tuple[Any, ...]], previous: bytes) -> str | None:
    if row.previous != previous:
        return "a row before it was removed or put in"
    if row.hash != hash_of(dict(row._mapping)):
        return "it was changed"
    if row.payload is not None and hashlib.sha256(row.payload.encode()).digest() != row.digest:
        return "its payload was changed"
    return None


def _payload(event: ConsentEvent) -> str:
    """Return what a row says beside its columns; what is not given is left out."""
    said = {
        "method": event.method.value,
        "basis": event.basis.value,
        "confirmed": event.confirmed or None,
        "until": event.until and _stamp(event.until),
        "text_version": event.text_version,
        "text_digest": event.text_digest,
        "language": event.language,
        "source": event.source,
        "actor": event.actor,
        "evidence": dict(event.evidence) or None,
    }
    given = {key: value for key, value in said.items() if value is not None}
    return json.dumps(given, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _recorded(row: Row[*tuple[Any, ...]]) -> Recorded:
    said = json.loads(row.payload or "{}")
    until = said.get("until")
    event = ConsentEvent(
        store=StoreName(row.store),
        person=PersonId(row.person),
        purpose=row.purpose,
        action=Action(row.action),
        at=row.at,
        method=Method(said.get("method", Method.OPERATOR)),
        basis=Basis(said.get("basis", Basis.CONSENT)),
        confirmed=said.get("confirmed", False),
        until=until and datetime.fromisoformat(until),
        text_version=said.get("text_version"),
        text_digest=said.get("text_digest"),
        language=said.get("language"),
        source=said.get("source"),
        actor=said.get("actor"),
        evidence=said.get("evidence", {}),
    )
    return Recorded(key=row.key, event=event, recorded_at=row.recorded_at)


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
