"""Commands of the network: registration, operator, signal (27.007, clauses 7.2, 7.3, 8.5)."""

from __future__ import annotations

from hardware.simulator.commands.answer import OK, Answer, Table, constant, line
from hardware.simulator.commands.general import quote
from hardware.simulator.commands.parse import BAD_PARAMETER, Command, Kind
from hardware.simulator.device import Device
from hardware.simulator.errors import CmeError
from hardware.simulator.sim import OPERATOR, OPERATOR_CODE

_DOMAINS = ("+CREG", "+CGREG", "+CEREG")
_WITH_CELL = 2
_FORMAT_ONLY = 3
_REGISTERED = (1, 5)


def _read_registration(device: Device, command: Command) -> Answer:
    wanted = device.terminal.registration.get(command.name, 0)
    network = device.personality.network
    stat = device.registration if command.name in network.registers else 0
    located = stat in _REGISTERED and (wanted == _WITH_CELL or network.always_located)
    return line(f"{command.name}: {wanted},{stat}{network.location if located else ''}")


def _registration(device: Device, command: Command) -> Answer:
    level = command.number()
    if level > _WITH_CELL:
        raise CmeError(BAD_PARAMETER)
    device.terminal.registration[command.name] = level
    return OK


def _test_registration(_device: Device, command: Command) -> Answer:
    return line(f"{command.name}: (0-{_WITH_CELL})")


def _read_operator(device: Device, _command: Command) -> Answer:
    if device.registration not in _REGISTERED:
        return line("+COPS: 0")
    chosen = device.terminal.operator_format
    name = OPERATOR_CODE if chosen == 2 else OPERATOR
    return line(f"+COPS: 0,{chosen},{quote(device, name)}")


def _operator(device: Device, command: Command) -> Answer:
    if command.number() == _FORMAT_ONLY:
        device.terminal.operator_format = command.number(1)
    return OK


def _signal(device: Device, _command: Command) -> Answer:
    return line("+CSQ: 20,0" if device.registration in _REGISTERED else "+CSQ: 99,99")


TABLE: Table = {
    ("+COPS", Kind.READ): _read_operator,
    ("+COPS", Kind.SET): _operator,
    ("+COPS", Kind.TEST): constant(f'+COPS: (2,"{OPERATOR}","{OPERATOR}","{OPERATOR_CODE}")'),
    ("+CSQ", Kind.EXECUTE): _signal,
    ("+CSQ", Kind.TEST): constant("+CSQ: (0-31,99),(0-7,99)"),
}
for _domain in _DOMAINS:
    TABLE[(_domain, Kind.READ)] = _read_registration
    TABLE[(_domain, Kind.SET)] = _registration
    TABLE[(_domain, Kind.TEST)] = _test_registration
