"""What happened to the persons of a store since a campaign began: touches, orders, and noes.

It reads; what follows from it is `attribution`'s, `lift`'s and `measure`'s.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.report.attribution import Kind, Sale, Touch
from gateway.db.commerce.decisions import DecisionKey
from gateway.db.commerce.touches import arrivals, clicks, endings, redemptions, sales
from gateway.domain.consent import ALL, MARKETING, Action, covers
from gateway.domain.ids import PersonId, StoreName

ANSWERED_FOR: Final = timedelta(days=5)
"""How long after a message a no is put down to it."""

_NOES: Final = (Action.WITHDRAWN, Action.OBJECTED, Action.ERASED)


@dataclass(kw_only=True, slots=True)
class Journal:
    """What is known of some persons."""

    touches: Mapping[PersonId, Sequence[Touch]]
    redeemed: Mapping[str, Touch]
    """By order, the message whose code it was placed with."""
    sales: Mapping[PersonId, Sequence[Sale]]
    """Of those persons, and whatever else was placed with a code."""
    clicked: Collection[DecisionKey]
    """Whose own link a person followed."""
    machines: int
    """Clicks on persons' own links that no person made."""
    refused_after: Mapping[PersonId, DecisionKey]
    """The last message to each who said no."""
    other_currency: int = 0


@dataclass(kw_only=True, slots=True)
class _Reader:
    connection: Connection
    store: StoreName
    since: datetime
    persons: Collection[PersonId]
    touches: dict[PersonId, list[Touch]] = field(default_factory=lambda: defaultdict(list))
    sent: dict[PersonId, list[tuple[datetime, DecisionKey]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    redeemed: dict[str, Touch] = field(default_factory=dict)
    clicked: set[DecisionKey] = field(default_factory=set)
    machines: int = 0

    def arrive(self) -> None:
        for row in arrivals(self.connection, self.store, self.since):
            if row.person not in self.persons:
                continue
            self.sent[row.person].append((row.sent_at, row.decision))
            if row.delivered_at is not None:
                self.touches[row.person].append(_touch(row, Kind.DELIVERED, row.delivered_at))

    def click(self) -> None:
        for row in clicks(self.connection, self.store, self.since):
            if row.person not in self.persons:
                continue
            if row.machine:
                self.machines += 1
                continue
            self.clicked.add(row.decision)
            self.touches[row.person].append(_touch(row, Kind.CLICKED, row.at))

    def redeem(self) -> None:
        """Read codes that were redeemed; one may have been passed on, as a friend's is."""
        for row in redemptions(self.connection, self.store, self.since):
            self.redeemed[row.order_id] = _touch(row, Kind.REDEEMED, row.at)

    def buy(self, currency: str | None) -> tuple[Mapping[PersonId, Sequence[Sale]], int]:
        """Read orders in a currency; return how many were in another, too."""
        found: dict[PersonId, list[Sale]] = defaultdict(list)
        others = 0
        for row in sales(self.connection, self.store, self.since):
            if row.person not in self.persons and row.order_id not in self.redeemed:
                continue
            if row.currency == currency:
                found[row.person].append(_sale(row))
            else:
                others += 1
        return found, others

    def refuse(self) -> dict[PersonId, DecisionKey]:
        refused: dict[PersonId, DecisionKey] = {}
        for row in endings(self.connection, self.store, _NOES, self.since):
            about_marketing = covers(row.purpose, MARKETING) or covers(MARKETING, row.purpose)
            if row.person in refused or not (about_marketing or row.purpose == ALL):
                continue
            before = [one for one in self.sent.get(row.person, ()) if _led_to(one[0], row.at)]
            if before:
                refused[row.person] = max(before)[1]
        return refused


def read_journal(
    connection: Connection,
    store: StoreName,
    persons: Collection[PersonId],
    since: datetime,
    currency: str | None,
) -> Journal:
    """Return what happened to some persons of a store.

    Args:
        connection: for reading.
        store: whose persons.
        persons: by their pseudonyms.
        since: from when on; UTC.
        currency: of the orders that count; None: that of most.
    """
    reader = _Reader(connection=connection, store=store, since=since, persons=persons)
    reader.arrive()
    reader.click()
    reader.redeem()
    bought, others = reader.buy(currency)
    return Journal(
        touches=reader.touches,
        redeemed=reader.redeemed,
        sales=bought,
        clicked=reader.clicked,
        machines=reader.machines,
        refused_after=reader.refuse(),
        other_currency=others,
    )


def currency_of(connection: Connection, store: StoreName, since: datetime) -> str | None:
    """Return the currency of most orders; None where there are none."""
    counts = Counter(row.currency for row in sales(connection, store, since) if row.currency)
    return counts.most_common(1)[0][0] if counts else None


def _touch(row: Any, kind: Kind, at: datetime) -> Touch:
    return Touch(at=at, kind=kind, decision=row.decision, campaign=row.campaign)


def _sale(row: Any) -> Sale:
    left = row.revenue - (row.refunded or 0)
    return Sale(
        order_id=row.order_id,
        person=row.person,
        placed_at=row.placed_at,
        # What was given back has shipping and tax in it, and may be more than the goods brought.
        revenue=max(Decimal(0), left),
    )


def _led_to(sent_at: datetime, said_at: datetime) -> bool:
    return timedelta() <= said_at - sent_at < ANSWERED_FOR
