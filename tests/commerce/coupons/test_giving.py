"""Each person gets a code of their own, never one that another has, and none when there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from support.world import ACME, START

from gateway.commerce.coupons import Coupons, Pool, put_codes
from gateway.commerce.coupons import giving as module
from gateway.db import Database
from gateway.db.commerce.coupons import count_pools, find_coupon
from gateway.db.tables import COUPONS
from gateway.domain.errors import ContentError
from gateway.domain.ids import PersonId, StoreName

ADA, BOB = PersonId("ada"), PersonId("bob")
OTHER = StoreName("other")
WELCOME = Pool(name="welcome", pattern="HELLO-******", expires=timedelta(days=14))
SPRING = Pool(name="spring", file="codes.txt", low=1)
FRIENDS = Pool(name="friends", pattern="FRIEND-*****", kind="referral", expires=timedelta(days=30))
POOLS = {pool.name: pool for pool in (WELCOME, SPRING, FRIENDS)}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url) as opened:
        yield opened


def the_coupons(rng: Random | None = None) -> Coupons:
    return Coupons({ACME: POOLS, OTHER: POOLS}, rng=rng)


async def give(
    database: Database,
    coupons: Coupons,
    pool: str = "welcome",
    person: PersonId = ADA,
    *,
    store: StoreName = ACME,
    now: datetime = START,
) -> tuple[str, datetime | None] | None:
    return await database.write(
        lambda c: coupons.give(c, pool, store=store, person=person, decision_key=None, now=now)
    )


async def code(database: Database, coupons: Coupons, *about: object, **more: object) -> str:
    given = await give(database, coupons, *about, **more)  # type: ignore[arg-type]
    assert given is not None
    return given[0]


async def fill(database: Database, *codes: str, store: StoreName = ACME) -> int:
    return await database.write(lambda c: put_codes(c, store, "spring", codes))


async def test_a_code_of_a_pattern_is_made_when_it_is_given(database: Database) -> None:
    coupons = the_coupons()
    given = await give(database, coupons)
    assert given is not None
    made, until = given
    assert made.startswith("HELLO-")
    assert until == START + timedelta(days=14)
    kept = await database.read(lambda c: find_coupon(c, ACME, made))
    assert kept is not None
    assert (kept.person, kept.pool, kept.given_at, kept.expires_at) == (
        ADA,
        "welcome",
        START,
        until,
    )


async def test_each_decision_gets_a_code_of_its_own(database: Database) -> None:
    coupons = the_coupons()
    codes = {await code(database, coupons) for _ in range(5)}
    assert len(codes) == 5


async def test_a_code_that_is_taken_is_drawn_again(database: Database) -> None:
    first = await code(database, the_coupons(Random(7)))
    assert await code(database, the_coupons(Random(7)), "welcome", BOB) != first


async def test_codes_of_a_file_are_given_in_order_once_each(database: Database) -> None:
    coupons = the_coupons()
    await fill(database, "AA1", "AA2")
    assert await code(database, coupons, "spring") == "AA1"
    assert await code(database, coupons, "spring", BOB) == "AA2"
    assert await give(database, coupons, "spring", BOB) is None


async def test_a_pattern_that_is_used_up_gives_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pool, "make_code", lambda self, rng: "HELLO-CCCCCC")
    coupons = the_coupons()
    assert await give(database, coupons) is not None
    assert await give(database, coupons, person=BOB) is None


async def test_a_pool_that_runs_low_is_told_once_until_it_is_filled(database: Database) -> None:
    coupons = the_coupons()
    await fill(database, "AA1", "AA2", "AA3", "AA4")
    with capture_logs() as logs:
        for _ in range(4):
            await give(database, coupons, "spring")
        await fill(database, "BB1", "BB2", "BB3", "BB4")
        for _ in range(4):
            await give(database, coupons, "spring")
    assert [(line["event"], line["pool"], line["left"]) for line in logs] == [
        ("coupons_run_low", "spring", 1)
    ] * 2


async def test_who_passes_a_code_on_has_one_until_it_is_over(database: Database) -> None:
    coupons = the_coupons()
    first = await code(database, coupons, "friends")
    assert await code(database, coupons, "friends", now=START + timedelta(days=29)) == first
    assert await code(database, coupons, "friends", BOB) != first
    assert await code(database, coupons, "friends", now=START + timedelta(days=30)) != first


async def test_a_pool_that_there_is_not_is_named(database: Database) -> None:
    with pytest.raises(ContentError, match=r"winter: is no pool .*friends, spring, welcome"):
        await give(database, the_coupons(), "winter")


async def test_codes_that_a_store_has_are_left_as_they_are(database: Database) -> None:
    coupons = the_coupons()
    assert await fill(database, "AA1", "aa1", "AA2") == 2
    await give(database, coupons, "spring")
    assert await fill(database, "aA1", "AA2", "AA3") == 1
    assert await fill(database, "AA1", store=OTHER) == 1
    [count] = await database.read(lambda c: count_pools(c, ACME))
    assert (count.free, count.given, count.redeemed) == (2, 1, 0)


async def test_two_gateways_never_give_one_code_twice(postgres_url: str) -> None:
    async with Database.open(postgres_url) as one, Database.open(postgres_url) as other:
        await fill(one, *(f"CODE{number}" for number in range(40)))
        coupons = the_coupons()
        given = await asyncio.gather(
            *(
                give(database, coupons, "spring", PersonId(f"p{number}"))
                for number in range(25)
                for database in (one, other)
            )
        )
        codes = [found[0] for found in given if found is not None]
        assert (len(codes), len(set(codes))) == (40, 40)
        persons = select(COUPONS.c.person).where(COUPONS.c.given_at.is_not(None))
        assert len(await one.read(lambda c: list(c.scalars(persons)))) == 40


async def test_two_gateways_make_different_codes_of_one_pattern(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TRIES", 200)
    few = Pool(name="few", pattern="X*****")
    monkeypatch.setattr(Pool, "make_code", lambda self, rng: f"X{rng.randrange(60)}")
    async with Database.open(postgres_url) as one, Database.open(postgres_url) as other:
        coupons = Coupons({ACME: {"few": few}})
        given = await asyncio.gather(
            *(
                give(database, coupons, "few", PersonId(f"p{number}"))
                for number in range(20)
                for database in (one, other)
            )
        )
        codes = [found[0] for found in given if found is not None]
        assert len(set(codes)) == len(codes) == 40
