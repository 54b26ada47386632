"""Storages that fill up, are not ready yet, or are beyond reason (MODEMS.md 4.11, 4.22)."""

from __future__ import annotations

import asyncio

import pytest

from gateway.domain.alarms import AlarmKind
from gateway.modem.memory import Memory
from gateway.modem.receive.shelf import PLACES_MAX
from gateway.modem.watch import INTERVAL, STORAGES
from tests.modem.bench import (
    DRAFT,
    MESSAGE,
    PDU,
    MemorySink,
    fresh_memory,
    in_service,
    listing,
    message_at,
    never_mind,
    until,
)
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime


def kinds_of_alarms(memory: Memory) -> list[AlarmKind]:
    return [alarm.kind for alarm in memory.alarms.active]


# Filling up (4.11)


@pytest.mark.parametrize(
    "said",
    [
        '\r\n^SMMEMFULL: "SM"\r\n',
        '\r\n+CIEV: "SMSFULL",1\r\n',
        '\r\n+QIND: "SMS FULL","SM"\r\n',
        "\r\n+CMS ERROR: 322\r\n",
        "\r\nSMS Ready\r\n",
    ],
)
async def test_a_modem_that_says_it_is_full_is_looked_through_at_once(
    peer: Peer, sink: MemorySink, said: str
) -> None:
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.say(said)
        await until(lambda: not peer.stored, patience=1)
        assert len(sink.messages) == 1


@pytest.mark.parametrize("said", ['+CIEV: "SMSFULL",0', '+CIEV: "MESSAGE",1', "+CMS ERROR: 500"])
async def test_other_things_that_it_says_cost_no_command(
    peer: Peer, sink: MemorySink, said: str
) -> None:
    async with in_service(peer, sink):
        peer.say(f"\r\n{said}\r\n")
        await asyncio.sleep(1)
        assert peer.commands == []


