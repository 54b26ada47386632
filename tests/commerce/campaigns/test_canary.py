"""Own numbers get it first, and what becomes of theirs decides whether the others get it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.campaigns import SALE, SPRING, Campaigning, number
from support.serving import served, told
from support.world import ACME, IDENTITIES, START

from gateway.commerce.campaigns.canary import Failed, Sighting, judge
from gateway.commerce.campaigns.parsing import parse_campaign
from gateway.db.commerce.campaigns import CampaignState
from gateway.db.commerce.decisions import Decision, Outcome, decisions_of
from gateway.db.jobs import change_job
from gateway.domain.consent import Action
from gateway.domain.errors import RejectedError
from gateway.domain.ids import Campaign
from gateway.domain.states import JobState

OWN = f'[canary]\nnumbers = ["{number(90)}", "{number(91)}"]\n'
BY_US = OWN + 'approval = "operator"\npatience = "1h"\n'


def sighting(state: JobState | None = JobState.SENT, **fields: Any) -> Sighting:
    values: dict[str, Any] = {"outcome": Outcome.SENT, "reason": None, "state": state}
    return Sighting(**values | fields)


def judged(*sightings: Sighting, text: str = OWN, minutes: int = 0) -> bool | Failed:
    spec = parse_campaign(SPRING, SALE + text, ZoneInfo("Europe/London"))
    return judge(sightings, spec, START, START + timedelta(minutes=minutes))


HERE, LOST = sighting(JobState.DELIVERED), sighting(JobState.UNDELIVERED, reason="absent")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (judged(HERE, HERE), True),
        (judged(HERE, sighting()), False),
        (judged(HERE, sighting(JobState.ACCEPTED)), False),
        (judged(HERE, HERE, text=BY_US), False),
        (judged(HERE, sighting(), minutes=119), False),
    ],
)
def test_what_lets_it_go_on(found: bool | Failed, *, expected: bool) -> None:
    assert found is expected


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (judged(HERE, LOST), "a canary is undelivered: absent"),
        (judged(HERE, LOST, text=BY_US), "a canary is undelivered: absent"),
        (
            judged(HERE, sighting(None, outcome=Outcome.SKIPPED, reason="no_consent")),
            "a canary could not be written to: no_consent",
        ),
        (judged(HERE, sighting(), minutes=120), "its canaries were not all delivered in time"),
        (judged(HERE, HERE, text=BY_US, minutes=60), "nobody approved it in time"),
    ],
)
def test_what_ends_it(found: bool | Failed, said: str) -> None:
    assert isinstance(found, Failed)
    assert said in found.reason


def test_hours_in_which_nobody_may_be_written_to_are_nobodys_patience() -> None:
    tomorrow = START + timedelta(hours=12)
    waiting = sighting(JobState.DEFERRED, may_go_at=tomorrow)
    assert judged(waiting, minutes=13 * 60) is False
    assert isinstance(judged(waiting, minutes=14 * 60), Failed)


async def own(shop: Campaigning) -> list[Decision]:
    campaign = Campaign("campaign.spring.canary")
    return await shop.deciding.world.database.read(lambda c: decisions_of(c, ACME, campaign, 100))


async def launched(shop: Campaigning, text: str = OWN) -> None:
    await shop.know(3)
    await shop.know(2, first=90)  # own numbers are customers, too
    found = await shop.launch(SALE + text)
    assert (found.persons, found.canaries, found.state) == (3, 2, CampaignState.CANARY)


async def deliver(shop: Campaigning, state: JobState = JobState.DELIVERED) -> None:
    world = shop.deciding.world
    for one in await own(shop):
        job = await world.job(str(one.job))
        await world.database.write(lambda c, key=job.key: change_job(c, key, state=state))  # type: ignore[misc]


async def test_own_numbers_are_first_and_the_others_follow_when_all_have_it(
    shop: Campaigning,
) -> None:
    await launched(shop)
    await shop.engine.tick()
    assert (len(await own(shop)), await shop.left()) == (2, 3)
    await deliver(shop)
    await shop.engine.tick()
    record = await shop.record()
    assert record.state is CampaignState.RUNNING
    assert record.cleared_at == shop.deciding.world.clock.now()
    await shop.engine.tick()
    assert await shop.outcomes() == {("sent", None): 3}


async def test_each_arm_is_seen_by_somebody_and_nobody_is_held_out(shop: Campaigning) -> None:
    arms = "".join(f'[[arm]]\nname = "{name}"\nhour = 3\n' for name in ("a", "b", "c"))
    arms += 'where = "orders > 5"\n'
    shop.deciding.desk.members["orders > 5"] = set()  # none of them
    await launched(shop, OWN + arms)
    found = await own(shop)
    assert sorted(one.arm for one in found) == ["a", "b", "c"]
    assert {one.outcome for one in found} == {Outcome.SENT}
    jobs = [await shop.deciding.world.job(str(one.job)) for one in found]
    assert {job.not_before for job in jobs} == {START}


async def test_a_canary_that_fails_stops_the_launch(shop: Campaigning) -> None:
    await launched(shop)
    await deliver(shop, JobState.FAILED)
    await shop.engine.tick()
    record = await shop.record()
    assert record.state is CampaignState.STOPPED
    assert "a canary is failed" in str(record.reason)
    await shop.engine.tick()
    await shop.engine.tick()
    assert await shop.outcomes() == {("skipped", "stopped"): 3}


async def test_a_canary_who_said_no_stops_it_as_well(shop: Campaigning) -> None:
    await shop.know(1)
    await shop.know(2, first=90)
    await shop.deciding.world.allow(
        action=Action.WITHDRAWN, number=number(90), person=IDENTITIES.of(number(90))
    )
    await shop.launch(SALE + OWN)
    await shop.engine.tick()
    assert "could not be written to" in str((await shop.record()).reason)


async def test_who_approves_lets_it_go_on(shop: Campaigning) -> None:
    await launched(shop, BY_US)
    await deliver(shop)
    await shop.engine.tick()
    assert (await shop.record()).state is CampaignState.CANARY
    assert await shop.steer("approve") is CampaignState.RUNNING
    await shop.engine.tick()
    assert await shop.left() == 0
    with pytest.raises(RejectedError, match="waits for no canaries"):
        await shop.steer("approve")


async def test_a_pause_while_canaries_are_waited_for_is_no_approval(shop: Campaigning) -> None:
    await launched(shop, BY_US)
    await shop.steer("pause")
    await deliver(shop)
    await shop.engine.tick()
    assert await shop.steer("resume") is CampaignState.CANARY
    await shop.steer("pause")
    assert await shop.steer("approve") is CampaignState.PAUSED
    assert await shop.steer("resume") is CampaignState.RUNNING


async def test_a_paused_campaign_holds_back_its_canaries_and_a_stopped_one_takes_them_back(
    shop: Campaigning,
) -> None:
    world = shop.deciding.world
    await launched(shop)
    await shop.steer("pause")
    jobs = [str(one.job) for one in await own(shop)]
    async with served(world) as modem:
        for job in jobs:
            await told(world, "deferred", job)
    assert modem.written == []
    await shop.steer("stop")
    await shop.engine.tick()
    assert await shop.states() == {"cancelled": 2}


async def test_own_numbers_that_nobody_knows_are_refused_without_being_told(
    shop: Campaigning,
) -> None:
    await shop.know(1)
    with pytest.raises(RejectedError, match="canary number 1 is of nobody") as caught:
        await shop.launch(SALE + OWN)
    assert number(90) not in str(caught.value)
    with pytest.raises(RejectedError, match="canary number 1"):
        await shop.launch(SALE + '[canary]\nnumbers = ["12"]\n')


async def test_own_numbers_in_the_segment_get_it_once(shop: Campaigning) -> None:
    await shop.know(2, first=90)
    await shop.know(1)
    assert (await shop.launch(SALE + OWN)).persons == 1
