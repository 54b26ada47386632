"""Watches everything, makes alarms of what is wrong, and has the operator told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NoReturn
from uuid import uuid4

import structlog

from gateway.alarms.book import Book
from gateway.alarms.condition import Condition
from gateway.alarms.due import Due, TellingRules, due
from gateway.alarms.gathering import Gathering
from gateway.alarms.keeping import read_alarms, seen_keys, write_alarms
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.message import Message
from gateway.alarms.ripening import Ripening
from gateway.alarms.rules import judge
from gateway.alarms.teller import Teller
from gateway.dispatch import Context
from gateway.domain.errors import StorageError

log = structlog.get_logger(__name__)

LOOK: Final = 5.0
"""Seconds between two looks: a tenth of what the quickest alarm has to last."""


@dataclass(kw_only=True, slots=True)
class AlarmWatch:
    """Watches one gateway.

    Attributes:
        limits: from when on something is wrong; replaced when the configuration is read again.
        rules: when somebody is told; replaced likewise.
    """

    context: Context
    gathering: Gathering
    teller: Teller
    limits: AlarmLimits = field(default_factory=AlarmLimits)
    rules: TellingRules = field(default_factory=TellingRules)
    _book: Book = field(default_factory=Book)
    _ripening: Ripening = field(default_factory=Ripening)
    _loaded: bool = False
    _telling: asyncio.Task[None] | None = None

    async def run(self) -> NoReturn:
        """Watch until cancelled; no trouble with anything that is watched ends it."""
        try:
            while True:
                try:
                    await self.look()
                except Exception:
                    log.exception("alarms_not_looked_at")
                await asyncio.sleep(LOOK)
        finally:
            if self._telling is not None:
                self._telling.cancel()
                await asyncio.wait({self._telling})

    async def look(self) -> None:
        """Look once: take up what changed, write it, and begin to tell what is due."""
        await self._load()
        facts = await self.gathering.gather(self._ripening.on)
        self._take_up(judge(facts, self.limits))
        await self._keep()
        self._begin_to_tell()

    async def test(self) -> Mapping[str, str | None]:
        """Tell every channel a test message; return for each why it could not, or None."""
        return await self.teller.test(self._message(Due(), test=True))

    def _take_up(self, conditions: list[Condition]) -> None:
        ripe = self._ripening.look(conditions, self.limits, asyncio.get_running_loop().time())
        now = self.context.now()
        for condition, age in ripe.on:
            self._book.begin(condition, age, now)
        for name in ripe.off:
            self._book.end(name, now)

    async def _load(self) -> None:
        """Take up what a run before this one left, as soon as it can be read."""
        if self._loaded:
            return
        node = self.context.node
        try:
            left = await self.context.database.read(lambda c: read_alarms(c, node))
        except StorageError as error:
            self.gathering.note_trouble(str(error))
            return
        self._loaded, now = True, asyncio.get_running_loop().time()
        for one in left:
            if one.ended_at is None and one.name not in self._ripening.on:
                self._ripening.adopt(
                    Condition(kind=one.kind, subject=one.subject, detail=one.detail), now
                )
        self._book.adopt(left)

    async def _keep(self) -> None:
        """Write what the rows do not say yet, and read what was acknowledged."""
        if not self._loaded:
            return
        node, database = self.context.node, self.context.database
        try:
            if unwritten := self._book.unwritten():
                write = partial(write_alarms, node=node, alarms=unwritten)
                for alarm, key in zip(unwritten, await database.write(write), strict=True):
                    self._book.wrote(alarm, key)
            self._book.acknowledged(await database.read(lambda c: seen_keys(c, node)))
        except StorageError as error:
            self.gathering.note_trouble(str(error))

    def _begin_to_tell(self) -> None:
        """Have told what is due, unless something is being told."""
        if self._telling is not None and not self._telling.done():
            return
        told = due(self._book.all, self.rules, self.context.now())
        if told and self.teller.may_tell(asyncio.get_running_loop().time()):
            telling = self.teller.tell(self._message(told), partial(self._told, told))
            self._telling = asyncio.create_task(telling, name="alarm telling")

    def _told(self, told: Due) -> None:
        self._book.told(told, self._ripening, self.context.now())

    def _message(self, told: Due, *, test: bool = False) -> Message:
        node, now = self.context.node, self.context.now()
        return Message(id=uuid4().hex, node=node, at=now, due=told, test=test)
