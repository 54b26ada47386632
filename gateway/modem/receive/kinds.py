"""Telling a report from a message by the PDU itself (TP-MTI, 3GPP TS 23.040 clause 9.2.3.1).

And a report from an empty one, which is no one's: it must not be matched (MODEMS.md 3.5b).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from gateway.at import Stored
from gateway.domain.errors import DecodeError
from gateway.sms import decode_status_report
from gateway.sms.frame import unframe


class Kind(Enum):
    """What a stored PDU is to us."""

    REPORT = "report"
    MESSAGE = "message"
    OTHER = "other"
    """A draft or a sent copy: somebody else's, not to be touched."""


_BY_MTI: Final = {0: Kind.MESSAGE, 2: Kind.REPORT}
_MTI: Final = 0b11


def kind_of(stored: Stored, announced: Kind) -> Kind:
    """Return what a PDU is; one that cannot be read is what it was announced as.

    A stated length that is wrong moves the place where TP-MTI is looked for. Whoever announced the
    PDU is believed when it is so with the length or without it.

    Args:
        stored: the PDU and its stated length.
        announced: what the modem said of it; `Kind.OTHER` when it said nothing.
    """
    found = [_kind(stored.pdu, length) for length in dict.fromkeys((stored.length, None))]
    if announced is not Kind.OTHER and announced in found:
        return announced
    return next((kind for kind in found if kind is not None), announced)


def is_empty_report(stored: Stored) -> bool:
    """Tell whether a PDU is a report on nobody, as some modems show one that is not yet written."""
    try:
        report = decode_status_report(stored.pdu, length=stored.length, allow_truncated=True)
    except DecodeError:
        return False
    return not report.recipient.number.strip("+0")


def _kind(pdu: str, length: int | None) -> Kind | None:
    try:
        _, reader = unframe(pdu, has_smsc=True, length=length)
        return _BY_MTI.get(reader.octet("first octet") & _MTI, Kind.OTHER)
    except DecodeError:
        return None
