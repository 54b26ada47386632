"""Asks about alarms: the gateway that runs, or the database of one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

TELLING: Final = 600.0
"""Seconds for a test: an SMS may take minutes, and so may a mail server that scans."""


async def ask_alarms(config: Path, op: str, **fields: object) -> Any:
    """Return what an operation of `gateway.control.alarms` answers.

    Raises:
        RejectedError: it is refused.
        StorageError: the database cannot be read or written.
    """
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.alarms import AlarmDesk
    from gateway.db import Database
    from gateway.domain.clock import SystemClock
    from gateway.settings import load

    settings = load(config)
    try:
        path = socket_path(settings.database.beside)
        return await ask(path, op, answer_within=TELLING, **fields)
    except NoGatewayError:
        async with Database.open(settings.database.address) as database:
            return await AlarmDesk(database, SystemClock()).operations()[op](fields)
