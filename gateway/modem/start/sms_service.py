"""The modem's SMS service: PDU mode, which network carries messages, phase, and what speeds it up.

It starts later than the SIM, on some sticks by minutes (MODEMS.md 4.22), and some send over one of
the networks alone until they are told which (``AT+CGSMS``, MODEMS.md 2.16).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import structlog

from gateway.at import Answer
from gateway.at.answer import fields, number
from gateway.domain.errors import CommandRefusedError
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem.known.learned import Experience
from gateway.modem.known.profile import Profile
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.start.sim import BUSY_PAUSE

log = structlog.get_logger(__name__)

REFUSALS: Final = 3
"""Messages in a row that were refused without a reason, after which the next network is tried."""

_UNEXPLAINED: Final = frozenset({(ResultKind.CMS, 500), (ResultKind.CME, 100)})
"""Unknown error, in numbers."""


class Services:
    """Which network carries messages; each value is tried once in the time of a connection."""

    def __init__(self, link: Link, profile: Profile, experience: Experience) -> None:
        self._link = link
        self._experience = experience
        self._untried = list(profile.ladders.services)
        self._refusals = 0
        self._chosen: int | None = None
        self._proven: int | None = None

    async def recall(self) -> None:
        """Choose what worked the last time, if anything had to be chosen.

        Raises:
            LinkLostError: the link was lost.
        """
        known = self._experience.learned.service
        if known is not None:
            await self._choose(known)

    def refused(self, result: FinalResult | None) -> None:
        """Take note of a message that was refused."""
        if result is not None and _unexplained(result):
            self._refusals += 1

    def worked(self) -> None:
        """Take note of a message that was taken, on the network that is chosen now."""
        self._refusals = 0
        self._proven = self._chosen

    async def settle(self) -> bool:
        """Do what follows from the messages before: between two of them, never behind one.

        Returns:
            Whether another network carries the next message.

        Raises:
            LinkLostError: the link was lost.
        """
        changed = False
        if self._refusals >= REFUSALS:
            self._refusals = 0
            changed = await self.try_next()
        learned = self._experience.learned
        if self._proven is not None and learned.service != self._proven:
            await self._experience.keep(replace(learned, service=self._proven))
        return changed

    async def try_next(self) -> bool:
        """Choose a network that was not tried yet; return False when there is none.

        Raises:
            LinkLostError: the link was lost.
        """
        current = await self._current()
        while self._untried:
            value = self._untried.pop(0)
            if value != current and await self._choose(value):
                return True
        return False

    async def _current(self) -> int | None:
        told = (await ask(self._link, "AT+CGSMS?")).values("+CGSMS")
        return number(fields(told[0])[0]) if told else None

    async def _choose(self, value: int) -> bool:
        taken = (await ask(self._link, f"AT+CGSMS={value}")).ok
        log.info("message_service_chosen", modem=self._link.name, value=value, taken=taken)
        if taken:
            self._chosen = value
        if value in self._untried:
            self._untried.remove(value)
        return taken


async def set_pdu_mode(link: Link, profile: Profile, services: Services) -> None:
    """Switch PDU mode on; refused while the service starts, or on the wrong network.

    Raises:
        LinkLostError: the link was lost.
        CommandRefusedError: it does not do PDU mode.
    """
    await services.recall()
    refusal = await _insist(link, profile.start.sim)
    while refusal is not None:
        if not (_unexplained(refusal.result) and await services.try_next()):
            raise CommandRefusedError("AT+CMGF", refusal.result)
        refusal = await _insist(link, 0)
    services.worked()
    await services.settle()


async def _insist(link: Link, patience: float) -> Answer | None:
    """Return None when PDU mode is on, else how it was refused last."""
    deadline = asyncio.get_running_loop().time() + patience
    while not (answer := await ask(link, "AT+CMGF=0")).ok:
        if asyncio.get_running_loop().time() >= deadline:
            return answer
        await asyncio.sleep(BUSY_PAUSE)
    return None


def _unexplained(result: FinalResult) -> bool:
    return result.kind is ResultKind.ERROR or (result.kind, result.code) in _UNEXPLAINED


async def waits_for_acknowledgement(link: Link, profile: Profile) -> bool:
    """Choose phase 2, in which routed messages need no AT+CNMA (MODEMS.md 3.4).

    Returns:
        Whether the modem stays in phase 2+ and knows the acknowledgement.

    Raises:
        LinkLostError: the link was lost.
    """
    if not await _phase_2_plus(link):
        return False
    await ask(link, "AT+CSMS=0")
    return await _phase_2_plus(link) and profile.habits.acknowledge


async def _phase_2_plus(link: Link) -> bool:
    told = (await ask(link, "AT+CSMS?")).values("+CSMS")
    return bool(told) and fields(told[0])[0] == "1"


async def keep_radio_link(link: Link, profile: Profile, experience: Experience) -> None:
    """Have the modem keep the radio link for the parts that follow, if it can (MODEMS.md 2.10).

    The modem itself lets go of it some seconds after the last part, so that it is set once.

    Raises:
        LinkLostError: the link was lost.
    """
    learned = experience.learned
    if profile.habits.more_messages and learned.more_messages is not False:
        taken = (await ask(link, "AT+CMMS=2")).ok
        await experience.keep(replace(learned, more_messages=taken))
