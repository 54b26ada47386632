"""A person writes stop: it is kept, all that waits is cancelled, and it is confirmed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from support.persons import AMERICAN, BELA, BOOKS, LINE, Person, own_jobs, send_waiting
from support.world import ACME, ACME_WORDING, World

from gateway.consent.wording.rule import StoreWording
from gateway.db import Database
from gateway.domain.consent import Action, Method, Scope
from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState

THREE = {
    ACME: ACME_WORDING,
    BELA: StoreWording(brand="Bela", country="GB", help_contact="help@bela.example"),
    BOOKS: StoreWording(brand="Books", country="GB"),
}
OTHER_LINE = LineId("8944100000000000002")


@pytest.fixture
def anna(world: World) -> Person:
    return Person(world)


@pytest.fixture
async def three(database_url):
    async with Database.open(database_url) as database:
        yield World(database, stores=THREE)


@pytest.mark.rule("G-3", "K-1", "US-3")
async def test_a_stop_is_in_the_ledger_with_its_evidence(anna: Person, world: World) -> None:
    await anna.writes("STOP")
    [event] = await anna.history()
    [told] = await world.said("inbound")
    assert (event.action, event.purpose, event.method) == (
        Action.WITHDRAWN, "marketing", Method.KEYWORD,
    )  # fmt: skip
    assert event.actor == "person"
    assert event.evidence["inbound"] == told["id"]
    assert event.evidence["smsc_at"] == told["received_at"]
    assert event.evidence["review"] is False
    assert anna.number[3:] not in str(event)


@pytest.mark.rule("K-10", "G-3")
async def test_what_waits_is_cancelled_and_what_comes_is_rejected(
    anna: Person, world: World
) -> None:
    await anna.changes()
    assert await anna.may_be_advertised_to("sale-1")
    await world.accept("order-1")
    await anna.writes("stop")
    assert await world.states("sale-1") == ["accepted", "cancelled"]
    assert await world.states("order-1") == ["accepted"]
    assert not await anna.may_be_advertised_to("sale-2")
    assert [told["error"]["code"] for told in await world.said("rejected")] == ["no_consent"]
    assert [(told["purpose"], told["state"]) for told in await world.said("consent")] == [
        ("marketing", "subscribed"),
        ("marketing", "unsubscribed"),
    ]


@pytest.mark.rule("K-6")
async def test_stop_all_ends_service_messages_too(anna: Person, world: World) -> None:
    await world.accept("order-1")
    await anna.writes("STOP ALL")
    assert await world.states("order-1") == ["accepted", "cancelled"]
    [refused] = await world.admit(replace_request("order-2"))
    assert refused is not None
    assert refused.code == "no_consent"


def replace_request(job: str):
    from support.world import request

    return request(job)


@pytest.mark.rule("K-5")
async def test_a_stop_with_a_topic_ends_that_topic_alone(anna: Person) -> None:
    await anna.changes()
    await anna.writes("STOP CART")
    assert not await anna.may_be_advertised_to("cart-1", scope=Scope.CART)
    assert await anna.may_be_advertised_to("sale-1", scope=Scope.OFFERS)
    assert "of that kind" in (await anna.answers())[0]


@pytest.mark.rule("K-4", "K-5")
@pytest.mark.parametrize("text", ["Stop 12345", "please take me off your list, thank you"])
async def test_a_stop_in_other_words_ends_marketing_and_asks_for_a_look(
    anna: Person, text: str
) -> None:
    await anna.changes()
    await anna.writes(text)
    event = (await anna.history())[-1]
    assert (event.action, event.purpose, event.method) == (
        Action.WITHDRAWN, "marketing", Method.FREE_TEXT,
    )  # fmt: skip
    assert event.evidence["review"] is True
    [answer] = await anna.answers()
    assert "reply START" in answer
    assert not await anna.may_be_advertised_to("sale-1")


@pytest.mark.rule("K-2", "K-3")
@pytest.mark.parametrize("text", ["please stop", "stpo"])
async def test_nearly_a_stop_is_one(anna: Person, text: str) -> None:
    await anna.writes(text)
    [event] = await anna.history()
    assert event.method is Method.NEAR


@pytest.mark.rule("K-4")
async def test_nothing_resumes_by_itself(anna: Person, world: World) -> None:
    await anna.changes()
    await anna.writes("leave me alone")
    await world.advance(days=400)
    assert not await anna.may_be_advertised_to("sale-1")


@pytest.mark.rule("K-9")
async def test_a_stop_in_ucs2_and_in_parts_is_one(anna: Person) -> None:
    await anna.writes("\uff33\uff34\uff2f\uff30")
    assert await anna.said() == [("withdrawn", "marketing")]
    other = Person(anna.world, "+447700900777")
    await other.writes_in_parts("Please take me ", "off your ", "list")
    assert await other.said() == [("withdrawn", "marketing")]
    third = Person(anna.world, "+447700900778")
    await third.writes_in_parts("Ст", "оп.")
    assert await third.said() == [("withdrawn", "marketing")]


@pytest.mark.rule("US-4")
async def test_the_confirmation_goes_out_on_the_same_line_within_five_minutes(
    anna: Person, world: World
) -> None:
    await anna.writes("STOP")
    [reply] = await own_jobs(world)
    assert reply.only_line == LINE
    assert reply.expires_at == world.clock.now() + timedelta(minutes=5)
    await send_waiting(world)
    [reply] = await own_jobs(world)
    assert reply.state is JobState.SENT


@pytest.mark.rule("US-4")
async def test_with_a_modem_that_is_away_the_confirmation_is_dropped_and_the_stop_stays(
    anna: Person, world: World
) -> None:
    await anna.writes("STOP")
    await world.advance(minutes=6)
    [reply] = await own_jobs(world)
    assert reply.state is JobState.EXPIRED
    assert await anna.said() == [("withdrawn", "marketing")]


@pytest.mark.rule("US-4")
async def test_a_stop_that_is_whole_too_late_is_kept_and_not_confirmed(
    anna: Person, world: World
) -> None:
    first, second = ("Please remove me from ", "your list")
    await anna.writes(first, header=b"\x00\x03\x07\x02\x01")
    world.clock.instant += timedelta(minutes=10)
    await anna.writes(second, header=b"\x00\x03\x07\x02\x02")
    assert await anna.said() == [("withdrawn", "marketing")]
    assert await anna.answers() == []


@pytest.mark.rule("K-7")
async def test_a_machine_that_answers_every_message_is_answered_once_a_day(
    anna: Person, world: World
) -> None:
    for _ in range(20):
        await anna.writes("STOP")
        await send_waiting(world)
        await world.advance(minutes=7)
    assert len(await anna.answers()) == 1
    assert await anna.said() == [("withdrawn", "marketing")]
    await world.advance(hours=25)
    await anna.writes("STOP")
    assert len(await anna.answers()) == 2


@pytest.mark.rule("K-7")
async def test_the_first_stop_is_answered_whatever_was_before(anna: Person, world: World) -> None:
    await anna.is_sent()
    await anna.writes("HELP")
    await anna.writes("INFO")
    await anna.writes("STOP")
    first, second = await anna.answers()
    assert "help@acme.example" in first
    assert "unsubscribed" in second


@pytest.mark.rule("K-7")
@pytest.mark.parametrize("sender", ["60777", "ACME", "447700"])
async def test_short_codes_and_names_are_not_answered(world: World, sender: str) -> None:
    machine = Person(world, sender)
    for text in ("STOP", "HELP", "START", "YES"):
        await machine.writes(text)
    assert await own_jobs(world) == []
    assert await world.said("consent") == []


@pytest.mark.rule("K-8")
async def test_a_stop_is_for_every_store_that_wrote_from_that_sim(three: World) -> None:
    anna = Person(three)
    await anna.is_sent("a", ACME)
    await anna.is_sent("b", BELA)
    await anna.is_sent("c", BOOKS, line=OTHER_LINE)
    await anna.writes("STOP")
    assert await anna.said(ACME) == [("withdrawn", "marketing")]
    assert await anna.said(BELA) == [("withdrawn", "marketing")]
    assert await anna.said(BOOKS) == []
    [answer] = await anna.answers()
    assert answer.startswith("Bela, Acme: ")


@pytest.mark.rule("K-8")
async def test_a_stop_to_a_sim_that_never_wrote_is_for_all_who_did_and_else_for_all(
    three: World,
) -> None:
    anna, bert = Person(three), Person(three, "+447700900777")
    await anna.is_sent("c", BOOKS, line=OTHER_LINE)
    await anna.writes("STOP")
    await bert.writes("STOP")
    assert [await anna.said(store) for store in THREE] == [[], [], [("withdrawn", "marketing")]]
    assert [await bert.said(store) for store in THREE] == 3 * [[("withdrawn", "marketing")]]


@pytest.mark.rule("US-5")
@pytest.mark.parametrize(
    ("day", "number", "purpose"),
    [
        (date(2027, 1, 30), AMERICAN, "marketing"),
        (date(2027, 1, 31), AMERICAN, "all"),
        (date(2027, 1, 31), "+447700900123", "marketing"),
    ],
)
async def test_from_the_day_of_the_rule_a_stop_from_america_ends_everything(
    world: World, day: date, number: str, purpose: str
) -> None:
    person = Person(world, number)
    world.clock.instant = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    await person.writes("STOP")
    assert await person.said() == [("withdrawn", purpose)]


@pytest.mark.rule("US-5", "K-5")
async def test_a_topic_that_the_person_names_holds_in_america_too(world: World) -> None:
    person = Person(world, AMERICAN)
    world.clock.instant = datetime(2027, 2, 1, 12, tzinfo=UTC)
    await person.writes("STOP CART")
    assert await person.said() == [("withdrawn", "marketing.cart")]


@pytest.mark.rule("US-4")
async def test_the_confirmation_is_in_the_persons_language(world: World) -> None:
    world.stores = {ACME: replace(ACME_WORDING, country="DE")}
    anna = Person(world)
    await anna.writes("Abmelden")
    assert (await anna.answers())[0].startswith("Acme: Sie sind abgemeldet")


async def test_an_ordinary_message_changes_nothing(anna: Person, world: World) -> None:
    await anna.writes("don't stop the order please")
    assert await anna.history() == []
    assert await own_jobs(world) == []
    assert len(await world.said("inbound")) == 1


@pytest.mark.rule("K-10")
async def test_a_job_of_another_person_or_purpose_is_left_alone(anna: Person, world: World) -> None:
    other = Person(world, "+447700900777")
    await other.changes()
    assert await other.may_be_advertised_to("sale-9")
    await world.accept("code-1", purpose=Purpose.OTP)
    await anna.writes("STOP")
    assert await world.states("sale-9") == ["accepted"]
    assert await world.states("code-1") == ["accepted"]


@pytest.mark.rule("US-3")
async def test_a_fault_in_the_answer_does_not_cost_the_stop(anna: Person, world: World) -> None:
    world.stores = {ACME: None}  # type: ignore[dict-item]
    await anna.writes("STOP")
    assert await anna.said() == [("withdrawn", "marketing")]
    assert await anna.answers() == []
