from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from support.mqtt import FakeSession

from gateway.domain.clock import ManualClock
from gateway.mqtt.courier import Courier
from gateway.mqtt.presence import CHECK_S, FAREWELL_S, Presence

pytestmark = pytest.mark.looptime

CLOCK = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def make_presence(capacity: dict[str, object]) -> Presence:
    return Presence(node="box-1", clock=CLOCK, capacity=lambda: capacity, courier=Courier())


async def test_it_says_online_retained_and_again_only_when_the_capacity_changed() -> None:
    capacity: dict[str, object] = {"lines": 1}
    session = FakeSession()
    task = asyncio.create_task(make_presence(capacity).run(session))
    await asyncio.sleep(5 * CHECK_S)
    capacity["lines"] = 2
    await asyncio.sleep(5 * CHECK_S)
    task.cancel()
    assert [(topic, retain) for topic, _, retain in session.published] == [
        ("shopbell/v1/gateway/box-1", True)
    ] * 2
    assert [json.loads(body) for _, body, _ in session.published] == [
        {"node": "box-1", "state": "online", "at": "2026-11-23T09:00:00.000Z", "lines": lines}
        for lines in (1, 2)
    ]


async def test_the_last_will_says_offline_at_a_moment_unknown() -> None:
    will = make_presence({"lines": 1}).last_will()
    assert will.topic == "shopbell/v1/gateway/box-1"
    assert json.loads(will.payload) == {"node": "box-1", "state": "offline", "at": None}


async def test_leaving_says_offline_and_does_not_wait_for_ever() -> None:
    session = FakeSession()
    session.answering = False
    began = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        await make_presence({}).leave(session)
    assert asyncio.get_running_loop().time() - began == FAREWELL_S
    assert json.loads(session.published[0][1])["state"] == "offline"


async def test_capacity_cannot_speak_for_the_gateway() -> None:
    session = FakeSession()
    task = asyncio.create_task(make_presence({"state": "party"}).run(session))
    await asyncio.sleep(1)
    task.cancel()
    assert json.loads(session.published[0][1])["state"] == "online"
