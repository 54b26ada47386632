"""What a shop tells of consents: one commit, and the next message is judged by it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.events import CONSENT, CUSTOMER, LEFT_OUT, PHONE, event
from support.world import ACME, IDENTITIES, World, request

from gateway.consent.texts import ConsentText, TextRegistry
from gateway.db.consent import events_of, verify_chain
from gateway.domain.consent import Action, Method, Recorded, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.purpose import Purpose


async def ledger(world: World, number: str = PHONE) -> list[Recorded]:
    persons = IDENTITIES.all_of(number)
    return await world.database.read(lambda c: events_of(c, ACME, persons))


async def sale(world: World, job: str, **fields: Any) -> RejectedError | None:
    [refused] = await world.admit(request(job, purpose=Purpose.MARKETING, **fields))
    return refused


@pytest.mark.rule("G-1", "G-3")
async def test_a_consent_of_a_shop_is_in_the_ledger_with_its_proof(world: World) -> None:
    assert await world.admit(event(CONSENT, language="en")) == [None]
    [one] = await ledger(world)
    told = one.event
    assert (told.action, told.purpose, told.method) == (
        Action.GRANTED,
        "marketing.offers",
        Method.EVENT,
    )
    assert (told.text_version, told.language, told.actor) == ("sms-2026-03", "en", "store")
    assert told.source == "https://shop.example/checkout"
    assert dict(told.evidence) == {"event": "event-1", "event_source": "//shop.example/main"}
    assert await sale(world, "sale") is None
    [said] = await world.said("consent")
    assert (said["to"], said["state"], said["method"]) == (PHONE, "subscribed", "event")


@pytest.mark.rule("G-2")
@pytest.mark.parametrize("state", ["subscribed", "pending"])
async def test_a_yes_to_marketing_is_one_to_each_kind(world: World, state: str) -> None:
    assert await world.admit(event(CONSENT, purpose="marketing", state=state)) == [None]
    purposes = [one.event.purpose for one in await ledger(world)]
    assert purposes == ["marketing.offers", "marketing.restock", "marketing.cart"]


@pytest.mark.rule("G-3", "K-10")
async def test_taking_it_back_ends_what_waits_and_blocks_what_comes(world: World) -> None:
    """All in the transaction of the event: a batch is enough to see it."""
    grant = event(CONSENT, "grant")
    taken_back = event(
        CONSENT,
        "back",
        purpose="marketing",
        state="unsubscribed",
        consent_updated_at="2026-11-23T08:40:00Z",
        text_version=LEFT_OUT,
        consent_collected_from=LEFT_OUT,
    )
    marketing = {"purpose": Purpose.MARKETING}
    answers = await world.admit(
        grant, request("waits", **marketing), taken_back, request("late", **marketing), request()
    )
    assert [answer and answer.code for answer in answers] == [None, None, None, "no_consent", None]
    assert await world.states("waits") == ["accepted", "cancelled"]
    assert await world.states() == ["accepted"], "its order is nobody's marketing"


@pytest.mark.rule("G-3")
async def test_a_withdrawal_is_taken_by_the_name_of_the_customer_alone(world: World) -> None:
    back = event(CONSENT, "back", state="unsubscribed", phone=LEFT_OUT)
    await world.admit(event(CUSTOMER, "who"), event(CONSENT, "grant"), back)
    assert [one.event.action for one in await ledger(world)] == [Action.GRANTED, Action.WITHDRAWN]


async def test_a_customer_whom_nobody_told_of_is_unknown(world: World) -> None:
    [refused] = await world.admit(event(CONSENT, phone=LEFT_OUT))
    assert refused is not None
    assert (refused.code, refused.field) == ("unknown_person", "data.properties.phone")
    assert await ledger(world) == []


@pytest.mark.rule("G-3")
async def test_what_comes_late_is_judged_by_its_own_time(world: World) -> None:
    """A shop that was cut off tells its past in any order; nothing older stands against a no."""
    back = event(CONSENT, "back", state="unsubscribed", consent_updated_at="2026-11-23T08:00:00Z")
    older = event(CONSENT, "older", consent_updated_at="2026-11-23T07:00:00Z")
    await world.admit(back, older)
    assert await sale(world, "sale") is not None
    newer = event(CONSENT, "newer", consent_updated_at="2026-11-23T08:30:00Z")
    await world.admit(newer)
    assert await sale(world, "sale-2") is None


async def test_a_number_is_read_in_the_country_of_the_store(world: World) -> None:
    await world.admit(event(CONSENT, phone="07700 900123"))
    assert len(await ledger(world)) == 1


async def test_a_number_that_cannot_be_reached_is_refused_by_its_place(world: World) -> None:
    [refused] = await world.admit(event(CONSENT, phone="0770"))
    assert refused is not None
    assert (refused.code, refused.field) == ("invalid_number", "data.properties.phone")
    assert (refused.job, refused.source) == ("event-1", "//shop.example/main")


@pytest.mark.rule("G-11", "G-14")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent_collected_from": "https://a.example/?t=07700900123"}, "consent_collected_from"),
        ({"text_version": "v1 for +44 7700 900 123"}, "text_version"),
        ({"evidence_url": "https://shop.example/447700900123"}, "evidence_url"),
    ],
)
async def test_the_ledger_never_gets_a_number(
    world: World, changes: dict[str, Any], field: str
) -> None:
    [refused] = await world.admit(event(CONSENT, **changes))
    assert refused is not None
    assert (refused.code, refused.field) == ("invalid_value", f"data.properties.{field}")
    [refused] = await world.admit(event(CONSENT, f"consent-of-{PHONE}"))
    assert refused is not None
    assert refused.field == "id"
    assert await ledger(world) == []


@pytest.mark.rule("G-7")
async def test_a_consent_of_before_an_erasure_gives_nothing_back(world: World) -> None:
    """It is ignored and counted; a withdrawal is taken, and a new consent is a new beginning."""
    await world.allow(Action.ERASED, purpose="all")
    await world.admit(event(CONSENT, "old", consent_updated_at="2026-11-23T08:59:00Z"))
    assert world.shop.ignored == {CONSENT: 1}
    assert await sale(world, "sale") is not None
    await world.admit(event(CONSENT, "no", state="unsubscribed"))
    world.clock.instant += timedelta(hours=1)
    await world.admit(event(CONSENT, "again", consent_updated_at="2026-11-23T09:59:00Z"))
    assert await sale(world, "sale-2") is None
    assert world.shop.ignored == {CONSENT: 1}


HISTORIES = itertools.count(1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.integers(0, 59), st.sampled_from(["subscribed", "unsubscribed"])),
        min_size=1,
        max_size=6,
    ),
    twice=st.booleans(),
)
async def test_in_whatever_order_the_newest_word_counts(
    world: World, told: list[tuple[int, str]], twice: bool
) -> None:
    """A number of its own for each history; at the same minute the no counts."""
    history = next(HISTORIES)
    number = f"+4477009{history:05}"
    events = [
        event(
            CONSENT,
            f"{history}-{place}",
            phone=number,
            state=state,
            customer=None,
            consent_updated_at=f"2026-11-23T08:{minute:02}:00Z",
        )
        for place, (minute, state) in enumerate(told)
    ]
    await world.admit(*events, *(events if twice else []))
    newest = max(minute for minute, _ in told)
    expected = all(state == "subscribed" for minute, state in told if minute == newest)
    refused = await sale(world, f"sale-{history}", to=number)
    assert (refused is None) is expected
    assert len(await ledger(world, number)) == len(told)
    verified = await world.database.read(verify_chain)
    assert verified.broken_at is None


TEXT = ConsentText(
    version="sms-2026-03",
    language="en",
    purposes=("marketing.offers", "marketing.cart"),
    controller="Acme Ltd, 1 High Street, London",
    frequency="at most 4 a month",
    privacy_url="https://acme.example/privacy",
    text="Yes, send me offers by SMS. STOP ends it.",
)


@pytest.mark.rule("G-1")
async def test_a_consent_is_to_a_wording_of_the_store_with_its_digest(world: World) -> None:
    world.consents.texts = {ACME: TextRegistry([TEXT])}
    assert await world.admit(event(CONSENT, language="en-GB")) == [None]
    [one] = await ledger(world)
    assert (one.event.text_digest, one.event.language) == (TEXT.digest, "en")


@pytest.mark.rule("G-1", "G-2")
@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"text_version": "sms-2025-01"}, "text_version", "which has sms-2026-03"),
        ({"text_digest": "0" * 64}, "text_digest", "was it edited?"),
        ({"purpose": "profiling"}, "purpose", "marketing.offers, marketing.cart"),
    ],
)
async def test_a_consent_to_something_else_is_none(
    world: World, changes: dict[str, Any], field: str, says: str
) -> None:
    world.consents.texts = {ACME: TextRegistry([TEXT])}
    [refused] = await world.admit(event(CONSENT, **changes))
    assert refused is not None
    assert (refused.code, refused.field) == ("invalid_value", f"data.properties.{field}")
    assert says in str(refused)
    back = event(CONSENT, "back", state="unsubscribed", **changes)
    assert await world.admit(back) == [None], "to take it back needs no wording"


@pytest.mark.rule("CA-1")
@pytest.mark.parametrize(
    ("phone", "until", "ends"),
    [
        ("+14165550123", None, datetime(2028, 11, 22, 8, 30, tzinfo=UTC)),
        ("+14165550123", "2027-01-01T00:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("+14165550123", "2030-01-01T00:00:00Z", datetime(2028, 11, 22, 8, 30, tzinfo=UTC)),
        (PHONE, None, None),
    ],
)
async def test_what_a_purchase_implies_lasts_two_years_in_canada(
    world: World, phone: str, until: str | None, ends: datetime | None
) -> None:
    bought = {"order_id": "1", "order_paid": True, "categories": ["tea"], "notice": "n-1"}
    basis = {"legal_basis": "soft_opt_in", "valid_until": until}
    assert await world.admit(event(CONSENT, phone=phone, **basis, **bought)) == [None]
    [one] = await ledger(world, phone)
    assert one.event.until == ends


@pytest.mark.rule("DE-1")
async def test_a_consent_that_waits_for_its_double_opt_in_is_asked_for(world: World) -> None:
    """By the same commit, once; it allows nothing until the person answers."""
    pending = event(CONSENT, state="pending")
    assert await world.admit(pending, pending) == [None, None]
    [one] = await ledger(world)
    assert one.event.action is Action.REQUESTED
    asked = await world.job(str(one.event.evidence["prompt"]))
    assert (asked.recipient, asked.scope) == (PHONE, Scope.OPT_IN)
    assert await world.said() == [], "it is no job of the store's"
    assert await sale(world, "sale") is not None


@pytest.mark.rule("DE-1", "G-18")
async def test_who_may_not_be_asked_is_refused_by_the_events_name_and_can_be_told_again(
    world: World,
) -> None:
    pending = event(CONSENT, "ask", state="pending")
    [_, refused] = await world.admit(event(CUSTOMER, "young", minor=True), pending)
    assert refused is not None
    assert (refused.code, refused.job, refused.source) == ("minor", "ask", "//shop.example/main")
    assert refused.field == "data.properties.purpose"
    assert await ledger(world) == []
    grown = event(CUSTOMER, "grown", minor=False, time="2026-11-23T08:59:00Z")
    assert await world.admit(grown, pending) == [None, None]
    assert len(await ledger(world)) == 1
