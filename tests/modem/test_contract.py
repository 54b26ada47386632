"""What `gateway.modem.Modem` promises: on a peer in memory, on the simulator's terminals, and on a
real stick with ``pytest tests/modem/test_contract.py --modem=/dev/ttyUSB2 --modem-number=+44…``.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from gateway.domain.errors import (
    ModemError,
    NotSentError,
    OutcomeUnknownError,
    StorageError,
)
from gateway.modem import Modem, Submitted, Supervisor
from gateway.modem.link import limits
from tests.modem.bench import PDU, REPORT, MemorySink, never_mind, settings, until
from tests.modem.worlds import Bank, BankWorld, MemoryWorld, StickWorld, World

MODEMS = 40

READY = 60
"""Seconds until a modem is in service; a real stick takes many of them."""

_names = (f"modem{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    bank = Bank(tmp_path_factory.mktemp("bank"), "--modems", str(MODEMS), "--report-delay", "0.05")
    yield bank
    bank.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "make_world" in metafunc.fixturenames:
        stick = ["stick"] if metafunc.config.getoption("--modem") else []
        metafunc.parametrize("make_world", ["memory", "simulator", *stick], indirect=True)


@pytest.fixture
def make_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    if request.param == "stick":
        return lambda reports="cds": _stick(request.config)
    monkeypatch.setattr(limits, "PROMPT", 0.5)
    monkeypatch.setattr(limits, "REFERENCE_SETTLES", 0.2)
    monkeypatch.setattr(limits, "PROBE", 0.3)

    def make(reports: str = "cds") -> World:
        if request.param == "memory":
            return MemoryWorld(reports)
        return BankWorld(request.getfixturevalue("bank"), next(_names), reports)

    return make


def _stick(config: pytest.Config) -> World:
    number = config.getoption("--modem-number")
    if not number:
        raise pytest.UsageError("--modem needs --modem-number: who gets the messages")
    return StickWorld(config.getoption("--modem"), number)


@pytest.fixture
def world(make_world: type[World]) -> World:
    return make_world()


class Modems:
    """The modems that a supervisor has brought into service, the last one first at hand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Modem] = []

    async def serve(self, modem: Modem) -> None:
        self.all.append(modem)
        await modem.wait_lost()

    async def next(self, after: int = 0) -> Modem:
        await until(lambda: len(self.all) > after, patience=READY)
        return self.all[after]

    async def submit(self, intent: object = never_mind) -> Submitted | ModemError:
        try:
            return await self.all[-1].submit(self._world.pdu, intent)  # type: ignore[arg-type]
        except ModemError as error:
            return error


async def slowly() -> None:
    """An intent that takes its time, as a commit to a disk does."""
    await asyncio.sleep(0.1)


@asynccontextmanager
async def at_work(world: World, sink: MemorySink) -> AsyncIterator[Modems]:
    modems = Modems(world)
    chosen = settings(port=world.port, submit_timeout=world.patience)
    supervisor = Supervisor(chosen, sink, modems.serve, opener=world.opener)
    running = asyncio.create_task(supervisor.run(), name="supervisor")
    try:
        await modems.next()
        yield modems
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_a_message_is_sent_and_its_report_comes(world: World, sink: MemorySink) -> None:
    async with at_work(world, sink) as modems:
        result = await modems.submit()
        assert isinstance(result, Submitted)
        assert result.reference is not None
        assert world.has_accepted(1)
        await until(lambda: len(sink.reports) == 1)


async def test_stored_reports_come_alike(make_world: type[MemoryWorld], sink: MemorySink) -> None:
    world = make_world("cdsi")
    async with at_work(world, sink) as modems:
        for count in (1, 2, 3):
            await modems.submit()
            await until(lambda: len(sink.reports) == count)  # noqa: B023 -- awaited in place


async def test_a_text_comes_in(world: World, sink: MemorySink) -> None:
    async with at_work(world, sink):
        world.text()
        await until(lambda: len(sink.messages) == 1)


