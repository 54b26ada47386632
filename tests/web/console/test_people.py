"""Persons in the console: found by a form, shown under the pseudonym, and what they wish done."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from support.consoling import Console, rights_but
from support.hostile import HOSTILE, look_at
from support.persons import GERMAN, Person
from support.world import ACME, IDENTITIES, START, World

from gateway.access import Right
from gateway.db.console.audit import Entry, Sift, read_entries
from gateway.db.persons import put_persons
from gateway.db.scores import put_scores
from gateway.domain.score import BestHours, Score
from gateway.domain.states import JobState

PERSON = IDENTITIES.of("+447700900123")
HERE = f"/people/acme/{PERSON}"


@pytest.fixture
async def ada(world: World) -> Person:
    """Somebody who was sent a message, wrote back, and is known to the store."""
    ada = Person(world)
    await ada.is_sent("shipped-1")
    await ada.writes("Is it blue?")
    facts = {"language": "en", "postal_code": "SW1A"}
    told = [(ACME, PERSON, ada.number, START, facts)]
    await world.database.write(lambda c: put_persons(c, told))
    return ada


async def entries(world: World, *actions: str) -> list[Entry]:
    found = await world.database.read(lambda c: read_entries(c, Sift(), 100))
    return [one for one in found if not actions or one.action in actions]


async def test_a_search_leads_to_the_pseudonym(desk: Console, ada: Person, world: World) -> None:
    found = await desk.browser.post("/people", data={"number": "07700 900123"})
    assert (found.status_code, found.headers["location"]) == (303, HERE)
    [entry] = await entries(world, "person.search")
    assert (entry.actor, entry.subject, entry.result) == ("user:ada", PERSON, "done")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"number": "+447700900999"}, "Nothing is kept of this number"),
        ({"number": "blue"}, "The number is not a phone number"),
        ({"number": ""}, "Number is missing"),
        ({"number": "a\0b"}, "right: a text without NUL"),
        ({"customer": "c-1", "store": ""}, "Say whose customer"),
        ({"customer": "nobody", "store": "acme"}, "Nothing is kept of this"),
    ],
)
async def test_a_search_that_finds_nobody_says_why(
    desk: Console, ada: Person, world: World, data: dict[str, str], said: str
) -> None:
    answer = await desk.browser.post("/people", data=data)
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert "7700900" not in repr(await entries(world))


async def test_a_person_is_found_by_what_the_store_calls_them(
    desk: Console, ada: Person, world: World
) -> None:
    from sqlalchemy import update

    from gateway.db.tables import PERSONS

    await world.database.write(lambda c: c.execute(update(PERSONS).values(customer="c-1")))
    found = await desk.browser.post("/people", data={"customer": "c-1", "store": "acme"})
    assert found.headers["location"] == HERE


async def test_a_page_has_what_is_known(desk: Console, ada: Person, world: World) -> None:
    await ada.changes(source="https://acme.example/form", text_version="v1", language="en")
    score = Score(
        store=ACME,
        person_id=PERSON,
        churn=0.25,
        value=120.0,
        value_low=80.0,
        value_high=160.0,
        next_order_at=None,
        hours=(0.0,) * 168,
        best_hours=BestHours.PERSONAL,
        buy_again=("p-7",),
        new_for_you=(),
        uplift=None,
        horizon_days=90,
        model_id="m-1",
        made_at=START - timedelta(hours=5),
    )
    await world.database.write(lambda c: put_scores(c, [score], START))
    page = look_at(await desk.page(HERE)).text
    for said in ("+447700900123", "Is it blue?", "has shipped", "SW1A", "granted", "v1 (en)"):
        assert said in page, said
    assert "https://acme.example/form" in page
    assert "25" in page
    assert "5 h ago" in page
    [entry] = await entries(world, "person.show")
    assert entry.subject == PERSON


async def test_a_person_of_whom_no_store_told_is_shown_after_a_search_alone(
    desk: Console, world: World
) -> None:
    bert = Person(world, GERMAN)
    await bert.is_sent("order-9")
    where = f"/people/acme/{IDENTITIES.of(GERMAN)}"
    assert (await desk.browser.get(where)).status_code == 404
    await desk.browser.post("/people", data={"number": GERMAN})
    assert GERMAN in await desk.page(where)


@pytest.mark.parametrize(
    "path",
    ["/people/acme/+447700900123", "/people/acme/447700900123", "/people/acme/x"],
)
async def test_a_number_in_an_address_is_nobody_and_not_kept(
    desk: Console, ada: Person, world: World, path: str
) -> None:
    answer = await desk.browser.get(path)
    assert answer.status_code == 404
    assert "7700900" not in answer.text.replace("7700 900123", "")
    assert await entries(world) == []


async def test_who_may_not_is_not_let_in(desk: Console, ada: Person) -> None:
    desk.visitor = rights_but(Right.PEOPLE)
    for path in ("/people", HERE, f"{HERE}/erase"):
        assert (await desk.browser.get(path)).status_code == 403
    assert (await desk.browser.post(f"{HERE}/erase", data={"digits": "0123"})).status_code == 403


@pytest.mark.rule("G-5")
async def test_an_export_is_a_file_named_by_the_pseudonym(
    desk: Console, ada: Person, world: World
) -> None:
    assert "Everything, as JSON" in await desk.page(f"{HERE}/export")
    answer = await desk.browser.post(f"{HERE}/export", data={"form": "json"})
    assert answer.headers["content-disposition"] == f'attachment; filename="person-{PERSON}.json"'
    assert answer.headers["cache-control"] == "no-store"
    document = json.loads(answer.text)
    assert [one["id"] for one in document["data"]["messages"]] == ["shipped-1"]
    table = await desk.browser.post(f"{HERE}/export", data={"form": "csv"})
    header, *rows = csv.reader(io.StringIO(table.text))
    assert header == ["part", "store", "at", "what", "value"]
    assert [rows[0][0], *rows[0][1:2], *rows[0][3:]] == ["replies", "", "text", "Is it blue?"]
    assert len(await entries(world, "person.export")) == 2


@pytest.mark.rule("G-8", "G-10")
@pytest.mark.parametrize(("wish", "badge"), [("restrict", "restricted"), ("object", "objects")])
async def test_a_wish_is_explained_asked_for_and_done(
    desk: Console, ada: Person, world: World, wish: str, badge: str
) -> None:
    assert f'action="{HERE}/{wish}"' in await desk.page(f"{HERE}/{wish}")
    done = await desk.browser.post(f"{HERE}/{wish}")
    assert (done.status_code, done.headers["location"]) == (303, HERE)
    assert f"</svg>{badge}</span>" in await desk.page(HERE)
    [entry] = await entries(world, f"person.{wish}")
    assert (entry.subject, entry.result) == (PERSON, "done")
    [event] = [one for one in await ada.history() if one.actor == "user:ada"]
    assert event.action.value.startswith(wish[:6])


async def test_a_restriction_ends(desk: Console, ada: Person) -> None:
    await desk.browser.post(f"{HERE}/restrict")
    assert "End the restriction" in await desk.page(HERE)
    await desk.browser.post(f"{HERE}/unrestrict")
    assert "</svg>restricted</span>" not in await desk.page(HERE)


@pytest.mark.rule("G-7")
async def test_an_erasure_wants_the_last_four_digits(
    desk: Console, ada: Person, world: World
) -> None:
    for digits in ("", "0124", "900123"):
        refused = await desk.browser.post(f"{HERE}/erase", data={"digits": digits})
        assert refused.status_code == 422
        assert "not the last four digits" in refused.text
    assert "Is it blue?" in await desk.page(HERE)
    done = await desk.browser.post(f"{HERE}/erase", data={"digits": "0123"})
    assert done.status_code == 303
    page = await desk.page(HERE)
    assert "</svg>erased</span>" in page
    assert "Is it blue?" not in page
    assert ada.number not in page
    assert await world.database.read(lambda c: _jobs(c)) == 0


def _jobs(connection: Any) -> int:
    from sqlalchemy import func, select

    from gateway.db.tables import JOBS

    return int(connection.scalar(select(func.count()).select_from(JOBS)))


@pytest.mark.rule("G-1", "G-3")
async def test_a_consent_is_written_down_with_its_source_and_taken_back(
    desk: Console, ada: Person, world: World
) -> None:
    words = {"purpose": "marketing.offers", "source": "paper form 12", "text_version": "v1"}
    without = await desk.browser.post(f"{HERE}/grant", data=words | {"source": ""})
    assert "Say how they told it" in without.text
    unknown = await desk.browser.post(f"{HERE}/grant", data=words | {"text_version": "v9"})
    assert unknown.status_code == 422
    assert (await desk.browser.post(f"{HERE}/grant", data=words)).status_code == 303
    page = look_at(await desk.page(HERE)).text
    assert "paper form 12" in page
    assert "Yes, Acme may send me offers" in page
    assert await ada.may_be_advertised_to("sale-1")
    no = {"purpose": "marketing", "source": "call"}
    assert (await desk.browser.post(f"{HERE}/withdraw", data=no)).status_code == 303
    assert (await world.job("sale-1")).state is JobState.CANCELLED
    again = await desk.browser.post(f"{HERE}/grant", data=words)
    assert again.status_code == 409
    assert "took marketing.offers back" in again.text
    assert [one.action for one in await entries(world) if one.action.startswith("consent")] == [
        "consent.grant", "consent.withdraw", "consent.grant", "consent.grant",
    ]  # fmt: skip


async def test_a_source_with_the_number_in_it_is_refused(desk: Console, ada: Person) -> None:
    words = {"purpose": "marketing.offers", "source": "call from 07700 900123"}
    answer = await desk.browser.post(f"{HERE}/grant", data=words | {"text_version": "v1"})
    assert answer.status_code == 422
    assert "holds the person" in answer.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_that_a_store_or_a_person_says_runs(
    desk: Console, ada: Person, world: World, text: str
) -> None:
    from sqlalchemy import insert, update

    from gateway.db.tables import ORDER_LINES, ORDERS, PERSONS

    order = {"store": ACME, "order_id": text[:128], "person": PERSON, "status": text[:64]}
    order |= {"currency": "GBP", "coupon": text[:128], "items": 1, "placed_at": START}
    line = {"store": ACME, "order_id": text[:128], "line": 1, "product_id": text[:128]}
    line |= {"name": text[:256], "quantity": 1, "price": 1}

    def write(connection: Any) -> None:
        instants = {"status_at": START, "changed_at": START}
        connection.execute(insert(ORDERS), order | instants)
        connection.execute(insert(ORDER_LINES), line)
        told = {"first_name": text[:64], "customer": text[:128], "postal_code": text[:16]}
        connection.execute(update(PERSONS).values(**told))

    await world.database.write(write)
    await ada.changes(
        source=text[:500], actor=text[:64], language="de", evidence={text[:40]: [text]}
    )
    await ada.writes_in_parts(*[text[at : at + 60] for at in range(0, len(text), 60)][:10])
    look_at(await desk.page(HERE))
    for wish in ("grant", "withdraw", "erase", "object", "nonsense"):
        form = dict.fromkeys(("purpose", "source", "text_version", "language", "digits"), text)
        look_at((await desk.browser.post(f"{HERE}/{wish}", data=form)).text)
    look_at((await desk.browser.post("/people", data={"number": text})).text)
    look_at((await desk.browser.post("/people", data={"customer": text, "store": text})).text)
