"""What a driver does for its modem beside sending."""

from __future__ import annotations

import asyncio

import pytest

from gateway.domain.errors import NotSentError, OutcomeUnknownError
from tests.modem.bench import MESSAGE, PDU, MemorySink, in_service, never_mind, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

RESTORED = 'AT+CSCA="+447802000332",145'


@pytest.mark.parametrize(("code", "restored"), [(330, 1), (38, 0)])
async def test_a_service_centre_that_was_forgotten_is_given_back(
    peer: Peer, sink: MemorySink, code: int, restored: int
) -> None:
    async with in_service(peer, sink) as bench:
        peer.prompts = [f"\r\n+CMS ERROR: {code}\r\n"]
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        assert peer.commands.count(RESTORED) == restored
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


@pytest.mark.parametrize("said", ["+CMS ERROR: 311", "+CME ERROR: 11", "+CMS ERROR: 310"])
async def test_a_sim_that_is_locked_again_is_brought_up_again(
    peer: Peer, sink: MemorySink, said: str
) -> None:
    """Some sticks restart without a word (MODEMS.md 5.13)."""
    async with in_service(peer, sink) as bench:
        peer.prompts = [f"\r\n{said}\r\n"]
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        assert bench.driver.lost


async def test_a_bare_error_has_the_sim_asked(peer: Peer, sink: MemorySink) -> None:
    """With +CMEE forgotten, a restart without a word leaves no other sign."""
    async with in_service(peer, sink) as bench:
        peer.prompts = ["\r\nERROR\r\n"]
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        assert not bench.driver.lost
        peer.prompts, peer.answers["AT+CPIN?"] = ["\r\nERROR\r\n"], ["+CPIN: SIM PIN"]
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        assert bench.driver.lost


async def test_a_message_waits_for_a_telephone_that_rings(peer: Peer, sink: MemorySink) -> None:
    """MODEMS.md 2.11: sending while receiving collides."""
    async with in_service(peer, sink) as bench:
        peer.say("\r\nRING\r\n")
        await asyncio.sleep(0.1)
        begun = asyncio.get_running_loop().time()
        await bench.driver.submit(PDU, never_mind)
        assert 5 < asyncio.get_running_loop().time() - begun < 7


async def test_a_telephone_that_never_stops_does_not_stop_the_line(
    peer: Peer, sink: MemorySink
) -> None:
    async def ring() -> None:
        while True:
            peer.say("\r\nRING\r\n")
            await asyncio.sleep(3)

    async with in_service(peer, sink) as bench:
        ringing = asyncio.create_task(ring())
        await asyncio.sleep(0.1)
        begun = asyncio.get_running_loop().time()
        await bench.driver.submit(PDU, never_mind)
        assert 29 < asyncio.get_running_loop().time() - begun < 32
        ringing.cancel()
        await asyncio.wait([ringing])


@pytest.mark.parametrize("code", [208, 209, 211, 322])
async def test_a_full_storage_is_looked_through_and_sending_goes_on(
    peer: Peer, sink: MemorySink, code: int
) -> None:
    async with in_service(peer, sink) as bench:
        await asyncio.sleep(5)  # The first look is over.
        peer.stored["SM", 1] = ("0,,35", MESSAGE)
        peer.prompts.append(f"\r\n+CMS ERROR: {code}\r\n")
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        await until(lambda: sink.messages != [])
        assert (await bench.driver.submit(PDU, never_mind)).reference == 0


async def test_characters_that_were_lost_are_written_slowly_the_next_time(
    peer: Peer, sink: MemorySink
) -> None:
    async with in_service(peer, sink) as bench:
        peer.outcomes.append("\r\n+CMS ERROR: 304\r\n")
        with pytest.raises(NotSentError):
            await bench.driver.submit(PDU, never_mind)
        begun = asyncio.get_running_loop().time()
        await bench.driver.submit(PDU, never_mind)
        assert asyncio.get_running_loop().time() - begun >= 2 * 0.02, "38 characters: 2 pauses"


async def test_a_reference_that_is_the_same_for_all_is_none(peer: Peer, sink: MemorySink) -> None:
    """MODEMS.md 2.8: the reports carry others, and are matched by number and time then."""
    peer.outcome = "\r\n+CMGS: 0\r\n\r\nOK\r\n"
    async with in_service(peer, sink) as bench:
        told = [(await bench.driver.submit(PDU, never_mind)).reference for _ in range(3)]
        assert told == [0, None, None]
        assert not bench.setup.experience.learned.references
        peer.outcome = "\r\n+CMGS: {}\r\n\r\nOK\r\n"
        told = [(await bench.driver.submit(PDU, never_mind)).reference for _ in range(2)]
        assert told == [3, 4], "a modem that was put right is believed"


async def test_a_modem_that_swallows_a_message_is_asked_whether_it_restarted(
    peer: Peer, sink: MemorySink
) -> None:
    """MODEMS.md 5.13: with its settings gone it would bring no report of the message."""
    async with in_service(peer, sink, submit_timeout=5) as bench:
        peer.outcomes = [None]
        peer.answers["AT+CNMI?"] = ["+CNMI: 0,0,0,0,0"]
        with pytest.raises(OutcomeUnknownError):
            await bench.driver.submit(PDU, never_mind)
        await until(lambda: bench.driver.lost)
