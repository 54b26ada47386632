"""SMS-STATUS-REPORT: the delivery report (3GPP TS 23.040 clause 9.2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.domain.errors import DecodeError
from gateway.sms.address import Address, decode_address
from gateway.sms.frame import unframe
from gateway.sms.octets import Reader
from gateway.sms.parameters import Parameters, decode_trailer
from gateway.sms.timestamp import SIZE, decode_timestamp
from gateway.sms.userdata import UserData
from gateway.sms.verdict import ReportVerdict, describe_status, verdict_of

MTI: Final = 0x02
"""TP-MTI of SMS-STATUS-REPORT, and of SMS-COMMAND in the other direction."""

_NO_MORE_MESSAGES: Final = 0x04
_LOOP_PREVENTION: Final = 0x08
_COMMAND_RESULT: Final = 0x20
_HEADER: Final = 0x40


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusReport:
    """What became of a part that was sent."""

    reference: int
    """TP-MR: the number that +CMGS told, 0 to 255; it wraps."""
    recipient: Address
    """TP-RA: written nationally or internationally, whatever the part was sent to."""
    timestamp: datetime | None
    """TP-SCTS: when the service centre took the part, aware; None when it is nonsense."""
    discharge: datetime | None
    """TP-DT: when it was delivered, or last tried, aware; None when it is nonsense."""
    status: int
    """TP-ST."""
    more_messages: bool = False
    """TP-MMS: more wait at the service centre."""
    loop_prevention: bool = False
    """TP-LP."""
    of_command: bool = False
    """TP-SRQ: it answers an SMS-COMMAND, not a message."""
    parameters: Parameters = field(default_factory=Parameters)
    """TP-PI and what it announces; almost never there."""
    smsc: Address | None = None
    """The service centre that reports; not always the one that took the part."""

    @property
    def verdict(self) -> ReportVerdict:
        """What the report means."""
        return verdict_of(self.status)

    @property
    def reason(self) -> str:
        """The code and its stable words."""
        return describe_status(self.status)

    @property
    def user_data(self) -> UserData | None:
        """TP-UD, where there is one."""
        return self.parameters.user_data

    @property
    def text(self) -> str | None:
        """The text of the user data, where there is one."""
        return self.parameters.text


def decode_status_report(
    pdu: str | bytes,
    *,
    has_smsc: bool = True,
    length: int | None = None,
    allow_truncated: bool = False,
) -> StatusReport:
    """Read an SMS-STATUS-REPORT; padding behind it is ignored.

    Args:
        pdu: hexadecimal digits, or octets.
        has_smsc: the service centre comes first.
        length: octets of the TPDU as the modem stated them, or None.
        allow_truncated: do without optional parameters that are announced and not there; what
            modems pad a report with announces some (MODEMS.md 3.17).

    Raises:
        DecodeError: it is none, or is cut off.
    """
    smsc, reader = unframe(pdu, has_smsc=has_smsc, length=length)
    first = reader.first_octet(MTI, "SMS-STATUS-REPORT")
    return _read(reader, first, smsc, allow_truncated=allow_truncated)


def _read(
    reader: Reader, first: int, smsc: Address | None, *, allow_truncated: bool
) -> StatusReport:
    return StatusReport(
        reference=reader.octet("TP-MR"),
        recipient=decode_address(reader, "TP-RA"),
        timestamp=decode_timestamp(reader.take("TP-SCTS", SIZE)),
        discharge=decode_timestamp(reader.take("TP-DT", SIZE)),
        status=reader.octet("TP-ST"),
        more_messages=not first & _NO_MORE_MESSAGES,
        loop_prevention=bool(first & _LOOP_PREVENTION),
        of_command=bool(first & _COMMAND_RESULT),
        parameters=_read_parameters(reader, first, allow_truncated=allow_truncated),
        smsc=smsc,
    )


def _read_parameters(reader: Reader, first: int, *, allow_truncated: bool) -> Parameters:
    try:
        return decode_trailer(reader, has_header=bool(first & _HEADER))
    except DecodeError:
        if not allow_truncated:
            raise
        return Parameters()
