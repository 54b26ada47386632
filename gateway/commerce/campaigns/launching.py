"""Launches campaigns: freezes what they are and whom they are about, and lets them go.

Whom a campaign is about is written in lots, each a short transaction, while the campaign is
`launching`; nothing of it goes out until all are there. A launch that was interrupted is begun
again by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.commerce.campaigns.canary import release_canaries
from gateway.commerce.campaigns.dealing import Decides
from gateway.commerce.campaigns.frozen import freeze
from gateway.commerce.campaigns.preparing import (
    Prepared,
    Says,
    canaries_of,
    prepare,
    require_codes,
)
from gateway.commerce.campaigns.scheduling import Scheduler
from gateway.consent.identity import Identities
from gateway.db import Database
from gateway.db.commerce.campaign_members import (
    Member,
    count_members,
    members_after,
    move_members,
    put_members,
    remove_members,
)
from gateway.db.commerce.campaigns import (
    CampaignKey,
    CampaignRecord,
    CampaignState,
    change_campaign,
    delete_campaign,
    find_campaign,
    hold_campaign,
    insert_campaign,
)
from gateway.dispatch import Admission
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId
from gateway.domain.job import NEVER

log = structlog.get_logger(__name__)

LOT: Final = 500
"""Members in one transaction: a few milliseconds, for which nothing else is committed."""

Members = Callable[[Connection, Prepared, datetime], Iterator[PersonId]]
"""Yields who is in the segment of a campaign, without holding them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Launched:
    """A campaign that was launched."""

    name: str
    state: CampaignState
    persons: int
    canaries: int
    starts_at: datetime
    ends_at: datetime | None
    remarks: tuple[str, ...] = ()
    """What is other than was asked for, and why."""


@dataclass(kw_only=True, slots=True)
class _Launch:
    """What is being launched."""

    key: CampaignKey
    began: datetime
    """Tells this launch from another of the same campaign."""
    starts_at: datetime
    prepared: Prepared
    canaries: Sequence[PersonId]
    remarks: list[str] = field(default_factory=list)


