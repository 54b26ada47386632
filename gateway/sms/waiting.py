"""Message waiting: "you have voicemail", in the three ways it is said.

By the coding group (3GPP TS 23.038 clause 4), by a header element (TS 23.040 clause 9.2.3.24.2)
and by the older CPHS convention, a sender whose name is two odd octets (CPHS phase 2, B.4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.sms.address import Address, NumberType
from gateway.sms.coding import Coding, WaitingKind
from gateway.sms.header import Element, ElementId, Header

_CPHS_NAMES: Final = {"_": True, "Δ": False}
"""The first character that such a sender's octet 0x11 (set) or 0x10 (clear) reads as."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One indication, switched on or off."""

    kind: WaitingKind
    active: bool
    store: bool = True
    """False where the text that comes with it is to be discarded."""
    count: int | None = None
    """How many wait, where it is told; 255 stands for as many or more."""


def waiting_in(header: Header, coding: Coding, sender: Address) -> tuple[Waiting, ...]:
    """Return the indications of a message; the header's are preferred to all others."""
    indications = tuple(
        _from_element(element, coding)
        for element in header.elements
        if element.identifier == ElementId.SPECIAL_INDICATION and len(element.data) == 2
    )
    return indications or _from_coding(coding) or _from_sender(sender)


def _from_element(element: Element, coding: Coding) -> Waiting:
    kind, count = element.data
    # To be stored when either of the two says so.
    store = bool(kind & 0x80) or (coding.waiting is not None and coding.store)
    return Waiting(kind=WaitingKind(kind & 3), active=count > 0, store=store, count=count)


def _from_coding(coding: Coding) -> tuple[Waiting, ...]:
    if coding.waiting is None:
        return ()
    return (Waiting(kind=coding.waiting, active=coding.waiting_active, store=coding.store),)


def _from_sender(sender: Address) -> tuple[Waiting, ...]:
    cphs = sender.type is NumberType.ALPHANUMERIC and len(sender.number) == 2
    if not cphs or sender.number[0] not in _CPHS_NAMES:
        return ()
    return (Waiting(kind=WaitingKind.VOICEMAIL, active=_CPHS_NAMES[sender.number[0]]),)
