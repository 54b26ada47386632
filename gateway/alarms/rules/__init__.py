"""What is wrong, as the facts have it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from gateway.alarms.condition import Condition
from gateway.alarms.facts import Facts
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.rules.box import box_conditions
from gateway.alarms.rules.lines import line_conditions
from gateway.alarms.rules.loops import loop_conditions
from gateway.alarms.rules.queue import queue_conditions
from gateway.alarms.rules.reports import report_conditions

__all__ = ["judge"]

_RULES: Final[tuple[Callable[[Facts, AlarmLimits], Iterable[Condition]], ...]] = (
    line_conditions,
    report_conditions,
    queue_conditions,
    box_conditions,
    loop_conditions,
)


def judge(facts: Facts, limits: AlarmLimits) -> list[Condition]:
    """Return what is wrong now."""
    return [one for rule in _RULES for one in rule(facts, limits)]
