"""Looking through a modem's storages: what is ours is handed over and deleted (MODEMS.md 4.11).

At the start, once an hour, and whenever something says that it is worth it. What is not ours stays
and is counted; a storage that fills up with it sounds an alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from gateway.at import Slot, Stored
from gateway.domain.alarms import AlarmKind
from gateway.modem.alarms import Alarms
from gateway.modem.known.learned import Experience
from gateway.modem.receive.filling import Fill, complaint, is_over
from gateway.modem.receive.handover import HandOver
from gateway.modem.receive.kinds import Kind, is_empty_report, kind_of
from gateway.modem.receive.places import Deletion, UnreadableError
from gateway.modem.receive.shelf import Contents, Shelf

log = structlog.get_logger(__name__)

PASSES: Final = 2
"""Looks at one storage: the second without the list that the first found to be wrong."""


class Sweep:
    """The looks through the storages of one modem."""

    def __init__(
        self, name: str, shelf: Shelf, hand_over: HandOver, alarms: Alarms, experience: Experience
    ) -> None:
        self._name = name
        self._shelf = shelf
        self._hand_over = hand_over
        self._alarms = alarms
        self._experience = experience
        self._fills: dict[str, Fill] = {}
        self._reports = 0

    async def run(self, *, trusting: bool = True) -> int:
        """Look through all storages; return how many reports were in them.

        Args:
            trusting: believe a modem that counts nothing.

        Raises:
            UnreadableError: a storage can be neither chosen nor read; the others were.
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        self._reports = 0
        unreadable: UnreadableError | None = None
        for memory in self._shelf.memories:
            try:
                await self._look_through(memory, trusting=trusting)
            except UnreadableError as error:
                unreadable = error
        self._judge()
        await self._learn()
        if unreadable is not None:
            raise unreadable
        return self._reports

    async def forget(self, is_meant: Callable[[Stored], bool]) -> int:
        """Delete what is stored of somebody, whosever it is; return how many.

        Drafts and sent copies are otherwise not touched. Errors as of `run`.
        """
        deleted = 0
        for memory in self._shelf.memories:
            contents = await self._shelf.contents(memory, trusting=False)
            meant = [entry for entry in contents.entries if is_meant(entry)]
            deleted += await self._delete(memory, meant)
        return deleted

    async def _look_through(self, memory: str, *, trusting: bool) -> None:
        for _ in range(PASSES):
            lists = self._shelf.lists
            contents = await self._shelf.contents(memory, trusting=trusting)
            self._fills[memory] = await self._clear(memory, contents, leave_empty=not trusting)
            if self._shelf.lists == lists:
                break

    async def _clear(self, memory: str, contents: Contents, *, leave_empty: bool) -> Fill:
        ours = [entry for entry in contents.entries if kind_of(entry, Kind.OTHER) is not Kind.OTHER]
        foreign = len(contents.entries) - len(ours)
        if leave_empty:  # Just announced: it may still be filled.
            ours = [entry for entry in ours if not is_empty_report(entry)]
        kept = [entry for entry in ours if await self._take(entry)]
        deleted = await self._delete(memory, kept)
        if contents.usage is None:
            return Fill(used=0, total=0, foreign=foreign)
        used = max(0, contents.usage.used - deleted)
        return Fill(used=used, total=contents.usage.total, foreign=foreign)

    async def _delete(self, memory: str, entries: list[Stored]) -> int:
        """Delete from the last place on, since some modems move up what lies behind."""
        outcomes = []
        for entry in sorted(entries, key=lambda entry: entry.index or 0, reverse=True):
            slot = Slot(memory=memory or None, index=entry.index or 0)
            outcomes.append(await self._shelf.delete(slot, entry))
        if Deletion.TAKEN in outcomes or Deletion.GONE in outcomes:
            self._shelf.distrust("it names places that hold something else")
        return outcomes.count(Deletion.FREE)

    async def _take(self, entry: Stored) -> bool:
        """Hand over an entry; return whether it can be deleted."""
        kind = kind_of(entry, Kind.OTHER)
        if kind is Kind.REPORT and is_empty_report(entry):
            log.info("empty_report_dropped", modem=self._name, index=entry.index)
            return True
        self._reports += kind is Kind.REPORT
        return await self._hand_over.stored(entry, kind)

    def _judge(self) -> None:
        if (wrong := complaint(self._fills)) is not None:
            self._alarms.sound(AlarmKind.STORAGE_FILLING, wrong)
        elif is_over(self._fills):
            self._alarms.clear(AlarmKind.STORAGE_FILLING)

    async def _learn(self) -> None:
        """Remember for the next start that this modem's lists are not to be trusted."""
        learned = self._experience.learned
        if not self._shelf.lists and learned.lists is not False:
            await self._experience.keep(replace(learned, lists=False))
