"""Commands of the terminal and the equipment: V.250, and 27.007 clauses 5 and 8."""

from __future__ import annotations

from collections.abc import Callable

from hardware.simulator.commands.answer import OK, Answer, Handler, Table, Then, constant, line, ok
from hardware.simulator.commands.parse import BAD_PARAMETER, Command, Kind
from hardware.simulator.device import INCORRECT_PASSWORD, Device, Terminal
from hardware.simulator.errors import CmeError
from hardware.simulator.personality import Badge

_CHARSETS = ("GSM", "IRA", "UCS2")
_FULL = 1
_NO_PIN_TRIES_LEFT = 0


def quote(device: Device, text: str) -> str:
    """A string as the chosen character set writes it (+CSCS, 27.007, 5.5)."""
    if device.terminal.charset == "UCS2":
        text = text.encode("utf-16-be").hex().upper()
    return f'"{text}"'


def unquote(device: Device, text: str) -> str:
    """A string of the host, out of the chosen character set.

    Raises:
        CmeError: it is not written in that set.
    """
    if device.terminal.charset != "UCS2":
        return text
    try:
        return bytes.fromhex(text).decode("utf-16-be")
    except ValueError:
        raise CmeError(BAD_PARAMETER) from None


def _echo(device: Device, command: Command) -> Answer:
    device.terminal.echo = command.number(default=0) != 0
    return OK


def _verbose(device: Device, command: Command) -> Answer:
    device.terminal.verbose = command.number(default=0) != 0
    return OK


def _reset(device: Device, _command: Command) -> Answer:
    """Back to the profile: the terminal's own settings, not the message service's."""
    fresh = Terminal()
    device.terminal.echo = fresh.echo
    device.terminal.verbose = fresh.verbose
    device.terminal.errors = fresh.errors
    device.terminal.charset = fresh.charset
    return OK


def _badge(what: Callable[[Badge], tuple[str, ...]]) -> Handler:
    """Tells something of the badge."""
    return lambda device, _command: Answer(lines=what(device.personality.badge))


def _imei(device: Device, _command: Command) -> Answer:
    return line(device.identity.fill(device.personality.badge.serial))


def _imsi(device: Device, _command: Command) -> Answer:
    device.require_sim()
    return line(device.identity.fill(device.personality.badge.subscriber))


def _own_number(device: Device, _command: Command) -> Answer:
    device.require_sim()
    return line(f"+CNUM: ,{quote(device, device.identity.number)},145")


def _errors(device: Device, command: Command) -> Answer:
    level = command.number()
    if level > 2:
        raise CmeError(BAD_PARAMETER)
    device.terminal.errors = level
    return OK


def _read_errors(device: Device, _command: Command) -> Answer:
    return line(f"+CMEE: {device.terminal.errors}")


def _function(device: Device, command: Command) -> Answer:
    level = command.number()
    if level not in device.personality.power.functions or command.number(1, default=0):
        raise CmeError(BAD_PARAMETER)
    rises = level == _FULL != device.terminal.function
    device.terminal.function = level
    return Answer(then=Then.SETTLE if rises else Then.KNOCK)


def _read_function(device: Device, _command: Command) -> Answer:
    return line(f"+CFUN: {device.terminal.function}")


def _test_function(device: Device, _command: Command) -> Answer:
    levels = ",".join(map(str, device.personality.power.functions))
    return line(f"+CFUN: ({levels}),(0,1)")


def _read_pin(device: Device, _command: Command) -> Answer:
    try:
        device.require_sim()
    except CmeError as error:
        state = {11: "SIM PIN", 12: "SIM PUK"}.get(error.code)
        if state is None:
            raise
        return line(f"+CPIN: {state}")
    return line("+CPIN: READY")


def _pin(device: Device, command: Command) -> Answer:
    """Unlock; the third wrong PIN locks the SIM for good, as on a real one."""
    if device.pin_given or device.settings.pin is None:
        raise CmeError(3)
    if device.pin_tries == _NO_PIN_TRIES_LEFT or command.values()[0] != device.settings.pin:
        device.pin_tries = max(_NO_PIN_TRIES_LEFT, device.pin_tries - 1)
        raise CmeError(INCORRECT_PASSWORD)
    device.pin_given, device.pin_tries = True, 3
    return Answer(then=Then.SETTLE)


def _charset(device: Device, command: Command) -> Answer:
    wanted = command.values()[0].upper()
    if wanted not in _CHARSETS:
        raise CmeError(BAD_PARAMETER)
    device.terminal.charset = wanted
    return OK


def _read_charset(device: Device, _command: Command) -> Answer:
    return line(f"+CSCS: {quote(device, device.terminal.charset)}")


_MANUFACTURER = _badge(lambda badge: badge.manufacturer)
_MODEL = _badge(lambda badge: badge.model)
_REVISION = _badge(lambda badge: badge.revision)

TABLE: Table = {
    ("E", Kind.EXECUTE): _echo,
    ("V", Kind.EXECUTE): _verbose,
    ("Z", Kind.EXECUTE): _reset,
    ("&F", Kind.EXECUTE): _reset,
    ("I", Kind.EXECUTE): _badge(lambda badge: badge.information),
    ("+GMI", Kind.EXECUTE): _MANUFACTURER,
    ("+GMM", Kind.EXECUTE): _MODEL,
    ("+GMR", Kind.EXECUTE): _REVISION,
    ("+GSN", Kind.EXECUTE): _imei,
    ("+CGMI", Kind.EXECUTE): _MANUFACTURER,
    ("+CGMM", Kind.EXECUTE): _MODEL,
    ("+CGMR", Kind.EXECUTE): _REVISION,
    ("+CGSN", Kind.EXECUTE): _imei,
    ("+GCAP", Kind.EXECUTE): constant("+GCAP: +CGSM"),
    ("+CIMI", Kind.EXECUTE): _imsi,
    ("+CNUM", Kind.EXECUTE): _own_number,
    ("+CMEE", Kind.SET): _errors,
    ("+CMEE", Kind.READ): _read_errors,
    ("+CMEE", Kind.TEST): constant("+CMEE: (0-2)"),
    ("+CFUN", Kind.SET): _function,
    ("+CFUN", Kind.READ): _read_function,
    ("+CFUN", Kind.TEST): _test_function,
    ("+CPIN", Kind.READ): _read_pin,
    ("+CPIN", Kind.SET): _pin,
    ("+CSCS", Kind.SET): _charset,
    ("+CSCS", Kind.READ): _read_charset,
    ("+CSCS", Kind.TEST): constant('+CSCS: ("GSM","IRA","UCS2")'),
    ("+CLIP", Kind.SET): ok,
    ("+CRC", Kind.SET): ok,
    ("+CVHU", Kind.SET): ok,
    ("H", Kind.EXECUTE): ok,
    ("+CHUP", Kind.EXECUTE): ok,
    ("Q", Kind.EXECUTE): ok,
    ("&C", Kind.EXECUTE): ok,
    ("&D", Kind.EXECUTE): ok,
    ("&W", Kind.EXECUTE): ok,
    ("S0", Kind.SET): ok,
}
