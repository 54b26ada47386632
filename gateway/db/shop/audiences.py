"""Whom something concerns: persons of a store in the order of their pseudonyms, some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select, union

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import PERSON_WORDS, PERSONS, PRODUCT_VIEWS, SCORES
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.score import STALE_AFTER

PREFERENCE = "preference"
"""Of the kinds of words that a store says of a person, what they like or asked for."""


def _some(table: Any, column: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(column.label("person"))
        .where(table.c.store == bindparam("store"), column > bindparam("after"), *conditions)
        .distinct()
    )


def _words(count: int) -> Select[Any]:
    is_word = one_of(PERSON_WORDS.c.word, count)
    return _some(
        PERSON_WORDS, PERSON_WORDS.c.person, PERSON_WORDS.c.kind == bindparam("kind"), is_word
    )


_VIEWED = _some(
    PRODUCT_VIEWS,
    PRODUCT_VIEWS.c.person,
    PRODUCT_VIEWS.c.product_id == bindparam("product"),
    PRODUCT_VIEWS.c.viewed_at >= bindparam("since"),
)
_BORN = _some(PERSONS, PERSONS.c.person, PERSONS.c.birthday.in_([bindparam("a"), bindparam("b")]))
_AT_RISK = _some(
    SCORES,
    SCORES.c.person_id,
    SCORES.c.churn >= bindparam("risk"),
    SCORES.c.made_at >= bindparam("since"),
)


def who_asked_or_viewed(
    connection: Connection,
    store: StoreName,
    words: Sequence[str],
    viewed: tuple[str, datetime] | None,
    *,
    after: str,
    most: int,
) -> list[PersonId]:
    """Return who has one of some preferences, or looked at a product.

    Args:
        connection: where to look.
        store: whose persons.
        words: the preferences; none: nobody by them.
        viewed: a product, and since when a look at it counts, UTC; None: nobody by that.
        after: only whose pseudonym comes after this one.
        most: so many at most.
    """
    asked: list[Any] = []
    given: dict[str, Any] = {"store": store, "after": after}
    if words:
        asked.append(_words(len(words)))
        given |= {"kind": PREFERENCE, **by_place(words)}
    if viewed is not None:
        asked.append(_VIEWED)
        given |= {"product": viewed[0], "since": viewed[1]}
    if not asked:
        return []
    query: Any = union(*asked) if len(asked) > 1 else asked[0]
    found = connection.execute(query.order_by("person").limit(most), given)
    return [PersonId(row.person) for row in found]


_SOME_BORN = Prepared(_BORN.order_by("person").limit(bindparam("most")))
_SOME_AT_RISK = Prepared(_AT_RISK.order_by("person").limit(bindparam("most")))


def who_has_birthday(
    connection: Connection, store: StoreName, days: Sequence[str], *, after: str, most: int
) -> list[PersonId]:
    """Return whose birthday is on one of at most two days, each as ``11-26``."""
    given = {"store": store, "after": after, "most": most, "a": days[0], "b": days[-1]}
    return [PersonId(row.person) for row in _SOME_BORN.all(connection, given)]


def who_is_at_risk(
    connection: Connection, store: StoreName, risk: float, now: datetime, *, after: str, most: int
) -> list[PersonId]:
    """Return whom the store may lose, by scores that are not stale."""
    since = now - STALE_AFTER
    given = {"store": store, "after": after, "most": most, "risk": risk, "since": since}
    return [PersonId(row.person) for row in _SOME_AT_RISK.all(connection, given)]
