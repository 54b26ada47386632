"""The SIM: its lock (``+CPIN``, 3GPP TS 27.007 clause 8.3), its number and its subscriber."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from gateway.at.answer import values
from gateway.domain.results import FinalResult, ResultKind

_ICCID: Final = re.compile(r"(?<![0-9A-F])[0-9]{18,20}[0-9A-F]{0,2}(?![0-9A-F])")
_IMSI: Final = re.compile(r"(?<!\d)\d{14,15}(?!\d)")


class SimState(Enum):
    """What the SIM waits for."""

    READY = "ready"
    PIN = "pin"
    PUK = "puk"
    """Locked for good until its owner types the PUK; no PIN helps."""
    ABSENT = "absent"
    BUSY = "busy"
    """Starting; ask again."""
    UNTOLD = "untold"
    """The modem does not say."""


_BY_CODE: Final = {
    10: SimState.ABSENT,
    11: SimState.PIN,
    12: SimState.PUK,
    13: SimState.ABSENT,
    14: SimState.BUSY,
    15: SimState.ABSENT,
    515: SimState.BUSY,
    310: SimState.ABSENT,
    311: SimState.PIN,
    313: SimState.ABSENT,
    314: SimState.BUSY,
    315: SimState.ABSENT,
    316: SimState.PUK,
}


def read_sim_state(lines: tuple[str, ...], result: FinalResult) -> SimState:
    """Return what an answer to ``AT+CPIN?`` says."""
    for value in values(lines, "+CPIN"):
        return _by_text(value.strip('" ').upper())
    if result.kind in (ResultKind.CME, ResultKind.CMS):
        return _BY_CODE.get(result.code or 0, SimState.UNTOLD)
    return SimState.UNTOLD


def _by_text(text: str) -> SimState:
    if text == "READY":
        return SimState.READY
    if "PUK" in text:
        return SimState.PUK
    if "PIN" in text:
        return SimState.PIN
    return SimState.BUSY if text == "NOT READY" else SimState.ABSENT


def read_iccid(lines: tuple[str, ...]) -> str | None:
    """Return the SIM's serial number (ITU-T E.118, begins with 89), or None.

    Vendors name it ``+CCID``, ``+ICCID``, ``^ICCID``, ``+QCCID`` or nothing, and some give the
    file's nibbles as they are stored, swapped, with ``F`` as filling.
    """
    for line in lines:
        if (found := _ICCID.search(line.upper())) is None:
            continue
        digits = found.group()
        if not digits.startswith("89") and digits.startswith("98"):
            digits = "".join(
                high + low for low, high in zip(digits[::2], digits[1::2], strict=False)
            )
        return digits.rstrip("F")
    return None


def read_imsi(lines: tuple[str, ...]) -> str | None:
    """Return the subscriber's identity, 14 or 15 digits, or None (``AT+CIMI``)."""
    for line in lines:
        if found := _IMSI.search(line):
            return found.group()
    return None
