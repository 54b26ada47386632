"""Storages that hang, lie, refuse and fill up lose nothing and stop nothing (MODEMS.md 3, 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.domain.alarms import AlarmKind
from gateway.domain.ids import LineId
from gateway.modem.memory import Memory
from gateway.modem.receive.announced import MISLAID_MAX
from gateway.modem.receive.shelf import PLACES_MAX
from gateway.modem.watch import INTERVAL, STORAGES
from tests.modem.bench import (
    DRAFT,
    MESSAGE,
    PDU,
    REPORT,
    MemorySink,
    fresh_memory,
    in_service,
    message_at,
    never_mind,
    report_of,
    until,
)
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

HOUR = 3600 * 1.3
"""Seconds in which the hourly look comes at the latest; its interval is drawn."""

EMPTY_REPORT = "07917248014000F506000081" + "0" * 14 + "0" * 14 + "00"


def listing(*entries: tuple[int, str, str]) -> list[str]:
    return [part for at, header, pdu in entries for part in (f"+CMGL: {at},{header}", pdu)]


def kinds_of_alarms(memory: Memory) -> list[AlarmKind]:
    return [alarm.kind for alarm in memory.alarms.active]


class Stumbling(MemorySink):
    """A sink with a fault of its own, which one message brings to light."""

    async def message(self, line: LineId, pdu: str, length: int | None) -> None:
        if pdu == MESSAGE:
            raise ValueError("nobody thought of that")
        await super().message(line, pdu, length)


async def test_what_the_gateway_stumbles_over_stays_and_stops_nothing_else(peer: Peer) -> None:
    sink = Stumbling()
    peer.stored |= {("SM", 0): ("1,,35", MESSAGE), ("SM", 1): ("1,,35", message_at(1))}
    with capture_logs() as logs:
        async with in_service(peer, sink) as bench:
            await until(lambda: len(peer.stored) == 1)
            peer.say(f"\r\n+CMT: ,35\r\n{MESSAGE}\r\n")
            peer.stored["SM", 2] = ("1,,35", message_at(2))
            peer.say('\r\n+CMTI: "SM",2\r\n')
            await until(lambda: len(sink.messages) == 2)
            await bench.driver.submit(PDU, never_mind)
    assert list(peer.stored) == [("SM", 0)]
    failures = [entry for entry in logs if entry["event"] == "hand_over_failed"]
    assert len(failures) == 2
    assert MESSAGE not in str(failures)


# Lists (4.6, 4.7)


async def test_a_list_that_hangs_is_done_without_and_never_asked_for_again(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers["AT+CMGL=4"] = None
    peer.stored |= {("SM", 0): ("1,,35", MESSAGE), ("SM", 50): ("1,,35", message_at(1))}
    memory = fresh_memory()
    async with in_service(peer, sink, memory):
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 2
    peer.stored["SM", 3] = ("1,,35", message_at(2))
    peer.commands.clear()
    async with in_service(peer, sink, memory) as bench:
        await until(lambda: not peer.stored)
        assert bench.setup.experience.learned.lists is False
    assert "AT+CMGL=4" not in peer.commands


async def test_sending_goes_on_while_places_are_read_one_by_one(
    peer: Peer, sink: MemorySink
) -> None:
    peer.answers["AT+CMGL=4"] = "\r\nERROR\r\n"
    peer.stored["SM", 49] = ("1,,35", MESSAGE)
    peer.latency = 0.1
    async with in_service(peer, sink) as bench:
        await asyncio.sleep(1)
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0
        assert sink.messages == []
        await until(lambda: not peer.stored)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(listing((7, "1,,35", MESSAGE), (2, "1,,35", message_at(1))), id="swapped"),
        pytest.param(listing((2, "1,,35", MESSAGE), (2, "1,,35", message_at(1))), id="one place"),
        pytest.param(listing((9, "1,,35", MESSAGE), (8, "1,,35", message_at(1))), id="elsewhere"),
        pytest.param(listing((2, "1,,35", MESSAGE)), id="one left out"),
        pytest.param([], id="nothing"),
    ],
)
async def test_a_list_that_lies_loses_nothing(
    peer: Peer, sink: MemorySink, told: list[str]
) -> None:
    peer.answers["AT+CMGL=4"] = told
    peer.stored |= {("SM", 2): ("1,,35", MESSAGE), ("SM", 7): ("1,,35", message_at(1))}
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert {pdu for _, pdu, _ in sink.messages} == {MESSAGE, message_at(1)}
        assert len(sink.messages) == 2


async def test_a_list_without_its_end_is_completed(peer: Peer, sink: MemorySink) -> None:
    cut = listing((1, "1,,35", MESSAGE), (2, "1,,24", REPORT[:40]), (3, "1,,24", ""))
    peer.once["AT+CMGL=4"] = [cut[:-1]]
    peer.stored |= {
        ("SM", 1): ("1,,35", MESSAGE),
        ("SM", 2): ("1,,24", REPORT),
        ("SM", 3): ("1,,24", report_of(1)),
    }
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert sorted(pdu for _, pdu, _ in sink.reports) == sorted([REPORT, report_of(1)])


async def test_a_message_that_stays_cut_off_is_kept_as_it_is(peer: Peer, sink: MemorySink) -> None:
    peer.stored["SM", 2] = ("1,,35", MESSAGE[:60])
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert [pdu for _, pdu, _ in sink.messages] == [MESSAGE[:60]]


async def test_one_place_that_never_answers_hides_no_other(peer: Peer, sink: MemorySink) -> None:
    peer.answers |= {"AT+CMGL=4": "\r\nERROR\r\n", "AT+CMGR=3": None}
    peer.stored |= {("SM", 3): ("1,,35", MESSAGE), ("SM", 9): ("1,,35", message_at(1))}
    async with in_service(peer, sink):
        await until(lambda: sink.messages != [], patience=120)
        assert sink.messages[0][1] == message_at(1)


# Empty places (1.9, 3.6, 3.7, 4.9)


@pytest.mark.parametrize(
    "empty",
    [
        "\r\nOK\r\n",
        "\r\n+CMS ERROR: 321\r\n",
        "\r\n+CMS ERROR: 500\r\n",
        "\r\n+CMGR: 0,,0\r\n\r\nOK\r\n",
    ],
)
async def test_an_empty_place_is_no_fault_however_it_is_told(
    peer: Peer, sink: MemorySink, empty: str
) -> None:
    async with in_service(peer, sink) as bench:
        peer.answers["AT+CMGR=8"] = empty
        peer.say('\r\n+CDSI: "SR",8\r\n')
        await asyncio.sleep(10)
        assert sink.calls == 0
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


async def test_a_count_of_nothing_is_not_believed_after_an_announcement(
    peer: Peer, sink: MemorySink
) -> None:
    """Huawei counts 0 for a moment; and what was announced lies in another place."""
    async with in_service(peer, sink):
        peer.answers["AT+CPMS?"] = ['+CPMS: "SM",0,50,"SM",0,50,"SM",0,50']
        peer.stored["SM", 4] = ("0,,35", MESSAGE)
        peer.say('\r\n+CMTI: "SM",9\r\n')
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 1


async def test_reports_whose_storage_knows_no_list_are_read_and_deleted_one_by_one(
    peer: Peer, sink: MemorySink
) -> None:
    def list_of_messages_alone() -> object:
        if peer.memory == "SR":
            return "\r\n+CMS ERROR: 302\r\n"
        return []

    peer.answers["AT+CMGL=4"] = list_of_messages_alone
    async with in_service(peer, sink):
        peer.stored |= {("SR", at): (",,24", report_of(at)) for at in (0, 3, 7)}
        peer.say("\r\n+CDSI:\r\n")
        await until(lambda: not peer.stored)
        assert len(sink.reports) == 3
        deletions = [command for command in peer.commands if command.startswith("AT+CMGD")]
        assert sorted(deletions) == ["AT+CMGD=0", "AT+CMGD=3", "AT+CMGD=7"]


async def test_reports_are_looked_for_every_hour(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        await asyncio.sleep(60)
        peer.stored["SR", 1] = (",,24", REPORT)
        await asyncio.sleep(HOUR)
        assert peer.stored == {}
        assert len(sink.reports) == 1


# Reports in the wrong place (3.5, 3.5b)


def stores_reports(peer: Peer) -> None:
    """A modem that only stores reports until it is told otherwise, as its profile wants it."""
    kept = ["2,1,0,2,0"]

    def take(values: str) -> Callable[[], object]:
        def answer() -> object:
            kept[0] = values
            return []

        return answer

    refuse_once: list[object] = ["\r\nERROR\r\n"] * 2
    peer.once |= {"AT+CNMI=2,1,0,1,0": refuse_once[:1], "AT+CNMI=2,1,0,1": refuse_once[1:]}
    for values in ("2,1,0,1,0", "2,1,0,2,0"):
        peer.answers[f"AT+CNMI={values}"] = take(values)
    peer.answers["AT+CNMI?"] = lambda: [f"+CNMI: {kept[0]}"]


async def test_a_modem_that_names_the_wrong_storage_is_asked_for_routed_reports(
    peer: Peer, sink: MemorySink
) -> None:
    """EC25: announced in SM, an empty OK there, and nothing in SR either."""
    stores_reports(peer)
    memory = fresh_memory()
    async with in_service(peer, sink, memory) as bench:
        assert bench.setup.indications.command == "AT+CNMI=2,1,0,2,0"
        peer.stored["SM", 0] = ("2,,18", DRAFT)
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await until(lambda: "AT+CNMI=2,1,0,1,0" in peer.commands)
        assert list(peer.stored) == [("SM", 0)], "what is not ours is not deleted"
        await asyncio.sleep(1)
        assert bench.setup.experience.learned.announcements == (2, 1, 0, 1, 0)
        peer.commands.clear()
        await asyncio.sleep(HOUR)
        assert not any(command.startswith("AT+CNMI=") for command in peer.commands)
    async with in_service(peer, sink, memory) as bench:
        assert bench.setup.indications.command == "AT+CNMI=2,1,0,1,0"


async def test_a_report_named_in_the_wrong_storage_is_found_at_once(
    peer: Peer, sink: MemorySink
) -> None:
    stores_reports(peer)
    async with in_service(peer, sink):
        peer.stored["SR", 0] = (",,24", REPORT)
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await until(lambda: not peer.stored, patience=0.4)
        assert "AT+CNMI=2,1,0,1,0" not in peer.commands


async def test_one_report_that_is_nowhere_changes_nothing_and_some_do(
    peer: Peer, sink: MemorySink
) -> None:
    stores_reports(peer)
    async with in_service(peer, sink):
        for _ in range(MISLAID_MAX - 1):
            peer.say('\r\n+CDSI: "SR",8\r\n')
            await asyncio.sleep(10)
        assert "AT+CNMI=2,1,0,1,0" not in peer.commands
        peer.say('\r\n+CDSI: "SR",8\r\n')
        await until(lambda: "AT+CNMI=2,1,0,1,0" in peer.commands)


async def test_a_modem_that_routes_no_reports_is_left_as_it_was(
    peer: Peer, sink: MemorySink
) -> None:
    del peer.answers["AT+CNMI=2,1,0,1,0"]
    peer.answers |= {"AT+CNMI=2,1,0,2,0": [], "AT+CNMI?": ["+CNMI: 2,1,0,2,0"]}
    async with in_service(peer, sink) as bench:
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await asyncio.sleep(10)
        tried = [command for command in peer.commands if command.startswith("AT+CNMI=")]
        assert tried[-1] == "AT+CNMI=2,1,0,2,0"
        assert bench.setup.experience.learned.announcements == (2, 1, 0, 2, 0)


async def test_an_empty_report_is_read_again_and_never_handed_over(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SR", 3] = (",,24", EMPTY_REPORT)
        peer.say('\r\n+CDSI: "SR",3\r\n')
        await asyncio.sleep(0.7)
        peer.stored["SR", 3] = (",,24", REPORT)
        await until(lambda: not peer.stored)
        assert [pdu for _, pdu, _ in sink.reports] == [REPORT]


async def test_a_report_that_stays_empty_is_dropped_when_nobody_writes_it_any_more(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SR", 3] = (",,24", EMPTY_REPORT)
        peer.say('\r\n+CDSI: "SR",3\r\n')
        await asyncio.sleep(30)
        assert peer.stored
        await asyncio.sleep(HOUR)
        assert peer.stored == {}
        assert sink.calls == 0


async def test_what_cannot_be_read_is_logged_by_its_shape(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink):
        peer.answers["AT+CMGR=3"] = ['+CMGR: 0,"Jane",24', "4477009001 23"]
        with capture_logs() as logs:
            peer.say('\r\n+CMTI: "SM",3\r\n')
            await asyncio.sleep(5)
    told = [entry["answer"] for entry in logs if entry["event"] == "place_without_pdu"]
    assert told
    assert set(told) == {"+CMGR: 0,<6>,24 | <13>"}


# Text mode (4.10)


async def test_a_modem_that_fell_back_to_text_mode_is_set_right(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        peer.once["AT+CMGR=3"] = [
            ['+CMGR: "REC UNREAD","+447700900123",,"24/01/01,10:00:00+00"', "12345678901234567890"]
        ]
        peer.say('\r\n+CMTI: "SM",3\r\n')
        await until(lambda: not peer.stored)
        assert sink.messages == [("8944100030207654321", MESSAGE, 35)]
        asked = [command for command in peer.commands if "CPMS" not in command]
        assert asked == ["AT+CMGR=3", "AT+CMGF=0", "AT+CMGR=3", "AT+CMGD=3"]


async def test_a_list_in_text_mode_is_asked_for_again(peer: Peer, sink: MemorySink) -> None:
    peer.stored["SM", 3] = ("0,,35", MESSAGE)
    peer.once["AT+CMGL=4"] = [['+CMGL: 3,"REC READ","+31628870634",,"11/01/09,10:26:26+04"', "Hi"]]
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert len(sink.messages) == 1


# Deleting (4.13)


async def test_what_a_modem_refuses_to_delete_is_handed_over_once(
    peer: Peer, sink: MemorySink
) -> None:
    memory = fresh_memory()
    peer.stored["SM", 3] = ("0,,35", MESSAGE)
    peer.answers["AT+CMGD=3"] = "\r\n+CMS ERROR: 500\r\n"
    async with in_service(peer, sink, memory):
        await asyncio.sleep(HOUR)
        assert peer.commands.count("AT+CMGD=3") >= 1
    async with in_service(peer, sink, memory):
        await asyncio.sleep(10)
        assert len(sink.messages) == 1
        del peer.answers["AT+CMGD=3"]
        await asyncio.sleep(HOUR)
        assert peer.stored == {}
        assert len(sink.messages) == 1


async def test_a_place_that_holds_another_by_the_time_it_is_deleted_is_left_alone(
    peer: Peer, sink: MemorySink
) -> None:
    """A modem that deletes by itself has put a message there that nobody has read."""
    async with in_service(peer, sink):
        peer.stored["SM", 3] = ("0,,35", MESSAGE)
        sink.failures = 6
        peer.say('\r\n+CMTI: "SM",3\r\n')
        await until(lambda: sink.calls == 3)
        peer.stored["SM", 3] = ("0,,35", message_at(5))
        await until(lambda: sink.messages != [])
        await asyncio.sleep(1)
        assert list(peer.stored) == [("SM", 3)]
        await asyncio.sleep(HOUR)
        assert peer.stored == {}
        assert [pdu for _, pdu, _ in sink.messages] == [MESSAGE, message_at(5)]


async def test_places_that_move_up_when_one_is_deleted_lose_nothing(
    peer: Peer, sink: MemorySink
) -> None:
    def delete(index: int) -> Callable[[], object]:
        def answer() -> object:
            left = [entry for (_, at), entry in sorted(peer.stored.items()) if at != index]
            peer.stored.clear()
            peer.stored.update({("SM", at): entry for at, entry in enumerate(left, start=1)})
            return []

        return answer

    messages = [message_at(second) for second in range(6)]
    peer.stored |= {("SM", at): ("1,,35", pdu) for at, pdu in enumerate(messages, start=1)}
    peer.answers |= {f"AT+CMGD={at}": delete(at) for at in range(1, 7)}
    async with in_service(peer, sink):
        await until(lambda: not peer.stored)
        assert sorted(pdu for _, pdu, _ in sink.messages) == sorted(messages)


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
        await until(lambda: not peer.stored, patience=60)
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


# Evidence


async def test_the_dialogue_of_an_ec25(peer: Peer, sink: MemorySink, transcripts: Path) -> None:
    """chan-quectel PR#75: the empty OK of the transcript leads to the report in SR."""
    text = (transcripts / "chan-quectel-75-ec25-cdsi-sm.txt").read_text()
    assert '<< +CDSI: "SM",0\n>> AT+CMGR=0\n<< OK\n' in text
    stores_reports(peer)
    async with in_service(peer, sink):
        peer.stored["SR", 0] = (",,24", REPORT)

        def read() -> object:
            return [f"+CMGR: {REPORT}"] if peer.memory == "SR" else "\r\nOK\r\n"

        peer.answers["AT+CMGR=0"] = read
        peer.say('\r\n+CDSI: "SM",0\r\n')
        await until(lambda: not peer.stored)
        assert len(sink.reports) == 1
