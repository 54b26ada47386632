"""The demo's own broker, configuration and modems."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiomqtt
import pytest

from gateway.cli.demo.bank import SimulatorUnavailableError, run_modems
from gateway.cli.demo.broker import HOST, BrokerUnavailableError, choose_port, run_broker
from gateway.cli.demo.configuration import write_configuration


def client(port: int, password: str) -> aiomqtt.Client:
    return aiomqtt.Client(
        HOST,
        port,
        username="shop",
        password=password,
        identifier="shop",
        clean_session=False,
        protocol=aiomqtt.ProtocolVersion.V311,
    )


def ports_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("modem*"))


def test_the_configuration_is_an_ordinary_one(tmp_path: Path) -> None:
    places = write_configuration(tmp_path, modems=3, port=1884, console=8025)
    settings = places.settings()
    assert tuple(modem.name for modem in settings.modem) == places.modem_names
    assert settings.modem[2].port == str(tmp_path / "modems/modem2")
    assert (settings.mqtt.url.port, settings.mqtt.protocol) == (1884, "3.1.1")
    assert settings.mqtt.secret == places.passwords["gateway"]


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BrokerUnavailableError, match=f"port {port} of .* is taken"):
            choose_port(port)


async def test_the_broker_keeps_the_session_of_a_user_who_was_away() -> None:
    """Without it, statuses that come while a store is away would be lost."""
    port = choose_port(0)
    async with run_broker(port, {"shop": "secret"}):
        async with client(port, "secret") as store:
            await store.subscribe("status", qos=1)
        async with aiomqtt.Client(
            HOST,
            port,
            username="shop",
            password="secret",
            identifier="other",
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as other:
            await other.publish("status", "meanwhile", qos=1)
        async with client(port, "secret") as store, asyncio.timeout(10):
            message = await anext(aiter(store.messages))
    assert message.payload == b"meanwhile"


async def test_the_broker_lets_nobody_else_in() -> None:
    port = choose_port(0)
    async with run_broker(port, {"shop": "secret"}):
        with pytest.raises(aiomqtt.MqttError):
            async with client(port, "guess"):
                pass


async def test_the_modems_are_there_for_as_long_as_they_are_wanted(tmp_path: Path) -> None:
    async with run_modems(tmp_path, 2):
        assert ports_in(tmp_path) == ["modem0", "modem1"]
    assert ports_in(tmp_path) == []


async def test_modems_that_do_not_come_up_say_why(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    with pytest.raises(SimulatorUnavailableError, match="shorter directory"):
        async with run_modems(deep, 1):
            pass
