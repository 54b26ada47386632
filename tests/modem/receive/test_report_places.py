"""Reports that are announced where they are not (MODEMS.md 3.5, 3.5b)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.modem.receive.announced import MISLAID_MAX
from tests.modem.bench import (
    DRAFT,
    REPORT,
    MemorySink,
    fresh_memory,
    in_service,
    until,
)
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

HOUR = 3600 * 1.3
"""Seconds in which the hourly look comes at the latest; its interval is drawn."""

EMPTY_REPORT = "07917248014000F506000081" + "0" * 14 + "0" * 14 + "00"


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
