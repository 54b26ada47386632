"""The console in a gateway: pages, the API and metrics, answered beside all else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from gateway.access.invitations import invite_first
from gateway.app.apart import Apart
from gateway.control import Operation
from gateway.control.access import AccessDesk
from gateway.control.audited import audited
from gateway.control.persons import PersonDesk, read_number
from gateway.db.console.users import has_users
from gateway.dispatch import Context
from gateway.domain.errors import StorageError
from gateway.meter import Tally
from gateway.settings import Settings

log = structlog.get_logger(__name__)

OnLink = Callable[[str, datetime], None]
"""Shows a link by which the first user is made, and until when it holds."""


def no_link(link: str, ends_at: datetime) -> None:
    """Show it to nobody: the next start makes another one."""


class ConsoleService:
    """Answers those who run the box; nothing of it stops the gateway.

    Args:
        settings: gives what the gateway goes by now.
        context: the database and the time.
        meter: what was counted and timed.
    """

    def __init__(self, settings: Callable[[], Settings], context: Context, meter: Tally) -> None:
        self._settings = settings
        self._context = context
        self._meter = meter
        self._access = AccessDesk(context.database, context.clock, settings)
        self._answering = asyncio.Event()
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked about users, tokens and the audit log, by name."""
        return self._access.operations()

    def audited(
        self, operations: Mapping[str, Operation], persons: PersonDesk
    ) -> Mapping[str, Operation]:
        """Return operations for commands, which write what is done into the audit log."""

        def person_of(number: str) -> str:
            return persons.identities.of(read_number(number))

        return audited(operations, self._context.database, self._context.clock, person_of)

    async def greet(self, on_link: OnLink) -> None:
        """Have a link shown where nobody can sign in yet; there is no default password."""
        console, database = self._settings().console, self._context.database
        if console is None:
            return
        try:
            if await database.read(has_users):
                return
            now = self._context.now()
            made = await database.write(lambda connection: invite_first(connection, now))
        except StorageError as error:
            log.error("first_link_not_made", reason=str(error))
            return
        await self._answering.wait()  # who follows it at once finds somebody at home
        if made is not None:
            on_link(f"{console.address}{made.path}", made.ends_at)

    async def run(self, operations: Mapping[str, Operation]) -> None:
        """Answer until `stop`, where the configuration says that it shall.

        Args:
            operations: what the gateway can be asked to do, by name.
        """
        try:
            if self._settings().console is not None:
                await self._serve(operations)
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """End `run`, which has to have been started, and wait until it has."""
        self._stop.set()
        await self._ended.wait()

    async def _serve(self, operations: Mapping[str, Operation]) -> None:
        apart = Apart(self._settings, self._context, self._meter, operations, self._answering)
        keeping = asyncio.create_task(apart.run(), name="console-process")
        try:
            await self._stop.wait()
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
