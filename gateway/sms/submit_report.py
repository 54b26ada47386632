"""SMS-SUBMIT-REPORT: the service centre's word on a submit (3GPP TS 23.040 clause 9.2.2.2a).

Modems turn it into +CMGS and +CMS ERROR; it is seen in traces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gateway.sms.frame import unframe
from gateway.sms.parameters import Parameters, decode_parameters
from gateway.sms.submit import MTI
from gateway.sms.timestamp import SIZE, decode_timestamp


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmitReport:
    """A submit was taken, or refused for a cause."""

    failure_cause: int | None
    """TP-FCS (clause 9.2.3.22); None where the submit was taken."""
    timestamp: datetime | None
    """TP-SCTS, aware; None when it is nonsense."""
    parameters: Parameters = field(default_factory=Parameters)
    """TP-PI and what it announces."""

    @property
    def text(self) -> str | None:
        """The text of the user data, where there is one."""
        return self.parameters.text


def decode_submit_report(
    pdu: str | bytes, *, has_smsc: bool = False, refused: bool = True
) -> SubmitReport:
    """Read an SMS-SUBMIT-REPORT.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        refused: it came in an RP-ERROR, so that a failure cause is in it, not in an RP-ACK.

    Raises:
        DecodeError: it is none, or is cut off.
    """
    _, reader = unframe(pdu, has_smsc=has_smsc, length=None)
    first = reader.first_octet(MTI, "SMS-SUBMIT-REPORT")
    cause = reader.octet("TP-FCS") if refused else None
    indicator = reader.octet("TP-PI")
    timestamp = decode_timestamp(reader.take("TP-SCTS", SIZE))
    parameters = decode_parameters(reader, indicator, has_header=bool(first & 0x40))
    return SubmitReport(failure_cause=cause, timestamp=timestamp, parameters=parameters)
