"""Asking a modem itself, while no gateway runs: questions alone, so that nothing changes in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.at import (
    SimState,
    read_operator,
    read_registration,
    read_signal,
    read_sim_state,
    read_smsc,
)
from gateway.at.storage import read_usage
from gateway.doctor.modems import ModemFacts
from gateway.domain.errors import ShopbellError
from gateway.domain.ids import AUTO_PORT
from gateway.modem.find.discovery import ports_to_try, profile_of
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.port.transport import SOCKET_SCHEME, PortMissingError, open_port
from gateway.modem.port.usb import sticks
from gateway.modem.status import ModemState

BAUDRATE: Final = 115_200

ANSWER: Final = 4.0
"""Seconds for the first answer; a stick that is plugged in and well answers within one."""

EACH: Final = 7.0
"""Seconds for all that one modem is asked, so that one that hangs hides none of the others."""

_NETWORKS: Final = ("+CREG", "+CEREG", "+CGREG")

_SIMS: Final = {
    SimState.PIN: ModemState.PIN_REQUIRED,
    SimState.PUK: ModemState.PUK_REQUIRED,
    SimState.ABSENT: ModemState.NO_SIM,
    SimState.BUSY: ModemState.STARTING,
}


async def look(ports: Sequence[tuple[str, str]], sysfs: Path) -> list[ModemFacts]:
    """Ask every modem at once.

    Args:
        ports: the name of each, and its port as configured.
        sysfs: where sticks are looked for.
    """
    asked = [
        _ask_each(name, paths) for name, paths in await asyncio.to_thread(_spread, ports, sysfs)
    ]
    return await asyncio.gather(*asked)


def _spread(ports: Sequence[tuple[str, str]], sysfs: Path) -> list[tuple[str, list[str]]]:
    """Return each modem with the paths to try; one for each stick where ``auto`` is written."""
    spread: list[tuple[str, list[str]]] = []
    for name, port in ports:
        if port != AUTO_PORT:
            spread.append((name, [port]))
            continue
        for stick in sticks(sysfs):
            devices = [str(one.device) for one in ports_to_try(stick, profile_of(stick).ports)]
            spread.append((f"{name} {stick.path}", devices))
    return [(name, paths) for name, paths in spread if not paths[0].startswith(SOCKET_SCHEME)]


async def _ask_each(name: str, paths: Sequence[str]) -> ModemFacts:
    """Ask over the first path that answers."""
    facts = ModemFacts(name=name, state=ModemState.MISSING)
    for path in paths:
        try:
            async with asyncio.timeout(EACH):
                return await _ask(name, path)
        except PortMissingError:
            continue
        except TimeoutError:
            error = f"it did not say all within {EACH:g} s"
            facts = ModemFacts(name=name, state=ModemState.FAILED, error=error)
        except ShopbellError as failure:
            facts = ModemFacts(name=name, state=ModemState.FAILED, error=str(failure))
    return facts


async def _ask(name: str, path: str) -> ModemFacts:
    """Ask a modem about its SIM and its network.

    Raises:
        LinkLostError: it cannot be opened, or does not answer.
    """
    link = Link("doctor", lambda said: None)
    try:
        await open_port(path, link, baudrate=BAUDRATE)
        await link.start(ANSWER)
        sim = await ask(link, "AT+CPIN?", limit=ANSWER, settle=limits.INFORMATION_SETTLES)
        state = _SIMS.get(read_sim_state(sim.lines, sim.result))
        if state is not None:
            return ModemFacts(name=name, state=state)
        return await _ask_network(name, link)
    finally:
        await link.close()


async def _ask_network(name: str, link: Link) -> ModemFacts:
    told = [read_registration((await ask(link, f"AT{one}?")).lines, one) for one in _NETWORKS]
    known = [one for one in told if one is not None]
    carried = not known or any(one.carries_sms for one in known)
    usage = read_usage((await ask(link, "AT+CPMS?", limit=ANSWER)).lines)
    return ModemFacts(
        name=name,
        state=ModemState.READY if carried else ModemState.NOT_REGISTERED,
        operator=read_operator((await ask(link, "AT+COPS?", limit=ANSWER)).lines) or "",
        signal_dbm=read_signal((await ask(link, "AT+CSQ")).lines),
        centre=bool(read_smsc((await ask(link, "AT+CSCA?", limit=ANSWER)).lines)),
        used=None if usage is None or not usage.total else usage.used / usage.total,
    )
