"""What persons allow, as the lake has it: a row for each change of state, as the gate sees it.

``marketing.offers``, ``marketing.restock`` and ``marketing.cart`` are told apart, as they are
consented to apart; ``transactional`` changes only for who ends all messages. What an event of the
ledger does not change (an old import behind a newer no) is no row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import pyarrow as pa

from gateway.consent.standing import Standing, standing_of
from gateway.domain.consent import SERVICE, Recorded, covers
from gateway.domain.ids import PersonId, StoreName
from gateway.lake.tables import schema_of
from scoring.schema import CONSENTS

SUBSCRIBED: Final = "subscribed"
UNSUBSCRIBED: Final = "unsubscribed"
PENDING: Final = "pending"

_MARKETING: Final = ("marketing.offers", "marketing.restock", "marketing.cart")
_TRANSACTIONAL: Final = "transactional"
_TICK: Final = timedelta(microseconds=1)
_EVER: Final = timedelta(days=36_500)
_AT_ONCE: Final = 20_000

Row = tuple[str, str, str, str, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """The rows of a month."""

    rows: list[Row] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What differs when a row does."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(repr(row).encode())
        return f"{len(self.rows)} {digest.hexdigest()[:16]}"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield them as the lake's table has them."""
        schema = schema_of(CONSENTS)
        for first in range(0, len(self.rows), _AT_ONCE):
            columns = zip(*self.rows[first : first + _AT_ONCE], strict=True)
            arrays = [
                pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def consent_months(
    events: Iterable[Recorded],
    *,
    aliases: Mapping[PersonId, PersonId],
    withheld: Mapping[StoreName, frozenset[PersonId]],
    now: datetime,
) -> Mapping[str, Changed]:
    """Return what changed in which month, as ``2026-11``.

    Args:
        events: the whole ledger, person by person and store by store, each in order.
        aliases: who is known by another pseudonym since a change of the key.
        withheld: who is left out, by store.
        now: the instant of the export; a consent that ended by itself before it is one that ended.
    """
    months: dict[str, Changed] = {}
    for store, person, history in _histories(events, aliases):
        if person in withheld.get(store, frozenset()):
            continue
        for purpose, state, at in changes_of(history, now):
            month = months.setdefault(f"{at:%Y-%m}", Changed())
            month.rows.append((store, person, purpose, state, at))
    for month in months.values():
        month.rows.sort()
    return months


def _histories(
    events: Iterable[Recorded], aliases: Mapping[PersonId, PersonId]
) -> Iterator[tuple[StoreName, PersonId, list[Recorded]]]:
    """Yield each history; those of one person under two pseudonyms are one."""
    renamed = {*aliases, *aliases.values()}
    joined: dict[tuple[StoreName, PersonId], list[Recorded]] = {}
    for (store, person), some in groupby(events, lambda one: (one.event.store, one.event.person)):
        if person in renamed:
            joined.setdefault((store, aliases.get(person, person)), []).extend(some)
        else:
            yield store, person, list(some)
    for (store, person), history in joined.items():
        yield store, person, sorted(history, key=lambda one: one.key)


def changes_of(history: Sequence[Recorded], now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """Yield each change of a person's state as purpose, state and instant, in order."""
    states: dict[str, tuple[str, datetime]] = {}
    for place, one in enumerate(history, 1):
        standing = standing_of(history[:place])
        for purpose in (*_MARKETING, _TRANSACTIONAL):
            state = _state(standing, purpose, one.event.at)
            known = states.get(purpose)
            if state is None or (known is not None and known[0] == state):
                continue
            # What was told late never stands before what it changed.
            at = one.event.at if known is None else max(one.event.at, known[1] + _TICK)
            states[purpose] = state, at
            yield purpose, state, at
    yield from _ended(standing_of(history), states, now)


def _ended(
    standing: Standing, states: Mapping[str, tuple[str, datetime]], now: datetime
) -> Iterator[tuple[str, str, datetime]]:
    """Yield which consents ended by themselves (CA-1)."""
    for purpose in _MARKETING:
        state, since = states.get(purpose, (None, now))
        if state != SUBSCRIBED or standing.grant(purpose, now) is not None:
            continue
        grant = standing.grant(purpose, since)
        if grant is not None and grant.until is not None:
            yield purpose, UNSUBSCRIBED, max(grant.until, since + _TICK)


def _state(standing: Standing, purpose: str, at: datetime) -> str | None:
    """Return a person's state at an instant; None while nothing was said about the purpose."""
    if purpose == _TRANSACTIONAL:
        return _service_state(standing)
    if standing.deactivated:
        return UNSUBSCRIBED
    if standing.grant(purpose, at) is not None:
        return SUBSCRIBED
    prompt = standing.prompt(at - _EVER)
    if prompt is not None and covers(prompt.purpose, purpose):
        return PENDING
    return UNSUBSCRIBED if standing.withdrew(purpose) else None


def _service_state(standing: Standing) -> str | None:
    if standing.ended_service or standing.deactivated:
        return UNSUBSCRIBED
    return SUBSCRIBED if standing.withdrew(SERVICE) else None
