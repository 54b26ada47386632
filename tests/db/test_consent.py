"""The ledger: what was written stays, and a change of it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, update
from support.world import ACME, IDENTITIES, RECIPIENT, START, change

from gateway.db import Database
from gateway.db.consent import GENESIS, append_event, events_of, verify_chain
from gateway.db.tables import CONSENT_EVENTS
from gateway.domain.consent import Action, Basis, Method

FULL = change(
    basis=Basis.SOFT_OPT_IN,
    method=Method.IMPORT,
    confirmed=True,
    until=START + timedelta(days=700),
    text_version="checkout-v2",
    text_digest="ab" * 32,
    language="de",
    source="https://shop.example/checkout",
    actor="person",
    evidence={"order": "1001", "categories": ["tea", "Käse"]},
).event


async def write(database: Database, *actions: Action) -> None:
    def append(connection: Connection) -> None:
        for action in actions:
            append_event(connection, change(action).event, START)

    await database.write(append)


@pytest.mark.rule("G-1")
async def test_an_event_comes_back_as_it_was_written(database: Database) -> None:
    await database.write(lambda c: append_event(c, FULL, START))
    [found] = await database.read(lambda c: events_of(c, ACME, IDENTITIES.all_of(RECIPIENT)))
    assert (found.event, found.recorded_at) == (FULL, START)


async def test_an_instant_of_the_future_is_taken_for_now(database: Database) -> None:
    """Else a store whose clock is ahead would have a consent that no STOP of today ends."""
    ahead = change(at=START + timedelta(days=1)).event
    await database.write(lambda c: append_event(c, ahead, START))
    [found] = await database.read(lambda c: events_of(c, ACME, IDENTITIES.all_of(RECIPIENT)))
    assert found.event.at == START


async def test_an_empty_ledger_and_one_that_nobody_touched_are_whole(database: Database) -> None:
    assert (await database.read(verify_chain)).head == GENESIS
    await write(database, Action.GRANTED, Action.WITHDRAWN, Action.GRANTED)
    verified = await database.read(verify_chain)
    assert (verified.events, verified.pruned, verified.broken_at) == (3, 0, None)
    assert verified.head != GENESIS


@pytest.mark.rule("G-1")
@pytest.mark.parametrize(
    ("harm", "at", "says"),
    [
        (lambda t: update(t).where(t.c.key == 2).values(action="granted"), 2, "was changed"),
        (lambda t: update(t).where(t.c.key == 2).values(at=START), 2, "was changed"),
        (lambda t: update(t).where(t.c.key == 2).values(payload="{}"), 2, "payload"),
        (lambda t: delete(t).where(t.c.key == 2), 3, "removed"),
        (lambda t: delete(t).where(t.c.key == 1), 2, "removed"),
    ],
)
async def test_a_changed_or_missing_row_is_found(
    database: Database, harm: object, at: int, says: str
) -> None:
    def append(connection: Connection) -> None:
        for days, action in enumerate((Action.GRANTED, Action.WITHDRAWN, Action.GRANTED)):
            event = change(action, at=START + timedelta(days=days)).event
            append_event(connection, event, START + timedelta(days=9))

    await database.write(append)
    await database.write(lambda c: c.execute(harm(CONSENT_EVENTS)))  # type: ignore[operator]
    verified = await database.read(verify_chain)
    assert verified.broken_at == at
    assert says in str(verified.fault)


@pytest.mark.rule("G-12")
async def test_a_payload_can_go_after_its_time_and_the_chain_holds(database: Database) -> None:
    await write(database, Action.GRANTED, Action.WITHDRAWN)
    await database.write(
        lambda c: c.execute(update(CONSENT_EVENTS).values(payload=None))  # type: ignore[return-value]
    )
    verified = await database.read(verify_chain)
    assert (verified.events, verified.pruned, verified.broken_at) == (2, 2, None)
    found = await database.read(lambda c: events_of(c, ACME, IDENTITIES.all_of(RECIPIENT)))
    assert [one.event.action for one in found] == [Action.GRANTED, Action.WITHDRAWN]
