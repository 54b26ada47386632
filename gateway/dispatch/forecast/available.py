"""The lines that a play reckons with, made of what is set for them and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from sqlalchemy import Connection

from gateway.db.speeds import seconds_per_part
from gateway.db.uses import uses_of
from gateway.dispatch.forecast.runner import Runner
from gateway.dispatch.plan import Fleet, limits_of, speed_of, state_of
from gateway.dispatch.routing import Signs, judge
from gateway.dispatch.routing.load import UNPACED
from gateway.dispatch.terms import LineRules
from gateway.domain.ids import LineId, ModemName
from gateway.domain.spans import Spans

UNSEEN: Final = judge(Signs()).score
"""The health of a line of which nothing is known yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Available:
    """A line that is in service, or that would be."""

    line: LineId
    modem: ModemName
    operator: str | None = None
    """The network that it is in."""
    health: float = UNSEEN


@dataclass(frozen=True, kw_only=True, slots=True)
class Stable:
    """Knows how each line may be used."""

    fleet: Fleet
    rules: LineRules
    zone: tzinfo
    """Where the SIMs' days begin."""

    def runners(
        self, connection: Connection, lines: list[Available], now: datetime
    ) -> list[Runner]:
        """Return lines as a play has them."""
        speeds = seconds_per_part(connection)
        return [self._runner(connection, one, speeds, now) for one in lines]

    def _runner(
        self,
        connection: Connection,
        one: Available,
        speeds: Mapping[LineId, float],
        now: datetime,
    ) -> Runner:
        plan, terms = self.fleet.plan(one.modem), self.rules.terms(one.line)
        speed, limits = speed_of(plan, terms), limits_of(plan, terms)
        spans = Spans(now, self.zone)
        state = state_of(
            plan,
            terms,
            line=one.line,
            modem=one.modem,
            per_second=speed.per_second,
            health=one.health,
        )
        return Runner(
            state=state,
            seconds=_seconds(speed.per_second, speeds.get(one.line)),
            zone=self.zone,
            limits=limits,
            uses=uses_of(connection, one.line, spans, limits.spans),
            seen_at=now,
            operator=one.operator,
        )


def _seconds(per_second: float | None, measured: float | None) -> float:
    """Return the seconds from a part to the next: what is set, or what a part takes if longer."""
    if per_second is None:
        return 1 / UNPACED if measured is None else measured
    return max(1 / per_second, measured or 0.0)
