"""What docs/broker.md tells operators to write is what these tests run on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import aiomqtt
import pytest
from support.broker import Mosquitto

from gateway.mqtt.client import LastWill
from gateway.mqtt.session import open_session
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import SUBSCRIPTIONS, presence_topic

DOC = Path(__file__).parents[2] / "docs" / "broker.md"
WILL = LastWill(topic=presence_topic("box-1"), payload="gone")
SETTLE_S = 0.3
"""Time enough for a broker on this machine to deliver what it is going to deliver."""


def block(number: int) -> str:
    return re.findall(r"```\n(.*?)```", DOC.read_text(), re.DOTALL)[number]


@pytest.fixture
def documented(make_broker: Callable[..., Mosquitto], tmp_path: Path) -> Mosquitto:
    """A broker with the documented access list, and with users."""
    access = tmp_path / "shopbell.acl"
    access.write_text(block(1))
    broker = make_broker(anonymous=False, extra=f"acl_file {access}")
    for name in ("gateway", "acme", "other"):
        broker.add_user(name, f"{name}'s")
    broker.restart()
    return broker


def store(broker: Mosquitto, name: str) -> aiomqtt.Client:
    return aiomqtt.Client(broker.host, broker.port, username=name, password=f"{name}'s")


def gateway(broker: Mosquitto) -> MqttSettings:
    return MqttSettings(
        host=broker.host,
        port=broker.port,
        node="box-1",
        username="gateway",
        password="gateway's",
    )


def test_mosquitto_takes_the_documented_settings(make_broker: Callable[..., Mosquitto]) -> None:
    """All but where it listens, and with what files."""
    elsewhere = ("listener", "certfile", "keyfile", "allow_", "password", "acl", "persistence")
    lines = [
        line for line in block(0).splitlines() if not line.startswith((*elsewhere, "autosave"))
    ]
    assert "message_size_limit 65536" in lines
    broker = make_broker(extra="\n".join(lines))
    broker.restart()


async def test_the_gateway_may_do_all_that_it_does(documented: Mosquitto) -> None:
    async with open_session(gateway(documented), WILL) as session:
        await session.subscribe(SUBSCRIPTIONS)
        topics = [
            presence_topic("box-1"),
            *(f"shopbell/v1/acme/{kind}" for kind in ("status", "rejected", "inbound")),
        ]
        assert all([await session.publish(topic, "x") < 0x80 for topic in topics])


@pytest.mark.parametrize("victim", ["other/jobs", "other/cancel", "gateway/jobs"])
async def test_a_store_reaches_the_gateway_as_itself_only(
    documented: Mosquitto, victim: str
) -> None:
    async with (
        open_session(gateway(documented), WILL) as session,
        store(documented, "acme") as acme,
    ):
        await session.subscribe(SUBSCRIPTIONS)
        for topic in ("acme/jobs", "acme/cancel", victim):
            await acme.publish(f"shopbell/v1/{topic}", topic, qos=1)
        await asyncio.sleep(SETTLE_S)
        heard = [message.payload for message in await session.receive(9)]
        assert heard == [b"acme/jobs", b"acme/cancel"]


async def test_a_store_is_told_of_its_own_jobs_and_of_no_others(documented: Mosquitto) -> None:
    async with (
        open_session(gateway(documented), WILL) as session,
        store(documented, "acme") as acme,
    ):
        await acme.subscribe("shopbell/v1/+/status", qos=1)
        await acme.subscribe("shopbell/v1/gateway/+", qos=1)
        for topic in ("shopbell/v1/other/status", "shopbell/v1/acme/status", WILL.topic):
            await session.publish(topic, topic)
        await asyncio.sleep(SETTLE_S)
        heard = [(await anext(acme.messages)).topic.value for _ in range(len(acme.messages))]
        assert heard == ["shopbell/v1/acme/status", WILL.topic]
