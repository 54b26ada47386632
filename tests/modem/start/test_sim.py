"""A SIM is never locked by us, and a person hears of what only a person can put right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import StorageError
from gateway.modem.memory import Memory
from gateway.modem.start.pin import PinLedger
from gateway.modem.start.start import bring_up
from gateway.modem.status import ModemState
from tests.modem.bench import bring, forget, fresh_memory, open_link, settings
from tests.modem.notebooks import PaperNotebook, new_process
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

ICCID = "8944100030207654321"
REFUSED = "\r\n+CME ERROR: 16\r\n"


class Torn(PaperNotebook):
    """A database that can be read, and is mended later."""

    whole = False

    async def write(self, subject: str, facts: Mapping[str, object]) -> None:
        if not self.whole:
            raise StorageError("the disk is full")
        await super().write(subject, facts)


@pytest.fixture
def paper() -> PaperNotebook:
    return PaperNotebook()


@pytest.fixture
def locked(peer: Peer) -> Peer:
    """A SIM with the PIN 4321."""
    peer.answers |= {"AT+CPIN?": ["+CPIN: SIM PIN"], 'AT+CPIN="1234"': REFUSED}

    def unlock() -> str:
        peer.answers["AT+CPIN?"] = ["+CPIN: READY"]
        return "\r\nOK\r\n"

    peer.answers['AT+CPIN="4321"'] = unlock
    return peer


@asynccontextmanager
async def waiting(
    peer: Peer, memory: Memory, pin: str | None = None, seconds: float = 100
) -> AsyncIterator[list[ModemState]]:
    """A start that does not come to its end, looked at after some time."""
    states: list[ModemState] = []
    start = asyncio.create_task(
        bring_up(open_link(peer), settings(pin=pin), memory, states.append), name="start"
    )
    await asyncio.sleep(seconds)
    yield states
    start.cancel()
    await asyncio.wait([start])


def alarms(memory: Memory) -> set[AlarmKind]:
    return {alarm.kind for alarm in memory.alarms.active}


class TestPin:
    async def test_a_wrong_one_is_not_typed_again_after_a_restart(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        for _ in range(3):
            memory = new_process(paper)
            async with waiting(locked, memory, pin="1234") as states:
                assert states[-1] is ModemState.PIN_REQUIRED
                assert alarms(memory) == {AlarmKind.PIN_REFUSED}
        assert locked.commands.count('AT+CPIN="1234"') == 1

    async def test_a_changed_one_is_typed_once_and_clears_the_alarm(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        memory = new_process(paper)
        async with waiting(locked, memory, pin="1234"):
            pass
        await bring(locked, memory, pin="4321")
        assert locked.commands.count('AT+CPIN="4321"') == 1
        assert alarms(memory) == set()

    async def test_a_right_one_is_typed_at_every_start(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        for _ in range(3):
            locked.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
            await bring(locked, new_process(paper), pin="4321")
        assert locked.commands.count('AT+CPIN="4321"') == 3

    async def test_one_whose_fate_is_not_known_counts_as_refused(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        locked.answers['AT+CPIN="1234"'] = None
        for _ in range(2):
            async with waiting(locked, new_process(paper), pin="1234"):
                pass
        assert locked.commands.count('AT+CPIN="1234"') == 1

    async def test_one_that_is_answered_with_ok_and_opens_nothing_counts_as_refused(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        locked.answers['AT+CPIN="1234"'] = []
        memory = new_process(paper)
        async with waiting(locked, memory, pin="1234"):
            assert alarms(memory) == {AlarmKind.PIN_REFUSED}
        assert locked.commands.count('AT+CPIN="1234"') == 1

    async def test_a_sim_that_takes_its_time_to_open_is_told_once(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        locked.answers['AT+CPIN="4321"'] = []
        ready = {"AT+CPIN?": ["+CPIN: READY"]}
        asyncio.get_running_loop().call_later(5, locked.answers.update, ready)
        await bring(locked, new_process(paper), pin="4321")
        assert locked.commands.count('AT+CPIN="4321"') == 1
        await bring(locked, memory := new_process(paper), pin="4321")
        assert alarms(memory) == set()

    async def test_one_that_cannot_be_noted_is_not_typed_until_it_can(self, locked: Peer) -> None:
        notebook = Torn()
        async with waiting(locked, new_process(notebook), pin="1234"):
            assert 'AT+CPIN="1234"' not in locked.commands
            notebook.whole = True
            await asyncio.sleep(100)
            assert locked.commands.count('AT+CPIN="1234"') == 1
        async with waiting(locked, new_process(notebook), pin="1234"):
            pass
        assert locked.commands.count('AT+CPIN="1234"') == 1

    async def test_it_is_noted_before_it_is_typed_and_never_itself(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        pages: list[str] = []

        def look() -> str:
            pages.append(str(paper.pages))
            return REFUSED

        locked.answers['AT+CPIN="1234"'] = look
        async with waiting(locked, new_process(paper), pin="1234"):
            pass
        assert f"pin:sim:{ICCID}" in pages[0]
        assert "1234" not in "".join(paper.pages.values())

    async def test_none_in_the_configuration_calls_a_person(self, locked: Peer) -> None:
        memory = fresh_memory()
        async with waiting(locked, memory):
            assert alarms(memory) == {AlarmKind.PIN_MISSING}

    async def test_modems_that_tell_nothing_before_it_are_recognised_afterwards(
        self, locked: Peer, paper: PaperNotebook
    ) -> None:
        told = {"AT+CGSN": ["490154203237518"], "AT+CGMI": ["huawei"], "AT+CGMM": ["E173"]}

        def unlock() -> str:
            locked.answers |= {"AT+CPIN?": ["+CPIN: READY"], "AT+CCID": [f"+CCID: {ICCID}"], **told}
            return "\r\nOK\r\n"

        locked.answers |= dict.fromkeys((*told, "AT+CCID"), "\r\n+CME ERROR: 11\r\n")
        locked.answers['AT+CPIN="4321"'] = unlock
        _, setup = await bring(locked, new_process(paper), pin="4321")
        assert setup.profile_name == "huawei-e173"
        assert setup.line == ICCID
        typed = locked.commands.index('AT+CPIN="4321"')
        assert "AT^PORTSEL=1" in locked.commands[typed:]


class TestLedger:
    """Which SIM it is may be told at one start and not at the next: then it may be the same."""

    @pytest.mark.parametrize(
        ("first", "then", "typed"),
        [
            ("sim-a", "sim-a", True),
            ("sim-a", "sim-b", False),
            ("sim-a", None, True),
            (None, "sim-a", True),
            (None, None, True),
        ],
    )
    async def test_a_sim_is_given_the_benefit_of_the_doubt(
        self, first: str | None, then: str | None, typed: bool
    ) -> None:
        notes = fresh_memory().notes
        await PinLedger(notes, stick="x", iccid=first).note("1234")
        assert await PinLedger(notes, stick="x", iccid=then).typed("1234") is typed
        assert not await PinLedger(notes, stick="x", iccid=then).typed("4321")

    async def test_a_sim_takes_it_along_to_another_stick(self) -> None:
        notes = fresh_memory().notes
        await PinLedger(notes, stick="x", iccid="sim-a").note("1234")
        assert await PinLedger(notes, stick="y", iccid="sim-a").typed("1234")
        assert not await PinLedger(notes, stick="y", iccid="sim-b").typed("1234")

    async def test_one_that_was_right_is_struck_out(self) -> None:
        paper = PaperNotebook()
        ledger = PinLedger(new_process(paper).notes, stick="x", iccid="sim-a")
        await ledger.note("1234")
        await ledger.accepted("1234")
        assert not await ledger.typed("1234")
        assert set(paper.pages.values()) == {"{}"}


class TestAlarms:
    async def test_a_puk_is_waited_for(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = ["+CPIN: SIM PUK"]
        memory = fresh_memory()
        async with waiting(peer, memory, pin="1234") as states:
            assert states[-1] is ModemState.PUK_REQUIRED
            assert alarms(memory) == {AlarmKind.SIM_LOCKED}
            peer.answers["AT+CPIN?"] = ["+CPIN: READY"]
            await asyncio.sleep(10)
            assert alarms(memory) == set()

    async def test_a_missing_sim_calls_a_person_until_it_is_there(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = "\r\n+CME ERROR: 10\r\n"
        memory = fresh_memory()
        async with waiting(peer, memory, seconds=4) as states:
            assert states[-1] is ModemState.NO_SIM
            assert alarms(memory) == set(), "a SIM that starts is missing at first"
            await asyncio.sleep(20)
            assert alarms(memory) == {AlarmKind.NO_SIM}
            peer.answers["AT+CPIN?"] = ["+CPIN: READY"]
            await asyncio.sleep(10)
            assert alarms(memory) == set()

    async def test_a_sim_that_is_not_found_gets_its_radio_cycled_ever_more_seldom(
        self, peer: Peer
    ) -> None:
        peer.answers |= {"AT+CPIN?": ["+CPIN: SIM CRASH"], "AT+CFUN=0": [], "AT+CFUN=1": []}
        async with waiting(peer, fresh_memory(), seconds=3600):
            assert 4 <= peer.commands.count("AT+CFUN=0") <= 6
            assert peer.commands.count("AT+CFUN=0") == peer.commands.count("AT+CFUN=1")

    async def test_another_sim_is_another_line(self, peer: Peer) -> None:
        await bring(peer)
        forget(peer)
        peer.answers["AT+CCID"] = ["+CCID: 8944100030207654999"]
        _, setup = await bring(peer)
        assert setup.line == "8944100030207654999"
