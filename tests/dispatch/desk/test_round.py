"""What each of the lines that ask at a moment gets."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from support.claims import claims, offer, view
from support.statements import overheard
from support.world import ACME, START, World, request

from gateway.db.counts import count_jobs, kind_of
from gateway.db.lanes import lane_for
from gateway.db.stock import stock_of
from gateway.db.tables import JOBS, LANES
from gateway.dispatch.desk.fairness import Fairness
from gateway.dispatch.desk.round import LOOK_AHEAD, View, serve
from gateway.dispatch.pacing import SharedLimit, SharedPace
from gateway.domain.ids import Campaign, LineId, StoreName
from gateway.domain.job import NEVER
from gateway.domain.line_state import Left
from gateway.domain.phone import Prefixes
from gateway.domain.purpose import Purpose
from gateway.domain.states import Stage
from gateway.domain.terms import Bar

BOOKS = StoreName("books")
FRENCH = "+33639980123"
LATER = START + timedelta(hours=1)


@pytest.fixture
def two_stores(world: World) -> World:
    world.admission.countries = {ACME: "GB", BOOKS: "GB"}
    return world


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Grows by every statement that is run from here on."""
    run: list[str] = []
    with overheard(lambda statement, _values: run.append(statement)):
        yield run


async def given(world: World, view: View) -> dict[LineId, str]:
    """Hold a round and return which job each line got."""
    taken = await world.database.write(lambda c: claims(c, view))
    return {line: str(job.id) for line, job in taken}


async def one_by_one(world: World, count: int, **fields: Any) -> list[str]:
    """Let a line ask so often; return what it got, in order."""
    got: list[str] = []
    shares: dict[int, Fairness] = {}
    for _ in range(count):
        asks = view(offer(**fields), now=world.clock.now(), shares=shares)
        result = await world.database.write(partial(serve, view=asks))
        shares |= result.shares
        got += (str(work.job.id) for work in result.works.values())
    return got


async def test_each_line_gets_one_and_no_job_two(world: World) -> None:
    for number in range(5):
        await world.accept(f"job-{number}")
    lines = [offer(f"line-{number}") for number in range(8)]
    got = await given(world, view(*lines, now=START))
    assert sorted(got.values()) == [f"job-{number}" for number in range(5)]
    assert list(got) == [f"line-{number}" for number in range(5)], "in the order in which they ask"
    job = await world.job("job-0")
    assert (job.stage, job.line, job.modem) == (Stage.CLAIMED, "line-0", "m0")


async def test_urgency_then_share_then_deadline(two_stores: World) -> None:
    world = two_stores
    await world.allow()
    await world.accept("offer", purpose=Purpose.MARKETING, expires_at=START + timedelta(minutes=1))
    await world.accept("later", expires_at=LATER)
    await world.accept("french", to=FRENCH, expires_at=START + timedelta(minutes=30))
    await world.accept("soon", expires_at=START + timedelta(minutes=20))
    assert await world.admit(request("books", store=BOOKS)) == [None]
    await world.accept("code", purpose=Purpose.OTP)
    got = await one_by_one(world, 6)
    assert got[0] == "code"
    assert got[1:3] in (["soon", "books"], ["books", "soon"]), "each store in its turn"
    assert got[3:] == ["french", "later", "offer"], "over all countries by deadline"


async def test_a_small_store_does_not_wait_behind_a_large_one(two_stores: World) -> None:
    world = two_stores
    for number in range(40):
        await world.accept(f"acme-{number}")
    for number in range(5):
        assert await world.admit(request(f"books-{number}", store=BOOKS)) == [None]
    lines = [offer(f"line-{number}") for number in range(10)]
    got = await given(world, view(*lines, now=START))
    assert Counter(job.split("-")[0] for job in got.values()) == {"acme": 5, "books": 5}


