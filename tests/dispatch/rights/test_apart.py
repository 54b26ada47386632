"""Each store answers for its own: what one erases or shows, another keeps and does not see."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from support.claims import claim_job
from support.deliver import deliver
from support.inbox import come
from support.spending import free
from support.world import ACME, IDENTITIES, RECIPIENT, World, request

from gateway.db.dossier import read_dossier
from gateway.db.parts import read_parts
from gateway.db.tables import INBOUND, JOBS
from gateway.db.whereabouts import Sought
from gateway.dispatch.settling import intend, settle_sent
from gateway.domain.consent import Action
from gateway.domain.ids import StoreName
from gateway.domain.spelling import Spelling
from tests.dispatch.deeds import HOLDER, LINE
from tests.dispatch.rights.conftest import Desk, Left

BOOKS = StoreName("books")
_BY: Any = {"node": "box-1", "line": LINE, "modem": "m0", "routes": ()}


@pytest.fixture
async def both(world: World) -> World:
    """Two stores that wrote to the same person, who answered the second."""
    world.admission.countries = {ACME: "GB", BOOKS: "GB"}
    world.context.inbound.stores = (ACME, BOOKS)
    await send(world, ACME, "a-1")
    world.clock.instant += timedelta(minutes=1)
    await send(world, BOOKS, "b-1")
    await come(world, deliver("Which book?"))
    return world


async def send(world: World, store: StoreName, job: str) -> None:
    """Have a job sent; the report is still to come."""
    assert await world.admit(request(job, store=store)) == [None]
    now, policy = world.clock.now(), world.context.policy
    claimed = await world.database.write(partial(claim_job, **_BY, now=now))
    assert claimed is not None
    assert claimed.store == store
    [part] = await world.database.read(lambda c: read_parts(c, claimed.key))
    spending = free(now)
    handed = await world.database.write(lambda c: intend(c, part, HOLDER, spending, now))
    await world.database.write(
        lambda c: settle_sent(c, handed, 7, line=LINE, policy=policy, now=now)
    )


async def jobs(world: World) -> list[str]:
    return list(await world.database.read(lambda c: c.execute(select(JOBS.c.id)).scalars().all()))


@pytest.mark.rule("G-7", "G-15")
async def test_one_store_erases_and_the_other_keeps(both: World, desk: Desk) -> None:
    told = await desk().wish(RECIPIENT, Action.ERASED, "acme", "operator")
    assert told["stores"] == ["acme"]
    assert await jobs(both) == ["b-1"]
    assert await both.database.read(lambda c: c.execute(select(INBOUND.c.text)).scalar_one())


@pytest.mark.rule("G-7", "G-15")
async def test_the_last_store_takes_what_was_both_theirs(
    both: World, desk: Desk, left: Left
) -> None:
    await desk().wish(RECIPIENT, Action.ERASED, "acme", "operator")
    await desk().wish(RECIPIENT, Action.ERASED, "books", "operator")
    assert await jobs(both) == []
    assert left() == set()


@pytest.mark.rule("G-5", "G-15")
async def test_a_store_is_shown_its_own(both: World) -> None:
    persons = IDENTITIES.all_of(RECIPIENT)
    sought = Sought(spelling=Spelling(RECIPIENT), persons=persons, store=ACME)
    data = await both.database.read(lambda c: read_dossier(c, sought))
    assert [message["id"] for message in data["messages"]] == ["a-1"]
    assert {row["store"] for row in data["letters"]} <= {"acme"}
