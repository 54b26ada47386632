from __future__ import annotations

import pytest
from support.mqtt import ACME

from gateway.dispatch.entries import CancelRequest, Refusal
from gateway.domain.job import JobRequest
from gateway.mqtt.entries import read_entry
from gateway.mqtt.faults import Fault
from gateway.mqtt.ports import Received

GOOD = b'{"id": "a", "to": "+447700900123", "text": "x", "purpose": "otp"}'


def message(kind: str, payload: bytes, *, retain: bool = False) -> Received:
    return Received(topic=f"shopbell/v1/acme/{kind}", payload=payload, retain=retain)


def test_the_last_level_says_what_a_message_is() -> None:
    assert isinstance(read_entry(message("jobs", GOOD)), JobRequest)
    assert isinstance(read_entry(message("cancel", b'{"id": "a"}')), CancelRequest)


def test_the_store_is_the_topics_whatever_the_payload_says() -> None:
    entry = read_entry(message("jobs", b'{"id": "a", "store": "other"}'))
    assert isinstance(entry, Refusal)
    assert entry.store == ACME


@pytest.mark.parametrize(("payload", "job"), [(GOOD, "a"), (b"", None), (b'{"id": "a"', None)])
@pytest.mark.parametrize("kind", ["jobs", "cancel"])
def test_what_is_retained_is_refused_even_if_it_is_good(
    kind: str, payload: bytes, job: str | None
) -> None:
    entry = read_entry(message(kind, payload, retain=True))
    assert isinstance(entry, Refusal)
    assert (entry.error.code, entry.error.job) == (Fault.RETAINED, job)


def test_a_message_on_a_topic_of_no_store_is_no_entry() -> None:
    assert read_entry(Received(topic="shopbell/v1/ACME/jobs", payload=GOOD)) is None
