"""Commands of the message memories (27.005, 3.2.2 and 3.4.2 to 3.5.4), and how a PDU is shown."""

from __future__ import annotations

from hardware.simulator.address import swap
from hardware.simulator.commands.answer import OK, Answer, Table, Then, constant, line
from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.commands.text import in_text_mode
from hardware.simulator.device import REPORT_MEMORY, Device
from hardware.simulator.errors import CmsError, OwnWordsError
from hardware.simulator.faults import FaultName
from hardware.simulator.pdu import is_report
from hardware.simulator.personality import Lists
from hardware.simulator.storage import Memory, Status, Stored

NOT_SUPPORTED = 303
INVALID_INDEX = 321
"""+CMS ERROR (27.005, 3.2.5)."""

_ALL = frozenset(Status)
_LISTED = {0: frozenset({Status.UNREAD}), 1: frozenset({Status.READ}), 4: _ALL}
"""What +CMGL=stat shows; 2 and 3 are outgoing messages, which are never stored here."""

_READ_ONLY = frozenset({Status.READ})
_DELETED = {1: _READ_ONLY, 2: _READ_ONLY, 3: _READ_ONLY, 4: _ALL}
"""What +CMGD=n,flag deletes."""


def _memories(device: Device, command: Command) -> Answer:
    device.require_message_service()
    wanted, storage = command.values(), device.personality.storage
    known = all(device.has_memory(name) for name in wanted)
    writable = all(device.memory_name(name) != REPORT_MEMORY for name in wanted[1:])
    if len(wanted) not in storage.arguments or not known or not writable:
        raise CmsError(INVALID_INDEX)
    device.terminal.memories[: len(wanted)] = wanted
    numbers = [number for pair in _fill(device) for number in pair][: storage.numbers]
    return line(f"+CPMS: {','.join(map(str, numbers))}") if numbers else OK


def _read_memories(device: Device, _command: Command) -> Answer:
    device.require_message_service()
    form = device.personality.storage.place
    named = zip(device.terminal.memories, _fill(device), strict=True)
    places = (form.format(memory=name, used=used, slots=slots) for name, (used, slots) in named)
    return line("+CPMS: " + ",".join(places))


def _test_memories(device: Device, _command: Command) -> Answer:
    return line(f"+CPMS: {device.personality.storage.listing}")


def _fill(device: Device) -> list[tuple[int, int]]:
    names = map(device.memory_name, device.terminal.memories)
    return [(device.used(name), device.memories[name].slots) for name in names]


def shown(device: Device, tpdu: bytes) -> str:
    """A TPDU as +CMGR and +CMT show it, in hex: the service centre's address before it."""
    stick = device.personality
    if not is_report(tpdu):
        return with_centre(device, tpdu) + stick.inbound.padding
    if stick.reports.centre:
        return stick.reports.centre + tpdu.hex().upper() + stick.reports.padding
    return with_centre(device, tpdu) + stick.reports.padding


def with_centre(device: Device, tpdu: bytes) -> str:
    """A TPDU behind the service centre's address, in hex."""
    digits = device.smsc.removeprefix("+")
    address = swap(digits)
    kind = 0x91 if device.smsc.startswith("+") else 0x81
    return (bytes([len(address) + 1, kind]) + address + tpdu).hex().upper()


def _chosen(device: Device) -> Memory:
    device.require_message_service()
    return device.memories[_chosen_name(device)]


def _chosen_name(device: Device) -> str:
    return device.memory_name(device.terminal.memories[0])


def _readable(device: Device) -> bool:
    """Whether what lies in the chosen memory can be had."""
    return _chosen_name(device) != REPORT_MEMORY or device.personality.reports.readable


def _show(device: Device, prefix: str, stored: Stored) -> tuple[str, ...]:
    stick = device.personality
    if device.terminal.text:
        return in_text_mode(prefix, stored)
    form = stick.reports.header if is_report(stored.tpdu) else stick.inbound.header
    header = prefix + form.format(status=stored.status.value, length=len(stored.tpdu))
    lines = header, shown(device, stored.tpdu)
    return (" ".join(lines),) if stick.storage.one_line else lines


def _read(device: Device, command: Command) -> Answer:
    memory = _chosen(device)
    stored = memory.read(command.number()) if _readable(device) else None
    if stored is not None:
        return Answer(lines=_show(device, "+CMGR: ", stored))
    if device.personality.storage.empty == "OK":
        return OK
    raise OwnWordsError(device.personality.storage.empty)


def _list(device: Device, command: Command) -> Answer:
    storage, memory = device.personality.storage, _chosen(device)
    if storage.lists is Lists.HANGS:
        return Answer(then=Then.SILENCE)
    of_reports = _chosen_name(device) == REPORT_MEMORY
    if storage.lists is Lists.REFUSES or (of_reports and not device.personality.reports.lists):
        raise CmsError(NOT_SUPPORTED)
    wanted = _LISTED.get(command.number(default=0), frozenset())
    entries = [
        _show(device, f"+CMGL: {at + storage.off_by},", kept)
        for at, kept in (memory.listing(wanted) if _readable(device) else ())
    ]
    if entries and device.faults.strike(FaultName.CUT_LIST):
        *whole, last = entries[-1]
        entries[-1] = (*whole, last[: len(last) // 2])
    return Answer(lines=_run_together(entries) if storage.run_together else _apart(entries))


def _apart(entries: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(text for entry in entries for text in entry)


def _run_together(entries: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Entries of two lines, of which the next begins where the last one ends."""
    lines: list[str] = []
    for header, *rest in entries:
        lines[-1:] = [lines[-1] + header if lines else header]
        lines += rest
    return tuple(lines)


def _delete(device: Device, command: Command) -> Answer:
    memory, flag = _chosen(device), command.number(1, default=0)
    if flag in _DELETED:
        memory.delete_all(_DELETED[flag])
    elif command.number() not in memory.places:
        raise CmsError(INVALID_INDEX)
    else:
        memory.delete(command.number())
    return Answer(then=Then.KNOCK)


def _test_delete(device: Device, _command: Command) -> Answer:
    places = _chosen(device).places
    return line(f"+CMGD: ({places[0]}-{places[-1]}),(0-4)")


TABLE: Table = {
    ("+CPMS", Kind.SET): _memories,
    ("+CPMS", Kind.READ): _read_memories,
    ("+CPMS", Kind.TEST): _test_memories,
    ("+CMGR", Kind.SET): _read,
    ("+CMGL", Kind.SET): _list,
    ("+CMGL", Kind.EXECUTE): _list,
    ("+CMGL", Kind.TEST): constant("+CMGL: (0-4)"),
    ("+CMGD", Kind.SET): _delete,
    ("+CMGD", Kind.TEST): _test_delete,
}
