"""What is found of work that nobody is at any more. One transaction.

At the start of a gateway that is all of an earlier run's; at the start of a modem's service it is
what an earlier service of it was cut off from writing; where another gateway has died, it is all of
that one's. An intent without an outcome means that the
part may have been sent, and is in doubt. A claim without an intent means that nothing was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.db.attempts import abandoned_attempts
from gateway.db.jobs import claimed_jobs
from gateway.db.nodes import leave_lines
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.settling import put_back, settle_unknown
from gateway.domain.ids import ModemName

REASON: Final = "the gateway ended its work before the outcome was known"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What was found."""

    in_doubt: int
    """Parts that may have been sent."""
    requeued: int
    """Jobs that go back into the queue."""


def recover(
    connection: Connection,
    *,
    node: str | None = None,
    modem: ModemName | None = None,
    policy: DoubtPolicy,
    now: datetime,
) -> Recovered:
    """Settle what was left open; nobody may be at work on it.

    Args:
        connection: the transaction.
        node: only what this gateway left, or any when None.
        modem: only what was left at the modem of this name, or at any when None.
        policy: what is done about parts in doubt.
        now: the instant of the finding.
    """
    claimed_jobs(connection, node, modem)  # keeps them to this transaction
    attempts = abandoned_attempts(connection, node, modem)
    for attempt in attempts:
        settle_unknown(
            connection,
            attempt.part_key,
            attempt.key,
            line=attempt.line,
            policy=policy,
            now=now,
            reason=REASON,
        )
    claimed = claimed_jobs(connection, node, modem)
    if modem is None:
        leave_lines(connection, node)
    for record in claimed:
        put_back(connection, record.key, TryAgain(after=timedelta(0), counts=False), now=now)
    return Recovered(in_doubt=len(attempts), requeued=len(claimed))
