"""What is known of a store's person, with where it comes from: as a page and a program show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from gateway.consent.account import account_document, read_account
from gateway.db.console.people import lines_of, orders_of
from gateway.db.persons import find_person
from gateway.db.scores import read_scores
from gateway.db.shop.profiles import read_profile
from gateway.db.threads import received_from, written_to
from gateway.domain.ids import PersonId, StoreName

MOST_MESSAGES: Final = 200
"""Messages of each direction, the newest."""

ALWAYS: Final = datetime(2000, 1, 1, tzinfo=UTC)

_KNOWN: Final = (
    *("customer", "first_name", "language", "country", "postal_code", "timezone", "minor"),
    *("birthday", "joined_at", "changed_at"),
)
_ORDER: Final = (
    *("order_id", "status", "status_at", "placed_at", "total", "refunded", "currency", "items"),
    *("coupon",),
)
_LINE: Final = ("product_id", "name", "category", "quantity", "price")
_SENT: Final = ("state", "reason", "campaign", "purpose")
_SCORED: Final = (
    *("churn", "value", "value_low", "value_high", "next_order_at", "buy_again", "new_for_you"),
    *("uplift", "horizon_days", "model_id", "made_at"),
)


def history_of(
    connection: Connection,
    store: StoreName,
    persons: Sequence[PersonId],
    number: str | None,
    *,
    unclaimed: bool,
    now: datetime,
) -> dict[str, Any]:
    """Return what is known of a person.

    ``{"store", "person", "number": E.164 or null where nobody can tell, "known": {…} or null, what
    the store told; "account": what `shopbell consent show --json` gives of the store: "standing" by
    purpose, "objects", "restricted", "erased", "deactivated" and "history" (each change with when,
    how, where, by whom and to which words); "messages": [{"direction": "in" or "out", "id", "at",
    "text", "state", "reason", "campaign", "purpose"}], the newest first; "orders": [{…, "lines":
    [{…}]}], the newest first; "buyer": what is added up of them, or null; "scores": what the models
    advise, with "made_at", or null}``. What never went out and waits no more is not in it.

    Args:
        connection: for reading.
        store: whose person it is.
        persons: the pseudonyms, the one in use first.
        number: E.164, where it can be told.
        unclaimed: also what the person wrote that answers nobody's message.
        now: the current instant, UTC.
    """
    record = find_person(connection, store, persons)
    customer = None if record is None else record.customer
    scores = read_scores(connection, store, persons, now)
    profile = read_profile(connection, store, persons[0], now)
    score = next((scores[one] for one in persons if one in scores), None)
    return {
        "store": store,
        "person": persons[0],
        "number": number,
        "known": None if record is None else {name: getattr(record, name) for name in _KNOWN},
        "account": account_document(read_account(connection, store, persons), now),
        "messages": []
        if number is None
        else _messages(connection, store, number, unclaimed=unclaimed),
        "orders": _orders(connection, store, persons, customer),
        "buyer": None if profile is None else asdict(profile),
        "scores": None if score is None else {name: getattr(score, name) for name in _SCORED},
    }


def _messages(
    connection: Connection,
    store: StoreName,
    number: str,
    *,
    unclaimed: bool,
) -> list[dict[str, Any]]:
    free = {store, None} if unclaimed else {store}
    came = [
        _message("in", one.id, one.received_at, one.text)
        for one in received_from(connection, number, ALWAYS, MOST_MESSAGES)
        if one.store in free
    ]
    went = [
        _message("out", one.id, one.at, one.text) | {name: getattr(one, name) for name in _SENT}
        for one in written_to(connection, number, ALWAYS)
        if one.store == store
    ]
    both = [*came, *went[-MOST_MESSAGES:]]
    return sorted(both, key=lambda one: one["at"], reverse=True)


def _message(direction: str, name: str, at: datetime, text: str) -> dict[str, Any]:
    nothing = dict.fromkeys(_SENT)
    return {"direction": direction, "id": name, "at": at, "text": text, **nothing}


def _orders(
    connection: Connection, store: StoreName, persons: Sequence[PersonId], customer: str | None
) -> list[dict[str, Any]]:
    orders = orders_of(connection, store, persons, customer)
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in lines_of(connection, store, [order.order_id for order in orders]):
        lines.setdefault(row.order_id, []).append({name: getattr(row, name) for name in _LINE})
    return [
        {name: getattr(order, name) for name in _ORDER} | {"lines": lines.get(order.order_id, [])}
        for order in orders
    ]
