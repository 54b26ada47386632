"""Asking the database about a segment, beside a gateway that may be running."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import TypeVar

    from sqlalchemy import Connection

    from gateway.consent.identity import Identities
    from gateway.settings import Settings

    T = TypeVar("T")


async def ask(settings: Settings, question: Callable[[Connection, datetime, Identities], T]) -> T:
    """Return what a question is answered, at this instant and with the keys of the ledger.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from gateway.consent.identity import Identities
    from gateway.db import Reader
    from gateway.db.keeping import require_keys
    from gateway.domain.clock import SystemClock

    def asked(connection: Connection) -> T:
        keys = require_keys(connection, settings.database.key_path)
        return question(connection, SystemClock().now(), Identities(keys))

    async with Reader.open(settings.database.address) as reader:
        return await reader.read(asked)
