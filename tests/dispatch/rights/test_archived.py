"""What is in the archive is a person's as it was before: shown, let go of, erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, World

from gateway.consent.retention import Periods
from gateway.consent.rotation import aliases
from gateway.db.affected import affected
from gateway.db.dossier import read_dossier
from gateway.db.tables import ARCHIVED, DELIVERY_COUNTS, HOT, Sheaf
from gateway.db.whereabouts import Sought, recent_jobs
from gateway.dispatch import Housekeeping
from gateway.domain.consent import Action
from gateway.domain.spelling import Spelling
from tests.dispatch.deeds import LINE, report, send
from tests.dispatch.rights.conftest import OTHER, Desk, Left, Seed

SOUGHT = Sought(spelling=Spelling(RECIPIENT), persons=IDENTITIES.all_of(RECIPIENT))


async def archive(world: World, days: int = 10) -> int:
    """Move all that may, some days later."""
    world.clock.instant += timedelta(days=4)
    await world.timekeeper.tick()
    world.clock.instant += timedelta(days=days)
    return await Housekeeping(world.context, Periods()).work()


async def delivered(world: World, job: str, reference: int) -> None:
    await send(world, job, reference)
    await world.dispatcher.report(LINE, report(reference, at=world.clock.now()), None)


@pytest.mark.rule("G-5")
async def test_an_export_is_the_same(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    await world.advance(days=4)
    before = await world.database.read(lambda c: read_dossier(c, SOUGHT))
    assert await archive(world) > 1
    after = await world.database.read(lambda c: read_dossier(c, SOUGHT))
    assert {name: rows for name, rows in after.items() if name != "reports"} == {
        name: rows for name, rows in before.items() if name != "reports"
    }
    assert sorted(map(str, after["reports"])) == sorted(map(str, before["reports"]))


@pytest.mark.rule("G-7")
async def test_an_erasure_leaves_no_byte(world: World, desk: Desk, seed: Seed, left: Left) -> None:
    await seed()
    assert await archive(world) > 1
    assert await world.database.read(
        lambda c: c.scalars(
            select(ARCHIVED.jobs.c.key).where(ARCHIVED.jobs.c.recipient == RECIPIENT)
        ).all()
    )
    told = await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    assert told["clean"]
    assert left() == set()
    texts = await world.database.read(
        lambda c: c.scalars(
            select(ARCHIVED.jobs.c.text).where(ARCHIVED.jobs.c.recipient == OTHER)
        ).all()
    )
    assert set(texts) <= {"Your neighbour is at …, ok?"}
    assert texts, "what is another's stays, without the number"


@pytest.mark.rule("G-12")
async def test_words_go_and_then_the_messages(world: World, desk: Desk) -> None:
    await delivered(world, "order-1", 7)
    assert await archive(world) == 1
    retention = desk().retention
    world.clock.instant += timedelta(days=80)
    went = {due.name: due.count for due in await retention.work()}
    assert went["texts that were sent"] == 1
    assert (await world.job()).text == ""
    world.clock.instant += timedelta(days=310)
    went = {due.name: due.count for due in await retention.work()}
    assert went["messages that were sent"] == 1
    for table in (*tables_of(HOT), *tables_of(ARCHIVED)):
        count = select(func.count()).select_from(table)
        assert await world.database.read(lambda c, q=count: c.scalar(q)) == 0, table.name
    counted = await world.database.read(lambda c: c.execute(select(DELIVERY_COUNTS)).all())
    assert [(row.state, row.parts) for row in counted] == [("delivered", 1)]


def tables_of(sheaf: Sheaf) -> list[Table]:
    names = ("jobs", "parts", "attempts", "reports", "carriages")
    return [getattr(sheaf, name) for name in names]


@pytest.mark.rule("G-17")
async def test_who_was_written_to_is_told_of_an_exposure(world: World) -> None:
    begin = world.clock.now() - timedelta(hours=1)
    await delivered(world, "order-1", 7)
    assert await archive(world) == 1
    found = await world.database.read(lambda c: list(affected(c, begin, begin + timedelta(days=1))))
    assert [(one.number, one.store, one.kinds) for one in found] == [
        (RECIPIENT, ACME, ("messages",))
    ]


async def test_a_store_is_told_by_which_jobs_it_knows_who_was_erased(world: World) -> None:
    await delivered(world, "order-1", 7)
    assert await archive(world) == 1
    await delivered(world, "order-2", 8)
    found = await world.database.read(lambda c: recent_jobs(c, ACME, RECIPIENT))
    assert found == ["order-2", "order-1"]


async def test_a_new_key_knows_who_was_written_to(world: World) -> None:
    await delivered(world, "order-1", 7)
    assert await archive(world) == 1
    names = await world.database.read(lambda c: aliases(c, [b"n" * 32, *KEYS]))
    assert IDENTITIES.of(RECIPIENT) in names
