"""The service centre of a SIM (``AT+CSCA``): kept by the SIM, given back when a modem loses it.

Modems forget it at power-up, after a day, or when somebody sets AT+CSMP (MODEMS.md 2.14).
"""

from __future__ import annotations

from typing import Final

import structlog

from gateway.at import Answer, read_smsc
from gateway.domain.ids import LineId
from gateway.modem.known.notebook import Notes
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link

log = structlog.get_logger(__name__)

_KEY: Final = "service_centre"
_INTERNATIONAL: Final = 145
_NATIONAL: Final = 129


async def keep_service_centre(link: Link, line: LineId, notes: Notes) -> str:
    """Return a SIM's service centre, giving back what it had when the modem tells none.

    Returns:
        The number; empty when neither the SIM nor anybody knows it.

    Raises:
        LinkLostError: the link was lost.
    """
    subject = f"line:{line}"
    told = read_smsc((await _ask(link)).lines)
    if told:
        await notes.write(subject, {_KEY: told})
        return told
    known = str((await notes.read(subject)).get(_KEY, ""))
    if known:
        await restore_service_centre(link, known)
    else:
        log.warning("service_centre_unknown", modem=link.name)
    return known


async def restore_service_centre(link: Link, number: str) -> None:
    """Write a service centre back that the modem has forgotten, and look whether it kept it.

    A modem that was left in ``AT+CSCS="UCS2"`` takes the number as it tells it: in hex.

    Raises:
        LinkLostError: the link was lost.
    """
    kind = _INTERNATIONAL if number.startswith("+") else _NATIONAL
    kept = False
    for written in (number, number.encode("utf-16-be").hex().upper()):
        answer = await ask(link, f'AT+CSCA="{written}",{kind}', limit=limits.SIM_COMMAND)
        if kept := answer.ok and read_smsc((await _ask(link)).lines) == number:
            break
    log.warning("service_centre_restored", modem=link.name, kept=kept)


async def _ask(link: Link) -> Answer:
    return await ask(link, "AT+CSCA?", limit=limits.SIM_COMMAND)
