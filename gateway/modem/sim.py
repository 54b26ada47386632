"""Bringing the SIM up: lock, PIN, serial number (MODEMS.md 5.1-5.6, 6.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from gateway.at import SimState, read_iccid, read_imsi, read_sim_state
from gateway.at.answer import fields, number
from gateway.domain.ids import LineId
from gateway.modem import limits
from gateway.modem.asking import ask
from gateway.modem.link import Link
from gateway.modem.memory import Memory
from gateway.modem.modem import Identity
from gateway.modem.settings import ModemSettings
from gateway.modem.status import ModemState

log = structlog.get_logger(__name__)

Tell = Callable[[ModemState], None]
"""Says what the modem waits for."""

BUSY_PAUSE: Final = 0.5
"""Seconds between two questions to a SIM that is starting; hammering makes some slower."""

ABSENT_PAUSE: Final = 5.0
"""Seconds between two looks for a SIM, or for somebody who unlocked it by hand."""

UNTOLD_TRIES: Final = 3
"""A modem that does not answer AT+CPIN? sensibly this often is taken at its word: no lock."""

_OFF: Final = frozenset({0, 4})
"""+CFUN: radio off, flight mode."""

_ICCID_COMMANDS: Final = (
    ("AT+CCID", "+ICCID", "^ICCID"),
    ("AT^ICCID?", "+ICCID"),
    ("AT+ICCID", "+CCID"),
    ("AT+QCCID", "+CCID"),
    ("AT+CRSM=176,12258,0,0,10",),
)


class SimStart:
    """Waits for a SIM that can be used."""

    def __init__(self, link: Link, settings: ModemSettings, memory: Memory, tell: Tell) -> None:
        self._link = link
        self._settings = settings
        self._memory = memory
        self._tell = tell
        self._untold = 0
        self._powered = False

    async def run(self) -> None:
        """Return when the SIM is ready; as long as it is not, say what it waits for.

        Raises:
            LinkLostError: the link was lost.
        """
        while not await self._ready():
            pass
        if await self._power_up():
            while not await self._ready():
                pass
        self._tell(ModemState.STARTING)

    async def _ready(self) -> bool:
        state = await self._state()
        if state is SimState.READY:
            return True
        if state is SimState.PIN and self._settings.pin and not self._memory.pin_tried:
            await self._type_pin(self._settings.pin)
            return False
        if state in (SimState.PIN, SimState.PUK):
            return await self._wait(ModemState.PIN_REQUIRED, ABSENT_PAUSE)
        if await self._power_up():
            return False
        if state is SimState.ABSENT:
            return await self._wait(ModemState.NO_SIM, ABSENT_PAUSE)
        if state is SimState.UNTOLD:
            self._untold += 1
            if self._untold >= UNTOLD_TRIES:
                return True
        return await self._wait(ModemState.STARTING, BUSY_PAUSE)

    async def _state(self) -> SimState:
        """Ask for the lock; a plain OK without a word of one means none."""
        answer = await ask(
            self._link,
            "AT+CPIN?",
            limit=limits.SIM_COMMAND,
            settle=limits.INFORMATION_SETTLES,
        )
        state = read_sim_state(answer.lines, answer.result)
        return SimState.READY if answer.ok and state is SimState.UNTOLD else state

    async def _wait(self, state: ModemState, seconds: float) -> bool:
        self._tell(state)
        await asyncio.sleep(seconds)
        self._link.check()
        return False

    async def _type_pin(self, pin: str) -> None:
        self._memory.pin_tried = True
        answer = await ask(self._link, f'AT+CPIN="{pin}"', limit=limits.SLOW_COMMAND)
        if answer.ok:
            log.info("pin_accepted", modem=self._link.name)
        else:
            result = str(answer.result)
            log.error("pin_refused", modem=self._link.name, result=result, again="never")

    async def _power_up(self) -> bool:
        """Turn the radio on, once; return whether that was needed."""
        if self._powered:
            return False
        told = (await ask(self._link, "AT+CFUN?")).values("+CFUN")
        self._powered = bool(told)
        if not told or number(fields(told[0])[0]) not in _OFF:
            return False
        log.info("radio_turned_on", modem=self._link.name)
        return (await ask(self._link, "AT+CFUN=1", limit=limits.SLOW_COMMAND)).ok


async def identify_line(link: Link, identity: Identity) -> LineId:
    """Return the SIM's serial number, else a stand-in by its subscriber or by its modem.

    Raises:
        LinkLostError: the link was lost.
    """
    for command, *also in _ICCID_COMMANDS:
        answer = await ask(link, command, *also, limit=limits.SIM_COMMAND)
        if answer.ok and (iccid := read_iccid(answer.lines)):
            return LineId(iccid)
    if imsi := read_imsi((await ask(link, "AT+CIMI", limit=limits.SIM_COMMAND)).lines):
        return LineId(f"imsi:{imsi}")
    return LineId(f"imei:{identity.imei}" if identity.imei else f"modem:{link.name}")
