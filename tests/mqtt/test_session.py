"""One connection, against a real Mosquitto: what is private to paho does here what we count on."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from support.broker import Mosquitto

from gateway.mqtt import session as session_module
from gateway.mqtt.client import LastWill
from gateway.mqtt.errors import BrokerLostError, BrokerRefusedError
from gateway.mqtt.ports import AckTicket, Received
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings, Protocol

JOBS = "shopbell/v1/acme/jobs"
PATTERN = ("shopbell/v1/+/jobs",)
WILL = LastWill(topic="shopbell/v1/gateway/box-1", payload="gone")
PROTOCOLS: tuple[Protocol, ...] = ("5", "3.1.1")


def settings(broker: Mosquitto, **others: Any) -> MqttSettings:
    return MqttSettings(host=broker.host, port=broker.port, node="box-1", **others)


@contextlib.asynccontextmanager
async def store(broker: Mosquitto) -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(broker.host, broker.port) as client:
        yield client


async def take(session: PahoSession, count: int) -> list[Received]:
    messages: list[Received] = []
    async with asyncio.timeout(10):
        while len(messages) < count:
            messages += await session.receive(count - len(messages))
    return messages


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("acknowledged", [0, 4])
async def test_what_is_not_acknowledged_when_the_process_dies_comes_again_in_order(
    broker: Mosquitto, protocol: Protocol, acknowledged: int
) -> None:
    """Acknowledging by hand is on before the connect: not one of the queued slips through."""
    ours = settings(broker, protocol=protocol)
    async with open_session(ours, WILL) as session:
        await session.subscribe(PATTERN)
    async with store(broker) as client:
        for number in range(30):
            await client.publish(JOBS, str(number), qos=1)
    async with open_session(ours, WILL) as session:
        assert session.resumed
        messages = await take(session, 10)
        session.acknowledge(messages[:acknowledged])
        await asyncio.sleep(0.2)
        session.abort()
    async with open_session(ours, WILL) as session:
        again = await take(session, 20)
        assert [message.payload for message in again] == [
            str(number).encode() for number in range(acknowledged, acknowledged + 20)
        ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_what_is_acknowledged_does_not_come_again(
    broker: Mosquitto, protocol: Protocol
) -> None:
    ours = settings(broker, protocol=protocol)
    async with open_session(ours, WILL) as session, store(broker) as client:
        await session.subscribe(PATTERN)
        await client.publish(JOBS, "a", qos=1)
        session.acknowledge(await take(session, 1))
        await client.publish(JOBS, "b", qos=1)
        await take(session, 1)
        session.abort()
    async with open_session(ours, WILL) as session:
        assert [message.payload for message in await take(session, 1)] == [b"b"]


async def test_a_message_cannot_be_acknowledged_on_another_connection(broker: Mosquitto) -> None:
    """Its id may be another message's there, which would be lost."""
    async with open_session(settings(broker), WILL) as session, store(broker) as client:
        await session.subscribe(PATTERN)
        await client.publish(JOBS, "a", qos=1)
        messages = await take(session, 1)
    async with open_session(settings(broker), WILL) as session:
        with pytest.raises(ValueError, match="own connection"):
            session.acknowledge(messages)


async def test_a_message_without_a_ticket_needs_no_acknowledgement(broker: Mosquitto) -> None:
    async with open_session(settings(broker), WILL) as session, store(broker) as client:
        await session.subscribe(PATTERN)
        await client.publish(JOBS, "a", qos=0)
        messages = await take(session, 1)
        assert messages[0].ticket is None
        session.acknowledge(messages)
        assert await session.publish("t", "still alive") < 0x80


async def test_a_job_published_at_qos_2_comes_at_qos_1(broker: Mosquitto) -> None:
    """QoS 2 would wedge the session (RELIABILITY.md 0.4)."""
    async with open_session(settings(broker), WILL) as session, store(broker) as client:
        await session.subscribe(PATTERN)
        for number in range(50):
            await client.publish(JOBS, str(number), qos=2)
        messages = await take(session, 20)
        assert all(isinstance(message.ticket, AckTicket) for message in messages)
        session.acknowledge(messages)
        session.acknowledge(await take(session, 20))
        assert len(await take(session, 10)) == 10


