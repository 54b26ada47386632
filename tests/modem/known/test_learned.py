"""What worked is tried first the next time, also after a restart of the gateway."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.modem.known.learned import Experience, Learned
from gateway.modem.known.notebook import Notes
from gateway.modem.known.profile import UssdForm
from tests.modem.bench import bring, forget
from tests.modem.notebooks import BrokenNotebook, PaperNotebook, new_process
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

SUBJECT = "modem:490154203237518"
LATE_RUNG = "AT+CNMI=1,1,0,2"


@pytest.fixture
def paper() -> PaperNotebook:
    return PaperNotebook()


@pytest.fixture
def odd(peer: Peer) -> Peer:
    """A modem that takes the fourth rung of one ladder and the fifth of another."""
    for command in [command for command in peer.answers if command.startswith("AT+CPMS=")]:
        del peer.answers[command]
    del peer.answers["AT+CNMI=2,1,0,1,0"]
    peer.answers |= {
        "AT+CPMS=?": ['+CPMS: ("SM","ME")'],
        'AT+CPMS="ME","ME"': [],
        LATE_RUNG: [],
        "AT+CNMI?": ["+CNMI: 1,1,0,2"],
    }
    return peer


def tried(peer: Peer, name: str) -> list[str]:
    return [command for command in peer.commands if command.startswith(name)]


async def test_what_worked_is_tried_first_after_a_restart(odd: Peer, paper: PaperNotebook) -> None:
    await bring(odd, new_process(paper))
    assert len(tried(odd, "AT+CNMI=")) > 1
    assert len(tried(odd, 'AT+CPMS="')) > 1
    forget(odd)
    _, setup = await bring(odd, new_process(paper))
    assert tried(odd, "AT+CNMI=") == [LATE_RUNG]
    assert tried(odd, 'AT+CPMS="') == ['AT+CPMS="ME","ME"']
    assert (setup.storages.home, setup.storages.arguments) == ("ME", 2)
    assert setup.indications.complete


async def test_what_works_no_longer_is_found_anew_and_replaced(
    odd: Peer, paper: PaperNotebook
) -> None:
    await bring(odd, new_process(paper))
    del odd.answers[LATE_RUNG]
    odd.answers |= {"AT+CNMI=2,1,0,0,0": [], "AT+CNMI?": ["+CNMI: 2,1,0,0,0"]}
    await bring(odd, new_process(paper))
    forget(odd)
    await bring(odd, new_process(paper))
    assert tried(odd, "AT+CNMI=") == ["AT+CNMI=2,1,0,0,0"]


async def test_another_stick_begins_without_it(odd: Peer, paper: PaperNotebook) -> None:
    await bring(odd, new_process(paper))
    forget(odd)
    odd.answers["AT+CGSN"] = ["356938035643809"]
    await bring(odd, new_process(paper))
    assert len(tried(odd, "AT+CNMI=")) > 1


async def test_a_start_that_finds_nothing_new_writes_nothing(
    odd: Peer, paper: PaperNotebook
) -> None:
    await bring(odd, new_process(paper))
    writes = paper.writes
    await bring(odd, new_process(paper))
    assert paper.writes == writes


async def test_a_service_that_still_starts_does_not_wipe_out_what_is_known(
    odd: Peer, paper: PaperNotebook
) -> None:
    await bring(odd, new_process(paper))
    for command in (LATE_RUNG, 'AT+CPMS="ME","ME"'):
        odd.once[command] = ["\r\nERROR\r\n"]
    odd.once |= {"AT+CPMS=?": ["\r\nERROR\r\n"]}
    await bring(odd, new_process(paper))
    assert (await Experience.recall(Notes(paper), SUBJECT)).learned.memory == "ME"


async def test_a_modem_starts_without_a_database(odd: Peer) -> None:
    _, setup = await bring(odd, new_process(BrokenNotebook()))
    assert setup.storages.home == "ME"


async def test_an_ok_that_a_modem_leaves_out_costs_less_the_next_time(
    peer: Peer, paper: PaperNotebook
) -> None:
    peer.answers["AT+CPIN?"] = "\r\n+CPIN: READY\r\n"
    link, _ = await bring(peer, new_process(paper))
    assert link.without_ok == {"AT+CPIN?"}
    link, _ = await bring(peer, new_process(paper))
    assert link.without_ok == {"AT+CPIN?"}
    peer.answers["AT+CPIN?"] = ["+CPIN: READY"]
    await bring(peer, new_process(paper))
    assert (await Experience.recall(Notes(paper), SUBJECT)).learned.without_ok == ()


class TestExperience:
    async def test_everything_that_is_learned_survives(self, paper: PaperNotebook) -> None:
        learned = Learned(
            announcements=(2, 1, 0, 1, 0),
            memory="SM",
            memory_arguments=2,
            service=3,
            without_ok=("AT+CPIN?",),
            lists=False,
            ussd=UssdForm.PACKED,
            more_messages=False,
        )
        await (await Experience.recall(Notes(paper), SUBJECT)).keep(learned)
        assert (await Experience.recall(Notes(paper), SUBJECT)).learned == learned

    @pytest.mark.parametrize(
        "page", ['{"memory_arguments": "many"}', '{"ussd": "smoke"}', '{"announcements": 5}']
    )
    async def test_notes_that_make_no_sense_are_none(self, paper: PaperNotebook, page: str) -> None:
        paper.pages[SUBJECT] = page
        assert (await Experience.recall(Notes(paper), SUBJECT)).learned == Learned()

    async def test_notes_of_a_version_that_knew_more_are_read(self, paper: PaperNotebook) -> None:
        paper.pages[SUBJECT] = '{"memory": "ME", "colour": "blue"}'
        recalled = (await Experience.recall(Notes(paper), SUBJECT)).learned
        assert recalled == replace(Learned(), memory="ME")
