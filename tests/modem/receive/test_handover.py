"""What is durable is remembered within bounds, and what is not is given again."""

from __future__ import annotations

import pytest

from gateway.at import Stored
from gateway.domain.ids import LineId, ModemName
from gateway.modem.receive.handover import HANDED_MAX, Handed, HandOver
from gateway.modem.receive.kinds import Kind
from tests.modem.bench import MESSAGE, REPORT, MemorySink

pytestmark = pytest.mark.looptime

LINE = LineId("8944100030207654321")


def stored(pdu: str) -> Stored:
    return Stored(index=1, pdu=pdu, length=None)


def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    handed = Handed()
    for number in range(HANDED_MAX + 5):
        handed.add(LINE, f"{number:040X}")
    handed.add(LINE, f"{HANDED_MAX + 4:040X}")
    assert len(handed) == HANDED_MAX
    assert not handed.holds(LINE, f"{4:040X}")
    assert handed.holds(LINE, f"{5:040x}")


def test_two_sims_are_two() -> None:
    handed = Handed()
    handed.add(LINE, MESSAGE)
    assert not handed.holds(LineId("89440000"), MESSAGE)


async def test_what_lies_there_still_is_handed_over_once_and_what_is_routed_each_time(
    sink: MemorySink,
) -> None:
    hand_over = HandOver(ModemName("m0"), LINE, sink, Handed())
    for _ in range(2):
        await hand_over.stored(stored(MESSAGE), Kind.MESSAGE)
        await hand_over.routed(stored(REPORT), Kind.REPORT)
    assert (len(sink.messages), len(sink.reports)) == (1, 2)


async def test_what_could_not_be_kept_does_not_count_as_handed_over(sink: MemorySink) -> None:
    handed = Handed()
    sink.failures = 3
    await HandOver(ModemName("m0"), LINE, sink, handed).stored(stored(MESSAGE), Kind.MESSAGE)
    assert sink.calls == 4
    assert handed.holds(LINE, MESSAGE)
