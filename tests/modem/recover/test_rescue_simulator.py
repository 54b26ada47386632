"""The recovery ladder on simulated sticks that hang, with a power command that is really run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from gateway.domain.errors import NotSentError
from gateway.modem import Modem, Supervisor
from gateway.modem.link import limits
from gateway.modem.link.link import Link
from gateway.modem.recover import recovery, resets
from gateway.modem.rung import Rung
from tests.modem.bench import PDU, MemorySink, never_mind, settings, until
from tests.modem.worlds import Bank, BankWorld

PATIENCE = 60.0


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    bank = Bank(tmp_path_factory.mktemp("rescue"), "--modems", "2")
    yield bank
    bank.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds instead of minutes: simulated sticks answer at once, or hang."""
    start = Link.start
    monkeypatch.setattr(Link, "start", lambda link, patience: start(link, 4.0))
    monkeypatch.setattr(limits, "RECOVERY", 1.0)
    monkeypatch.setattr(limits, "PROMPT", 1.0)
    monkeypatch.setattr(resets, "ANSWER", 0.5)
    monkeypatch.setattr(resets, "RADIO_PAUSE", 0.1)
    monkeypatch.setattr(recovery, "LEAST", {})


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("number", "fault", "rung"),
    [(0, "hang_until_reset", Rung.RESTART), (1, "hang_until_power", Rung.POWER)],
)
async def test_a_stick_that_hangs_is_brought_back_and_sends(
    bank: Bank, number: int, fault: str, rung: Rung
) -> None:
    name = f"modem{number}"
    world = BankWorld(bank, name, "cds")
    socket = str(bank.directory / "control.sock")
    cut = (
        "import sys; from pathlib import Path; "
        "from hardware.simulator.control import ControlClient; "
        "client = ControlClient(Path(sys.argv[1])); "
        "client.ask('unplug', sys.argv[2], back_after=0.5); client.close()"
    )
    command = (sys.executable, "-c", cut, socket, name)
    modems: list[Modem] = []

    async def serve(modem: Modem) -> None:
        modems.append(modem)
        await modem.wait_lost()

    chosen = settings(port=world.port, power_command=command)
    supervisor = Supervisor(chosen, MemorySink(), serve)
    running = asyncio.create_task(supervisor.run(), name="supervisor")
    try:
        await until(lambda: len(modems) == 1, PATIENCE)
        with bank.control() as control:
            control.fault(name, fault, count=1)
        with pytest.raises(NotSentError):
            await modems[0].submit(PDU, never_mind)
        await until(lambda: len(modems) > 1, PATIENCE)
        assert supervisor.status.recoveries[rung] == 1
        assert (await modems[-1].submit(PDU, never_mind)).reference is not None
        assert world.accepted() == 1
    finally:
        running.cancel()
        await asyncio.wait([running])
