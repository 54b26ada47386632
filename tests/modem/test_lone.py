"""One modem in service for a command, and what is said when it does not get there."""

from __future__ import annotations

import asyncio

import pytest

from gateway.domain.errors import ModemError
from gateway.modem import UssdRequest
from gateway.modem.known.notebook import Notes
from gateway.modem.lone import PATIENCE, lone_modem
from gateway.modem.status import ModemState
from tests.modem.bench import MESSAGE, MemorySink, settings
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime


async def test_it_is_in_service_and_keeps_what_comes_in(peer: Peer, sink: MemorySink) -> None:
    peer.stored["SM", 1] = ("0,,35", MESSAGE)
    peer.answers |= {'AT+CUSD=1,"*1#",15': '\r\n+CUSD: 0,"5",15\r\nOK\r\n', "AT+CUSD=2": []}
    async with lone_modem(settings(), sink, Notes(), peer.open) as supervisor:
        assert supervisor.status.state is ModemState.READY
        assert (await supervisor.ussd(UssdRequest(text="*1#"))).text == "5"
        await asyncio.sleep(5)
    assert [pdu for _, pdu, _ in sink.messages] == [MESSAGE]
    assert supervisor.status.state is ModemState.STOPPED


async def test_a_locked_sim_is_told_at_once(peer: Peer, sink: MemorySink) -> None:
    peer.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
    with pytest.raises(ModemError, match="m0 is not in service: pin_required"):
        async with lone_modem(settings(), sink, Notes(), peer.open):
            pass


async def test_a_network_is_waited_for_and_not_for_ever(peer: Peer, sink: MemorySink) -> None:
    peer.answers |= {f"AT+C{domain}?": [f"+C{domain}: 0,2"] for domain in ("REG", "GREG", "EREG")}
    begun = asyncio.get_running_loop().time()
    with pytest.raises(ModemError, match=r"not_registered|no_service"):
        async with lone_modem(settings(), sink, Notes(), peer.open):
            pass
    assert asyncio.get_running_loop().time() - begun == pytest.approx(PATIENCE, abs=2)
