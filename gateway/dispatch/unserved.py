"""Lanes that no line is set to serve: said once, and shown until one is.

A job that waits for a line which is away is not meant: that line will come. What is here waits
until its operator changes something, or until it expires.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from gateway.db.lanes import tell_of_lane
from gateway.dispatch.plan import Fleet, LinePlan
from gateway.dispatch.routing.choose import CostRouter
from gateway.dispatch.serving import Serves
from gateway.domain.ids import LaneKey, LineId, ModemName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState

log = structlog.get_logger(__name__)

Reasons = Mapping[LaneKey, str | None]
"""Why nothing of a lane goes out; None: it does."""


@dataclass(kw_only=True, slots=True)
class Unserved:
    """Knows which lanes were said to be served by no line."""

    fleet: Fleet
    router: CostRouter
    _said: dict[LaneKey, str] = field(default_factory=dict)

    def changes(self, lanes: Iterable[Lane]) -> Reasons:
        """Return of which lanes something else is to be said than before.

        Args:
            lanes: those that have jobs for any line.
        """
        reasons = {lane.key: self._reason(lane) for lane in lanes}
        return {key: reason for key, reason in reasons.items() if self._said.get(key) != reason}

    def said(self, changes: Reasons) -> None:
        """Take note of what was written, and warn."""
        for key, reason in changes.items():
            if reason is None:
                self._said.pop(key, None)
                continue
            self._said[key] = reason
            log.warning("jobs_without_line", lane=key, reason=reason)

    def _reason(self, lane: Lane) -> str | None:
        plans = self.fleet.plans or {"": self.fleet.found}
        if any(self._serves(name, plan, lane) for name, plan in plans.items()):
            return None
        words = [f"no line serves {lane.destination or 'this number'} …"]
        if lane.network:
            words.append(f"({lane.network})")
        if self.router.tags.get(lane.store):
            words.append(f"with a tag of {lane.store}")
        return " ".join(words)

    def _serves(self, name: str, plan: LinePlan, lane: Lane) -> bool:
        """Tell whether a line that is used as planned would send anything of a lane."""
        state = LineState(
            line=LineId(name),
            modem=ModemName(name),
            routes=plan.routes,
            networks=plan.networks,
            tags=plan.tags,
        )
        return not plan.pinned and self.router.serves(state, lane) is not Serves.NONE


def write_reasons(connection: Connection, changes: Reasons) -> None:
    """Write why nothing of a lane goes out, for who looks."""
    for key, reason in changes.items():
        tell_of_lane(connection, key, reason)
