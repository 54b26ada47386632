"""Any PDU, by what its first octet says it is (3GPP TS 23.040 clause 9.2.3.1).

For a driver that reads a storage slot and must know whether a message or a report lies in it.
"""

from __future__ import annotations

from enum import StrEnum

from gateway.domain.errors import DecodeError
from gateway.sms.command import Command, decode_command
from gateway.sms.deliver import Deliver, decode_deliver
from gateway.sms.deliver_report import DeliverReport, decode_deliver_report
from gateway.sms.frame import unframe
from gateway.sms.status_report import StatusReport, decode_status_report
from gateway.sms.submit import Submit, decode_submit
from gateway.sms.submit_report import SubmitReport, decode_submit_report

Pdu = Deliver | Submit | StatusReport | SubmitReport | DeliverReport | Command


class Direction(StrEnum):
    """Which way a PDU goes; each TP-MTI has another meaning in either."""

    TO_PHONE = "mt"
    FROM_PHONE = "mo"


def decode_pdu(
    pdu: str | bytes,
    *,
    has_smsc: bool = True,
    length: int | None = None,
    direction: Direction | None = None,
) -> Pdu:
    """Read a PDU of any type.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        length: octets of the TPDU as the modem stated them, or None.
        direction: None reads what AT dialogues show: delivers, status reports and submits.

    Raises:
        DecodeError: it is of no type, or is cut off.
    """
    _, reader = unframe(pdu, has_smsc=has_smsc, length=length)
    message_type = reader.octet("TP-MTI") & 3
    if message_type == 0 and direction is Direction.FROM_PHONE:
        return decode_deliver_report(pdu, has_smsc=has_smsc)
    if message_type == 1 and direction is Direction.TO_PHONE:
        return decode_submit_report(pdu, has_smsc=has_smsc)
    if message_type == 2 and direction is Direction.FROM_PHONE:
        return decode_command(pdu, has_smsc=has_smsc)
    if message_type == 0:
        return decode_deliver(pdu, has_smsc=has_smsc, length=length)
    if message_type == 1:
        return decode_submit(pdu, has_smsc=has_smsc, length=length)
    if message_type == 2:
        return decode_status_report(pdu, has_smsc=has_smsc, length=length)
    raise DecodeError("TP-MTI", "is the reserved type 3", offset=reader.offset - 1)
