"""The alarms of this gateway, in memory: what is on, and what has ended and is still to be told.

It is the truth while the gateway runs, so that a database in trouble keeps nobody from being told
of it; the rows follow when they can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from gateway.alarms.condition import Condition, Name
from gateway.alarms.due import Due
from gateway.alarms.ripening import Ripening
from gateway.alarms.state import AlarmState

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Book:
    """All alarms that somebody may still have to be told of."""

    _on: dict[Name, AlarmState] = field(default_factory=dict)
    _ended: list[AlarmState] = field(default_factory=list)

    @property
    def all(self) -> list[AlarmState]:
        """What is on, and what has ended and is still kept."""
        return [*self._on.values(), *self._ended]

    def adopt(self, alarms: Iterable[AlarmState]) -> None:
        """Take up what a run before this one wrote; what is on by now is told of as one."""
        for one in alarms:
            if one.ended_at is not None:
                self._ended.append(one)
            else:
                now = self._on.get(one.name)
                self._on[one.name] = one if now is None else replace(one, detail=now.detail)

    def begin(self, condition: Condition, age: float, now: datetime) -> None:
        """Note that an alarm came on, which has been wrong for some seconds."""
        if condition.name in self._on:
            return
        self._on[condition.name] = AlarmState(
            kind=condition.kind,
            subject=condition.subject,
            detail=condition.detail,
            began_at=now - timedelta(seconds=age),
            noticed_at=now,
        )
        log.error("alarm_raised", alarm=condition.kind.value, subject=condition.subject)

    def end(self, name: Name, now: datetime) -> None:
        """Note that an alarm went off."""
        alarm = self._on.pop(name, None)
        if alarm is not None:
            self._ended.append(replace(alarm, ended_at=now, written=False))
            log.info("alarm_ended", alarm=alarm.kind.value, subject=alarm.subject)

    def told(self, due: Due, ripening: Ripening, now: datetime) -> None:
        """Note that somebody was told."""
        for one in due.new + due.again:
            self._change(one, told_at=now, detail=ripening.detail(one.name) or one.detail)
        for one in due.over:
            self._change(one, told_end_at=now)

    def acknowledged(self, keys: Collection[int]) -> None:
        """Note of which rows somebody has said that they were seen."""
        for name, alarm in self._on.items():
            if alarm.key in keys:
                self._on[name] = replace(alarm, acknowledged=True)

    def unwritten(self) -> list[AlarmState]:
        """Return what the rows do not say yet, what ended before what is on."""
        return [one for one in (*self._ended, *self._on.values()) if not one.written]

    def wrote(self, alarm: AlarmState, key: int) -> None:
        """Note that a row says what an alarm was then; forget it if nothing is left to be told."""
        for current in self.all:
            if _is_same(current, alarm):
                self._replace(current, replace(current, key=key, written=current == alarm))
        self._ended = [one for one in self._ended if not (one.done and one.written)]

    def _change(self, alarm: AlarmState, **values: object) -> None:
        for current in self.all:
            if _is_same(current, alarm):
                self._replace(current, replace(current, **values, written=False))  # type: ignore[arg-type]

    def _replace(self, current: AlarmState, other: AlarmState) -> None:
        if self._on.get(current.name) is current:
            self._on[current.name] = other
        else:
            self._ended = [other if one is current else one for one in self._ended]


def _is_same(one: AlarmState, other: AlarmState) -> bool:
    """Tell whether two states are of one alarm, whatever happened between them."""
    return one.name == other.name and one.began_at == other.began_at
