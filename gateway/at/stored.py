"""Messages in PDU mode: ``+CMGR``, ``+CMGL``, ``+CMT``, ``+CDS`` (3GPP TS 27.005 clause 4).

The PDU is the longest run of hex digits, wherever the modem put it: on the next line, behind the
header, or with foreign lines between (MODEMS.md 4.7). Of the header only the last number counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number

_PDU: Final = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{16,}")
"""The shortest true one, a report without an SMSC, has more than 40 digits."""

_ENTRY: Final = re.compile(r"\+CMGL\s*:", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A message as it lies in a storage, or as it was routed to us."""

    index: int | None
    """Its place, when a list told it."""
    pdu: str
    """Hex, with the service centre's address."""
    length: int | None
    """Octets of the PDU without the service centre's address, where the header tells."""


def read_message(lines: tuple[str, ...]) -> Stored | None:
    """Return the message of an answer to ``AT+CMGR``, or None for an empty place."""
    for at, line in enumerate(lines):
        if line.upper().startswith("+CMGR"):
            return _stored("\n".join(lines[at:]), listed=False)
    return None


def read_list(lines: tuple[str, ...]) -> list[Stored]:
    """Return the messages of an answer to ``AT+CMGL``, those without a place or a PDU left out."""
    _, *entries = _ENTRY.split("\n".join(lines))
    found = (_stored(f"+CMGL:{entry}", listed=True) for entry in entries)
    return [stored for stored in found if stored is not None and stored.index is not None]


def read_routed(header: str, pdu: str) -> Stored | None:
    """Return a message routed to us, or None when its second line is no PDU."""
    return _stored(f"{header}\n{pdu}", listed=False)


def _stored(text: str, *, listed: bool) -> Stored | None:
    pdus = _PDU.findall(text)
    if not pdus:
        return None
    pdu = max(pdus, key=len)
    if not pdu.strip("0Ff"):
        return None  # An empty place as some sticks write it (MODEMS.md 4.8).
    header = fields(text.split("\n")[0].partition(pdu)[0].partition(":")[2])
    index = number(header[0]) if listed else None
    return Stored(index=index, pdu=pdu, length=number(header[-1]))
