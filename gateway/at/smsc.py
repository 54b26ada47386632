"""The service centre's number: ``+CSCA`` (3GPP TS 27.005 clause 3.3.1)."""

from __future__ import annotations

from typing import Final

from gateway.at.answer import fields, values

_INTERNATIONAL: Final = "145"
_UCS2_UNIT: Final = 4
"""Hex digits of one UCS-2 character; every one of a number begins with 00."""


def read_smsc(lines: tuple[str, ...]) -> str:
    """Return the number, with ``+`` when it is international; empty when the SIM knows none."""
    for value in values(lines, "+CSCA"):
        written, *kind = fields(value)
        number = _plain(written)
        if number and kind and kind[0] == _INTERNATIONAL and not number.startswith("+"):
            return f"+{number}"
        return number
    return ""


def _plain(written: str) -> str:
    """Undo the UCS-2 hex that ``AT+CSCS="UCS2"`` makes of it (MODEMS.md 2.15)."""
    units = [written[at : at + _UCS2_UNIT] for at in range(0, len(written), _UCS2_UNIT)]
    if len(units) < 2 or any(len(unit) != _UCS2_UNIT or unit[:2] != "00" for unit in units):
        return written
    try:
        return bytes.fromhex(written).decode("utf-16-be")
    except ValueError:
        return written
