"""Loop tests: what a line sends to another, or is sent, is lost or slow. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.facts import Facts, LoopFact
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind
from gateway.domain.duration import format_duration

LOST: Final = 2
"""In a row: one alone is lost now and then by the best of networks."""
EASED: Final = 0.75
"""Of the limit, below which a slow line is no longer one."""

_TRY: Final = "try the SIM in a telephone, and see whether its number here is right"


def loop_conditions(facts: Facts, limits: AlarmLimits) -> Iterator[Condition]:
    """Give the lines of which messages are lost, and those that are slow."""
    for loop in facts.loops:
        lost = list(_losses(loop))
        if lost:
            detail = f"{' and '.join(lost)} did not arrive, and no network said so; {_TRY}"
            yield Condition(kind=AlarmKind.LOOP_LOST, subject=loop.line, detail=detail)
        elif _is_slow(loop, facts, limits):
            yield _slow(loop)


def _losses(loop: LoopFact) -> Iterator[str]:
    if loop.sent_lost >= LOST:
        yield f"the last {loop.sent_lost} test messages that it sent"
    if loop.received_lost >= LOST:
        yield f"the last {loop.received_lost} that were sent to it"


def _is_slow(loop: LoopFact, facts: Facts, limits: AlarmLimits) -> bool:
    on = Name(AlarmKind.LOOP_SLOW, loop.line) in facts.on
    limit = limits.loop_slow * (EASED if on else 1.0)
    return loop.delay is not None and loop.delay > limit


def _slow(loop: LoopFact) -> Condition:
    took = "long" if loop.delay is None else format_duration(loop.delay)
    return Condition(
        kind=AlarmKind.LOOP_SLOW,
        subject=loop.line,
        detail=f"its last two test messages took {took} or more: the network is busy, or the "
        "reception is poor",
    )
