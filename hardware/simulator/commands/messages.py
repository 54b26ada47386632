"""Commands of the message service in PDU mode (27.005, clauses 3 and 4)."""

from __future__ import annotations

from hardware.simulator.commands.answer import OK, Answer, Table, Then, constant, line, ok, said
from hardware.simulator.commands.general import quote, unquote
from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.device import Device
from hardware.simulator.errors import CmsError
from hardware.simulator.settings import ReportMode

NOT_SUPPORTED = 303
BAD_PDU_PARAMETER = 304
NO_ACKNOWLEDGEMENT_EXPECTED = 340
"""+CMS ERROR (27.005, 3.2.5)."""

_LONGEST_TPDU = 176
"""Octets: 12 of address, 24 of other fields at most, 140 of user data."""

_PDU_MODE = 0
_DS = {
    ReportMode.BOTH: (0, 1, 2),
    ReportMode.CDS: (0, 1),
    ReportMode.CDSI: (0, 2),
    ReportMode.NONE: (0,),
}


def _format(device: Device, command: Command) -> Answer:
    if command.number() != _PDU_MODE:
        raise CmsError(NOT_SUPPORTED)
    device.terminal.text = False
    return OK


def _service(device: Device, command: Command) -> Answer:
    wanted = command.number()
    if wanted not in device.personality.service.levels:
        raise CmsError(NOT_SUPPORTED)
    device.terminal.service = wanted
    return Answer(lines=("+CSMS: 1,1,1",), then=Then.KNOCK)


def _read_service(device: Device, _command: Command) -> Answer:
    return line(f"+CSMS: {device.terminal.service},1,1,1")


def _centre(device: Device, command: Command) -> Answer:
    device.smsc = unquote(device, command.values()[0])
    return OK


def _read_centre(device: Device, _command: Command) -> Answer:
    device.require_message_service()
    centre = device.personality.centre
    if not device.smsc:
        return said(centre.missing)
    form = centre.form.format(
        quoted=quote(device, device.smsc),
        number=device.smsc,
        hex=device.smsc.encode("utf-16-be").hex().upper(),
        kind=145 if device.smsc.startswith("+") else 129,
    )
    return line(form)


def _notify(device: Device, command: Command) -> Answer:
    notify, old = device.personality.notify, device.terminal.notify
    if len(command.values()) > notify.values:
        raise CmsError(NOT_SUPPORTED)
    new = tuple(command.number(at, default=value) for at, value in enumerate(old))
    mode, mt, bm, ds, bfr = new
    if mode > 2 or mt > 3 or bm > 3 or bfr > 1 or ds not in _DS[device.settings.report_mode]:
        raise CmsError(NOT_SUPPORTED)
    if any(_fits(new, pattern) for pattern in notify.refused):
        raise CmsError(NOT_SUPPORTED)
    device.terminal.notify = new
    return Answer(then=Then.KNOCK)


def _fits(notify: tuple[int, ...], pattern: str) -> bool:
    wanted = zip(notify, pattern.split(","), strict=True)
    return all(each in ("*", str(value)) for value, each in wanted)


def _read_notify(device: Device, _command: Command) -> Answer:
    return line("+CNMI: " + ",".join(map(str, device.terminal.notify)))


def _test_notify(device: Device, _command: Command) -> Answer:
    if promised := device.personality.notify.listing:
        return line(f"+CNMI: {promised}")
    ds = ",".join(map(str, _DS[device.settings.report_mode]))
    return line(f"+CNMI: (0-2),(0-3),(0-3),({ds}),(0,1)")


def _submit(device: Device, command: Command) -> Answer:
    """Ask for the PDU; the way of it from there is `submission`'s."""
    device.require_message_service()
    length = command.number()
    if not 0 < length <= _LONGEST_TPDU:
        raise CmsError(BAD_PDU_PARAMETER)
    return Answer(then=Then.PROMPT, length=length)


def _acknowledge(device: Device, _command: Command) -> Answer:
    if not device.terminal.unacknowledged:
        raise CmsError(NO_ACKNOWLEDGEMENT_EXPECTED)
    device.terminal.unacknowledged = 0
    return Answer(then=Then.KNOCK)


TABLE: Table = {
    ("+CMGF", Kind.SET): _format,
    ("+CMGF", Kind.READ): constant("+CMGF: 0"),
    ("+CMGF", Kind.TEST): constant("+CMGF: (0)"),
    ("+CSMS", Kind.SET): _service,
    ("+CSMS", Kind.READ): _read_service,
    ("+CSMS", Kind.TEST): constant("+CSMS: (0,1)"),
    ("+CSCA", Kind.SET): _centre,
    ("+CSCA", Kind.READ): _read_centre,
    ("+CNMI", Kind.SET): _notify,
    ("+CNMI", Kind.READ): _read_notify,
    ("+CNMI", Kind.TEST): _test_notify,
    ("+CMGS", Kind.SET): _submit,
    ("+CNMA", Kind.SET): _acknowledge,
    ("+CNMA", Kind.EXECUTE): _acknowledge,
    ("+CSMP", Kind.SET): ok,
    ("+CSMP", Kind.READ): constant("+CSMP: 49,167,0,0"),
    ("+CMMS", Kind.SET): ok,
    ("+CMMS", Kind.READ): constant("+CMMS: 0"),
    ("+CGSMS", Kind.SET): ok,
    ("+CGSMS", Kind.READ): constant("+CGSMS: 1"),
}
