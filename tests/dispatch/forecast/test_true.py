"""What a forecast says is what then happens: the queue is sent, on a clock that a test moves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from support.inline import InlineDatabase
from support.timed import Lines, LoopClock, slow
from support.world import ACME, IDENTITIES, World, change, request

from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator
from gateway.consent.rulebook import Rulebook, Stated
from gateway.consent.wording.rule import StoreWording
from gateway.dispatch import ChangeRequest, Fleet, LinePlan
from gateway.dispatch.forecast.available import Available, Stable
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.forecaster import Forecaster
from gateway.dispatch.forecast.question import Question
from gateway.domain.destination import Destinations
from gateway.domain.ids import JobId, LineId, ModemName, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.tariff import Tariff

pytestmark = pytest.mark.looptime

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 19, 50, tzinfo=UTC)
OTHER = StoreName("other")
TEXT = "Acme: your order is on its way. Reply STOP to end."
LONG = TEXT + " " + "We told you more than fits into one of them." * 4


@pytest.fixture
async def lawful(tmp_path: Path, empty_file: Path) -> AsyncIterator[Lines]:
    """Lines at work under all the rules of the gate."""
    voice = StoreWording(brand="Acme", country="GB", help_contact="help@acme.example")
    stated = Stated(
        stores={ACME: StoreRules(), OTHER: StoreRules()},
        operator=Operator(),
        wording={ACME: voice, OTHER: voice},
    )
    database = InlineDatabase(copyfile(empty_file, tmp_path / "queue.db"))
    stores = {ACME: voice, OTHER: voice}
    made = Lines(World(database, clock=LoopClock(MORNING), stores=stores, stated=stated))
    yield made
    await made.stop()
    await database.close()


def numbers(count: int, first: int = 0) -> list[str]:
    return [f"+447700{900000 + first + n}" for n in range(count)]


def service(count: int, text: str = TEXT) -> Question:
    """An order update to so many persons."""
    return Question(
        store=ACME,
        country="GB",
        purpose=Purpose.TRANSACTIONAL,
        text=text,
        recipients=numbers(count),
    )


async def foretell(lines: Lines, plans: dict[str, LinePlan], question: Question) -> Forecast:
    world = lines.world
    assert world.rulebook is not None
    rulebook: Rulebook = world.rulebook
    forecaster = Forecaster(
        gate=rulebook.gate,
        hours_of=rulebook.openings,
        stable=Stable(fleet=Fleet(plans=plans), rules=rulebook.lines, zone=UTC),
        router=world.router,
        known=world.context.known,
        destinations=Destinations(),
        limits=lines.shared.limits,
    )
    there = [Available(line=LineId(f"line-{name}"), modem=ModemName(name)) for name in plans]
    now = world.clock.now()
    return await world.database.read(lambda c: forecaster.ask(c, [question], there, now))


async def really(
    lines: Lines, plans: dict[str, LinePlan], question: Question, **jobs: Any
) -> float:
    """Publish what was asked about, have all of it sent; return when the last of it went."""
    world = lines.world
    entries = [
        request(f"asked-{n}", to=number, text=question.text, purpose=question.purpose, **jobs)
        for n, number in enumerate(question.recipients)
    ]
    refused = await world.admit(*entries)
    assert refused == [None] * len(entries)
    began = world.clock.now()
    lines.start(**plans)
    keeper = asyncio.create_task(_keep_time(world))
    try:
        while len(await _sent(world)) < len(entries):  # noqa: ASYNC110 -- the loop moves the clock
            await asyncio.sleep(900)
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper
    return (max(await _sent(world)) - began).total_seconds()


async def _keep_time(world: World) -> None:
    while True:
        await world.timekeeper.tick()
        await asyncio.sleep(60)


async def _sent(world: World) -> list[datetime]:
    said = [one for one in await world.said() if one["id"].startswith("asked-")]
    return [datetime.fromisoformat(one["at"]) for one in said if one["state"] == "sent"]


async def wait_in_the_queue(lines: Lines, count: int, **fields: Any) -> None:
    batch = [
        request(f"waiting-{n}", to=number, **fields)
        for n, number in enumerate(numbers(count, first=5_000))
    ]
    assert await lines.world.admit(*batch) == [None] * count


def within(forecast: Forecast, lines: Lines, real: float) -> None:
    """The aim of the house: right to 5 % of the finish."""
    assert forecast.last_at is not None
    foretold = (forecast.last_at - lines.world.clock._start).total_seconds()
    assert foretold == pytest.approx(real, rel=0.05)


SLOW, FAST = LinePlan(per_second=0.1), LinePlan(per_second=1 / 3)


@pytest.mark.parametrize(
    "plans",
    [
        pytest.param({"m0": FAST, "m1": FAST, "m2": FAST, "m3": FAST}, id="equal lines"),
        pytest.param({"m0": FAST, "m1": SLOW, "m2": SLOW}, id="a fast one and slow ones"),
        pytest.param(
            {"m0": FAST, "m1": LinePlan(per_second=1 / 3, jitter=True)}, id="one with jitter"
        ),
        pytest.param(
            {"m0": SLOW, "m1": LinePlan(per_second=1, hourly_limit=40)}, id="one with a budget"
        ),
        pytest.param(
            {
                "m0": LinePlan(per_second=1 / 3, tariff=Tariff(part=Decimal("0.02"))),
                "m1": LinePlan(per_second=1, tariff=Tariff(part=Decimal("0.09"))),
            },
            id="a cheap one and a dear one",
        ),
    ],
)
async def test_the_last_message_goes_when_it_was_said(
    lawful: Lines, plans: dict[str, LinePlan]
) -> None:
    question = service(150)
    foretold = await foretell(lawful, plans, question)
    within(foretold, lawful, await really(lawful, plans, question))


async def test_long_messages_beside_those_of_another_store_and_behind_codes(
    lawful: Lines,
) -> None:
    plans = {"m0": FAST, "m1": FAST, "m2": SLOW}
    await wait_in_the_queue(lawful, 60, store=OTHER, text=TEXT)
    codes = [
        request(f"code-{n}", to=number, purpose=Purpose.OTP)
        for n, number in enumerate(numbers(20, first=8_000))
    ]
    await lawful.world.admit(*codes)
    question = service(40, LONG)
    foretold = await foretell(lawful, plans, question)
    assert foretold.parts_each == 2
    within(foretold, lawful, await really(lawful, plans, question))


async def test_a_limit_that_lines_share(lawful: Lines) -> None:
    plans = {"m0": FAST, "m1": FAST, "m2": FAST}
    lawful.shared.limits = [slow(0.25, store=ACME)]
    question = service(100)
    foretold = await foretell(lawful, plans, question)
    within(foretold, lawful, await really(lawful, plans, question))


async def test_marketing_that_the_evening_cuts_off(lawful: Lines) -> None:
    plans = {"m0": LinePlan(per_second=0.1)}
    world, persons = lawful.world, numbers(120)
    world.clock.instant = EVENING
    grants = tuple(change(number=number) for number in persons)
    assert await world.admit(ChangeRequest(store=ACME, id=JobId("c"), changes=grants)) == [None]
    assert IDENTITIES.of(persons[0]) == grants[0].event.person
    question = Question(
        store=ACME, country="GB", purpose=Purpose.MARKETING, text=TEXT, recipients=persons
    )
    foretold = await foretell(lawful, plans, question)
    assert (foretold.persons, foretold.outside_window) == (120, 0)
    assert foretold.last_at is not None
    assert foretold.last_at.day == EVENING.day + 1, "an evening has no room for all of it"
    within(foretold, lawful, await really(lawful, plans, question))
