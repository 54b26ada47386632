"""The box: disk, broker, database, clock, backups, and whether it is a copy. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.facts import DiskFact, Facts
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind
from gateway.domain.duration import format_duration

CLEARED: Final = 1.2
"""By how much more than the limit has to be free for the alarm to go off."""
SMALL_DISK: Final = 0.1
"""Of a disk, where that is less than the limit."""
SLACK: Final = 1.5
"""By how much longer than the limit the disk has to last for the alarm to go off."""

_ROOM: Final = "make room, or shorten [retention]"


def box_conditions(facts: Facts, limits: AlarmLimits) -> Iterator[Condition]:
    """Give what is wrong with the box."""
    if facts.disk is not None:
        yield from _disk(facts.disk, facts.on, limits)
    plain = (
        (AlarmKind.BROKER_AWAY, facts.broker),
        (AlarmKind.DATABASE_TROUBLE, facts.database),
        (AlarmKind.BACKUP_OVERDUE, facts.backup),
        (AlarmKind.COPY_WAITS, facts.copy),
    )
    for kind, detail in plain:
        if detail is not None:
            yield Condition(kind=kind, detail=detail)
    if facts.jump is not None:
        yield Condition(kind=AlarmKind.CLOCK_JUMPED, detail=_jumped(facts.jump))


def _disk(disk: DiskFact, on: frozenset[Name], limits: AlarmLimits) -> Iterator[Condition]:
    wanted = disk.reserve + min(limits.disk_free, disk.total * SMALL_DISK)
    if disk.free < wanted * (CLEARED if Name(AlarmKind.DISK_LOW, "") in on else 1.0):
        yield Condition(
            kind=AlarmKind.DISK_LOW,
            detail=f"{_size(disk.free)} are free on the database's disk, and at "
            f"{_size(disk.reserve)} no message is taken in any more; {_ROOM}",
        )
    ahead = limits.disk_ahead * (SLACK if Name(AlarmKind.DISK_FILLING, "") in on else 1.0)
    if disk.lasts is not None and disk.lasts < ahead:
        yield Condition(
            kind=AlarmKind.DISK_FILLING,
            detail=f"as the disk fills now it lasts for {_roughly(disk.lasts)}; {_ROOM}",
        )


def _size(octets: int) -> str:
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.0f} MB"


def _roughly(length: timedelta) -> str:
    """Return a length in whole hours, or minutes where it is less."""
    unit = timedelta(hours=1) if length >= timedelta(hours=1) else timedelta(minutes=1)
    return format_duration(length // unit * unit)


def _jumped(jump: timedelta) -> str:
    way = "forward" if jump > timedelta(0) else "back"
    return (
        f"the clock was set {way} by {format_duration(abs(jump))}: what was to go at a time may "
        "have gone too early or late; see whether the box keeps time (timedatectl)"
    )
