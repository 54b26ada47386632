"""The queue tells the meter what happens, where it happens, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection
from support.deliver import deliver
from support.persons import Person
from support.serving import served, told
from support.world import START, World

from gateway.db.console.loop_tests import give_up, insert_test, note_arrival, note_sent
from gateway.dispatch import CancelRequest
from gateway.domain.ids import JobId, LineId, StoreName
from gateway.domain.measures import UNKNOWN, Counted, Timed
from gateway.domain.purpose import Purpose
from gateway.modem import FakeModem
from tests.dispatch.deeds import LINE, claim, come, hand, lost, report, send
from tests.dispatch.test_handover import LOST, refused

OTHER = LineId("8944100000000000002")


def counted(world: World, what: Counted) -> dict[tuple[str, ...], int]:
    return {labels: number for (one, labels), number in world.meter.counts.items() if one is what}


def timed(world: World, what: Timed, *labels: str) -> tuple[int, float]:
    spread = world.meter.spreads[what, labels]
    return spread.count, spread.total


async def test_a_job_is_counted_when_it_is_taken_and_not_when_it_comes_again(world: World) -> None:
    for _ in range(2):
        await world.accept(purpose=Purpose.OTP)
    assert counted(world, Counted.JOBS_ACCEPTED) == {("acme", "otp"): 1}


async def test_what_is_refused_is_counted_by_its_code(world: World) -> None:
    await world.cancel("unheard-of")
    assert counted(world, Counted.ENTRIES_REJECTED) == {("acme", "unknown_job"): 1}


async def test_a_store_that_there_is_not_is_no_label(world: World) -> None:
    """Anybody may publish under any name; none of them takes room here."""
    for name in ("nobody", "nobody-else"):
        await world.admit(CancelRequest(store=StoreName(name), id=JobId("job")))
    assert counted(world, Counted.ENTRIES_REJECTED) == {("unknown", "unknown_store"): 2}


async def test_a_part_is_counted_when_the_network_took_it(world: World) -> None:
    await world.accept(text="x" * 400)
    world.clock.instant += timedelta(seconds=7)
    async with served(world):
        await told(world, "sent")
    assert counted(world, Counted.PARTS_SENT) == {("m0", "transactional"): 3}
    assert timed(world, Timed.HANDOVER_DELAY, "transactional") == (1, 7.0)
    assert timed(world, Timed.SUBMIT, "m0")[0] == 3
    assert counted(world, Counted.JOB_STATES) == {("acme", "transactional", "sent"): 1}


async def test_a_refusal_is_counted_by_its_class(world: World) -> None:
    modem = FakeModem("m0")
    modem.script += [refused(1, early=False)]
    await world.accept()
    async with served(world, modem):
        await told(world, "failed")
    assert counted(world, Counted.PARTS_REFUSED) == {("m0", "permanent"): 1}
    assert counted(world, Counted.PARTS_SENT) == {}
    assert counted(world, Counted.JOB_STATES) == {("acme", "transactional", "failed"): 1}


async def test_a_refusal_before_anything_was_handed_over_took_no_time(world: World) -> None:
    modem = FakeModem("m0")
    modem.script += [refused(1)]
    await world.accept()
    async with served(world, modem):
        await told(world, "failed")
    assert counted(world, Counted.PARTS_REFUSED) == {("m0", "permanent"): 1}
    assert (Timed.SUBMIT, ("m0",)) not in world.meter.spreads


async def test_a_part_in_doubt_is_counted_as_that(world: World) -> None:
    modem = FakeModem("m0")
    modem.script += [LOST]
    await world.accept()
    async with served(world, modem):
        await told(world, "unconfirmed")
    assert counted(world, Counted.PARTS_UNCONFIRMED) == {("m0",): 1}
    assert timed(world, Timed.SUBMIT, "m0")[0] == 1


async def test_a_report_is_counted_once_and_timed_from_the_submit(world: World) -> None:
    await send(world, "order-1", 7)
    world.clock.instant += timedelta(seconds=12)
    for _ in range(2):
        await come(world, report(7))
    assert counted(world, Counted.REPORTS) == {("m0", "delivered"): 1}
    assert timed(world, Timed.REPORT_DELAY, "m0") == (1, 12.0)


async def test_a_report_that_nothing_came_of_it_is_no_delivery(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, 0x46))
    assert counted(world, Counted.REPORTS) == {("m0", "undelivered"): 1}
    assert (Timed.REPORT_DELAY, ("m0",)) not in world.meter.spreads


async def test_a_report_that_was_kept_counts_when_its_part_is_known(world: World) -> None:
    await world.accept()
    await claim(world)
    attempt = await hand(world)
    await come(world, report(7))
    assert counted(world, Counted.REPORTS) == {}
    await lost(world, attempt)
    assert counted(world, Counted.REPORTS) == {("m0", "delivered"): 1}


async def test_what_nobody_sent_is_not_counted(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(9, number="+447700900999"))
    assert counted(world, Counted.REPORTS) == {}


async def test_a_keyword_is_counted_and_other_words_are_not(world: World) -> None:
    anna = Person(world)
    await anna.writes("STOP")
    await anna.writes("Thank you, it came")
    assert counted(world, Counted.KEYWORDS) == {("stop",): 1}


async def test_parts_that_come_in_are_counted_and_copies_are_not(world: World) -> None:
    pdu = deliver("hello")
    for _ in range(2):
        await world.dispatcher.message(LINE, pdu, None)
    assert sum(counted(world, Counted.PARTS_RECEIVED).values()) == 1
    [(modem,)] = counted(world, Counted.PARTS_RECEIVED)
    assert modem == UNKNOWN, "and never the SIM's number"


async def test_line_tests_are_counted_as_sent_lost_and_how_long_they_took(world: World) -> None:
    def test(connection: Connection, code: str, comes: bool) -> None:
        insert_test(connection, code, LINE, OTHER, START)
        note_sent(connection, code, START)
        if comes:
            for _ in range(2):  # networks make copies
                note_arrival(connection, code, OTHER, START + timedelta(seconds=9))

    await world.database.write(lambda c: test(c, "comes", True))
    await world.database.write(lambda c: test(c, "does-not", False))
    hour = START + timedelta(hours=1)
    for _ in range(2):
        await world.database.write(lambda c: give_up(c, hour, hour))
    assert counted(world, Counted.LOOP_TESTS_SENT) == {(UNKNOWN,): 2}
    assert counted(world, Counted.LOOP_TESTS_LOST) == {(UNKNOWN,): 1}
    assert timed(world, Timed.LOOP_TEST_DELAY, UNKNOWN) == (1, 9.0)
