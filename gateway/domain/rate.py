"""How fast a line may send, as an operator writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RATE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|min|h)\Z")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """Parts in a time, such as ``20/min``."""

    per_second: float | None
    """Parts a second; None when it is unlimited."""
    text: str
    """As it was written."""

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``N/s``, ``N/min``, ``N/h`` or ``unlimited``; N may have a decimal point.

        Raises:
            ValueError: it is none of them, or N is 0.
        """
        if text == "unlimited":
            return cls(per_second=None, text=text)
        match = _RATE.match(text)
        if match is None or float(match[1]) == 0:
            raise ValueError(
                'is no rate; write N/s, N/min, N/h or "unlimited", with N above 0, such as "20/min"'
            )
        return cls(per_second=float(match[1]) / _SECONDS[match[2]], text=text)

    def __str__(self) -> str:
        return self.text
