"""What a failure means, and what to do about it, in words for who runs the box. Pure.

Each class of failures has its words; reasons that come often have words of their own, which say
more than those of their class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gateway.domain.failures import FailureClass, Phase, classify
from gateway.domain.results import FinalResult, ResultKind


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is to be known of a failure."""

    meaning: str
    """A sentence."""
    action: str
    """What to do: a sentence. Where the gateway does it by itself, that."""


_BY_CLASS: Final = {
    FailureClass.PERMANENT: Remedy(
        "The network will never take this message: mostly the number is nobody's, or takes none.",
        "Nothing on this box. If it is many numbers of one store, have the store check its list.",
    ),
    FailureClass.LINE: Remedy(
        "The SIM or its plan is refused, not the message. Most often the credit is used up.",
        "Look at the modem's balance, top up, or call the operator. Its messages wait meanwhile or "
        "go out on other lines.",
    ),
    FailureClass.NETWORK: Remedy(
        "The network could not take it at that moment.",
        "Nothing: it is tried again with growing pauses. If it goes on, look at the signal and "
        "move the aerial.",
    ),
    FailureClass.OUTAGE: Remedy(
        "The network, or the phone it is for, is out of service, and likely for a while.",
        "Nothing: it is tried again later, until it expires. If all numbers of an operator are "
        "struck, the operator has an outage.",
    ),
    FailureClass.COLLISION: Remedy(
        "The radio was busy with something that came in at the same instant.",
        "Nothing: it is tried again within half a minute.",
    ),
    FailureClass.BUSY: Remedy(
        "The modem or the SIM was busy, or its storage was full.",
        "Nothing: the gateway empties the storage and tries again. If it goes on, unplug the stick "
        "and plug it in again.",
    ),
    FailureClass.DRIVER: Remedy(
        "The modem did not understand what was written to it.",
        "If it happens more than now and then: use a shorter USB cable or a powered hub, look at "
        "`shopbell doctor`, and report it with the modem's model.",
    ),
    FailureClass.UNKNOWN: Remedy(
        "Nobody can say whether it was sent: the answer was lost.",
        "Nothing: a one-time code is sent again, an order message after a while without a report, "
        "marketing never. If it is often, the stick loses power: use a powered hub.",
    ),
    FailureClass.DUPLICATE: Remedy(
        "The network has it already from an earlier try.",
        "Nothing: it counts as sent.",
    ),
}

BY_CLASS: Final[Mapping[FailureClass, Remedy]] = MappingProxyType(_BY_CLASS)
"""For each class."""

SILENT: Final = Remedy(
    "The modem said nothing, or was lost in the middle; nothing was sent.",
    "Nothing: the gateway brings the modem back and tries again. If it is often, use a powered hub "
    "and a short cable.",
)
"""Where there is no class, since there was no answer."""

_STORAGE: Final = Remedy(
    "The storage for messages on the SIM or in the modem is full.",
    "The gateway empties it. If it comes back, remove old messages from the SIM with a phone.",
)
_CREDIT: Final = Remedy(
    "The operator bars this SIM from sending: mostly no credit, or a plan without SMS.",
    "Look at the balance, top up, or ask the operator whether the SIM is barred.",
)
_SIM: Final = Remedy(
    "The modem does not see its SIM, or the SIM is damaged.",
    "Take the SIM out and put it back in; try it in a phone. Then unplug the stick and plug it in.",
)
_PIN: Final = Remedy(
    "The SIM asks for its PIN.",
    "Write the PIN's file into the configuration (pin_file), and start the gateway again.",
)
_CONGESTED: Final = Remedy(
    "The network has too much to do, of everybody or of this SIM.",
    "Nothing: the line sends more slowly for a while. If it comes back daily, set a lower rate or "
    "spread what is sent over more lines.",
)
_NOBODY: Final = Remedy(
    "The number is assigned to nobody.",
    "Nothing on this box: the person mistyped it, or has given it up. The store should remove it.",
)
_BLOCKED: Final = Remedy(
    "The network refused to carry it: its operator filters what looks like too much, or the "
    "recipient takes no messages.",
    "If it strikes many numbers: lower the rate, and have the text checked for links and for what "
    "looks like spam. The SIM may be about to be barred.",
)
_CENTRE: Final = Remedy(
    "The number of the SIM's message centre is missing or wrong.",
    "Ask the operator for it and set it once with a phone, or with AT+CSCA.",
)
_NO_NETWORK: Final = Remedy(
    "The modem had no network at that moment.",
    "Nothing: it looks for one. If it goes on, look at the signal, and move the aerial.",
)

BY_CMS: Final[Mapping[int, Remedy]] = MappingProxyType(
    {
        1: _NOBODY,
        8: _CREDIT,
        10: _CREDIT,
        21: _BLOCKED,
        22: _CONGESTED,
        28: _CREDIT,
        29: _CREDIT,
        30: _NOBODY,
        42: _CONGESTED,
        47: _CONGESTED,
        50: _CREDIT,
        69: _CREDIT,
        192: _CONGESTED,
        193: _CENTRE,
        208: _STORAGE,
        211: _STORAGE,
        310: _SIM,
        311: _PIN,
        313: _SIM,
        315: _SIM,
        322: _STORAGE,
        330: _CENTRE,
        331: _NO_NETWORK,
        332: _CONGESTED,
    }
)
"""For the reasons that come often, by the number of the CMS error."""

BY_CME: Final[Mapping[int, Remedy]] = MappingProxyType(
    {10: _SIM, 11: _PIN, 13: _SIM, 15: _SIM, 30: _NO_NETWORK}
)
"""The same of CME errors."""

_REASON: Final = re.compile(r"\b(cms|cme) (\d{1,4})\b")
_FAMILIES: Final = {"cms": (ResultKind.CMS, BY_CMS), "cme": (ResultKind.CME, BY_CME)}


def has_code(reason: str) -> bool:
    """Whether a reason names the number of an error, such as ``cms 42 congestion``."""
    return _REASON.search(reason) is not None


def class_of(reason: str | None, *, in_doubt: bool = False) -> FailureClass:
    """Return the class of a reason as `gateway.domain.failures.reason_of` writes it.

    Args:
        reason: of an attempt; None where the modem said nothing.
        in_doubt: whether the attempt may have been sent.
    """
    if in_doubt:
        return FailureClass.UNKNOWN
    told = _REASON.search(reason or "")
    if told is None:
        return FailureClass.NETWORK
    kind, _texts = _FAMILIES[told[1]]
    return classify(FinalResult(kind=kind, code=int(told[2])), Phase.BEFORE_PDU)


def remedy_of_reason(reason: str | None, failure: FailureClass) -> Remedy:
    """Return what is to be known of a failure: by its reason, or else by its class."""
    told = _REASON.search(reason or "")
    if told is None:
        return BY_CLASS[failure]
    _kind, texts = _FAMILIES[told[1]]
    return texts.get(int(told[2]), BY_CLASS[failure])
