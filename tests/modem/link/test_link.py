"""One owner of the port: answers find their command, and nobody waits for a dead port."""

from __future__ import annotations

import asyncio

import pytest

from gateway.at import Unsolicited
from gateway.domain.errors import CommandTimeoutError, LinkLostError
from gateway.modem.link import limits
from tests.modem.bench import BOOT, forget, open_link, started
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime


async def test_start_escapes_before_anything_else(peer: Peer) -> None:
    link = open_link(peer)
    await link.start(BOOT)
    assert bytes(peer.written) == b"\x1b\rAT\r"


async def test_start_leaves_a_half_typed_pdu_without_sending_it(peer: Peer) -> None:
    link = await started(peer)
    async with link.turn() as turn, turn.submission(18) as submission:
        await submission.prompt()
        await submission.write("0021000C91")
        peer.connect(again := open_link(peer))
        await again.start(BOOT)
    assert peer.accepted == []
    assert (await again.command("AT+CSQ")).lines == ("+CSQ: 18,99",)


async def test_start_waits_for_a_modem_that_boots(peer: Peer) -> None:
    peer.deaf = True
    link = open_link(peer)
    starting = asyncio.create_task(link.start(BOOT))
    await asyncio.sleep(40)
    peer.deaf = False
    await starting
    assert not link.lost


@pytest.mark.parametrize("latency", [0.0, 0.02, 0.1, 0.3, 0.8, 1.5, 1.9])
@pytest.mark.parametrize("blank", [None, "\r\nOK\r\n", "\r\nERROR\r\n"])
async def test_start_does_not_take_an_answer_to_its_escape_for_one_to_a_command(
    peer: Peer, latency: float, blank: str | None
) -> None:
    peer.latency, peer.blank = latency, blank
    link = await started(peer)
    assert (await link.command("ATE0")).lines == ()
    assert (await link.command("AT+CSQ")).lines == ("+CSQ: 18,99",)


async def test_start_gives_a_dead_modem_up(peer: Peer) -> None:
    peer.deaf = True
    link = open_link(peer)
    with pytest.raises(LinkLostError, match="did not answer"):
        await link.start(BOOT)
    assert link.lost


async def test_answers_find_their_commands_in_any_chunks(peer: Peer) -> None:
    peer.bytewise = True
    link = await started(peer)
    signal, registration = await asyncio.gather(link.command("AT+CSQ"), link.command("AT+CREG?"))
    assert signal.lines == ("+CSQ: 18,99",)
    assert registration.lines == ("+CREG: 0,1",)


async def test_a_refusal_is_an_answer(peer: Peer) -> None:
    link = await started(peer)
    answer = await link.command("AT+NONE")
    assert not answer.ok


async def test_unsolicited_lines_go_to_the_listener_whatever_runs(peer: Peer) -> None:
    heard: list[Unsolicited] = []
    link = await started(peer, heard.append)
    peer.answers["AT+CSQ"] = '\r\n+CMTI: "SM",3\r\n+CSQ: 9,99\r\nOK\r\n^RSSI: 9\r\n'
    answer = await link.command("AT+CSQ")
    await asyncio.sleep(0.1)
    assert answer.lines == ("+CSQ: 9,99",)
    assert [said.name for said in heard] == ["+CMTI", "^RSSI"]