async def test_a_retained_job_is_marked_even_when_it_is_published_while_we_listen(
    broker: Mosquitto,
) -> None:
    async with open_session(settings(broker), WILL) as session, store(broker) as client:
        await session.subscribe(PATTERN)
        await client.publish(JOBS, "a", qos=1, retain=True)
        assert [message.retain for message in await take(session, 1)] == [True]


async def test_a_retained_job_comes_once_and_not_at_every_connection(broker: Mosquitto) -> None:
    async with store(broker) as client:
        await client.publish(JOBS, "a", qos=1, retain=True)
        async with open_session(settings(broker), WILL) as session:
            await session.subscribe(PATTERN)
            session.acknowledge(await take(session, 1))
        async with open_session(settings(broker), WILL) as session:
            await session.subscribe(PATTERN)
            await client.publish(JOBS, "b", qos=1)
            assert [message.payload for message in await take(session, 1)] == [b"b"]


async def test_under_3_1_1_a_retained_job_is_marked_at_the_subscription(broker: Mosquitto) -> None:
    async with store(broker) as client:
        await client.publish(JOBS, "a", qos=1, retain=True)
    async with open_session(settings(broker, protocol="3.1.1"), WILL) as session:
        await session.subscribe(PATTERN)
        assert [message.retain for message in await take(session, 1)] == [True]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_publications_are_answered_and_arrive_in_order(
    broker: Mosquitto, protocol: Protocol
) -> None:
    async with store(broker) as client:
        await client.subscribe("out/#", qos=1)
        async with open_session(settings(broker, protocol=protocol), WILL) as session:
            answers = [session.publish(f"out/{number % 3}", str(number)) for number in range(200)]
            assert all(code < 0x80 for code in await asyncio.gather(*answers))
        arrived = [bytes(message.payload) async for message in _first(client, 200)]
        assert arrived == [str(number).encode() for number in range(200)]


