"""A modem is brought back whatever happens to it, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from gateway.at import Registration
from gateway.domain.alarms import AlarmKind
from gateway.domain.clock import ManualClock
from gateway.domain.errors import LinkLostError, NotSentError
from gateway.modem import Modem, ModemState, Supervisor
from gateway.modem.port.transport import PortMissingError
from tests.modem.bench import PDU, MemorySink, never_mind, settings, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class User:
    """Serves a modem, and keeps account of it."""

    def __init__(self) -> None:
        self.modems: list[Modem] = []
        self.ended = 0
        self.cancelled = 0
        self.lingers = 0.0

    async def serve(self, modem: Modem) -> None:
        self.modems.append(modem)
        try:
            await modem.wait_lost()
            await asyncio.sleep(self.lingers)
            self.ended += 1
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


class Socket:
    """Where the peer can be plugged in and out."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.failure: LinkLostError | None = None
        self.opened: list[float] = []

    async def open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        self.opened.append(asyncio.get_running_loop().time())
        if self.failure is not None:
            raise self.failure
        self.peer.connect(protocol)


@asynccontextmanager
async def supervised(socket: Socket, sink: MemorySink, user: User) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(
        settings(), sink, user.serve, clock=ManualClock(START), opener=socket.open
    )
    running = asyncio.create_task(supervisor.run(), name="supervisor")
    try:
        yield supervisor
    finally:
        running.cancel()
        await asyncio.wait([running])
        assert supervisor.status.state is ModemState.STOPPED


@pytest.fixture
def user() -> User:
    return User()


@pytest.fixture
def socket(peer: Peer) -> Socket:
    return Socket(peer)


async def test_a_modem_is_brought_into_service(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user) as supervisor:
        await until(lambda: user.modems != [])
        status = supervisor.status
        assert status.state is ModemState.READY
        assert status.since == START
        assert status.line == "8944100030207654321"
        assert status.identity is not None
        assert status.identity.imei == "490154203237518"
        assert (status.operator, status.signal_dbm) == ("Test", -77)
        assert status.registration is Registration.HOME
        assert (await user.modems[0].submit(PDU, never_mind)).reference == 0