async def test_campaigns_of_a_store_share_and_long_messages_count_by_their_parts(
    world: World,
) -> None:
    for number in range(12):
        await world.accept(f"long-{number}", campaign=Campaign("long"), text="x" * 400)
        await world.accept(f"short-{number}", campaign=Campaign("short"))
    lines = [offer(f"line-{number}") for number in range(8)]
    got = await given(world, view(*lines, now=START))
    assert Counter(job.split("-")[0] for job in got.values()) == {"short": 6, "long": 2}


class TestWhoMayTakeWhat:
    async def test_what_was_begun_or_is_for_a_line_it_alone_gets(self, world: World) -> None:
        await world.accept("mine", expires_at=LATER)
        await world.accept("free")
        await hold(world, "mine", "line-1")
        assert await given(world, view(offer("line-0"), now=START)) == {"line-0": "free"}
        assert await given(world, view(offer("line-0"), now=START)) == {}
        assert await given(world, view(offer("line-1"), now=START)) == {"line-1": "mine"}

    async def test_what_is_held_for_a_line_has_its_place_by_its_deadline(
        self, world: World
    ) -> None:
        await world.accept("held", expires_at=LATER)
        await world.accept("sooner", expires_at=START + timedelta(minutes=1))
        await world.accept("last")
        await hold(world, "held", "line")
        assert await one_by_one(world, 3) == ["sooner", "held", "last"]

    async def test_a_pinned_line_takes_nothing_else(self, world: World) -> None:
        await world.accept("free")
        await world.accept("held")
        await hold(world, "held", "line")
        assert await one_by_one(world, 3, pinned=True) == ["held"]

    async def test_a_route_that_is_longer_than_the_lane_looks_at_each(self, world: World) -> None:
        """Jobs of before, and those of a gateway with other routes."""
        await world.accept("wales", to="+442079460018")
        await world.accept("mobile")
        assert await one_by_one(world, 2, routes=("+447",)) == ["mobile"]
        both = view(offer("mobiles", routes=("+447",)), offer("all"), now=START)
        await world.accept("another")
        assert await given(world, both) == {"mobiles": "another", "all": "wales"}

    async def test_what_few_of_a_lane_are_is_come_to_in_the_end(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody serves those before it, and each round looks at a bounded number."""
        monkeypatch.setattr("gateway.db.claims.WINDOW", 2)
        for number in range(7):
            await world.accept(f"wales-{number}", to="+442079460018")
        await world.accept("mobile")
        assert await one_by_one(world, 3, routes=("+447",)) == []
        assert await one_by_one(world, 1, routes=("+447",)) == ["mobile"]
        await world.accept("sooner", expires_at=LATER)
        assert await one_by_one(world, 3, routes=("+447",)) == ["sooner"], "and then from the first"

    async def test_a_lane_of_its_own_where_a_route_asks_for_it(self, world: World) -> None:
        world.context.destinations.routes = ("+447",)
        await world.accept("mobile")
        await world.accept("fixed", to="+442079460018")
        rows = await world.database.read(lambda c: c.execute(select(LANES)).all())
        assert sorted(row.destination for row in rows) == ["+44", "+447"]

    async def test_a_bar_on_another_lane_costs_no_look_at_its_jobs(
        self, world: World, statements: list[str]
    ) -> None:
        await world.allow()
        await world.accept("offer", purpose=Purpose.MARKETING)
        statements.clear()
        bars = (Bar(marketing=True, to=Prefixes(start="+33", others=True)),)
        assert await one_by_one(world, 1, bars=bars) == []
        assert not any("recipient" in statement for statement in statements)


class TestBudgets:
    async def test_a_message_that_does_not_fit_is_passed_over(self, world: World) -> None:
        await world.accept("long", text="x" * 400)
        await world.accept("short")
        assert await one_by_one(world, 2, left=Left(otp=2, rest=2)) == ["short"]

    async def test_the_reserve_is_for_passwords(self, world: World) -> None:
        await world.accept("order")
        await world.accept("code", purpose=Purpose.OTP)
        assert await one_by_one(world, 3, left=Left(otp=5, rest=0)) == ["code"]

    async def test_no_more_than_some_are_looked_at_for_one_that_fits(self, world: World) -> None:
        for number in range(LOOK_AHEAD):
            await world.accept(f"long-{number}", text="x" * 400)
        await world.accept("short")
        assert await one_by_one(world, 1, left=Left(otp=2, rest=2)) == []
        assert await one_by_one(world, 1) == ["long-0"], "and what was passed over is still there"

    async def test_a_line_with_room_takes_what_another_has_none_for(self, world: World) -> None:
        await world.accept("long", text="x" * 400)
        await world.accept("short")
        lines = offer("tight", left=Left(otp=1, rest=1)), offer("free")
        assert await given(world, view(*lines, now=START)) == {"free": "long", "tight": "short"}


class TestSharedLimits:
    async def test_what_has_to_wait_leaves_the_line_to_others(self, two_stores: World) -> None:
        world = two_stores
        for number in range(3):
            await world.accept(f"acme-{number}")
        assert await world.admit(request("books", store=BOOKS)) == [None]
        shared = SharedPace([SharedLimit(name="acme", per_second=0.1, store=ACME)])
        lines = [offer(f"line-{number}") for number in range(4)]
        result = await world.database.write(
            lambda c: serve(c, view(*lines, now=START, shared=shared))
        )
        jobs = sorted(str(work.job.id) for work in result.works.values())
        assert jobs == ["acme-0", "books"]
        assert result.wait == pytest.approx(10.0)
        assert shared.wait(result.taken[0][0], 0.0) == 0.0, "a round only tries it out"


class TestDeadlines:
    @pytest.mark.parametrize(
        ("left", "given_out"),
        [
            (timedelta(seconds=-1), False),
            (timedelta(0), False),
            (timedelta(microseconds=1), True),
            (NEVER - START, True),
        ],
    )
    async def test_nothing_is_given_at_its_deadline_or_after(
        self, world: World, left: timedelta, given_out: bool
    ) -> None:
        await world.accept("job", expires_at=START + timedelta(hours=1))
        now = START + timedelta(hours=1) - left if left < timedelta(days=1) else START
        assert bool(await given(world, view(offer(), now=now))) is given_out

    async def test_the_queue_says_that_it_expired(self, world: World) -> None:
        await world.accept("job", expires_at=LATER)
        await world.advance(hours=1)
        assert await world.states("job") == ["accepted", "expired"]
        assert await given(world, view(offer(), now=world.clock.now())) == {}

    async def test_a_time_to_send_that_comes_makes_it_ready(self, world: World) -> None:
        await world.accept("job", send_at=LATER)
        assert await one_by_one(world, 1) == []
        await world.advance(hours=1)
        assert await one_by_one(world, 1) == ["job"]


class TestWhatIsRemembered:
    async def test_a_rollback_takes_nothing_out_of_the_queue(self, world: World) -> None:
        await world.accept("job")

        def broken(connection: Connection) -> None:
            assert claims(connection, view(offer(), now=START))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await world.database.write(broken)
        assert await one_by_one(world, 1) == ["job"]

    async def test_a_lane_that_was_made_in_vain_is_made_again(self, world: World) -> None:
        kind: Any = {"urgency": 1, "store": ACME, "destination": "+44"}

        def broken(connection: Connection) -> None:
            lane_for(connection, **kind)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await world.database.write(broken)
        await world.accept("job")
        assert await one_by_one(world, 1) == ["job"]

    async def test_a_campaign_for_each_job_makes_no_lane_for_each(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """To choose costs something for each lane; the jobs go out all the same."""
        monkeypatch.setattr("gateway.db.lanes.MOST", 3)
        for number in range(10):
            await world.accept(f"job-{number}", campaign=f"campaign-{number}")
        lanes = await world.database.read(lambda c: c.scalars(select(LANES.c.campaign)).all())
        assert sorted(lanes) == ["", "campaign-0", "campaign-1", "campaign-2"]
        assert len(await one_by_one(world, 10)) == 10

    async def test_what_another_gateway_put_in_is_found_by_a_refresh(self, world: World) -> None:
        await world.accept("known")
        assert await one_by_one(world, 2) == ["known"]
        await world.accept("unknown")
        await world.database.write(lambda c: stock_of(c)._heads.clear())
        now = world.clock.now()
        assert await given(world, view(offer(), now=now, refresh=True)) == {"line": "unknown"}

    async def test_an_idle_desk_asks_the_queue_nothing(
        self, world: World, statements: list[str]
    ) -> None:
        await world.accept("job")
        assert await one_by_one(world, 2) == ["job"]
        statements.clear()
        assert await one_by_one(world, 3) == []
        assert [statement for statement in statements if "jobs" in statement] == []


async def hold(world: World, job: str, line: str) -> None:
    """Have a job wait for a certain line, as one that was begun there."""
    found = await world.job(job)

    def change(connection: Connection) -> None:
        connection.execute(JOBS.update().where(JOBS.c.key == found.key).values(held_for=line))
        stock_of(connection).refill(connection)

    await world.database.write(change)


@pytest.mark.sqlite_only
class TestManyJobs:
    """What a claim looks at does not grow with what waits; counted in steps of SQLite's machine."""

    async def steps(self, world: World, do: Callable[[Connection], object]) -> int:
        count = 0

        def tick() -> int:
            nonlocal count
            count += 1
            return 0

        def counted(connection: Connection) -> None:
            driver: Any = connection.connection.dbapi_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_progress_handler(tick, 1)
            try:
                do(connection)
            finally:
                driver.set_progress_handler(None, 1)

        await world.database.write(counted)
        return count

    @pytest.mark.parametrize("asked", [1, 64])
    async def test_a_claim_takes_as_many_steps_among_many_as_among_few(
        self, world: World, asked: int
    ) -> None:
        await world.allow()
        await world.accept("first", purpose=Purpose.MARKETING)
        lines = [offer(f"line-{number}") for number in range(asked)]

        async def steps() -> int:
            return await self.steps(world, lambda c: claims(c, view(*lines, now=START)))

        await fill(world, 200)
        few = await steps()
        await fill(world, 20_000)
        many = await steps()
        assert many <= few * 1.1

    async def test_a_password_overtakes_a_campaign_without_a_look_at_it(self, world: World) -> None:
        await world.allow()
        await world.accept("first", purpose=Purpose.MARKETING)
        await fill(world, 20_000)
        await world.accept("code", purpose=Purpose.OTP)
        got: list[str] = []

        def claim(connection: Connection) -> None:
            got.extend(str(job.id) for _, job in claims(connection, view(offer(), now=START)))

        alone = await self.steps(world, claim)
        assert got == ["code"]
        await world.accept("another", purpose=Purpose.OTP)
        await fill(world, 20_000)
        assert await self.steps(world, claim) <= alone * 1.1


async def fill(world: World, count: int) -> None:
    """Put copies of the job first into the queue, unseen by the desk."""
    first = await world.job("first")

    def write(connection: Connection) -> None:
        row = connection.execute(select(JOBS).where(JOBS.c.key == first.key)).one()
        copy = dict(row._mapping)
        del copy["key"]
        have = connection.execute(select(JOBS.c.key).order_by(JOBS.c.key.desc())).scalars().first()
        start: int = have or 0
        values = [
            {**copy, "id": f"copy-{start + number}", "stage": Stage.READY, "line": None}
            for number in range(count)
        ]
        connection.execute(insert(JOBS), values)
        connection.exec_driver_sql(
            "INSERT INTO parts (job_key, number, tail, state) SELECT key, 1, '00900123', 'waiting'"
            " FROM jobs WHERE key > ?",
            (start,),
        )
        kind = kind_of(first.store, first.purpose, first.accepted_at, first.state)
        count_jobs(connection, kind, count, count)
        stock_of(connection).refill(connection)

    await world.database.write(write)
