"""What a person did with messages, each beside what there was to answer to.

A click is caused by a message, so that clicks alone tell how much was sent. They enter with their
exposure, and a model can tell a person who ignores ten messages from one who was sent none. What
is only known later, such as a report that came after the cut-off, is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from scoring.features.clock import clock_or_utc, not_before, seen, within
from scoring.features.columns import ANSWER_DAYS, MESSAGE_WINDOWS
from scoring.features.orders import KEY
from scoring.features.scanners import human_clicks

DAY_SECONDS = 86_400


def from_messages(messages: Any, cutoffs: Sequence[int]) -> Any:
    """Return what was sent and delivered, one row for each cut-off and person with any."""
    oldest = min(cutoffs) - max(*MESSAGE_WINDOWS, ANSWER_DAYS)
    sent = messages.filter(not_before(messages.sent_at, oldest))
    delay = sent.delivered_at.epoch_seconds() - sent.sent_at.epoch_seconds()
    local = clock_or_utc(sent.local_at, sent.sent_at)
    arrived = (local.epoch_seconds() + delay) / DAY_SECONDS
    rows = seen(sent.mutate(arrived=arrived.floor()), local, cutoffs)
    rows = rows.filter(within(rows, max(*MESSAGE_WINDOWS, ANSWER_DAYS)))
    reported = within(rows, ANSWER_DAYS) & (rows.arrived <= rows.cutoff)
    return rows.group_by(*KEY).agg(
        **{f"messages_{n}": within(rows, n).cast("int32").sum() for n in MESSAGE_WINDOWS},
        delivered_90=ibis.ifelse(reported, 1, 0).sum(),
        report_delay=ibis.ifelse(reported, rows.report_delay, None).mean(),
    )


def from_clicks(clicks: Any, cutoffs: Sequence[int]) -> Any:
    """Return messages opened, by the day of the first click that is no machine's."""
    human = human_clicks(clicks)
    first = human.group_by("person_id", "message_id").agg(clock=human.clock.min())
    rows = seen(first, first.clock, cutoffs)
    rows = rows.filter(within(rows, max(MESSAGE_WINDOWS)))
    counts = {f"clicks_{n}": within(rows, n).cast("int32").sum() for n in MESSAGE_WINDOWS}
    return rows.group_by(*KEY).agg(**counts)


def from_replies(replies: Any, cutoffs: Sequence[int]) -> Any:
    """Return what was written back; STOP is no answer, and is never forgotten."""
    rows = seen(replies, clock_or_utc(replies.local_at, replies.received_at), cutoffs)
    stop = rows.kind == "stop"
    answer = ~stop & within(rows, ANSWER_DAYS)
    return rows.group_by(*KEY).agg(
        replies_90=answer.cast("int32").sum(), stops=stop.cast("int32").sum()
    )
