"""Each message goes in the hour that is best, for its person or for all, and that is allowed."""

from __future__ import annotations

import builtins
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.campaigns import SALE, Campaigning, number
from support.world import ACME, IDENTITIES, START

from gateway.commerce.campaigns.hours import best_slot, hour_of_week, slots_of
from gateway.commerce.campaigns.planned import MOST, NoPlanError, Wishes, plan
from gateway.db.commerce.campaign_members import members_after
from gateway.db.scores import put_scores
from gateway.domain.job import NEVER
from gateway.domain.score import HOURS, BestHours, Score
from gateway.domain.verdict import Allowed, Deferred

LONDON, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)


def score(best: int, of: int = 0, **fields: Any) -> Score:
    """The advice about a person: one hour of the week is best."""
    curve = [0.1] * HOURS
    curve[best] = 0.5
    values: dict[str, Any] = {
        "store": ACME,
        "person_id": IDENTITIES.of(number(of)),
        "churn": None,
        "value": None,
        "value_low": None,
        "value_high": None,
        "next_order_at": None,
        "hours": tuple(curve),
        "best_hours": BestHours.PERSONAL,
        "buy_again": (),
        "new_for_you": (),
        "uplift": None,
        "horizon_days": 90,
        "model_id": "m",
        "made_at": START,
    }
    return Score(**values | fields)


class Daily:
    """Hours of a day, UTC."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.end = first, end

    def opening(self, at: datetime) -> datetime | None:
        if self.first <= at.hour < self.end:
            return at
        day = at.replace(hour=self.first, minute=0, second=0, microsecond=0)
        return day if day > at else day + timedelta(days=1)


def test_slots_begin_with_what_is_left_of_this_hour_and_end_in_time() -> None:
    begins = START + timedelta(minutes=20)
    slots = slots_of(begins, START + timedelta(hours=3))
    assert slots == [begins, START + HOUR, START + 2 * HOUR]
    assert len(slots_of(START, NEVER)) == HOURS
    assert slots_of(START, START) == []


@pytest.mark.parametrize(
    ("zone", "hour", "wait"),
    [
        (LONDON, 9, 0),  # it is Monday 9 o'clock there
        (LONDON, 15, 6),
        (LONDON, 8, 167),  # it has passed: next Monday
        (TOKYO, 18, 0),
        (TOKYO, 24 + 9, 15),
    ],
)
def test_the_best_hour_is_on_the_persons_clock(zone: ZoneInfo, hour: int, wait: int) -> None:
    slots = slots_of(START, NEVER)
    assert best_slot(score(hour), slots, zone, None) == START + wait * HOUR
    assert hour_of_week(START + wait * HOUR, zone) == hour


def test_of_whom_nothing_is_known_the_message_goes_at_once() -> None:
    slots = slots_of(START, NEVER)
    for advice in (None, score(20, hours=()), score(20, best_hours=BestHours.NOW)):
        assert best_slot(advice, slots, LONDON, None) == START


def test_an_hour_that_is_forbidden_is_passed_over() -> None:
    slots = slots_of(START, NEVER)
    found = best_slot(score(22), slots, LONDON, Daily(8, 20))
    assert found == START  # all other hours are alike
    curve = [0.1] * HOURS
    curve[22], curve[19] = 0.9, 0.8
    assert best_slot(score(0, hours=tuple(curve)), slots, LONDON, Daily(8, 20)).hour == 19


@given(
    best=st.integers(0, HOURS - 1),
    first=st.integers(0, 22),
    length=st.integers(1, 5),
    begin=st.integers(0, 10_000),
)
def test_no_choice_is_outside_of_the_hours(best: int, first: int, length: int, begin: int) -> None:
    opens = Daily(first, first + length)
    slots = slots_of(START + timedelta(minutes=begin), NEVER)
    at = best_slot(score(best), slots, LONDON, opens)
    assert opens.opening(at) == at


async def times(shop: Campaigning) -> list[datetime]:
    key = (await shop.record()).key
    members = await shop.deciding.world.database.read(lambda c: members_after(c, key, "", 100))
    when = {member.person: member.send_at for member in members}
    return [when[person] for person in shop.persons]


async def advise(shop: Campaigning, *scores: Score) -> None:
    await shop.deciding.world.database.write(lambda c: put_scores(c, scores, START))


async def test_each_has_their_own_hour_and_is_decided_then(shop: Campaigning) -> None:
    await shop.know(3)
    await advise(shop, score(12, 0), score(24 + 9, 1))
    await shop.launch(SALE + 'timing = "best_hour"')
    assert await times(shop) == [START + 3 * HOUR, START + 24 * HOUR, START]
    await shop.engine.tick()
    assert await shop.left() == 2
    shop.deciding.world.clock.instant += 3 * HOUR
    await shop.engine.tick()
    assert await shop.left() == 1


async def test_scores_of_long_ago_are_advice_no_more(shop: Campaigning) -> None:
    await shop.know(1)
    await advise(shop, score(12, 0, made_at=START - timedelta(days=15)))
    await shop.launch(SALE + 'timing = "best_hour"')
    assert await times(shop) == [START]


async def test_a_best_hour_is_before_the_end(shop: Campaigning) -> None:
    await shop.know(1)
    await advise(shop, score(20, 0))
    await shop.launch(SALE + 'timing = "best_hour"\ndeadline = 2026-11-23T12:00:00')
    assert await times(shop) == [START]


async def test_a_plan_puts_no_more_into_an_hour_than_the_lines_can_send(
    shop: Campaigning,
) -> None:
    """Everybody's best hour is the same, and it holds nine tenths of 10."""
    shop.launcher = shop.another_launcher(per_hour=10)
    shop.hours_of = lambda *_: Daily(8, 20)
    await shop.know(25)
    await advise(shop, *(score(14, which) for which in range(25)))
    launched = await shop.launch(SALE + 'timing = "planned"')
    assert launched.remarks == ()
    found = Counter(await times(shop))
    assert max(found.values()) <= 9
    assert found[START + 5 * HOUR] == 9
    assert all(8 <= at.hour < 20 for at in found)


