"""Bringing the SIM up: lock, PIN, radio (MODEMS.md 5.1-5.6).

It is waited for without end; what a person has to do about it is an alarm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from gateway.at import SimState, read_sim_state
from gateway.at.answer import fields, number
from gateway.domain.alarms import AlarmKind
from gateway.modem.known.profile import Profile
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.memory import Memory
from gateway.modem.modem import Identity
from gateway.modem.settings import ModemSettings
from gateway.modem.start.iccid import ask_iccid
from gateway.modem.start.pin import PinLedger
from gateway.modem.status import ModemState

log = structlog.get_logger(__name__)

Tell = Callable[[ModemState], None]
"""Says what the modem waits for."""

BUSY_PAUSE: Final = 0.5
"""Seconds between two questions to a SIM that is starting; hammering makes some slower."""

ABSENT_PAUSE: Final = 5.0
"""Seconds between two looks for a SIM, or for somebody who unlocked it by hand."""

ABSENT_LOOKS: Final = 3
"""Looks in vain after which a person is called; a SIM that starts is missing for the first."""

CYCLE_LOOKS: Final = 12
"""Looks in vain after which the radio is turned off and on, without which some sticks do not find a
SIM that was put in (MODEMS.md 5.6); each further time it takes twice as many."""

OPENING_LOOKS: Final = 20
"""Looks at a lock whose PIN was answered with OK, after which it was not taken all the same."""

UNTOLD_TRIES: Final = 3
"""A modem that does not answer AT+CPIN? sensibly this often is taken at its word: no lock."""

_OFF: Final = frozenset({0, 4})
"""+CFUN: radio off, flight mode."""

_ALARMS: Final = (
    AlarmKind.PIN_REFUSED,
    AlarmKind.PIN_MISSING,
    AlarmKind.SIM_LOCKED,
    AlarmKind.NO_SIM,
)


async def ask_lock(link: Link) -> SimState:
    """Ask for the lock; a plain OK without a word of one means none.

    Raises:
        LinkLostError: the link was lost.
    """
    answer = await ask(
        link, "AT+CPIN?", limit=limits.SIM_COMMAND, settle=limits.INFORMATION_SETTLES
    )
    state = read_sim_state(answer.lines, answer.result)
    return SimState.READY if answer.ok and state is SimState.UNTOLD else state


class SimStart:
    """Waits for a SIM that can be used."""

    def __init__(
        self,
        link: Link,
        settings: ModemSettings,
        memory: Memory,
        tell: Tell,
        *,
        identity: Identity,
        profile: Profile,
    ) -> None:
        self._link = link
        self._settings = settings
        self._memory = memory
        self._tell = tell
        self._stick = identity.imei or settings.name
        self._profile = profile
        self._untold = 0
        self._absent = 0
        self._cycle = CYCLE_LOOKS
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
        self._calm()
        self._tell(ModemState.STARTING)

    async def _ready(self) -> bool:
        state = await ask_lock(self._link)
        if state is SimState.READY:
            return True
        if state is SimState.PIN:
            return await self._unlock()
        if state is SimState.PUK:
            return await self._locked()
        if await self._power_up():
            return False
        if state is SimState.ABSENT:
            return await self._missing()
        if state is SimState.UNTOLD:
            self._untold += 1
            if self._untold >= UNTOLD_TRIES:
                return True
        return await self._wait(ModemState.STARTING, BUSY_PAUSE)

    async def _wait(self, state: ModemState, seconds: float) -> bool:
        self._tell(state)
        await asyncio.sleep(seconds)
        self._link.check()
        return False

    async def _unlock(self) -> bool:
        """Type the PIN, unless there is none or it was typed for this SIM before."""
        pin = self._settings.pin
        if pin is None:
            self._alarm(AlarmKind.PIN_MISSING, "the SIM asks for a PIN: name its pin_file")
            return await self._wait(ModemState.PIN_REQUIRED, ABSENT_PAUSE)
        ledger = PinLedger(self._memory.notes, stick=self._stick, iccid=await ask_iccid(self._link))
        if await ledger.typed(pin):
            self._alarm(AlarmKind.PIN_REFUSED, _PIN_REFUSED)
            return await self._wait(ModemState.PIN_REQUIRED, ABSENT_PAUSE)
        if not await ledger.note(pin):
            log.warning("pin_waits_for_storage", modem=self._link.name)
            return await self._wait(ModemState.STARTING, ABSENT_PAUSE)
        await self._type(pin, ledger)
        return False

    async def _type(self, pin: str, ledger: PinLedger) -> None:
        answer = await ask(self._link, f'AT+CPIN="{pin}"', limit=limits.SLOW_COMMAND)
        if answer.ok and await self._opens():
            await ledger.accepted(pin)
            log.info("pin_accepted", modem=self._link.name)
        else:
            result = str(answer.result)
            log.error("pin_refused", modem=self._link.name, result=result, again="never")

    async def _opens(self) -> bool:
        """Tell whether the SIM stops asking for its PIN, for which some take a while."""
        for _ in range(OPENING_LOOKS):
            state = await ask_lock(self._link)
            if state is not SimState.PIN:
                return state is not SimState.PUK
            await asyncio.sleep(BUSY_PAUSE)
        return False

    async def _locked(self) -> bool:
        self._alarm(AlarmKind.SIM_LOCKED, "the SIM waits for its PUK: unlock it in a telephone")
        return await self._wait(ModemState.PUK_REQUIRED, ABSENT_PAUSE)

    async def _missing(self) -> bool:
        self._absent += 1
        if self._absent >= ABSENT_LOOKS:
            self._alarm(AlarmKind.NO_SIM, "the modem finds no SIM: look whether it sits well")
        if self._absent >= self._cycle:
            self._absent, self._cycle = 0, self._cycle * 2
            await self._cycle_radio()
        return await self._wait(ModemState.NO_SIM, ABSENT_PAUSE)

    async def _cycle_radio(self) -> None:
        log.info("radio_cycled", modem=self._link.name, reason="no SIM")
        for command in self._profile.resets.radio:
            await ask(self._link, command, limit=limits.SLOW_COMMAND)

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

    def _alarm(self, kind: AlarmKind, detail: str) -> None:
        """Say what is wrong with the SIM; one thing at a time is."""
        for other in _ALARMS:
            if other is not kind:
                self._memory.alarms.clear(other)
        self._memory.alarms.sound(kind, detail)

    def _calm(self) -> None:
        for kind in _ALARMS:
            self._memory.alarms.clear(kind)


_PIN_REFUSED: Final = (
    "the SIM did not take the PIN, and it is not typed again: name the right one, "
    "or type it by hand after a look at how many tries are left"
)
