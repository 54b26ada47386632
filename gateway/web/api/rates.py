"""How often one who asks may ask: an even pace, with some at once. Pure, on the loop's clock."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

BURST_SECONDS: Final = 2.0
"""Requests of so many seconds may come at once."""

MOST_KNOWN: Final = 10_000
"""Who asks; those who asked last are known, and the others begin anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How somebody stands who has just asked.

    Attributes:
        allowed: whether they are answered.
        limit: requests that may come at once after a pause.
        left: requests that may come at once now.
        reset: seconds until all of the limit is there again.
        wait: seconds until the next is answered.
    """

    allowed: bool
    limit: int
    left: int
    reset: int
    wait: int

    def headers(self) -> dict[str, str]:
        """Return the headers (draft-ietf-httpapi-ratelimit-headers-10, `sf` of RFC 9651)."""
        said = {
            "RateLimit-Policy": f'"default";q={self.limit};w={int(BURST_SECONDS)}',
            "RateLimit": f'"default";r={self.left};t={self.reset}',
        }
        return said if self.allowed else said | {"Retry-After": str(self.wait)}


class Rates:
    """Counts who asks how often (a leaky bucket each, of which one number is kept).

    Args:
        per_second: requests of one who asks; None: as many as they like.
    """

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._full_at: OrderedDict[str, float] = OrderedDict()
        """When each would have all of the limit again; the loop's seconds."""

    def take(self, name: str, now: float) -> Standing | None:
        """Count a request; None where there is no limit.

        Args:
            name: who asks.
            now: the loop's time, in seconds.
        """
        if self._per_second is None:
            return None
        limit = max(1, math.floor(self._per_second * BURST_SECONDS))
        each, whole = 1 / self._per_second, limit / self._per_second
        debt = max(0.0, self._full_at.get(name, now) - now)
        allowed = debt + each <= whole + 1e-9
        if allowed:
            debt += each
            self._note(name, now + debt)
        return Standing(
            allowed=allowed,
            limit=limit,
            left=math.floor((whole - debt) / each + 1e-9),
            reset=math.ceil(debt),
            wait=max(1, math.ceil(debt + each - whole)),
        )

    def _note(self, name: str, full_at: float) -> None:
        self._full_at[name] = full_at
        self._full_at.move_to_end(name)
        if len(self._full_at) > MOST_KNOWN:
            self._full_at.popitem(last=False)
