"""Products for a person, and the next better one.

What a fresh model advises comes first, then what is bought together with what the message is about
and with what the person bought, then what is bought most. Nothing of it is what the message is
about, was just bought, was given back, or cannot be had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.recommend.baskets import Baskets
from gateway.db.scores import read_scores
from gateway.db.shop.baskets import Bought, better_than, bought_by, lines_between, sellable
from gateway.domain.ids import PersonId, StoreName

WINDOW: Final = timedelta(days=365)
"""Of the orders that tell what is bought together: a year, so that each season counts once."""
JUST: Final = timedelta(days=30)
"""Within which something was just bought, and is not advised again even by a model."""
DEARER: Final = Decimal(2)
"""What is better costs no more than so many times as much; beyond, it is another need."""

_BASIS: Final = 20
"""Products that a person bought last: what goes with them is looked at."""
_POPULAR: Final = 100
"""Of the products bought most, that are looked at where nothing else is left."""
_STORES: Final = 16
"""Whose orders are kept in memory at once."""


class Recommender:
    """Knows what is bought together, for each store as of the beginning of the day (UTC).

    The orders of a store are read when it is first asked for on a day.
    """

    def __init__(self) -> None:
        self._read: dict[StoreName, tuple[date, Baskets]] = {}

    def for_person(
        self,
        connection: Connection,
        store: StoreName,
        person: PersonId,
        subject: Sequence[str],
        now: datetime,
        most: int,
    ) -> list[str]:
        """Return products that a person may like, best first; see `for_person`."""
        history = bought_by(connection, store, person)
        advised = _advised(connection, store, person, history, now)
        candidates = chain(advised, self._others(connection, store, subject, history, now))
        never = {*subject, *_unwanted(history, now)}
        return _available(connection, store, (one for one in candidates if one not in never), most)

    def baskets(self, connection: Connection, store: StoreName, now: datetime) -> Baskets:
        """Return the orders of a store's last year."""
        today = now.astimezone(UTC).date()
        known = self._read.pop(store, None)
        if known is None or known[0] != today:
            until = datetime.combine(today, time(), UTC)
            known = (today, Baskets(lines_between(connection, store, until - WINDOW, until)))
        self._read[store] = known  # the one asked for last stands last
        if len(self._read) > _STORES:
            del self._read[next(iter(self._read))]
        return known[1]

    def _others(
        self,
        connection: Connection,
        store: StoreName,
        subject: Sequence[str],
        history: Sequence[Bought],
        now: datetime,
    ) -> Iterator[str]:
        """Yield what others buy; of it nothing that the person ever bought."""
        baskets = self.baskets(connection, store, now)
        owned = {one.product_id for one in history}
        kept = (one.product_id for one in history if not one.returned)
        basis = islice(dict.fromkeys(kept), _BASIS)
        lists = (baskets.together(subject), baskets.together(basis), baskets.popular[:_POPULAR])
        yield from (one for one in chain.from_iterable(lists) if one not in owned)


_RECOMMENDER: Final = Recommender()
"""Of this process: what it knows is of the day, and the same for everybody who asks."""


def for_person(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    subject: Sequence[str],
    now: datetime,
    most: int,
) -> list[str]:
    """Return products that a person may like, best first.

    Args:
        connection: where to look.
        store: whose.
        person: the pseudonym.
        subject: products that the message is about, such as those of the order; empty: none.
        now: the present instant, UTC.
        most: so many at most.
    """
    return _RECOMMENDER.for_person(connection, store, person, subject, now, most)


def next_better(connection: Connection, store: StoreName, product_id: str) -> str | None:
    """Return the next better product: of the same category, dearer, and bought most.

    Returns:
        None where there is none, or where price or category of the product are not known.
    """
    return better_than(connection, store, product_id, DEARER)


def _advised(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    history: Sequence[Bought],
    now: datetime,
) -> Iterator[str]:
    """Yield what a fresh model advises: first what is new, then what is bought again."""
    score = read_scores(connection, store, [person], now).get(person)
    if score is None:
        return
    owned = {one.product_id for one in history}
    yield from (one for one in score.new_for_you if one not in owned)
    yield from score.buy_again


def _unwanted(history: Sequence[Bought], now: datetime) -> set[str]:
    """Return what was just bought, or was ever given back."""
    return {one.product_id for one in history if one.returned or one.placed_at > now - JUST}


def _available(
    connection: Connection, store: StoreName, candidates: Iterable[str], most: int
) -> list[str]:
    """Return the first of the candidates that can be had; few are looked at a time."""
    found: list[str] = []
    waiting = iter(dict.fromkeys(candidates))
    while len(found) < most and (some := list(islice(waiting, 4 * most))):
        there = sellable(connection, store, some)
        found += [one for one in some if one in there]
    return found[:most]
