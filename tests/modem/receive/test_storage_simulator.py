"""What a stick stores reaches the sink, and leaves the stick, whatever its storages do to it.

On the simulator, which counts for itself what the network brought and what still lies in a storage.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.modem.modem import Modem
from gateway.modem.supervisor import Supervisor
from gateway.sms import EncodedPdu, decode_deliver, decode_status_report
from tests.modem.bench import PDU, MemorySink, never_mind, settings, until
from tests.modem.worlds import Bank

PATIENCE = 20
"""Seconds for what takes one or two on a machine that does nothing else."""

TEXTS = ("one", "two", "three")

_modems = (f"modem{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    options = ("--modems", "24", "--report-delay", "0.05")
    bank = Bank(tmp_path_factory.mktemp("storages"), *options)
    yield bank
    bank.stop()


class Stick:
    """One simulated stick, with a gateway's modem on it."""

    def __init__(self, bank: Bank, sink: MemorySink, name: str | None = None) -> None:
        self.name = name or next(_modems)
        self.sink = sink
        self._bank = bank
        self._modem: Modem | None = None

    def arm(self, fault: str, **besides: object) -> None:
        with self._bank.control() as control:
            control.fault(self.name, fault, **besides)

    def heal(self, fault: str) -> None:
        with self._bank.control() as control:
            control.ask("clear", self.name, name=fault)

    def store_reports(self) -> None:
        with self._bank.control() as control:
            control.ask("set", self.name, values={"report_mode": "cdsi"})

    def write_to_it(self, *texts: str) -> None:
        with self._bank.control() as control:
            for text in texts:
                control.inbound(self.name, "+447700900456", text)

    def stored(self) -> int:
        with self._bank.control() as control:
            return sum(control.state(self.name)[self.name]["stored"].values())

    def told(self, event: str) -> list[dict[str, Any]]:
        """What the simulator itself says that it did."""
        lines = (self._bank.directory / "log.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines]
        return [one for one in records if (one["event"], one["modem"]) == (event, self.name)]

    def texts(self) -> list[str | None]:
        return [decode_deliver(pdu, length=length).text for _, pdu, length in self.sink.messages]

    def references(self) -> list[int]:
        return [decode_status_report(pdu).reference for _, pdu, _ in self.sink.reports]

    async def submit(self, pdu: EncodedPdu = PDU) -> None:
        assert self._modem is not None
        await self._modem.submit(pdu, never_mind)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        chosen = settings(port=str(self._bank.directory / self.name))
        ready = asyncio.Event()

        async def serve(modem: Modem) -> None:
            self._modem = modem
            ready.set()
            await modem.wait_lost()

        running = asyncio.create_task(Supervisor(chosen, self.sink, serve).run())
        try:
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def is_empty(self) -> None:
        await until(lambda: self.stored() == 0, patience=PATIENCE)


@pytest.fixture
def stick(bank: Bank, sink: MemorySink) -> Stick:
    return Stick(bank, sink)


@pytest.mark.parametrize("fault", ["wrong_memory", "wrong_index", "text_mode", "noise"])
async def test_messages_come_in_and_leave_the_stick(stick: Stick, fault: str) -> None:
    async with stick.at_work():
        stick.arm(fault, count=2)
        stick.write_to_it(*TEXTS)
        await until(lambda: len(stick.sink.messages) >= len(TEXTS), patience=PATIENCE)
        await stick.is_empty()
    assert sorted(map(str, stick.texts())) == sorted(TEXTS)
    assert len(stick.told("inbound")) == len(TEXTS)


@pytest.mark.parametrize("fault", ["wrong_memory", "wrong_index", "text_mode", "noise"])
async def test_stored_reports_come_in_and_leave_the_stick(stick: Stick, fault: str) -> None:
    stick.store_reports()
    async with stick.at_work():
        stick.arm(fault, count=2)
        for _ in TEXTS:
            await stick.submit()
        await until(lambda: len(stick.sink.reports) >= len(TEXTS), patience=PATIENCE)
        await stick.is_empty()
    told = [report["mr"] for report in stick.told("report")]
    assert sorted(stick.references()) == sorted(told)


@pytest.mark.parametrize(
    ("fault", "besides"),
    [
        ("cut_list", {"count": 1}),
        ("error", {"value": "+CMGL"}),
        ("error", {"value": "+CMGL=302", "count": 1}),
        ("text_mode", {"count": 1}),
        ("silence", {"count": 1}),
    ],
)
async def test_what_lay_on_the_stick_is_found_whatever_its_list_does(
    stick: Stick, fault: str, besides: dict[str, object]
) -> None:
    async with stick.at_work():
        pass
    stick.write_to_it(*TEXTS)
    stick.arm(fault, **besides)
    async with stick.at_work():
        await until(lambda: len(stick.sink.messages) >= len(TEXTS), patience=PATIENCE)
        await stick.is_empty()
    assert sorted(map(str, stick.texts())) == sorted(TEXTS)


async def test_what_is_not_deleted_at_first_is_not_handed_over_twice(stick: Stick) -> None:
    async with stick.at_work():
        stick.arm("error", value="+CMGD=500")
        stick.write_to_it("one")
        await until(lambda: stick.sink.messages != [], patience=PATIENCE)
        await asyncio.sleep(0.5)
        assert stick.stored() == 1
        stick.heal("error")
        stick.write_to_it("two")
        await until(lambda: len(stick.sink.messages) == 2, patience=PATIENCE)
    assert stick.texts() == ["one", "two"]


@pytest.mark.parametrize("profile", ["quectel-ec25", "huawei-e173", "wavecom", "huawei-e1752"])
async def test_a_stick_that_only_stores_reports_gives_them_all(
    tmp_path: Path, sink: MemorySink, profile: str
) -> None:
    """EC25 announces each of them as the first of another storage (MODEMS.md 3.5)."""
    bank = Bank(tmp_path, "--modems", "1", "--report-delay", "0.05", "--profile", profile)
    try:
        stick = Stick(bank, sink, "modem0")
        stick.store_reports()
        async with stick.at_work():
            for _ in range(5):
                await stick.submit()
            await until(lambda: len(sink.reports) >= 5, patience=PATIENCE)
            await stick.is_empty()
        assert sorted(set(stick.references())) == [one["mr"] for one in stick.told("report")]
    finally:
        bank.stop()
