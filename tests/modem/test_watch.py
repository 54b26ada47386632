"""What a modem forgets in service is put right, and what a person has to know is an alarm."""

from __future__ import annotations

import asyncio

import pytest

from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import OutcomeUnknownError
from gateway.modem.memory import Memory
from gateway.modem.watch import HOURLY, INTERVAL, STORAGES, UNANNOUNCED_INTERVAL
from tests.modem.bench import PDU, Bench, MemorySink, fresh_memory, in_service, never_mind, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

HOUR = HOURLY * INTERVAL * 1.25


def alarms(memory: Memory) -> list[AlarmKind]:
    return [alarm.kind for alarm in memory.alarms.active]


async def test_announcements_that_were_forgotten_are_set_again_every_hour(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.once["AT+CNMI?"] = [["+CNMI: 0,0,0,0,0"]]
        await asyncio.sleep(HOUR)
        assert peer.commands.count("AT+CNMI=2,1,0,1,0") == 1


async def test_storages_are_looked_through_once_nothing_is_announced_any_more(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.answers["AT+CNMI?"] = ["+CNMI: 0,0,0,0,0"]
        await asyncio.sleep(HOUR)
        peer.commands.clear()
        await asyncio.sleep(6 * UNANNOUNCED_INTERVAL)
        assert peer.commands.count("AT+CPMS?") >= 5


async def test_a_service_centre_that_was_lost_is_given_back_every_hour(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.answers |= {"AT+CSCA?": ['+CSCA: ""'], 'AT+CSCA="+447802000332",145': []}
        await asyncio.sleep(HOUR)
        assert 'AT+CSCA="+447802000332",145' in peer.commands


async def test_an_hour_in_service_ends_what_was_before(peer: Peer, sink: MemorySink) -> None:
    memory = fresh_memory()
    memory.alarms.sound(AlarmKind.RESTARTED, "it lost its power")
    memory.network_remedies = 3
    async with in_service(peer, sink, memory):
        await asyncio.sleep(HOUR / 2)
        assert alarms(memory) == [AlarmKind.RESTARTED]
        await asyncio.sleep(HOUR / 2)
    assert alarms(memory) == []
    assert memory.network_remedies == 0


class TestStirs:
    async def test_a_boot_that_says_next_to_nothing_is_known_by_what_is_gone(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        async with in_service(peer, sink) as bench:
            peer.answers["AT+CNMI?"] = ["+CNMI: 0,0,0,0,0"]
            peer.say("\r\nSMS Ready\r\n")
            await until(lambda: bench.link.lost)
            assert bench.link.restarted

    async def test_a_service_that_took_its_time_is_no_boot(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        async with in_service(peer, sink) as bench:
            peer.say("\r\nSMS DONE\r\n")
            await asyncio.sleep(5)
            assert not bench.link.lost

    async def test_a_service_that_took_its_time_is_arranged_with_then(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        choose, answer = 'AT+CPMS="SM","SM","SM"', peer.answers['AT+CPMS="SM","SM","SM"']
        peer.answers[choose] = "\r\nERROR\r\n"
        async with in_service(peer, sink) as bench:
            assert bench.setup.storages.home == ""
            peer.answers[choose] = answer
            peer.stored["SM", 1] = ("1,,38", "00" * 5)
            peer.say("\r\nSMS Ready\r\n")
            await until(lambda: "AT+CMGL=4" in peer.commands)
            assert bench.setup.storages.home == "SM"
            assert bench.setup.experience.learned.memory == "SM"

    async def test_a_boot_in_the_middle_of_a_send_leaves_it_unknown(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        async with in_service(peer, sink) as bench:
            peer.outcomes = [lambda: peer.say("\r\nRDY\r\n")]
            with pytest.raises(OutcomeUnknownError):
                await bench.driver.submit(PDU, never_mind)
            assert bench.link.restarted
        assert len(peer.accepted) == 1


class TestStorage:
    async def fill(self, bench: Bench, peer: Peer, used: int) -> None:
        peer.answers["AT+CPMS?"] = [f'+CPMS: "SM",{used},50,"SM",{used},50,"SM",{used},50']
        await asyncio.sleep(STORAGES * INTERVAL * 1.25)

    async def test_one_that_is_half_full_is_looked_through(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        async with in_service(peer, sink) as bench:
            await self.fill(bench, peer, 24)
            assert "AT+CMGL=4" not in peer.commands
            await self.fill(bench, peer, 25)
            assert "AT+CMGL=4" in peer.commands

    async def test_one_that_fills_calls_a_person_until_it_is_emptied(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        memory = fresh_memory()
        async with in_service(peer, sink, memory) as bench:
            await self.fill(bench, peer, 39)
            assert alarms(memory) == []
            await self.fill(bench, peer, 40)
            assert alarms(memory) == [AlarmKind.STORAGE_FILLING]
            await self.fill(bench, peer, 2)
            assert alarms(memory) == []


async def test_answers_that_nobody_asked_for_tell_of_another_program(
    peer: Peer, sink: MemorySink
) -> None:
    memory = fresh_memory()
    async with in_service(peer, sink, memory):
        for _ in range(8):  # one that comes soon after a look of ours may be our own, and is let be
            await asyncio.sleep(6)
            peer.say("\r\n+CSQ: 18,99\r\n\r\nOK\r\n")
        await asyncio.sleep(40)
        assert [alarm.kind for alarm in memory.alarms.active] == [AlarmKind.PORT_TAKEN]
        assert "another program" in memory.alarms.active[0].detail


async def test_late_and_doubled_answers_are_nobody_elses(peer: Peer, sink: MemorySink) -> None:
    memory = fresh_memory()
    peer.answers["AT+CSQ"] = "\r\n+CSQ: 18,99\r\n\r\nOK\r\n\r\nOK\r\n"
    async with in_service(peer, sink, memory):
        await asyncio.sleep(600)
        assert memory.alarms.active == ()
