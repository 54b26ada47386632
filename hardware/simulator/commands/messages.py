"""Commands of the message service in PDU mode (27.005, clauses 3 and 4)."""

from __future__ import annotations

from hardware.simulator.address import swap
from hardware.simulator.commands.answer import OK, Answer, Table, Then, constant, line, ok
from hardware.simulator.commands.general import quote, unquote
from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.device import Device
from hardware.simulator.errors import CmsError
from hardware.simulator.settings import ReportMode
from hardware.simulator.storage import MEMORIES, Memory, Status, Stored

NOT_SUPPORTED = 303
BAD_PDU_PARAMETER = 304
INVALID_INDEX = 321
NO_ACKNOWLEDGEMENT_EXPECTED = 340
"""+CMS ERROR (27.005, 3.2.5)."""

_LONGEST_TPDU = 176
"""Octets: 12 of address, 24 of other fields at most, 140 of user data."""

_SERVICES = (0, 1)
_PDU_MODE = 0
_DS = {
    ReportMode.BOTH: (0, 1, 2),
    ReportMode.CDS: (0, 1),
    ReportMode.CDSI: (0, 2),
    ReportMode.NONE: (0,),
}
_ALL = frozenset(Status)
_LISTED = {0: frozenset({Status.UNREAD}), 1: frozenset({Status.READ}), 4: _ALL}
"""What +CMGL=stat shows; 2 and 3 are outgoing messages, which are never stored here."""

_READ_ONLY = frozenset({Status.READ})
_DELETED = {1: _READ_ONLY, 2: _READ_ONLY, 3: _READ_ONLY, 4: _ALL}
"""What +CMGD=n,flag deletes."""


def _format(_device: Device, command: Command) -> Answer:
    if command.number() != _PDU_MODE:
        raise CmsError(NOT_SUPPORTED)
    return OK


def _service(device: Device, command: Command) -> Answer:
    wanted = command.number()
    if wanted not in _SERVICES:
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
    kind = 145 if device.smsc.startswith("+") else 129
    return line(f"+CSCA: {quote(device, device.smsc)},{kind}")


def _memories(device: Device, command: Command) -> Answer:
    device.require_message_service()
    wanted = command.values()
    writable = all(name in MEMORIES[:2] for name in wanted[1:])
    if len(wanted) > 3 or wanted[0] not in MEMORIES or not writable:
        raise CmsError(INVALID_INDEX)
    device.terminal.memories[: len(wanted)] = wanted
    counts = (f"{used},{slots}" for used, slots in _fill(device))
    return line(f"+CPMS: {','.join(counts)}")


def _read_memories(device: Device, _command: Command) -> Answer:
    device.require_message_service()
    named = zip(device.terminal.memories, _fill(device), strict=True)
    return line("+CPMS: " + ",".join(f'"{name}",{used},{slots}' for name, (used, slots) in named))


def _fill(device: Device) -> list[tuple[int, int]]:
    chosen = ((name, device.memories[name]) for name in device.terminal.memories)
    return [
        (memory.slots if device.memory_full(name) else memory.used, memory.slots)
        for name, memory in chosen
    ]


def _notify(device: Device, command: Command) -> Answer:
    old = device.terminal.notify
    new = tuple(command.number(at, default=value) for at, value in enumerate(old))
    mode, mt, bm, ds, bfr = new
    if mode > 2 or mt > 3 or bm > 3 or bfr > 1 or ds not in _DS[device.settings.report_mode]:
        raise CmsError(NOT_SUPPORTED)
    device.terminal.notify = new
    return Answer(then=Then.KNOCK)


def _read_notify(device: Device, _command: Command) -> Answer:
    return line("+CNMI: " + ",".join(map(str, device.terminal.notify)))


def _test_notify(device: Device, _command: Command) -> Answer:
    ds = ",".join(map(str, _DS[device.settings.report_mode]))
    return line(f"+CNMI: (0-2),(0-3),(0-3),({ds}),(0,1)")


def _submit(device: Device, command: Command) -> Answer:
    """Ask for the PDU; the way of it from there is `submission`'s."""
    device.require_message_service()
    length = command.number()
    if not 0 < length <= _LONGEST_TPDU:
        raise CmsError(BAD_PDU_PARAMETER)
    return Answer(then=Then.PROMPT, length=length)


def with_centre(device: Device, tpdu: bytes) -> str:
    """A TPDU as +CMGR and +CMT show it: the service centre's address before it, in hex."""
    digits = device.smsc.removeprefix("+")
    address = swap(digits)
    kind = 0x91 if device.smsc.startswith("+") else 0x81
    return (bytes([len(address) + 1, kind]) + address + tpdu).hex().upper()


def _chosen(device: Device) -> Memory:
    device.require_message_service()
    return device.memories[device.terminal.memories[0]]


def _show(device: Device, prefix: str, stored: Stored) -> tuple[str, str]:
    header = f"{prefix}{stored.status.value},,{len(stored.tpdu)}"
    return header, with_centre(device, stored.tpdu)


def _read(device: Device, command: Command) -> Answer:
    stored = _chosen(device).read(command.number())
    if stored is None:
        raise CmsError(INVALID_INDEX)
    return Answer(lines=_show(device, "+CMGR: ", stored))


def _list(device: Device, command: Command) -> Answer:
    wanted = _LISTED.get(command.number(default=0), frozenset())
    shown = [_show(device, f"+CMGL: {at},", kept) for at, kept in _chosen(device).listing(wanted)]
    return Answer(lines=tuple(text for pair in shown for text in pair))


def _delete(device: Device, command: Command) -> Answer:
    memory, flag = _chosen(device), command.number(1, default=0)
    if flag in _DELETED:
        memory.delete_all(_DELETED[flag])
    elif not 1 <= command.number() <= memory.slots:
        raise CmsError(INVALID_INDEX)
    else:
        memory.delete(command.number())
    return Answer(then=Then.KNOCK)


def _test_delete(device: Device, _command: Command) -> Answer:
    return line(f"+CMGD: (1-{_chosen(device).slots}),(0-4)")


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
    ("+CPMS", Kind.SET): _memories,
    ("+CPMS", Kind.READ): _read_memories,
    ("+CPMS", Kind.TEST): constant('+CPMS: ("SM","ME","SR"),("SM","ME"),("SM","ME")'),
    ("+CNMI", Kind.SET): _notify,
    ("+CNMI", Kind.READ): _read_notify,
    ("+CNMI", Kind.TEST): _test_notify,
    ("+CMGS", Kind.SET): _submit,
    ("+CMGR", Kind.SET): _read,
    ("+CMGL", Kind.SET): _list,
    ("+CMGL", Kind.EXECUTE): _list,
    ("+CMGL", Kind.TEST): constant("+CMGL: (0-4)"),
    ("+CMGD", Kind.SET): _delete,
    ("+CMGD", Kind.TEST): _test_delete,
    ("+CNMA", Kind.SET): _acknowledge,
    ("+CNMA", Kind.EXECUTE): _acknowledge,
    ("+CMMS", Kind.SET): ok,
    ("+CMMS", Kind.READ): constant("+CMMS: 0"),
    ("+CGSMS", Kind.SET): ok,
    ("+CGSMS", Kind.READ): constant("+CGSMS: 1"),
}
