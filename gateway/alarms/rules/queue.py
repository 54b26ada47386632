"""The queue: what is urgent waits for too long, or what waits will be late. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.facts import Facts, QueueFact
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind
from gateway.domain.duration import format_duration

EASED: Final = 0.5
"""The alarm goes off when no more than so much of the limit is left of the wait."""

_REMEDY: Final = "more lines, a higher rate, or fewer messages at a time would help"


def queue_conditions(facts: Facts, limits: AlarmLimits) -> Iterator[Condition]:
    """Give one condition, for the worse of the two."""
    queue = facts.queue
    if queue is None:
        return
    on = Name(AlarmKind.QUEUE_BEHIND, "") in facts.on
    reason = _waits(queue, limits, on=on) or _is_late(queue, on=on)
    if reason is not None:
        yield Condition(kind=AlarmKind.QUEUE_BEHIND, detail=f"{reason}; {_REMEDY}")


def _waits(queue: QueueFact, limits: AlarmLimits, *, on: bool) -> str | None:
    limit = limits.urgent_wait * (EASED if on else 1.0)
    if not queue.urgent or queue.waited < limit:
        return None
    waited = format_duration(queue.waited)
    return f"{queue.urgent} messages that are no marketing wait, the oldest since {waited}"


def _is_late(queue: QueueFact, *, on: bool) -> str | None:
    room = queue.capacity * (1.0 - EASED / 2 if on else 1.0)
    if not queue.due or queue.due <= room:
        return None
    within = format_duration(queue.within)
    return (
        f"{queue.due} messages that wait expire within {within}, and the lines in service send "
        f"{int(queue.capacity)} in that time"
    )
