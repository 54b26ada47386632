"""What a file brings is worth what the law of the recipient's country says it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support.sheets import CONFIRMED, FORM, NOW, NUMBER, SOLD, bring
from support.world import ACME, IDENTITIES, World

from gateway.consent.gate import ConsentGate
from gateway.consent.law import Law, StoreRules
from gateway.consent.permission import Permission
from gateway.control.consents import ConsentDesk
from gateway.db import Database
from gateway.domain.consent import Asked
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Allowed

GERMAN, CANADIAN = "+491701234567", "+14165550123"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with Database.open(database_url) as database:
        world = World(database)
        world.clock.instant = NOW
        yield world


async def is_allowed(
    world: World, number: str, *, category: str | None = None, now: datetime = NOW
) -> bool:
    law = Law(stores={ACME: StoreRules(zone=FORM.zone)})
    gate = ConsentGate(IDENTITIES, [Permission(law.consent_rules)])
    asked = Asked(
        store=ACME,
        recipient=number,
        purpose=Purpose.MARKETING,
        job=JobId("offer"),
        category=category,
    )
    return isinstance(await world.database.read(lambda c: gate.decide(c, asked, now)), Allowed)


@pytest.mark.parametrize(
    ("row", "number", "right"),
    [
        pytest.param({}, NUMBER, True, marks=pytest.mark.rule("UK-1", "G-1")),
        pytest.param({}, GERMAN, False, marks=pytest.mark.rule("DE-1")),
        pytest.param(CONFIRMED, GERMAN, True, marks=pytest.mark.rule("DE-1")),
        pytest.param(
            {"opt_in_level": "confirmed_opt_in"}, GERMAN, False, marks=pytest.mark.rule("DE-1")
        ),
    ],
)
async def test_a_consent_is_held_to_the_country_of_the_number(
    world: World, row: dict[str, Any], number: str, *, right: bool
) -> None:
    await ConsentDesk(world.context, world.admission).bring([bring(phone=number, **row)])
    assert await is_allowed(world, number) is right


@pytest.mark.rule("E-1")
async def test_a_soft_opt_in_is_one_to_similar_products(world: World) -> None:
    await ConsentDesk(world.context, world.admission).bring([bring(**SOLD)])
    found = [await is_allowed(world, NUMBER, category=one) for one in ("tea", "shoes", None)]
    assert found == [True, False, False]


@pytest.mark.rule("CA-1")
async def test_what_a_purchase_implies_is_blocked_after_two_years(world: World) -> None:
    row = bring(**SOLD, phone=CANADIAN, at="2026-03-01T09:30:00Z")
    await ConsentDesk(world.context, world.admission).bring([row])
    days = [datetime(2028, month, 1, tzinfo=UTC) for month in (2, 3)]
    found = [await is_allowed(world, CANADIAN, category="tea", now=day) for day in days]
    assert found == [True, False]


@pytest.mark.rule("G-6")
async def test_another_number_needs_a_consent_of_its_own(world: World) -> None:
    await ConsentDesk(world.context, world.admission).bring([bring()])
    assert await is_allowed(world, NUMBER)
    assert not await is_allowed(world, "+447700900124")
