"""Where persons stand in what is kept of shops: the one list of tables and columns.

What erases, exports and renames persons goes by it. A row names its person by the pseudonym, by
what the store calls them, or by both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import (
    CAMPAIGN_MEMBERS,
    CARTS,
    CONSENT_EVENTS,
    COUPONS,
    DECISIONS,
    ERASURES,
    FLOW_RUNS,
    LINKS,
    ORDERS,
    PERSON_LINES,
    PERSON_WORDS,
    PERSONS,
    PRODUCT_VIEWS,
    REFERRALS,
    SCORES,
)
from gateway.domain.ids import PersonId, StoreName


class Whose(Protocol):
    """Whom to look for, such as a `gateway.db.whereabouts.Sought`."""

    @property
    def persons(self) -> Sequence[PersonId]:
        """The pseudonyms."""
        ...

    @property
    def store(self) -> StoreName | None:
        """Only what this store holds; None: everything."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Shopper:
    """A person of a store, of whom no number may be known."""

    persons: tuple[PersonId, ...]
    store: StoreName | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owned:
    """A table whose rows are persons'."""

    table: Any
    person: ColumnElement[str]
    """The column with the pseudonym."""
    customer: ColumnElement[str] | None = None
    """That with what the store calls the person."""
    trigger: ColumnElement[str] | None = None
    """One that may have the pseudonym within it."""


def _owned(table: Any, person: str = "person") -> Owned:
    return Owned(
        table=table,
        person=table.c[person],
        customer=table.c.get("customer"),
        trigger=table.c.get("trigger"),
    )


OWNED: Final = (
    _owned(ORDERS),
    _owned(CARTS),
    _owned(PRODUCT_VIEWS),
    _owned(PERSON_WORDS),
    _owned(FLOW_RUNS),
    _owned(CAMPAIGN_MEMBERS),
    _owned(DECISIONS),
    _owned(LINKS),
    _owned(COUPONS),
    _owned(REFERRALS, "friend"),
)

ELSEWHERE: Final[Mapping[str, str]] = {
    PERSONS.name: "renamed with its number, see `gateway.db.persons`",
    PERSON_LINES.name: "read under each key there is",
    CONSENT_EVENTS.name: "never written anew, and read under each key there is",
    ERASURES.name: "done under the number, within minutes",
    SCORES.name: "deleted when there is a new key; they are about the old names",
}
"""Other tables with pseudonyms, and what becomes of those under a new key."""


def customers_of(connection: Connection, whose: Whose) -> dict[StoreName, set[str]]:
    """Return what stores call a person."""
    found: dict[StoreName, set[str]] = {}
    for table in (PERSONS, ORDERS, CARTS, PRODUCT_VIEWS, FLOW_RUNS):
        query = select(table.c.store, table.c.customer).distinct()
        query = query.where(table.c.person.in_(whose.persons), table.c.customer.is_not(None))
        if whose.store is not None:
            query = query.where(table.c.store == whose.store)
        for store, customer in connection.execute(query):
            found.setdefault(store, set()).add(customer)
    return found


def is_of(
    owned: Owned, whose: Whose, customers: Mapping[StoreName, Iterable[str]]
) -> ColumnElement[bool]:
    """Return the condition of the rows that are a person's.

    What a customer did of whom no number was known then is theirs, too.
    """
    store = owned.table.c.store
    meant: list[ColumnElement[bool]] = [owned.person.in_(whose.persons)]
    if owned.customer is not None:
        meant += [
            and_(store == name, owned.customer.in_(sorted(called)), owned.person.is_(None))
            for name, called in customers.items()
        ]
    condition = or_(*meant)
    return condition if whose.store is None else and_(store == whose.store, condition)


def rename_owned(connection: Connection, names: Mapping[PersonId, PersonId]) -> None:
    """Give what is persons' to the names that they have under another key.

    Args:
        connection: the transaction.
        names: the name now, by the former one.
    """
    for owned in OWNED:
        known = connection.execute(select(owned.table.c.store, owned.person).distinct()).all()
        rows = [
            {"of": store, "before": person, "after": names[person]}
            for store, person in known
            if person in names
        ]
        _rename(owned).many(connection, rows)


def _rename(owned: Owned) -> Prepared:
    before: Any = bindparam("before")
    after: Any = bindparam("after")
    values: dict[Any, Any] = {owned.person: after}
    if owned.trigger is not None:
        values[owned.trigger] = func.replace(owned.trigger, before, after)
    return Prepared(
        update(owned.table)
        .where(owned.table.c.store == bindparam("of"), owned.person == before)
        .values(values)
    )
