"""The modem's SMS service: PDU mode, the phase of the interface, and what speeds it up.

It starts later than the SIM, on some sticks by minutes (MODEMS.md 4.22), and some send over one of
the networks alone until they are told (``AT+CGSMS``, MODEMS.md 2.16).
"""

from __future__ import annotations

import asyncio

import structlog

from gateway.at import Answer
from gateway.at.answer import fields
from gateway.domain.errors import CommandRefusedError
from gateway.modem.asking import ask
from gateway.modem.link import Link
from gateway.modem.profile import Profile
from gateway.modem.sim import BUSY_PAUSE

log = structlog.get_logger(__name__)


async def set_pdu_mode(link: Link, profile: Profile) -> None:
    """Switch PDU mode on, however long the modem says that it starts.

    Raises:
        LinkLostError: the link was lost.
        CommandRefusedError: it does not do PDU mode.
    """
    deadline = asyncio.get_running_loop().time() + profile.start.sim
    while not (answer := await _ask_pdu_mode(link)).ok:
        if asyncio.get_running_loop().time() > deadline:
            raise CommandRefusedError("AT+CMGF", answer.result)
        await asyncio.sleep(BUSY_PAUSE)


async def _ask_pdu_mode(link: Link) -> Answer:
    return await ask(link, "AT+CMGF=0")


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
