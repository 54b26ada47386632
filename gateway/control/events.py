"""Events over the control socket: what a command reads from a file, in lots.

They pass the admission that events over MQTT pass; what is refused is told to whoever asked, and
not to the store, which published nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from gateway.control.server import Operation
from gateway.dispatch import Admission
from gateway.dispatch.entries import Entry, Refusal
from gateway.domain.errors import RejectedError
from gateway.domain.ids import STORE_NAME, StoreName
from gateway.mqtt.events import parse_event

LOT: Final = 200
"""Events in one transaction: some hundred milliseconds, for which nothing else is committed."""


class EventDesk:
    """Takes the events that a command brings.

    Args:
        admission: decides on them.
    """

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"events": self._events}

    async def _events(self, fields: Mapping[str, Any]) -> object:
        store, events = str(fields.get("store")), fields.get("events")
        if not STORE_NAME.match(store) or not isinstance(events, list) or len(events) > LOT:
            reason = f"events: right: a store and a list of at most {LOT}"
            raise RejectedError("malformed", reason, field="events")
        refused = await self.take(StoreName(store), events)
        return {"refused": [None if one is None else _told(one) for one in refused]}

    async def take(
        self, store: StoreName, events: Sequence[Mapping[str, Any]]
    ) -> list[RejectedError | None]:
        """Take events as the store's; return for each why it was refused, or None.

        Args:
            store: whose.
            events: as they would be published.

        Raises:
            StorageError: nothing of it was kept.
        """
        return await self._admission.admit([_entry(store, event) for event in events])


def _entry(store: StoreName, event: Mapping[str, Any]) -> Entry:
    try:
        return replace(parse_event(store, json.dumps(event).encode()), answered=False)
    except RejectedError as error:
        return Refusal(store=store, error=error, told=False)


def _told(error: RejectedError) -> Mapping[str, Any]:
    return {"code": error.code, "field": error.field, "message": str(error)}


def read_refused(answer: Mapping[str, Any]) -> list[RejectedError | None]:
    """Return what a running gateway answered about each event of a lot."""
    return [
        None if one is None else RejectedError(one["code"], one["message"], field=one["field"])
        for one in answer["refused"]
    ]
