"""Which part a delivery report speaks of. Pure; MODEMS.md 3.9 to 3.13."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.db.parts import OpenPart
from gateway.domain.phone import matching_tail

SHORTEST_TAIL: Final = 3
"""Below three digits two numbers are not taken for one."""


def same_number(one: str, other: str) -> bool:
    """Tell whether two writings may be one number.

    The network may write it nationally, with a prefix or as a short code, so that the shorter of
    the two tails decides.
    """
    tails = sorted((matching_tail(one), matching_tail(other)), key=len)
    return len(tails[0]) >= SHORTEST_TAIL and tails[1].endswith(tails[0])


def choose_part(parts: Sequence[OpenPart], recipient: str) -> OpenPart | None:
    """Return the newest open part that went to ``recipient``; ``parts`` come newest first."""
    return next((part for part in parts if same_number(part.recipient, recipient)), None)
