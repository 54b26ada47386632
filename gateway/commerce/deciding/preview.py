"""What a template would say to somebody: the words of a decision, without any of its doings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.deciding.occasion import Message, Occasion, Subject
from gateway.commerce.deciding.words import Voice, Words, words_of
from gateway.commerce.experiments import Design
from gateway.db.newest import newest_cart, newest_orders, newest_parcel, newest_view
from gateway.db.persons import PersonRecord
from gateway.domain.ids import Campaign, PersonId, StoreName

_NOTHING: Final = Campaign("preview")


def subject_of(
    connection: Connection,
    store: StoreName,
    persons: Sequence[PersonId],
    since: datetime,
    named: Subject,
) -> Subject:
    """Return what a message to a person would be about: what is named, else the person's newest.

    Args:
        connection: for reading.
        store: whose person it is.
        persons: the pseudonyms.
        since: nothing older is taken; UTC.
        named: what is to be taken of each kind, where it is.
    """
    orders = newest_orders(connection, store, persons, since)
    order = named.order_id or next(iter(orders), None)
    parcel = None if order is None else newest_parcel(connection, store, order)
    product = named.product_id or newest_view(connection, store, persons, since)
    return Subject(
        order_id=order,
        shipment_id=named.shipment_id or parcel,
        cart_id=named.cart_id or newest_cart(connection, store, persons, since),
        product_id=product,
    )


def words_about(
    connection: Connection, record: PersonRecord, subject: Subject, voice: Voice
) -> Words:
    """Return all that a template may say to a person about something, but for the coupon."""
    occasion = Occasion(
        store=record.store,
        campaign=_NOTHING,
        trigger="",
        person=record.person,
        message=Message(template=""),
        design=Design(),
        subject=subject,
    )
    return words_of(connection, occasion, record, voice)
