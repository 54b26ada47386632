"""When lines will have sent what waits. Pure; seconds from now."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

UNPACED: Final = 1 / 3
"""Parts a second of a line without a rate: a stick takes some three seconds for one (MODEMS.md)."""


def speed(rate: float | None) -> float:
    """Return the parts a second that are reckoned with."""
    return UNPACED if rate is None else rate


def finish(parts: float, lines: Iterable[tuple[float, float]]) -> float:
    """Return when lines that share them have sent so many parts; infinity when they never will.

    Args:
        parts: how many.
        lines: of each the seconds until it is free, and its parts a second.
    """
    able = sorted((free, rate) for free, rate in lines if rate > 0 and math.isfinite(free))
    end, together, ahead = math.inf, 0.0, 0.0
    for free, rate in able:
        if free >= end:  # the others are done before it is free
            break
        together, ahead = together + rate, ahead + free * rate
        end = (parts + ahead) / together
    return end
