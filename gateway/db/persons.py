"""What stores told of persons; one row a store and person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Connection,
    Row,
    bindparam,
    case,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.streams import rows
from gateway.db.tables import PERSONS
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRecord:
    """A person as a store tells of them."""

    store: StoreName
    person: PersonId
    number: str
    """E.164."""
    changed_at: datetime
    """When it happened that the store told last; UTC."""
    customer: str | None = None
    """What the store calls the person."""
    country: str | None = None
    postal_code: str | None = None
    timezone: str | None = None
    language: str | None = None
    minor: bool = False
    first_name: str | None = None
    birthday: str | None = None
    """Month and day, as ``11-26``."""
    joined_at: datetime | None = None
    """Since when the store knows the person; UTC."""


Facts = Mapping[str, Any]

_AT_ONCE: Final = 1_000
_PLACE: Final = ("country", "postal_code", "timezone", "language")

_OF_CUSTOMER = Prepared(
    select(PERSONS)
    .where(PERSONS.c.store == bindparam("store"), PERSONS.c.customer == bindparam("customer"))
    .order_by(PERSONS.c.changed_at.desc())
)


@cache
def _find(names: int) -> Prepared:
    return Prepared(
        select(PERSONS).where(
            PERSONS.c.store == bindparam("store"), one_of(PERSONS.c.person, names)
        )
    )


def find_person(
    connection: Connection, store: StoreName, persons: Sequence[PersonId]
) -> PersonRecord | None:
    """Return what a store told of a person, by any of their pseudonyms."""
    row = _find(len(persons)).first(connection, {"store": store, **by_place(persons)})
    return None if row is None else _record(row)


def persons_of_customer(
    connection: Connection, store: StoreName, customer: str
) -> list[PersonRecord]:
    """Return who a store calls by this name, whoever was told last first."""
    rows = _OF_CUSTOMER.all(connection, {"store": store, "customer": customer})
    return [_record(row) for row in rows]


def _record(row: Row[*tuple[Any, ...]]) -> PersonRecord:
    return PersonRecord(
        store=row.store,
        person=row.person,
        number=row.number,
        changed_at=row.changed_at,
        customer=row.customer,
        country=row.country,
        postal_code=row.postal_code,
        timezone=row.timezone,
        language=row.language,
        minor=row.minor,
        first_name=row.first_name,
        birthday=row.birthday,
        joined_at=row.joined_at,
    )


def numbers_of(connection: Connection, person: PersonId) -> list[str]:
    """Return the numbers, E.164, that stores told of a pseudonym; one at most, where any is."""
    found = select(PERSONS.c.number).where(PERSONS.c.person == person).distinct()
    return list(connection.scalars(found))


def numbers_of_store(connection: Connection, store: StoreName) -> Iterator[str]:
    """Yield the numbers, E.164, of all whom a store told of."""
    query = select(PERSONS.c.number).where(PERSONS.c.store == store)
    for row in rows(connection, query, _AT_ONCE):
        yield row.number


def put_persons(
    connection: Connection, told: Iterable[tuple[StoreName, PersonId, str, datetime, Facts]]
) -> None:
    """Keep what a store tells of many persons who did something; what is newer stays.

    Args:
        connection: the transaction.
        told: each a store, a person, their number in E.164, when they did it, and facts by column.
    """
    blank = dict.fromkeys((*_PLACE, "minor"))
    rows = {
        (store, person): {
            **blank,
            **facts,
            "store": store,
            "person": person,
            "number": number,
            "changed_at": at,
            "active_at": at,
        }
        for store, person, number, at, facts in told
    }
    if rows:
        _upsert(connection.dialect.name).many(connection, list(rows.values()))


@cache
def _upsert(name: str) -> Prepared:
    dialect = sqlite if name == "sqlite" else postgresql
    names = ("store", "person", "number", "changed_at", "active_at", *_PLACE)
    told: dict[str, Any] = {name: bindparam(name) for name in names}
    minor = bindparam("minor", type_=Boolean)
    new = dialect.insert(PERSONS).values(**told, minor=func.coalesce(minor, false()))
    is_newer = new.excluded.changed_at >= PERSONS.c.changed_at
    known: dict[str, Any] = {
        name: case(
            (is_newer, func.coalesce(new.excluded[name], PERSONS.c[name])),
            else_=func.coalesce(PERSONS.c[name], new.excluded[name]),
        )
        for name in _PLACE
    }
    known |= {name: _later(PERSONS.c[name], new) for name in ("changed_at", "active_at")}
    # Who was said to be a minor once is one until the store says otherwise, and says it later.
    known["minor"] = case((is_newer, func.coalesce(minor, PERSONS.c.minor)), else_=PERSONS.c.minor)
    return Prepared(new.on_conflict_do_update(index_elements=["store", "person"], set_=known))


def _later(column: Any, new: Any) -> Any:
    told = new.excluded[column.name]
    known = func.coalesce(column, told)
    return case((told > known, told), else_=known)


_SEEN: Final = Prepared(
    update(PERSONS)
    .where(
        PERSONS.c.store == bindparam("of"),
        PERSONS.c.person == bindparam("who"),
        or_(PERSONS.c.active_at.is_(None), PERSONS.c.active_at < bindparam("seen")),
    )
    .values(active_at=bindparam("seen"))
)


def note_activity(
    connection: Connection, store: StoreName, person: PersonId, seen: datetime
) -> None:
    """Keep that a person did something (COMPLIANCE G-12)."""
    _SEEN.run(connection, {"of": store, "who": person, "seen": seen})


def rename_persons(connection: Connection, name: Callable[[str], PersonId]) -> None:
    """Give everybody the pseudonym of their number now; of two rows of one the newer stays."""
    query = select(PERSONS.c.store, PERSONS.c.person, PERSONS.c.number)
    newest = connection.execute(query.order_by(PERSONS.c.changed_at.desc())).all()
    given: set[tuple[str, str]] = set()
    for store, person, number in newest:
        known = (PERSONS.c.store == store, PERSONS.c.person == person)
        if (store, number) in given:
            connection.execute(delete(PERSONS).where(*known))
        else:
            connection.execute(update(PERSONS).where(*known).values(person=name(number)))
        given.add((store, number))


def remove_person(connection: Connection, store: StoreName, persons: Sequence[PersonId]) -> int:
    """Forget what a store told of a person; return how many rows went."""
    return connection.execute(
        delete(PERSONS).where(PERSONS.c.store == store, PERSONS.c.person.in_(persons))
    ).rowcount
