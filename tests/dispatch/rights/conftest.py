"""A person that stands everywhere in a database, and the desk that does what persons wish."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from support.deliver import deliver
from support.inbox import come
from support.known import put_person
from support.planted import plant
from support.scores import score
from support.spelled import WRITTEN, found_in, found_in_tables
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, World, change

from gateway.consent.retention import Periods
from gateway.control.persons import PersonDesk, make_desk
from gateway.db.console.audit import Entry, put_entry
from gateway.db.outbox import post
from gateway.db.scores import put_scores
from gateway.db.tables import CARRIAGES, JOBS, NOTES, PERSON_LINES
from gateway.dispatch.rights import Reach
from gateway.domain.consent import Action
from gateway.domain.ids import LineId
from gateway.domain.outward import Outward
from tests.dispatch.deeds import claim, hand, lost, report, send, sent

OTHER = "+447700900999"
TOLD = [text for text in WRITTEN if text != "00900123"]
"""Of eight digits alone nobody can tell whose they are."""

Desk = Callable[..., PersonDesk]
Left = Callable[[], set[tuple[str, str]]]
Seed = Callable[[], Awaitable[None]]


@pytest.fixture
def desk(world: World, database_url: str) -> Desk:
    """Makes a desk on the world's database."""

    def make(reach: Reach | None = None, **fields: Any) -> PersonDesk:
        given = {"traces": None, "periods": Periods()} | fields
        return make_desk(
            world.context,
            keys=KEYS,
            url=database_url,
            reach=reach or Reach(),
            **given,
        )

    return make


@pytest.fixture
def left(database_url: str, tmp_path: Path) -> Left:
    """Tells what is left of the person: in which files, or in which of a server's tables."""
    if database_url.startswith("sqlite"):
        return lambda: found_in(tmp_path)
    return lambda: found_in_tables(database_url)


@pytest.fixture
def seed(world: World) -> Seed:
    """Puts the person everywhere, in every spelling."""

    async def plant() -> None:
        await _messages(world)
        await _replies(world)
        await world.allow(source="https://shop.example/join?phone=07700900123")
        await world.allow(Action.REQUESTED, evidence={"note": "asked at +44 7700 900123"})
        await world.database.write(lambda connection: _rows(connection, world))

    return plant


async def _messages(world: World) -> None:
    """Delivered, in doubt, waiting, put off and to come; and what others were told of her."""
    await send(world, "sent-447700900123", 7)
    await world.dispatcher.report(LineId("8944100000000000001"), report(7), None)
    await world.accept("in-doubt")
    await claim(world)
    await lost(world, await hand(world, "in-doubt"), "in-doubt")
    for number, text in enumerate(TOLD):
        name = f"to-other-{number}"
        await world.accept(name, to=OTHER, text=f"Your neighbour is at {text}, ok?")
        await claim(world)
        await sent(world, await hand(world, name), 20 + number, name)
    await world.accept("waiting", text="Call us from +447700900123, please.")
    for number in ("+447700900123", "07700900123", "00447700900123"):
        await world.dispatcher.report(LineId("another"), report(99, number=number), None)


async def _replies(world: World) -> None:
    await come(
        world,
        deliver("Yes please"),
        deliver("My number is 07700 900123 \N{SLEEPING FACE}"),
        deliver("Where is it?", sender="07700900123"),
        deliver("Where is it now?", sender="447700900123"),
        deliver("Ask my friend at 07700 900 123", sender=OTHER),
        "0791447758100650" + "FF" * 8 + "0C91447700091032" + "00",  # no DELIVER, but it names her
    )


def _rows(connection: Connection, world: World) -> None:
    now = world.clock.now()
    person = IDENTITIES.of(RECIPIENT)
    put_person(connection, ACME, person, RECIPIENT, now, country="GB", language="en")
    plant(connection, person, now)
    put_scores(connection, [score(person)], now)
    known_by = {"store": ACME, "person": person, "line": "8944", "at": now}
    connection.execute(insert(PERSON_LINES), known_by)
    facts = json.dumps({"own_number": RECIPIENT})
    first = select(JOBS.c.key).where(JOBS.c.id == "in-doubt").scalar_subquery()
    carriage = insert(CARRIAGES).values(job_key=first, line="carrier:main", handed_at=now)
    connection.execute(carriage)
    looked = Entry(at=now, actor="user:ada", action="person.show", result="done", subject=person)
    put_entry(connection, looked)
    note = {"subject": "line:8944", "facts": facts, "noted_at": now}
    connection.execute(insert(NOTES), note)
    post(connection, ACME, Outward.INBOUND, json.dumps({"from": RECIPIENT, "text": "hi"}))


__all__ = ["OTHER", "change"]
