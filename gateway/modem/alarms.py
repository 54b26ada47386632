"""The alarms of one modem: on or off, said once when they change."""

from __future__ import annotations

import structlog

from gateway.domain.alarms import Alarm, AlarmKind
from gateway.domain.clock import Clock
from gateway.domain.ids import ModemName

log = structlog.get_logger(__name__)


class Alarms:
    """What is on at one modem; outlives its connections."""

    def __init__(self, modem: ModemName, clock: Clock) -> None:
        self._modem = modem
        self._clock = clock
        self._active: dict[AlarmKind, Alarm] = {}

    @property
    def active(self) -> tuple[Alarm, ...]:
        """What is on, oldest first."""
        return tuple(self._active.values())

    def sound(self, kind: AlarmKind, detail: str) -> None:
        """Turn an alarm on; one that is on already is not said again."""
        if kind in self._active:
            return
        self._active[kind] = Alarm(kind=kind, detail=detail, since=self._clock.now())
        log.error("alarm", modem=self._modem, alarm=kind.value, detail=detail)

    def clear(self, kind: AlarmKind) -> None:
        """Turn an alarm off, if it is on."""
        alarm = self._active.pop(kind, None)
        if alarm is not None:
            log.info("alarm_over", modem=self._modem, alarm=kind.value, since=alarm.since)
