"""What is looked for once a day: in the morning of each person's own day, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.events import CUSTOMER
from support.flows import Flowing, Shop
from support.scores import score
from support.world import RECIPIENT

from gateway.db.scores import put_scores

SYDNEY = "+61491570006"
WISH = "birthday for Ada"


async def ticks(flowing: Flowing, until: datetime, every: timedelta) -> None:
    """Let time pass in steps, with a new process at each."""
    while flowing.now() < until:
        flowing.restart()
        await flowing.passes(seconds=every.total_seconds())


async def sent_at(flowing: Flowing, flow: str = "birthday") -> list[datetime]:
    runs = [run for run in await flowing.runs(flow) if run.person and run.state == "decided"]
    return [(await flowing.decision(run)).decided_at for run in runs]


async def test_a_wish_comes_in_the_morning_of_the_persons_own_day(shop: Shop) -> None:
    flowing = await shop("birthday")
    await flowing.happens(CUSTOMER, phone=RECIPIENT, birthday="11-25")
    await flowing.knows(SYDNEY, "9000", birthday="11-25", timezone="Australia/Sydney")
    await flowing.world.allow(number=SYDNEY, person=flowing.person(SYDNEY))
    await ticks(flowing, datetime(2026, 11, 26, 12, tzinfo=UTC), timedelta(hours=1))
    assert sorted(await sent_at(flowing)) == [
        datetime(2026, 11, 24, 22, tzinfo=UTC),
        datetime(2026, 11, 25, 9, tzinfo=UTC),
    ]


async def test_who_was_born_on_29_february_is_wished_well_on_the_28th(shop: Shop) -> None:
    flowing = await shop("birthday")
    await flowing.happens(CUSTOMER, phone=RECIPIENT, birthday="02-29")
    flowing.world.clock.instant = datetime(2027, 2, 26, tzinfo=UTC)
    await ticks(flowing, datetime(2027, 3, 3, tzinfo=UTC), timedelta(hours=3))
    assert await sent_at(flowing) == [datetime(2027, 2, 28, 9, tzinfo=UTC)]


async def test_a_gateway_that_was_away_in_the_morning_wishes_later_and_not_the_next_day(
    shop: Shop,
) -> None:
    flowing = await shop("birthday")
    await flowing.happens(CUSTOMER, phone=RECIPIENT, birthday="11-25")
    flowing.world.clock.instant = datetime(2026, 11, 25, 15, tzinfo=UTC)
    await flowing.passes()
    assert await flowing.sent() == [WISH]


async def test_a_day_that_is_over_is_not_made_up_for(shop: Shop) -> None:
    flowing = await shop("birthday")
    await flowing.happens(CUSTOMER, phone=RECIPIENT, birthday="11-25")
    flowing.world.clock.instant = datetime(2026, 11, 26, 6, tzinfo=UTC)
    await flowing.passes()
    await flowing.passes(days=2)
    assert await flowing.sent() == []


async def scored(flowing: Flowing, churn: float | None) -> None:
    now = flowing.now()
    made = score(flowing.person(RECIPIENT), churn=churn, made_at=now)
    await flowing.world.database.write(lambda c: put_scores(c, [made], now))


async def test_who_may_be_lost_is_written_to_once_in_so_long(shop: Shop) -> None:
    flowing = await shop("win-back")
    for _ in range(4):
        await scored(flowing, 0.8)
        await ticks(flowing, flowing.now(days=1), timedelta(hours=4))
    assert await flowing.sent() == ["win-back for Ada"]
    assert len([run for run in await flowing.runs() if run.person]) == 1


@pytest.mark.parametrize("churn", [0.69, None])
async def test_who_is_not_likely_to_be_lost_is_left_alone(shop: Shop, churn: float | None) -> None:
    flowing = await shop("win-back")
    await scored(flowing, churn)
    await ticks(flowing, flowing.now(days=2), timedelta(hours=6))
    assert await flowing.sent() == []


async def test_stale_scores_say_nothing(shop: Shop) -> None:
    flowing = await shop("win-back")
    await scored(flowing, 0.9)
    flowing.world.clock.instant += timedelta(days=60)
    await ticks(flowing, flowing.now(days=2), timedelta(hours=6))
    assert await flowing.sent() == []


async def test_who_is_safe_by_the_morning_is_not_won_back(shop: Shop) -> None:
    flowing = await shop("win-back")
    await scored(flowing, 0.8)
    await flowing.passes()
    [run] = [run for run in await flowing.runs() if run.person and run.state == "waiting"]
    await scored(flowing, 0.2)
    await ticks(flowing, run.due_at + timedelta(hours=1), timedelta(hours=6))
    assert ("dropped", "risk_low") in await flowing.states()
