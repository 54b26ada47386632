"""Short links in a gateway: answered on a listener of their own."""

from __future__ import annotations

import asyncio

from gateway.app.law import keys_of
from gateway.commerce.links.leaving import Leaving
from gateway.consent.identity import Identities
from gateway.dispatch import Admission, Context
from gateway.domain.ids import StoreName
from gateway.settings import Settings


def _brands(settings: Settings) -> dict[StoreName, str]:
    return {StoreName(store.name): store.brand or store.name for store in settings.store}


class LinkService:
    """Answers short links beside all else; nothing of it stops the gateway.

    Args:
        settings: where it listens; without that it does nothing.
        context: the database, the time, and who is told of what changed.
        admission: writes what persons say on the page of their way out.
    """

    def __init__(self, settings: Settings, context: Context, admission: Admission) -> None:
        self._settings = settings.links
        self._context = context
        self._identities = Identities(keys_of(settings))
        self._leaving = Leaving(context.database, admission, self._identities, context.clock)
        self._brands = _brands(settings)
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()

    def take_up(self, settings: Settings) -> None:
        """Take up what stores there are from a configuration read again."""
        self._brands.clear()
        self._brands.update(_brands(settings))

    async def run(self) -> None:
        """Answer until `stop`, then write what clicks are left."""
        try:
            if self._settings.listen is not None:
                await self._serve(self._settings.listen)
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """End `run`, which has to have been started, and wait until it has."""
        self._stop.set()
        await self._ended.wait()

    async def _serve(self, listen: str) -> None:
        # The server's libraries take time to import, which a gateway without links is spared.
        from gateway.web.links import LinkSite, Recorder
        from gateway.web.server import keep_serving

        context = self._context
        recorder = Recorder(context.database, context.outbox_changed, self._identities)
        site = LinkSite(
            context.database,
            context.clock,
            note=recorder.note,
            leave=self._leaving.leave,
            brands=self._brands,
        )
        tasks = {
            asyncio.create_task(
                keep_serving(listen, site, self._settings.trusted_proxies), name="links"
            ),
            asyncio.create_task(recorder.run(), name="clicks"),
        }
        try:
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await recorder.flush()
