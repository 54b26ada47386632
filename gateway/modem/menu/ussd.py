"""Asking the network's menus: one USSD session at a time on a modem in service (MODEMS.md 7).

The port is held from a request to its OK and no longer: while the network thinks, messages are
sent. What the answer means is its reader's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from gateway.at import END_SESSION, UssdSaid, UssdState, read_ussd, ussd_command
from gateway.domain.errors import CommandTimeoutError, ModemError
from gateway.domain.ussd import check_request
from gateway.modem.known.learned import Experience
from gateway.modem.known.profile import Ussd, UssdForm
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.ear import Ear
from gateway.modem.link.link import Link
from gateway.sms import pack_ussd, read_ussd_text, ucs2_ussd

log = structlog.get_logger(__name__)

NAME: Final = "+CUSD"

_CODE: Final[Mapping[UssdForm, Callable[[str], str]]] = {
    UssdForm.TEXT: str,
    UssdForm.PACKED: pack_ussd,
    UssdForm.UCS2: ucs2_ussd,
}

_ANSWERS: Final = frozenset({UssdState.DONE, UssdState.MENU})
_ENDS: Final = frozenset({UssdState.ENDED, UssdState.UNSUPPORTED, UssdState.TIMEOUT})

_REASONS: Final = {
    UssdState.ENDED: "the network ended the session without a word",
    UssdState.ELSEWHERE: "another program at this modem took the answer",
    UssdState.UNSUPPORTED: "the network does not know this request",
    UssdState.TIMEOUT: "the network gave up waiting for its own answer",
}


class UssdError(ModemError):
    """There is no answer from the network's menus; the text says why."""


