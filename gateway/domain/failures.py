"""What a refusal means for the message, the line and the network.

A pure mapping from a modem's final result to one class; what each class leads to (try again, on
which line, when, or give up) is decided by `gateway.dispatch`. The tables follow MODEMS.md 2a.
Vendors give codes above 500 contradicting meanings: those that are not listed count as unknown,
unless the vendor's own map says what is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

from gateway.domain.causes import CME, CMS
from gateway.domain.results import FinalResult, ResultKind


class FailureClass(StrEnum):
    """What is at fault, which decides who waits for what."""

    PERMANENT = "permanent"
    """This message will never go: not by this line, not later."""
    LINE = "line"
    """The SIM or its plan: the line stops, the message goes elsewhere or waits."""
    NETWORK = "network"
    """The network, for now: later, with growing pauses."""
    OUTAGE = "outage"
    """The network or the destination, and likely for long: later, and not soon."""
    COLLISION = "collision"
    """The radio was busy with something that came in: again in half a minute at most."""
    BUSY = "busy"
    """The modem or the SIM is busy or its storage is full, which is seen to: again in seconds."""
    DRIVER = "driver"
    """What we wrote was not understood: once more, then permanent."""
    UNKNOWN = "unknown"
    """It may have been sent."""
    DUPLICATE = "duplicate"
    """The network has it already from an earlier try of ours (only meaningful with TP-RD set)."""


class Phase(Enum):
    """How far the submit had come when the result arrived."""

    BEFORE_PDU = "before_pdu"
    """Nothing that could be sent was written."""
    AFTER_PDU = "after_pdu"
    """The PDU and its Ctrl-Z were written."""


def _table(*groups: tuple[FailureClass, tuple[int | range, ...]]) -> dict[int, FailureClass]:
    table: dict[int, FailureClass] = {}
    for failure, codes in groups:
        for code in codes:
            table |= dict.fromkeys(code if isinstance(code, range) else (code,), failure)
    return table


_CMS: Final = _table(
    # Later groups take single codes out of the ranges of earlier ones.
    (FailureClass.PERMANENT, (1, 21, 29, 30, range(128, 177), 195, 196, 531)),
    (FailureClass.DRIVER, (81, range(95, 100), 111, 198, 199, 301, 303, 304, 305, 321)),
    (FailureClass.DRIVER, (538, range(549, 555))),
    (FailureClass.LINE, (8, 10, 28, 50, 69, 193, 302, range(310, 319), 320, 330, 772)),
    (FailureClass.NETWORK, (17, 22, 41, 42, 47, 127, 192, 194, 331, 529, 530)),
    (FailureClass.NETWORK, (615, 616, 639, 640)),
    (FailureClass.OUTAGE, (27, 38)),
    (FailureClass.BUSY, (208, 209, 211, 212, 314, 322, 515)),
    (FailureClass.DUPLICATE, (197,)),
)

_CME: Final = _table(
    (FailureClass.LINE, (range(5, 8), range(10, 19), 40)),
    (FailureClass.DRIVER, (3, 4, range(20, 28), 50)),
    (FailureClass.NETWORK, (30, 32)),
    (FailureClass.BUSY, (14, 515)),
)

_FULL: Final = frozenset({208, 209, 211, 322})
"""CMS: a storage is full, of the SIM or of the modem."""

CONGESTION: Final = frozenset({21, 22, 42, 47, 192, 332})
"""CMS: the network or the service centre has too much, of all or of us: to be sent to more slowly.
21 is what operators bar too many messages with, and 332 an answer that came too late; 41, a failure
of the moment, and 331, no coverage, say nothing of the load (MODEMS.md 2a)."""

_BEFORE_PDU: Final = {
    (ResultKind.CMS, 300): FailureClass.LINE,
    (ResultKind.CMS, 512): FailureClass.COLLISION,
    (ResultKind.CME, 0): FailureClass.LINE,
    (ResultKind.CME, 1): FailureClass.LINE,
    (ResultKind.CME, 100): FailureClass.DRIVER,
}
"""Codes that prove nothing after the PDU, yet are telling before it."""


VendorCodes = Mapping[tuple[ResultKind, int], FailureClass]
"""What one vendor means by a code, over the common tables."""

NO_CODES: Final[VendorCodes] = MappingProxyType({})
"""A vendor who counts as the standards do, or is not known."""

DESTINATION: Final = frozenset({8, 10, 21, 27, 28, 29, 30})
"""CMS: may be the destination's fault or the line's, which only others' messages can tell."""

WITHOUT_VALIDITY: Final = frozenset({198, 199})
"""CMS: the service centre knows no TP-VP, and takes the same message without one."""

LOST_CHARACTERS: Final = frozenset({304, 305})
"""CMS: the PDU is wrong, or characters of it were lost on the way (MODEMS.md 1.13)."""


def classify(result: FinalResult, phase: Phase, vendor: VendorCodes = NO_CODES) -> FailureClass:
    """Return the class of a final result other than OK.

    A result that is in no table is `UNKNOWN` after the PDU and `NETWORK` before it: nothing was
    sent, and nothing says that it is for good. What a vendor's map calls unknown proves nothing
    after the PDU; before it nothing was sent, and the common table holds.

    Raises:
        ValueError: the result is OK, which is no failure.
    """
    if result.ok:
        raise ValueError("OK is no failure")
    listed = _of_vendor(result, phase, vendor) or _listed(result)
    if listed is not None:
        return listed
    if phase is Phase.AFTER_PDU:
        return FailureClass.UNKNOWN
    code = -1 if result.code is None else result.code
    return _BEFORE_PDU.get((result.kind, code), FailureClass.NETWORK)


def _of_vendor(result: FinalResult, phase: Phase, vendor: VendorCodes) -> FailureClass | None:
    if result.code is None:
        return None
    meant = vendor.get((result.kind, result.code))
    doubtful = meant is FailureClass.UNKNOWN and phase is Phase.BEFORE_PDU
    return None if doubtful else meant


def is_cms(result: FinalResult | None, codes: frozenset[int]) -> bool:
    """Tell whether a result is one of these CMS errors."""
    return result is not None and result.kind is ResultKind.CMS and result.code in codes


def _listed(result: FinalResult) -> FailureClass | None:
    if result.code is None:
        return None
    if result.kind is ResultKind.CMS:
        return _CMS.get(result.code)
    if result.kind is ResultKind.CME:
        return _CME.get(result.code)
    return None


def says_full(result: FinalResult | None) -> bool:
    """Tell whether a final result says that a storage is full."""
    return result is not None and result.kind is ResultKind.CMS and result.code in _FULL


def reason_of(result: FinalResult) -> str:
    """Return a short reason for people and for statuses, such as ``cms 42 congestion``."""
    if result.kind is ResultKind.CMS:
        return _named("cms", result, CMS)
    if result.kind is ResultKind.CME:
        return _named("cme", result, CME)
    if result.kind is ResultKind.OTHER:
        return result.text.lower() or "refused"
    return result.kind.value.lower()


def _named(family: str, result: FinalResult, texts: dict[int, str]) -> str:
    if result.code is None:
        return f"{family} error without a known code"
    return f"{family} {result.code} {texts.get(result.code, '')}".rstrip()
