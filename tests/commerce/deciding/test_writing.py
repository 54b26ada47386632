"""A store names a template instead of a text; the job is worded when it is taken, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from support.deciding import LONDON, Desk
from support.goods import put_customer
from support.wordings import library
from support.world import ACME, IDENTITIES, RECIPIENT, World, request

from gateway.commerce.deciding import Shop, Voice
from gateway.commerce.deciding.writing import TemplateWriter
from gateway.db import Database
from gateway.domain.purpose import Purpose
from gateway.mqtt import parse_job

SHOPS = library(
    shipped_en="{{ store.brand }}: {{ first_name | default('Hi') }}, {{ order.id }} is on its way.",
    shipped_de="{{ store.brand }}: {{ first_name | default('Hallo') }}, {{ order.id }} kommt.",
    link_en="See {{ url | short('p1') }}",
    price_en="{{ total }} on {{ at | date }}, {{ at | time }}",
    broken_en="{{ order.id > 3 }}",
    long_en="{{ order.id }}" * 9,
    sale_en="Sale",
)
VARS = {"order": {"id": "1001"}}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def writer(desk: Desk) -> TemplateWriter:
    shop = Shop(voice=Voice(brand="Acme"), zone=LONDON, library=SHOPS)
    return TemplateWriter({ACME: shop}, IDENTITIES, desk)


@pytest.fixture
async def world(database_url: str, writer: TemplateWriter) -> AsyncIterator[World]:
    async with Database.open(database_url) as database:
        yield World(database, writer=writer)


async def take(world: World, template: str, job: str = "a", **fields: Any) -> str:
    """Admit a job; return its text, or the code of its refusal."""
    values = {"text": "", "template": template, "vars": VARS} | fields
    [refused] = await world.admit(request(job, **values))
    return (await world.job(job)).text if refused is None else refused.code


async def know(world: World, **facts: Any) -> None:
    await world.database.write(lambda connection: put_customer(connection, **facts))


async def test_a_stranger_is_written_to_in_the_stores_language(world: World) -> None:
    assert await take(world, "shipped") == "Acme: Hi, 1001 is on its way."


async def test_a_person_is_written_to_in_their_own_words(world: World) -> None:
    await know(world, language="de-AT", first_name="Jörg")
    assert await take(world, "shipped") == "Acme: Jörg, 1001 kommt."


async def test_what_the_store_gives_wins_over_what_it_told(world: World) -> None:
    await know(world)
    given = VARS | {"first_name": "Sir"}
    assert await take(world, "shipped", vars=given) == "Acme: Sir, 1001 is on its way."


async def test_the_same_template_and_values_are_the_same_job_though_it_was_edited(
    world: World, writer: TemplateWriter
) -> None:
    first = await take(world, "shipped")
    for edited in (library(shipped_en="Another text"), library()):
        shop = Shop(voice=Voice(brand="Acme"), zone=LONDON, library=edited)
        writer.shops = {ACME: shop}
        assert await take(world, "shipped") == first
    assert await take(world, "shipped", vars={"order": {"id": "2"}}) == "conflict"
    assert await take(world, "sale") == "conflict"
    assert [one["state"] for one in await world.said()] == ["accepted"] * 3


async def test_the_order_of_values_makes_no_other_job(world: World) -> None:
    first = {"order": {"id": "1"}, "first_name": "A"}
    text = await take(world, "shipped", vars=first)
    assert await take(world, "shipped", vars=dict(reversed(first.items()))) == text


@pytest.mark.parametrize(
    ("template", "values", "code", "field", "says"),
    [
        ("shiped", VARS, "unknown_template", "template", "there are: broken, link"),
        ("shipped", {}, "invalid_value", "vars", "template shipped: line 1: order.id is not known"),
        ("broken", VARS, "invalid_value", "template", "line 1: does not fit"),
        ("long", {"order": {"id": "x" * 199}}, "too_many_parts", "template", "12 parts"),
        ("link", {"url": "x"}, "invalid_value", "template", "short is of a url"),
    ],
)
async def test_what_cannot_be_worded_is_refused_with_the_reason(
    world: World, template: str, values: dict[str, Any], code: str, field: str, says: str
) -> None:
    assert await take(world, template, vars=values) == code
    [rejected] = await world.said("rejected")
    assert (rejected["id"], rejected["error"]["field"]) == ("a", field)
    assert says in rejected["error"]["message"]
    assert RECIPIENT not in rejected["error"]["message"]


async def test_one_that_is_refused_does_not_keep_the_others(world: World) -> None:
    jobs = [
        request(name, text="", template=template, vars=VARS)
        for name, template in (("a", "shipped"), ("b", "none"), ("c", "shipped"))
    ]
    refused = await world.admit(*jobs)
    assert [None if one is None else one.code for one in refused] == [
        None, "unknown_template", None,
    ]  # fmt: skip


async def test_a_refused_job_may_come_again_once_the_template_is_there(
    world: World, writer: TemplateWriter
) -> None:
    assert await take(world, "later") == "unknown_template"
    shop = Shop(voice=Voice(brand="Acme"), zone=LONDON, library=library(later_en="Now"))
    writer.shops = {ACME: shop}
    assert await take(world, "later") == "Now"


async def test_amounts_and_instants_come_as_json_has_them(world: World) -> None:
    values = {"total": {"amount": "12.50", "currency": "EUR"}, "at": "2026-08-05T22:30:00Z"}
    assert await take(world, "price", vars=values) == "€12.50 on Wed 5 Aug, 23:30"


async def test_a_number_with_a_point_is_exact_and_the_same_job_again(world: World) -> None:
    payload = (
        b'{"id": "a", "to": "+447700900123", "purpose": "transactional", "template": "price",'
        b' "vars": {"total": {"amount": 12.50, "currency": "EUR"}, "at": "2026-08-05T10:00:00Z"}}'
    )
    for _ in range(2):
        assert await world.admit(parse_job(ACME, payload)) == [None]
    assert (await world.job("a")).text == "€12.50 on Wed 5 Aug, 11:00"


@pytest.mark.parametrize(
    ("purpose", "level"), [(Purpose.TRANSACTIONAL, "none"), (Purpose.MARKETING, "aggregate")]
)
async def test_a_link_is_made_short_and_tracked_for_nobody_alone(
    world: World, desk: Desk, purpose: Purpose, level: str
) -> None:
    await world.allow()
    url = "https://track.example/1"
    text = await take(world, "link", vars={"url": url}, purpose=purpose)
    assert text == "See s.example/l/1"
    [link] = desk.links
    assert (link["url"], link["level"], link["person"], link["product_id"]) == (
        url, level, None, "p1",
    )  # fmt: skip
    assert url in link["told"]


async def test_what_the_gate_asks_is_asked_of_the_text(
    world: World, writer: TemplateWriter
) -> None:
    assert await take(world, "sale", purpose=Purpose.MARKETING) == "no_consent"


async def test_a_store_without_a_folder_has_no_templates(
    world: World, writer: TemplateWriter
) -> None:
    writer.shops = {}
    assert await take(world, "shipped") == "unknown_template"


async def test_a_gateway_without_shops_has_no_templates(database_url: str) -> None:
    async with Database.open(database_url) as database:
        assert await take(World(database), "shipped") == "unknown_template"


async def test_a_day_is_written_as_where_the_person_lives(world: World) -> None:
    values = {"total": {"amount": "1", "currency": "USD"}, "at": "2026-08-05T10:00:00Z"}
    await know(world, language="en", country="US", timezone="America/New_York")
    assert await take(world, "price", vars=values) == "$1.00 on Wed, Aug 5, 6:00 AM"
