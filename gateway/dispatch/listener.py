"""What follows from what a person writes? A port, filled by `gateway.app` with what knows keywords.

It is asked in the transaction that finishes the message, so that a STOP that was kept has stopped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.consent import Heard, Reaction


class Listener(Protocol):
    """Reads what persons write."""

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        """Return what changes and what is answered; it writes neither itself.

        Args:
            connection: the transaction, to look things up.
            heard: what the person wrote.
            now: the current instant, UTC.
        """
        ...


class Deaf:
    """The listener of a gateway that keeps no consent."""

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        """Do nothing; stores are told of the message as of any other."""
        return Reaction()
