"""Lets go of sessions and links that are over: they open nothing, and say who worked when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.access.sessions import IDLE
from gateway.db.console.invitations import forget_invitations
from gateway.db.console.sessions import forget_sessions


def tidy(connection: Connection, now: datetime) -> int:
    """Delete them; return how many there were."""
    return forget_sessions(connection, now, now - IDLE) + forget_invitations(connection, now)
