"""The way of one message through the modem: AT+CMGS, prompt, PDU, Ctrl-Z, answer.

Clauses: 27.005, 3.5.1. Here stand the moments at which a stick can be lost or lie, in their order;
whether a message counts as sent is decided by one line in it, and that line is in the log first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from hardware.simulator.commands.messages import BAD_PDU_PARAMETER
from hardware.simulator.device import Device
from hardware.simulator.errors import CmsError, PduError
from hardware.simulator.faults import FaultName, Faults, Where
from hardware.simulator.log import Event, Journal
from hardware.simulator.network import Acceptance
from hardware.simulator.pdu import Submit, decode_submit
from hardware.simulator.results import cms_error

_UNKNOWN_ERROR = 500

CENTRE_UNKNOWN = 330
"""+CMS ERROR: SMSC address unknown (27.005, 3.2.5)."""

_NO_CENTRE = "00"
"""In front of a TPDU: the modem's own service centre is to be taken."""

_NOT_SET = (0, 0, 0, 0, 0)
"""+CNMI after power-on."""

_ADRIFT = 10.0
"""Seconds without a network, unless the fault says otherwise."""

_LATE = 30.0
"""Seconds by which a late answer is late, unless the fault says otherwise."""


class Console(Protocol):
    """What a submission needs of the modem that it runs on."""

    def prompt(self) -> None:
        """Ask for the PDU and wait for it."""
        ...

    def answer(self, lines: tuple[str, ...], final: str) -> None:
        """Answer, and take commands again."""
        ...

    def quiet(self) -> None:
        """Take commands again without a word."""
        ...

    def pause(self, seconds: float, then: Callable[[], None]) -> None:
        """Do something later, unless the power goes before."""
        ...

    def say(self, *lines: str) -> None:
        """Say something that no command asked for."""
        ...

    def vanish(self, back_after: float | None) -> None:
        """Be pulled out of the socket, for some seconds or for good."""
        ...

    def reboot(self, boot: float | None) -> None:
        """Lose power for a moment."""
        ...

    def hangs(self, where: Where) -> bool:
        """Whether it answers nothing from here on."""
        ...


