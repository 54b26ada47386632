"""The menus of the simulated network, and how a stick reads requests and writes answers.

Clauses: 27.007, 7.15 (+CUSD); 23.038, 6.1.2.3.1 (packing, with CR for seven spare bits).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hardware.simulator import alphabet
from hardware.simulator.personality import Ussd, UssdForm

REPLY = ">"
"""Stands between a request and the replies to its menus."""

_GARBAGE = "0000FFFF60B16260EEEEFFFF"
"""What an HE910 writes behind its texts (MODEMS.md, 7.4)."""

_CARRIAGE_RETURN = 0x0D
_SEPTETS_THAT_LEAVE_SEVEN_BITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class UssdSettings:
    """What a network answers. All times in seconds."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """By request, ``*100#``, or by the way through a menu, ``*100#>1``. Others are not known."""
    delay: float = 0.1
    """Between request and answer; 2 to 5 on a real network."""
    pieces: int = 1
    """In so many +CUSD the answer comes, a third of a second apart."""
    stick: Mapping[str, Any] = field(default_factory=dict)
    """In what the stick differs from its personality, as fields of `Ussd`."""

    def __post_init__(self) -> None:
        if self.pieces < 1 or self.delay < 0:
            raise ValueError("pieces is at least 1, and delay is not negative")
        self.of(Ussd())

    def of(self, stick: Ussd) -> Ussd:
        """How a stick then talks."""
        changes = dict(self.stick)
        if "form" in changes:
            changes["form"] = UssdForm(changes["form"])
        return replace(stick, **changes)


def find_answer(settings: UssdSettings, way: str) -> tuple[str, bool] | None:
    """The network's text at a way, and whether it is a menu; none when it knows no such request."""
    if way not in settings.answers:
        return None
    return settings.answers[way], any(key.startswith(way + REPLY) for key in settings.answers)


def read_request(stick: Ussd, written: str, *, charset: str) -> str | None:
    """The request that a host wrote; none when it is not in the modem's form."""
    try:
        if stick.form is UssdForm.PACKED:
            return _unpack(bytes.fromhex(written))
        if stick.form is UssdForm.UCS2:
            wide = charset == "UCS2"
            return bytes.fromhex(written).decode("utf-16-be") if wide else None
    except ValueError:
        return None
    return written


def write_answer(stick: Ussd, text: str) -> str:
    """A text in the modem's form."""
    wide = text.encode("utf-16-be").hex().upper()
    if stick.garbage:
        return wide + _GARBAGE
    if stick.form is UssdForm.PACKED and alphabet.fits(text):
        return _pack(text)
    return text if stick.form is UssdForm.TEXT else wide


def _pack(text: str) -> str:
    septets = alphabet.encode(text)
    if len(septets) % 8 == _SEPTETS_THAT_LEAVE_SEVEN_BITS:
        septets.append(_CARRIAGE_RETURN)
    return alphabet.pack(septets).hex().upper()


def _unpack(octets: bytes) -> str:
    septets = alphabet.unpack(octets, len(octets) * 8 // 7)
    filled = len(septets) % 8 == 0 and septets[-1:] in ([0], [_CARRIAGE_RETURN])
    return alphabet.decode(septets[:-1] if filled else septets)
