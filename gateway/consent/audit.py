"""Did anything go out that was not allowed? Counted from what is on record, not from the gate.

The gate is asked in the transaction of each intent (K-10); here the two records are laid beside
each other, so that a fault of the gate, or a hand in the database, would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.db.consent import histories_of
from gateway.db.handed import Handed, marketing_handed
from gateway.domain.consent import Recorded
from gateway.domain.ids import JobId, PersonId, StoreName

TOGETHER: Final = timedelta(seconds=1)
"""What was written within so much of an intent may have been committed after it, though its instant
is earlier: instants are taken before the writer's turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """What was found."""

    messages: int
    """Marketing messages that went out, or may have."""
    leaks: tuple[tuple[StoreName, JobId], ...] = ()
    """Those that no consent stood for at that moment."""


def audit(connection: Connection, identities: Identities) -> Audited:
    """Look at all marketing that is kept, each message against the ledger of its moment."""
    messages = 0
    leaks: list[tuple[StoreName, JobId]] = []
    for some in marketing_handed(connection):
        messages += len(some)
        for store, group in groupby(some, key=lambda one: one.store):
            leaks += _leaks(connection, store, list(group), identities)
    return Audited(messages=messages, leaks=tuple(leaks))


def _leaks(
    connection: Connection, store: StoreName, some: Sequence[Handed], identities: Identities
) -> list[tuple[StoreName, JobId]]:
    names = {one.recipient: identities.all_of(one.recipient) for one in some}
    every = [name for of_one in names.values() for name in of_one]
    histories = histories_of(connection, store, every)
    return [
        (store, one.job)
        for one in some
        if not _stood(one, _history(names[one.recipient], histories))
    ]


def _history(
    names: Sequence[PersonId], histories: Mapping[PersonId, list[Recorded]]
) -> list[Recorded]:
    rows = [row for name in names for row in histories.get(name, ())]
    return sorted(rows, key=lambda row: row.key)


def _stood(one: Handed, history: Sequence[Recorded]) -> bool:
    """Tell whether a consent stood when the message was handed over, or around that moment."""
    sure = sum(row.recorded_at <= one.at - TOGETHER for row in history)
    most = sum(row.recorded_at <= one.at + TOGETHER for row in history)
    known = (standing_of(history[:count]) for count in range(sure, most + 1))
    return any(standing.grant(one.purpose, one.at) for standing in known)
