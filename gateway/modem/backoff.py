"""How long to wait before a modem is tried again."""

from __future__ import annotations

import random
from typing import Final

FIRST: Final = 0.2
"""Seconds; a stick that was only re-plugged is back in service within one."""

LONGEST: Final = 60.0
"""Seconds; a modem that was repaired is noticed within this."""

GROWTH: Final = 2.0

HEALTHY: Final = 30.0
"""Seconds in service after which a failure counts as the first again."""


class Backoff:
    """Growing pauses with jitter, so that modems that fail together do not return together."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        """Begin with short pauses again."""
        self._failures = 0

    def next(self) -> float:
        """Return the next pause in seconds."""
        pause = min(FIRST * GROWTH**self._failures, LONGEST)
        self._failures = min(self._failures + 1, 16)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret
