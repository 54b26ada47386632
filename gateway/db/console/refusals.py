"""Statements on what modems would not send lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from gateway.db.tables import ATTEMPTS
from gateway.domain.states import Outcome

LOOK_BACK: Final = 4096
"""Attempts that are looked at, the newest: a millisecond's work."""

_LATEST = (
    select(
        ATTEMPTS.c.key,
        ATTEMPTS.c.modem,
        ATTEMPTS.c.outcome,
        ATTEMPTS.c.reason,
        ATTEMPTS.c.intended_at,
    )
    .order_by(ATTEMPTS.c.key.desc())
    .limit(LOOK_BACK)
    .subquery()
)

_REFUSED = _LATEST.c.outcome.in_((Outcome.NOT_SENT, Outcome.UNKNOWN))

_GROUPS = (
    select(
        _LATEST.c.modem,
        _LATEST.c.reason,
        _LATEST.c.outcome,
        func.count().label("times"),
        func.max(_LATEST.c.intended_at).label("last_at"),
    )
    .where(_REFUSED)
    .group_by(_LATEST.c.modem, _LATEST.c.reason, _LATEST.c.outcome)
    .order_by(func.max(_LATEST.c.intended_at).desc())
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusals:
    """Attempts of a modem that ended alike."""

    modem: str
    reason: str | None
    """As `gateway.domain.failures.reason_of` writes it; None: the modem said nothing."""
    in_doubt: bool
    """Whether they may have been sent."""
    times: int
    last_at: datetime


def recent_refusals(connection: Connection, modem: str | None = None) -> list[Refusals]:
    """Return what was refused among the newest attempts, the latest first.

    Args:
        connection: where to look.
        modem: of this one alone; None: of all.
    """
    query = _GROUPS if modem is None else _GROUPS.where(_LATEST.c.modem == modem)
    return [
        Refusals(
            modem=row.modem,
            reason=row.reason,
            in_doubt=row.outcome == Outcome.UNKNOWN,
            times=row.times,
            last_at=row.last_at,
        )
        for row in connection.execute(query)
    ]
