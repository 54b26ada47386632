"""What is remembered of whom somebody looked at, so that no address needs a number."""

from __future__ import annotations

from unittest.mock import patch

from support.world import ACME, IDENTITIES, RECIPIENT, START, World

from gateway.control import directory
from gateway.control.directory import Directory
from gateway.db.persons import put_persons

PERSON = IDENTITIES.of(RECIPIENT)


async def find(world: World, known: Directory) -> str | None:
    return await world.database.read(lambda c: known.find(c, ACME, PERSON))


async def test_who_was_looked_at_is_known_until_erased(world: World) -> None:
    known = Directory(IDENTITIES)
    assert await find(world, known) is None
    known.note([RECIPIENT, "Orange", "12345"])
    assert await find(world, known) == RECIPIENT
    known.forget(RECIPIENT)
    assert await find(world, known) is None


async def test_whom_a_store_told_of_is_known_without_a_look(world: World) -> None:
    told = [(ACME, PERSON, RECIPIENT, START, {})]
    await world.database.write(lambda c: put_persons(c, told))
    assert await find(world, Directory(IDENTITIES)) == RECIPIENT


async def test_who_was_looked_at_long_ago_is_let_go_of(world: World) -> None:
    known = Directory(IDENTITIES)
    known.note([RECIPIENT])
    with patch.object(directory, "MOST", 3):
        known.note(f"+44770090055{which}" for which in range(3))
    assert await find(world, known) is None
