"""SMS-DELIVER: what the network brings (3GPP TS 23.040 clause 9.2.2.1).

One PDU as a value. Joining the parts of a long message is `gateway.sms.join`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.sms.address import Address, decode_address
from gateway.sms.coding import Coding, decode_coding
from gateway.sms.email import Email, email_in
from gateway.sms.frame import unframe
from gateway.sms.header import Concat, Header, Ports
from gateway.sms.octets import Reader
from gateway.sms.timestamp import SIZE, decode_timestamp
from gateway.sms.userdata import UserData, decode_user_data
from gateway.sms.waiting import Waiting, waiting_in

MTI: Final = 0x00
"""TP-MTI of SMS-DELIVER, and of SMS-DELIVER-REPORT in the other direction."""

SILENT: Final = 0x40
"""TP-PID of a short message type 0: acknowledged and discarded, never shown (9.2.3.9)."""

_NO_MORE_MESSAGES: Final = 0x04
_LOOP_PREVENTION: Final = 0x08
_REPORT_INDICATION: Final = 0x20
_HEADER: Final = 0x40
_REPLY_PATH: Final = 0x80


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliver:
    """One message, or one part of a long one, from the network."""

    sender: Address
    """TP-OA."""
    user_data: UserData
    """TP-DCS, TP-UDL and TP-UD."""
    timestamp: datetime | None
    """TP-SCTS: when the service centre took it, aware, in the centre's zone; None when it is
    nonsense. Clocks of service centres are wrong at times."""
    protocol: int = 0
    """TP-PID."""
    more_messages: bool = False
    """TP-MMS: more wait at the service centre."""
    loop_prevention: bool = False
    """TP-LP: it was forwarded, or is sent by a program."""
    report_indication: bool = False
    """TP-SRI: the sender gets a report."""
    reply_path: bool = False
    """TP-RP."""
    smsc: Address | None = None
    """The service centre that delivered it."""

    @property
    def text(self) -> str | None:
        """The text of this part, as of `UserData.text`."""
        return self.user_data.text

    @property
    def data(self) -> bytes | None:
        """The octets of a message without an alphabet; None for text."""
        return self.user_data.data

    @property
    def coding(self) -> Coding:
        """TP-DCS."""
        return self.user_data.coding

    @property
    def header(self) -> Header:
        """The user data header; empty when there is none."""
        return self.user_data.header

    @property
    def concat(self) -> Concat | None:
        """The part's place in a long message; None for a whole one."""
        return self.header.concat

    @property
    def ports(self) -> Ports | None:
        """Set where the message is for a program: a WAP push, an MMS notification."""
        return self.header.ports

    @property
    def silent(self) -> bool:
        """A type 0 message: nothing to show to anyone."""
        return self.protocol == SILENT

    @property
    def replace_type(self) -> int | None:
        """1 to 7 where it replaces an earlier message of the same sender and type."""
        return self.protocol - SILENT if 0x41 <= self.protocol <= 0x47 else None

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What the message says of voicemail and the like."""
        return waiting_in(self.header, self.coding, self.sender)

    @property
    def email(self) -> Email | None:
        """The e-mail that the text reads as, where it begins like one."""
        return email_in(self.text) if self.text else None


def decode_deliver(
    pdu: str | bytes,
    *,
    has_smsc: bool = True,
    length: int | None = None,
    allow_truncated: bool = False,
) -> Deliver:
    """Read an SMS-DELIVER; octets behind it are ignored.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        length: octets of the TPDU as the modem stated them, or None.
        allow_truncated: take what is there of a user data that was cut off; for a message that
            stays so when it is read again.

    Raises:
        DecodeError: it is none, or is cut off.
    """
    smsc, reader = unframe(pdu, has_smsc=has_smsc, length=length)
    first = reader.first_octet(MTI, "SMS-DELIVER")
    return _read(reader, first, smsc, allow_truncated=allow_truncated)


def _read(reader: Reader, first: int, smsc: Address | None, *, allow_truncated: bool) -> Deliver:
    sender = decode_address(reader, "TP-OA")
    protocol = reader.octet("TP-PID")
    scheme = decode_coding(reader.octet("TP-DCS"))
    timestamp = decode_timestamp(reader.take("TP-SCTS", SIZE))
    return Deliver(
        sender=sender,
        user_data=decode_user_data(
            reader, scheme, has_header=bool(first & _HEADER), allow_truncated=allow_truncated
        ),
        timestamp=timestamp,
        protocol=protocol,
        more_messages=not first & _NO_MORE_MESSAGES,
        loop_prevention=bool(first & _LOOP_PREVENTION),
        report_indication=bool(first & _REPORT_INDICATION),
        reply_path=bool(first & _REPLY_PATH),
        smsc=smsc,
    )
