"""Packets go out and are answered in order, however many there are and however they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiomqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.broker import Mosquitto

from gateway.mqtt.client import LastWill
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings, Protocol
from gateway.mqtt.wire import AT_ONCE, length_of

WILL = LastWill(topic="shopbell/v1/gateway/box-1", payload="gone")
STATUS = "shopbell/v1/acme/status"
PROTOCOLS: tuple[Protocol, ...] = ("5", "3.1.1")


@given(octets=st.integers(min_value=0, max_value=0xFFF_FFFF))
def test_a_length_is_written_as_the_standard_reads_it(octets: int) -> None:
    """By the pseudo code of MQTT 5, 1.5.5, and not by ours."""
    value, multiplier = 0, 1
    written = list(length_of(octets))
    for place, octet in enumerate(written):
        value += (octet & 127) * multiplier
        multiplier *= 128
        assert bool(octet & 128) is (place < len(written) - 1)
    assert value == octets
    assert len(written) <= 4


@contextlib.asynccontextmanager
async def connected(broker: Mosquitto, protocol: Protocol) -> AsyncIterator[PahoSession]:
    settings = MqttSettings(host=broker.host, port=broker.port, node="box-1", protocol=protocol)
    async with open_session(settings, WILL) as session:
        yield session


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_far_more_than_the_broker_has_room_for_arrive_whole_and_in_order(
    broker: Mosquitto, protocol: Protocol
) -> None:
    """Mosquitto takes 20 at once; the long ones are longer than what is read at once."""
    bodies = [f"{number} \u20ac" + "x" * (AT_ONCE * (number % 50 == 7)) for number in range(200)]
    async with (
        aiomqtt.Client(broker.host, broker.port) as client,
        connected(broker, protocol) as session,
        asyncio.timeout(20),
    ):
        await client.subscribe(STATUS, qos=1)
        answers = [session.publish(STATUS, body) for body in bodies]
        assert [await answer for answer in answers] == [0] * len(bodies)
        arrived = [str(message.payload.decode()) async for message in first(client, len(bodies))]
        assert arrived == bodies


async def first(client: aiomqtt.Client, count: int) -> AsyncIterator[aiomqtt.Message]:
    taken = 0
    async for message in client.messages:
        yield message
        taken += 1
        if taken == count:
            return


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_what_is_long_or_comes_all_at_once_is_read_whole(
    broker: Mosquitto, protocol: Protocol
) -> None:
    bodies = [b"y" * size for size in (1, 3 * AT_ONCE, 0, AT_ONCE - 20, *[5] * 300)]
    async with (
        connected(broker, protocol) as session,
        aiomqtt.Client(broker.host, broker.port) as client,
        asyncio.timeout(20),
    ):
        await session.subscribe(("shopbell/v1/+/jobs",))
        publishing = [client.publish("shopbell/v1/acme/jobs", body, qos=1) for body in bodies]
        await asyncio.gather(*publishing)
        arrived: list[bytes] = []
        while len(arrived) < len(bodies):
            messages = await session.receive(50)
            arrived += [message.payload for message in messages]
            session.acknowledge(messages)
        assert arrived == bodies


async def test_what_nobody_waits_for_any_more_holds_nothing_up(broker: Mosquitto) -> None:
    async with connected(broker, "5") as session, asyncio.timeout(20):
        answers = [session.publish(STATUS, str(number)) for number in range(60)]
        for answer in answers[::2]:
            answer.cancel()
        assert [await answer for answer in answers[1::2]] == [0x10] * 30
