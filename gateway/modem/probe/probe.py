"""Probing one stick: what it is, what its SIM and its network are, and what works with it.

It sends no message, and types a PIN only when it is given one. Everything that it sets is put back
as it was. What it finds is a value (`gateway.modem.probe.findings`); printing is the command
line's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from gateway.at import (
    Registration,
    SimState,
    Unsolicited,
    read_imsi,
    read_operator,
    read_registration,
    read_signal,
    read_sim_state,
    read_smsc,
)
from gateway.at.answer import fields
from gateway.domain.errors import LinkLostError
from gateway.modem.find.discovery import ports_to_try, profile_of
from gateway.modem.known.profile import Profile
from gateway.modem.known.profiles import choose_profile, load_profiles
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.port.transport import (
    SOCKET_SCHEME,
    Opener,
    PortMissingError,
    candidates,
    open_port,
)
from gateway.modem.port.usb import SYSFS, UsbStick, stick_of, sticks
from gateway.modem.probe.findings import Findings, Rung
from gateway.modem.probe.neighbours import BAUDRATE, Neighbours
from gateway.modem.probe.originals import Originals
from gateway.modem.probe.trials import (
    try_announcements,
    try_memories,
    try_phases,
    try_services,
    try_ussd,
)
from gateway.modem.start.centre import restore_service_centre
from gateway.modem.start.iccid import ask_iccid
from gateway.modem.start.sim import BUSY_PAUSE
from gateway.modem.start.start import identify
from gateway.modem.trace.recorder import Recorder, Sheet
from gateway.modem.trace.tap import Tap

_REGISTRATIONS: Final = ("+CREG", "+CGREG", "+CEREG")
_ROUTED: Final = frozenset({"+CDS", "+CMT"})
_OFF: Final = frozenset({"0", "4"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeOptions:
    """How a stick is probed."""

    port: str
    """A path, a glob, ``socket://host:port``, or a stick's USB path such as ``1-1.2``."""
    pin: str | None = None
    """Typed once where the SIM asks for it; None: never."""
    wait: float = 20.0
    """Seconds for a first answer, and again for the SIM and for the network."""
    ussd: str | None = None
    """What the network's menus are asked for in each form, such as ``*100#``; None: nothing."""
    sysfs: Path = SYSFS


async def probe(
    options: ProbeOptions, sheet: Sheet, *, opener: Opener = open_port
) -> tuple[Findings, Originals]:
    """Probe a stick and leave it as it was; return what was found, and how it was.

    Args:
        options: which, and how.
        sheet: where the dialogue is recorded, redacted.
        opener: opens its port.

    Raises:
        LinkLostError: there is no such port, it cannot be opened, nothing answers, or the link was
            lost.
    """
    stick = await asyncio.to_thread(_find_stick, options)
    for device in _devices(options, stick):
        attempt = _Probe(options, stick, device, sheet, opener)
        try:
            return await attempt.run()
        except LinkLostError as error:
            failure = error
        if attempt.answered:  # It was the right one, and a PIN is not typed on another as well.
            break
    raise failure


async def put_back(
    findings: Findings, originals: Originals, sheet: Sheet, *, opener: Opener = open_port
) -> Findings:
    """Open the port once more and put back what somebody else has set meanwhile.

    Args:
        findings: of the probe before.
        originals: how the modem was then.
        sheet: where this goes on being recorded.
        opener: opens its port.

    Raises:
        LinkLostError: the port cannot be opened, or nothing answers.
    """
    link = Link("probe", lambda said: None)
    try:
        await opener(findings.port, _tap(link, sheet), baudrate=BAUDRATE)
        await link.start(limits.RECOVERY)
        refused = await originals.restore(link)
        told = read_smsc((await ask(link, "AT+CSCA?", limit=limits.SIM_COMMAND)).lines)
        if findings.service_centre and told != findings.service_centre:
            await restore_service_centre(link, findings.service_centre)
        return replace(findings, unrestored=refused)
    finally:
        await link.close()


def _tap(link: Link, sheet: Sheet) -> Tap:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    return Tap(link, Recorder(sheet, lambda: loop.time() - begun))


def _find_stick(options: ProbeOptions) -> UsbStick | None:
    """Return the stick that the port is of, or that is plugged in at this USB path."""
    for stick in sticks(options.sysfs):
        if stick.path == options.port:
            return stick
    if options.port.startswith(SOCKET_SCHEME):
        return None
    paths = candidates(options.port)
    return stick_of(paths[0], options.sysfs) if paths else None


def _devices(options: ProbeOptions, stick: UsbStick | None) -> list[str]:
    """Return the devices to try: the one that was named, or those of a stick, the best first.

    Raises:
        PortMissingError: there is none.
    """
    if stick is not None and stick.path == options.port:
        return [str(port.device) for port in ports_to_try(stick, profile_of(stick).ports)]
    if paths := candidates(options.port):
        return paths
    raise PortMissingError(f"{options.port} does not exist")


