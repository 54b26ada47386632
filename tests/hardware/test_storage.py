"""Memories keep their numbers, and know what was read."""

from __future__ import annotations

import pytest

from hardware.simulator.storage import Memory, Status

ALL = frozenset(Status)


@pytest.fixture
def memory() -> Memory:
    memory = Memory(3)
    for tpdu in (b"a", b"b"):
        memory.put(tpdu)
    return memory


def test_a_slot_keeps_its_number_when_another_is_freed(memory: Memory) -> None:
    memory.delete(1)
    assert [(at, kept.tpdu) for at, kept in memory.listing(ALL)] == [(2, b"b")]
    assert memory.put(b"c") == 1


def test_reading_marks_as_read(memory: Memory) -> None:
    seen = [memory.read(1), memory.read(1)]
    assert [kept and kept.status for kept in seen] == [Status.UNREAD, Status.READ]
    assert [at for at, _ in memory.listing(frozenset({Status.UNREAD}))] == [2]
    assert memory.listing(frozenset({Status.UNREAD})) == []


def test_an_empty_slot_reads_as_nothing(memory: Memory) -> None:
    assert memory.read(3) is None
    assert not memory.delete(3)


def test_it_is_full_when_its_slots_are(memory: Memory) -> None:
    assert not memory.full
    memory.put(b"c")
    assert memory.full


def test_deleting_what_was_read_leaves_the_rest(memory: Memory) -> None:
    memory.read(2)
    memory.delete_all(frozenset({Status.READ}))
    assert [at for at, _ in memory.listing(ALL)] == [1]
