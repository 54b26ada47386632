"""How is a double opt-in begun? A port, filled by `gateway.app` with what writes for stores.

It is asked in the transaction that writes a ``requested`` consent down, whatever way it came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.consent import Change, Reaction


class OptIns(Protocol):
    """Asks persons."""

    def begin(self, connection: Connection, changes: Sequence[Change], now: datetime) -> Reaction:
        """Return changes with the questions that they need; it writes nothing itself.

        A change that asks for no question stays as it is. One that asks a person who was asked
        already, or who agreed already, falls away.

        Args:
            connection: the transaction, to look things up.
            changes: as they came in.
            now: the current instant, UTC.

        Raises:
            RejectedError: a person may not be asked.
        """
        ...


class Silent:
    """Asks nobody: for a gateway that keeps no consent."""

    def begin(self, connection: Connection, changes: Sequence[Change], now: datetime) -> Reaction:
        """Leave changes as they are."""
        return Reaction(changes=tuple(changes))
