"""SMS-COMMAND: asks the service centre about a message (3GPP TS 23.040 clause 9.2.2.4).

Read only: hardly a network serves it, and we send none.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.sms import coding
from gateway.sms.address import Address, decode_address
from gateway.sms.frame import unframe
from gateway.sms.status_report import MTI
from gateway.sms.userdata import UserData, decode_user_data


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """An order about a message that was submitted."""

    reference: int
    """TP-MR of the command itself."""
    protocol: int
    """TP-PID."""
    type: int
    """TP-CT (clause 9.2.3.19): 0 enquiry, 1 cancel the report, 2 delete, 3 enable the report."""
    message: int
    """TP-MN: the TP-MR of the message it is about."""
    destination: Address
    """TP-DA: the recipient of that message."""
    user_data: UserData
    """TP-CDL and TP-CD, which have the form of a user data without an alphabet."""
    report: bool = False
    """TP-SRR."""


def decode_command(pdu: str | bytes, *, has_smsc: bool = False) -> Command:
    """Read an SMS-COMMAND.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.

    Raises:
        DecodeError: it is none, or is cut off.
    """
    _, reader = unframe(pdu, has_smsc=has_smsc, length=None)
    first = reader.first_octet(MTI, "SMS-COMMAND")
    return Command(
        reference=reader.octet("TP-MR"),
        protocol=reader.octet("TP-PID"),
        type=reader.octet("TP-CT"),
        message=reader.octet("TP-MN"),
        destination=decode_address(reader, "TP-DA"),
        user_data=decode_user_data(reader, coding.OCTETS, has_header=bool(first & 0x40)),
        report=bool(first & 0x20),
    )
