"""Whether a carrier answers, and what the operator is told when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

import structlog

from gateway.dispatch.carrying.times import LONGEST_PAUSE
from gateway.domain.alarms import AlarmKind
from gateway.domain.backoff import Backoff
from gateway.domain.errors import CarrierError, StorageError
from gateway.domain.ids import LineId
from gateway.modem.alarms import Alarms

log = structlog.get_logger(__name__)


class Matter(StrEnum):
    """What a carrier is wanted for. One that answers questions may still take no message."""

    SEND = "send"
    STATUSES = "statuses"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class _Trouble:
    reason: str
    needs_person: bool


class Contact:
    """What was last heard of a carrier, in each matter."""

    def __init__(self, line: LineId, alarms: Alarms) -> None:
        self._troubles: dict[Matter, _Trouble] = {}
        self._line = line
        self._alarms = alarms

    @property
    def trouble(self) -> str | None:
        """Why it did not do what was asked of it the last time; None when it did."""
        return next((trouble.reason for trouble in self._troubles.values()), None)

    def answered(self, matter: Matter) -> None:
        """Take an answer for the end of the trouble in this matter."""
        if self._troubles.pop(matter, None) is not None:
            log.info("carrier_answers", line=self._line, matter=matter.value)
        if not any(trouble.needs_person for trouble in self._troubles.values()):
            self._alarms.clear(AlarmKind.CARRIER_UNUSABLE)

    def failed(self, matter: Matter, reason: str, *, needs_person: bool) -> None:
        """Say once that it does not answer, and call a person where only one can help."""
        trouble = _Trouble(reason, needs_person)
        if trouble != self._troubles.get(matter):
            log.warning(
                "carrier_does_not_answer", line=self._line, matter=matter.value, reason=reason
            )
        self._troubles[matter] = trouble
        if needs_person:
            self._alarms.sound(AlarmKind.CARRIER_UNUSABLE, f"{reason}; its jobs wait")

    async def keep_asking(
        self, matter: Matter, ask: Callable[[], Awaitable[bool]], every: float
    ) -> NoReturn:
        """Ask something again and again until cancelled; nothing that goes wrong ends it.

        Args:
            matter: what it is about.
            ask: returns whether the carrier was asked at all.
            every: seconds between two questions while it answers.
        """
        backoff = Backoff(first=every, longest=LONGEST_PAUSE)
        while True:
            pause = every
            try:
                if await ask():
                    self.answered(matter)
                backoff.reset()
            except CarrierError as error:
                self.failed(matter, str(error), needs_person=error.needs_person)
                rest = 0.0 if error.retry_after is None else error.retry_after.total_seconds()
                pause = max(backoff.pause(), rest)
            except StorageError as error:
                log.warning("carrier_waits_for_storage", line=self._line, error=str(error))
            except Exception:
                log.exception("carrier_not_asked", line=self._line)
                pause = LONGEST_PAUSE
            await asyncio.sleep(pause)
