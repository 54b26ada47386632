"""A modem that hangs is brought back by the gentlest means that helps, and nobody is overrun."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from support.sysfs import Sysfs

from gateway.domain.alarms import AlarmKind
from gateway.domain.clock import ManualClock
from gateway.domain.errors import NotSentError, OutcomeUnknownError
from gateway.modem import Modem, ModemState, Supervisor
from gateway.modem.link.link import Link
from gateway.modem.port.transport import PortMissingError
from gateway.modem.recover.power import Place
from gateway.modem.rung import Rung
from gateway.modem.send.faults import IN_A_ROW
from tests.modem.bench import PDU, MemorySink, never_mind, settings
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RADIO = ("AT+CFUN=0", "AT+CFUN=1")
RESTART = "AT+CFUN=1,1"
ATTEMPT = 600.0
"""Seconds that the whole ladder may take."""


async def until(condition: Callable[[], bool], patience: float = 60.0) -> None:
    """As `tests.modem.bench.until`, in strides that suit minutes of waiting."""
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.2)


class Patient(Peer):
    """A modem that hangs until one command, or until its power is cut.

    Attributes:
        cure: the command that ends it; None: only `power_cycle` does.
        heard: when which command that resets came, in the loop's time.
        away: seconds that a restarted stick stays off its bus; None: for ever.
        on_restart: called when it hangs and is told to restart.
        drowsy: while it hangs, it does not even hear the first command after its port was opened.
    """

    def __init__(self, cure: str | None) -> None:
        super().__init__()
        self.cure = cure
        self.away: float | None = 5.0
        self.on_restart: Callable[[], object] = lambda: None
        self.drowsy = False
        self.there = True
        self.heard: list[tuple[str, float]] = []
        self.opened = 0
        self._typed = ""
        self._asleep = False

    async def open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        self.opened += 1
        if not self.there:
            raise PortMissingError("gone")
        self._asleep = self.drowsy
        self.connect(protocol)

    def receive(self, data: bytes) -> None:
        if not self.deaf:
            return super().receive(data)
        self._typed += data.decode()
        *lines, self._typed = self._typed.split("\r")
        for line in lines:
            self._hear_hanging(line.strip("\x1b"))
        return None

    def _hear_hanging(self, command: str) -> None:
        if self._asleep:
            self._asleep = not command
            return
        if command == RESTART:
            self.on_restart()
        self._overhear(command)

    def _command(self, command: str) -> None:
        super()._command(command)
        self._overhear(command)

    def _overhear(self, command: str) -> None:
        if command.startswith(("AT+CFUN=", "AT^RESET")):
            self.heard.append((command, asyncio.get_running_loop().time()))
        if command == self.cure:
            self.power_cycle() if command == RESTART else self.wake()

    def wake(self) -> None:
        self.deaf = False

    def power_cycle(self) -> None:
        self.there = False
        self.hang_up()
        if self.away is not None:
            asyncio.get_running_loop().call_later(self.away, self._return)

    def _return(self) -> None:
        self.there, self.deaf = True, False

    @property
    def resets(self) -> list[str]:
        return [command for command, _ in self.heard]


class User:
    def __init__(self) -> None:
        self.modems: list[Modem] = []

    async def serve(self, modem: Modem) -> None:
        self.modems.append(modem)
        await modem.wait_lost()


@asynccontextmanager
async def supervised(
    peer: Patient, user: User, *, patience: float = 60.0, **changes: Any
) -> AsyncIterator[Supervisor]:
    """A modem in service."""
    supervisor = Supervisor(
        settings(**changes), MemorySink(), user.serve, clock=ManualClock(START), opener=peer.open
    )
    running = asyncio.create_task(supervisor.run(), name="supervisor")
    try:
        await until(lambda: len(user.modems) == 1, patience)
        yield supervisor
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.fixture
def user() -> User:
    return User()


def alarms(supervisor: Supervisor) -> list[AlarmKind]:
    return [alarm.kind for alarm in supervisor.status.alarms]


async def test_a_modem_that_wakes_by_itself_is_not_reset(user: User) -> None:
    peer = Patient(cure=None)
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: user.modems[0].lost, patience=100)
        await asyncio.sleep(20)
        assert supervisor.status.recovery is Rung.INIT
        peer.deaf = False
        await until(lambda: len(user.modems) == 2)
        assert supervisor.status.recovery is None
    assert peer.resets == []


async def test_a_radio_that_hangs_is_turned_off_and_on(user: User) -> None:
    peer = Patient(cure="AT+CFUN=1")
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        assert supervisor.status.recovery is None
        assert supervisor.status.recoveries == {Rung.INIT: 1, Rung.RADIO: 1}
    assert peer.resets == list(RADIO)


async def test_a_modem_that_hangs_until_its_restart_is_restarted_and_waited_for(
    user: User,
) -> None:
    peer = Patient(cure=RESTART)
    peer.away = 40
    with capture_logs() as logs:
        async with supervised(peer, user) as supervisor:
            peer.deaf = True
            await until(lambda: not peer.there, patience=ATTEMPT)
            assert supervisor.status.recovery is Rung.RESTART
            await asyncio.sleep(30)
            assert supervisor.status.state is ModemState.MISSING
            assert supervisor.status.recovery is Rung.RESTART
            await until(lambda: len(user.modems) == 2)
            assert alarms(supervisor) == []
    assert peer.resets == [*RADIO, RESTART]
    rungs = [entry["rung"] for entry in logs if entry["event"] == "recovery"]
    assert rungs == [Rung.INIT, Rung.RADIO, Rung.RESTART]
    assert [entry["rung"] for entry in logs if entry["event"] == "recovered"] == [Rung.RESTART]


async def test_only_a_power_cut_helps_and_the_operator_has_allowed_one(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = Patient(cure=None)
    ran: list[tuple[str, ...]] = []

    async def run(words: tuple[str, ...], place: Place) -> None:
        ran.append(words)
        peer.power_cycle()

    monkeypatch.setattr("gateway.modem.recover.resets.run_power_command", run)
    async with supervised(peer, user, power_command=("uhubctl", "-a", "cycle")) as supervisor:
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        assert supervisor.status.recoveries[Rung.POWER] == 1
        assert alarms(supervisor) == []
    assert ran == [("uhubctl", "-a", "cycle")]


async def test_where_a_stick_is_that_never_came_up_is_known_all_the_same(
    user: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    peer, sysfs = Patient(cure=None), Sysfs(tmp_path)
    sysfs.plug("1-1.2", {"ttyUSB2": 2})
    places: list[Place] = []

    async def run(words: tuple[str, ...], place: Place) -> None:
        places.append(place)
        peer.power_cycle()

    monkeypatch.setattr("gateway.modem.recover.resets.run_power_command", run)
    monkeypatch.setattr(Link, "path", str(sysfs.dev / "ttyUSB2"))
    peer.deaf = True
    changes = {"power_command": ("uhubctl",), "sysfs": sysfs.root}
    async with supervised(peer, user, patience=ATTEMPT, **changes):
        assert [place.usb for place in places] == ["1-1.2"]


async def test_a_person_is_called_when_nothing_helps_and_it_is_tried_on_slowly(
    user: User,
) -> None:
    peer = Patient(cure=None)
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: alarms(supervisor) != [], patience=ATTEMPT)
        assert alarms(supervisor) == [AlarmKind.UNRECOVERED]
        assert supervisor.status.recovery is Rung.OPERATOR
        opened = peer.opened
        await asyncio.sleep(1800)
        assert 10 <= peer.opened - opened <= 30, "no busy loop, and not given up"
        assert peer.resets.count(RESTART) <= 2
        peer.deaf = False
        await until(lambda: len(user.modems) == 2, patience=200)
        assert alarms(supervisor) == []


async def test_resets_are_few_in_a_long_time(user: User) -> None:
    peer = Patient(cure=None)
    async with supervised(peer, user):
        peer.deaf = True
        await asyncio.sleep(6 * 3600)
    times = [at for command, at in peer.heard if command == RESTART]
    assert 2 <= len(times) <= 7
    assert all(later - earlier > 3000 for earlier, later in itertools.pairwise(times))


async def test_the_same_failure_soon_after_goes_one_rung_higher(user: User) -> None:
    peer = Patient(cure="AT+CFUN=1")
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        peer.cure, peer.deaf = RESTART, True
        await until(lambda: len(user.modems) == 3, patience=ATTEMPT)
        assert supervisor.status.recoveries == {Rung.INIT: 1, Rung.RADIO: 1, Rung.RESTART: 1}
        await asyncio.sleep(700)
        peer.deaf = True
        await until(lambda: user.modems[2].lost, patience=100)
        assert supervisor.status.recovery is Rung.INIT


async def test_a_rung_counts_only_when_at_sim_and_network_are_proved(user: User) -> None:
    """After the radio cycle it answers, and finds no network: the restart is next."""
    peer = Patient(cure="AT+CFUN=1")
    async with supervised(peer, user) as supervisor:
        peer.answers["AT+CREG?"] = ["+CREG: 0,2"]
        peer.deaf = True
        await until(lambda: supervisor.status.state is ModemState.NOT_REGISTERED, patience=ATTEMPT)
        assert supervisor.status.recovery is Rung.RADIO
        peer.cure = RESTART
        await until(lambda: RESTART in peer.resets, patience=ATTEMPT)
        assert len(user.modems) == 1
        peer.answers["AT+CREG?"] = ["+CREG: 0,1"]
        await until(lambda: len(user.modems) == 2)


async def test_a_stick_that_does_not_return_from_its_restart_is_told_of(user: User) -> None:
    peer = Patient(cure=RESTART)
    peer.away = None
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: alarms(supervisor) != [], patience=ATTEMPT)
        assert supervisor.status.state is ModemState.MISSING
        peer._return()
        await until(lambda: len(user.modems) == 2, patience=1)
        assert alarms(supervisor) == []


async def test_another_imei_at_the_same_place_is_another_modem(user: User) -> None:
    peer = Patient(cure=RESTART)
    with capture_logs() as logs:
        async with supervised(peer, user) as supervisor:
            peer.deaf = True
            peer.answers["AT+CGSN"] = ["356938035643809"]
            await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
            assert supervisor.status.identity is not None
            assert supervisor.status.identity.imei == "356938035643809"
            peer.cure, peer.deaf = None, True
            await until(lambda: user.modems[1].lost, patience=100)
            assert supervisor.status.recovery is Rung.INIT, "it begins at the bottom"
    assert [entry["event"] for entry in logs if entry["event"] == "another_modem"]
    assert not [entry for entry in logs if entry["event"] == "recovered"]


async def test_a_restart_that_is_not_taken_gives_way_to_the_next(user: User) -> None:
    peer = Patient(cure=RESTART)
    peer.answers |= {"AT+CGMI": ["huawei"], "AT+CGMM": ["E173"]}
    async with supervised(peer, user):
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
    assert peer.resets == ["AT+CFUN=4", "AT+CFUN=1", "AT^RESET", RESTART]


async def test_a_restart_that_was_taken_without_a_word_is_left_to_the_next_start(
    user: User,
) -> None:
    """The cable of a stick behind a serial adapter stays, and its boot takes longer than an OK."""
    peer = Patient(cure=None)
    peer.on_restart = lambda: asyncio.get_running_loop().call_later(40, peer.wake)
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        assert supervisor.status.recoveries == {Rung.INIT: 1, Rung.RADIO: 1, Rung.RESTART: 1}
    assert peer.resets == [*RADIO, RESTART]


async def test_a_stick_that_sleeps_is_woken_before_it_is_reset(user: User) -> None:
    """It swallows the first command after each silence, and would have swallowed the reset."""
    peer = Patient(cure="AT+CFUN=1")
    peer.drowsy = True
    async with supervised(peer, user) as supervisor:
        peer.deaf = True
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        assert supervisor.status.recoveries == {Rung.INIT: 1, Rung.RADIO: 1}
    assert peer.resets == list(RADIO)


async def test_a_send_in_flight_is_unknown_once_its_pdu_was_written(user: User) -> None:
    peer = Patient(cure=RESTART)
    async with supervised(peer, user, submit_timeout=120):
        peer.outcomes.append(lambda: setattr(peer, "deaf", True))
        with pytest.raises(OutcomeUnknownError):
            await user.modems[0].submit(PDU, never_mind)
        await until(lambda: len(user.modems) == 2, patience=ATTEMPT)
        assert peer.accepted == [PDU.hex], "nothing is sent again by the recovery"


async def test_a_modem_that_refuses_one_message_after_the_other_is_reset(user: User) -> None:
    peer = Patient(cure=None)
    async with supervised(peer, user) as supervisor:
        peer.prompt = "\r\n+CMS ERROR: 300\r\n"
        for number in range(2):
            await until(lambda: len(user.modems) == number + 1, patience=ATTEMPT)  # noqa: B023
            for _ in range(IN_A_ROW):
                with pytest.raises(NotSentError):
                    await user.modems[number].submit(PDU, never_mind)
            await until(lambda: user.modems[number].lost)  # noqa: B023
        await until(lambda: len(user.modems) == 3, patience=ATTEMPT)
        assert supervisor.status.recoveries == {Rung.INIT: 1, Rung.RADIO: 1}
    assert peer.resets == list(RADIO)


async def test_refusals_that_are_the_networks_reset_nothing(user: User) -> None:
    peer = Patient(cure=None)
    async with supervised(peer, user):
        for code in (300, 300, 300, 300, 38) * 3:
            peer.prompts.append(f"\r\n+CMS ERROR: {code}\r\n")
            with pytest.raises(NotSentError):
                await user.modems[0].submit(PDU, never_mind)
        assert not user.modems[0].lost
