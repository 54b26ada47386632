"""The storages of all modems together, for somebody who is to be forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from gateway.at import Stored
from gateway.domain.errors import ModemError
from gateway.modem.supervisor import Supervisor

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Emptied:
    """What became of the modems' storages."""

    deleted: int = 0
    unread: tuple[str, ...] = ()
    """Modems that could not be looked through."""


class Shelves:
    """Asks every modem that there is.

    Args:
        supervisors: returns those that there are now.
    """

    def __init__(self, supervisors: Callable[[], Sequence[Supervisor]]) -> None:
        self._supervisors = supervisors

    async def forget(self, is_meant: Callable[[str], bool]) -> Emptied:
        """Have them hand over what came in, and delete what is still there of somebody.

        Args:
            is_meant: tells whether a PDU, hex, is of them.
        """
        found = self._supervisors()
        deleted = await asyncio.gather(*(_forget(one, is_meant) for one in found))
        return Emptied(
            deleted=sum(count for count in deleted if count is not None),
            unread=tuple(
                one.status.name for one, count in zip(found, deleted, strict=True) if count is None
            ),
        )


async def _forget(supervisor: Supervisor, is_meant: Callable[[str], bool]) -> int | None:
    def holds(stored: Stored) -> bool:
        return is_meant(stored.pdu)

    try:
        return await supervisor.forget(holds)
    except ModemError as error:
        log.warning("storage_not_looked_through", error=str(error))
        return None
