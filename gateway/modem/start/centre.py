"""The service centre of a SIM (``AT+CSCA``): kept by the SIM, given back when a modem loses it.

Modems forget it at power-up, after a day, or when somebody sets AT+CSMP (MODEMS.md 2.14).
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from gateway.at import Answer, read_smsc
from gateway.domain.failures import FailureClass, Phase, classify
from gateway.domain.ids import LineId
from gateway.domain.results import ResultKind
from gateway.modem.known.notebook import Notes
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.start.sim import BUSY_PAUSE

log = structlog.get_logger(__name__)

PATIENCE: Final = 30.0
"""Seconds in which a SIM has started; slow ones tell their service centre after 20."""

_NOT_YET: Final = frozenset({(ResultKind.CMS, 302), (ResultKind.CME, 3)})
"""Not allowed: what some say while the SIM starts (MODEMS.md 2a)."""

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
    told = read_smsc((await _ask_when_free(link)).lines)
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


async def _ask_when_free(link: Link) -> Answer:
    """Ask a SIM that may still be starting: busy is not unknown (MODEMS.md 5.2)."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while _busy(answer := await _ask(link)):
        if asyncio.get_running_loop().time() >= deadline:
            break
        await asyncio.sleep(BUSY_PAUSE)
    return answer


def _busy(answer: Answer) -> bool:
    if answer.ok or (answer.result.kind, answer.result.code) in _NOT_YET:
        return not answer.ok
    return classify(answer.result, Phase.BEFORE_PDU) is FailureClass.BUSY


async def _ask(link: Link) -> Answer:
    return await ask(link, "AT+CSCA?", limit=limits.SIM_COMMAND)
