"""A line that is refused one message after the other stops, and begins again by one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from support.serving import served, told, until
from support.world import START, World

from gateway.dispatch.breaker import OPENS_AFTER, Breaker, CircuitState, explain
from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import NotSentError
from gateway.domain.failures import DESTINATION, FailureClass
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import Stage
from gateway.modem import FakeModem, Step
from gateway.sms import decode_submit

P, L, N = FailureClass.PERMANENT, FailureClass.LINE, FailureClass.NETWORK


def cms(code: int) -> FinalResult:
    return FinalResult(kind=ResultKind.CMS, code=code)


def refuse(
    breaker: Breaker, failure: FailureClass | None, code: int, to: str = "a", tries: int = 0
) -> FailureClass | None:
    return breaker.judge(failure, of_destination=code in DESTINATION, recipient=to, tries=tries)


class TestOpening:
    @pytest.mark.parametrize(("failure", "code"), [(L, 50), (N, 42), (FailureClass.OUTAGE, 38)])
    def test_comes_after_some_refusals_in_a_row(self, failure: FailureClass, code: int) -> None:
        breaker = Breaker()
        for _ in range(OPENS_AFTER - 1):
            assert refuse(breaker, failure, code) is failure
            assert not breaker.is_open
        refuse(breaker, failure, code)
        assert breaker.is_open

    @pytest.mark.parametrize("code", [21, 29, 30])
    def test_what_is_refused_for_good_to_several_is_the_lines_fault(self, code: int) -> None:
        breaker = Breaker()
        judged = [refuse(breaker, P, code, to) for to in ("a", "b", "c", "d")]
        assert judged == [P, P, L, L]
        assert breaker.is_open

    @pytest.mark.parametrize(
        ("failure", "code"), [(P, 21), (L, 8), (L, 10), (L, 28), (FailureClass.OUTAGE, 27)]
    )
    def test_one_destination_alone_stops_nobody(self, failure: FailureClass, code: int) -> None:
        breaker = Breaker()
        for _ in range(20):
            assert refuse(breaker, failure, code) is failure
        assert not breaker.is_open

    @pytest.mark.parametrize(
        ("failure", "code"),
        [(P, 1), (P, 128), (FailureClass.BUSY, 314), (FailureClass.DRIVER, 304), (None, 0)],
    )
    def test_other_failures_do_not_count(self, failure: FailureClass | None, code: int) -> None:
        breaker = Breaker()
        for to in "abcdefgh":
            assert refuse(breaker, failure, code, to) is failure
        assert (breaker.is_open, breaker.refusals) == (False, 0)

    def test_a_success_between_begins_the_row_anew(self) -> None:
        breaker = Breaker()
        for _ in range(10):
            refuse(breaker, N, 42)
            refuse(breaker, P, 21)
            breaker.close()
        assert not breaker.is_open


def test_what_a_line_refuses_to_one_while_it_sends_to_others_is_given_up() -> None:
    """MODEMS.md 2a: 8, 10, 28 and 30 are the line's fault, unless one destination alone fails."""
    breaker = Breaker()
    assert refuse(breaker, L, 10, tries=2) is L
    breaker.close()
    assert refuse(breaker, L, 10, tries=3) is P
    refuse(breaker, L, 50)
    assert refuse(breaker, L, 10, tries=3) is L, "the line is in doubt itself"


def test_the_circuit_is_half_open_when_its_pause_is_over() -> None:
    breaker = Breaker()
    assert breaker.state(0) is CircuitState.CLOSED
    for _ in range(OPENS_AFTER):
        refuse(breaker, L, 50)
        breaker.hold(15, now=100)
    assert breaker.state(114) is CircuitState.OPEN
    assert breaker.state(115) is CircuitState.HALF_OPEN
    breaker.close()
    assert breaker.state(100) is CircuitState.CLOSED


def test_the_operator_is_told_what_it_may_be() -> None:
    assert "no credit" in explain(cms(38), "cms 38 network out of order")
    assert "cms 42 congestion" in explain(cms(42), "cms 42 congestion")


