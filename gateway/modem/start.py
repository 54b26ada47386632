"""The start sequence of a modem (MODEMS.md section 8).

Every step may fail without consequence but three: the modem answers, the SIM is there, PDU mode is
on. Waiting for a SIM or a network is no failure and has no end but that of the link.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

import structlog

from gateway.at import read_imei, read_smsc, read_text
from gateway.at.answer import fields
from gateway.domain.errors import CommandRefusedError
from gateway.domain.ids import LineId
from gateway.modem import limits
from gateway.modem.asking import ask
from gateway.modem.indications import Indications, set_indications
from gateway.modem.link import Link
from gateway.modem.memory import Memory
from gateway.modem.modem import Identity
from gateway.modem.radio import Reading, read_network_name, read_radio
from gateway.modem.settings import ModemSettings
from gateway.modem.sim import BUSY_PAUSE, SimStart, Tell, identify_line
from gateway.modem.status import ModemState
from gateway.modem.storages import Storages, find_storages

log = structlog.get_logger(__name__)

REGISTRATION_PAUSE: Final = 1.0
"""Seconds between two looks at the registration of a modem that has none."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the start found out and agreed with the modem."""

    identity: Identity
    line: LineId
    service_centre: str
    """Empty when the SIM knows none."""
    acknowledges: bool
    """The modem waits for AT+CNMA after every routed message (CSMS phase 2+)."""
    storages: Storages
    indications: Indications
    reading: Reading
    operator: str | None = None


async def bring_up(link: Link, settings: ModemSettings, memory: Memory, tell: Tell) -> Setup:
    """Take an open port through the start sequence until it can send.

    Args:
        link: the open port.
        settings: the operator's decisions.
        memory: what earlier connections of this modem learned.
        tell: is told what the modem waits for.

    Raises:
        LinkLostError: the link was lost, or the modem does not answer.
        CommandRefusedError: it does not do PDU mode.
    """
    tell(ModemState.STARTING)
    await link.start()
    for command in ("ATE0", "ATV1", "AT+CMEE=1"):
        await ask(link, command)
    identity = await identify(link)
    await SimStart(link, settings, memory, tell).run()
    line = await identify_line(link, identity)
    await _pdu_mode(link)
    setup = Setup(
        identity=identity,
        line=line,
        acknowledges=await _acknowledges(link),
        service_centre=await _service_centre(link, line, memory),
        storages=await find_storages(link),
        indications=await set_indications(link),
        reading=await _wait_for_network(link, tell),
    )
    return replace(setup, operator=await read_network_name(link))


async def identify(link: Link) -> Identity:
    """Ask the stick who it is.

    Raises:
        LinkLostError: the link was lost.
    """
    imei = read_imei((await ask(link, "AT+CGSN")).lines)
    texts = [
        read_text((await ask(link, f"AT{name}")).lines, name)
        for name in ("+CGMI", "+CGMM", "+CGMR")
    ]
    manufacturer, model, revision = texts
    return Identity(imei=imei or "", manufacturer=manufacturer, model=model, revision=revision)


async def _pdu_mode(link: Link) -> None:
    """Switch PDU mode on; refused for up to a minute after power-up (MODEMS.md 4.22)."""
    deadline = asyncio.get_running_loop().time() + limits.SIM_START
    while not (answer := await ask(link, "AT+CMGF=0")).ok:
        if asyncio.get_running_loop().time() > deadline:
            raise CommandRefusedError("AT+CMGF", answer.result)
        await asyncio.sleep(BUSY_PAUSE)


async def _acknowledges(link: Link) -> bool:
    """Choose phase 2, in which routed messages need no AT+CNMA (MODEMS.md 3.4)."""
    if not await _phase_2_plus(link):
        return False
    await ask(link, "AT+CSMS=0")
    return await _phase_2_plus(link)


async def _phase_2_plus(link: Link) -> bool:
    told = (await ask(link, "AT+CSMS?")).values("+CSMS")
    return bool(told) and fields(told[0])[0] == "1"


async def _service_centre(link: Link, line: LineId, memory: Memory) -> str:
    """Return the service centre; write back what this SIM had when the modem lost it."""
    told = read_smsc((await ask(link, "AT+CSCA?", limit=limits.SIM_COMMAND)).lines)
    if told:
        memory.service_centres[line] = told
    elif known := memory.service_centres.get(line):
        await restore_service_centre(link, known)
        return known
    else:
        log.warning("service_centre_unknown", modem=link.name)
    return told


async def restore_service_centre(link: Link, number: str) -> None:
    """Write a service centre back that the modem has forgotten.

    Raises:
        LinkLostError: the link was lost.
    """
    kind = 145 if number.startswith("+") else 129
    answer = await ask(link, f'AT+CSCA="{number}",{kind}', limit=limits.SIM_COMMAND)
    log.warning("service_centre_restored", modem=link.name, accepted=answer.ok)


async def _wait_for_network(link: Link, tell: Tell) -> Reading:
    while not (reading := await read_radio(link)).carries_sms:
        tell(ModemState.NOT_REGISTERED)
        await asyncio.sleep(REGISTRATION_PAUSE)
        link.check()
    return reading
