"""All commands in one table, and how this kind of stick carries one out."""

from __future__ import annotations

from dataclasses import replace

from hardware.simulator.commands import general, memories, messages, radio, ussd
from hardware.simulator.commands.answer import OK, Answer, Table, Then, line
from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.device import SIM_PIN_REQUIRED, Device
from hardware.simulator.errors import CmeError, OwnWordsError


def _list_commands(_device: Device, _command: Command) -> Answer:
    return Answer(lines=tuple(sorted(f"AT{name}" for name in _NAMES)))


_TABLE: Table = general.TABLE | radio.TABLE | messages.TABLE | memories.TABLE | ussd.TABLE
_TABLE["+CLAC", Kind.EXECUTE] = _list_commands
_NAMES = {name for name, _ in _TABLE}


def execute(device: Device, command: Command) -> Answer:
    """Carry out one command.

    Raises:
        AtError: the modem refuses it.
    """
    _require_its_time(device, command)
    answer = _carry_out(device, command)
    _forget(device, command)
    if command.among(device.personality.commands.without_ok):
        return replace(answer, final=False)
    return answer


def _require_its_time(device: Device, command: Command) -> None:
    """Refuse what comes before the PIN, or before the SIM is up."""
    power = device.personality.power
    if device.locked and power.locked_allows and command.name not in power.locked_allows:
        raise CmeError(SIM_PIN_REQUIRED)
    if not device.settled and command.name in power.too_early_for:
        raise OwnWordsError(power.too_early)


def _carry_out(device: Device, command: Command) -> Answer:
    stick = device.personality
    if command.among(stick.power.resets):
        return Answer(then=Then.REBOOT)
    if command.among(stick.commands.refused):
        raise OwnWordsError(stick.results.unsupported)
    for name in (command.text, command.label):
        if name in stick.commands.answers:
            return Answer(lines=stick.commands.answers[name])
        if name in stick.badge.iccid:
            device.require_sim()
            return line(device.identity.fill(stick.badge.iccid[name]))
    return _look_up(device, command)


def _look_up(device: Device, command: Command) -> Answer:
    handler = _TABLE.get((command.name, command.kind))
    if handler is not None:
        return handler(device, command)
    if command.kind is Kind.TEST and command.name in _NAMES:
        return OK
    raise OwnWordsError(device.personality.results.unsupported)


def _forget(device: Device, command: Command) -> None:
    """What a command undoes besides."""
    if command.among(device.personality.centre.lost_by):
        device.smsc = ""
    if command.among(device.personality.noise.quieted_by):
        device.quieted = True