def test_who_finds_no_room_has_the_last_hour() -> None:
    slots = slots_of(START, START + 2 * HOUR)
    wishes = Wishes(slots=slots)
    for _ in range(5):
        wishes.add([0.2, 0.1], None)
    found = Counter(plan(wishes, 2.3))
    assert found == {slots[0]: 2, slots[1]: 3}


async def test_without_the_planner_each_has_their_best_hour_and_the_launch_says_so(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name.startswith("scoring.planner"):
            raise ImportError(name)
        return real(name, *rest)

    await shop.know(2)
    await advise(shop, score(12, 0))
    monkeypatch.setattr(builtins, "__import__", absent)
    launched = await shop.launch(SALE + 'timing = "planned"')
    assert "the planner is not installed" in launched.remarks[0]
    assert await times(shop) == [START + 3 * HOUR, START]


def test_very_many_are_not_planned_for_together() -> None:
    wishes = Wishes(slots=[START], values=[[1.0]] * (MOST + 1))
    with pytest.raises(NoPlanError, match="200,000"):
        plan(wishes, 1)


async def test_who_may_not_be_written_to_yet_stays_a_member_until_then(
    shop: Campaigning,
) -> None:
    """Nothing of it is queued: the queue is for what can go."""
    world, until = shop.deciding.world, START + 2 * HOUR
    await shop.know(2)

    class Later:
        def decide_all(self, _: Any, questions: Any) -> list[Any]:
            return [
                Deferred(until=until, reason="window") if now < until else Allowed()
                for _asked, now in questions
            ]

    engine = shop.another_engine()
    engine._dealer._gate = Later()  # type: ignore[assignment]
    await shop.launch()
    await engine.tick()
    assert (await shop.states(), await times(shop)) == ({}, [until, until])
    world.clock.instant = until
    await engine.tick()
    assert await shop.states() == {"accepted": 2}
