"""On what terms may a line be used? A port, filled by `gateway.app` with what knows the law.

What a line may not send it does not claim, so that a line that may is not kept waiting.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.ids import LineId, ModemName
from gateway.domain.terms import FREE, Terms


class LineRules(Protocol):
    """Knows what holds for each line."""

    def seen(self, connection: Connection, line: LineId, modem: ModemName) -> None:
        """Take note of a line that comes into service.

        Args:
            connection: the transaction in which it was noted (`gateway.db.lines.note_line`).
            line: the SIM.
            modem: who holds it.
        """
        ...

    def terms(self, line: LineId) -> Terms:
        """Return on what terms a line may be used now."""
        ...


class FreeLines:
    """The rules of a gateway that asks nothing of its lines."""

    def seen(self, connection: Connection, line: LineId, modem: ModemName) -> None:
        """Forget it."""

    def terms(self, line: LineId) -> Terms:
        """Return that it is free."""
        return FREE
