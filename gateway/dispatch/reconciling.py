"""Compares what a store says that it told of a day with what came (EVENTS.md 2.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection

from gateway.db.shop.tallies import NOTHING, tallies_of
from gateway.domain.event import StoreEvent
from gateway.domain.shop import Reconcile, Tally

_PLACE: Final = "data.properties.types"


def compare(connection: Connection, event: StoreEvent, told: Reconcile) -> None:
    """Compare, type by type; types that the store tells nothing of are none of its concern.

    Raises:
        RejectedError: something differs. The store publishes that day again, which changes nothing
            about what came, and then this event again.
    """
    ours = tallies_of(connection, event.store, told.day)
    wrong = dict(_differing(ours, told.tallies))
    if not wrong:
        return
    place = f"{_PLACE}.{next(iter(wrong))}" if len(wrong) == 1 else _PLACE
    rule = f"of {told.day}: {'; '.join(wrong.values())}; publish that day again"
    raise event.refusal("events_missing", rule, place)


def _differing(ours: Mapping[str, Tally], theirs: Mapping[str, Tally]) -> Iterator[tuple[str, str]]:
    for kind, told in sorted(theirs.items()):
        came = ours.get(kind, NOTHING)
        if came == told:
            continue
        if came.events == told.events:
            yield kind, f"{kind}: {came.events} came as you told, but not the same ones"
        else:
            yield kind, f"{kind}: {came.events} came, you told {told.events}"
