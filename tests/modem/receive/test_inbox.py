"""What comes in is durable before it is acknowledged or deleted, whatever the modem says of it."""

from __future__ import annotations

import asyncio

import pytest

from gateway.modem.driver import Driver
from gateway.modem.receive.handover import STORAGE_PAUSE_MAX
from gateway.modem.receive.mailbox import Mailbox
from gateway.modem.start.start import bring_up
from tests.modem.bench import (
    DRAFT,
    MESSAGE,
    PDU,
    REPORT,
    MemorySink,
    forget,
    fresh_memory,
    in_service,
    message_at,
    never_mind,
    open_link,
    report_of,
    settings,
    until,
)
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

LINE = "8944100030207654321"


async def test_the_announced_storage_is_chosen_only_when_another_is(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored |= {("SM", 1): ("0,,35", MESSAGE), ("SM", 2): ("0,,35", MESSAGE)}
        peer.say('\r\n+CMTI: "SM",1\r\n\r\n+CMTI: "SM",2\r\n')
        await until(lambda: not peer.stored)
        assert peer.commands.count('AT+CPMS="SM","SM","SM"') == 1


@pytest.mark.parametrize("header", ["+CDS: 24", "+CDS:24", "+CDS: ,24"])
async def test_a_routed_report_is_handed_over(peer: Peer, sink: MemorySink, header: str) -> None:
    async with in_service(peer, sink):
        peer.say(f"\r\n{header}\r\n{REPORT}\r\n")
        await until(lambda: sink.reports != [])
        assert sink.reports == [(LINE, REPORT, 24)]
        assert "AT+CNMA" not in peer.commands


async def test_a_report_inside_a_submit_is_handed_over_and_the_submit_succeeds(
    peer: Peer, sink: MemorySink
) -> None:
    peer.outcome = f"\r\n+CDS: 24\r\n{REPORT}\r\n\r\n+CMGS: 5\r\n\r\nOK\r\n"
    async with in_service(peer, sink) as bench:
        assert (await bench.driver.submit(PDU, never_mind)).reference == 5
        await until(lambda: sink.reports != [])


async def test_a_routed_message_is_handed_over(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        peer.say(f"\r\n+CMT: ,35\r\n{MESSAGE}\r\n")
        await until(lambda: sink.messages != [])
        assert sink.messages == [(LINE, MESSAGE, 35)]


async def test_a_broken_report_stops_nothing(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        peer.say(f"\r\n+CDS:24\r\nBAD\r\n\r\n+CDS: 24\r\n{REPORT}\r\n")
        await until(lambda: sink.reports != [])
        assert len(sink.reports) == 1


async def test_phase_2_plus_is_acknowledged_when_it_is_durable(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers["AT+CSMS?"] = ["+CSMS: 1,1,1,1"]
    async with in_service(peer, sink):
        sink.failures = 2
        peer.say(f"\r\n+CDS: 24\r\n{REPORT}\r\n")
        await asyncio.sleep(0.1)
        assert peer.commands == []
        await until(lambda: "AT+CNMA" in peer.commands)
        assert len(sink.reports) == 1


async def test_a_stored_report_is_read_handed_over_and_deleted(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SR", 8] = (",,24", REPORT)
        peer.say('\r\n+CDSI: "SR",8\r\n')
        await until(lambda: not peer.stored)
        assert sink.reports == [(LINE, REPORT, 24)]
        assert peer.commands == ["AT+CMGR=8", "AT+CMGD=8"]


async def test_a_stored_message_is_deleted_after_it_is_durable(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        sink.failures = 10
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.say('\r\n+CMTI: "SM",3\r\n')
        await until(lambda: sink.calls == 5)
        assert "AT+CMGD=3" not in peer.commands
        await until(lambda: not peer.stored, patience=300)
        assert sink.messages == [(LINE, MESSAGE, 35)]


async def test_a_full_disk_is_asked_again_within_half_a_minute(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        sink.failures = 1000
        peer.say(f"\r\n+CDS: 24\r\n{REPORT}\r\n")
        await asyncio.sleep(3600)
        calls = sink.calls
        assert 3600 / STORAGE_PAUSE_MAX <= calls <= 3600 / STORAGE_PAUSE_MAX + 10
        sink.failures = 0
        await until(lambda: sink.reports != [], patience=STORAGE_PAUSE_MAX + 1)


async def test_an_announced_place_that_is_filled_a_moment_later_is_read(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.say('\r\n+CDSI: "SR",8\r\n')
        await asyncio.sleep(0.5)
        peer.stored["SR", 8] = (",,24", REPORT)
        await until(lambda: not peer.stored)
        assert len(sink.reports) == 1


async def test_an_announced_place_that_stays_empty_is_given_up_quietly(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.say('\r\n+CDSI: "SR",8\r\n')
        await asyncio.sleep(10)
        assert not bench.link.lost
        assert sink.calls == 0
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


async def test_a_report_in_another_storage_than_announced_is_found(
    peer: Peer, sink: MemorySink
) -> None:
    """EC25 announces "SM" and stores in "SR"; what lies in the place in "SM" is another's."""
    async with in_service(peer, sink):
        peer.stored |= {("SM", 0): ("0,,35", MESSAGE), ("SR", 0): (",,24", REPORT)}
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await until(lambda: not peer.stored)
        assert sink.messages == [(LINE, MESSAGE, 35)]
        assert sink.reports == [(LINE, REPORT, 24)]


async def test_a_foreign_draft_is_not_deleted(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        peer.stored["SM", 0] = ("2,,18", DRAFT)
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await asyncio.sleep(10)
        assert ("SM", 0) in peer.stored
        assert sink.calls == 0


async def test_what_came_while_nobody_was_there_is_found_at_the_start(
    peer: Peer, sink: MemorySink
) -> None:
    peer.stored |= {
        ("SM", 0): ("1,,35", MESSAGE),
        ("SM", 1): ("2,,18", DRAFT),
        ("SM", 7): ("0,,24", REPORT),
        ("SR", 1): (",,24", report_of(8)),
    }
    async with in_service(peer, sink):
        await until(lambda: len(peer.stored) == 1)
        assert list(peer.stored) == [("SM", 1)]
        assert len(sink.messages) == 1
        assert len(sink.reports) == 2


async def test_a_modem_that_cannot_list_is_asked_place_by_place(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers["AT+CMGL=4"] = "\r\nERROR\r\n"
    peer.stored |= {("SM", 0): ("1,,35", MESSAGE), ("SM", 50): ("1,,35", message_at(5))}
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 2


async def test_an_announcement_without_a_place_is_followed_by_a_look_everywhere(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.say("\r\n+CMTI:\r\n")
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 1


async def test_a_modem_that_announces_nothing_is_looked_through(
    peer: Peer, sink: MemorySink
) -> None:
    del peer.answers["AT+CNMI=2,1,0,1,0"]
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 1


async def test_a_late_reference_is_told(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        peer.say("\r\n+CMGS: 77\r\n\r\nOK\r\n")
        await until(lambda: sink.references != [])
        assert sink.references == [(LINE, 77)]


async def test_what_was_read_before_the_port_went_is_handed_over(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        sink.failures = 3
        for _ in range(5):
            peer.say(f"\r\n+CDS: 24\r\n{REPORT}\r\n")
        await asyncio.sleep(0.1)
        peer.hang_up()
        await until(lambda: len(sink.reports) == 5)


async def test_what_is_being_handed_over_when_the_gateway_stops_is(
    peer: Peer, sink: MemorySink
) -> None:
    """It was read from the port, and nobody else has it."""
    mailbox = Mailbox("m0")
    link = open_link(peer, mailbox.hear)
    memory = fresh_memory()
    setup = await bring_up(link, settings(), memory, lambda state: None)
    driver = Driver(link, mailbox, setup, settings(), sink, lambda reading: None, memory)
    running = asyncio.create_task(driver.run(), name="driver")
    await asyncio.sleep(1)
    sink.failures = 1
    peer.say(f"\r\n+CDS: 24\r\n{REPORT}\r\n")
    await until(lambda: sink.calls == 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    link.abort("the test is over")
    assert len(sink.reports) == 1


async def test_a_storage_that_cannot_be_chosen_is_not_read(peer: Peer, sink: MemorySink) -> None:
    """What is asked for would come from the storage that is still chosen."""
    peer.answers['AT+CPMS="SR","SM","SM"'] = "\r\nERROR\r\n"
    async with in_service(peer, sink):
        peer.say('\r\n+CDSI: "SR",1\r\n')
        await asyncio.sleep(5)
        assert peer.commands.count('AT+CPMS="SR","SM","SM"') >= 2
        assert "AT+CMGR=1" not in peer.commands


async def test_a_message_on_a_modem_that_goes_stays_on_it(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink) as bench:
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.answers["AT+CMGR=3"] = None
        peer.say('\r\n+CMTI: "SM",3\r\n')
        await asyncio.sleep(1)
        peer.hang_up()
        await bench.driver.wait_lost()
    assert peer.stored
    assert sink.calls == 0


async def test_noise_costs_no_command(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        forget(peer)
        peer.say("\r\n^RSSI:9\r\n+CREG: 1\r\nRING\r\n^HCSQ: 1\r\n")
        await asyncio.sleep(1)
        assert peer.commands == []
        assert sink.calls == 0


class TestAModemThatOnlyRoutes:
    """It refuses every setting that stores messages (MODEMS.md 4.15)."""

    @pytest.fixture
    def peer(self, peer: Peer) -> Peer:
        del peer.answers["AT+CNMI=2,1,0,1,0"]
        peer.answers |= {"AT+CNMI=2,2,0,1,0": [], "AT+CNMI?": ["+CNMI: 2,2,0,1,0"]}
        return peer

    async def test_it_works(self, peer: Peer, sink: MemorySink) -> None:
        async with in_service(peer, sink) as bench:
            peer.say(f"\r\n+CMT: ,35\r\n{MESSAGE}\r\n\r\n+CDS: 24\r\n{REPORT}\r\n")
            await until(lambda: sink.messages != [] and sink.reports != [])
            assert "AT+CNMA" not in peer.commands
            assert bench.setup.experience.learned.announcements == (), "it may have been a bad day"

    async def test_it_is_acknowledged_where_it_wants_to_be(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        peer.answers["AT+CSMS?"] = ["+CSMS: 1,1,1,1"]
        async with in_service(peer, sink):
            for count in (1, 2, 3):
                peer.say(f"\r\n+CMT: ,35\r\n{message_at(count)}\r\n")
                await until(lambda: peer.commands.count("AT+CNMA") == count)  # noqa: B023
                assert len(sink.messages) == count

    async def test_340_to_an_acknowledgement_is_no_fault(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        peer.answers |= {"AT+CSMS?": ["+CSMS: 1,1,1,1"], "AT+CNMA": "\r\n+CMS ERROR: 340\r\n"}
        async with in_service(peer, sink) as bench:
            peer.say(f"\r\n+CMT: ,35\r\n{MESSAGE}\r\n")
            await until(lambda: "AT+CNMA" in peer.commands)
            assert (await bench.driver.submit(PDU, never_mind)).reference == 0

    async def test_routing_that_ended_for_want_of_an_acknowledgement_is_asked_for_again(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        """The disk was full for longer than the modem waits (3GPP TS 27.005 clause 3.4.4)."""
        peer.answers["AT+CSMS?"] = ["+CSMS: 1,1,1,1"]
        async with in_service(peer, sink):
            sink.failures = 8
            peer.say(f"\r\n+CMT: ,35\r\n{MESSAGE}\r\n")
            await asyncio.sleep(20)
            assert "AT+CNMA" not in peer.commands, "it is not durable yet"
            peer.once["AT+CNMI?"] = [["+CNMI: 2,0,0,0,0"]]
            await until(lambda: sink.messages != [], patience=300)
            await until(lambda: "AT+CNMI=2,2,0,1,0" in peer.commands)
