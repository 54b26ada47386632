"""The heart: what was certainly not sent, what was, and what nobody can know."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.at import Unsolicited
from gateway.domain import failpoint
from gateway.domain.errors import (
    LinkLostError,
    ModemError,
    NotSentError,
    OutcomeUnknownError,
    StorageError,
)
from gateway.domain.failpoint import Failpoint
from gateway.domain.failures import FailureClass
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem import Submitted
from gateway.modem.known.profile import Codes, Habits, Profile
from gateway.modem.link.link import Link
from gateway.modem.send.manner import Manner
from gateway.modem.send.submit import submit
from tests.modem.bench import PDU, never_mind, started
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

PATIENCE = 180.0
GENERIC = Profile(name="Generic")
UNTIL_CTRL_Z = b"AT+CMGS=18\r" + PDU.hex.encode()


async def hand_over(
    link: Link,
    intent: Callable[[], Awaitable[None]] = never_mind,
    profile: Profile = GENERIC,
) -> Submitted:
    return await submit(link, PDU, intent, Manner(profile, patience=PATIENCE))


async def refusal(link: Link) -> ModemError:
    with pytest.raises(ModemError) as raised:
        await hand_over(link)
    return raised.value


def now() -> float:
    return asyncio.get_running_loop().time()


class TestOrder:
    async def test_the_intent_stands_between_the_pdu_and_its_ctrl_z(self, peer: Peer) -> None:
        link = await started(peer)
        seen: list[bytes] = []

        async def intent() -> None:
            await asyncio.sleep(5)
            seen.append(bytes(peer.written))

        assert await hand_over(link, intent) == Submitted(reference=0)
        assert seen == [UNTIL_CTRL_Z]
        assert bytes(peer.written) == UNTIL_CTRL_Z + b"\x1a"
        assert peer.accepted == [PDU.hex]

    async def test_nothing_is_written_after_ctrl_z_until_the_time_is_up(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = None
        sending = asyncio.create_task(hand_over(link))
        waiting = asyncio.create_task(link.command("AT+CSQ"))
        await asyncio.sleep(PATIENCE - 1)
        assert bytes(peer.written) == UNTIL_CTRL_Z + b"\x1a"
        assert not sending.done()
        with pytest.raises(OutcomeUnknownError):
            await sending
        assert (await waiting).ok

    async def test_the_failpoints_are_where_they_are_said_to_be(
        self, peer: Peer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reached: dict[Failpoint, bytes] = {}
        monkeypatch.setattr(
            "gateway.modem.send.submit.reach",
            lambda point: reached.update({point: bytes(peer.written)}),
        )
        assert failpoint.reach is not None
        await hand_over(await started(peer))
        assert reached == {
            Failpoint.PDU_WRITTEN: UNTIL_CTRL_Z,
            Failpoint.CTRL_Z_WRITTEN: UNTIL_CTRL_Z + b"\x1a",
        }

    async def test_one_at_a_time(self, peer: Peer) -> None:
        link = await started(peer)
        results = await asyncio.gather(*(hand_over(link) for _ in range(5)))
        assert [result.reference for result in results] == [0, 1, 2, 3, 4]
        assert bytes(peer.written) == (UNTIL_CTRL_Z + b"\x1a") * 5


class TestNotSent:
    @pytest.mark.parametrize("code", [500, 304, 330, 38])
    async def test_when_refused_before_the_pdu(self, peer: Peer, code: int) -> None:
        link = await started(peer)
        peer.prompt = f"\r\n+CMS ERROR: {code}\r\n"
        committed = False

        async def intent() -> None:
            nonlocal committed
            committed = True

        with pytest.raises(NotSentError) as raised:
            await hand_over(link, intent)
        assert raised.value.result is not None
        assert raised.value.result.code == code
        assert not committed
        assert PDU.hex.encode() not in peer.written

    async def test_when_no_prompt_comes(self, peer: Peer) -> None:
        link = await started(peer)
        peer.prompt = None
        begun = now()
        error = await refusal(link)
        assert isinstance(error, NotSentError)
        assert now() - begun == pytest.approx(10, abs=0.2)
        assert bytes(peer.written) == b"AT+CMGS=18\r\x1b"
        peer.prompt = "\r\n> "
        assert (await hand_over(link)).reference == 0

    async def test_when_the_intent_fails_and_its_own_error_is_raised(self, peer: Peer) -> None:
        link = await started(peer)

        async def intent() -> None:
            raise StorageError("the disk is full")

        with pytest.raises(StorageError, match="disk"):
            await hand_over(link, intent)
        assert bytes(peer.written) == UNTIL_CTRL_Z + b"\x1b"
        assert peer.accepted == []
        assert (await hand_over(link)).reference == 0

    async def test_when_cancelled_before_ctrl_z(self, peer: Peer) -> None:
        link = await started(peer)
        sending = asyncio.create_task(hand_over(link, asyncio.Event().wait))  # type: ignore[arg-type]
        await asyncio.sleep(1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert bytes(peer.written) == UNTIL_CTRL_Z + b"\x1b"

    async def test_when_the_port_goes_before_the_prompt(self, peer: Peer) -> None:
        link = await started(peer)
        peer.prompt = None
        asyncio.get_running_loop().call_later(1, peer.hang_up)
        error = await refusal(link)
        assert isinstance(error, NotSentError)
        assert isinstance(error.__cause__, LinkLostError)

    async def test_when_the_port_goes_in_the_pdu(self, peer: Peer) -> None:
        link = await started(peer)
        peer.on_pdu = lambda pdu: peer.hang_up() if len(pdu) == 10 else None
        error = await refusal(link)
        assert isinstance(error, NotSentError)
        assert b"\x1a" not in peer.written

    async def test_when_the_port_goes_while_the_intent_is_committed(self, peer: Peer) -> None:
        link = await started(peer)

        async def intent() -> None:
            await asyncio.sleep(1)
            peer.hang_up()
            await asyncio.sleep(1)

        with pytest.raises(NotSentError):
            await hand_over(link, intent)
        assert b"\x1a" not in peer.written

    async def test_when_the_modem_gives_up_while_the_intent_is_committed(self, peer: Peer) -> None:
        link = await started(peer)

        async def intent() -> None:
            peer.say("\r\n+CMS ERROR: 304\r\n")
            await asyncio.sleep(1)

        with pytest.raises(NotSentError):
            await hand_over(link, intent)
        assert b"\x1a" not in peer.written
        peer.latency = 0.01
        assert (await link.command("AT+CSQ")).lines, "the ESC's own answer was not waited for"
        assert (await hand_over(link)).reference == 0, "the prompt that may still be open was left"

    async def test_when_the_link_is_lost_already(self, peer: Peer) -> None:
        link = await started(peer)
        link.abort("unplugged")
        assert isinstance(await refusal(link), NotSentError)

    @pytest.mark.parametrize("code", [21, 38, 304, 331, 515, 197])
    async def test_when_refused_for_good_reasons_after_the_pdu(self, peer: Peer, code: int) -> None:
        link = await started(peer)
        peer.outcome = f"\r\n+CMS ERROR: {code}\r\n"
        error = await refusal(link)
        assert isinstance(error, NotSentError)
        assert error.result is not None
        assert error.result.code == code


class TestUnknown:
    @pytest.mark.parametrize("code", [332, 500, 512, 513, 514, 3517])
    async def test_codes_that_prove_nothing(self, peer: Peer, code: int) -> None:
        link = await started(peer)
        peer.outcome = f"\r\n+CMS ERROR: {code}\r\n"
        error = await refusal(link)
        assert isinstance(error, OutcomeUnknownError)
        assert error.result is not None
        assert error.result.code == code

    async def test_error_without_a_code(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = "\r\nERROR\r\n"
        error = await refusal(link)
        assert isinstance(error, OutcomeUnknownError)
        assert error.result is not None
        assert error.result.kind is ResultKind.ERROR

    async def test_silence(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = None
        begun = now()
        error = await refusal(link)
        assert isinstance(error, OutcomeUnknownError)
        assert error.result is None
        assert now() - begun == pytest.approx(PATIENCE, abs=0.2)

    async def test_the_port_goes_after_ctrl_z(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = None
        asyncio.get_running_loop().call_later(3, peer.hang_up)
        begun = now()
        assert isinstance(await refusal(link), OutcomeUnknownError)
        assert now() - begun < 4

    async def test_a_caller_who_hangs_up_meanwhile_is_no_result(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = "\r\nRING\r\n\r\nNO CARRIER\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n"
        assert (await hand_over(link)).reference == 7


WAVECOM = Profile(
    name="Wavecom", codes=Codes(cms={512: FailureClass.COLLISION, 513: FailureClass.UNKNOWN})
)


class TestManner:
    """MODEMS.md 1.13, 2.7, 2a: what a profile says and a refusal teaches."""

    @pytest.mark.parametrize(("code", "known"), [(512, True), (513, False)])
    async def test_a_vendors_codes_tell_what_was_not_sent(
        self, peer: Peer, code: int, known: bool
    ) -> None:
        link = await started(peer)
        peer.outcome = f"\r\n+CMS ERROR: {code}\r\n"
        with pytest.raises(NotSentError if known else OutcomeUnknownError):
            await hand_over(link, profile=WAVECOM)

    async def test_a_pdu_is_written_in_pieces_where_the_profile_says_so(self, peer: Peer) -> None:
        link = await started(peer)
        pieces: list[int] = []
        peer.on_pdu = lambda pdu: pieces.append(len(pdu))
        profile = Profile(name="UART", habits=Habits(piece=10, piece_pause=0.5))
        begun = now()
        assert (await hand_over(link, profile=profile)).reference == 0
        assert now() - begun == pytest.approx(1.5, abs=0.1), "38 characters: 3 pauses"
        assert peer.accepted == [PDU.hex]

    async def test_a_modem_that_gives_up_in_the_middle_gets_no_more(self, peer: Peer) -> None:
        link = await started(peer)
        peer.on_pdu = lambda pdu: peer.say("\r\n+CMS ERROR: 304\r\n") if len(pdu) == 5 else None
        profile = Profile(name="UART", habits=Habits(piece=10, piece_pause=0.5))
        with pytest.raises(NotSentError):
            await hand_over(link, profile=profile)
        assert PDU.hex.encode() not in peer.written
        assert b"\x1a" not in peer.written

    def test_lost_characters_are_answered_by_slow_writing_while_it_helps(self) -> None:
        manner = Manner(GENERIC, patience=1)
        refusal = FinalResult(kind=ResultKind.CMS, code=304)
        manner.refused(FinalResult(kind=ResultKind.CMS, code=38))
        assert not manner.slow
        manner.refused(refusal)
        assert (manner.slow, manner.piece) == (True, 18)
        manner.refused(refusal)
        assert not manner.slow, "that was not it"
        manner.refused(refusal)
        manner.worked()
        manner.refused(refusal)
        assert manner.slow, "it was seen to help"


class TestAccepted:
    @pytest.mark.parametrize(
        ("outcome", "reference"),
        [
            ("\r\n+CMGS: 255\r\n\r\nOK\r\n", 255),
            ("\r\n+CMGS: -1\r\n\r\nOK\r\n", None),
            ("\r\nOK\r\n", None),
            ('\r\n^RSSI:3\r\n+ZDONR: "X"\r\npad\r\n+CMGS: 8\r\nOK\r\n', 8),
            ("+CMGS: 9\nOK\n", 9),
            ("\r\n+CMGS: 10\r\n0\r", 10),
            ("\r\n+CMGS: 11\r\n\r\nERROR\r\n", 11),
        ],
    )
    async def test_in_every_writing(self, peer: Peer, outcome: str, reference: int | None) -> None:
        link = await started(peer)
        peer.outcome = outcome
        assert await hand_over(link) == Submitted(reference=reference)

    async def test_a_reference_whose_ok_never_comes(self, peer: Peer) -> None:
        link = await started(peer)
        peer.outcome = "\r\n+CMGS: 12\r\n"
        begun = now()
        assert await hand_over(link) == Submitted(reference=12)
        assert now() - begun == pytest.approx(2, abs=0.2)

    @pytest.mark.parametrize("prompt", ["\r\n>", "\r\n>\r\n", "\r\nOK\r\n\r\n> ", "\r\n> \r\n> "])
    @pytest.mark.parametrize("bytewise", [False, True])
    async def test_after_every_kind_of_prompt(
        self, peer: Peer, prompt: str, bytewise: bool
    ) -> None:
        link = await started(peer)
        peer.prompt, peer.bytewise = prompt, bytewise
        assert (await hand_over(link)).reference == 0

    async def test_a_late_reference_is_not_taken_for_the_next_submits(self, peer: Peer) -> None:
        heard: list[Unsolicited] = []
        link = await started(peer, heard.append)
        peer.outcome = None
        assert isinstance(await refusal(link), OutcomeUnknownError)
        peer.outcome = "\r\n+CMGS: 41\r\n\r\nOK\r\n"
        peer.prompt = "\r\n+CMGS: 40\r\n\r\nOK\r\n\r\n> "
        assert (await hand_over(link)).reference == 41
        assert [said.text for said in heard] == ["+CMGS: 40"]

    async def test_a_reference_that_comes_when_nobody_waits_any_more(self, peer: Peer) -> None:
        heard: list[Unsolicited] = []
        link = await started(peer, heard.append)
        peer.outcome = None
        assert isinstance(await refusal(link), OutcomeUnknownError)
        peer.say("\r\n+CMGS: 40\r\n\r\nOK\r\n")
        assert (await link.command("AT+CSQ")).lines == ("+CSQ: 18,99",)
        assert [said.text for said in heard] == ["+CMGS: 40"]
