"""Modems and carriers: what they say themselves, and that one is out of service. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.facts import Facts, LineFact
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind
from gateway.domain.ids import is_carrier

EXPLAINING: Final = frozenset(
    {
        AlarmKind.PORT_TAKEN,
        AlarmKind.PIN_REFUSED,
        AlarmKind.PIN_MISSING,
        AlarmKind.SIM_LOCKED,
        AlarmKind.NO_SIM,
        AlarmKind.NO_SERVICE,
        AlarmKind.UNRECOVERED,
    }
)
"""Why a modem is out of service: who is told of one needs not be told that it is."""


def line_conditions(facts: Facts, limits: AlarmLimits) -> Iterator[Condition]:
    """Give what each modem and carrier says, and which is out of service."""
    for line in facts.lines:
        for alarm in line.alarms:
            yield Condition(kind=alarm.kind, subject=line.name, detail=alarm.detail)
        if not (line.ready or is_carrier(line.name)) and not _is_explained(line, facts):
            yield _down(line)


def _is_explained(line: LineFact, facts: Facts) -> bool:
    """Tell whether an alarm of its own says why; one that is on already stays, as it is true."""
    if Name(AlarmKind.LINE_DOWN, line.name) in facts.on:
        return False
    return any(alarm.kind in EXPLAINING for alarm in line.alarms)


def _down(line: LineFact) -> Condition:
    why = f" ({line.trouble})" if line.trouble else ""
    return Condition(
        kind=AlarmKind.LINE_DOWN,
        subject=line.name,
        detail=f"out of service: {line.state}{why}; look at its plug, its hub and its SIM",
    )
