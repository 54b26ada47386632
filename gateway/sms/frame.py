"""What surrounds a TPDU in an AT dialogue: the service centre's octets and the stated length.

3GPP TS 27.005 clause 3.1, `<pdu>` and `<length>`. Modems get this wrong in ways that are known
(MODEMS.md 3.17 and 4.8): the service centre left out or of an impossible length, a prefix of
five octets, padding at the end. What the octets themselves say wins wherever it can be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.domain.errors import DecodeError, EncodeError
from gateway.sms.address import MAX_SMSC_OCTETS, Address, decode_smsc, encode_smsc
from gateway.sms.octets import Reader, octets_of

_WAVECOM_PREFIX: Final = bytes.fromhex("000000FF00")
"""Wavecom modems put this before some status reports; a TPDU without SMSC follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodedPdu:
    """A PDU as it is written behind the prompt of AT+CMGS."""

    hex: str
    """Service centre and TPDU, upper case."""
    length: int
    """Octets of the TPDU alone: the number for AT+CMGS."""

    def __post_init__(self) -> None:
        """Refuse a length that a modem would answer with CMS 304 (MODEMS.md 2.12)."""
        octets = bytes.fromhex(self.hex)
        if len(octets) != 1 + octets[0] + self.length:
            raise EncodeError("TPDU", f"has not the {self.length} octets that are said of it")


def frame(tpdu: bytes, smsc: Address | None = None) -> EncodedPdu:
    """Put the service centre before a TPDU.

    Args:
        tpdu: the transfer protocol data unit.
        smsc: the service centre; None leaves the modem's own.

    Raises:
        EncodeError: the service centre's number is none.
    """
    return EncodedPdu(hex=(encode_smsc(smsc) + tpdu).hex().upper(), length=len(tpdu))


def unframe(
    pdu: str | bytes, *, has_smsc: bool, length: int | None
) -> tuple[Address | None, Reader]:
    """Return the service centre and a reader that stands on the first octet of the TPDU.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first, as it does in every AT dialogue.
        length: octets of the TPDU as the modem stated them, or None.

    Raises:
        DecodeError: it is no hexadecimal text, or ends before a TPDU begins.
    """
    octets = octets_of(pdu)
    if not has_smsc:
        return None, Reader(octets)
    if octets.startswith(_WAVECOM_PREFIX):
        return None, Reader(octets, len(_WAVECOM_PREFIX))
    if length is not None and 0 < length <= len(octets) and _has_no_smsc(octets, length):
        return None, Reader(octets, len(octets) - length)
    reader = Reader(octets)
    smsc = decode_smsc(reader)
    if not reader.remaining:
        raise DecodeError("TPDU", "is empty", offset=reader.offset)
    return smsc, reader


def _has_no_smsc(octets: bytes, length: int) -> bool:
    """Tell whether the TPDU is all there is, or begins with no possible service centre.

    Nothing less certain moves the beginning: a PDU that lost its end must not be read askew.
    """
    return length == len(octets) or octets[0] > MAX_SMSC_OCTETS
