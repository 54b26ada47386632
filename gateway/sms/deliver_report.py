"""SMS-DELIVER-REPORT: a phone's word on a deliver (3GPP TS 23.040 clause 9.2.2.1a).

What an acknowledgement with AT+CNMA may carry; read here, since others write it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.sms.deliver import MTI
from gateway.sms.frame import unframe
from gateway.sms.parameters import Parameters, decode_parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverReport:
    """A message was taken, or refused for a cause."""

    failure_cause: int | None
    """TP-FCS (clause 9.2.3.22); None where the message was taken."""
    parameters: Parameters = field(default_factory=Parameters)
    """TP-PI and what it announces."""

    @property
    def text(self) -> str | None:
        """The text of the user data, where there is one."""
        return self.parameters.text


def decode_deliver_report(
    pdu: str | bytes, *, has_smsc: bool = False, refused: bool = True
) -> DeliverReport:
    """Read an SMS-DELIVER-REPORT.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        refused: it goes in an RP-ERROR, so that a failure cause is in it, not in an RP-ACK.

    Raises:
        DecodeError: it is none, or is cut off.
    """
    _, reader = unframe(pdu, has_smsc=has_smsc, length=None)
    first = reader.first_octet(MTI, "SMS-DELIVER-REPORT")
    cause = reader.octet("TP-FCS") if refused else None
    indicator = reader.octet("TP-PI")
    parameters = decode_parameters(reader, indicator, has_header=bool(first & 0x40))
    return DeliverReport(failure_cause=cause, parameters=parameters)
