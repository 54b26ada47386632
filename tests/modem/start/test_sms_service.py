"""The SMS service of modems that want it on another network, or later, or in another way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from gateway.domain.errors import NotSentError
from gateway.modem.known.learned import Experience
from gateway.modem.known.notebook import Notes
from gateway.modem.known.profile import Habits, Ladders, Profile
from tests.modem.bench import (
    PDU,
    MemorySink,
    bring,
    forget,
    fresh_memory,
    in_service,
    never_mind,
    started,
)
from tests.modem.notebooks import PaperNotebook, new_process
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

SUBJECT = "modem:490154203237518"
REFUSED = "\r\nERROR\r\n"


@pytest.fixture
def profile() -> Iterator[Profile]:
    """What every modem is taken for: one that has all habits and may need a network named."""
    chosen = Profile(
        name="any", ladders=Ladders(services=(1, 3)), habits=Habits(more_messages=True, wake=True)
    )
    with patch("gateway.modem.start.start.load_profiles", return_value={"generic": chosen}):
        yield chosen


@pytest.mark.usefixtures("profile")
class TestServices:
    async def test_a_pdu_mode_refused_without_a_reason_is_found_on_another_network(
        self, peer: Peer
    ) -> None:
        paper = PaperNotebook()

        def choose() -> str:
            peer.answers["AT+CMGF=0"] = []
            return "\r\nOK\r\n"

        peer.answers |= {
            "AT+CMGF=0": REFUSED,
            "AT+CGSMS?": ["+CGSMS: 0"],
            "AT+CGSMS=1": [],
            "AT+CGSMS=3": choose,
        }
        await bring(peer, new_process(paper))
        assert [c for c in peer.commands if c.startswith("AT+CGSMS=")] == [
            "AT+CGSMS=1",
            "AT+CGSMS=3",
        ]
        assert (await Experience.recall(Notes(paper), SUBJECT)).learned.service == 3
        forget(peer)
        await bring(peer, new_process(paper))
        assert [c for c in peer.commands if c.startswith("AT+CGSMS=")] == ["AT+CGSMS=3"]

    async def test_messages_refused_without_a_reason_change_the_network_once_each(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        peer.answers |= {"AT+CGSMS?": ["+CGSMS: 1"], "AT+CGSMS=1": [], "AT+CGSMS=3": []}
        peer.prompt = REFUSED
        async with in_service(peer, sink) as bench:
            for _ in range(7):
                with pytest.raises(NotSentError):
                    await bench.driver.submit(PDU, never_mind)
            chosen = [c for c in peer.commands if c.startswith("AT+CGSMS=")]
            assert chosen == ["AT+CGSMS=3"], "1 is what it has already"
            peer.prompt = "\r\n> "
            await bench.driver.submit(PDU, never_mind)
            await bench.driver.submit(PDU, never_mind)
            assert bench.setup.experience.learned.service == 3

    async def test_messages_refused_with_a_reason_do_not(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        peer.prompt = "\r\n+CMS ERROR: 42\r\n"
        async with in_service(peer, sink) as bench:
            for _ in range(12):
                with pytest.raises(NotSentError):
                    await bench.driver.submit(PDU, never_mind)
        assert not [c for c in peer.commands if c.startswith("AT+CGSMS=")]


@pytest.mark.usefixtures("profile")
class TestHabits:
    async def test_keeping_the_radio_link_is_asked_for_until_it_is_refused(
        self, peer: Peer
    ) -> None:
        paper = PaperNotebook()
        peer.answers["AT+CMMS=2"] = "\r\n+CMS ERROR: 500\r\n"
        for _ in range(3):
            await bring(peer, new_process(paper))
        assert peer.commands.count("AT+CMMS=2") == 1

    async def test_one_that_takes_it_is_asked_at_every_start(self, peer: Peer) -> None:
        paper = PaperNotebook()
        peer.answers["AT+CMMS=2"] = []
        for _ in range(3):
            await bring(peer, new_process(paper))
        assert peer.commands.count("AT+CMMS=2") == 3

    async def test_a_modem_that_sleeps_swallows_nothing_that_counts(self, peer: Peer) -> None:
        link, _ = await bring(peer)
        await asyncio.sleep(60)
        asleep = True
        take = peer.receive

        def doze(data: bytes) -> None:
            nonlocal asleep
            awake, asleep = not asleep, False
            if awake:
                take(data)

        peer.receive = doze  # type: ignore[method-assign]
        begun = asyncio.get_running_loop().time()
        assert (await link.command("AT+CSQ")).lines == ("+CSQ: 18,99",)
        assert asyncio.get_running_loop().time() - begun < 1


async def test_one_that_does_not_sleep_is_not_woken(peer: Peer) -> None:
    link = await started(peer)
    await asyncio.sleep(60)
    await link.command("AT+CSQ")
    assert peer.commands == ["AT+CSQ"]


async def test_a_modem_that_knows_no_acknowledgement_is_not_asked_for_one(peer: Peer) -> None:
    peer.answers |= {
        "AT+CSMS?": ["+CSMS: 1,1,1,1"],
        "AT+CGMI": ["SIMCOM INCORPORATED"],
        "AT+CGMM": ["SIMCOM_SIM7600G-H"],
    }
    _, setup = await bring(peer)
    assert setup.profile_name == "simcom-sim7600"
    assert not setup.acknowledges


async def test_storages_that_say_that_they_start_are_waited_for(peer: Peer) -> None:
    busy = ["\r\n+CMS ERROR: 302\r\n", "\r\n+CME ERROR: 14\r\n"] * 10
    peer.once["AT+CPMS?"] = list(busy)
    _, setup = await bring(peer)
    assert setup.storages.home == "SM"
    assert peer.commands.index('AT+CPMS="SM","SM","SM"') > 20


class TestServiceCentre:
    async def test_it_is_kept_by_its_sim_across_restarts(self, peer: Peer) -> None:
        paper = PaperNotebook()
        peer.answers["AT+CSCA?"] = ['+CSCA: "002B003400340037"']
        await bring(peer, new_process(paper))
        peer.answers |= {"AT+CSCA?": ['+CSCA: ""'], 'AT+CSCA="+447",145': []}
        _, setup = await bring(peer, new_process(paper))
        assert setup.service_centre == "+447"
        assert 'AT+CSCA="+447",145' in peer.commands

    async def test_a_modem_that_speaks_hex_gets_it_in_hex(self, peer: Peer) -> None:
        memory = fresh_memory()
        peer.answers["AT+CSCA?"] = ['+CSCA: "002B003400340037",145']
        await bring(peer, memory)

        def keep() -> str:
            peer.answers["AT+CSCA?"] = ['+CSCA: "002B003400340037",145']
            return "\r\nOK\r\n"

        peer.answers |= {
            "AT+CSCA?": ['+CSCA: "",129'],
            'AT+CSCA="+447",145': [],
            'AT+CSCA="002B003400340037",145': keep,
        }
        await bring(peer, memory)
        assert 'AT+CSCA="002B003400340037",145' in peer.commands

    @pytest.mark.parametrize("early", [True, False])
    async def test_a_refusal_for_want_of_it_is_put_right_for_the_next_try(
        self, peer: Peer, sink: MemorySink, early: bool
    ) -> None:
        refusal = "\r\n+CMS ERROR: 330\r\n"
        peer.answers['AT+CSCA="+447802000332",145'] = []
        if early:
            peer.prompts = [refusal]
        else:
            peer.outcomes = [refusal]
        async with in_service(peer, sink) as bench:
            with pytest.raises(NotSentError):
                await bench.driver.submit(PDU, never_mind)
            assert 'AT+CSCA="+447802000332",145' in peer.commands
            await bench.driver.submit(PDU, never_mind)
        assert len(peer.accepted) - peer.rejected == 1
