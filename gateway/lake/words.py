"""What a person's message is for the lake: a word of a keyword list, or anything else.

Only to tell what came; whether somebody may be written to is not decided here.
"""

from __future__ import annotations

from typing import Final

STOP: Final = frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"})
START: Final = frozenset({"start", "unstop", "subscribe"})


def kind_of(text: str | None) -> str:
    """Return ``stop``, ``start`` or ``text``."""
    said = " ".join((text or "").casefold().strip(" .!\"'").split())
    if said in STOP:
        return "stop"
    return "start" if said in START else "text"
