"""What is to be told now, of all the alarms there are. Pure.

An alarm is told once, again after a time while it is on and nobody has acknowledged it, and once
more when it ends. What comes together is told together: after the first of several one waits for a
moment. Of what was over before anybody was told, nobody is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from gateway.alarms.state import AlarmState
from gateway.domain.alarms import Severity
from gateway.domain.quiet import QuietHours

GATHER: Final = timedelta(seconds=30)
"""How long the first of several alarms waits for the others: a hub that dies takes its modems with
it within some seconds, and the gateway looks every few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TellingRules:
    """When somebody is told."""

    repeat: timedelta = timedelta(hours=6)
    quiet: QuietHours | None = None
    """When nobody is told of warnings."""
    zone: tzinfo = UTC
    """On whose clock that is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What one message is to say."""

    new: tuple[AlarmState, ...] = ()
    again: tuple[AlarmState, ...] = ()
    over: tuple[AlarmState, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.again or self.over)

    @property
    def all(self) -> tuple[AlarmState, ...]:
        """All that it is about."""
        return self.new + self.again + self.over


def due(alarms: Iterable[AlarmState], rules: TellingRules, now: datetime) -> Due:
    """Return what is to be told now; empty when nothing is."""
    quiet = rules.quiet is not None and rules.quiet.hold(now, rules.zone)
    heard = [one for one in alarms if not (quiet and one.severity is Severity.WARNING)]
    new = [one for one in heard if one.ended_at is None and one.told_at is None]
    over = [one for one in heard if _is_over(one)]
    again = [one for one in heard if _is_again(one, rules, now)]
    if not (again or any(_has_gathered(one, now) for one in (*new, *over))):
        return Due()
    return Due(new=tuple(new), again=tuple(again), over=tuple(over))


def _is_over(alarm: AlarmState) -> bool:
    ended_untold = alarm.ended_at is not None and alarm.told_end_at is None
    return ended_untold and alarm.told_at is not None


def _is_again(alarm: AlarmState, rules: TellingRules, now: datetime) -> bool:
    if alarm.ended_at is not None or alarm.told_at is None or alarm.acknowledged:
        return False
    # A clock that was set back must not keep an alarm from being told for as long as that.
    return now - alarm.told_at >= rules.repeat or alarm.told_at > now + GATHER


def _has_gathered(alarm: AlarmState, now: datetime) -> bool:
    since = alarm.ended_at or alarm.noticed_at
    return now - since >= GATHER or since > now
