"""From one message to one entry: whom it is from, what kind of thing it is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.dispatch.entries import Entry, Refusal
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.mqtt.document import Document, read_document, readable_id
from gateway.mqtt.events import parse_event, readable_event_id
from gateway.mqtt.faults import Fault
from gateway.mqtt.payloads import parse_cancel, parse_job
from gateway.mqtt.ports import Received
from gateway.mqtt.topics import Address, Inward, parse_topic


def read_entry(message: Received) -> Entry | None:
    """Return what admission is to decide on; None when the topic is no store's."""
    address = parse_topic(message.topic)
    if address is None:
        return None
    try:
        return _read(address, message)
    except RejectedError as error:
        return Refusal(store=address.store, error=error)


def _read(address: Address, message: Received) -> Entry:
    if message.retain:
        raise _retained(address.kind, message.payload)
    return _PARSERS[address.kind](address.store, message.payload)


_PARSERS: Final[Mapping[Inward, Callable[[StoreName, bytes], Entry]]] = {
    Inward.JOBS: parse_job,
    Inward.CANCEL: parse_cancel,
    Inward.EVENTS: parse_event,
}


_NAMES: Final[Mapping[Inward, Callable[[Document], str | None]]] = {
    Inward.JOBS: readable_id,
    Inward.CANCEL: readable_id,
    Inward.EVENTS: readable_event_id,
}


def _retained(kind: Inward, payload: bytes) -> RejectedError:
    name: str | None
    try:
        name = _NAMES[kind](read_document(payload))
    except RejectedError as error:
        name = error.job
    return RejectedError(
        Fault.RETAINED,
        "the broker would bring a retained message again at each connection; publish it without "
        "the retain flag",
        job=name,
    )
