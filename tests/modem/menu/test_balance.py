"""The balance of a prepaid SIM: asked now and then, shown, and complained about when it is low."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.domain.alarms import AlarmKind
from gateway.domain.balance import Balance, BalancePattern
from gateway.domain.clock import ManualClock
from gateway.domain.ids import LineId, ModemName
from gateway.modem import Supervisor
from gateway.modem.alarms import Alarms
from gateway.modem.menu.balance import AGAIN, FIRST, PARTS, BalancePlan, BalanceWatch
from gateway.modem.menu.ussd import UssdAnswer, UssdError, UssdRequest
from gateway.modem.modem import Modem
from tests.modem.bench import MemorySink, settings, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = 86_400.0
LINE = LineId("8944100030207654321")
PLAN = BalancePlan(
    request=UssdRequest(text="*100#"),
    pattern=BalancePattern.parse(r"Balance: (?P<amount>[\d.,]+)"),
    unit="GBP",
    minimum=Decimal(2),
    every=DAY,
)


def now() -> float:
    return asyncio.get_running_loop().time()


class Network:
    """Answers one after the other; the last one again and again."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[float] = []

    async def ask(self, request: UssdRequest) -> UssdAnswer:
        assert request.text == "*100#"
        self.asked.append(now())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not answer:
            raise UssdError("the network did not answer within 60 s")
        return UssdAnswer(text=answer, is_menu=False)


class Scene:
    """A watch over a network, with its alarms."""

    def __init__(self) -> None:
        clock = ManualClock(NOW)
        self.alarms = Alarms(ModemName("m0"), clock)
        self.watch = BalanceWatch(ModemName("m0"), PLAN, self.alarms, clock)

    @property
    def kinds(self) -> list[AlarmKind]:
        return [alarm.kind for alarm in self.alarms.active]

    @asynccontextmanager
    async def watching(self, network: Network, line: LineId = LINE) -> AsyncIterator[None]:
        task = asyncio.create_task(self.watch.run(line, network.ask))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_it_is_asked_a_while_after_the_start_and_then_daily() -> None:
    scene, network = Scene(), Network("Balance: 12,50")
    begun = now()
    async with scene.watching(network):
        await asyncio.sleep(FIRST[0] - 1)
        assert network.asked == []
        await asyncio.sleep(2.2 * DAY)
    assert len(network.asked) == 3
    assert FIRST[0] <= network.asked[0] - begun <= FIRST[1]
    assert network.asked[1] - network.asked[0] == pytest.approx(DAY, rel=0.06)
    assert scene.watch.last == Balance(amount=Decimal("12.50"), unit="GBP", at=NOW)


async def test_it_is_logged_and_nothing_else_of_the_text_is() -> None:
    scene, network = Scene(), Network("Balance: 12.50 for 07700 900123")
    with capture_logs() as logged:
        async with scene.watching(network):
            await asyncio.sleep(FIRST[1] + 1)
    told = [entry for entry in logged if entry["event"] == "balance"]
    assert [(entry["amount"], entry["unit"]) for entry in told] == [("12.50", "GBP")]
    assert "900123" not in str(logged)


async def test_a_low_one_sounds_the_alarm_until_it_is_topped_up() -> None:
    scene, network = Scene(), Network("Balance: 1.99", "Balance: 2.00")
    async with scene.watching(network):
        await asyncio.sleep(FIRST[1] + 1)
        [alarm] = scene.alarms.active
        assert alarm.kind is AlarmKind.BALANCE_LOW
        assert "1.99 GBP" in alarm.detail
        assert "2 GBP" in alarm.detail
        await asyncio.sleep(1.1 * DAY)
        assert scene.kinds == []


async def test_a_text_that_cannot_be_read_is_said_once_and_not_shown() -> None:
    scene, network = Scene(), Network("Balance: 5", "Call 07700 900123 to top up")
    with capture_logs() as logged:
        async with scene.watching(network):
            await asyncio.sleep(4.5 * DAY)
    unread = [entry for entry in logged if entry["event"] == "balance_unreadable"]
    assert len(unread) == 1
    assert unread[0]["characters"] == len("Call 07700 900123 to top up")
    assert "900123" not in str(logged)
    assert "Call" not in str(logged)
    assert scene.watch.last is not None, "what was told before still stands, with its time"


async def test_one_that_is_not_told_is_asked_for_again_in_an_hour() -> None:
    scene, network = Scene(), Network("", "Balance: 5")
    async with scene.watching(network):
        await asyncio.sleep(FIRST[1] + AGAIN + 10)
    assert len(network.asked) == 2
    assert network.asked[1] - network.asked[0] == pytest.approx(AGAIN, abs=1)
    assert scene.watch.last is not None


async def test_many_parts_bring_the_next_question_forward_and_not_within_the_hour() -> None:
    scene, network = Scene(), Network("Balance: 5")
    async with scene.watching(network):
        await asyncio.sleep(FIRST[1] + 1)
        for _ in range(2 * PARTS):
            scene.watch.sent()
        await asyncio.sleep(AGAIN)
        assert len(network.asked) == 1
        scene.watch.sent()
        await asyncio.sleep(1)
        assert len(network.asked) == 2


async def test_a_modem_that_comes_back_does_not_ask_again_before_its_time() -> None:
    scene, network = Scene(), Network("Balance: 1")
    for _ in range(5):
        async with scene.watching(network):
            await asyncio.sleep(300)
    assert len(network.asked) == 1
    assert scene.kinds == [AlarmKind.BALANCE_LOW]


async def test_another_sim_is_asked_anew() -> None:
    scene, network = Scene(), Network("Balance: 1", "Balance: 9")
    async with scene.watching(network):
        await asyncio.sleep(300)
    async with scene.watching(network, LineId("8944100030207654322")):
        await asyncio.sleep(1)
        assert scene.watch.last is None
        assert scene.kinds == []
        await asyncio.sleep(300)
    assert len(network.asked) == 2


async def test_a_supervised_modem_shows_it(peer: Peer, sink: MemorySink) -> None:
    def answer() -> str:
        asyncio.get_running_loop().call_later(2, peer.say, '\r\n+CUSD: 0,"Balance: 1.5",15\r\n')
        return "\r\nOK\r\n"

    async def serve(modem: Modem) -> None:
        await modem.wait_lost()

    peer.answers |= {'AT+CUSD=1,"*100#",15': answer, "AT+CUSD=2": []}
    chosen: dict[str, Any] = {"balance": PLAN}
    supervisor = Supervisor(settings(**chosen), sink, serve, opener=peer.open)
    running = asyncio.create_task(supervisor.run())
    await until(lambda: supervisor.status.balance is not None, patience=300)
    status = supervisor.status
    assert status.balance is not None
    assert (status.balance.amount, status.balance.unit) == (Decimal("1.5"), "GBP")
    assert [alarm.kind for alarm in status.alarms] == [AlarmKind.BALANCE_LOW]
    peer.hang_up()
    await asyncio.sleep(1)
    running.cancel()
    await asyncio.wait([running])
