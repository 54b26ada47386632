"""Commands of the network's menus: +CUSD (27.007, clause 7.15)."""

from __future__ import annotations

import re

from hardware.simulator.commands.answer import OK, Answer, Later, Table, constant
from hardware.simulator.commands.parse import BAD_PARAMETER, Command, Kind
from hardware.simulator.device import Device
from hardware.simulator.errors import CmeError
from hardware.simulator.faults import Fault, FaultName
from hardware.simulator.personality import Ussd
from hardware.simulator.ussd import REPLY, find_answer, read_request, write_answer

NOT_ALLOWED = 3
NO_NETWORK = 30
"""+CME ERROR (27.007, 9.2.1)."""

DONE, MENU, ENDED, UNKNOWN = 0, 1, 2, 4
"""What +CUSD tells of the session."""

_END = 2
_NETWORKS = (1, 5)
_BETWEEN_PIECES = 1 / 3
_ARGUMENT = re.compile(r'\s*(?P<n>[012])\s*(?:,\s*(?:"(?P<text>[^"]*)"|[^"]*)\s*(?:,\s*\d*)?)?\s*')


def _ussd(device: Device, command: Command) -> Answer:
    argument = _ARGUMENT.fullmatch(command.argument)
    if argument is None:
        raise CmeError(BAD_PARAMETER)
    if int(argument["n"]) == _END:
        return _end(device)
    return OK if argument["text"] is None else _request(device, argument["text"])


def _stick(device: Device) -> Ussd:
    return device.settings.ussd.of(device.personality.ussd)


def _end(device: Device) -> Answer:
    device.terminal.ussd_way = ""
    if _stick(device).hangs_at_end:
        device.faults.arm(Fault(name=FaultName.SILENCE))
    return OK


def _request(device: Device, written: str) -> Answer:
    device.require_sim()
    stick, delay = _stick(device), device.settings.ussd.delay
    if device.registration not in _NETWORKS:
        raise CmeError(NO_NETWORK)
    text = read_request(stick, written, charset=device.terminal.charset)
    if text is None or (stick.needs_mode and not device.terminal.ussd_mode):
        if stick.refuses:
            raise CmeError(NOT_ALLOWED)
        return OK
    lines = _answer(device, text)
    if stick.before_ok:
        return Answer(lines=lines)
    return Answer(
        later=tuple(
            Later(after=delay + number * _BETWEEN_PIECES, line=line)
            for number, line in enumerate(lines)
        )
    )


def _answer(device: Device, text: str) -> tuple[str, ...]:
    """What the network says, as the modem passes it on; moves on in the menu."""
    settings, stick, terminal = device.settings.ussd, _stick(device), device.terminal
    way = f"{terminal.ussd_way}{REPLY}{text}" if terminal.ussd_way else text
    found = find_answer(settings, way)
    if found is None:
        terminal.ussd_way = ""
        return (f"+CUSD: {UNKNOWN}",)
    answer, is_menu = found
    terminal.ussd_way = way if is_menu else ""
    coding = "" if stick.coding < 0 else f",{stick.coding}"
    state = MENU if is_menu else DONE
    size = -(-len(answer) // settings.pieces)
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    lines = [f'+CUSD: {state},"{write_answer(stick, piece)}"{coding}' for piece in pieces]
    return (*lines, f"+CUSD: {ENDED}") if stick.ends_twice else tuple(lines)


def _mode(device: Device, command: Command) -> Answer:
    device.terminal.ussd_mode = command.number() == 0
    return OK


TABLE: Table = {
    ("+CUSD", Kind.SET): _ussd,
    ("+CUSD", Kind.READ): constant("+CUSD: 1"),
    ("+CUSD", Kind.TEST): constant("+CUSD: (0-2)"),
    ("^USSDMODE", Kind.SET): _mode,
}
