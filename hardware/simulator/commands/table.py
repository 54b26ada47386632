"""All commands in one table, and how one is looked up and carried out."""

from __future__ import annotations

from hardware.simulator.commands import general, messages, radio
from hardware.simulator.commands.answer import OK, Answer, Table
from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.device import Device
from hardware.simulator.errors import CmeError

NOT_SUPPORTED = 4
"""+CME ERROR: operation not supported."""


def _list_commands(_device: Device, _command: Command) -> Answer:
    return Answer(lines=tuple(sorted(f"AT{name}" for name in _NAMES)))


_TABLE: Table = general.TABLE | radio.TABLE | messages.TABLE
_TABLE["+CLAC", Kind.EXECUTE] = _list_commands
_NAMES = {name for name, _ in _TABLE}


def execute(device: Device, command: Command) -> Answer:
    """Carry out one command.

    Raises:
        AtError: the modem refuses it.
    """
    handler = _TABLE.get((command.name, command.kind))
    if handler is not None:
        return handler(device, command)
    if command.kind is Kind.TEST and command.name in _NAMES:
        return OK
    raise CmeError(NOT_SUPPORTED)
