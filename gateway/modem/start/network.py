"""Waiting for a network, and doing something about it ever more seldom.

Sticks lose their network after sending, or are denied it until they are turned off and on
(MODEMS.md 5.9). A network that is asked too often may bar the SIM, so that the pauses double and
the whole stick is restarted once. How often something was done is kept across connections, until
the modem has served for an hour.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Final

import structlog

from gateway.at import Registration
from gateway.domain.alarms import AlarmKind
from gateway.modem.known.profile import Profile
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.link.trouble import Trouble
from gateway.modem.memory import Memory
from gateway.modem.start.radio import Reading, read_radio
from gateway.modem.start.sim import Tell
from gateway.modem.status import ModemState

log = structlog.get_logger(__name__)

PAUSE: Final = 1.0
"""Seconds between two looks at the registration."""

LONG_PAUSE: Final = 5.0
"""The same, once it has taken so long that a second does not matter."""

NO_SERVICE_AFTER: Final = 180.0
"""Seconds without a network after which a person is called; a search takes up to two minutes."""

FIRST_REMEDY: Final = 60.0
"""Seconds of waiting before anything is done; doubles with each thing that was done."""

LONGEST_REMEDY: Final = 6 * 3600.0
"""Seconds; a SIM that is barred for a day is not asked more often than this."""


class Remedy(Enum):
    """What can be done for a modem without a network."""

    SELECT = "select"
    """Choose the operator anew (AT+COPS=0)."""
    RADIO = "radio"
    """Turn the radio off and on."""
    RESTART = "restart"
    """Restart the stick; the port goes."""


_FIRST: Final = (Remedy.SELECT, Remedy.RADIO, Remedy.SELECT, Remedy.RADIO, Remedy.RESTART)
_THEN: Final = (Remedy.SELECT, Remedy.RADIO)

_NO_SERVICE: Final = frozenset({Registration.EMERGENCY_ONLY, Registration.LOCAL_EMERGENCY_ONLY})
"""There is a network, and it carries no messages (MODEMS.md 2.16)."""


def remedy(done: int) -> tuple[float, Remedy]:
    """Return how long to wait, in seconds, and what to do then.

    Args:
        done: how much was done already, since the modem last served for long.
    """
    pause = min(LONGEST_REMEDY, FIRST_REMEDY * 2.0 ** min(done, 16))
    return pause, _FIRST[done] if done < len(_FIRST) else _THEN[done % len(_THEN)]


class NetworkWait:
    """Waits until the network carries messages."""

    def __init__(self, link: Link, memory: Memory, tell: Tell, *, profile: Profile) -> None:
        self._link = link
        self._memory = memory
        self._tell = tell
        self._profile = profile

    async def run(self) -> Reading | None:
        """Return the reading of a network that carries messages.

        Returns:
            None when the radio was turned off and on: the SIM has to be looked at again.

        Raises:
            LinkLostError: the link was lost, or the stick was restarted.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if self._memory.without_network_since is None:
            self._memory.without_network_since = begun
        while not (reading := await read_radio(self._link)).carries_sms:
            self._say(reading, loop.time() - self._memory.without_network_since)
            pause, due = remedy(self._memory.network_remedies)
            if loop.time() - begun >= pause:
                await self._do(due)
                return None
            await asyncio.sleep(PAUSE if loop.time() - begun < FIRST_REMEDY else LONG_PAUSE)
            self._link.check()
        self._memory.without_network_since = None
        self._memory.alarms.clear(AlarmKind.NO_SERVICE)
        return reading

    def _say(self, reading: Reading, waited: float) -> None:
        late = waited >= NO_SERVICE_AFTER
        if late:
            self._memory.alarms.sound(AlarmKind.NO_SERVICE, _DETAIL)
        refused = late or reading.registration in _NO_SERVICE
        self._tell(ModemState.NO_SERVICE if refused else ModemState.NOT_REGISTERED)

    async def _do(self, due: Remedy) -> None:
        self._memory.network_remedies += 1
        log.warning("network_sought", modem=self._link.name, remedy=due.value)
        if due is Remedy.SELECT:
            await ask(self._link, "AT+COPS=0", limit=limits.NETWORK_SELECTION)
        elif due is Remedy.RADIO:
            for command in self._profile.resets.radio:
                await ask(self._link, command, limit=limits.SLOW_COMMAND)
        else:
            self._restart()

    def _restart(self) -> None:
        """Leave it to the recovery ladder, which counts restarts and has more behind them."""
        self._link.abort("no network is found without a restart", Trouble.NO_NETWORK)
        self._link.check()


_DETAIL: Final = (
    "no network carries messages: look at the antenna, the contract and the credit; "
    "jobs wait in the queue"
)
