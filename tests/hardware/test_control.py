"""The control socket: what can be asked of a running bank."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.simulator import Bank, BankSettings, ControlClient, ControlError
from hardware.simulator.faults import FaultName


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[Bank]:
    async with Bank(tmp_path, BankSettings(modems=2)) as bank:
        yield bank


async def ask(bank: Bank, act: Callable[[ControlClient], Any]) -> Any:
    """Have a blocking client do something beside the bank's loop."""

    def run() -> Any:
        with ControlClient(bank.socket) as client:
            return act(client)

    return await asyncio.to_thread(run)


async def test_a_fault_is_armed_on_one_modem(bank: Bank) -> None:
    await ask(bank, lambda client: client.fault("modem1", "reject", value=38, count=3))
    armed = {name: stick.device.faults.listing() for name, stick in bank.sticks.items()}
    assert armed["modem0"] == []
    (fault,) = armed["modem1"]
    assert (fault.name, fault.code(0), fault.count) == (FaultName.REJECT, 38, 3)


async def test_a_fault_is_armed_on_all_and_cleared(bank: Bank) -> None:
    await ask(bank, lambda client: client.fault("*", "noise", probability=0.5))
    assert all(stick.device.faults.listing() for stick in bank.sticks.values())
    await ask(bank, lambda client: client.ask("clear", name="noise"))
    assert not any(stick.device.faults.listing() for stick in bank.sticks.values())


async def test_clearing_hands_over_what_waited(bank: Bank) -> None:
    await ask(bank, lambda client: client.fault("modem0", "storage_full"))
    await ask(bank, lambda client: client.inbound("modem0", "60123", "hi"))
    memory = bank.sticks["modem0"].device.memories["SM"]
    assert memory.used == 0
    await ask(bank, lambda client: client.ask("clear"))
    assert memory.used == 1


async def test_settings_change_while_it_runs(bank: Bank) -> None:
    values = {"submit_latency": 2, "report_mode": "cds", "repeats": "reject"}
    await ask(bank, lambda client: client.ask("set", "modem0", values=values))
    settings = bank.sticks["modem0"].device.settings
    assert (settings.submit_latency, settings.report_mode, settings.repeats) == (2, "cds", "reject")


async def test_someone_writes(bank: Bank) -> None:
    parts = await ask(
        bank, lambda client: client.ask("inbound", "modem0", **{"from": "60123", "text": "x" * 200})
    )
    assert parts == {"modem0": 2}
    assert bank.sticks["modem0"].device.memories["SM"].used == 2


async def test_a_stick_is_unplugged_and_returns_under_another_pts(bank: Bank) -> None:
    port = bank.sticks["modem0"].port
    before = port.device
    await ask(bank, lambda client: client.ask("unplug", "modem0"))
    assert not port.link.is_symlink()
    state = await ask(bank, lambda client: client.state())
    assert (state["modem0"]["port"], state["modem0"]["mode"]) == (None, "off")
    await ask(bank, lambda client: client.ask("return", "modem0"))
    assert port.device not in (None, before)
    events = [json.loads(line)["event"] for line in bank.log.read_text().splitlines()]
    assert events == ["unplugged", "returned"]


async def test_a_stick_returns_by_itself(bank: Bank) -> None:
    port = bank.sticks["modem0"].port
    await ask(bank, lambda client: client.ask("unplug", "modem0", back_after=0.01))
    async with asyncio.timeout(5):
        while not port.link.is_symlink():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.005)
    assert bank.sticks["modem0"].state()["mode"] == "command"


async def test_a_hang_up_keeps_the_modem_running(bank: Bank) -> None:
    stick = bank.sticks["modem0"]
    before = stick.port.device
    stick.modem.receive(b"AT+CNMI=2,1,0,1,0\r")
    await ask(bank, lambda client: client.ask("hangup", "modem0"))
    assert stick.port.device not in (None, before)
    assert stick.device.terminal.notify == (2, 1, 0, 1, 0)


async def test_a_reboot_is_announced_and_any_line_can_be_said(bank: Bank) -> None:
    expected = [b"^RSSI:", b"9", b"RDY", b"+CPIN:", b"READY", b"SMS", b"Ready"]
    host = os.open(bank.ports[0], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    await ask(bank, lambda client: client.ask("say", "modem0", text="^RSSI: 9"))
    await ask(bank, lambda client: client.ask("reboot", "modem0", boot=0))
    said = b""
    async with asyncio.timeout(5):
        while len(said.split()) < len(expected):  # the kernel hands a pty's octets over in time
            with contextlib.suppress(BlockingIOError):
                said += os.read(host, 4096)
            await asyncio.sleep(0.005)
    os.close(host)
    assert said.split() == expected


@pytest.mark.parametrize(
    ("request_line", "reason"),
    [
        (b"no json", "JSONDecodeError"),
        (b"[]", "AttributeError"),
        (b'{"do": "dance"}', "nothing is called 'dance'"),
        (b'{"do": "state", "modem": "modem9"}', "no modem is called 'modem9'"),
        (b'{"do": "fault", "name": "nonsense"}', "no fault is called 'nonsense'"),
        (b'{"do": "fault", "name": "reject", "value": "x"}', "'x' is no number"),
        (b'{"do": "fault", "name": "reject", "count": 0}', "at least 1"),
        (b'{"do": "fault"}', "KeyError"),
        (b'{"do": "set", "values": {"nonsense": 1}}', "TypeError"),
        (b'{"do": "set", "values": {"repeats": "maybe"}}', "ValueError"),
        (b'{"do": "set", "values": {"submit_latency": -1}}', "negative"),
    ],
)
async def test_a_wrong_request_is_answered_with_its_reason(
    bank: Bank, request_line: bytes, reason: str
) -> None:
    reader, writer = await asyncio.open_unix_connection(bank.socket)
    for line in (request_line, b'{"do": "state"}'):
        writer.write(line + b"\n")
    refused, answered = json.loads(await reader.readline()), json.loads(await reader.readline())
    writer.close()
    assert refused["ok"] is False
    assert reason in refused["error"]
    assert answered["ok"] is True, "the connection lives on"


async def test_an_endless_request_ends_its_connection_alone(bank: Bank) -> None:
    reader, writer = await asyncio.open_unix_connection(bank.socket)
    writer.write(b"x" * 200_000)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        assert await reader.readexactly(1)
    writer.close()
    assert await ask(bank, lambda client: client.state("modem0"))


async def test_the_client_says_what_is_wrong(bank: Bank) -> None:
    with pytest.raises(ControlError, match="no fault is called"):
        await ask(bank, lambda client: client.fault("*", "nonsense"))


def test_without_a_bank_the_client_says_so(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="no bank answers"):
        ControlClient(tmp_path / "control.sock")
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "dead.sock"))
    dead.close()
    with pytest.raises(ControlError, match="Connection refused"):
        ControlClient(tmp_path / "dead.sock")
