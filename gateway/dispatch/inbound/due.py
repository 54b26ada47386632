"""What falls due of what came in: parts waited for long enough, and stores that appear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.inbox import held_messages, overdue_messages
from gateway.dispatch.inbound.posting import close_message, post_held
from gateway.dispatch.inbound.reading import Reading
from gateway.dispatch.plan import InboundPlan


def settle_due(
    connection: Connection, plan: InboundPlan, now: datetime, limit: int
) -> tuple[Sequence[Reading], int]:
    """Finish what waited for its parts long enough, and post what waited for a store.

    Args:
        connection: the transaction.
        plan: who is told, and how long parts are waited for.
        now: the current instant.
        limit: of each at most so many.

    Returns:
        What was finished with gaps, and how many waited for a store.
    """
    overdue = overdue_messages(connection, now - plan.wait, limit)
    finished = [close_message(connection, message, plan, now=now) for message in overdue]
    held = held_messages(connection, limit) if plan.stores else []
    for message in held:
        post_held(connection, message, plan, now=now)
    return finished, len(held)