class _Probe:
    """One probe through one device.

    Attributes:
        answered: AT got its OK.
    """

    def __init__(
        self,
        options: ProbeOptions,
        stick: UsbStick | None,
        device: str,
        sheet: Sheet,
        opener: Opener,
    ) -> None:
        self.answered = False
        self._options = options
        self._stick = stick
        self._device = device
        self._opener = opener
        self._echo = _EchoSheet(sheet)
        self._arrived = 0
        self._spoken: set[str] = set()
        self._link = Link("probe", self._listener(device))

    async def run(self) -> tuple[Findings, Originals]:
        """Go through all of it."""
        try:
            tap = _tap(self._link, self._echo)
            await self._opener(self._device, tap, baudrate=BAUDRATE)
            await self._link.start(self._options.wait)
            self.answered = True
            return await self._examine()
        finally:
            await self._link.close()

    async def _examine(self) -> tuple[Findings, Originals]:
        link = self._link
        echo = self._echo.echoed
        for command in ("ATE0", "ATV1"):
            await ask(link, command)
        originals = await Originals.read(link, echo=echo)
        await ask(link, "AT+CMEE=1")
        async with self._radio():
            try:
                findings = await self._find_out()
            finally:
                refused = () if link.lost else await originals.restore(link)
        return replace(findings, unrestored=refused, arrived=self._arrived), originals

    @asynccontextmanager
    async def _radio(self) -> AsyncIterator[None]:
        """Turn the radio on for the time of the probe, where it is off."""
        told = (await ask(self._link, "AT+CFUN?")).values("+CFUN")
        was = fields(told[0])[0] if told else ""
        if was not in _OFF:
            yield
            return
        await ask(self._link, "AT+CFUN=1", limit=limits.SLOW_COMMAND)
        try:
            yield
        finally:
            if not self._link.lost:
                await ask(self._link, f"AT+CFUN={was}", limit=limits.SLOW_COMMAND)

    async def _find_out(self) -> Findings:
        identity = await identify(self._link)
        sim = await self._wait_for_sim()
        if not identity.manufacturer:  # Some tell nothing before the PIN (MODEMS.md 5.3).
            identity = await identify(self._link)
        usb = self._stick
        name = choose_profile(identity, usb.id if usb else None)
        profile = load_profiles()[name]
        findings = Findings(
            port=self._device,
            identity=identity,
            profile=name,
            usb_id=usb.id if usb else "",
            usb_path=usb.path if usb else "",
            sim=sim,
            registrations=await self._wait_for_network(sim),
            pdu_mode=(await ask(self._link, "AT+CMGF=0")).ok,
            ladders={},
        )
        findings = await self._ask_sim_and_network(findings)
        neighbours = Neighbours(self._device, self._opener, self._listener)
        async with neighbours.watched(usb, profile) as ports:
            findings = replace(findings, ladders=await self._climb(profile, sim))
        speaking = [replace(port, speaks=port.device in self._spoken) for port in ports]
        return replace(findings, ports=tuple(speaking))

    async def _wait_for_sim(self) -> SimState:
        """Return how the SIM is; one that starts is waited for, a PIN is typed once."""
        loop = asyncio.get_running_loop()
        deadline, pin = loop.time() + self._options.wait, self._options.pin
        while True:
            state = await self._sim_state()
            if state is SimState.PIN and pin is not None:
                await ask(self._link, f'AT+CPIN="{pin}"', limit=limits.SLOW_COMMAND)
                pin = None
            elif state is not SimState.BUSY or loop.time() > deadline:
                return state
            await asyncio.sleep(BUSY_PAUSE)

    async def _sim_state(self) -> SimState:
        answer = await ask(
            self._link,
            "AT+CPIN?",
            limit=limits.SIM_COMMAND,
            settle=limits.INFORMATION_SETTLES,
        )
        return read_sim_state(answer.lines, answer.result)

    async def _wait_for_network(self, sim: SimState) -> dict[str, Registration | None]:
        """Return the registrations, as soon as one carries messages or nothing more is to come."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + (self._options.wait if sim is SimState.READY else 0.0)
        while True:
            told = {name: await self._registration(name) for name in _REGISTRATIONS}
            known = [one for one in told.values() if one is not None]
            if not known or any(one.carries_sms for one in known) or loop.time() >= deadline:
                return told
            await asyncio.sleep(BUSY_PAUSE)

    async def _registration(self, name: str) -> Registration | None:
        return read_registration((await ask(self._link, f"AT{name}?")).lines, name)

    async def _ask_sim_and_network(self, findings: Findings) -> Findings:
        link = self._link
        operator = await ask(link, "AT+COPS?", limit=limits.SLOW_COMMAND)
        imsi = await ask(link, "AT+CIMI", limit=limits.SIM_COMMAND)
        centre = await ask(link, "AT+CSCA?", limit=limits.SIM_COMMAND)
        return replace(
            findings,
            iccid=await ask_iccid(link) or "",
            imsi=read_imsi(imsi.lines) or "",
            operator=read_operator(operator.lines) or "",
            signal_dbm=read_signal((await ask(link, "AT+CSQ")).lines),
            service_centre=read_smsc(centre.lines),
        )

    async def _climb(self, profile: Profile, sim: SimState) -> dict[str, tuple[Rung, ...]]:
        link, ladders = self._link, profile.ladders
        found = {
            "AT+CNMI": await try_announcements(link, ladders.announcements),
            "AT+CPMS": await try_memories(link, ladders),
            "AT+CGSMS": await try_services(link),
            "AT+CSMS": await try_phases(link),
        }
        if self._options.ussd is not None and sim is SimState.READY:
            found["AT+CUSD"] = await try_ussd(link, profile, self._options.ussd)
        return found

    def _listener(self, device: str) -> Callable[[Unsolicited], None]:
        def listen(said: Unsolicited) -> None:
            self._spoken.add(device)
            self._arrived += said.name in _ROUTED

        return listen


class _EchoSheet:
    """A sheet that notices whether the modem writes back what is written to it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.echoed = False

    def write(self, text: str) -> bool:
        self.echoed = self.echoed or text.startswith("<< AT<CR>")
        return self._sheet.write(text)

    def close(self) -> None:
        self._sheet.close()
