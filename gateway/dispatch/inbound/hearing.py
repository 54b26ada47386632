"""Does what follows from what a person wrote. One transaction's work."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gateway.db.answers import Answered
from gateway.db.history import WRITTEN
from gateway.db.inbox import MessageIn, read_parts_in
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.inbound.reading import Reading
from gateway.dispatch.intake import insert_reply
from gateway.dispatch.plan import InboundPlan
from gateway.domain.consent import Heard, Reaction

log = structlog.get_logger(__name__)


def hear(
    connection: Connection,
    message: MessageIn,
    reading: Reading,
    answered: Answered | None,
    plan: InboundPlan,
    *,
    now: datetime,
) -> None:
    """Let the listener read a message, write what changes and queue what is answered.

    A fault of ours in it is logged and costs the reaction; the message is kept and told.
    """
    if message.sender is None or not reading.text or reading.kind not in WRITTEN:
        return
    heard = _heard(connection, message, message.sender, reading.text, answered, plan)
    try:
        with connection.begin_nested():
            _do(connection, plan.listener.hear(connection, heard, now), plan, now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("message_not_reacted_to", message=message.id)


def _heard(
    connection: Connection,
    message: MessageIn,
    sender: str,
    text: str,
    answered: Answered | None,
    plan: InboundPlan,
) -> Heard:
    stamps = [part.sent_at for part in read_parts_in(connection, message.key) if part.sent_at]
    return Heard(
        id=message.id,
        sender=sender,
        text=text,
        line=message.line,
        received_at=message.received_at,
        sent_at=min(stamps, default=None),
        stores=plan.stores,
        answered=None if answered is None else (answered.store, answered.newest),
    )


def _do(connection: Connection, reaction: Reaction, plan: InboundPlan, now: datetime) -> None:
    take_changes(connection, reaction.changes, policy=plan.policy, now=now)
    for reply in reaction.replies:
        insert_reply(connection, reply, now)
