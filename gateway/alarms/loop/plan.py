"""Which line sends the next test message, and to which other. Pure.

Each line sends one and is sent one in every period, which is the least that tests both directions.
Whom it sends to is another each time, so that a line that fails is told from the other end of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.db.console.loop_tests import LoopRecord
from gateway.domain.ids import LineId, ModemName

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnLine:
    """A line in service of which the number is known."""

    line: LineId
    modem: ModemName
    number: str
    """E.164."""


def next_pair(
    lines: Sequence[OwnLine], history: Sequence[LoopRecord], every: timedelta, now: datetime
) -> tuple[OwnLine, OwnLine] | None:
    """Return who sends to whom now; None when nothing is due.

    Args:
        lines: those in service.
        history: the tests of at least the last period, the oldest first.
        every: the period.
        now: the current instant.
    """
    if len(lines) < 2:
        return None
    sent = {one.from_line: one.sent_at for one in history}
    latest = max(sent.values(), default=_NEVER)
    if now - latest < every / (len(lines) + 1):  # spread, so that they do not come together
        return None
    sender = min(lines, key=lambda one: (sent.get(one.line, _NEVER), one.line))
    if now - sent.get(sender.line, _NEVER) < every:
        return None
    return sender, _receiver(sender, lines, history)


def _receiver(sender: OwnLine, lines: Sequence[OwnLine], history: Sequence[LoopRecord]) -> OwnLine:
    """Return the other line that was sent nothing for the longest, best not by this one."""
    received = {one.to_line: one.sent_at for one in history}
    paired: Mapping[LineId, datetime] = {
        one.to_line: one.sent_at for one in history if one.from_line == sender.line
    }
    others = [one for one in lines if one.line != sender.line]

    def rank(one: OwnLine) -> tuple[bool, datetime, datetime, LineId]:
        last = max(paired.items(), key=lambda item: item[1], default=(None, _NEVER))[0]
        again = len(others) > 1 and one.line == last
        ever = received.get(one.line, _NEVER)
        return again, ever, paired.get(one.line, _NEVER), one.line

    return min(others, key=rank)
