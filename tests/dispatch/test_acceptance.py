"""A batch is answered as its entries would be one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.world import ACME, RECIPIENT, START, World, change, request

from gateway.consent.moment import OneOfCart
from gateway.db import Database
from gateway.db.jobs import find_jobs
from gateway.dispatch import CancelRequest, ChangeRequest, Entry
from gateway.domain.consent import Action, Scope
from gateway.domain.ids import JobId, StoreName
from gateway.domain.purpose import Purpose

OTHER = "+447700900124"


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[list[World]]:
    """Two that are alike."""
    async with AsyncExitStack() as stack:
        yield [
            World(
                await stack.enter_async_context(Database.open(f"sqlite:///{tmp_path / name}")),
                rules=(OneOfCart(),),
            )
            for name in ("one.db", "other.db")
        ]


def says(action: Action, number: str = RECIPIENT) -> ChangeRequest:
    return ChangeRequest(store=ACME, id=JobId("c"), changes=(change(action, number=number),))


def marketing(job: str, **fields: Any) -> Entry:
    return request(job, purpose=Purpose.MARKETING, **fields)


BATCHES: dict[str, Sequence[Entry]] = {
    "new ones": [request("a"), request("b", to=OTHER, text="x" * 400), request("c")],
    "twice the same": [request("a"), request("b"), request("a"), request("a")],
    "one id, two jobs": [request("a"), request("a", text="another"), request("b")],
    "refused in between": [request("a"), marketing("b"), request("c", to="123"), request("d")],
    "a yes and a no in between": [
        marketing("a"),
        says(Action.GRANTED),
        marketing("b"),
        marketing("c", to=OTHER),
        says(Action.WITHDRAWN),
        marketing("d"),
    ],
    "taken back in between": [
        request("a"),
        CancelRequest(store=ACME, id=JobId("a")),
        request("a"),
        CancelRequest(store=ACME, id=JobId("b")),
        request("b"),
    ],
    "two about one cart": [
        says(Action.GRANTED),
        says(Action.GRANTED, OTHER),
        marketing("a", scope=Scope.CART),
        marketing("b", scope=Scope.CART),
        marketing("c", scope=Scope.CART, to=OTHER),
        marketing("a", scope=Scope.CART),
    ],
    "later ones": [
        request("a", send_at=START + timedelta(hours=1)),
        request("b", expires_at=START + timedelta(hours=1)),
        request("a", send_at=START + timedelta(hours=1)),
    ],
    "of two stores": [
        request("a"),
        request("a", store=StoreName("books")),
        request("a", store=StoreName("nobody")),
    ],
}


async def outcome(world: World) -> object:
    """What stands in the database, keys aside."""
    names = [(store, JobId(job)) for store in ("acme", "books") for job in "abcd"]
    named = [(StoreName(store), job) for store, job in names]
    jobs = await world.database.read(lambda c: find_jobs(c, named))
    parts = [
        [(part.number, part.state) for part in await world.parts(job.id)]
        for job in jobs.values()
        if job.store == ACME
    ]
    return (
        await world.said(),
        await world.said("rejected"),
        await world.said("consent"),
        jobs,
        parts,
    )


@pytest.mark.parametrize("entries", BATCHES.values(), ids=BATCHES)
async def test_a_batch_is_answered_as_one_by_one(
    worlds: list[World], entries: Sequence[Entry]
) -> None:
    together, apart = worlds
    for world in worlds:
        world.admission.countries = {ACME: "GB", StoreName("books"): "GB"}
    verdicts = await together.admit(*entries)
    singly = [(await apart.admit(entry))[0] for entry in entries]
    codes = [[verdict and verdict.code for verdict in some] for some in (verdicts, singly)]
    assert codes[0] == codes[1]
    assert await outcome(together) == await outcome(apart)


async def test_more_than_one_statement_holds_is_found(worlds: list[World]) -> None:
    """Whole lots and what is left of the last: nobody is forgotten at their edges."""
    world = worlds[0]
    entries = [request(f"job-{number}") for number in range(300)]
    assert await world.admit(*entries) == [None] * 300
    assert await world.admit(*entries) == [None] * 300
    told = await world.said()
    assert [status["id"] for status in told] == [entry.id for entry in entries] * 2