async def test_a_publication_that_the_access_list_forbids_is_answered_with_its_code(
    make_broker: Callable[..., Mosquitto], tmp_path: Any
) -> None:
    access = tmp_path / "access"
    access.write_text("topic readwrite allowed/#\n")
    broker = make_broker(extra=f"acl_file {access}")
    async with open_session(settings(broker), WILL) as session:
        assert await session.publish("allowed/a", "x") < 0x80
        assert await session.publish("forbidden/a", "x") == 0x87


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_the_last_will_is_said_when_we_vanish_and_only_then(
    broker: Mosquitto, protocol: Protocol
) -> None:
    ours = settings(broker, protocol=protocol)
    async with store(broker) as client:
        await client.subscribe(WILL.topic, qos=1)
        async with open_session(ours, WILL):
            pass
        async with open_session(ours, WILL) as session:
            await session.publish(WILL.topic, "clean so far")
            session.abort()
        said = [bytes(message.payload) async for message in _first(client, 2)]
    assert said == [b"clean so far", b"gone"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_wrong_credentials_are_a_refusal_that_says_where_to_look(
    make_broker: Callable[..., Mosquitto], protocol: Protocol
) -> None:
    broker = make_broker(anonymous=False)
    broker.add_user("gateway", "right")
    with pytest.raises(BrokerRefusedError, match="password_file"):
        async with open_session(
            settings(broker, protocol=protocol, username="gateway", password="wrong"), WILL
        ):
            pass


async def test_right_credentials_are_taken(make_broker: Callable[..., Mosquitto]) -> None:
    broker = make_broker(anonymous=False)
    broker.add_user("gateway", "right")
    broker.restart()
    ours = settings(broker, username="gateway", password="right")
    async with open_session(ours, WILL) as session:
        assert await session.publish("t", "x") < 0x80


async def test_where_nobody_listens_the_broker_is_lost(broker: Mosquitto) -> None:
    broker.stop()
    with pytest.raises(BrokerLostError, match="refused"):
        async with open_session(settings(broker), WILL):
            pass


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_the_loss_of_the_broker_ends_every_wait(broker: Mosquitto, end: str) -> None:
    async with open_session(settings(broker), WILL) as session:
        receiving = asyncio.create_task(session.receive(1))
        watching = asyncio.create_task(session.wait_lost())
        await asyncio.sleep(0.05)
        await asyncio.to_thread(getattr(broker, end))
        for waiting in (receiving, watching, session.publish("t", "x")):
            with pytest.raises(BrokerLostError):
                await asyncio.wait_for(waiting, 5)


async def test_another_client_with_our_id_ends_the_first(broker: Mosquitto) -> None:
    async with open_session(settings(broker), WILL) as first, open_session(settings(broker), WILL):
        with pytest.raises(BrokerLostError, match="the connection broke"):
            await asyncio.wait_for(first.wait_lost(), 5)


async def test_a_peer_that_accepts_and_says_nothing_is_left_and_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.mqtt.client.CONNECT_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        ours = MqttSettings(host="127.0.0.1", port=mute.getsockname()[1], node="box-1")
        with pytest.raises(BrokerLostError, match="does not answer CONNECT"):
            async with open_session(ours, WILL):
                pass
        connection, _ = mute.accept()
        with connection:
            connection.settimeout(5)
            while connection.recv(4096):
                pass  # ends, because our side was closed


async def test_a_cancelled_connect_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.mqtt.client.CONNECT_TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        ours = MqttSettings(host="127.0.0.1", port=mute.getsockname()[1], node="box-1")
        task = asyncio.create_task(_open(ours))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        connection, _ = mute.accept()
        with connection:
            connection.settimeout(5)
            while connection.recv(4096):
                pass


async def test_a_cancelled_subscription_ends_even_where_its_answer_comes_at_that_moment(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait_for of Python 3.11, in aiomqtt, returns the answer and forgets the cancellation."""
    answered = asyncio.get_running_loop().create_future()

    async def subscribe(*_: object, **__: object) -> list[int]:
        return list(await asyncio.wait_for(answered, 10))

    async with open_session(settings(broker), WILL) as session:
        monkeypatch.setattr(session._client, "subscribe", subscribe)
        task = asyncio.create_task(session.subscribe(PATTERN))
        await asyncio.sleep(0.01)
        answered.set_result([1])
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_certificates_that_cannot_be_read_are_a_refusal_with_the_file(tmp_path: Any) -> None:
    ours = MqttSettings(
        host="127.0.0.1", port=1, node="box-1", tls=True, ca_file=tmp_path / "none.pem"
    )
    with pytest.raises(BrokerRefusedError, match=r"none\.pem"):
        await _open(ours)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for the loopback, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "broker.pem", tmp_path / "broker.key"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=broker"
    files = [
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-out",
        str(certificate),
        "-keyout",
        str(key),
    ]
    subprocess.run([*request.split(), *files], check=True, capture_output=True)
    return certificate, key


async def test_a_broker_over_tls_is_trusted_by_its_certificate_only(
    make_broker: Callable[..., Mosquitto], certificate: tuple[Path, Path]
) -> None:
    broker = make_broker(extra="certfile {}\nkeyfile {}".format(*certificate))
    ours = settings(broker, tls=True, ca_file=certificate[0])
    async with open_session(ours, WILL) as session:
        answers = [session.publish("t", "x" * 1000) for _ in range(100)]
        assert all(code < 0x80 for code in await asyncio.gather(*answers))
    with pytest.raises(BrokerLostError, match="certificate verify failed"):
        await _open(settings(broker, tls=True))
    with pytest.raises(BrokerLostError, match="certificate verify failed"):
        await _open(dataclasses.replace(ours, host="localhost"))


async def test_stop_receiving_ends_a_wait_with_nothing(broker: Mosquitto) -> None:
    async with open_session(settings(broker), WILL) as session:
        receiving = asyncio.create_task(session.receive(1))
        await asyncio.sleep(0.05)
        session.stop_receiving()
        assert await asyncio.wait_for(receiving, 1) == []


def test_everything_private_is_used_in_one_file_only() -> None:
    """aiomqtt may change what it does not promise; then one file has to change with it."""
    users = [
        path.name
        for path in Path(session_module.__file__).parent.glob("*.py")
        if "._client" in path.read_text() or "_sock_close" in path.read_text()
    ]
    assert users == ["session.py"]


async def _open(ours: MqttSettings) -> None:
    async with open_session(ours, WILL):
        pass


async def _first(client: aiomqtt.Client, count: int) -> AsyncIterator[aiomqtt.Message]:
    async with asyncio.timeout(10):
        async for message in client.messages:
            yield message
            count -= 1
            if count == 0:
                return
