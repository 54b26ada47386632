"""One modem on its way up the recovery ladder: which rung is next, said, taken and proved.

The rules are `gateway.modem.recover.recovery`, the commands `gateway.modem.recover.resets`;
bringing the modem up after each rung is the supervisor's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import ModemError
from gateway.modem.alarms import Alarms
from gateway.modem.known.profiles import GENERIC, load_profiles
from gateway.modem.link.link import Link
from gateway.modem.link.trouble import Trouble
from gateway.modem.modem import Identity
from gateway.modem.recover.power import Place, place_of
from gateway.modem.recover.recovery import PROOF, Ladder, Step
from gateway.modem.recover.resets import Opened, Resets
from gateway.modem.rung import Rung
from gateway.modem.settings import ModemSettings
from gateway.modem.start.start import Setup

log = structlog.get_logger(__name__)


class UnprovedError(ModemError):
    """A rung did not bring the modem back in time."""


class Rescue:
    """Climbs one modem's ladder; outlives its connections."""

    def __init__(self, settings: ModemSettings, alarms: Alarms, opened: Opened) -> None:
        self._settings = settings
        self._alarms = alarms
        self._ladder = Ladder(power=settings.usb_reset or bool(settings.power_command))
        self._resets = Resets(settings, opened)
        self._commands = load_profiles()[GENERIC].resets
        self._identity = Identity()
        self._place = Place()

    @property
    def rung(self) -> Rung | None:
        """What is being tried; None in service."""
        return self._ladder.rung

    @property
    def counts(self) -> Mapping[Rung, int]:
        """How often each rung was tried."""
        return dict(self._ladder.counts)

    async def take(self, rung: Rung) -> None:
        """Do what a rung asks for.

        Raises:
            ModemError: it could not be done.
        """
        await self._resets.take(rung, self._commands, self._place)

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[asyncio.Timeout]:
        """Give a rung its time to prove itself; where none was taken there is no limit.

        Raises:
            UnprovedError: it did not.
        """
        try:
            async with asyncio.timeout(PROOF if self._ladder.on_trial else None) as limit:
                yield limit
        except TimeoutError:
            raise UnprovedError(f"no proof of life within {PROOF:g} s") from None

    def fail(self, trouble: Trouble, why: str) -> Step:
        """Return what is next, and say it; at the last rung a person is called."""
        step = self._ladder.fail(trouble, now=_now())
        self._say(step, why)
        return step

    def miss(self, *, pause: float) -> Step:
        """Return what to do about a port that is not there, to be looked for every ``pause``."""
        step = self._ladder.miss(now=_now(), pause=pause)
        if step.rung is not None:
            self._say(step, "the port did not return")
        return step

    async def locate(self, link: Link) -> None:
        """Learn where the stick is plugged in, while its tty is there to tell."""
        if link.path is not None:
            self._place = await place_of(link.path, self._settings.sysfs)

    def prove(self, setup: Setup) -> None:
        """Take a modem that was brought up for recovered, and learn by which commands it is reset.

        Another IMEI at the same place is another modem, which begins at the bottom.
        """
        if self._identity.imei and setup.identity.imei != self._identity.imei:
            log.warning("another_modem", modem=self._settings.name, model=setup.identity.model)
            self._ladder.forget()
        elif self._ladder.rung is not None:
            log.info("recovered", modem=self._settings.name, rung=self._ladder.rung.value)
        self._ladder.prove()
        self._alarms.clear(AlarmKind.UNRECOVERED)
        self._identity, self._commands = setup.identity, setup.profile.resets

    def serve(self, seconds: float, *, useful: bool) -> None:
        """Say how long the modem was in service, and whether it did what it is there for."""
        self._ladder.serve(seconds, useful=useful)

    def _say(self, step: Step, why: str) -> None:
        rung = step.rung
        level = log.info if rung is Rung.INIT else log.warning
        level(
            "recovery",
            modem=self._settings.name,
            rung=rung,
            trouble=self._ladder.trouble.value,
            pause=round(step.pause, 1),
            reason=why,
        )
        if rung is Rung.OPERATOR:
            detail = f"nothing brings the modem back ({why}): look at it, or plug it in anew"
            self._alarms.sound(AlarmKind.UNRECOVERED, detail)


def _now() -> float:
    return asyncio.get_running_loop().time()
