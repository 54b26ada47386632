"""A line is known by its SIM: which modem holds it, and in which network it was last."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from gateway.db import Database
from gateway.db.lines import modem_of, note_line
from gateway.db.tables import LINES
from gateway.domain.ids import LineId, ModemName

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LINE = LineId("8944100000000000001")


async def note(database: Database, modem: str, operator: str | None) -> tuple[str | None, ...]:
    """Note a line, and return what is known of it."""
    await database.write(lambda c: note_line(c, LINE, ModemName(modem), NOW, operator=operator))
    return await database.write(
        lambda c: (modem_of(c, LINE), c.execute(select(LINES.c.operator)).scalar_one())
    )


async def test_a_line_that_moves_is_held_by_the_newest_modem(database: Database) -> None:
    assert await note(database, "m0", "Nordtel") == ("m0", "Nordtel")
    assert await note(database, "m1", "Westcell") == ("m1", "Westcell")


async def test_a_network_that_a_modem_does_not_tell_is_the_last_one_known(
    database: Database,
) -> None:
    """A SIM that roams for an hour without a name must not lose what its losses are told by."""
    await note(database, "m0", "Nordtel")
    assert await note(database, "m0", None) == ("m0", "Nordtel")


async def test_a_long_name_is_cut_and_refuses_no_line(database: Database) -> None:
    assert (await note(database, "m0", "N" * 200))[1] == "N" * 64
