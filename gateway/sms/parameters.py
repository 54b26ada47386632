"""TP-PI and the optional parameters that it announces (3GPP TS 23.040 clause 9.2.3.27).

The tail that status reports, submit reports and deliver reports have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.sms import coding
from gateway.sms.coding import Coding, decode_coding
from gateway.sms.octets import Reader
from gateway.sms.userdata import UserData, decode_user_data

_PROTOCOL: Final = 0x01
_CODING: Final = 0x02
_USER_DATA: Final = 0x04
_KNOWN: Final = _PROTOCOL | _CODING | _USER_DATA


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What a report says beyond its own fields."""

    protocol: int | None = None
    """TP-PID."""
    coding: Coding | None = None
    """TP-DCS; the default alphabet where it is absent."""
    user_data: UserData | None = None
    """TP-UDL and TP-UD."""

    @property
    def text(self) -> str | None:
        """The text of the user data, where there is one."""
        return self.user_data.text if self.user_data else None


def decode_parameters(reader: Reader, indicator: int, *, has_header: bool) -> Parameters:
    """Read what ``indicator``, a TP-PI, announces.

    Raises:
        DecodeError: something announced is cut off.
    """
    protocol = reader.octet("TP-PID") if indicator & _PROTOCOL else None
    scheme = decode_coding(reader.octet("TP-DCS")) if indicator & _CODING else None
    if not indicator & _USER_DATA:
        return Parameters(protocol=protocol, coding=scheme)
    data = decode_user_data(reader, scheme or coding.GSM7, has_header=has_header)
    return Parameters(protocol=protocol, coding=scheme, user_data=data)


def decode_trailer(reader: Reader, *, has_header: bool) -> Parameters:
    """Read a TP-PI that may be absent, and what it announces.

    Modems pad stored reports with 0xFF and 0x89: an octet with any bit that the standard does not
    define is taken for padding, and what follows it too.

    Raises:
        DecodeError: something announced is cut off.
    """
    if not reader.remaining:
        return Parameters()
    indicator = reader.octet("TP-PI")
    if indicator & ~_KNOWN:
        return Parameters()
    return decode_parameters(reader, indicator, has_header=has_header)