async def test_silence_ends_with_the_commands_own_limit(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    begun = asyncio.get_running_loop().time()
    with pytest.raises(CommandTimeoutError, match="AT\\+CSQ"):
        await link.command("AT+CSQ", limit=7)
    assert asyncio.get_running_loop().time() - begun == pytest.approx(7, abs=0.1)


async def test_a_late_answer_is_not_taken_for_the_next_ones(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    with pytest.raises(CommandTimeoutError):
        await link.command("AT+CSQ")
    asyncio.get_running_loop().call_later(0.05, peer.say, "\r\n+CSQ: 1,1\r\n\r\nOK\r\n")
    answer = await link.command("AT+CREG?")
    assert answer.lines == ("+CREG: 0,1",)


async def test_an_answer_that_comes_with_that_to_the_probe_is_seen_as_one_too_many(
    peer: Peer,
) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    with pytest.raises(CommandTimeoutError):
        await link.command("AT+CSQ")
    forget(peer)
    peer.once["AT"] = ["\r\nOK\r\n\r\nOK\r\n"]
    assert (await link.command("AT+CREG?")).lines == ("+CREG: 0,1",)
    assert peer.commands == ["AT", "AT", "AT+CREG?"]


async def test_a_modem_that_stays_silent_is_given_up(peer: Peer) -> None:
    link = await started(peer)
    peer.answers |= {"AT": None, "AT+CSQ": None}
    with pytest.raises(CommandTimeoutError):
        await link.command("AT+CSQ")
    with pytest.raises(LinkLostError, match="did not answer"):
        await link.command("AT+CREG?")
    assert link.lost


async def test_a_command_ends_when_the_port_is_gone(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    asking = asyncio.create_task(link.command("AT+CSQ", limit=1000))
    await asyncio.sleep(1)
    peer.hang_up()
    with pytest.raises(LinkLostError, match="Input/output"):
        await asking
    with pytest.raises(LinkLostError):
        await link.command("AT")


async def test_those_who_wait_for_their_turn_end_when_the_port_is_gone(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    asking = [asyncio.create_task(link.command("AT+CSQ", limit=1000)) for _ in range(3)]
    await asyncio.sleep(1)
    link.abort("unplugged")
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(result) for result in results] == [LinkLostError] * 3


async def test_a_cancelled_command_does_not_leave_its_answer_to_the_next(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = None
    asking = asyncio.create_task(link.command("AT+CSQ"))
    await asyncio.sleep(1)
    asking.cancel()
    await asyncio.wait([asking])
    peer.say("\r\n+CSQ: 1,1\r\n\r\nOK\r\n")
    assert (await link.command("AT+CREG?")).lines == ("+CREG: 0,1",)


async def test_an_ok_that_some_modems_leave_out_is_not_waited_for(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CPIN?"] = "\r\n+CPIN: READY\r\n"
    answer = await link.command("AT+CPIN?", settle=limits.INFORMATION_SETTLES)
    assert answer.ok
    assert answer.lines == ("+CPIN: READY",)
    forget(peer)
    await link.command("AT+CSQ")
    assert peer.commands == ["AT", "AT+CSQ"], "the OK may come after all"


async def test_a_modem_that_never_stops_talking_is_used_all_the_same(peer: Peer) -> None:
    async def talk() -> None:
        while True:
            peer.say("\r\n^RSSI: 9\r\n")
            await asyncio.sleep(0.01)

    link = open_link(peer)
    talking = asyncio.create_task(talk())
    await link.start(BOOT)
    assert (await link.command("AT+CSQ")).lines == ("+CSQ: 18,99",)
    talking.cancel()
    await asyncio.wait([talking])


async def test_a_restart_in_service_loses_the_link_at_once(peer: Peer) -> None:
    link = await started(peer)
    peer.say("\r\nRDY\r\n")
    await asyncio.sleep(0.1)
    assert not link.lost, "a modem that boots says so"
    link.in_service = True
    peer.say("\r\nRDY\r\n")
    await asyncio.sleep(0.1)
    assert link.lost


@pytest.mark.parametrize("said", ["+CPIN: NOT READY", "+CPIN: SIM REMOVED", "NORMAL POWER DOWN"])
async def test_a_sim_that_goes_loses_the_link(peer: Peer, said: str) -> None:
    link = await started(peer)
    link.in_service = True
    peer.say(f"\r\n{said}\r\n")
    await asyncio.sleep(0.1)
    assert link.lost


async def test_a_mad_answer_does_not_grow_without_end(peer: Peer) -> None:
    link = await started(peer)
    peer.answers["AT+CSQ"] = "noise\r\n" * 10_000 + "OK\r\n"
    assert len((await link.command("AT+CSQ")).lines) == 4096
