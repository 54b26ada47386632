"""The pause between two messages as a person would have it: never the same twice. Pure.

A line keeps to its plan and is late for it by chance, each time by as much as a person is: mostly
a little, now and then by most of a pause. Two pauses in a row differ, and over any number of
messages the lateness of the last one alone is lost: the mean is the rate's own pause exactly, and
nothing leaves before a line without jitter would have let it leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Final

SPREAD: Final = 0.8
"""The most that a message is late, in pauses of the rate: two are never closer than a fifth of a
pause, and never further apart than nearly two."""

_PROMPT, _LATE = 1.5, 3.0
"""The shape of a beta distribution that leans to the early side, as the pauses of people do, which
follow a log-normal one; this one has an end."""


@dataclass(slots=True)
class Jitter:
    """Draws how late the next message is."""

    random: Random = field(default_factory=Random)
    late: float = 0.0
    """In pauses of the rate, from 0.0 to `SPREAD`; the first message is in time."""

    def draw(self) -> None:
        """Draw for the next message."""
        self.late = SPREAD * self.random.betavariate(_PROMPT, _LATE)

    def end(self) -> None:
        """Be in time, as a line without jitter."""
        self.late = 0.0
