"""A call neither stops what is under way nor is it answered (MODEMS.md 4.23)."""

from __future__ import annotations

import asyncio

import pytest

from tests.modem.bench import PDU, MemorySink, in_service, never_mind, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

RING = '\r\nRING\r\n\r\n+CLIP: "+447700900456",145\r\n'


async def test_a_call_is_ignored_as_long_as_nobody_wants_it_hung_up(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.say(RING * 5)
        await asyncio.sleep(5)
        assert peer.commands == []
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


@pytest.mark.parametrize(
    ("answers", "commands"),
    [
        ({"AT+CHUP": []}, ["AT+CHUP"]),
        ({"ATH": []}, ["AT+CHUP", "ATH"]),
        ({}, ["AT+CHUP", "ATH"]),
    ],
)
async def test_a_call_is_hung_up_once_for_all_its_rings(
    peer: Peer, sink: MemorySink, answers: dict[str, object], commands: list[str]
) -> None:
    peer.answers |= answers
    async with in_service(peer, sink, hang_up=True) as bench:
        peer.say(RING * 3)
        await asyncio.sleep(5)
        assert peer.commands == commands
        assert not bench.link.lost


@pytest.mark.parametrize("place", ["before the prompt", "behind the prompt", "after the PDU"])
async def test_a_call_never_ends_up_in_a_pdu(peer: Peer, sink: MemorySink, place: str) -> None:
    """A command written to the prompt would be sent to somebody as a part of the PDU."""
    peer.answers["AT+CHUP"] = []
    if place == "before the prompt":
        peer.prompt = f"{RING}\r\n> "
    elif place == "behind the prompt":
        peer.prompt = f"\r\n> {RING}"
    else:
        peer.outcomes.append(f"{RING}\r\n+CMGS: 7\r\n\r\nOK\r\n")
    async with in_service(peer, sink, hang_up=True) as bench:
        await bench.driver.submit(PDU, never_mind)
        await until(lambda: "AT+CHUP" in peer.commands)
        assert peer.accepted == [PDU.hex]
