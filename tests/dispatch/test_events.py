"""Each event is taken once, in the batch that it came in, and none is taken from the future."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select
from support.events import CONSENT, PRIVACY, event
from support.world import ACME, KEYS, World, request

from gateway.db.events import TakenEvents
from gateway.db.tables import TAKEN_EVENTS
from gateway.dispatch.events import Events
from gateway.domain.consent import Change
from gateway.domain.event import StoreEvent
from gateway.domain.ids import StoreName


async def taken(world: World) -> int:
    count = select(func.count()).select_from(TAKEN_EVENTS)
    return await world.database.read(lambda c: c.execute(count).scalar_one())


async def test_the_same_event_twice_has_one_effect(world: World) -> None:
    again = event(CONSENT, time="2026-11-23T08:59:59Z")
    assert await world.admit(event(CONSENT), event(CONSENT)) == [None, None]
    assert await world.admit(again) == [None]
    assert len(await world.said("consent")) == 1
    assert await taken(world) == 1


async def test_another_event_under_the_same_name_is_a_conflict(world: World) -> None:
    """A withdrawal under an id that was used must not pass for taken."""
    [_, refused] = await world.admit(event(CONSENT), event(CONSENT, state="unsubscribed"))
    assert refused is not None
    assert (refused.code, refused.field) == ("conflict", "id")
    [told] = await world.said("rejected")
    assert (told["id"], told["source"]) == ("event-1", "//shop.example/main")


async def test_an_event_is_named_by_its_source_and_its_store_too(world: World) -> None:
    world.admission.countries = {ACME: "GB", StoreName("other"): "GB"}
    elsewhere = event(CONSENT, envelope={"source": "//shop.example/other"})
    assert await world.admit(event(CONSENT), elsewhere) == [None, None]
    assert await taken(world) == 2


async def test_a_refused_event_leaves_its_name_free(world: World) -> None:
    [refused] = await world.admit(event(CONSENT, phone="12"))
    assert refused is not None
    assert await world.admit(event(CONSENT)) == [None]


async def test_the_name_of_an_event_is_known_under_a_former_key(world: World) -> None:
    await world.admit(event(CONSENT))
    rotated = TakenEvents([b"n" * 32, *KEYS])
    same = await world.database.read(lambda c: rotated.same(c, event(CONSENT)))
    other = await world.database.read(lambda c: rotated.same(c, event(CONSENT, state="pending")))
    new = await world.database.read(lambda c: rotated.same(c, event(CONSENT, "event-2")))
    assert (same, other, new) == (True, False, None)


@pytest.mark.parametrize(
    ("ahead", "code"),
    [(timedelta(hours=24), None), (timedelta(hours=24, seconds=1), "invalid_value")],
)
@pytest.mark.parametrize("place", ["time", "consent_updated_at"])
async def test_a_shop_may_be_a_day_ahead_and_no_more(
    world: World, ahead: timedelta, code: str | None, place: str
) -> None:
    when = {place: (world.clock.now() + ahead).isoformat()}
    [refused] = await world.admit(event(CONSENT, **when))
    assert (refused and refused.code) == code
    if refused is not None:
        assert refused.field in ("time", "data.properties.consent_updated_at")
        assert "24 hours ahead" in str(refused)


async def test_an_event_of_a_store_that_there_is_not_is_refused(world: World) -> None:
    world.admission.countries = {}
    [refused] = await world.admit(event(PRIVACY))
    assert refused is not None
    assert (refused.code, refused.job, refused.source) == (
        "unknown_store",
        "event-1",
        "//shop.example/main",
    )


async def test_what_fails_takes_nothing_of_its_batch_along(world: World) -> None:
    """An event that the desk stumbles over raises for the whole batch, as a job does."""

    class Stumbling:
        def take(
            self, connection: Connection, event: StoreEvent, now: datetime
        ) -> Sequence[Change]:
            raise LookupError

    world.admission._events = Events(Stumbling(), TakenEvents(KEYS))
    with pytest.raises(LookupError):
        await world.admit(request(), event(CONSENT))
    assert await taken(world) == 0
    assert await world.said() == []


async def test_a_gateway_without_a_desk_takes_no_event(world: World) -> None:
    world.admission._events = None
    [refused] = await world.admit(event(CONSENT))
    assert refused is not None
    assert refused.code == "unknown_type"
