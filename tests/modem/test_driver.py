"""What a driver does for its modem beside sending."""

from __future__ import annotations

import pytest

from gateway.domain.errors import NotSentError
from tests.modem.bench import PDU, MemorySink, in_service, never_mind
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