class Launcher:
    """Launches campaigns.

    Args:
        database: where they go.
        clock: the time.
        members: who is in a segment.
        scheduler: says when each person's message goes.
        decider: decides what own numbers get.
        identities: who a number is.
        admission: knows the lines, and wakes who waits for jobs.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        members: Members,
        scheduler: Scheduler,
        decider: Decides,
        identities: Identities,
        admission: Admission,
    ) -> None:
        self._database = database
        self._clock = clock
        self._members = members
        self._scheduler = scheduler
        self._decider = decider
        self._identities = identities
        self._admission = admission

    async def launch(self, content: Says, name: str) -> Launched:
        """Launch a campaign of a shop's folder.

        Raises:
            ContentError: its file, or what it names, is not right.
            RejectedError: it was launched before, is over, is about nobody, or lacks codes.
            StorageError: it could not be kept; it can be launched again.
        """
        now = self._clock.now()
        prepared = prepare(content, name, now)
        canaries = await self._database.read(lambda c: canaries_of(c, prepared, self._identities))
        launch = await self._begin(prepared, canaries, now)
        try:
            await self._write_members(launch)
            launched = await self._let_go(launch)
        except Exception:
            await self._abandon(launch)
            raise
        self._admission.notify()
        log.info("campaign_launched", store=prepared.store, campaign=name, persons=launched.persons)
        return launched

    async def _begin(
        self, prepared: Prepared, canaries: Sequence[PersonId], now: datetime
    ) -> _Launch:
        """Write that a campaign is being launched, in place of a launch that was interrupted."""
        starts_at = max(now, prepared.spec.start or now)
        key = await self._database.write(lambda c: _begin(c, prepared, starts_at, now))
        launch = _Launch(
            key=key, began=now, starts_at=starts_at, prepared=prepared, canaries=canaries
        )
        await self._clear(launch)
        return launch

    async def _write_members(self, launch: _Launch) -> None:
        prepared, now = launch.prepared, launch.began
        left_out = frozenset(launch.canaries)
        schedule = self._scheduler.begin(prepared, launch.starts_at)
        async with self._database.stream(lambda c: self._members(c, prepared, now), LOT) as lots:
            async for lot in lots:
                persons = [person for person in lot if person not in left_out]
                members = await self._database.read(
                    lambda c, some=persons: schedule.times(c, some, now)  # type: ignore[misc]
                )
                await self._database.write(
                    lambda c, some=members: _put(c, launch, some)  # type: ignore[misc]
                )
        for planned in _batches(schedule.settle()):
            await self._database.write(
                lambda c, some=planned: _move(c, launch, some)  # type: ignore[misc]
            )
        launch.remarks += schedule.remarks

    async def _let_go(self, launch: _Launch) -> Launched:
        # Counted by a reader: of a million it takes seconds, and nobody adds to them meanwhile.
        persons = await self._database.read(lambda c: count_members(c, launch.key))
        self._admission.look()
        return await self._database.write(lambda c: self._release(c, launch, persons))

    def _release(self, connection: Connection, launch: _Launch, persons: int) -> Launched:
        """Write that all are there, and let own numbers have it first."""
        record, prepared, now = _held(connection, launch), launch.prepared, self._clock.now()
        if not persons:
            reason = f"{prepared.spec.name} is about nobody: its segment is empty"
            raise RejectedError("empty_segment", reason, field="segment")
        require_codes(connection, prepared, persons + len(launch.canaries))
        release_canaries(connection, record, prepared.spec, launch.canaries, self._decider, now)
        state = CampaignState.CANARY if launch.canaries else CampaignState.RUNNING
        cleared_at = None if launch.canaries else now
        change_campaign(
            connection,
            launch.key,
            state=state,
            persons=persons,
            launched_at=now,
            cleared_at=cleared_at,
        )
        return Launched(
            name=record.name,
            state=state,
            persons=persons,
            canaries=len(launch.canaries),
            starts_at=record.starts_at,
            ends_at=record.ends_at,
            remarks=tuple(launch.remarks),
        )

    async def _abandon(self, launch: _Launch) -> None:
        """Leave nothing of a launch that cannot be."""
        await self._clear(launch)
        await self._database.write(lambda c: _delete(c, launch))

    async def _clear(self, launch: _Launch) -> None:
        while await self._database.write(lambda c: _clear(c, launch)):
            pass


def _batches(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    for first in range(0, len(members), LOT):
        yield members[first : first + LOT]


def _begin(
    connection: Connection, prepared: Prepared, starts_at: datetime, now: datetime
) -> CampaignKey:
    spec = prepared.spec
    known = find_campaign(connection, prepared.store, spec.name)
    values = {
        "spec": freeze(spec, prepared.segment.text),
        "persons": 0,
        "launched_at": now,
        "starts_at": starts_at,
        "ends_at": None if spec.ends_at == NEVER else spec.ends_at,
    }
    if known is None:
        return insert_campaign(
            connection,
            store=prepared.store,
            name=spec.name,
            state=CampaignState.LAUNCHING,
            **values,
        )
    known = hold_campaign(connection, known.key)
    if known.state is not CampaignState.LAUNCHING:
        raise RejectedError(
            "launched_already",
            f"{spec.name} was launched at {known.launched_at:%Y-%m-%d %H:%M} UTC and is "
            f"{known.state}; what is to go again needs a file of another name",
            field="name",
        )
    change_campaign(connection, known.key, **values)
    return known.key


def _held(connection: Connection, launch: _Launch) -> CampaignRecord:
    """Return what is being launched, if it still is by this launch."""
    record = hold_campaign(connection, launch.key)
    if record.state is not CampaignState.LAUNCHING or record.launched_at != launch.began:
        reason = f"{record.name} was launched by somebody else meanwhile"
        raise RejectedError("launched_already", reason, field="name")
    return record


def _put(connection: Connection, launch: _Launch, members: Sequence[Member]) -> None:
    record = _held(connection, launch)
    put_members(connection, launch.key, record.store, members)


def _move(connection: Connection, launch: _Launch, members: Sequence[Member]) -> None:
    _held(connection, launch)
    move_members(connection, launch.key, members)


def _clear(connection: Connection, launch: _Launch) -> int:
    """Remove some members of an interrupted launch; return how many."""
    if not _is_ours(connection, launch):
        return 0
    some = members_after(connection, launch.key, "", LOT)
    remove_members(connection, launch.key, [one.person for one in some])
    return len(some)


def _delete(connection: Connection, launch: _Launch) -> None:
    if _is_ours(connection, launch):
        delete_campaign(connection, launch.key)


def _is_ours(connection: Connection, launch: _Launch) -> bool:
    record = hold_campaign(connection, launch.key)
    return record.state is CampaignState.LAUNCHING and record.launched_at == launch.began
