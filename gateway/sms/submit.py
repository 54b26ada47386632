"""SMS-SUBMIT: what we hand to a modem (3GPP TS 23.040 clause 9.2.2.2).

One PDU as a value, encode and decode. Turning a text into as many of them as it takes is
`gateway.sms.compose`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms.address import Address, decode_address, encode_address
from gateway.sms.coding import decode_coding
from gateway.sms.frame import EncodedPdu, frame, unframe
from gateway.sms.octets import Reader
from gateway.sms.userdata import UserData, decode_user_data, encode_user_data
from gateway.sms.validity import Validity, ValidityFormat, decode_validity, encode_validity

MTI: Final = 0x01
"""TP-MTI of SMS-SUBMIT, and of SMS-SUBMIT-REPORT in the other direction."""

_REJECT_DUPLICATES: Final = 0x04
_REPORT: Final = 0x20
_HEADER: Final = 0x40
_REPLY_PATH: Final = 0x80


@dataclass(frozen=True, kw_only=True, slots=True)
class Submit:
    """One message, or one part of a long one, on its way to the network."""

    destination: Address
    """TP-DA."""
    user_data: UserData
    """TP-DCS, TP-UDL and TP-UD."""
    reference: int = 0
    """TP-MR, 0 to 255. We send 0: modems count for themselves and tell the number in +CMGS."""
    report: bool = False
    """TP-SRR: a status report is wanted."""
    reject_duplicates: bool = False
    """TP-RD: the service centre may refuse what it has just had."""
    reply_path: bool = False
    """TP-RP."""
    protocol: int = 0
    """TP-PID."""
    validity: Validity | None = None
    """TP-VPF and TP-VP; None leaves it to the service centre."""
    smsc: Address | None = None
    """The service centre; None leaves the modem's own."""

    @property
    def text(self) -> str | None:
        """The text of this part, as of `UserData.text`."""
        return self.user_data.text

    def encode(self) -> EncodedPdu:
        """Return the PDU.

        Raises:
            EncodeError: a value cannot be put on the wire.
        """
        if not 0 <= self.reference <= 255 or not 0 <= self.protocol <= 255:
            raise EncodeError("TP-MR or TP-PID", "is not one octet")
        tpdu = [
            bytes([self._first_octet(), self.reference]),
            encode_address(self.destination, field="TP-DA"),
            bytes([self.protocol, self.user_data.coding.octet]),
            encode_validity(self.validity) if self.validity else b"",
            encode_user_data(self.user_data),
        ]
        return frame(b"".join(tpdu), self.smsc)

    def _first_octet(self) -> int:
        vpf = self.validity.format if self.validity else ValidityFormat.ABSENT
        return (
            MTI
            | vpf << 3
            | (_REJECT_DUPLICATES if self.reject_duplicates else 0)
            | (_REPORT if self.report else 0)
            | (_HEADER if self.user_data.header.elements else 0)
            | (_REPLY_PATH if self.reply_path else 0)
        )


def decode_submit(pdu: str | bytes, *, has_smsc: bool = True, length: int | None = None) -> Submit:
    """Read an SMS-SUBMIT.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        length: octets of the TPDU as stated beside it, or None.

    Raises:
        DecodeError: it is none, or is cut off.
    """
    smsc, reader = unframe(pdu, has_smsc=has_smsc, length=length)
    first = reader.first_octet(MTI, "SMS-SUBMIT")
    return _read(reader, first, smsc)


def _read(reader: Reader, first: int, smsc: Address | None) -> Submit:
    reference = reader.octet("TP-MR")
    destination = decode_address(reader, "TP-DA", strict=True)
    protocol = reader.octet("TP-PID")
    scheme = decode_coding(reader.octet("TP-DCS"))
    validity = decode_validity(reader, ValidityFormat(first >> 3 & 3))
    return Submit(
        destination=destination,
        user_data=decode_user_data(reader, scheme, has_header=bool(first & _HEADER)),
        reference=reference,
        report=bool(first & _REPORT),
        reject_duplicates=bool(first & _REJECT_DUPLICATES),
        reply_path=bool(first & _REPLY_PATH),
        protocol=protocol,
        validity=validity,
        smsc=smsc,
    )
