"""What kind of thing an SMS is (MODEMS.md 4.18, 4.21). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from gateway.domain.inbound import InboundKind
from gateway.sms import Deliver, MessageClass

NUMBER: Final = re.compile(r"\+?[0-9]{7,}")
"""A sender that a person can be: no name and no short code."""

WAP_PUSH_PORT: Final = 2948
"""Connectionless WAP push (WAP-259-WDP, appendix B)."""

INTERNET_MAIL: Final = 0x32
"""TP-PID of what a gateway made from an e-mail (3GPP TS 23.040 clause 9.2.3.9)."""

_WSP_PUSH: Final = 0x06
"""PDU type, behind the transaction's octet (WAP-230-WSP, table 34)."""
_LENGTH_QUOTE: Final = 0x1F
_MMS: Final = (b"\xbe", b"application/vnd.wap.mms-message")
"""The content type of an MMS notification, as a number and in words."""


def kind_of(deliver: Deliver, text: str | None, data: bytes | None) -> InboundKind:
    """Return what a message is.

    Args:
        deliver: its first part.
        text: the whole text, if any.
        data: all octets of a message without an alphabet.
    """
    for kind, holds in _RULES:
        if holds(deliver):
            return kind
    if deliver.ports is not None or data is not None:
        return _application(deliver, data or b"")
    for kind, holds in _TEXTS:
        if holds(deliver):
            return kind
    return InboundKind.EMAIL if _is_email(deliver, text) else InboundKind.TEXT


_RULES: Final[tuple[tuple[InboundKind, Callable[[Deliver], bool]], ...]] = (
    (InboundKind.SILENT, lambda deliver: deliver.silent),
    (InboundKind.WAITING, lambda deliver: bool(deliver.waiting)),
    (InboundKind.SIM, lambda deliver: deliver.coding.message_class is MessageClass.SIM),
)
_TEXTS: Final[tuple[tuple[InboundKind, Callable[[Deliver], bool]], ...]] = (
    (InboundKind.FLASH, lambda deliver: deliver.coding.message_class is MessageClass.FLASH),
    (InboundKind.REPLACE, lambda deliver: deliver.replace_type is not None),
)


def _application(deliver: Deliver, data: bytes) -> InboundKind:
    if deliver.ports is None or deliver.ports.destination != WAP_PUSH_PORT:
        return InboundKind.BINARY
    return InboundKind.MMS if _is_mms(data) else InboundKind.WAP_PUSH


def _is_mms(data: bytes) -> bool:
    """Tell whether a push brings an MMS notification; its headers begin with the content type."""
    if data[1:2] != bytes([_WSP_PUSH]):
        return False
    content_type = _behind_length(data[2:])
    # The general form of a content type begins with its length, in one octet or behind a quote.
    if content_type[:1] == bytes([_LENGTH_QUOTE]):
        content_type = _behind_length(content_type[1:])
    elif content_type and content_type[0] < _LENGTH_QUOTE:
        content_type = content_type[1:]
    return content_type.startswith(_MMS)


def _behind_length(octets: bytes) -> bytes:
    """Return what follows a length of seven bits an octet, of which the last has no top bit."""
    last = next((place for place, octet in enumerate(octets) if octet < 0x80), len(octets))
    return octets[last + 1 :]


def _is_email(deliver: Deliver, text: str | None) -> bool:
    """Tell whether a text was an e-mail: it reads as one, and no person's phone sent it."""
    if not text or deliver.email is None:
        return False
    return deliver.protocol == INTERNET_MAIL or not NUMBER.fullmatch(deliver.sender.number)