async def test_a_submit_refused_for_a_full_storage_is_followed_by_a_look(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.prompts.append("\r\n+CMS ERROR: 322\r\n")
        with pytest.raises(Exception, match="322"):
            await bench.driver.submit(PDU, never_mind)
        await until(lambda: not peer.stored, patience=1)


async def test_a_storage_that_fills_with_drafts_sounds_an_alarm_that_says_what_helps(
    peer: Peer, sink: MemorySink
) -> None:
    memory = fresh_memory()
    peer.stored |= {("SM", at): ("2,,18", DRAFT) for at in range(39)}
    peer.stored |= {("SM", at): ("1,,35", message_at(at)) for at in (40, 41, 42)}
    async with in_service(peer, sink, memory) as bench:
        await until(lambda: len(sink.messages) == 3)
        await asyncio.sleep(1)
        assert kinds_of_alarms(memory) == [], "39 of 50 are below four fifths"
        peer.stored |= {("SM", at): ("2,,18", DRAFT) for at in range(45)}
        peer.say('\r\n^SMMEMFULL: "SM"\r\n')
        await until(lambda: kinds_of_alarms(memory) == [AlarmKind.STORAGE_FILLING])
        (alarm,) = memory.alarms.active
        assert "SM holds 45 of 50" in alarm.detail
        assert "45 are drafts or sent copies" in alarm.detail
        assert "phone" in alarm.detail
        assert len(peer.stored) == 45, "what is not ours is never deleted"
        for at in range(25, 45):
            del peer.stored["SM", at]
        peer.say('\r\n^SMMEMFULL: "SM"\r\n')
        await asyncio.sleep(1)
        assert kinds_of_alarms(memory) == [AlarmKind.STORAGE_FILLING], "25 of 50 are not below half"
        del peer.stored["SM", 24]
        peer.say('\r\n^SMMEMFULL: "SM"\r\n')
        await until(lambda: kinds_of_alarms(memory) == [])
        assert not bench.link.lost


async def test_what_is_not_given_up_sounds_an_alarm_too(peer: Peer, sink: MemorySink) -> None:
    memory = fresh_memory()
    peer.stored |= {("SM", at): ("1,,35", message_at(at)) for at in range(40)}
    peer.answers |= {f"AT+CMGD={at}": "\r\n+CMS ERROR: 300\r\n" for at in range(40)}
    async with in_service(peer, sink, memory):
        await until(lambda: kinds_of_alarms(memory) == [AlarmKind.STORAGE_FILLING])
        assert "40 are not given up" in memory.alarms.active[0].detail
        assert len(sink.messages) == 40


async def test_a_storage_half_full_of_what_nobody_announced_is_looked_through(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        await asyncio.sleep(60)
        peer.stored |= {("SM", at): ("1,,35", message_at(at)) for at in range(25)}
        await asyncio.sleep(STORAGES * INTERVAL * 1.3)
        assert peer.stored == {}
        assert len(sink.messages) == 25


# The first minute (4.22)


@pytest.mark.parametrize("refusal", ["+CMS ERROR: 302", "+CME ERROR: 14", "ERROR"])
async def test_a_storage_that_is_not_ready_yet_is_read_when_it_is(
    peer: Peer, sink: MemorySink, refusal: str
) -> None:
    async with in_service(peer, sink):
        pass
    ready = {command: answer for command, answer in peer.answers.items() if "CPMS=" in command}
    late = dict.fromkeys([*ready, "AT+CPMS?", "AT+CMGL=4"], f"\r\n{refusal}\r\n")
    late |= {f"AT+CMGR={at}": f"\r\n{refusal}\r\n" for at in range(51)}
    peer.stored["SM", 3] = ("0,,35", MESSAGE)
    peer.answers |= late
    async with in_service(peer, sink) as bench:
        await asyncio.sleep(40)
        assert sink.calls == 0
        for command in late:
            peer.answers.pop(command, None)
        peer.answers |= ready
        await until(lambda: not peer.stored, patience=180)
        assert len(sink.messages) == 1
        assert not bench.link.lost


async def test_a_storage_that_is_never_ready_is_asked_ever_more_rarely(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers['AT+CPMS="SR","SM","SM"'] = "\r\nERROR\r\n"
    async with in_service(peer, sink):
        await asyncio.sleep(3600)
        assert peer.commands.count('AT+CPMS="SR","SM","SM"') < 25


async def test_an_announcement_that_was_not_answered_is_followed_up(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.once["AT+CMGR=3"] = [None]
        peer.say('\r\n+CMTI: "SM",3\r\n')
        await until(lambda: not peer.stored, patience=30)
        assert len(sink.messages) == 1


# What a hostile modem can do


async def test_a_storage_of_a_thousand_million_places_is_read_within_bounds(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers |= {
        "AT+CPMS?": ['+CPMS: "SM",999999999,1000000000'],
        "AT+CMGL=4": "\r\nERROR\r\n",
    }
    async with in_service(peer, sink) as bench:
        await asyncio.sleep(600)
        reads = [command for command in peer.commands if command.startswith("AT+CMGR")]
        assert len(set(reads)) <= PLACES_MAX + 1
        looks = 1 + 600 / (STORAGES * INTERVAL * 0.8)
        assert len(reads) <= (looks + 1) * (PLACES_MAX + 1)
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


async def test_a_list_of_four_thousand_lines_is_taken_and_costs_no_more_than_its_places(
    peer: Peer, sink: MemorySink
) -> None:
    entries = [(at % 60000, "1,,35", message_at(at)) for at in range(0, 3000 * 30, 30)]
    peer.answers |= {
        "AT+CPMS?": ['+CPMS: "SM",50,50'],
        "AT+CMGL=4": listing(*entries, (10**9, "1,,35", MESSAGE)),
    }
    async with in_service(peer, sink) as bench:
        await asyncio.sleep(60)
        assert len(sink.messages) <= PLACES_MAX
        assert not any("1000000000" in command for command in peer.commands)
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


@pytest.mark.parametrize("memory", ['"XX"', '"SM\\";+CMGD=1,4;"', '"SM_P"', '"ééé"', "a" * 4000])
async def test_odd_names_of_storages_are_harmless(
    peer: Peer, sink: MemorySink, memory: str
) -> None:
    async with in_service(peer, sink) as bench:
        peer.stored["SM", 1] = ("2,,18", DRAFT)
        peer.say(f"\r\n+CMTI: {memory},1\r\n\r\n+CDSI: {memory},1000000000\r\n")
        await asyncio.sleep(20)
        assert list(peer.stored) == [("SM", 1)]
        assert not any(";" in command or len(command) > 40 for command in peer.commands)
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


async def test_a_flood_of_announcements_keeps_nobody_from_sending(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.say('\r\n^SMMEMFULL: "SM"\r\n' * 1000 + '\r\n+CMTI: "SM",77\r\n' * 5000)
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0
