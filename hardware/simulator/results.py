"""Final results that refuse, as a kind of stick says them (27.007, 9.2; 27.005, 3.2.5)."""

from __future__ import annotations

from hardware.simulator.device import Device
from hardware.simulator.errors import AtError, CmsError, OwnWordsError

_WORDS_LEVEL = 2

_WORDS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    14: "SIM busy",
    16: "incorrect password",
    50: "incorrect parameters",
    100: "unknown",
}
"""+CME ERROR as words, for +CMEE=2 (27.007, 9.2.1)."""

_CME = "+CME ERROR: "


def refusal(device: Device, error: AtError) -> str:
    """What the host reads when a command was refused."""
    if isinstance(error, OwnWordsError):
        return _own_words(device, error.words)
    if isinstance(error, CmsError):
        return cms_error(device, error.code)
    return _cme_error(device, error.code)


def cms_error(device: Device, code: int) -> str:
    """An error of the message service, by the code that this kind of stick has for it."""
    return f"+CMS ERROR: {device.personality.results.codes.get(str(code), code)}"


def _own_words(device: Device, words: str) -> str:
    if words.startswith(_CME) and words.removeprefix(_CME).isdigit():
        return _cme_error(device, int(words.removeprefix(_CME)))
    return words


def _cme_error(device: Device, code: int) -> str:
    level = device.terminal.errors
    if not level:
        return "ERROR"
    in_words = level == _WORDS_LEVEL or device.personality.results.words
    return f"{_CME}{_WORDS.get(code, 'unknown') if in_words else code}"