async def test_a_missing_port_is_waited_for_and_said_once(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    socket.failure = PortMissingError("/dev/ttyUSB0 does not exist")
    with capture_logs() as logs:
        async with supervised(socket, sink, user) as supervisor:
            await asyncio.sleep(300)
            assert supervisor.status.state is ModemState.MISSING
            assert len([entry for entry in logs if entry["log_level"] == "warning"]) == 1
            socket.failure = None
            await until(lambda: user.modems != [], patience=1)


async def test_a_port_that_went_and_returned_is_tried_in_short_pauses_again(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    socket.failure = LinkLostError("busy")
    async with supervised(socket, sink, user) as supervisor:
        await asyncio.sleep(600)
        socket.failure = PortMissingError("gone")
        await until(lambda: supervisor.status.state is ModemState.MISSING)
        socket.failure = LinkLostError("busy")
        await until(lambda: supervisor.status.state is ModemState.FAILED)
        socket.failure = None
        await until(lambda: user.modems != [], patience=1)


async def test_a_modem_that_is_unplugged_returns_within_a_second(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user):
        await until(lambda: len(user.modems) == 1)
        await asyncio.sleep(5)
        socket.failure = PortMissingError("gone")
        socket.peer.hang_up()
        await asyncio.sleep(100)
        assert user.modems[0].lost
        with pytest.raises(NotSentError):
            await user.modems[0].submit(PDU, never_mind)
        socket.failure = None
        await until(lambda: len(user.modems) == 2, patience=1)
        assert (await user.modems[1].submit(PDU, never_mind)).reference == 0
        assert user.ended == 1


async def test_another_sim_is_another_line(socket: Socket, sink: MemorySink, user: User) -> None:
    async with supervised(socket, sink, user):
        await until(lambda: len(user.modems) == 1)
        socket.peer.answers["AT+CCID"] = ["+CCID: 8944100030207654999"]
        socket.peer.hang_up()
        await until(lambda: len(user.modems) == 2)
        assert [modem.line[-3:] for modem in user.modems] == ["321", "999"]


async def test_who_serves_may_write_down_how_it_ended(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    user.lingers = 9
    async with supervised(socket, sink, user):
        await until(lambda: len(user.modems) == 1)
        socket.peer.hang_up()
        await until(lambda: len(user.modems) == 2)
        assert (user.ended, user.cancelled) == (1, 0)


async def test_who_serves_too_long_is_cut_off(socket: Socket, sink: MemorySink, user: User) -> None:
    user.lingers = 1000
    async with supervised(socket, sink, user):
        await until(lambda: len(user.modems) == 1)
        socket.peer.hang_up()
        await until(lambda: len(user.modems) == 2, patience=12)
        assert (user.ended, user.cancelled) == (0, 1)


async def test_a_fault_in_who_serves_costs_one_connection(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    serve = user.serve

    async def broken(modem: Modem) -> None:
        if not user.modems:
            user.modems.append(modem)
            raise ZeroDivisionError
        await serve(modem)

    user.serve = broken  # type: ignore[method-assign]
    async with supervised(socket, sink, user):
        await until(lambda: len(user.modems) == 2)
        assert user.modems[0].lost
        assert not user.modems[1].lost


async def test_pauses_grow_and_shrink_again(socket: Socket, sink: MemorySink, user: User) -> None:
    socket.failure = LinkLostError("busy")
    async with supervised(socket, sink, user) as supervisor:
        await asyncio.sleep(600)
        pauses = [later - earlier for earlier, later in pairwise(socket.opened)]
        assert pauses[0] <= 0.21
        assert 30 <= pauses[-1] <= 61
        assert len(pauses) < 30
        assert supervisor.status.state is ModemState.FAILED
        assert supervisor.status.last_error == "busy"
        socket.failure = None
        await until(lambda: len(user.modems) == 1, patience=70)
        assert supervisor.status.last_error is None
        await asyncio.sleep(31)
        socket.peer.hang_up()
        await until(lambda: len(user.modems) == 2, patience=1)


async def test_the_modem_is_watched_and_its_signal_shown(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user) as supervisor:
        await until(lambda: user.modems != [])
        socket.peer.answers["AT+CSQ"] = ["+CSQ: 5,99"]
        await asyncio.sleep(40)
        assert supervisor.status.signal_dbm == -103


async def test_the_watch_waits_for_a_submit(socket: Socket, sink: MemorySink, user: User) -> None:
    async with supervised(socket, sink, user):
        await until(lambda: user.modems != [])
        await asyncio.sleep(1)
        socket.peer.outcome = None
        sending = asyncio.create_task(user.modems[0].submit(PDU, never_mind))
        await asyncio.sleep(1)
        written = bytes(socket.peer.written)
        await asyncio.sleep(100)
        assert bytes(socket.peer.written) == written
        socket.peer.say("\r\n+CMGS: 9\r\n\r\nOK\r\n")
        assert (await sending).reference == 9


async def test_a_modem_without_a_network_is_taken_out_of_service_until_it_has_one(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user) as supervisor:
        await until(lambda: user.modems != [])
        socket.peer.answers["AT+CREG?"] = ["+CREG: 0,3"]
        await asyncio.sleep(90)
        assert user.modems[0].lost
        assert supervisor.status.state is ModemState.NOT_REGISTERED
        socket.peer.answers["AT+CREG?"] = ["+CREG: 0,1"]
        await until(lambda: len(user.modems) == 2)


async def test_a_modem_that_loses_its_power_in_service_calls_a_person(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user) as supervisor:
        await until(lambda: user.modems != [])
        assert supervisor.status.alarms == ()
        socket.peer.say("\r\nUNDER-VOLTAGE POWER DOWN\r\n")
        await until(lambda: len(user.modems) == 2)
        assert [alarm.kind for alarm in supervisor.status.alarms] == [AlarmKind.RESTARTED]


async def test_a_modem_that_falls_silent_is_noticed_without_a_send(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user) as supervisor:
        await until(lambda: user.modems != [])
        socket.peer.deaf = True
        await asyncio.sleep(70)
        assert user.modems[0].lost
        socket.peer.deaf = False
        await until(lambda: len(user.modems) == 2, patience=120)
        assert supervisor.status.state is ModemState.READY


async def test_announcements_that_the_modem_forgot_are_set_again(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user):
        await until(lambda: user.modems != [])
        socket.peer.once["AT+CNMI?"] = [["+CNMI: 0,0,0,0,0"]]
        socket.peer.commands.clear()
        await asyncio.sleep(2 * 3600)
        assert socket.peer.commands.count("AT+CNMI=2,1,0,1,0") == 1


async def test_what_was_read_is_handed_over_when_the_gateway_stops(
    socket: Socket, sink: MemorySink, user: User
) -> None:
    async with supervised(socket, sink, user):
        await until(lambda: user.modems != [])
        await asyncio.sleep(1)
        sink.failures = 1
        socket.peer.say("\r\n+CMGS: 5\r\n\r\n+CMGS: 6\r\n")
        await until(lambda: sink.calls == 1)
    assert [reference for _, reference in sink.references] == [5, 6]


async def test_no_task_is_left(socket: Socket, sink: MemorySink, user: User) -> None:
    before = asyncio.all_tasks()
    async with supervised(socket, sink, user):
        await until(lambda: user.modems != [])
        names = {task.get_name() for task in asyncio.all_tasks() - before}
        assert not [name for name in names if name.startswith("Task-")]
    assert asyncio.all_tasks() == before
