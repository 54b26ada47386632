"""Products for a person, and the next better one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.recommend.baskets import Baskets
from gateway.db.baskets import Bought, better_than, bought_by, lines_between, sellable
from gateway.db.scores import read_scores
from gateway.domain.ids import PersonId, StoreName

WINDOW: Final = timedelta(days=365)
"""Of the orders that tell what is bought together: a year, so that each season counts once."""
JUST: Final = timedelta(days=30)
"""Within which something was just bought, and is not advised again even by a model."""
DEARER: Final = Decimal(2)
"""What is better costs no more than so many times as much; beyond, it is another need."""
_BASIS: Final = 20
"""Of the products that a person bought last, so many say what goes with them."""
_POPULAR: Final = 100
"""Of the products bought most that are looked at, where nothing else is left."""
_STORES: Final = 32


class Recommender:
    """Knows what is bought together, for each store as of the beginning of the day."""

    def __init__(self) -> None:
        self._baskets: dict[StoreName, tuple[date, Baskets]] = {}
