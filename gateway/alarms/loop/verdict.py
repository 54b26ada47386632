"""What the tests of each line came to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.alarms.facts import LoopFact
from gateway.db.console.loop_tests import LoopRecord
from gateway.domain.ids import LineId, ModemName


def loop_facts(
    history: Sequence[LoopRecord], names: Mapping[LineId, ModemName]
) -> tuple[LoopFact, ...]:
    """Return what came of the tests, for each line that a modem holds.

    Args:
        history: the tests, the oldest first; those under way are passed over.
        names: the modems by their lines.
    """
    newest_first = [one for one in reversed(history) if one.arrived_at or one.lost_at]
    return tuple(
        _fact(
            name,
            [one for one in newest_first if one.from_line == line],
            [one for one in newest_first if one.to_line == line],
        )
        for line, name in names.items()
    )


def _fact(name: ModemName, sent: Sequence[LoopRecord], received: Sequence[LoopRecord]) -> LoopFact:
    delays = [one.delay for one in sent if one.delay is not None][:2]
    return LoopFact(
        line=name,
        sent_lost=_lost(sent),
        received_lost=_lost(received),
        delay=min(delays) if len(delays) == 2 else None,
    )


def _lost(tests: Sequence[LoopRecord]) -> int:
    """Return how many were lost since the last that came."""
    for count, one in enumerate(tests):
        if one.arrived_at is not None:
            return count
    return len(tests)
