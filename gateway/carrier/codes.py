"""What a carrier's codes mean: who is at fault, and in which words a person is told.

The numbers are those of Twilio's error dictionary, which others that speak its API share. A code
that is not here counts by the HTTP status. The provider's own sentences are never shown: they name
the numbers they speak of.
"""

from __future__ import annotations

from typing import Final

from gateway.domain.failures import FailureClass

WORDS: Final[dict[int, str]] = {
    14107: "too many messages from this sender",
    20003: "the account or its token is wrong",
    20005: "the account is not active",
    20006: "the account may not do this",
    20404: "there is no such account or resource",
    20429: "too many requests",
    21211: "not a number that can be reached",
    21212: "the sender is not valid",
    21214: "the number cannot be reached",
    21217: "not a phone number",
    21408: "the account may not send to this country",
    21602: "the text is empty",
    21603: "the sender is missing",
    21605: "the text is too long",
    21606: "the sender is not the account's, or sends no SMS",
    21608: "a trial account sends to verified numbers only",
    21610: "the person has opted out at the carrier",
    21611: "the sender's queue is full",
    21612: "this sender cannot reach this number",
    21614: "not a mobile number",
    21617: "the text is too long",
    21635: "a landline",
    21659: "the sender is not the account's",
    21660: "the sender is another account's",
    21703: "the messaging service has no sender",
    21704: "the messaging service has no sender",
    21705: "the messaging service is not valid",
    30001: "the queue is full",
    30002: "the account is suspended",
    30003: "the handset cannot be reached",
    30004: "blocked by the person or the network",
    30005: "unknown destination",
    30006: "a landline, or a network that cannot be reached",
    30007: "filtered by the network",
    30008: "the network gave no reason",
    30034: "the sender is not registered for this traffic",
    30036: "its validity ran out",
    30410: "the network did not answer in time",
}

_OF_DESTINATION: Final = frozenset({21211, 21214, 21217, 21408, 21608, 21610, 21612, 21614, 21635})
"""The recipient is at fault, or the plan for all like it."""

_OF_THE_TEXT: Final = frozenset({21602, 21605, 21617})

_OF_THE_LINE: Final = frozenset(
    {20003, 20005, 20006, 20404, 21212, 21603, 21606, 21659, 21660, 21703, 21704, 21705}
    | {30002, 30034}
)
"""The account, its sender or its token, which a person has to look at."""

TOO_MUCH: Final = frozenset({14107, 20429, 21611, 30001})
"""Too many messages, for now."""


NOBODY: Final = 30005
"""The number is not in use: what came of a message that was taken (US-8)."""


def failure_of(code: int | None) -> FailureClass | None:
    """Return what a code of a refused message says is at fault; None when it says nothing."""
    if code in _OF_THE_LINE:
        return FailureClass.LINE
    if code in TOO_MUCH:
        return FailureClass.NETWORK
    if code in _OF_DESTINATION or code in _OF_THE_TEXT:
        return FailureClass.PERMANENT
    return None


def is_of_destination(code: int | None) -> bool:
    """Tell whether the recipient may be at fault."""
    return code in _OF_DESTINATION


def words_of(code: int) -> str:
    """Return a short reason for people and statuses, such as ``carrier 21610 the person …``."""
    return f"carrier {code} {WORDS.get(code, '')}".rstrip()
