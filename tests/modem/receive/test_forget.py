"""Whoever is to be forgotten leaves the SIM, and nobody else does (COMPLIANCE.md G-7)."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from gateway.at import Stored
from gateway.domain.errors import ModemError
from gateway.domain.ids import ModemName
from gateway.domain.spelling import Spelling
from gateway.modem.shelves import Shelves
from gateway.modem.supervisor import Supervisor
from tests.modem.bench import DRAFT, MESSAGE, REPORT, MemorySink, in_service, settings
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

SHE = Spelling("+447700900123")
ANOTHER = DRAFT.replace("447700091032", "447700099999")


def is_hers(stored: Stored) -> bool:
    return SHE.stands_in_hex(stored.pdu)


@pytest.mark.rule("G-7")
async def test_drafts_to_the_number_are_deleted_and_others_stay(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.stored |= {("SM", 1): ("2,,18", DRAFT), ("SM", 2): ("2,,18", ANOTHER)}
        assert await bench.driver.forget(is_hers) == 1
        assert peer.stored == {("SM", 2): ("2,,18", ANOTHER)}


@pytest.mark.rule("G-7")
async def test_what_came_in_is_handed_over_before_it_is_deleted(
    peer: Peer, sink: MemorySink
) -> None:
    """A message of hers that nobody has read yet is found in the database then."""
    async with in_service(peer, sink) as bench:
        peer.stored |= {("SM", 1): ("0,,35", MESSAGE), ("SM", 3): ("2,,18", DRAFT)}
        assert await bench.driver.forget(is_hers) == 1
        assert [pdu for _, pdu, _ in sink.messages] == [MESSAGE]
        assert peer.stored == {}


@pytest.mark.rule("G-7")
async def test_a_report_that_is_stored_is_taken_too(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink) as bench:
        peer.stored |= {("SM", 1): ("0,,24", REPORT)}
        await bench.driver.forget(is_hers)
        assert [pdu for _, pdu, _ in sink.reports] == [REPORT]
        assert peer.stored == {}


@pytest.mark.rule("G-7")
async def test_a_modem_that_is_lost_meanwhile_says_so(peer: Peer, sink: MemorySink) -> None:
    async with in_service(peer, sink) as bench:
        asking = asyncio.create_task(bench.driver.forget(is_hers))
        await asyncio.sleep(0)
        bench.link.abort("unplugged")
        with pytest.raises(ModemError):
            await asking


@pytest.mark.rule("G-7")
async def test_a_modem_out_of_service_is_named(sink: MemorySink) -> None:
    async def serve(_: object) -> None: ...

    supervisor = Supervisor(settings(name=ModemName("m7")), sink, serve)
    emptied = await Shelves(partial(list, [supervisor])).forget(SHE.stands_in_hex)
    assert (emptied.deleted, emptied.unread) == (0, ("m7",))
