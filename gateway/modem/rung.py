"""The rungs of the recovery ladder by name; which is next is `gateway.modem.recover.recovery`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Rung(StrEnum):
    """What can be done, the gentlest first."""

    BARRIER = "barrier"
    """Wait for silence, then AT until one OK answers one AT."""
    ESCAPE = "escape"
    """ESC before it. From here on a PDU that was written counts as unknown."""
    REOPEN = "reopen"
    """Close the port and open it again."""
    INIT = "init"
    """The whole start sequence; always together with a reopening."""
    RADIO = "radio"
    """Radio off and on."""
    RESTART = "restart"
    """The stick starts anew; the port goes and returns."""
    POWER = "power"
    """USB unbound and bound, or the power cut, where the operator allows it."""
    OPERATOR = "operator"
    """A person has to look; it is tried on, slowly."""

    @property
    def height(self) -> int:
        """Its place on the ladder, from 0."""
        return _HEIGHTS[self]


_HEIGHTS: Final = {rung: height for height, rung in enumerate(Rung)}
