"""The audit log keeps what somebody typed, however odd, on every database."""

from __future__ import annotations

import pytest
from support.world import START, World

from gateway.db.console.audit import MOST_SUBJECT, Entry, Sift, put_entry, read_entries


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\0b", "ab"), ("x" * 999, "x" * MOST_SUBJECT), ("é\u202e", "é\u202e"), (None, None)],
    ids=["NUL", "long", "odd", "nothing"],
)
async def test_a_subject_is_kept(world: World, typed: str | None, kept: str | None) -> None:
    entry = Entry(at=START, actor="user:ada", action="user.add", result="done", subject=typed)
    await world.database.write(lambda connection: put_entry(connection, entry))
    [found] = await world.database.read(lambda connection: read_entries(connection, Sift(), 5))
    assert found.subject == kept