@pytest.mark.parametrize(
    ("fault", "value", "outcome", "accepted"),
    [
        ("refuse", 500, NotSentError, 0),
        ("refuse", 330, NotSentError, 0),
        ("no_prompt", None, NotSentError, 0),
        ("unplug_in_pdu", None, NotSentError, 0),
        ("reject", 38, NotSentError, 0),
        ("reject", 500, OutcomeUnknownError, 0),
        ("lose_answer", None, OutcomeUnknownError, 1),
        ("unplug_after_accept", None, OutcomeUnknownError, 1),
        ("ok_only", None, Submitted, 1),
        ("no_ok", None, Submitted, 1),
    ],
)
async def test_what_goes_wrong_once_is_told_truly_and_the_next_one_goes(
    world: World,
    sink: MemorySink,
    fault: str,
    value: int | None,
    outcome: type,
    accepted: int,
) -> None:
    async with at_work(world, sink) as modems:
        world.arm(fault, value)
        result = await modems.submit(slowly)
        assert type(result) is outcome
        assert world.has_accepted(accepted)
        if fault.startswith("unplug"):
            await modems.next(after=1)
        assert isinstance(await modems.submit(), Submitted)
        assert world.has_accepted(accepted + 1)


async def test_an_intent_that_fails_sends_nothing(world: World, sink: MemorySink) -> None:
    async def intent() -> None:
        raise StorageError("full")

    async with at_work(world, sink) as modems:
        with pytest.raises(StorageError):
            await modems.submit(intent)
        assert world.has_accepted(0)
        assert isinstance(await modems.submit(), Submitted)
        assert world.has_accepted(1)


async def test_a_late_reference_is_told(world: World, sink: MemorySink) -> None:
    async with at_work(world, sink) as modems:
        world.arm("late_answer", 2)
        assert isinstance(await modems.submit(), OutcomeUnknownError)
        await until(lambda: len(sink.references) == 1)
        assert world.has_accepted(1)


async def test_a_stick_that_is_unplugged_is_back_within_a_second_of_its_return(
    world: World, sink: MemorySink
) -> None:
    async with at_work(world, sink) as modems:
        world.unplug(0.5)
        await modems.all[0].wait_lost()
        began = asyncio.get_running_loop().time()
        await modems.next(after=1)
        assert asyncio.get_running_loop().time() - began < 0.5 + 1.0
        assert isinstance(await modems.submit(), Submitted)


@pytest.mark.parametrize("habit", ["trickle", "bare_prompt"])
async def test_odd_habits_change_nothing(world: World, sink: MemorySink, habit: str) -> None:
    world_arms_later = habit == "trickle"
    async with at_work(world, sink) as modems:
        world.arm(habit)
        for _ in range(3 if world_arms_later else 5):
            assert isinstance(await modems.submit(), Submitted)


class TestSimulatorAlone:
    """Habits and deaths that only a process at the end of a terminal can have."""

    @pytest.mark.parametrize(
        "habit", ["noise", "garbage", "lf_only", "double_echo", "report_early", "report_twice"]
    )
    async def test_odd_habits_change_nothing(
        self, bank: Bank, sink: MemorySink, habit: str
    ) -> None:
        name = next(_names)
        with bank.control() as control:
            control.fault(name, habit)
        world = BankWorld(bank, name, "both")
        async with at_work(world, sink) as modems:
            for _ in range(10):
                assert isinstance(await modems.submit(), Submitted)
            assert world.has_accepted(10)
            await until(lambda: len(sink.reports) >= 10)

    async def test_a_pdu_that_a_killed_gateway_left_behind_is_never_sent(
        self, bank: Bank, sink: MemorySink
    ) -> None:
        world = BankWorld(bank, next(_names), "both")
        port = os.open(world.port, os.O_RDWR | os.O_NOCTTY)
        os.write(port, b"AT+CMGS=18\r")
        await asyncio.sleep(0.2)
        os.write(port, PDU.hex[:20].encode())
        os.close(port)
        async with at_work(world, sink) as modems:
            assert world.has_accepted(0)
            assert isinstance(await modems.submit(), Submitted)
            assert world.has_accepted(1)

    async def test_a_report_that_came_while_nobody_was_there_is_not_lost(
        self, bank: Bank, sink: MemorySink
    ) -> None:
        name = next(_names)
        world = BankWorld(bank, name, "cds")
        async with at_work(world, sink):
            pass
        with bank.control() as control:
            control.ask("say", name, text=f"+CDS: 24\r\n{REPORT}")
        assert sink.reports == []
        async with at_work(world, sink):
            await until(lambda: len(sink.reports) == 1, patience=5)
