"""One SMS as a modem gave it, with what there is to read in it. Pure; nothing here raises."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.domain.errors import DecodeError
from gateway.domain.ids import LineId
from gateway.domain.phone import international_form
from gateway.sms import Concat, Deliver, NumberType, decode_deliver


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What came in, and what it says."""

    line: LineId
    pdu: str
    """As it came: hex, unless the modem is broken."""
    length: int | None
    """Octets of the TPDU, where the modem told."""
    deliver: Deliver | None
    """None when it cannot be read."""
    sender: str | None
    """E.164 where that can be told; None when it cannot be read."""

    @property
    def concat(self) -> Concat | None:
        """Its place in a long message; None for one that is whole."""
        concat = None if self.deliver is None else self.deliver.concat
        return concat if concat is not None and concat.total > 1 else None

    @property
    def sent_at(self) -> datetime | None:
        """When the service centre took it, by its own clock; UTC."""
        stamp = None if self.deliver is None else self.deliver.timestamp
        return None if stamp is None else stamp.astimezone(UTC)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what it says: coding, header and content."""
        if self.deliver is None:
            return _sha256(self.pdu)
        data = self.deliver.user_data
        header = [(element.identifier, element.data) for element in data.header.elements]
        return _sha256(data.coding.octet, header, data.content)

    @property
    def fingerprint(self) -> bytes:
        """What tells one that the network or the modem gives again.

        Not the whole PDU: a copy that was routed and one that was stored differ in the service
        centre's address and in their padding (MODEMS.md 4.14).
        """
        if self.deliver is None:
            return _sha256(self.line, self.pdu)
        return _sha256(self.line, self.sent_at, self.deliver.sender.number, self.digest)


def read_arrival(line: LineId, pdu: str, length: int | None, country: str | None) -> Arrival:
    """Return what came in on a line with what can be read of it.

    Args:
        line: the SIM that it came to.
        pdu: as the modem gave it.
        length: octets of the TPDU, where the modem told.
        country: ISO 3166 code in which a national number of a sender is read; None leaves it.
    """
    deliver = read_deliver(pdu, length)
    return Arrival(
        line=line,
        pdu=pdu,
        length=length,
        deliver=deliver,
        sender=None if deliver is None else _sender(deliver, country),
    )


def read_deliver(pdu: str, length: int | None) -> Deliver | None:
    """Return the SMS-DELIVER in a PDU, cut off or not; None when it is none."""
    for allow_truncated in (False, True):
        try:
            return decode_deliver(pdu, length=length, allow_truncated=allow_truncated)
        except DecodeError:
            continue
    return None


def _sender(deliver: Deliver, country: str | None) -> str:
    address = deliver.sender
    if address.type is NumberType.ALPHANUMERIC or country is None:
        return address.number
    return international_form(address.number, country)


def _sha256(*content: object) -> bytes:
    return hashlib.sha256(repr(content).encode("utf-8", "backslashreplace")).digest()
