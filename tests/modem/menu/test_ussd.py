"""Asking the network's menus: forms, answers in every order, and sends that go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from gateway.domain.errors import LinkLostError
from gateway.domain.ids import ModemName
from gateway.modem.known.learned import Experience, Learned
from gateway.modem.known.notebook import Notes
from gateway.modem.known.profile import Ussd, UssdForm
from gateway.modem.link import limits
from gateway.modem.menu.ussd import Menus, UssdAnswer, UssdError, UssdRequest
from tests.modem.bench import PDU, MemorySink, in_service, never_mind, started
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

TEXT = 'AT+CUSD=1,"*100#",15'
PACKED = 'AT+CUSD=1,"AA180C3602",15'
UCS2 = 'AT+CUSD=1,"002A0031003000300023",15'
REQUEST = UssdRequest(text="*100#")
BALANCE = '\r\n+CUSD: 0,"Balance 5",15\r\n'


async def menus(peer: Peer, known: UssdForm | None = None, **ways: object) -> Menus:
    peer.answers |= {'AT+CSCS="UCS2"': [], 'AT+CSCS="GSM"': [], "AT+CUSD=2": []}
    experience = Experience(Notes(), "modem:1", Learned(ussd=known))
    return Menus(await started(peer), Ussd.model_validate(ways), experience)


def later(peer: Peer, *said: tuple[float, str]) -> Callable[[], str]:
    """OK at once, then what the network says, each after its seconds."""

    def answer() -> str:
        for seconds, text in said:
            call_later(seconds, peer.say, text)
        return "\r\nOK\r\n"

    return answer


def call_later(seconds: float, call: Callable[[str], None], text: str) -> None:
    asyncio.get_running_loop().call_later(seconds, call, text)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    "said",
    [
        [(2, BALANCE)],
        [(0, BALANCE)],
        [(2, '\r\n+CUSD: 2,"Initiating Release",15\r\n'), (2.1, BALANCE)],
        [(2, BALANCE), (2.5, "\r\n+CUSD: 2\r\n")],
        [(1, "\r\n+CUSD: 2\r\n"), (9, BALANCE)],
        [(1, '\r\n+CUSD: 3,"Other local client responded",15\r\n'), (1.5, BALANCE)],
        [(1, "\r\nAnother random notification!\r\n"), (2, BALANCE)],
        [(2, BALANCE), (2.5, BALANCE)],
        [(29, BALANCE)],
        [(2, '\r\n+CUSD: 0,"00420061006C0061006E006300650020003500000EEE",15\r\n')],
        [(2, '\r\n+CUSD: 0,"Bal'), (2.4, 'ance 5",15\r\n')],
        [(2, '\r\n+CUSD: 0,"Balance 5\r\n')],
    ],
)
async def test_the_answer_is_found_in_all_that_comes(
    peer: Peer, said: list[tuple[float, str]]
) -> None:
    asked = await menus(peer)
    peer.answers[TEXT] = later(peer, *said)
    assert await asked.ask(REQUEST) == UssdAnswer(text="Balance 5", is_menu=False)


@pytest.mark.parametrize("end", ["\r\nOK\r\n", "\r\nERROR\r\n"])
async def test_an_answer_before_the_result_is_one(peer: Peer, end: str) -> None:
    asked = await menus(peer)
    peer.answers[TEXT] = f'\r\n+CUSD: 2,"Initiating Release",15\r\n{BALANCE}{end}'
    assert (await asked.ask(REQUEST)).text == "Balance 5"


async def test_an_answer_in_pieces_is_joined(peer: Peer) -> None:
    asked = await menus(peer)
    peer.answers[TEXT] = later(
        peer, (2, '\r\n+CUSD: 0,"one\ntwo",15\r\n'), (2.9, '\r\n+CUSD: 0,"three",15\r\n')
    )
    assert (await asked.ask(REQUEST)).text == "one\ntwo\nthree"


class TestForms:
    async def test_are_tried_in_the_profiles_order_until_one_is_understood(
        self, peer: Peer
    ) -> None:
        asked = await menus(peer, forms=["packed", "text", "ucs2"])
        peer.answers[UCS2] = later(peer, (2, BALANCE))
        peer.answers[TEXT] = later(peer, (1, "\r\n+CUSD: 4\r\n"))
        assert (await asked.ask(REQUEST)).text == "Balance 5"
        requests = [each for each in peer.commands if each.startswith("AT+CUSD=1")]
        assert requests == [PACKED, TEXT, UCS2]

    async def test_one_that_is_never_answered_gives_way_to_the_next(self, peer: Peer) -> None:
        asked = await menus(peer, forms=["text", "packed"])
        peer.answers[TEXT] = None
        peer.answers[PACKED] = later(peer, (2, BALANCE))
        assert (await asked.ask(REQUEST)).text == "Balance 5"

    async def test_one_that_worked_is_the_first_the_next_time(self, peer: Peer) -> None:
        asked = await menus(peer, forms=["text", "packed"])
        peer.answers[PACKED] = later(peer, (2, BALANCE))
        await asked.ask(REQUEST)
        peer.commands.clear()
        await asked.ask(REQUEST)
        assert peer.commands == [PACKED, "AT+CUSD=2"]

    async def test_a_known_one_is_not_doubted_because_the_network_is_silent(
        self, peer: Peer
    ) -> None:
        asked = await menus(peer, UssdForm.TEXT)
        peer.answers |= {TEXT: [], PACKED: []}
        begun = now()
        with pytest.raises(UssdError, match="did not answer within 60 s"):
            await asked.ask(REQUEST)
        assert PACKED not in peer.commands
        assert now() - begun == pytest.approx(limits.USSD_ANSWER, abs=1)

    async def test_a_known_one_is_tried_again_when_an_old_session_stood_in_its_way(
        self, peer: Peer
    ) -> None:
        asked = await menus(peer, UssdForm.TEXT, forms=["text"])
        peer.once[TEXT] = ["\r\n+CME ERROR: 3\r\n"]
        peer.answers[TEXT] = later(peer, (2, BALANCE))
        assert (await asked.ask(REQUEST)).text == "Balance 5"
        assert peer.commands == [TEXT, "AT+CUSD=2", TEXT, "AT+CUSD=2"]

    async def test_ucs2_goes_with_its_character_set_which_is_put_back(self, peer: Peer) -> None:
        asked = await menus(peer, forms=["ucs2"])
        peer.answers[UCS2] = later(peer, (2, BALANCE))
        await asked.ask(REQUEST)
        assert peer.commands == ['AT+CSCS="UCS2"', UCS2, "AT+CUSD=2", 'AT+CSCS="GSM"']

    async def test_the_profiles_mode_is_set_once(self, peer: Peer) -> None:
        asked = await menus(peer, mode="AT^USSDMODE=0")
        peer.answers |= {TEXT: later(peer, (2, BALANCE)), "AT^USSDMODE=0": []}
        await asked.ask(REQUEST)
        await asked.ask(REQUEST)
        assert peer.commands.count("AT^USSDMODE=0") == 1
        assert peer.commands[:2] == ["AT^USSDMODE=0", TEXT]


class TestEnd:
    async def test_closes_the_session_which_would_block_messages(self, peer: Peer) -> None:
        asked = await menus(peer)
        peer.answers[TEXT] = later(peer, (2, '\r\n+CUSD: 1,"1 Balance\n2 Data",15\r\n'))
        assert (await asked.ask(REQUEST)).is_menu
        assert peer.commands[-1] == "AT+CUSD=2"

    async def test_is_not_said_to_a_modem_that_hangs_at_it(self, peer: Peer) -> None:
        asked = await menus(peer, ends=False)
        peer.answers[TEXT] = later(peer, (2, '\r\n+CUSD: 1,"1 Balance\n2 Data",15\r\n'))
        await asked.ask(REQUEST)
        assert "AT+CUSD=2" not in peer.commands


class TestReplies:
    async def test_go_through_the_menus(self, peer: Peer) -> None:
        asked = await menus(peer)
        peer.answers[TEXT] = later(peer, (2, '\r\n+CUSD: 1,"1 Balance\n2 Data",15\r\n'))
        peer.answers['AT+CUSD=1,"1",15'] = later(peer, (2, BALANCE))
        answer = await asked.ask(UssdRequest(text="*100#", replies=("1",)))
        assert answer == UssdAnswer(text="Balance 5", is_menu=False)
        assert peer.commands == [TEXT, 'AT+CUSD=1,"1",15', "AT+CUSD=2"]

    async def test_have_to_have_a_menu(self, peer: Peer) -> None:
        asked = await menus(peer)
        peer.answers[TEXT] = later(peer, (2, BALANCE))
        with pytest.raises(UssdError, match="no menu"):
            await asked.ask(UssdRequest(text="*100#", replies=("1",)))
        assert peer.commands == [TEXT, "AT+CUSD=2"]


class TestFailure:
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ("\r\n+CUSD: 4\r\n", "does not know"),
            ("\r\n+CUSD: 5\r\n", "gave up"),
            ("\r\n+CUSD: 2\r\n", "without a word"),
            ("\r\n+CUSD: 3\r\n", "another program"),
            ('\r\n+CUSD: 0,"",15\r\n', "empty"),
        ],
    )
    async def test_is_named(self, peer: Peer, said: str, reason: str) -> None:
        asked = await menus(peer, forms=["text"])
        peer.answers[TEXT] = later(peer, (2, said))
        with pytest.raises(UssdError, match=reason):
            await asked.ask(REQUEST)
        assert peer.commands[-1] == "AT+CUSD=2"

    async def test_of_a_refusal_tells_the_code(self, peer: Peer) -> None:
        asked = await menus(peer, forms=["text"])
        peer.answers[TEXT] = "\r\n+CME ERROR: 132\r\n"
        with pytest.raises(UssdError, match="132"):
            await asked.ask(REQUEST)

    async def test_of_the_link_ends_the_wait(self, peer: Peer) -> None:
        asked = await menus(peer)
        peer.answers[TEXT] = []
        asking = asyncio.create_task(asked.ask(REQUEST))
        await asyncio.sleep(5)
        peer.hang_up()
        with pytest.raises(LinkLostError):
            await asking

    async def test_a_second_session_is_refused(self, peer: Peer) -> None:
        asked = await menus(peer)
        peer.answers[TEXT] = later(peer, (2, BALANCE))
        first = asyncio.create_task(asked.ask(REQUEST))
        await asyncio.sleep(1)
        with pytest.raises(UssdError, match="another USSD session"):
            await asked.ask(REQUEST)
        assert (await first).text == "Balance 5"


@pytest.mark.parametrize("text", ["", '1",15;+CMGD=1,4;"', "*1\r#", "☃", "1" * 161, "*1\x1a"])
def test_a_request_cannot_smuggle_in_a_command(text: str) -> None:
    with pytest.raises(ValueError, match="no USSD request"):
        UssdRequest(text=text)
    with pytest.raises(ValueError, match="no USSD request"):
        UssdRequest(text="*100#", replies=(text,))


class TestBesideSending:
    async def test_messages_go_out_while_the_network_thinks(
        self, peer: Peer, sink: MemorySink
    ) -> None:
        async with in_service(peer, sink) as bench:
            peer.answers |= {TEXT: later(peer, (20, BALANCE)), "AT+CUSD=2": []}
            asking = asyncio.create_task(bench.driver.ussd(REQUEST))
            await asyncio.sleep(1)
            begun = now()
            await bench.driver.submit(PDU, never_mind)
            assert now() - begun < 1
            assert (await asking).text == "Balance 5"
            assert len(peer.accepted) == 1

    async def test_a_message_under_way_is_not_disturbed(self, peer: Peer, sink: MemorySink) -> None:
        async with in_service(peer, sink) as bench:
            peer.answers |= {TEXT: later(peer, (2, BALANCE)), "AT+CUSD=2": []}
            peer.outcomes = [lambda: call_later(30, peer.say, "\r\n+CMGS: 7\r\n\r\nOK\r\n")]
            sending = asyncio.create_task(bench.driver.submit(PDU, never_mind))
            await asyncio.sleep(1)
            answer = await bench.driver.ussd(REQUEST)
            assert (await sending).reference == 7
            assert answer.text == "Balance 5"
            at = peer.written.index
            assert at(b"\x1a") < at(TEXT.encode()), "nothing is written before the outcome"

    async def test_what_worked_is_noted_by_imei(self, peer: Peer, sink: MemorySink) -> None:
        async with in_service(peer, sink, name=ModemName("m0")) as bench:
            peer.answers |= {PACKED: later(peer, (2, BALANCE)), "AT+CUSD=2": []}
            await bench.driver.ussd(REQUEST)
            assert bench.setup.experience.learned.ussd is UssdForm.PACKED
