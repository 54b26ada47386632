"""What is kept of a budget for one-time passwords, as an operator writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SHARE: Final = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*%\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reserve:
    """Parts of each budget, or a share of it such as ``10%``."""

    parts: int = 0
    percent: float = 0.0

    @classmethod
    def parse(cls, value: object) -> Reserve:
        """Read a number of parts, or a share such as ``"10%"``.

        Raises:
            ValueError: it is neither, or there would be nothing left beside it.
        """
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return cls(parts=value)
        if isinstance(value, str):
            if value.isdecimal():  # as an environment variable has to write a number
                return cls(parts=int(value))
            if match := _SHARE.match(value):
                return cls(percent=float(match[1]))
        raise ValueError('is no reserve; write parts, such as 20, or a share such as "10%"')

    def of(self, limit: int) -> int:
        """Return how many parts of a budget are kept, rounded down: one of a few keeps none."""
        return min(limit, self.parts or int(limit * self.percent / 100))

    def __str__(self) -> str:
        return f"{self.percent:g}%" if self.percent else str(self.parts)


NO_RESERVE: Final = Reserve()
