"""Jobs that no line is set to serve: said once for all of them, and no longer than it is so."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from support.serving import served, told
from support.world import ACME, World

from gateway.db.listing import list_jobs
from gateway.dispatch import LinePlan

PARIS = "+33639981234"


async def reasons(world: World) -> list[str | None]:
    """Return what a person who looks is told of the jobs, the newest first."""
    return [job.reason for job in await world.database.read(list_jobs)]


async def test_what_no_line_serves_says_so(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+44",))}
    await world.accept("paris", to=PARIS)
    await world.accept("london")
    await world.advance(seconds=5)
    assert await reasons(world) == [None, "no line serves +33 …"]


async def test_it_is_said_once_for_however_many_jobs(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+44",))}
    with capture_logs() as logs:
        for number in range(3):
            await world.accept(f"paris-{number}", to=PARIS)
            await world.advance(seconds=5)
    warnings = [entry for entry in logs if entry["event"] == "jobs_without_line"]
    assert [entry["reason"] for entry in warnings] == ["no line serves +33 …"]


async def test_it_is_said_no_more_when_a_line_is_set_to(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+44",))}
    await world.accept("paris", to=PARIS)
    await world.advance(seconds=5)
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+44",)), "m1": LinePlan()}
    await world.advance(seconds=5)
    assert await reasons(world) == [None]


@pytest.mark.parametrize(
    ("plans", "reason"),
    [
        ({"m0": LinePlan()}, None),
        ({"m0": LinePlan(routes=("+336399",))}, None),
        ({"carrier:x": LinePlan(pinned=True)}, "no line serves +33 …"),
        ({"m0": LinePlan(networks=frozenset({"sfr"}))}, "no line serves +33 …"),
    ],
)
async def test_a_line_that_is_away_is_waited_for_in_silence(
    world: World, plans: dict[str, LinePlan], reason: str | None
) -> None:
    world.dispatcher.fleet.plans = plans
    await world.accept("paris", to=PARIS)
    await world.advance(seconds=5)
    assert await reasons(world) == [reason]


async def test_a_store_whose_tags_no_line_has_is_named(world: World) -> None:
    world.router.tags = {ACME: {"promo"}}
    await world.accept()
    await world.advance(seconds=5)
    assert await reasons(world) == ["no line serves +44 … with a tag of acme"]


async def test_a_stores_jobs_go_out_on_lines_with_its_tags_alone(world: World) -> None:
    world.router.tags = {ACME: {"promo"}}
    world.dispatcher.fleet.plans = {
        "m0": LinePlan(),
        "m1": LinePlan(tags=frozenset({"promo", "x"})),
    }
    from gateway.modem import FakeModem

    async with served(world) as other, served(world, FakeModem("m1", "8944100000000000002")):
        for number in range(5):
            await world.accept(f"job-{number}")
        for number in range(5):
            await told(world, "sent", f"job-{number}")
        assert other.written == []
