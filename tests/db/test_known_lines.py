"""By which line a person knows a store: one row a person, rarely written, found under any key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from gateway.db import Database
from gateway.db.known_lines import REFRESH, KnownLines
from gateway.db.tables import PERSON_LINES
from gateway.domain.ids import LineId, StoreName

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACME, OTHER = StoreName("acme"), StoreName("other")
ANNA, BEN = "+447700900123", "+447700900124"
A, B = LineId("8944100000000000001"), LineId("8944100000000000002")
KEY, NEW_KEY = b"k" * 32, b"n" * 32


async def note(
    database: Database,
    known: KnownLines,
    line: LineId = A,
    now: datetime = NOW,
    recipient: str = ANNA,
) -> bool:
    return await database.write(lambda c: known.note(c, ACME, recipient, line, now))


async def find(
    database: Database, known: KnownLines, store: StoreName = ACME, recipient: str = ANNA
) -> LineId | None:
    return await database.write(lambda c: known.find(c, store, recipient))


async def rows(database: Database) -> list[tuple[str, datetime]]:
    query = select(PERSON_LINES.c.line, PERSON_LINES.c.at)
    return [(row.line, row.at) for row in await database.read(lambda c: c.execute(query).all())]


async def test_a_person_is_known_by_store_and_number(database: Database) -> None:
    known = KnownLines([KEY])
    assert await find(database, known) is None
    await note(database, known, A)
    await note(database, known, B, recipient=BEN)
    assert await find(database, known) == A
    assert await find(database, known, recipient=BEN) == B
    assert await find(database, known, OTHER) is None, "what one store does binds no other"


async def test_the_last_line_counts(database: Database) -> None:
    known = KnownLines([KEY])
    await note(database, known, A)
    assert await note(database, known, B, NOW + timedelta(minutes=1))
    assert await rows(database) == [(B, NOW + timedelta(minutes=1))]


async def test_the_same_line_is_written_once_a_day(database: Database) -> None:
    known = KnownLines([KEY])
    assert await note(database, known)
    assert not await note(database, known, now=NOW + REFRESH)
    assert await rows(database) == [(A, NOW)]
    later = NOW + REFRESH + timedelta(seconds=1)
    assert await note(database, known, now=later)
    assert await rows(database) == [(A, later)]


async def test_no_number_stands_in_it(database: Database) -> None:
    await note(database, KnownLines([KEY]))
    person = await database.read(lambda c: c.execute(select(PERSON_LINES.c.person)).scalar_one())
    assert "900123" not in person
    assert person == KnownLines([KEY])._names(ANNA)[0]


async def test_who_stands_under_a_former_key_is_found_and_renamed(database: Database) -> None:
    await note(database, KnownLines([KEY]), A)
    rotated = KnownLines([NEW_KEY, KEY])
    assert await find(database, rotated) == A
    later = NOW + timedelta(minutes=1)
    await note(database, rotated, B, later)
    assert await rows(database) == [(B, later)], "the former name is gone"
    assert await find(database, KnownLines([NEW_KEY])) == B
