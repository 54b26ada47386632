"""The rights that a person asks the shop for."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from support.events import CONSENT, PHONE, PRIVACY, event
from support.scores import score
from support.world import ACME, IDENTITIES, World, request

from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.erasures import pending_erasures
from gateway.db.scores import put_scores
from gateway.db.tables import SCORES
from gateway.domain.purpose import Purpose

MARKETING = Purpose.MARKETING


@pytest.mark.rule("G-10")
async def test_who_objects_gets_no_marketing_and_goes_on_getting_orders(world: World) -> None:
    await world.admit(event(CONSENT, "grant"), request("waits", purpose=MARKETING))
    assert await world.admit(event(PRIVACY, "object")) == [None]
    assert await world.states("waits") == ["accepted", "cancelled"]
    [sale, order] = await world.admit(request("sale", purpose=MARKETING), request("order"))
    assert (sale and sale.code, order) == ("no_consent", None)
    history = await world.database.read(lambda c: events_of(c, ACME, IDENTITIES.all_of(PHONE)))
    assert standing_of(history).objects
    assert history[-1].event.evidence["event"] == "object"


@pytest.mark.rule("G-10")
async def test_what_models_advise_about_who_objects_goes_at_once(world: World) -> None:
    """With this store, and about this person."""
    scores = [score(IDENTITIES.of(PHONE)), score(IDENTITIES.of("+447700900999"))]
    await world.database.write(lambda c: put_scores(c, scores, world.clock.now()))
    await world.admit(event(PRIVACY))
    left = await world.database.read(lambda c: c.execute(select(SCORES.c.person_id)).all())
    assert [row.person_id for row in left] == [IDENTITIES.of("+447700900999")]


@pytest.mark.rule("G-8")
async def test_whose_data_are_restricted_is_written_to_by_nobody(world: World) -> None:
    await world.admit(request("waits"), event(PRIVACY, kind="restrict"))
    assert await world.states("waits") == ["accepted", "cancelled"]
    [order] = await world.admit(request("order"))
    assert order is not None
    assert order.code == "restricted"
    [told] = await world.said("consent")
    assert (told["state"], told["purpose"], told["method"]) == ("restricted", "all", "event")


@pytest.mark.rule("G-7", "G-8")
async def test_an_erasure_begins_by_the_commit_of_its_event(world: World) -> None:
    await world.admit(event(CONSENT, "grant"), request("waits", purpose=MARKETING))
    assert await world.admit(event(PRIVACY, "erase", kind="erase")) == [None]
    assert await world.states("waits") == ["accepted", "cancelled"]
    [erasure] = await world.database.read(pending_erasures)
    assert (erasure.store, erasure.number) == (ACME, PHONE)
    told = (await world.said("consent"))[-1]
    assert (told["state"], told["to"], told["jobs"]) == ("erased", None, ["waits"])


async def test_who_was_erased_can_be_erased_again_for_what_came_since(world: World) -> None:
    await world.admit(event(PRIVACY, "one", kind="erase"))
    await world.admit(event(PRIVACY, "two", kind="erase", time="2026-11-23T08:59:00Z"))
    states = [told["state"] for told in await world.said("consent")]
    assert states == ["erased", "erased"]


@pytest.mark.rule("G-5", "G-14")
async def test_access_is_the_operators_to_answer_and_the_log_says_by_when(world: World) -> None:
    with capture_logs() as logged:
        assert await world.admit(event(PRIVACY, kind="access")) == [None]
    [said] = [one for one in logged if one["event"] == "access_requested"]
    assert (said["store"], said["id"]) == (ACME, "event-1")
    assert said["due_at"] == "2026-12-23T00:00:00.000Z"
    assert said["person"] == IDENTITIES.of(PHONE)
    assert "7700900123" not in str(logged)
    assert await world.said("consent") == []
