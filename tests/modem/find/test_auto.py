"""Found sticks on the simulator's own bus: real ports, real sysfs, no name given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.domain.ids import ModemName
from gateway.modem import Modem, ModemSettings, ModemState, Rack, Supervisor
from gateway.modem.port.transport import Opener
from tests.modem.bench import PDU, MemorySink, never_mind, until
from tests.modem.worlds import Bank


class Box:
    """A rack with one auto entry over a simulated bus."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.sink = MemorySink()
        self.modems: dict[str, Modem] = {}
        entry = ModemSettings(name=ModemName("box"), port="auto", sysfs=bank.directory / "sys")
        self.rack = Rack([entry], self._supervisor)

    def _supervisor(self, settings: ModemSettings, opener: Opener) -> Supervisor:
        return Supervisor(settings, self.sink, self._serve, opener=opener)

    async def _serve(self, modem: Modem) -> None:
        self.modems[modem.name] = modem
        await modem.wait_lost()
        del self.modems[modem.name]

    def states(self) -> dict[str, ModemState]:
        return {each.status.name: each.status.state for each in self.rack.supervisors}

    def ready(self, *names: str) -> bool:
        served = set(names) == self.modems.keys()
        return served and self.states() == dict.fromkeys(names, ModemState.READY)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.rack.run(), name="rack")
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    banks: list[Bank] = []

    def begin(*options: str) -> Box:
        banks.append(Bank(tmp_path, "--usb", *options))
        return Box(banks[-1])

    yield begin
    for bank in banks:
        bank.stop()


async def test_sticks_are_found_used_lost_and_found_again(start: object) -> None:
    box = start("--modems", "2")  # type: ignore[operator]
    async with box.running():
        await until(lambda: box.ready("box-1-1.1", "box-1-1.2"))
        for modem in tuple(box.modems.values()):
            await modem.submit(PDU, never_mind)
        await until(lambda: len(box.sink.reports) == 2)
        before = box.modems["box-1-1.1"]
        with box.bank.control() as control:
            control.ask("unplug", "modem0")
            await until(lambda: box.states()["box-1-1.1"] is ModemState.MISSING)
            control.ask("return", "modem0")
        await until(lambda: box.ready("box-1-1.1", "box-1-1.2"))
        assert before.lost
        await box.modems["box-1-1.1"].submit(PDU, never_mind)
        await until(lambda: len(box.sink.reports) == 3)


@pytest.mark.parametrize("profile", ["huawei-e173", "huawei-e3372", "quectel-ec25", "zte-mf190"])
async def test_the_port_that_speaks_is_found_on_every_kind_of_stick(
    start: object, profile: str
) -> None:
    box = start("--profile", profile)  # type: ignore[operator]
    async with box.running():
        await until(lambda: box.ready("box-1-1.1"))
        await box.modems["box-1-1.1"].submit(PDU, never_mind)
        await until(lambda: len(box.sink.reports) == 1)
