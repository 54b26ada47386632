"""Lets go of what is too old, once a day and in small lots, so that no line waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.consent.datamap import Keep
from gateway.consent.identity import Identities
from gateway.consent.retention import Periods
from gateway.db.console.retention import ACCESS_STEPS
from gateway.db.retention import LOT, STEPS, Step, vain_jobs
from gateway.db.shop.retention import SHOP_STEPS
from gateway.dispatch.context import Context
from gateway.dispatch.ending import end_job
from gateway.dispatch.rights.prospects import Silent, end_silent, silent_persons
from gateway.dispatch.rounds import keep_doing
from gateway.domain.cutoffs import Cutoffs
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

FIRST: Final = 600.0
"""Seconds after the start until the first look: a start has better things to do."""

EVERY: Final = 86_400.0
"""Seconds between two looks."""

FOUND: Final = 5_000
"""Keys that are looked for at once: to find them may take the reading of a whole table."""

PAUSE: Final = 0.05
"""Seconds between two lots: whoever waits for the writer comes in between."""

VAIN: Final = "it waited for longer than messages are kept"

_STEPS: Final = (*STEPS, *SHOP_STEPS, *ACCESS_STEPS)

PROSPECTS: Final = "persons who were silent"

OldFiles = Callable[[datetime, bool], Awaitable[int]]
"""Counts the files of before an instant, and deletes them when the second argument says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """How much of something is too old, or was until now."""

    name: str
    keep: str
    """Its class, a value of `gateway.consent.datamap.Keep`."""
    before: datetime
    """What is older than this, UTC."""
    count: int


class Retention:
    """Counts and lets go.

    Args:
        context: the database, the time and the rules.
        identities: who a number is in the ledger.
        periods: how long each class is kept; replaced as a whole when the configuration is read
            again.
        files: folders with files that age, by a name for people; their class is `Keep.TRACES`.
    """

    def __init__(
        self,
        context: Context,
        identities: Identities,
        periods: Periods,
        files: Mapping[str, OldFiles],
    ) -> None:
        self.periods = periods
        self._context = context
        self._identities = identities
        self._files = files

    async def run(self) -> NoReturn:
        """Work every day until cancelled."""
        await keep_doing(self.work, "retention", first=FIRST, every=EVERY)

    async def count(self) -> Sequence[Due]:
        """Return how much would go.

        Raises:
            StorageError: the database cannot be read.
        """
        cutoffs = self._cutoffs()
        read = self._context.database.read
        due = []
        for step in _STEPS:
            found = await read(partial(step.find, cutoffs=cutoffs, limit=None))
            due.append(_due(step, cutoffs, len(found)))
        silent = await self._silent(cutoffs)
        vain = await read(lambda connection: vain_jobs(connection, cutoffs.delivery, None))
        return [
            *due,
            _prospects(cutoffs, len(silent)),
            *await self._old_files(cutoffs, go=False),
            _vain(cutoffs, len(vain)),
        ]

    async def work(self) -> Sequence[Due]:
        """Let go of all that is too old; return how much that was.

        Raises:
            StorageError: the database cannot; what went is gone, and the rest goes the next time.
        """
        cutoffs = self._cutoffs()
        due = [_due(step, cutoffs, await self._let_go(step, cutoffs)) for step in _STEPS]
        due.append(_prospects(cutoffs, await self._end_prospects(cutoffs)))
        due += await self._old_files(cutoffs, go=True)
        due.append(_vain(cutoffs, await self._end_vain(cutoffs)))
        for one in due:
            if one.count:
                log.info("kept_no_more", what=one.name, count=one.count)
        return due

    def _cutoffs(self) -> Cutoffs:
        return self.periods.cutoffs(self._context.now())

    async def _let_go(self, step: Step, cutoffs: Cutoffs) -> int:
        gone, database = 0, self._context.database
        while keys := await database.read(partial(step.find, cutoffs=cutoffs, limit=FOUND)):
            lots = (keys[first : first + LOT] for first in range(0, len(keys), LOT))
            went = sum([await self._prune(step, lot, cutoffs) for lot in lots])
            gone += went
            if not went:  # it changed meanwhile; the next day finds what is left
                break
        return gone

    async def _prune(self, step: Step, keys: Sequence[Any], cutoffs: Cutoffs) -> int:
        spent, now = self._context.spent, cutoffs.now
        went = await self._context.database.write(
            partial(step.prune, keys=keys, spent=spent, now=now)
        )
        await asyncio.sleep(PAUSE)
        return went

    async def _silent(self, cutoffs: Cutoffs) -> list[Silent]:
        identities, since, now = self._identities, cutoffs.prospect, cutoffs.now
        return await self._context.database.read(
            lambda connection: silent_persons(connection, identities, since, now)
        )

    async def _end_prospects(self, cutoffs: Cutoffs) -> int:
        silent, policy = await self._silent(cutoffs), self._context.policy
        for first in range(0, len(silent), LOT):
            lot = silent[first : first + LOT]
            await self._context.database.write(
                partial(end_silent, silent=lot, policy=policy, now=cutoffs.now)
            )
            self._context.outbox_changed.notify()
            await asyncio.sleep(PAUSE)
        return len(silent)

    async def _end_vain(self, cutoffs: Cutoffs) -> int:
        """End what should have gone out so long ago; what is left of it goes the next day."""
        ended, context = 0, self._context
        while went := await context.database.write(partial(self._end_lot, cutoffs)):
            ended += went
            context.outbox_changed.notify()
            await asyncio.sleep(PAUSE)
        return ended

    def _end_lot(self, cutoffs: Cutoffs, connection: Connection) -> int:
        jobs = vain_jobs(connection, cutoffs.delivery, LOT)
        for job in jobs:
            end_job(
                connection,
                job,
                JobState.EXPIRED,
                policy=self._context.policy,
                now=cutoffs.now,
                reason=VAIN,
                halfway=VAIN,
            )
        return len(jobs)

    async def _old_files(self, cutoffs: Cutoffs, *, go: bool) -> list[Due]:
        return [
            Due(
                name=name,
                keep=Keep.TRACES.value,
                before=cutoffs.traces,
                count=await old(cutoffs.traces, go),
            )
            for name, old in self._files.items()
        ]


def _due(step: Step, cutoffs: Cutoffs, count: int) -> Due:
    before = step.before(cutoffs)
    return Due(name=step.name, keep=step.keep, before=before, count=count)


def _vain(cutoffs: Cutoffs, count: int) -> Due:
    before = cutoffs.delivery
    return Due(name="jobs that wait in vain", keep=Keep.DELIVERY.value, before=before, count=count)


def _prospects(cutoffs: Cutoffs, count: int) -> Due:
    return Due(name=PROSPECTS, keep=Keep.PROSPECT.value, before=cutoffs.prospect, count=count)
