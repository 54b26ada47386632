"""USSD over the simulator, which was written apart from the driver: every form, every oddity."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.ids import ModemName
from gateway.modem import ModemSettings, Supervisor
from gateway.modem.menu.ussd import UssdRequest
from gateway.modem.modem import Modem
from tests.modem.bench import MemorySink
from tests.modem.worlds import Bank

TEXT = "Your balance is 12.50.\nValid until 31/12/2026"
LONG = "Баланс 5" * 20


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    bank = Bank(tmp_path_factory.mktemp("ussd"))
    yield bank
    bank.stop()


async def ask(bank: Bank, *texts: str, modem: str = "modem0") -> str:
    """Bring the modem up, ask once, and leave it."""
    ready = asyncio.Event()

    async def serve(modem: Modem) -> None:
        ready.set()
        await modem.wait_lost()

    stick = ModemSettings(name=ModemName("m0"), port=str(bank.directory / modem))
    supervisor = Supervisor(stick, MemorySink(), serve)
    running = asyncio.create_task(supervisor.run())
    try:
        async with asyncio.timeout(30):
            await ready.wait()
            request, *replies = texts
            answer = await supervisor.ussd(UssdRequest(text=request, replies=tuple(replies)))
            return answer.text
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize(
    "oddity",
    [
        {},
        {"before_ok": True},
        {"ends_twice": True},
        {"before_ok": True, "ends_twice": True},
        {"coding": -1},
        {"coding": 72},
        {"garbage": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["text", "packed", "ucs2"])
async def test_a_text_is_read_whatever_the_modem_does(
    bank: Bank, form: str, oddity: dict[str, Any]
) -> None:
    with bank.control() as control:
        ussd = {"answers": {"*100#": TEXT}, "stick": {"form": form, **oddity}}
        control.ask("set", "modem0", values={"ussd": ussd})
    assert await ask(bank, "*100#") == TEXT


@pytest.mark.parametrize("form", ["text", "packed", "ucs2"])
async def test_a_text_in_pieces_is_whole(bank: Bank, form: str) -> None:
    with bank.control() as control:
        ussd = {"answers": {"*100#": "one two three four"}, "stick": {"form": form}, "pieces": 3}
        control.ask("set", "modem0", values={"ussd": ussd})
    assert (await ask(bank, "*100#")).replace("\n", "").replace(" ", "") == "onetwothreefour"


async def test_replies_go_through_a_menu(bank: Bank) -> None:
    with bank.control() as control:
        answers = {"*1#": "1 Balance\n2 Data", "*1#>1": TEXT}
        ussd = {"answers": answers, "stick": {"form": "packed"}}
        control.ask("set", "modem0", values={"ussd": ussd})
    assert await ask(bank, "*1#") == "1 Balance\n2 Data"
    assert await ask(bank, "*1#", "1") == TEXT


async def test_a_text_of_another_script_is_read(bank: Bank) -> None:
    with bank.control() as control:
        ussd = {"answers": {"*1#": LONG}, "stick": {"form": "ucs2"}}
        control.ask("set", "modem0", values={"ussd": ussd})
    assert await ask(bank, "*1#") == LONG


@pytest.mark.parametrize("fault", ["trickle", "lf_only", "noise"])
async def test_a_bad_wire_changes_nothing(bank: Bank, fault: str) -> None:
    with bank.control() as control:
        control.ask("set", "modem0", values={"ussd": {"answers": {"*100#": TEXT}}})
        control.fault("modem0", fault)
        try:
            assert await ask(bank, "*100#") == TEXT
        finally:
            control.ask("clear", "modem0")


STICKS = (
    "huawei-e173",
    "huawei-e1752",
    "huawei-e3372",
    "simcom-sim7600",
    "telit-he910",
    "zte-mf190",
    "zte-mf710",
)
"""Those whose USSD is odd, each in its own way."""


def test_every_odd_stick_answers(tmp_path: Path) -> None:
    async def ask_all() -> list[str]:
        modems = [f"modem{number}" for number in range(len(STICKS))]
        return await asyncio.gather(*(ask(bank, "*100#", modem=modem) for modem in modems))

    profiles = [word for stick in STICKS for word in ("--profile", stick)]
    bank = Bank(tmp_path, *profiles, "--ussd", "*100#=Balance is 12.50")
    try:
        answers = asyncio.run(ask_all())
    finally:
        bank.stop()
    assert dict(zip(STICKS, answers, strict=True)) == dict.fromkeys(STICKS, "Balance is 12.50")


def test_the_simulators_command_line_has_answers(tmp_path: Path) -> None:
    bank = Bank(tmp_path, "--ussd", "*100#=Balance = 5", "--ussd-form", "packed")
    try:
        assert asyncio.run(ask(bank, "*100#")) == "Balance = 5"
    finally:
        bank.stop()
