"""What the broker keeps for a gateway that is gone, against a real Mosquitto.

That it gives those who are away their turn is what makes heirs needed; should that change one day,
these tests still hold.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import aiomqtt
import pytest
from support.broker import Mosquitto
from support.mqtt import FakeAdmission

from gateway.dispatch.entries import Refusal
from gateway.dispatch.nodes import Alone
from gateway.domain.clock import SystemClock
from gateway.domain.signal import Signal
from gateway.mqtt import estate
from gateway.mqtt.acl import access_list
from gateway.mqtt.client import LastWill
from gateway.mqtt.estate import Estates
from gateway.mqtt.ports import Received
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings, Protocol

JOBS = "shopbell/v1/acme/jobs"
PROTOCOLS: tuple[Protocol, ...] = ("5", "3.1.1")


class Dead:
    """The gateways that are gone."""

    def __init__(self, *names: str) -> None:
        self.changed = Signal()
        self._names = list(names)

    def names(self) -> Sequence[str]:
        return list(self._names)

    async def forget(self, name: str) -> None:
        self._names.remove(name)


def settings(broker: Mosquitto, node: str, protocol: Protocol = "5") -> MqttSettings:
    return MqttSettings(
        host=broker.host, port=broker.port, node=node, protocol=protocol, shared=True
    )


def will(node: str) -> LastWill:
    return LastWill(topic=f"shopbell/v1/gateway/{node}", payload="gone")


async def publish(broker: Mosquitto, numbers: range) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as client:
        for number in numbers:
            job = {"id": str(number), "to": "+447700900123", "text": "x", "purpose": "otp"}
            await client.publish(JOBS, json.dumps(job), qos=1)


async def take(
    session: PahoSession, seconds: float = 0.5, *, acknowledge: bool = True
) -> list[Received]:
    """Take what comes until nothing does."""
    taken: list[Received] = []
    while True:
        try:
            async with asyncio.timeout(seconds):
                messages = await session.receive(100)
                taken += messages
                if acknowledge:
                    session.acknowledge(messages)
        except TimeoutError:
            return taken


def ids(messages: Sequence[Received]) -> list[str]:
    return [json.loads(message.payload)["id"] for message in messages]


def admitted(admission: FakeAdmission) -> list[str]:
    return [entry.id for entry in admission.entries if not isinstance(entry, Refusal)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_nothing_is_lost_when_a_member_of_the_group_dies(
    broker: Mosquitto, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was in flight to it, and what the broker gives it while it is away."""
    monkeypatch.setattr(estate, "QUIET_S", 0.3)
    dead, alive = settings(broker, "box-1", protocol), settings(broker, "box-2", protocol)
    async with open_session(alive, will("box-2")) as session:
        await session.subscribe(alive.subscriptions)
        async with open_session(dead, will("box-1")) as dying:
            await dying.subscribe(dead.subscriptions)
            await publish(broker, range(20))
            assert await take(dying, acknowledge=False), "it has its share"
            dying.abort()
        await publish(broker, range(20, 40))
        gone, admission = Dead("box-1"), FakeAdmission()
        estates = Estates(alive, admission=admission, gone=gone, clock=SystemClock())
        watching = asyncio.create_task(estates.run(Alone()))
        async with asyncio.timeout(10):
            while gone.names():  # noqa: ASYNC110 -- it has no event
                await asyncio.sleep(0.05)
        mine = ids(await take(session))
        assert sorted(map(int, mine + admitted(admission))) == list(range(40))
        await publish(broker, range(40, 60))
        assert len(await take(session)) == 20, "from then on all comes to who is there"
        watching.cancel()


async def test_one_that_comes_back_is_a_member_again(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estate, "QUIET_S", 0.3)
    ours = settings(broker, "box-1")
    async with open_session(ours, will("box-1")) as session:
        await session.subscribe(ours.subscriptions)
    gone = Dead("box-1")
    estates = Estates(ours, admission=FakeAdmission(), gone=gone, clock=SystemClock())
    watching = asyncio.create_task(estates.run(Alone()))
    async with asyncio.timeout(10):
        while gone.names():  # noqa: ASYNC110 -- it has no event
            await asyncio.sleep(0.05)
    watching.cancel()
    async with open_session(ours, will("box-1")) as session:
        await session.subscribe(ours.subscriptions)
        await publish(broker, range(5))
        assert ids(await take(session)) == list("01234")


async def test_a_broker_that_is_away_is_asked_again(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estate, "QUIET_S", 0.1)
    monkeypatch.setattr(estate, "AGAIN_S", 0.1)
    broker.stop()
    gone = Dead("box-1")
    mine = settings(broker, "box-2")
    watching = asyncio.create_task(
        Estates(mine, admission=FakeAdmission(), gone=gone, clock=SystemClock()).run(Alone())
    )
    await asyncio.sleep(0.3)
    assert gone.names()
    broker.start()
    async with asyncio.timeout(10):
        while gone.names():  # noqa: ASYNC110 -- it has no event
            await asyncio.sleep(0.05)
    watching.cancel()


async def test_the_access_list_lets_the_group_in(
    make_broker: Callable[..., Mosquitto], tmp_path: Any
) -> None:
    """Mosquitto judges what is delivered by its topic, whatever the subscription begins with."""
    acl = tmp_path / "acl"
    acl.write_text(access_list("gateway"))
    acl.chmod(0o644)
    broker = make_broker(anonymous=False, extra=f"acl_file {acl}")
    broker.add_user("gateway", "g")
    broker.add_user("acme", "a")
    ours = MqttSettings(
        host=broker.host,
        port=broker.port,
        node="box-1",
        username="gateway",
        password="g",
        shared=True,
    )
    async with open_session(ours, will("box-1")) as session:
        await session.subscribe(ours.subscriptions)
        async with aiomqtt.Client(
            broker.host, broker.port, username="acme", password="a"
        ) as client:
            await client.publish(JOBS, b'{"id": "mine"}', qos=1)
            await client.publish("shopbell/v1/other/jobs", b'{"id": "foreign"}', qos=1)
        assert ids(await take(session)) == ["mine"]
