"""Septets packed into octets, least significant bits first (3GPP TS 23.038 clause 6.1.2.1).

Septets are given and returned one in an octet. Behind a user data header the first septet begins
on a septet boundary, so that up to six *fill bits* precede it (TS 23.040 clause 9.2.3.24).
"""

from __future__ import annotations

from typing import Final

_BITS: Final = tuple(f"{septet:07b}" for septet in range(128))
_SEPTETS: Final = {bits: septet for septet, bits in enumerate(_BITS)}


def packed_size(count: int, fill: int = 0) -> int:
    """Return how many octets ``count`` septets take behind ``fill`` bits."""
    return (fill + 7 * count + 7) // 8


def fill_bits(octets: int) -> int:
    """Return the bits between ``octets`` octets of header and the next septet boundary."""
    return -8 * octets % 7


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Pack septets behind ``fill`` zero bits; unused bits at the end are zero."""
    if not septets:
        return bytes(packed_size(0, fill))
    number = int("".join([_BITS[septet] for septet in reversed(septets)]), 2) << fill
    return number.to_bytes(packed_size(len(septets), fill), "little")


def unpack(octets: bytes, count: int, fill: int = 0) -> bytes:
    """Unpack ``count`` septets from behind ``fill`` bits.

    There must be `packed_size` octets or more; what follows is ignored.
    """
    number = int.from_bytes(octets[: packed_size(count, fill)], "little") >> fill
    bits = f"{number:0{7 * count}b}"[-7 * count :]
    return bytes([_SEPTETS[bits[end - 7 : end]] for end in range(7 * count, 0, -7)])
