"""Storages that hang, lie and refuse lose nothing and stop nothing (MODEMS.md 3, 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from gateway.domain.ids import LineId
from tests.modem.bench import (
    MESSAGE,
    PDU,
    REPORT,
    MemorySink,
    fresh_memory,
    in_service,
    listing,
    message_at,
    never_mind,
    report_of,
    until,
)
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

HOUR = 3600 * 1.3
"""Seconds in which the hourly look comes at the latest; its interval is drawn."""


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
