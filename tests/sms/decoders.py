"""Every decoder of PDUs, for those who throw octets at all of them."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Final

from gateway.sms import (
    Deliver,
    Pdu,
    decode_command,
    decode_deliver,
    decode_deliver_report,
    decode_pdu,
    decode_status_report,
    decode_submit,
    decode_submit_report,
    join_parts,
)

DECODERS: Final[tuple[Callable[..., Pdu], ...]] = (
    decode_deliver,
    decode_submit,
    decode_status_report,
    decode_submit_report,
    decode_deliver_report,
    decode_command,
    decode_pdu,
)


def decode_whole(
    decode: Callable[..., Pdu], octets: bytes, *, has_smsc: bool, length: int | None
) -> None:
    """Decode, and read all of what came out.

    Args:
        decode: one of `DECODERS`.
        octets: the PDU.
        has_smsc: whether a service centre's address stands before it.
        length: what the modem states; for those that take it.

    Raises:
        DecodeError: it is none.
    """
    stated = {"length": length} if "length" in signature(decode).parameters else {}
    read_all(decode(octets, has_smsc=has_smsc, **stated))


def read_all(pdu: Any) -> None:
    """Read every property, where the lazy half of decoding happens.

    Raises:
        DecodeError: one of them cannot be read.
    """
    for name in dir(type(pdu)):
        if isinstance(getattr(type(pdu), name), property):
            getattr(pdu, name)
    if isinstance(pdu, Deliver):
        join_parts([pdu])
