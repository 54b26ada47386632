"""A shop tells over MQTT what a person allows; a real gateway answers by what it does."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.events import CONSENT, CUSTOMER, LEFT_OUT, PRIVACY, document
from support.interface import assert_documented
from support.plugin import Build
from support.processes import wait_for

SOON = 5.0
"""Seconds within which a STOP by event has stopped; it takes some tens of milliseconds here."""


def tell(built: Any, kind: str, name: str, /, **changes: Any) -> None:
    now = datetime.now(UTC).isoformat()
    if kind == CONSENT:
        changes = {"consent_updated_at": now} | changes
    payload = json.dumps(document(kind, name, time=now, **changes)).encode()
    built.store.publish(payload, topic="events")


def await_consent(built: Any, state: str) -> None:
    wait_for(
        lambda: any(told["state"] == state for told in built.store.consent),
        15,
        f"{state} in {built.store.consent}; rejected {built.store.rejected}",
    )


@pytest.mark.rule("G-3")
def test_a_consent_is_given_and_taken_back_by_events(house: Build) -> None:
    built = house()
    gateway = built.start()
    tell(built, CUSTOMER, "who")
    tell(built, CONSENT, "grant")
    await_consent(built, "subscribed")
    later = datetime.now(UTC) + timedelta(days=30)
    built.store.submit("waits", purpose="marketing", send_at=later.isoformat())
    built.store.await_state("waits", "accepted")

    began = time.monotonic()
    tell(built, CONSENT, "back", state="unsubscribed", purpose="marketing", phone=LEFT_OUT)
    built.store.await_state("waits", "cancelled")
    assert time.monotonic() - began < SOON
    await_consent(built, "unsubscribed")

    built.store.submit("late", purpose="marketing")
    wait_for(lambda: built.store.rejected, 15, "a rejection")
    assert built.store.rejected[0]["error"]["code"] == "no_consent"
    tell(built, PRIVACY, "restrict", kind="restrict")
    await_consent(built, "restricted")
    gateway.close()
    assert built.log() == [], "nothing was sent"
    for topic, payload, _ in built.store.heard:
        assert_documented(topic, payload)
    assert "7700900123" not in gateway.stderr.read_text()
