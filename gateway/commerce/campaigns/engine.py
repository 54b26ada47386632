"""Carries campaigns out: canaries first, then all others little by little, until the end.

It keeps only so many jobs ahead of the lines (`AHEAD`): what is decided late is decided by what is
known then, a stop has little to take back, and lines that fail leave no mountain. The gate asks
again at each handing over, so that a pause holds for what is queued as well.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.commerce.campaigns.canary import watch_canaries
from gateway.commerce.campaigns.dealing import Dealer, Dealt, WordlessError, skip_members
from gateway.commerce.campaigns.spec import campaign_of
from gateway.commerce.campaigns.stopping import LATE, STOPPED, cancel_untouched
from gateway.db import Database
from gateway.db.commerce.campaign_jobs import count_waiting
from gateway.db.commerce.campaign_members import members_after
from gateway.db.commerce.campaigns import (
    OVER,
    CampaignRecord,
    CampaignState,
    change_campaign,
    hold_campaign,
    open_campaigns,
)
from gateway.dispatch import Admission
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.states import Stage

log = structlog.get_logger(__name__)

TICK: Final = 1.0
"""Seconds between looks."""

AHEAD: Final = 1000
"""Jobs of a campaign that are ready, at most: fifty lines at their usual pace have work for a
minute, and a look is made each second."""

PUT_OFF: Final = 5000
"""Jobs of a campaign that wait for a time, at most. Who may not be written to yet waits as a
member; these were put off after they were queued."""

BATCH: Final = 25
"""Members in one transaction: some 100 ms, for which outcomes of lines wait."""

ROUNDS: Final = 8
"""Batches of a campaign in one look, so that others have their turn."""

LOT: Final = 250
"""Members that are settled in one transaction where nothing is to be decided."""


class CampaignEngine:
    """Looks after campaigns once a second; one gateway does it for all on a database.

    Two may do so at a time without harm, as when a duty changes hands: a member is decided for and
    let go in one transaction.

    Args:
        database: where campaigns are.
        clock: the time.
        dealer: decides for members.
        admission: knows the lines, and wakes who waits for jobs.
        policy: what is done about parts in doubt.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        dealer: Dealer,
        admission: Admission,
        policy: DoubtPolicy,
    ) -> None:
        self._database = database
        self._clock = clock
        self._dealer = dealer
        self._admission = admission
        self._policy = policy

    async def run(self) -> NoReturn:
        """Tick until cancelled."""
        while True:
            try:
                await self.tick()
            except StorageError as error:
                log.warning("campaigns_wait_for_storage", error=str(error))
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Do for each campaign what is due now."""
        for record in await self._database.read(open_campaigns):
            try:
                await self._look_after(record)
            except StorageError:
                raise
            except Exception:
                log.exception("campaign_failed", store=record.store, campaign=record.name)

    async def _look_after(self, record: CampaignRecord) -> None:
        now = self._clock.now()
        if record.state in OVER:
            await self._wind_up(record, STOPPED)
        elif record.ends_at is not None and record.ends_at <= now:
            await self._wind_up(record, LATE)
        elif record.state is CampaignState.CANARY:
            await self._database.write(lambda c: watch_canaries(c, record.key, now))
        elif record.state is CampaignState.RUNNING and record.starts_at <= now:
            await self._feed(record)

    async def _feed(self, record: CampaignRecord) -> None:
        """Decide for members while the lines have little ahead of them."""
        self._admission.look()
        for _ in range(ROUNDS):
            if await self._database.read(lambda c: _has_enough(c, record)):
                break
            dealt = await self._deal(record)
            if dealt.sent:
                self._admission.notify()
            if dealt.looked < BATCH:
                await self._finish(record)
                break

    async def _deal(self, record: CampaignRecord) -> Dealt:
        now = self._clock.now()
        try:
            return await self._database.write(
                lambda c: self._dealer.deal(c, record.key, now, BATCH)
            )
        except WordlessError as error:
            reason = str(error)
            log.error("campaign_paused", store=record.store, campaign=record.name, error=reason)
            await self._database.write(lambda c: _pause(c, record, reason))
            return Dealt(looked=BATCH)

    async def _finish(self, record: CampaignRecord) -> None:
        now = self._clock.now()
        if await self._database.write(lambda c: _finish(c, record, now)):
            log.info("campaign_finished", store=record.store, campaign=record.name)

    async def _wind_up(self, record: CampaignRecord, reason: str) -> None:
        """Let go of what is left of a campaign that is over."""
        now = self._clock.now()
        for _ in range(ROUNDS):
            if await self._database.write(lambda c: self._settle(c, record, reason, now)):
                log.info("campaign_over", store=record.store, campaign=record.name, reason=reason)
                break
        self._admission.notify()

    def _settle(
        self, connection: Connection, record: CampaignRecord, reason: str, now: datetime
    ) -> bool:
        """Settle some of what is left; return whether that was all."""
        held = hold_campaign(connection, record.key)
        if held.finished_at is not None:
            return True
        cancelled = 0
        if reason == STOPPED:
            cancelled = cancel_untouched(connection, record, self._policy, now, LOT)
        members = members_after(connection, record.key, "", LOT)
        skip_members(connection, record, members, reason, now)
        if cancelled or members:
            return False
        state = held.state if held.state in OVER else CampaignState.FINISHED
        change_campaign(connection, record.key, state=state, finished_at=now)
        return True


def _has_enough(connection: Connection, record: CampaignRecord) -> bool:
    """Tell whether the lines have enough of a campaign ahead of them."""
    store, campaign = record.store, campaign_of(record.name)
    ready = count_waiting(connection, store, campaign, Stage.READY, AHEAD)
    return ready >= AHEAD or (
        count_waiting(connection, store, campaign, Stage.SCHEDULED, PUT_OFF) >= PUT_OFF
    )


def _pause(connection: Connection, record: CampaignRecord, reason: str) -> None:
    held = hold_campaign(connection, record.key)
    if held.state is CampaignState.RUNNING:
        change_campaign(connection, record.key, state=CampaignState.PAUSED, reason=reason)


def _finish(connection: Connection, record: CampaignRecord, now: datetime) -> bool:
    """Write that a campaign is done, if nobody is left and nothing of it waits."""
    held = hold_campaign(connection, record.key)
    store, campaign = record.store, campaign_of(record.name)
    if held.state is not CampaignState.RUNNING or members_after(connection, record.key, "", 1):
        return False
    if any(
        count_waiting(connection, store, campaign, stage, 1)
        for stage in (Stage.READY, Stage.SCHEDULED, Stage.CLAIMED)
    ):
        return False
    change_campaign(connection, record.key, state=CampaignState.FINISHED, finished_at=now)
    return True
