"""The console in a gateway: pages, the API and metrics, answered beside all else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from importlib.metadata import version

from gateway.control import Operation
from gateway.dispatch import Context
from gateway.settings import Settings


class ConsoleService:
    """Answers those who run the box; nothing of it stops the gateway.

    Args:
        settings: gives what the gateway goes by now.
        context: the database and the time.
    """

    def __init__(self, settings: Callable[[], Settings], context: Context) -> None:
        self._settings = settings
        self._context = context
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()

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
        # The server's libraries take time to import, which a gateway without a console is spared.
        from gateway.web.house import House
        from gateway.web.server import keep_serving
        from gateway.web.site import make_site

        console = self._settings().console
        assert console is not None  # noqa: S101 -- asked by who called
        house = House(
            settings=self._settings,
            database=self._context.database,
            clock=self._context.clock,
            operations=operations,
            started_at=self._context.now(),
            version=version("shopbell"),
        )
        site = make_site(house)
        serving = asyncio.create_task(
            keep_serving(console.listen, site, console.trusted_proxies), name="http"
        )
        try:
            await self._stop.wait()
        finally:
            await site.state.live.close()  # what looks on for hours would be waited for
            serving.cancel()
            await asyncio.wait({serving})
