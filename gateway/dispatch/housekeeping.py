"""Keeps the queue small: what has long ended goes into the archive, and old counts are folded.

It works beside the lines, in lots of some milliseconds, and rests for longer than it worked: what
goes out never waits for more than one lot. A lot is one transaction, so that a process which is
killed in the middle leaves each job on one side, whole.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final, NoReturn

import structlog

from gateway.access.tidying import tidy
from gateway.consent.retention import Periods
from gateway.db.archive import archive_jobs, jobs_long_over
from gateway.db.counts import fold_counts
from gateway.db.writer import Change
from gateway.dispatch.context import Context
from gateway.dispatch.rounds import keep_doing

log = structlog.get_logger(__name__)

FIRST: Final = 60.0
"""Seconds after the start until the first look: a start has better things to do."""

EVERY: Final = 600.0
"""Seconds between two looks: some hundred jobs of a busy box."""

LOT: Final = 50
"""Jobs that move in one transaction: some 5 ms of CPU, a tenth of a millisecond each."""

FOUND: Final = 5_000
"""Keys that are looked for at once."""

SHARE: Final = 9
"""How many times as long as a lot took it rests after it: a tenth of the writer's time at most."""

LONG_LOG: Final = 256 * 1024 * 1024
"""Octets of SQLite's log at which somebody should hear of it: a reader has kept it from being
emptied for so long, such as a backup that hangs. It shrinks by itself when that one ends."""

DAYS: Final = timedelta(days=62)
"""How long jobs are counted by the day; then by the month, so that the counts do not grow."""


class Housekeeping:
    """Tidies up every few minutes.

    Attributes:
        periods: how long a job stays among those at work; replaced as a whole when the
            configuration is read again.
    """

    def __init__(self, context: Context, periods: Periods) -> None:
        self.periods = periods
        self._context = context

    async def run(self) -> NoReturn:
        """Tidy up until cancelled."""
        await keep_doing(self.work, "housekeeping", first=FIRST, every=EVERY)

    async def work(self) -> int:
        """Do all that is due; return how many jobs went into the archive.

        Raises:
            StorageError: the database cannot; what moved has moved, and the rest does the next
                time.
        """
        moved = await self._archive()
        if moved:
            log.info("jobs_archived", jobs=moved)
        day = (self._context.now() - DAYS).date()
        await self._context.database.write(partial(fold_counts, before=day))
        now = self._context.now()
        await self._context.database.write(partial(tidy, now=now))
        self._watch_log()
        return moved

    async def _archive(self) -> int:
        before = self.periods.cutoffs(self._context.now()).archive
        moved, after, read = 0, 0, self._context.database.read
        while keys := await read(partial(jobs_long_over, before=before, after=after, limit=FOUND)):
            for first in range(0, len(keys), LOT):
                lot = keys[first : first + LOT]
                moved += await self._move(partial(archive_jobs, keys=lot, before=before))
            after = keys[-1]
        return moved

    async def _move(self, lot: Change[int]) -> int:
        loop = asyncio.get_running_loop()
        began = loop.time()
        moved = await self._context.database.write(lot)
        await asyncio.sleep(SHARE * (loop.time() - began))
        return moved

    def _watch_log(self) -> None:
        octets = self._context.database.log_size()
        if octets > LONG_LOG:
            log.warning(
                "database_log_long",
                octets=octets,
                remedy="something reads the database without end; find it with lsof and end it",
            )