def refused(code: int) -> Step:
    return Step(error=NotSentError("refused", result=cms(code)), early=True)


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a refusal slows down, tests of the pace show; here nobody waits for it."""
    monkeypatch.setattr("gateway.dispatch.pacing.pace._UNKNOWN_SPEED", 100_000.0)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch, brisk: None) -> None:
    for name in ("FIRST_HOLD", "LONGEST_HOLD"):
        monkeypatch.setattr(f"gateway.dispatch.retry.{name}", timedelta(milliseconds=2))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, brisk: None) -> None:
    """The first pauses are short and the third, with which a circuit opens, is not."""
    pauses = [timedelta(milliseconds=1)] * 2 + [timedelta(hours=1)] * 10
    monkeypatch.setattr("gateway.dispatch.retry._hold", lambda refusals: pauses[refusals])


def alarms(modem: FakeModem) -> list[AlarmKind]:
    return [alarm.kind for alarm in modem.alarms.active]


@pytest.mark.usefixtures("brief")
async def test_a_stopped_line_loses_no_job_and_goes_on_with_the_first_success(
    world: World,
) -> None:
    """Without credit for a night: the queue is there in the morning, and goes out by itself."""
    jobs = [f"job-{number}" for number in range(3)]
    for job in jobs:
        await world.accept(job, expires_at=START + timedelta(days=300))
    modem = FakeModem("m0")
    modem.script.extend([refused(42)] * 30)
    async with served(world, modem):

        async def stopped() -> bool:
            return alarms(modem) == [AlarmKind.LINE_STOPPED]

        async def sent() -> bool:
            # What is refused now is put back after this look: the clock must go on with each one.
            await world.advance(minutes=31)
            return all(["sent" in await world.states(job) for job in jobs])

        await until(stopped)
        await until(sent)
        assert not modem.script
        assert alarms(modem) == []


@pytest.mark.usefixtures("short")
async def test_an_open_circuit_claims_nothing_also_in_another_stick(world: World) -> None:
    for number in range(6):
        await world.accept(f"job-{number}")
    modem = FakeModem("m0", line="sim")
    modem.script.extend([refused(50)] * 10)

    async def open_() -> bool:
        return bool(alarms(modem))

    async with served(world, modem):
        await until(open_)
        await asyncio.sleep(0.05)
    assert len(modem.script) == 10 - OPENS_AFTER
    other = FakeModem("m1", line="sim")
    async with served(world, other):
        await asyncio.sleep(0.1)
        assert other.written == []
        assert alarms(other) == [AlarmKind.LINE_STOPPED]
    free = FakeModem("m1", line="another")
    async with served(world, free):
        await told(world, "sent", "job-5")
        assert alarms(free) == []


@pytest.mark.usefixtures("short")
async def test_a_spam_limit_costs_two_messages_and_not_the_queue(world: World) -> None:
    """CMS 21 to several destinations in a row."""
    for number in range(5):
        await world.accept(f"job-{number}", to=f"+44770090000{number}")
    modem = FakeModem("m0")
    modem.script.extend([refused(21)] * 5)
    async with served(world, modem):

        async def open_() -> bool:
            return bool(alarms(modem))

        await until(open_)
        await asyncio.sleep(0.05)
    states = [(await world.states(f"job-{number}"))[-1] for number in range(5)]
    assert sorted(states) == ["accepted", "accepted", "accepted", "failed", "failed"]
    stages = [(await world.job(f"job-{number}")).stage for number in range(2, 5)]
    assert set(stages) <= {Stage.READY, Stage.SCHEDULED}


async def test_a_service_centre_that_knows_no_validity_gets_none(world: World) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.append(refused(198))
    async with served(world, modem):
        await told(world, "deferred")
        await world.advance(seconds=1)
        await told(world, "sent")
    assert [decode_submit(pdu.hex).validity for pdu in modem.written] == [None]


async def test_the_vendors_codes_decide(world: World) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.codes = {(ResultKind.CMS, 515): FailureClass.PERMANENT}
    modem.script.append(refused(515))
    async with served(world, modem):
        await told(world, "failed")
