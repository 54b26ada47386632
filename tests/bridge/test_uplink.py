"""The bridge says yes when the broker has it, over a real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiomqtt
import pytest
from support.broker import Mosquitto
from support.members import eventually

from gateway.bridge.uplink import Uplink
from gateway.mqtt import BrokerLostError, BrokerRefusedError, MqttSettings

TOPIC = "shopbell/v1/acme/events"


def settings_of(broker: Mosquitto, **changes: Any) -> MqttSettings:
    known: dict[str, Any] = {"host": broker.host, "port": broker.port, "node": "box-1-bridge"}
    return MqttSettings(**known | {"session_expiry_s": 0} | changes)


@asynccontextmanager
async def connected(uplink: Uplink) -> AsyncIterator[Uplink]:
    running = asyncio.create_task(uplink.run())
    try:
        await eventually(lambda: uplink.connected, 10)
        yield uplink
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_is_published_is_with_the_subscriber_when_it_returns(
    broker: Mosquitto,
) -> None:
    async with (
        aiomqtt.Client(broker.host, broker.port) as gateway,
        connected(Uplink(settings_of(broker))) as uplink,
    ):
        await gateway.subscribe("shopbell/v1/+/events", qos=1)
        await uplink.publish(TOPIC, ["one", "two"])
        async with asyncio.timeout(10):
            heard = [await anext(gateway.messages) for _ in range(2)]
        assert [bytes(message.payload) for message in heard] == [b"one", b"two"]
        assert [message.retain for message in heard] == [False, False]


async def test_where_no_gateway_ever_subscribed_nothing_is_kept_and_nothing_said_to_be(
    broker: Mosquitto,
) -> None:
    async with connected(Uplink(settings_of(broker))) as uplink:
        with pytest.raises(BrokerRefusedError, match="no gateway"):
            await uplink.publish(TOPIC, ["one"])


async def test_a_broker_that_is_away_is_said_at_once_and_found_again(
    broker: Mosquitto, logged: list[Any]
) -> None:
    uplink = Uplink(settings_of(broker))
    with pytest.raises(BrokerLostError):
        await uplink.publish(TOPIC, ["one"])
    async with connected(uplink):
        await asyncio.to_thread(broker.stop)
        await eventually(lambda: not uplink.connected, 10)
        with pytest.raises(BrokerLostError):
            await uplink.publish(TOPIC, ["one"])
        await asyncio.to_thread(broker.start)
        await eventually(lambda: uplink.connected, 20)
    events = [one["event"] for one in logged]
    assert events == ["bridge_connected", "bridge_without_broker", "bridge_connected"]
