"""Each member of a campaign is decided once, little by little, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from support.campaigns import SALE, Campaigning

from gateway.commerce.campaigns.dealing import MANY
from gateway.commerce.deciding import Occasion
from gateway.db.commerce.campaigns import CampaignState
from gateway.db.commerce.decisions import Decision
from gateway.domain.errors import StorageError
from gateway.domain.ids import PersonId


async def test_everybody_is_decided_once_and_the_campaign_is_done_when_all_went(
    shop: Campaigning,
) -> None:
    await shop.know(30)
    launched = await shop.launch(SALE + '[[arm]]\nname = "a"\n[[arm]]\nname = "b"')
    assert (launched.persons, launched.state) == (30, CampaignState.RUNNING)
    await shop.engine.tick()
    decisions = await shop.decisions()
    assert sorted(one.person for one in decisions) == sorted(shop.persons)
    assert {one.arm for one in decisions} == {"a", "b"}
    assert await shop.states() == {"accepted": 30}
    await shop.engine.tick()
    assert (await shop.record()).state is CampaignState.RUNNING  # they have not gone yet
    await shop.deciding.world.advance(days=30)


async def test_who_is_held_out_or_said_no_gets_nothing_and_is_told_apart(shop: Campaigning) -> None:
    await shop.know(40)
    stranger = PersonId("0" * 64)
    shop.persons.append(stranger)
    await shop.launch(SALE.replace("holdout = 0", "holdout = 0.5"))
    await shop.engine.tick()
    found = await shop.outcomes()
    assert found["skipped", "unknown_person"] == 1
    assert found["held", None] + found["sent", None] == 40
    assert 8 <= found["held", None] <= 32
    assert await shop.states() == {"accepted": found["sent", None]}


async def test_nothing_is_decided_before_the_start(shop: Campaigning) -> None:
    await shop.know(3)
    await shop.launch(SALE + "start = 2026-11-23T12:00:00")
    await shop.engine.tick()
    assert await shop.left() == 3
    shop.deciding.world.clock.instant += timedelta(hours=3)
    await shop.engine.tick()
    assert await shop.left() == 0


async def test_only_so_many_wait_ahead_of_the_lines(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.AHEAD", 10)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 5)
    await shop.know(30)
    await shop.launch()
    for _ in range(3):
        await shop.engine.tick()
    assert await shop.states() == {"accepted": 10}
    assert await shop.left() == 20


async def test_one_look_leaves_time_for_others(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 2)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.ROUNDS", 3)
    await shop.know(10)
    await shop.launch()
    await shop.engine.tick()
    assert await shop.left() == 4


async def test_a_restart_in_the_middle_of_a_batch_decides_nobody_twice(shop: Campaigning) -> None:
    await shop.know(10)
    await shop.launch()
    decider, asked = shop.deciding.decider, 0
    decide = decider.decide

    def dies(connection: Connection, occasion: Occasion, now: Any) -> Decision:
        nonlocal asked
        asked += 1
        made = decide(connection, occasion, now)
        if asked == 6:
            raise StorageError("the power went")
        return made

    decider.decide = dies  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        await shop.engine.tick()
    decider.decide = decide  # type: ignore[method-assign]
    assert (await shop.left(), await shop.decisions()) == (10, [])
    await shop.another_engine().tick()
    assert await shop.outcomes() == {("sent", None): 10}
    assert await shop.states() == {"accepted": 10}


async def test_two_gateways_at_once_decide_nobody_twice(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 3)
    await shop.know(20)
    await shop.launch()
    await asyncio.gather(shop.engine.tick(), shop.another_engine().tick())
    assert await shop.outcomes() == {("sent", None): 20}
    assert await shop.states() == {"accepted": 20}


async def test_who_has_no_words_is_skipped_and_holds_up_nobody(shop: Campaigning) -> None:
    await shop.know(MANY - 1)
    await shop.launch()
    shop.deciding.library.texts.clear()
    await shop.engine.tick()
    assert await shop.outcomes() == {("skipped", "not_worded"): MANY - 1}


async def test_a_template_that_says_nothing_to_anybody_pauses_the_campaign(
    shop: Campaigning,
) -> None:
    await shop.know(MANY)
    await shop.launch()
    texts = dict(shop.deciding.library.texts)
    shop.deciding.library.texts.clear()
    await shop.engine.tick()
    record = await shop.record()
    assert record.state is CampaignState.PAUSED
    assert "there is no template 'hello'" in str(record.reason)
    assert await shop.decisions() == []
    shop.deciding.library.texts.update(texts)
    await shop.steer("resume")
    await shop.engine.tick()
    assert await shop.outcomes() == {("sent", None): MANY}


async def test_arms_with_times_of_their_own_are_decided_when_they_come(shop: Campaigning) -> None:
    await shop.know(20)
    arms = '[[arm]]\nname = "now"\n[[arm]]\nname = "later"\ndelay = "2h"'
    await shop.launch(SALE + arms)
    await shop.engine.tick()
    first = await shop.decisions()
    assert {one.arm for one in first} == {"now"}
    shop.deciding.world.clock.instant += timedelta(hours=2)
    await shop.engine.tick()
    rest = (await shop.decisions())[len(first) :]
    assert {one.arm for one in rest} == {"later"}
    assert len(first) + len(rest) == 20
    jobs = [await shop.deciding.world.job(str(one.job)) for one in rest]
    assert {job.not_before for job in jobs} == {shop.deciding.world.clock.now()}


async def test_one_campaign_that_fails_stops_no_other(shop: Campaigning) -> None:
    await shop.know(2)
    await shop.launch(name="first")
    await shop.launch(name="second")
    decider = shop.deciding.decider
    decide = decider.decide

    def fails(connection: Connection, occasion: Occasion, now: Any) -> Decision:
        if occasion.campaign == "campaign.first":
            raise RuntimeError("a bug")
        return decide(connection, occasion, now)

    decider.decide = fails  # type: ignore[method-assign]
    await shop.engine.tick()
    assert (await shop.left("first"), await shop.left("second")) == (2, 0)


async def test_who_was_about_to_decide_as_it_was_paused_decides_nothing(
    shop: Campaigning,
) -> None:
    """The state is read with the members, in their transaction."""
    await shop.know(2)
    await shop.launch()
    record = await shop.record()
    await shop.steer("pause")
    assert (await shop.engine._deal(record)).looked == 0
    await shop.engine._finish(record)
    assert (await shop.left(), (await shop.record()).state) == (2, CampaignState.PAUSED)


async def test_a_paused_campaign_with_nobody_left_is_not_finished(shop: Campaigning) -> None:
    shop.persons.append(PersonId("0" * 64))
    await shop.launch()
    record = await shop.record()
    await shop.engine._deal(record)
    await shop.steer("pause")
    await shop.engine._finish(record)
    assert (await shop.record()).state is CampaignState.PAUSED
