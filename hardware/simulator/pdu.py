"""The TPDUs that cross a modem: SMS-SUBMIT read, SMS-STATUS-REPORT and SMS-DELIVER written.

Clauses: 23.040, 9.2.2. This is the network's own reading, written without a look at the gateway's
codec, so that the two cannot share a mistake. It reads strictly: what it refuses, a network may
refuse (``+CMS ERROR: 304``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardware.simulator import alphabet
from hardware.simulator.address import decode_address, encode_address, encode_timestamp
from hardware.simulator.errors import PduError

_MTI_MASK = 0x03
_MTI_SUBMIT = 0x01
_RD = 0x04
_SRR = 0x20
_UDHI = 0x40
_NO_MORE_MESSAGES = 0x04
_STATUS_REPORT = 0x02
_CONCAT_8_BIT = 0x00
_CONCAT_16_BIT = 0x08
_VALIDITY_OCTETS = (0, 7, 1, 7)
"""Length of TP-VP by TP-VPF: none, enhanced, relative, absolute (9.2.3.12)."""

_USER_DATA_OCTETS = 140


class Alphabet(StrEnum):
    """How the user data is written (23.038, 4)."""

    GSM = "gsm"
    OCTETS = "octets"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concat:
    """Which part of which long message this is (9.2.3.24.1 and .8)."""

    ref: int
    total: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """An SMS-SUBMIT as the service centre reads it (9.2.2.2)."""

    to: str
    """TP-DA; with ``+`` when its type is international."""
    text: str | None
    """The text without its header; none when the user data is 8-bit."""
    repeat: bool
    """TP-RD: the host asks to have a duplicate rejected."""
    report: bool
    """TP-SRR: the host asks for a status report."""
    validity: bytes
    """TP-VP as it came."""
    concat: Concat | None
    user_data: bytes
    """TP-UD as it came, header included; with ``to`` it tells a repeat."""


def is_report(tpdu: bytes) -> bool:
    """Whether what the network brought is a status report."""
    return tpdu[0] & _MTI_MASK == _STATUS_REPORT


def decode_submit(tpdu: bytes) -> Submit:
    """Read an SMS-SUBMIT, without the service centre address before it.

    Raises:
        PduError: it is none, or a field is cut short or impossible.
    """
    first = _octet(tpdu, 0, "first octet")
    if first & _MTI_MASK != _MTI_SUBMIT:
        raise PduError("TP-MTI", 0, f"{first & _MTI_MASK} is no SMS-SUBMIT")
    to, offset = decode_address(tpdu, 2)
    coding = _octet(tpdu, offset + 1, "TP-DCS")
    validity_end = offset + 2 + _VALIDITY_OCTETS[first >> 3 & 0x03]
    length = _octet(tpdu, validity_end, "TP-UDL")
    data = tpdu[validity_end + 1 :]
    header, text = _user_data(data, length, alphabet_of(coding), bool(first & _UDHI), validity_end)
    return Submit(
        to=to,
        text=text,
        repeat=bool(first & _RD),
        report=bool(first & _SRR),
        validity=tpdu[offset + 2 : validity_end],
        concat=_concat(header),
        user_data=data,
    )


def _octet(tpdu: bytes, offset: int, field: str) -> int:
    if offset >= len(tpdu):
        raise PduError(field, offset, f"the PDU ends after {len(tpdu)} octets")
    return tpdu[offset]


def alphabet_of(coding: int) -> Alphabet:
    """The alphabet that a TP-DCS names (23.038, 4)."""
    if coding >> 4 == 0xF:
        return Alphabet.OCTETS if coding & 0x04 else Alphabet.GSM
    if coding >> 4 in (0xC, 0xD):
        return Alphabet.GSM
    if coding >> 4 == 0xE:
        return Alphabet.UCS2
    return (Alphabet.GSM, Alphabet.OCTETS, Alphabet.UCS2, Alphabet.GSM)[coding >> 2 & 0x03]


def _user_data(
    data: bytes, length: int, coding: Alphabet, has_header: bool, offset: int
) -> tuple[bytes, str | None]:
    octets = (7 * length + 7) // 8 if coding is Alphabet.GSM else length
    if len(data) != octets or octets > _USER_DATA_OCTETS:
        raise PduError("TP-UDL", offset, f"{length} announces {octets} octets, {len(data)} follow")
    header = _header(data, offset) if has_header else b""
    return header, _text(data, length, coding, len(header) + has_header)


def _header(data: bytes, offset: int) -> bytes:
    if not data or data[0] >= len(data):
        raise PduError("TP-UDHL", offset + 1, "the header is longer than the user data")
    return data[1 : 1 + data[0]]


def _text(data: bytes, length: int, coding: Alphabet, skip: int) -> str | None:
    if coding is Alphabet.OCTETS:
        return None
    if coding is Alphabet.UCS2:
        return data[skip:].decode("utf-16-be", "replace")
    header_septets = (8 * skip + 6) // 7
    septets = alphabet.unpack(data, length)
    return alphabet.decode(septets[header_septets:])


def _concat(header: bytes) -> Concat | None:
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if (kind, len(value)) in ((_CONCAT_8_BIT, 3), (_CONCAT_16_BIT, 4)):
            return Concat(ref=int.from_bytes(value[:-2], "big"), total=value[-2], seq=value[-1])
        at += 2 + size
    return None


def deliver_text(tpdu: bytes) -> str:
    """The text of an SMS-DELIVER; empty where it has none."""
    _, offset = decode_address(tpdu, 1)
    coding, length, data = alphabet_of(tpdu[offset + 1]), tpdu[offset + 9], tpdu[offset + 10 :]
    _, text = _user_data(data, length, coding, bool(tpdu[0] & _UDHI), offset + 9)
    return text or ""


def encode_status_report(
    *, reference: int, to: str, submitted: datetime, discharged: datetime, status: int
) -> bytes:
    """An SMS-STATUS-REPORT (9.2.2.3), without the service centre address.

    Args:
        reference: TP-MR of the submit, 0 to 255.
        to: TP-RA, the recipient of the submit.
        submitted: when the service centre took the message; aware.
        discharged: when ``status`` came about; aware.
        status: TP-ST (9.2.3.15).
    """
    return (
        bytes([_STATUS_REPORT | _NO_MORE_MESSAGES, reference])
        + encode_address(to)
        + encode_timestamp(submitted)
        + encode_timestamp(discharged)
        + bytes([status])
    )


def encode_deliver(
    *, sender: str, at: datetime, coding: Alphabet, length: int, user_data: bytes, has_header: bool
) -> bytes:
    """An SMS-DELIVER (9.2.2.1), without the service centre address.

    Args:
        sender: TP-OA; ``+digits``, digits, or a name of at most 11 GSM-7 characters.
        at: TP-SCTS; aware.
        coding: the alphabet of ``user_data``, GSM or UCS-2.
        length: TP-UDL: septets for GSM, octets for UCS-2; header included.
        user_data: TP-UD.
        has_header: whether ``user_data`` begins with a header.
    """
    first = _NO_MORE_MESSAGES | (_UDHI if has_header else 0)
    return (
        bytes([first])
        + encode_address(sender)
        + bytes([0x00, 0x08 if coding is Alphabet.UCS2 else 0x00])
        + encode_timestamp(at)
        + bytes([length])
        + user_data
    )
