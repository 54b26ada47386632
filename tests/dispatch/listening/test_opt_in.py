"""Double opt-in: the question, the yes that answers it, and every other yes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from support.known import put_person
from support.persons import GERMAN, Person, change_of, own_jobs, send_waiting
from support.world import ACME, World

from gateway.dispatch import ChangeRequest
from gateway.domain.consent import Action, Method, Scope
from gateway.domain.ids import JobId
from gateway.domain.states import JobState


@pytest.fixture
def anna(world: World) -> Person:
    return Person(world)


async def asked(anna: Person, **fields: object) -> None:
    """Let the store tell of a form that was filled in, and the question go out."""
    assert await anna.changes(Action.REQUESTED, **fields) is None
    await send_waiting(anna.world)


@pytest.mark.rule("DE-1", "G-1")
async def test_a_requested_consent_asks_by_the_same_commit(anna: Person, world: World) -> None:
    await anna.changes(Action.REQUESTED, purpose="marketing.offers", language="en")
    [event] = await anna.history()
    [question] = await own_jobs(world)
    assert event.action is Action.REQUESTED
    assert event.evidence["prompt"] == question.id
    assert event.text_version == "optin_prompt/en/1"
    assert event.text_digest == hashlib.sha256(question.text.encode()).hexdigest()
    assert question.scope is Scope.OPT_IN
    assert question.text.startswith("Acme: reply YES to get offers and news")
    assert [told["state"] for told in await world.said("consent")] == ["pending"]
    assert await world.states(question.id) == [], "the store has no such job"
    assert not await anna.may_be_advertised_to("sale-1")


@pytest.mark.rule("DE-1", "G-1", "US-8")
async def test_a_yes_grants_with_its_evidence_and_is_confirmed(anna: Person, world: World) -> None:
    await asked(anna, text_version="form-7", text_digest="ab" * 32, language="en")
    [question] = await own_jobs(world)
    asked_at = world.clock.now()
    world.clock.instant += timedelta(minutes=3)
    await anna.writes("YES")
    granted = (await anna.history())[-1]
    inbound = (await world.said("inbound"))[-1]
    assert (granted.action, granted.purpose, granted.method) == (
        Action.GRANTED, "marketing", Method.DOUBLE_OPT_IN,
    )  # fmt: skip
    assert granted.confirmed
    assert (granted.text_version, granted.text_digest) == ("form-7", "ab" * 32)
    evidence = dict(granted.evidence)
    assert evidence["prompt"] == question.id
    assert evidence["prompt_version"] == "optin_prompt/en/1"
    assert evidence["prompt_digest"] == hashlib.sha256(question.text.encode()).hexdigest()
    assert evidence["prompt_sent_at"][:16] == asked_at.isoformat()[:16]
    assert evidence["inbound"] == inbound["id"]
    assert evidence["smsc_at"] == inbound["received_at"]
    assert await anna.may_be_advertised_to("sale-1")
    confirmation = (await anna.answers())[-1]
    for part in ("Acme", "frequency", "rates", "HELP", "STOP"):
        assert part in confirmation


async def test_a_second_yes_does_nothing(anna: Person, world: World) -> None:
    await asked(anna)
    await anna.writes("Yes")
    before = await anna.history()
    world.clock.instant += timedelta(days=2)
    await anna.writes("Yes")
    assert await anna.history() == before
    assert len(await anna.answers()) == 2


async def test_a_yes_that_nobody_asked_for_does_nothing(anna: Person, world: World) -> None:
    await anna.is_sent(text="Shall we deliver tomorrow?")
    await anna.writes("YES")
    assert await anna.history() == []
    assert await own_jobs(world) == []


async def test_a_yes_to_another_question_does_nothing(anna: Person) -> None:
    """The customer who answers "shall we deliver tomorrow?" subscribes to nothing."""
    await asked(anna)
    anna.world.clock.instant += timedelta(hours=1)
    await anna.is_sent(text="Shall we deliver tomorrow?")
    await anna.writes("YES")
    assert await anna.said() == [("requested", "marketing")]


async def test_a_yes_after_help_still_answers_the_question(anna: Person) -> None:
    await asked(anna)
    anna.world.clock.instant += timedelta(minutes=1)
    await anna.writes("HELP")
    await send_waiting(anna.world)
    anna.world.clock.instant += timedelta(minutes=1)
    await anna.writes("YES")
    assert (await anna.said())[-1] == ("granted", "marketing")


async def test_a_yes_before_the_question_went_out_is_none_to_it(anna: Person) -> None:
    await anna.changes(Action.REQUESTED)
    await anna.writes("YES")
    assert await anna.said() == [("requested", "marketing")]


@pytest.mark.parametrize(("days", "granted"), [(29, True), (31, False)])
async def test_a_question_is_open_for_thirty_days(anna: Person, days: int, granted: bool) -> None:
    await asked(anna)
    anna.world.clock.instant += timedelta(days=days)
    await anna.writes("YES")
    assert (("granted", "marketing") in await anna.said()) is granted


async def test_a_stop_closes_the_question(anna: Person, world: World) -> None:
    await asked(anna)
    await anna.writes("STOP")
    await anna.writes("YES")
    assert await anna.said() == [("requested", "marketing"), ("withdrawn", "marketing")]


@pytest.mark.rule("K-10")
async def test_a_stop_cancels_a_question_that_waits(anna: Person, world: World) -> None:
    await anna.changes(Action.REQUESTED)
    await anna.writes("STOP")
    question = (await own_jobs(world))[0]
    assert question.state is JobState.CANCELLED


async def test_who_was_asked_is_not_asked_again_while_the_question_is_open(
    anna: Person, world: World
) -> None:
    await asked(anna)
    await asked(anna)
    assert len(await own_jobs(world)) == 1
    world.clock.instant += timedelta(days=31)
    await asked(anna)
    assert len(await own_jobs(world)) == 2


async def test_several_purposes_are_one_question_and_one_yes(anna: Person, world: World) -> None:
    changes = tuple(
        change_of(anna, Action.REQUESTED, ACME, purpose=purpose)
        for purpose in ("marketing.offers", "marketing.restock")
    )
    await world.admit(ChangeRequest(store=ACME, id=JobId("c"), changes=changes))
    await send_waiting(world)
    assert len(await own_jobs(world)) == 1
    await anna.writes("YES")
    assert (await anna.said())[2:] == [
        ("granted", "marketing.offers"),
        ("granted", "marketing.restock"),
    ]


@pytest.mark.rule("G-11")
async def test_an_import_asks_nobody_who_said_no(anna: Person, world: World) -> None:
    await anna.writes("STOP")
    world.clock.instant += timedelta(days=1)
    refused = await anna.changes(Action.REQUESTED, method=Method.IMPORT)
    assert refused is not None
    assert refused.code == "no_consent"
    assert await anna.said() == [("withdrawn", "marketing")]
    assert await anna.changes(Action.REQUESTED, method=Method.FORM) is None


@pytest.mark.rule("G-2")
@pytest.mark.parametrize("purpose", ["tracking", "profiling", "transactional.order", "all"])
async def test_the_question_is_of_marketing_alone(anna: Person, purpose: str) -> None:
    refused = await anna.changes(Action.REQUESTED, purpose=purpose)
    assert refused is not None
    assert "marketing alone" in str(refused)
    assert await anna.history() == []


@pytest.mark.rule("G-8")
async def test_who_is_restricted_is_not_asked(anna: Person) -> None:
    await anna.changes(Action.RESTRICTED, purpose="all")
    refused = await anna.changes(Action.REQUESTED)
    assert refused is not None
    assert refused.code == "restricted"


@pytest.mark.rule("G-18")
async def test_a_minor_is_not_asked(anna: Person, world: World) -> None:
    from support.world import IDENTITIES

    person, now = IDENTITIES.of(anna.number), world.clock.now()
    await world.database.write(lambda c: put_person(c, ACME, person, anna.number, now, minor=True))
    refused = await anna.changes(Action.REQUESTED)
    assert refused is not None
    assert refused.code == "minor"


async def test_nobody_who_agreed_by_double_opt_in_is_asked(anna: Person, world: World) -> None:
    await anna.changes(confirmed=True)
    await anna.changes(Action.REQUESTED)
    assert await own_jobs(world) == []
    assert await anna.said() == [("granted", "marketing")]


async def test_a_question_too_old_is_not_sent(anna: Person, world: World) -> None:
    await anna.changes(Action.REQUESTED)
    await world.advance(hours=25)
    [question] = await own_jobs(world)
    assert question.state is JobState.EXPIRED


@pytest.mark.rule("DE-1")
async def test_the_question_is_in_the_language_of_the_form(world: World) -> None:
    anna = Person(world, GERMAN)
    await anna.changes(Action.REQUESTED, language="de-AT")
    assert "Antworten Sie JA" in (await anna.answers())[0]
