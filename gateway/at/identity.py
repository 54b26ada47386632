"""Who the modem is: ``+CGMI``, ``+CGMM``, ``+CGMR``, ``+CGSN`` (3GPP TS 27.007 clause 5)."""

from __future__ import annotations

import re
from typing import Final

_IMEI: Final = re.compile(r"(?<!\d)\d{14,17}(?!\d)")


def read_text(lines: tuple[str, ...], prefix: str) -> str:
    """Return the first line of a free answer, without the prefix and quotes that some add."""
    for line in lines:
        name, colon, value = line.partition(":")
        told = value if colon and name.strip().upper() == prefix else line
        if told := told.strip(' "'):
            return told
    return ""


def read_imei(lines: tuple[str, ...]) -> str | None:
    """Return the modem's serial number, or None; a software version digit is cut off."""
    for line in lines:
        if found := _IMEI.search(line):
            return found.group()[:15]
    return None
