"""Alarms over the control socket: what is on, what was, and that somebody has seen it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.console.alarms import AlarmRecord, acknowledge, ended_alarms, open_alarms
from gateway.domain.alarms import AlarmKind
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.job import format_instant

SHOWN_FOR: Final = timedelta(days=7)
"""How long what is over is shown, unless somebody asks for another time."""

LONGEST: Final = 366
"""Days that may be asked for."""

Test = Callable[[], Awaitable[object]]
"""Tells every channel a test message; returns what came of it."""


class AlarmDesk:
    """Answers for the alarms on a database.

    Args:
        database: where they are kept.
        clock: tells the time.
        test: tells a test message; None where no gateway runs.
    """

    def __init__(self, database: Database, clock: Clock, test: Test | None = None) -> None:
        self._database = database
        self._clock = clock
        self._test = test

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name."""
        return {
            "alarms": self._alarms,
            "alarm_acknowledge": self._acknowledge,
            "alarm_test": self._tell_test,
        }

    async def _alarms(self, fields: Mapping[str, Any]) -> object:
        """Return ``open`` and ``ended``; ``days`` says how far back the latter goes."""
        days = fields.get("days", SHOWN_FOR.days)
        if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= LONGEST:
            raise RejectedError("malformed", f"days: right: 0 to {LONGEST}", field="days")
        since = self._clock.now() - timedelta(days=days)
        on = await self._database.read(open_alarms)
        over = await self._database.read(lambda c: ended_alarms(c, since)) if days else []
        return {"open": [_told(one) for one in on], "ended": [_told(one) for one in over]}

    async def _acknowledge(self, fields: Mapping[str, Any]) -> object:
        """Take note that ``by`` has seen what is on of ``kind``, of one ``subject`` or of all."""
        kind, subject = fields.get("kind"), fields.get("subject")
        by = str(fields.get("by") or "command")[:64]
        if kind not in set(AlarmKind):
            known = ", ".join(AlarmKind)
            raise RejectedError("unknown_alarm", f"there is no alarm {kind!r}; there are: {known}")
        if subject is not None and not isinstance(subject, str):
            raise RejectedError("malformed", "subject: right: a text", field="subject")
        note = partial(acknowledge, kind=str(kind), subject=subject, by=by)
        seen = await self._database.write(note)
        if not seen:
            of = f" of {subject}" if subject else ""
            raise RejectedError("not_on", f"no alarm {kind}{of} is on")
        return {"acknowledged": [{"kind": one.kind, "subject": one.subject} for one in seen]}

    async def _tell_test(self, fields: Mapping[str, Any]) -> object:
        if self._test is None:
            raise RejectedError("no_gateway", "a running gateway alone can tell a test message")
        return await self._test()


def _told(one: AlarmRecord) -> Mapping[str, object]:
    """Return an alarm as JSON has it; instants are RFC 3339."""
    plain = {name: value for name, value in asdict(one).items() if name != "key"}
    return {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in plain.items()
    }
