"""The start sequence of a modem (MODEMS.md section 8).

Every step may fail without consequence but three: the modem answers, the SIM is there, PDU mode is
on. Waiting for a SIM or a network is no failure and has no end but that of the link. What the
modem is decides the rest: its profile says what to try, its IMEI what worked the last time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from gateway.at import read_imei, read_text
from gateway.domain.ids import LineId
from gateway.modem.known.learned import Experience
from gateway.modem.known.profile import Profile
from gateway.modem.known.profiles import choose_profile, load_profiles
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.memory import Memory
from gateway.modem.modem import Identity
from gateway.modem.port.usb import UsbStick, look_up
from gateway.modem.settings import ModemSettings
from gateway.modem.start.centre import keep_service_centre
from gateway.modem.start.iccid import identify_line, read_home_network
from gateway.modem.start.indications import Indications
from gateway.modem.start.network import NetworkWait
from gateway.modem.start.radio import Reading, read_network_name
from gateway.modem.start.reception import arrange_reception
from gateway.modem.start.sim import SimStart, Tell
from gateway.modem.start.sms_service import (
    Services,
    keep_radio_link,
    set_pdu_mode,
    waits_for_acknowledgement,
)
from gateway.modem.start.storages import Storages
from gateway.modem.status import ModemState

log = structlog.get_logger(__name__)

_PLAIN: Final = ("ATE0", "ATV1", "AT+CMEE=1")
"""No echo, results in words, errors by number: before anything else is asked."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the start found out and agreed with the modem."""

    identity: Identity
    profile_name: str
    """The name of its file, such as ``huawei-e173``."""
    profile: Profile
    """What is known of its kind."""
    experience: Experience
    """What is known of this very modem, kept by its IMEI."""
    services: Services
    """Which network carries messages."""
    line: LineId
    home: str | None = None
    """The mobile country code of the SIM's own network; None when it does not tell."""
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
    return await _Start(link, settings, memory, tell).run()


class _Start:
    """One start, and what it has found out so far."""

    def __init__(self, link: Link, settings: ModemSettings, memory: Memory, tell: Tell) -> None:
        self._link = link
        self._settings = settings
        self._memory = memory
        self._tell = tell
        self._stick: UsbStick | None = None
        self._identity = Identity()
        self._profile_name = choose_profile(self._identity)

    @property
    def _profile(self) -> Profile:
        return load_profiles()[self._profile_name]

    async def run(self) -> Setup:
        """Go through all of it."""
        await self._wake()
        await self._recognise()
        await self._wait_for_sim()
        if not (self._identity.imei and self._identity.manufacturer):
            # Some tell nothing before the PIN (MODEMS.md 5.3).
            await self._recognise()
        return await self._agree(await self._wait_for_network())

    async def _wake(self) -> None:
        """Bring the modem into step; how long it may boot is all that its USB id can tell."""
        if self._link.path is not None:
            self._stick = await look_up(self._link.path, self._settings.sysfs)
        self._profile_name = choose_profile(Identity(), self._usb)
        await self._link.start(self._profile.start.boot)
        await self._write(_PLAIN)

    async def _wait_for_sim(self) -> None:
        await SimStart(
            self._link,
            self._settings,
            self._memory,
            self._tell,
            identity=self._identity,
            profile=self._profile,
        ).run()

    @property
    def _usb(self) -> str | None:
        return None if self._stick is None else self._stick.id

    async def _recognise(self) -> None:
        """Ask who it is, and choose and begin to follow its profile."""
        self._identity = await identify(self._link)
        self._profile_name = choose_profile(self._identity, self._usb)
        self._link.sleeps = self._profile.habits.wake
        self._link.without_ok.update((await self._recall()).learned.without_ok)
        await self._write(self._profile.start.init)

    async def _write(self, commands: Iterable[str]) -> None:
        for command in commands:
            await ask(self._link, command)

    async def _wait_for_network(self) -> Reading:
        """Wait for a network; the SIM may have to be unlocked anew on the way to it."""
        wait = NetworkWait(self._link, self._memory, self._tell, profile=self._profile)
        while (reading := await wait.run()) is None:
            await self._wait_for_sim()
        return reading

    async def _agree(self, reading: Reading) -> Setup:
        """Agree on the rest, beginning with what worked the last time."""
        link, profile, experience = self._link, self._profile, await self._recall()
        line = await identify_line(link, self._identity)
        home = await read_home_network(link)
        services = Services(link, profile, experience)
        await set_pdu_mode(link, profile, services)
        await keep_radio_link(link, profile, experience)
        acknowledges = await waits_for_acknowledgement(link, profile)
        service_centre = await keep_service_centre(link, line, self._memory.notes)
        storages, indications = await arrange_reception(link, profile, experience)
        await self._write(profile.start.quiet)
        await experience.keep(
            replace(experience.learned, without_ok=tuple(sorted(link.without_ok)))
        )
        return Setup(
            identity=self._identity,
            profile_name=self._profile_name,
            profile=profile,
            experience=experience,
            services=services,
            line=line,
            home=home,
            acknowledges=acknowledges,
            service_centre=service_centre,
            storages=storages,
            indications=indications,
            reading=reading,
            operator=await read_network_name(link),
        )

    async def _recall(self) -> Experience:
        notes, name = self._memory.notes, self._settings.name
        place = name if self._stick is None else self._stick.path
        subject = await notes.modem_subject(self._identity.imei, name, place)
        return await Experience.recall(notes, subject)


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