class UssdSilenceError(UssdError):
    """Nothing came in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UssdRequest:
    """What is asked.

    Raises:
        ValueError: a text is empty, too long, or has other characters than requests have.
    """

    text: str
    """Such as ``*100#``."""
    replies: tuple[str, ...] = ()
    """What each menu that follows is answered with, such as ``1``."""

    def __post_init__(self) -> None:
        for text in (self.text, *self.replies):
            check_request(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class UssdAnswer:
    """What the network said."""

    text: str
    """It may hold numbers of persons and belongs into no log."""
    is_menu: bool
    """The network waits for a reply; it gets none."""


class Menus:
    """The network's menus as one connected modem reaches them."""

    def __init__(self, link: Link, ways: Ussd, experience: Experience) -> None:
        """Take what is known of the stick: what its profile says, and what it was seen to do."""
        self._link = link
        self._ways = ways
        self._experience = experience
        self._in_mode = ways.mode is None
        self._session = asyncio.Lock()

    async def ask(self, request: UssdRequest) -> UssdAnswer:
        """Hold one session and return its last answer.

        Raises:
            UssdError: there is no answer, or another session is under way.
            LinkLostError: the link was lost.
        """
        if self._session.locked():
            raise UssdError("another USSD session is under way on this modem; ask again later")
        async with self._session:
            with self._link.overhear(NAME) as ear:
                form, answer = await self._open(request.text, ear)
                for reply in request.replies:
                    answer = await self._reply(answer, form, reply, ear)
                await self._close(form)
            return answer

    async def _open(self, text: str, ear: Ear) -> tuple[UssdForm, UssdAnswer]:
        """Go through the forms until one is understood; a known one is the first."""
        if not self._in_mode and self._ways.mode is not None:
            await ask(self._link, self._ways.mode)
            self._in_mode = True
        failure = UssdError("this stick's profile has no form of USSD requests")
        known = self._experience.learned.ussd
        for form in self._forms(known):
            try:
                patience = limits.USSD_ANSWER if form is known else limits.USSD_TRIAL
                answer = await self._exchange(form, text, ear, patience)
            except UssdError as error:
                failure = error
                log.info("ussd_form_failed", modem=self._link.name, form=form, reason=str(error))
                if form is known and isinstance(error, UssdSilenceError):
                    break
            else:
                await self._experience.keep(replace(self._experience.learned, ussd=form))
                return form, answer
        raise failure

    async def _reply(self, menu: UssdAnswer, form: UssdForm, text: str, ear: Ear) -> UssdAnswer:
        if not menu.is_menu:
            await self._close(form)
            raise UssdError("what the network said is no menu; ask without a reply to see it")
        return await self._exchange(form, text, ear, limits.USSD_ANSWER)

    def _forms(self, known: UssdForm | None) -> list[UssdForm]:
        """Return the forms to try; a known one again, for a session that stood in its way."""
        return [known, *self._ways.forms] if known else list(self._ways.forms)

    async def _exchange(self, form: UssdForm, text: str, ear: Ear, patience: float) -> UssdAnswer:
        """Write a text and collect what comes.

        Raises:
            UssdError: nothing did; the session is ended.
        """
        ear.clear()
        try:
            said = await self._write(form, text)
            said += await self._collect(said, ear, patience)
        except UssdError:
            await self._close(form)
            raise
        if not _has_text(said):
            late = await self._close(form)  # A text whose closing quote is missing ends here.
            said += _read([*late, *ear.clear()])
        return _settle(said, patience)

    async def _write(self, form: UssdForm, text: str) -> list[UssdSaid]:
        """Write one request; return what came before its OK."""
        try:
            async with self._link.turn() as turn:
                if form is UssdForm.UCS2:
                    await turn.command('AT+CSCS="UCS2"')
                command = ussd_command(_CODE[form](text))
                answer = await turn.command(command, limit=limits.USSD_COMMAND)
        except CommandTimeoutError as error:
            raise UssdError(f"the modem did not take it: {error}") from error
        said = _read(answer.lines)
        if not answer.ok and not _has_text(said):
            raise UssdError(f"the modem refused it: {answer.result}")
        return said

    async def _collect(
        self, before: Sequence[UssdSaid], ear: Ear, patience: float
    ) -> list[UssdSaid]:
        """Wait for a text, then until no more of it comes."""
        said: list[UssdSaid] = []
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            left = deadline - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(min(left, _wait([*before, *said], patience))):
                    said += _read([await ear.next()])
            except TimeoutError:
                return said

    async def _close(self, form: UssdForm) -> tuple[str, ...]:
        """End the session, which would block messages (MODEMS.md 7.5); return what came of it."""
        answer = await ask(self._link, END_SESSION if self._ways.ends else "AT")
        if form is UssdForm.UCS2:
            await ask(self._link, 'AT+CSCS="GSM"')
        return answer.lines


def _read(lines: Sequence[str]) -> list[UssdSaid]:
    return [said for line in lines if (said := read_ussd(line)) is not None]


def _has_text(said: Sequence[UssdSaid]) -> bool:
    return any(one.text for one in said)


def _wait(said: Sequence[UssdSaid], patience: float) -> float:
    """Return how long, in seconds, the next piece is worth waiting for."""
    if _has_text(said):
        return limits.USSD_QUIET
    return limits.USSD_AFTER_END if any(one.state in _ENDS for one in said) else patience


def _settle(said: Sequence[UssdSaid], patience: float) -> UssdAnswer:
    """Make one answer of all that came; what only tells of the session's end is worth less."""
    texts = [one for one in said if one.text]
    answers = [one for one in texts if one.state in _ANSWERS] or texts
    if not answers:
        if not said:
            raise UssdSilenceError(f"the network did not answer within {patience:g} s")
        raise UssdError(_REASONS.get(said[-1].state, "the network's answer is empty"))
    pieces = dict.fromkeys(read_ussd_text(one.text) for one in answers)
    last = [one.state for one in said if one.state in _ANSWERS | _ENDS][-1:]
    return UssdAnswer(text="\n".join(pieces), is_menu=last == [UssdState.MENU])
