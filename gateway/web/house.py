"""What the console and the API work with: the gateway's operations, and its database to read."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.control import Operation
from gateway.db import Database
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.meter import Tally
from gateway.settings import Settings


async def nothing_counted() -> Tally:
    """Return an empty tally."""
    return Tally()


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """A gateway as its web server sees it.

    Attributes:
        settings: what it goes by now.
        database: read freely; what changes goes through `ask`.
        clock: the time.
        operations: what the command can ask the gateway, by name.
        started_at: since when it runs; UTC.
        version: of Shopbell.
        tally: tells what was counted and timed; raises a `ShopbellError` where it cannot.
        pid: of the gateway's process.
    """

    settings: Callable[[], Settings]
    database: Database
    clock: Clock
    operations: Mapping[str, Operation]
    started_at: datetime
    version: str
    tally: Callable[[], Awaitable[Tally]] = nothing_counted
    pid: int = field(default_factory=os.getpid)

    async def ask(self, op: str, /, **fields: object) -> Any:
        """Have the gateway do something, as a command over the control socket does.

        Raises:
            RejectedError: it refuses.
            StorageError: it could not be kept.
            ShopbellError: it could not be done.
        """
        operation = self.operations.get(op)
        if operation is None:
            raise RejectedError("unknown_operation", f"this gateway cannot {op}", field="op")
        return await operation(fields)
