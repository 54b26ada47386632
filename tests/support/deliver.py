"""SMS-DELIVERs as hex, written by the clauses of 3GPP TS 23.040 and not by our codec."""

from __future__ import annotations

from datetime import datetime

from support.world import RECIPIENT, START

from hardware.simulator import address, alphabet

CENTRE = "07914477581006F0"


def deliver(
    text: str | bytes = "Yes please",
    *,
    sender: str = RECIPIENT,
    at: datetime = START,
    coding: int | None = None,
    protocol: int = 0,
    header: bytes = b"",
    centre: str = CENTRE,
) -> str:
    """Return one SMS.

    Args:
        text: GSM 7-bit where all of it fits and ``coding`` does not say otherwise, else UCS-2;
            octets are taken as they are.
        sender: ``+digits``, digits or a name.
        at: TP-SCTS.
        coding: TP-DCS.
        protocol: TP-PID.
        header: the elements of the user data header.
        centre: the service centre's address, in hex.
    """
    udh = bytes([len(header), *header]) if header else b""
    coding, length, body = _user_data(text, coding, udh)
    tpdu = (
        bytes([0x44 if header else 0x04])
        + address.encode_address(sender)
        + bytes([protocol, coding])
        + address.encode_timestamp(at)
        + bytes([length])
        + udh
        + body
    )
    return centre + tpdu.hex().upper()


def concat(place: int, total: int, reference: int = 7, *, width: int = 8) -> bytes:
    """Return the header element of a part (clauses 9.2.3.24.1 and 9.2.3.24.8)."""
    number = reference.to_bytes(width // 8, "big")
    return bytes([0x00 if width == 8 else 0x08, 2 + len(number), *number, total, place])


def part(place: int, total: int, text: str, reference: int = 7, **fields: object) -> str:
    """Return a part of a long message."""
    return deliver(text, header=concat(place, total, reference), **fields)  # type: ignore[arg-type]


def _user_data(text: str | bytes, coding: int | None, udh: bytes) -> tuple[int, int, bytes]:
    if isinstance(text, bytes):
        return 0x04 if coding is None else coding, len(udh) + len(text), text
    if _is_wide(text, coding):
        body = text.encode("utf-16-be")
        return 0x08 if coding is None else coding, len(udh) + len(body), body
    septets = alphabet.encode(text)
    taken = (8 * len(udh) + 6) // 7
    body = alphabet.pack(septets, fill=7 * taken - 8 * len(udh))
    return coding or 0x00, taken + len(septets), body


def _is_wide(text: str, coding: int | None) -> bool:
    if coding is None:
        return not alphabet.fits(text)
    return coding >> 4 == 0xE or (coding < 0x80 and coding & 0x0C == 0x08)
