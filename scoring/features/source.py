"""What features are computed from: the tables of one store of a lake.

Not responsible for what is right in them (`scoring.lake`).
"""

from __future__ import annotations

from typing import Any, Protocol

from scoring.errors import ScoringError


class Tables(Protocol):
    """What is asked of a lake; `scoring.lake.Lake` is one."""

    @property
    def stores(self) -> tuple[str, ...]:
        """Stores that have orders."""

    @property
    def clockless(self) -> frozenset[str]:
        """Stores whose dates have no clock."""

    @property
    def connection(self) -> Any:
        """The engine."""

    def table(self, name: str) -> Any:
        """Return a table of the schema."""


def of_store(lake: Tables, name: str, store: str) -> Any:
    """Return the rows of one store."""
    table = lake.table(name)
    return table.filter(table.store == store)


def the_store(lake: Tables, store: str | None) -> str:
    """Return the store that is meant.

    Raises
    ------
    ScoringError
        There are several and none is named, or not the one that is.
    """
    there = ", ".join(lake.stores) or "none"
    if store is None and len(lake.stores) == 1:
        return lake.stores[0]
    if store is None:
        raise ScoringError(f"which store is meant? The lake has: {there}")
    if store not in lake.stores:
        raise ScoringError(f"there is no store {store!r} in the lake; there are: {there}")
    return store
