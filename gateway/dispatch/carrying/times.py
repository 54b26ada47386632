"""How often a carrier is asked. Pure.

Providers can call back instead; then this box would have to be reachable from outside.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at which messages are due to be asked about."""

RECEIVE_EVERY: Final = 5.0
"""Seconds between two questions for what persons wrote: a STOP works within seconds (US-3)."""

LONGEST_PAUSE: Final = 300.0
"""Seconds between two questions to a carrier that does not answer."""

FIRST_LOOK: Final = timedelta(seconds=2)
"""After a message was taken; most phones have it in a few seconds."""

IN_FLIGHT: Final = timedelta(minutes=3)
"""How long after its intent a message may still be at the door, longer than any answer is waited
for; one that a crash has left is looked for after it."""

LONGEST_LOOK: Final = timedelta(hours=1)

SKEW: Final = timedelta(minutes=2)
"""By how much a carrier's clock may be behind ours."""

LATE: Final = timedelta(minutes=10)
"""How long after the intent a carrier may still take a message whose answer was lost."""

LISTED_WITHIN: Final = timedelta(hours=6)
"""How old a message may be to be looked for in the list; older ones are asked for one by one."""

OVERLAP: Final = timedelta(hours=1)
"""How far back behind the newest one messages are asked for again: lists are not in strict order,
and what was stuck at a carrier may come late."""


def next_look(now: datetime, handed_at: datetime) -> datetime:
    """Return when to ask again about a message: ever more seldom, as it gets older."""
    return now + min(max(FIRST_LOOK, (now - handed_at) / 2), LONGEST_LOOK)
