"""What a real gateway says of real messages is what the document of its interface says it says."""

from __future__ import annotations

import asyncio

import aiomqtt
import pytest
from support.interface import assert_documented, channel_of
from support.plugin import Build
from support.processes import wait_for

PERSON = "+447700900123"


@pytest.mark.rule("G-14")
def test_everything_that_a_gateway_says_is_as_documented(house: Build) -> None:
    built = house(simulator=("--report-delay", "0.05"))
    gateway = built.start()
    built.store.submit("delivered")
    built.store.submit("silent", report=False)
    built.store.submit("later", send_at="2099-01-01T00:00:00Z")
    built.store.submit("late", expires_at="2020-01-01T00:00:00Z")
    built.store.submit("sale", purpose="marketing")
    built.store.publish(b"not json")
    built.store.await_state("later", "accepted")
    built.store.publish(b'{"id": "later"}', topic="cancel")
    for job, state in {"delivered": "delivered", "silent": "sent", "late": "expired"}.items():
        built.store.await_state(job, state)
    built.store.await_state("later", "cancelled")
    built.bank.ask(do="inbound", modem="modem0", **{"from": PERSON, "text": "Thank you!"})
    built.store.await_messages(1)
    gateway.close()
    wait_for(lambda: built.store.presence[-1]["state"] == "offline", 10, "the farewell")

    heard = built.store.heard
    assert {channel_of(topic).name for topic, _, _ in heard} >= {
        "status",
        "rejected",
        "inbound",
        "presence",
    }
    for topic, payload, _ in heard:
        assert_documented(topic, payload)
    assert asyncio.run(retained(built.broker.port)) == ["shopbell/v1/gateway/box-1"]


async def retained(port: int) -> list[str]:
    """Return the topics of what the broker keeps for whoever comes."""
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe("#")
        await client.publish("end-of-test", qos=1)  # it comes behind all that is retained
        topics: list[str] = []
        async for message in client.messages:
            if message.topic.value == "end-of-test":
                break
            topics.append(message.topic.value)
        return topics