class Submission:
    """One AT+CMGS."""

    def __init__(
        self, *, name: str, length: int, device: Device, journal: Journal, console: Console
    ) -> None:
        self._name = name
        self._length = length
        self._device = device
        self._faults: Faults = device.faults
        self._journal = journal
        self._console = console
        self._begun = False

    def begin(self) -> None:
        """Ask for the PDU, or refuse."""
        if refusal := self._faults.strike(FaultName.REFUSE):
            self._refuse(refusal.code(_UNKNOWN_ERROR), stage="prompt")
            return
        if self._used(FaultName.NO_PROMPT):
            self._console.quiet()
            return
        if self._used(FaultName.SMSC_LOST):
            self._device.smsc = ""
        self._log(Event.PROMPT)
        self._console.prompt()
        if not self._vanishes(FaultName.UNPLUG_AT_PROMPT):
            self._console.hangs(Where.PROMPT)

    def octets_came(self) -> None:
        """Some of the PDU is there, perhaps not the first of it."""
        if not self._begun:
            self._begun = True
            if not self._vanishes(FaultName.UNPLUG_IN_PDU):
                self._reboots(FaultName.REBOOT_IN_PDU)

    def cancel(self) -> None:
        """The host wrote ESC: nothing is sent."""
        self._log(Event.CANCELLED)
        self._console.answer((), "OK")

    def complete(self, pdu: str) -> None:
        """The host wrote Ctrl-Z: from here the network decides."""
        if self._vanishes(FaultName.UNPLUG_AFTER_CTRL_Z) or self._console.hangs(Where.CTRL_Z):
            return
        if self._reboots(FaultName.REBOOT_AFTER_CTRL_Z):
            return
        if self._used(FaultName.LOSE_OCTET):
            pdu = pdu[:-1]
        if self._faults.strike(FaultName.SWALLOW) or self._faults.strike(FaultName.SILENCE):
            self._log(Event.SWALLOWED, pdu=pdu)
            self._console.quiet()
            return
        latency = self._device.settings.submit_latency
        if latency:
            self._console.pause(latency, partial(self._submit, pdu))
        else:
            self._submit(pdu)

    def _submit(self, pdu: str) -> None:
        try:
            acceptance = self._accept(pdu)
        except CmsError as error:
            self._refuse(error.code, stage="pdu", pdu=pdu)
            return
        self._afterwards()
        if self._is_lost():
            self._device.line.report(acceptance)
            return
        early = self._used(FaultName.REPORT_EARLY)
        if early:
            self._device.line.report(acceptance, early=True)
        self._answer(acceptance)
        if not early:
            self._device.line.report(acceptance)

    def _afterwards(self) -> None:
        """What a message takes along when it goes."""
        if self._used(FaultName.CNMI_FORGOTTEN):
            self._device.terminal.notify = _NOT_SET
        if fault := self._faults.strike(FaultName.DEREGISTER):
            self._log(Event.FAULT, name=fault.name.value)
            self._device.adrift = True
            self._console.pause(fault.number(_ADRIFT), self._come_back)

    def _come_back(self) -> None:
        self._device.adrift = False

    def _is_lost(self) -> bool:
        """Whether the answer cannot be given any more."""
        return (
            self._vanishes(FaultName.UNPLUG_AFTER_ACCEPT)
            or self._reboots(FaultName.REBOOT_AFTER_ACCEPT)
            or self._console.hangs(Where.ACCEPT)
        )

    def _accept(self, pdu: str) -> Acceptance:
        """Have the network take it: after this line it is sent, whatever the host is told."""
        if rejection := self._faults.strike(FaultName.REJECT):
            raise CmsError(rejection.code(_UNKNOWN_ERROR))
        self._device.require_network()
        if not self._device.smsc and pdu.startswith(_NO_CENTRE):
            raise CmsError(CENTRE_UNKNOWN)
        submit = self._read(pdu)
        return self._device.line.submit(submit, pdu, self._device.settings)

    def _read(self, pdu: str) -> Submit:
        try:
            return decode_submit(_tpdu(pdu, self._length))
        except PduError as error:
            self._log(Event.FAULT, name="bad_pdu", reason=str(error), pdu=pdu)
            raise CmsError(BAD_PDU_PARAMETER) from None

    def _answer(self, acceptance: Acceptance) -> None:
        sending = self._device.personality.sending
        number = (*sending.before, sending.answer.format(mr=acceptance.mr))
        number = tuple(line for line in number if line)
        if error := self._faults.strike(FaultName.ERROR_AFTER_ACCEPT):
            self._console.answer((), cms_error(self._device, error.code(_UNKNOWN_ERROR)))
        elif self._used(FaultName.LOSE_ANSWER):
            self._console.quiet()
        elif late := self._faults.strike(FaultName.LATE_ANSWER):
            self._console.pause(late.number(_LATE), partial(self._console.say, *number, "", "OK"))
            self._console.quiet()
        elif self._used(FaultName.OK_ONLY):
            self._console.answer((), "OK")
        elif self._used(FaultName.NO_OK):
            self._console.answer(number, "")
        else:
            self._console.answer(number, "OK")

    def _refuse(self, code: int, *, stage: str, **fields: object) -> None:
        self._log(Event.REFUSED, code=code, stage=stage, **fields)
        self._console.answer((), cms_error(self._device, code))

    def _used(self, name: FaultName) -> bool:
        """Whether a fault strikes here; kept in the log when it does."""
        if not self._faults.strike(name):
            return False
        self._log(Event.FAULT, name=name.value)
        return True

    def _vanishes(self, name: FaultName) -> bool:
        fault = self._faults.strike(name)
        if fault is None:
            return False
        self._log(Event.FAULT, name=name.value)
        self._console.vanish(None if fault.value is None else fault.number(0))
        return True

    def _reboots(self, name: FaultName) -> bool:
        fault = self._faults.strike(name)
        if fault is None:
            return False
        self._log(Event.FAULT, name=name.value)
        self._console.reboot(None if fault.value is None else fault.number(0))
        return True

    def _log(self, event: Event, **fields: object) -> None:
        self._journal.write(self._name, event, **fields)


def _tpdu(pdu: str, length: int) -> bytes:
    """The TPDU behind the service centre's address.

    Raises:
        PduError: this is no hexadecimal, or not as long as announced.
    """
    try:
        octets = bytes.fromhex(pdu)
    except ValueError as error:
        raise PduError("PDU", 0, str(error)) from None
    tpdu = octets[1 + octets[0] :] if octets else b""
    if len(tpdu) != length:
        raise PduError("+CMGS", 0, f"{length} octets announced, {len(tpdu)} came")
    return tpdu
