"""Recognises test messages of own lines: they are nobody's, and nothing answers them.

A test says what no keyword is in, and its code is known before it is sent, so that no person can
make one up.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.db.console.loop_tests import note_arrival
from gateway.dispatch.inbound.arrival import Arrival

TEXT: Final = "Shopbell line test {code}"
_TEXT: Final = re.compile(r"Shopbell line test ([a-z0-9]{16})\s*")


def take_test(connection: Connection, arrival: Arrival, now: datetime) -> bool:
    """Note the arrival of a test; return whether it is one, of which nothing else is kept."""
    text = None if arrival.deliver is None else arrival.deliver.text
    found = _TEXT.fullmatch(text or "")
    return found is not None and note_arrival(connection, found[1], arrival.line, now)
