"""Campaigns over the control socket: launched, paused, resumed, stopped, let go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

import structlog

from gateway.commerce.campaigns.launching import Launched, Launcher
from gateway.commerce.campaigns.stopping import STEERS
from gateway.commerce.content import ShopContent
from gateway.commerce.coupons import stock
from gateway.control.campaign_views import Foresee, named, unknown_store
from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.commerce.campaigns import CampaignState
from gateway.dispatch import Admission
from gateway.domain.clock import Clock
from gateway.domain.errors import ContentError, RejectedError
from gateway.domain.ids import StoreName

log = structlog.get_logger(__name__)

LAUNCH_LIMIT: Final = 3600.0
"""Seconds for the answer to a launch: whom it is about is written down before, a million persons
with hours of their own in half an hour."""

Contents = Callable[[], Mapping[StoreName, ShopContent]]
"""Reads what the shops' folders say, and has the gateway go by it."""


class CampaignDesk:
    """Launches and steers campaigns.

    Args:
        database: where they are.
        clock: the time.
        launcher: launches them.
        contents: reads the shops' folders anew: what was written a minute ago is launched.
        foresee: tells what a campaign would be, before it is launched.
        admission: wakes who waits for jobs.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        launcher: Launcher,
        contents: Contents,
        foresee: Foresee,
        admission: Admission,
    ) -> None:
        self._database = database
        self._clock = clock
        self._launcher = launcher
        self._contents = contents
        self._foresee = foresee
        self._admission = admission

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {"campaign_launch": self._launch, "campaign_steer": self._steer}

    async def launch(
        self, store: StoreName, name: str, *, even_if_late: bool = False, looked: bool = False
    ) -> Launched:
        """Launch a campaign as its file has it now.

        Args:
            store: whose it is.
            name: of its file.
            even_if_late: though a sale would end before all had it.
            looked: who asks has just looked at what it would be.

        Raises:
            RejectedError: it cannot be launched.
            StorageError: it could not be kept.
        """
        content = self._contents().get(store)
        if content is None:
            raise unknown_store(store)
        try:
            if not looked:
                (await self._foresee(store, name)).require(even_if_late=even_if_late)
            if content.folder is not None:
                await stock(self._database, store, content.folder, content.pools)
            return await self._launcher.launch(content, name)
        except ContentError as error:
            raise RejectedError("content", str(error), field="name") from None

    async def steer(self, store: StoreName, name: str, word: str) -> CampaignState:
        """Pause, resume, stop or approve; return how it stands then.

        Raises:
            RejectedError: it cannot be done.
            StorageError: it could not be kept.
        """
        steer, now = STEERS.get(word), self._clock.now()
        if steer is None:
            right = ", ".join(STEERS)
            raise RejectedError("malformed", f"word is {word!r}; right: {right}", field="word")
        state = await self._database.write(lambda c: steer(c, store, name, now))
        self._admission.notify()
        log.info("campaign_steered", store=store, campaign=name, word=word, state=state)
        return state

    async def _launch(self, fields: Mapping[str, Any]) -> object:
        store, name = named(fields)
        late, looked = bool(fields.get("even_if_late")), bool(fields.get("looked"))
        return asdict(await self.launch(store, name, even_if_late=late, looked=looked))

    async def _steer(self, fields: Mapping[str, Any]) -> object:
        store, name = named(fields)
        return {"state": await self.steer(store, name, str(fields.get("word")))}
