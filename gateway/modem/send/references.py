"""Whether the references that a modem tells mean anything (MODEMS.md 2.8).

TP-MR counts up with each message. A modem that says the same for two in a row, as some do with 0,
tells none: its reports carry the true one and would never be matched.
"""

from __future__ import annotations


class References:
    """The references of one modem.

    Attributes:
        usable: whether they tell messages apart.
    """

    def __init__(self, *, usable: bool) -> None:
        self.usable = usable
        self._last: int | None = None

    def take(self, reference: int | None) -> int | None:
        """Return the reference of a message that was taken, or None where it means nothing."""
        if reference is not None and self._last is not None:
            self.usable = reference != self._last
        self._last = reference
        return reference if self.usable else None
