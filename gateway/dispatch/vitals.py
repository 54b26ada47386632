"""How each line does: what is known of it is gathered here, and judged when somebody asks.

What came of the messages is counted as it comes; how many reports came is read once a minute; the
signal is asked of whoever looks after the modems.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, NoReturn

import structlog

from gateway.db.database import Database
from gateway.db.ratios import ReportRatio, report_ratios
from gateway.dispatch.routing import Health, Signs, Trials, judge
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId, ModemName

log = structlog.get_logger(__name__)

REPORTED_WITHIN: Final = timedelta(minutes=10)
"""How long a part may take to be reported before it is counted as one that was not."""

EVERY: Final = 60.0
"""Seconds between two looks at the reports: some 20 ms, and reports take minutes to be missed."""

JUDGED_FOR: Final = 2.0
"""Seconds for which a judgement holds: lines ask hundreds of times a second who is how well."""

Signals = Callable[[ModemName], int | None]
"""Tells the signal of a modem in dBm, or None where it is not known."""


class Vitals:
    """What is known of the lines of this node.

    Attributes:
        signals: tells how strong a modem's signal is; set by `gateway.app`.
    """

    def __init__(self) -> None:
        self.signals: Signals = _unknown
        self._trials: dict[LineId, Trials] = {}
        self._ratios: Mapping[LineId, ReportRatio] = {}
        self._usual = Signs().usual
        self._judged: dict[LineId, tuple[float, Health]] = {}

    def count(self, line: LineId, *, taken: int = 0, lost: int = 0) -> None:
        """Count messages that a line took, or that were refused or lost on it."""
        now = asyncio.get_running_loop().time()
        self._trials.setdefault(line, Trials(at=now)).add(now=now, taken=taken, lost=lost)

    def health(self, line: LineId, modem: ModemName, *, stopped: bool = False) -> Health:
        """Return how well a line works.

        Args:
            line: the SIM.
            modem: who holds it.
            stopped: whether its circuit is open.
        """
        now = asyncio.get_running_loop().time()
        at, health = self._judged.get(line, (float("-inf"), None))
        if health is None or now - at >= JUDGED_FOR:
            health = judge(self._signs(line, modem, stopped, now))
            self._judged[line] = now, health
        return health

    def _signs(self, line: LineId, modem: ModemName, stopped: bool, now: float) -> Signs:
        taken, lost = self._trials[line].of(now) if line in self._trials else (0.0, 0.0)
        ratio = self._ratios.get(line, ReportRatio(asked=0, reported=0))
        return Signs(
            signal_dbm=self.signals(modem),
            taken=taken,
            lost=lost,
            stopped=stopped,
            asked=ratio.asked,
            reported=ratio.reported,
            delivered=ratio.delivered,
            prompt=ratio.prompt,
            usual=self._usual,
        )

    async def run(self, database: Database, clock: Clock) -> NoReturn:
        """Look at the reports until cancelled."""
        while True:
            try:
                self.learn(await read_ratios(database, clock))
            except StorageError as error:
                log.warning("vitals_wait_for_storage", error=str(error))
            await asyncio.sleep(EVERY)

    def learn(self, ratios: Mapping[LineId, ReportRatio]) -> None:
        """Take up how many reports came, by line."""
        asked = sum(ratio.asked for ratio in ratios.values())
        self._ratios = ratios
        self._usual = sum(one.reported for one in ratios.values()) / asked if asked else 1.0


async def read_ratios(database: Database, clock: Clock) -> Mapping[LineId, ReportRatio]:
    """Return how many of the reports that were asked for lately came, by line.

    Raises:
        StorageError: it cannot be read.
    """
    before = clock.now() - REPORTED_WITHIN
    return await database.read(lambda connection: report_ratios(connection, before))


def _unknown(_modem: ModemName) -> None:
    return None
