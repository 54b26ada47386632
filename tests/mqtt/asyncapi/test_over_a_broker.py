"""Every example of the document goes through a real broker, in and out, and holds there too."""

from __future__ import annotations

import asyncio
import json

import aiomqtt
from support.broker import Mosquitto
from support.door import PATIENCE_S, Door, running
from support.interface import assert_documented
from support.world import ACME

from gateway.db.outbox import post
from gateway.mqtt.asyncapi import CHANNELS
from gateway.mqtt.asyncapi.heard import HEARD, PRESENCE
from gateway.mqtt.asyncapi.published import JOB
from gateway.mqtt.topics import presence_topic

GOOD = [
    (channel.name, message, example)
    for channel in CHANNELS
    if channel.action == "receive"
    for message in channel.messages
    for example in message.examples
]
BAD = [
    (channel.name, refused)
    for channel in CHANNELS
    if channel.action == "receive"
    for message in channel.messages
    for refused in message.refused
]
ANSWERS = [
    *("accepted" for _ in JOB.examples),
    "cancelled",
    # What persons allow; of who they are, and of access, nothing is told.
    *("subscribed", "subscribed", "subscribed", "unsubscribed"),
    *("unsubscribed", "restricted", "erased"),
]


async def test_every_example_of_what_stores_publish_is_taken(door: Door) -> None:
    """In the order of the document, where a cancel comes after the job that it takes back."""
    async with running(door.bridge):
        for kind, _, example in GOOD:
            await door.publish(json.dumps(example.payload).encode(), kind=kind)
        await door.taken(len(GOOD))
        heard = await door.told(len(ANSWERS))
    assert not door.bridge.counters.rejected
    for kind, told in heard:
        assert_documented(f"shopbell/v1/acme/{kind}", told)
    assert [told["state"] for _, told in heard] == ANSWERS


async def test_every_example_of_what_is_refused_is_refused_with_the_documented_code(
    door: Door,
) -> None:
    async with running(door.bridge):
        for kind, refused in BAD:
            await door.publish(json.dumps(refused.payload).encode(), kind=kind)
        heard = await door.told(len(BAD))
    for (_, refused), (kind, told) in zip(BAD, heard, strict=True):
        assert kind == "rejected"
        assert_documented(f"shopbell/v1/acme/{kind}", told)
        error = told["error"]
        assert (error["code"], error["field"]) == (refused.code, refused.field), refused.summary


async def test_every_example_of_what_stores_are_told_arrives_as_it_is(door: Door) -> None:
    sent = [
        (kind, example.payload)
        for kind, messages in HEARD.items()
        for message in messages
        for example in message.examples
    ]
    for kind, payload in sent:
        body = json.dumps(payload)
        await door.world.database.write(lambda c, k=kind, b=body: post(c, ACME, k, b))
    async with running(door.bridge):
        heard = await door.told(len(sent))
    assert heard == sent


async def test_every_example_of_a_presence_arrives_as_it_is(broker: Mosquitto) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe("shopbell/v1/gateway/+", qos=1)
        for example in PRESENCE.examples:
            body = json.dumps(example.payload)
            await client.publish(presence_topic("box-1"), body, qos=1, retain=True)
        async with asyncio.timeout(PATIENCE_S):
            heard = [await anext(client.messages) for _ in PRESENCE.examples]
    assert [json.loads(bytes(message.payload)) for message in heard] == [
        example.payload for example in PRESENCE.examples
    ]
