"""From one message to one entry: whom it is from, what kind of thing it is, and what it says."""

from __future__ import annotations

from gateway.dispatch.entries import Entry, Refusal
from gateway.domain.errors import RejectedError
from gateway.mqtt.document import read_document, readable_id
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
        raise _retained(message.payload)
    if address.kind is Inward.CANCEL:
        return parse_cancel(address.store, message.payload)
    return parse_job(address.store, message.payload)


def _retained(payload: bytes) -> RejectedError:
    job: str | None
    try:
        job = readable_id(read_document(payload))
    except RejectedError as error:
        job = error.job
    return RejectedError(
        Fault.RETAINED,
        "the broker would bring a retained message again at each connection; publish it without "
        "the retain flag",
        job=job,
    )
