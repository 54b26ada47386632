"""Which part a delivery report speaks of. Pure; MODEMS.md 3.9 to 3.13."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gateway.db.parts import OpenPart
from gateway.domain.phone import matching_tail

SHORTEST_TAIL: Final = 3
"""Below three digits two numbers are not taken for one."""

SHORTEST_NUMBER: Final = 7
"""Below seven digits it is a short code, by which some networks name themselves in a report."""


def same_number(one: str, other: str) -> bool:
    """Tell whether two writings may be one number.

    The network may write it nationally, with a prefix or as a short code, so that the shorter of
    the two tails decides.
    """
    tails = sorted((matching_tail(one), matching_tail(other)), key=len)
    return len(tails[0]) >= SHORTEST_TAIL and tails[1].endswith(tails[0])


def choose_part(parts: Sequence[OpenPart], recipient: str) -> OpenPart | None:
    """Return the newest open part that went to ``recipient``; ``parts`` come newest first."""
    return next((part for part in parts if same_number(part.job.recipient, recipient)), None)


def choose_unnamed(
    parts: Sequence[OpenPart], recipient: str, *, since: datetime
) -> OpenPart | None:
    """Return the part that a report means whose recipient is a short code: the only one there is.

    Args:
        parts: the open ones of its reference on its line, newest first.
        recipient: as the report writes it. A whole number of somebody else means nobody of ours,
            and an empty one is of an empty report (MODEMS.md 3.5b).
        since: only a part that was handed over at or after this instant.
    """
    digits = sum(character.isdigit() for character in recipient)
    if not 0 < digits < SHORTEST_NUMBER or len(parts) != 1:
        return None
    [only] = parts
    return only if only.part.handed_at is not None and only.part.handed_at >= since else None
