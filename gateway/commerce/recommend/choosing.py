"""Products for a person, and the next better one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.domain.ids import PersonId, StoreName


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
    raise NotImplementedError


def next_better(connection: Connection, store: StoreName, product_id: str) -> str | None:
    """Return the next better product of the same category; None where there is none."""
    raise NotImplementedError
