"""Notes survive the process, and a subject has one set of facts."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from gateway.db import Database
from gateway.db.notes import DatabaseNotebook
from gateway.db.tables import Note
from gateway.domain.clock import ManualClock
from gateway.domain.errors import StorageError

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SUBJECT = "modem:490154203237518"


@pytest.fixture
def notebook(database: Database) -> DatabaseNotebook:
    return DatabaseNotebook(database, ManualClock(NOW))


async def test_nothing_is_known_of_a_strange_subject(notebook: DatabaseNotebook) -> None:
    assert await notebook.read(SUBJECT) == {}


async def test_what_was_noted_is_there_after_a_restart(url: str) -> None:
    facts = {"memory": "SM", "announcements": [2, 1, 0, 1, 0], "lists": False}
    async with Database.open(url) as database:
        await DatabaseNotebook(database, ManualClock(NOW)).write(SUBJECT, facts)
    async with Database.open(url) as database:
        assert await DatabaseNotebook(database, ManualClock(NOW)).read(SUBJECT) == facts


async def test_facts_take_the_place_of_earlier_ones(notebook: DatabaseNotebook) -> None:
    await notebook.write(SUBJECT, {"memory": "SM", "lists": True})
    await notebook.write("modem:another", {"memory": "MT"})
    await notebook.write(SUBJECT, {"memory": "ME"})
    assert await notebook.read(SUBJECT) == {"memory": "ME"}
    assert await notebook.read("modem:another") == {"memory": "MT"}


async def test_no_facts_at_all_forget_the_subject(notebook: DatabaseNotebook) -> None:
    await notebook.write(SUBJECT, {"memory": "SM"})
    await notebook.write(SUBJECT, {})
    assert await notebook.read(SUBJECT) == {}


@pytest.mark.parametrize("written", ["{", "[1]", ""])
async def test_a_note_that_somebody_broke_is_said_to_be(
    notebook: DatabaseNotebook, database: Database, written: str
) -> None:
    values = {"subject": SUBJECT, "facts": written, "noted_at": NOW}
    await database.write(lambda c: c.execute(insert(Note).values(values)).close())
    with pytest.raises(StorageError, match="a note is no JSON"):
        await notebook.read(SUBJECT)
    await notebook.write(SUBJECT, {"memory": "SM"})
    assert await notebook.read(SUBJECT) == {"memory": "SM"}
