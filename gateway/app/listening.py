"""Who hears what persons write: keywords first, then simple questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.dispatch.listener import Listener
from gateway.domain.consent import Heard, Reaction


class InTurn:
    """Asks listeners in turn, until one of them reacts.

    Args:
        listeners: the first is asked first.
    """

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = listeners

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        """Return the first reaction; see the port."""
        for listener in self._listeners:
            reaction = listener.hear(connection, heard, now)
            if reaction != Reaction():
                return reaction
        return Reaction()
