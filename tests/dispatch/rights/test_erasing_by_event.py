"""What a shop told of a person by events goes with the rest, at the word of an event."""

from __future__ import annotations

import pytest
from support.events import CONSENT, CUSTOMER, PRIVACY, event
from support.world import World

from gateway.db.erasures import pending_erasures
from tests.dispatch.rights.conftest import Desk, Left

NATIONAL = "07700 900123"


@pytest.mark.rule("G-7")
async def test_no_byte_of_who_was_told_of_by_events_is_left(
    world: World, desk: Desk, left: Left
) -> None:
    """Also not in the names of events, nor in what the shop was told and why it was refused."""
    grant = event(CONSENT, "grant", phone=NATIONAL)
    again = event(CONSENT, "grant", phone=NATIONAL, purpose="marketing.cart")
    named = event(CONSENT, "named", evidence_url="https://shop.example/consents/07700900123")
    answers = await world.admit(event(CUSTOMER, "who", phone=NATIONAL), grant, again, named)
    assert [answer and answer.code for answer in answers] == [
        None,
        None,
        "conflict",
        "invalid_value",
    ]
    assert left()

    assert await world.admit(event(PRIVACY, "erase", kind="erase")) == [None]
    await desk().eraser.work()
    assert left() == set()
    assert await world.database.read(pending_erasures) == []

    assert await world.admit(grant, event(CUSTOMER, "later", time="2026-11-23T08:59:00Z")) == [
        None,
        None,
    ]
    assert left() == set(), "what comes again, or late, brings nothing back"
