"""How many messages may be told in an hour, whatever happens. Pure."""

from __future__ import annotations

from typing import Final

HOUR: Final = 3600.0


class Storm:
    """A bucket of messages that fills evenly.

    Attributes:
        most: messages in an hour; replaced when the configuration is read again.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._left = float(most)
        self._at: float | None = None

    def allows(self, now: float) -> bool:
        """Tell whether one more may go, and count it.

        Args:
            now: seconds on the loop's clock.
        """
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at = now
        self._left = min(float(self.most), self._left + passed * self.most / HOUR)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
