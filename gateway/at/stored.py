"""Messages in PDU mode: ``+CMGR``, ``+CMGL``, ``+CMT``, ``+CDS`` (3GPP TS 27.005 clause 4).

The PDU is the longest run of hex digits, wherever the modem put it: on the next line, behind the
header, or with foreign lines between (MODEMS.md 4.7). Of the header only the last number counts.
An answer in text mode holds no PDU, whatever digits are in its text (MODEMS.md 4.10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number
from gateway.at.indication import INDEX_MAX

PDU_MAX: Final = 1024
"""Hex digits; a message has at most 352, some modems pad it with 300 more."""

_PDU: Final = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{16,}")
"""The shortest true one, a report without an SMSC, has more than 40 digits."""

_QUOTED: Final = re.compile(r'"[^"]*"')
"""A name of the phone book, or a number, and no PDU."""

_ENTRY: Final = re.compile(r"\+CMGL\s*:", re.IGNORECASE)

_TEXT_MODE: Final = re.compile(r"\b(?:REC|STO) (?:UN)?(?:READ|SENT)|\d+/\d+/\d+,\d+:\d\d")
"""A state in words, or a time: what a header of text mode has and one of PDU mode never has."""

_LONG: Final = re.compile(r'"[^"]*"?|\w{5,}|[^ -~]+')
"""What of a header may be a person's: a name, a number, a PDU on the same line."""

_OUTLINED: Final = 8
"""Lines of an answer that a log is told of."""

_SMSC_MAX: Final = 11
"""Octets of the service centre's address (3GPP TS 24.011 clause 8.2.5.2)."""

_SMSC_TYPES: Final = ("91", "81")
"""What follows its length: an international number, or one of unknown type."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A message as it lies in a storage, or as it was routed to us."""

    index: int | None
    """Its place, when a list told it."""
    pdu: str
    """Hex, with the service centre's address."""
    length: int | None
    """Octets of the PDU without the service centre's address, where the header tells."""

    @property
    def complete(self) -> bool:
        """False when octets are missing that the header states; half a one may be."""
        if not self.length:
            return True
        octets, smsc = (len(self.pdu) + 1) // 2, int(self.pdu[:2], 16)
        without = smsc > _SMSC_MAX or (octets == self.length and self.pdu[2:4] not in _SMSC_TYPES)
        return octets >= self.length + (0 if without else 1 + smsc)


def read_message(lines: tuple[str, ...]) -> Stored | None:
    """Return the message of an answer to ``AT+CMGR``, or None for an empty place."""
    for at, line in enumerate(lines):
        if line.upper().startswith("+CMGR"):
            return _stored("\n".join(lines[at:]), listed=False)
    return None


def read_list(lines: tuple[str, ...]) -> list[Stored]:
    """Return the messages of an answer to ``AT+CMGL``, those without a place or a PDU left out."""
    found = (_stored(f"+CMGL:{entry}", listed=True) for entry in _entries(lines))
    return [stored for stored in found if stored is not None and stored.index is not None]


def read_indices(lines: tuple[str, ...]) -> list[int]:
    """Return every place that an answer to ``AT+CMGL`` names, in its order, as often as it does."""
    told = (number(fields(entry.split("\n")[0])[0]) for entry in _entries(lines))
    return [index for index in told if index is not None and index <= INDEX_MAX]


def read_routed(header: str, pdu: str) -> Stored | None:
    """Return a message routed to us, or None when its second line is no PDU."""
    return _stored(f"{header}\n{pdu}", listed=False)


def holds_pdu(line: str) -> bool:
    """Tell whether a PDU stands in a line, alone or behind its header."""
    return bool(_PDU.search(_QUOTED.sub("", line)))


def in_text_mode(lines: tuple[str, ...]) -> bool:
    """Tell whether an answer to ``AT+CMGR`` or ``AT+CMGL`` is one of text mode."""
    return any(_TEXT_MODE.search(line) for line in lines if line.upper().startswith("+CMG"))


def outline(lines: tuple[str, ...]) -> str:
    """Return what may be logged of an answer: its headers, and of all else how long it is."""
    return " | ".join(_outlined(line) for line in lines[:_OUTLINED])


def _outlined(line: str) -> str:
    if not line.upper().startswith("+CMG") or _TEXT_MODE.search(line):
        return f"<{len(line)}>"
    return _LONG.sub(lambda run: f"<{len(run.group())}>", line)


def _entries(lines: tuple[str, ...]) -> list[str]:
    return _ENTRY.split("\n".join(lines))[1:]


def _stored(text: str, *, listed: bool) -> Stored | None:
    told, _, below = text.partition("\n")
    if _TEXT_MODE.search(told):
        return None
    pdus = _PDU.findall(_QUOTED.sub("", told) + "\n" + below)
    if not pdus:
        return None
    pdu = max(pdus, key=len)
    if not pdu.strip("0Ff"):
        return None  # An empty place as some sticks write it (MODEMS.md 4.8).
    header = fields(told.partition(pdu)[0].partition(":")[2])
    index = number(header[0]) if listed else None
    if index is not None and index > INDEX_MAX:
        return None
    return Stored(index=index, pdu=pdu[:PDU_MAX], length=number(header[-1]))
