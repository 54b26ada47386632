"""Sticks that nobody named are found, served, given up and taken up again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.sysfs import Sysfs

from gateway.domain.ids import ModemName
from gateway.modem import Modem, ModemSettings, ModemState, Rack, Supervisor
from gateway.modem.port.transport import Opener, PortMissingError
from gateway.modem.supervisor import Serve
from tests.modem.bench import MemorySink, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime


def _tty(port: str) -> str:
    return Path(port).resolve().name


class Box:
    """A box with sticks in it, each of one port, and the gateway's rack."""

    def __init__(self, folder: Path) -> None:
        self.sysfs = Sysfs(folder)
        self.peers: dict[str, Peer] = {}
        self.opened: list[str] = []
        self.served: list[str] = []
        self.serve: Serve = self._serve
        self.rack = self.make_rack("auto")

    def make_rack(self, *ports: str) -> Rack:
        modems = [
            ModemSettings(
                name=ModemName("box" if port == "auto" else f"m{number}"),
                port=port,
                sysfs=self.sysfs.root,
            )
            for number, port in enumerate(ports)
        ]
        return Rack(modems, self._supervisor, self._open)

    def _supervisor(self, settings: ModemSettings, opener: Opener) -> Supervisor:
        return Supervisor(settings, MemorySink(), self.serve, opener=opener)

    async def _serve(self, modem: Modem) -> None:
        self.served.append(modem.name)
        await modem.wait_lost()

    async def _open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        self.opened.append(Path(port).name)
        peer = self.peers.get(_tty(port))
        if peer is None:
            raise PortMissingError(port)
        peer.connect(protocol)

    def plug(self, path: str, tty: str, peer: Peer | None = None) -> None:
        self.peers[tty] = peer or Peer()
        self.sysfs.plug(path, {tty: 0})

    def unplug(self, path: str, tty: str) -> None:
        self.sysfs.unplug(path)
        self.peers.pop(tty).hang_up()

    def states(self) -> dict[str, ModemState]:
        return {each.status.name: each.status.state for each in self.rack.supervisors}

    def ready(self, *names: str) -> bool:
        return self.states() == dict.fromkeys(names, ModemState.READY)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.rack.run(), name="rack")
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])
            assert set(self.states().values()) <= {ModemState.STOPPED}


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


async def test_every_stick_becomes_a_modem_by_where_it_is_plugged_in(box: Box) -> None:
    box.plug("1-1.2", "ttyUSB0")
    box.plug("1-1.3", "ttyUSB1")
    async with box.running():
        await until(lambda: box.ready("box-1-1.2", "box-1-1.3"), patience=5)
        box.plug("2-1", "ttyUSB2")
        await until(lambda: box.ready("box-1-1.2", "box-1-1.3", "box-2-1"), patience=5)
    assert sorted(box.served) == ["box-1-1.2", "box-1-1.3", "box-2-1"], "equal IMEIs are no matter"


async def test_a_stick_that_is_pulled_out_is_missing_and_returns_under_any_number(
    box: Box,
) -> None:
    box.plug("1-1.2", "ttyUSB0")
    async with box.running():
        await until(lambda: box.ready("box-1-1.2"))
        box.unplug("1-1.2", "ttyUSB0")
        await until(lambda: box.states() == {"box-1-1.2": ModemState.MISSING}, patience=5)
        box.plug("1-1.2", "ttyUSB7")
        await until(lambda: box.ready("box-1-1.2"), patience=5)
    assert box.opened == ["ttyUSB0", "ttyUSB7"], "the old name may be another stick's by now"


async def test_a_stick_that_an_entry_names_is_left_to_it(box: Box) -> None:
    box.plug("1-1", "ttyUSB0")
    box.plug("1-2", "ttyUSB1")
    box.rack = box.make_rack(str(box.sysfs.dev / "ttyUSB0"), "auto")
    async with box.running():
        await until(lambda: box.ready("m0", "box-1-2"), patience=5)
        await asyncio.sleep(10)
        assert box.opened == ["ttyUSB0", "ttyUSB1"]


async def test_a_stick_whose_symlink_appears_later_is_given_to_its_entry(box: Box) -> None:
    link = box.sysfs.dev / "by-id"
    box.rack = box.make_rack(str(link), "auto")
    box.plug("1-1", "ttyUSB0")
    async with box.running():
        await until(lambda: box.states().get("box-1-1") is ModemState.READY)
        link.symlink_to(box.sysfs.dev / "ttyUSB0")
        await until(lambda: set(box.states()) == {"m0"}, patience=5)


async def test_what_is_at_a_stick_that_is_left_to_its_entry_is_written_down(box: Box) -> None:
    link = box.sysfs.dev / "by-id"
    written: list[str] = []

    async def serve(modem: Modem) -> None:
        await modem.wait_lost()
        await asyncio.sleep(1)
        written.append(modem.name)

    box.serve = serve
    box.rack = box.make_rack(str(link), "auto")
    box.plug("1-1", "ttyUSB0")
    async with box.running():
        await until(lambda: box.states().get("box-1-1") is ModemState.READY)
        left = box.rack.supervisors[-1]
        link.symlink_to(box.sysfs.dev / "ttyUSB0")
        await until(lambda: left.status.state is ModemState.STOPPED, patience=5)
        assert written == ["box-1-1"]
        assert box.states() == {"m0": ModemState.READY}


async def test_without_an_auto_entry_no_stick_is_touched(box: Box) -> None:
    box.plug("1-1", "ttyUSB0")
    box.rack = box.make_rack("socket://127.0.0.1:4000")
    async with box.running():
        await asyncio.sleep(10)
        assert "ttyUSB0" not in box.opened


async def test_a_look_that_fails_costs_one_look(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(sysfs: Path) -> tuple[()]:
        monkeypatch.undo()
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.modem.rack.sticks", broken)
    box.plug("1-1", "ttyUSB0")
    async with box.running():
        await until(lambda: box.ready("box-1-1"), patience=5)
