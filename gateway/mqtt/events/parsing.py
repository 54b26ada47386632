"""From the bytes of an event to what it says."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

from gateway.domain.errors import RejectedError
from gateway.domain.event import StoreEvent
from gateway.domain.ids import StoreName
from gateway.mqtt.document import Document, json_type, read_document, show_key
from gateway.mqtt.events.envelope import MAX_NAME, CloudEvent
from gateway.mqtt.events.registry import EVENTS
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import validate
from gateway.settings.nearest import nearest

_NAME: Final = re.compile(rf"[^\x00-\x1f\x7f\ud800-\udfff]{{1,{MAX_NAME}}}\Z")


def parse_event(store: StoreName, payload: bytes) -> StoreEvent:
    """Read an event.

    Args:
        store: from the topic.
        payload: as it came.

    Raises:
        RejectedError: the first thing that is wrong with it, with its id and source where readable.
    """
    document = read_document(payload)
    try:
        event = validate(_model_of(document), document, readable_event_id)
        content = event.content()
    except RejectedError as error:
        error.source = _readable(document, "source")
        raise
    return StoreEvent(
        store=store,
        id=event.id,
        source=event.source,
        type=event.type,
        time=event.time,
        content=content,
        digest=_digest(document),
        history=event.history,
    )


def readable_event_id(document: Document) -> str | None:
    """Return the ``id`` of an event that may be wrong otherwise, where it is a good one."""
    return _readable(document, "id")


def _readable(document: Document, key: str) -> str | None:
    value = document.get(key)
    return value if isinstance(value, str) and _NAME.match(value) else None


def _model_of(document: Document) -> type[CloudEvent]:
    kind: Any = document.get("type")
    if kind is None:
        raise _fault(document, Fault.MISSING_FIELD, "is required")
    if not isinstance(kind, str):
        raise _fault(document, Fault.WRONG_TYPE, f"must be a string, not {json_type(kind)}")
    if kind not in EVENTS:
        raise _fault(document, Fault.UNKNOWN_TYPE, _unknown(kind))
    return EVENTS[kind]


def _unknown(kind: str) -> str:
    near = nearest(kind[:MAX_NAME], EVENTS)
    return f"{show_key(kind)} is none that is taken; did you mean {near}?"


def _fault(document: Document, code: Fault, rule: str) -> RejectedError:
    return RejectedError(code, f"type {rule}", field="type", job=readable_event_id(document))


def _digest(document: Document) -> bytes:
    """Return what tells an event from another under its name.

    Its time is left out: a shop that publishes an event again may give it another one.
    """
    said = {key: document.get(key) for key in ("type", "subject", "data")}
    written = json.dumps(said, sort_keys=True, default=float)
    return hashlib.sha256(written.encode()).digest()
