"""Work that is done again and again beside all else: what goes wrong waits for the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

import structlog

from gateway.domain.errors import StorageError

log = structlog.get_logger(__name__)


async def keep_doing(
    work: Callable[[], Awaitable[object]], name: str, *, first: float, every: float
) -> NoReturn:
    """Work until cancelled.

    Args:
        work: what is to be done; what it raises is logged.
        name: of it, in the log: ``NAME_waits_for_storage`` and ``NAME_failed``.
        first: seconds before it is done for the first time.
        every: seconds of rest after each.
    """
    await asyncio.sleep(first)
    while True:
        try:
            await work()
        except StorageError as error:
            log.warning(f"{name}_waits_for_storage", error=str(error))
        except Exception:
            log.exception(f"{name}_failed")
        await asyncio.sleep(every)
