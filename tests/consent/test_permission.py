"""What the ledger says to a job, at admission and at the moment of handing over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, change, request

from gateway.consent.gate import ConsentGate
from gateway.consent.permission import ConsentRules, Permission
from gateway.db.consent import append_event, events_of
from gateway.domain.consent import Action, Asked, Basis, Change, Method, Scope
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Forbidden, Verdict

SALE = Purpose.MARKETING


def asked(purpose: Purpose = SALE, **fields: Any) -> Asked:
    values: dict[str, Any] = {"store": ACME, "recipient": RECIPIENT, "job": JobId("j")}
    return Asked(purpose=purpose, **(values | fields))


async def verdict(
    world: World, changes: list[Change], question: Asked, rules: ConsentRules | None = None
) -> Verdict:
    """Write changes and ask, in a transaction that is then taken back."""
    gate = ConsentGate(IDENTITIES, [Permission(lambda _: rules or ConsentRules())])
    answers: list[Verdict] = []

    class Undo(Exception):  # noqa: N818 -- no error, but the way out of a transaction
        pass

    def look(connection: Connection) -> None:
        for one in changes:
            append_event(connection, one.event, START)
        answers.append(gate.decide(connection, question, START + timedelta(days=1)))
        raise Undo

    with pytest.raises(Undo):
        await world.database.write(look)
    return answers[0]


def reason(answer: Verdict) -> str:
    assert isinstance(answer, Forbidden)
    return f"{answer.error.code}: {answer.error}"


@pytest.mark.rule("G-1", "G-3")
async def test_marketing_needs_a_consent_on_record(world: World) -> None:
    [refused] = await world.admit(request(purpose=SALE))
    assert refused is not None
    assert (refused.code, refused.field) == ("no_consent", "purpose")
    await world.allow()
    await world.accept("sale-1", purpose=SALE)
    await world.allow(Action.WITHDRAWN)
    [refused] = await world.admit(request("sale-2", purpose=SALE))
    assert "took the consent back" in str(refused)
    await world.accept("shipped-1")


@pytest.mark.rule("G-3", "K-10")
async def test_a_withdrawal_ends_what_waits_and_tells_the_store(world: World) -> None:
    await world.allow()
    await world.accept("sale", purpose=SALE)
    await world.accept("later", purpose=SALE, send_at=START + timedelta(days=1))
    await world.accept("shipped")
    await world.allow(Action.WITHDRAWN, method=Method.KEYWORD)
    assert await world.states("sale") == ["accepted", "cancelled"]
    assert await world.states("later") == ["accepted", "cancelled"]
    assert await world.states("shipped") == ["accepted"]
    granted, withdrawn = await world.said("consent")
    assert (granted["state"], withdrawn["state"]) == ("subscribed", "unsubscribed")
    assert (withdrawn["to"], withdrawn["method"]) == (RECIPIENT, "keyword")


@pytest.mark.rule("G-2")
async def test_consent_to_one_kind_of_marketing_is_none_to_another(world: World) -> None:
    await world.allow(purpose="marketing.cart")
    await world.accept("cart", purpose=SALE, scope=Scope.CART)
    [refused] = await world.admit(request("offer", purpose=SALE))
    assert refused is not None


@pytest.mark.rule("G-8")
async def test_whose_data_are_restricted_is_sent_nothing(world: World) -> None:
    restricted = [change(), change(Action.RESTRICTED, purpose="all")]
    for purpose in Purpose:
        assert "restricted" in reason(await verdict(world, restricted, asked(purpose)))


@pytest.mark.rule("US-8")
async def test_a_number_that_is_nobodys_gets_a_code_that_somebody_asks_for(world: World) -> None:
    gone = [change(), change(Action.DEACTIVATED, purpose="all")]
    for purpose in (Purpose.MARKETING, Purpose.TRANSACTIONAL):
        assert "deactivated" in reason(await verdict(world, gone, asked(purpose)))
    assert not isinstance(await verdict(world, gone, asked(Purpose.OTP)), Forbidden)


@pytest.mark.rule("K-6")
async def test_stop_all_ends_service_messages_too_and_the_answer_to_it_goes(world: World) -> None:
    all_ended = [change(), change(Action.WITHDRAWN, purpose="all")]
    said = reason(await verdict(world, all_ended, asked(Purpose.TRANSACTIONAL)))
    assert "STOP ALL" in said
    reply = asked(Purpose.TRANSACTIONAL, scope=Scope.REPLY)
    assert not isinstance(await verdict(world, all_ended, reply), Forbidden)


@pytest.mark.rule("DE-1")
async def test_where_a_double_opt_in_is_asked_for_a_single_one_will_not_do(world: World) -> None:
    rules = ConsentRules(confirmed=True)
    assert "double opt-in" in reason(await verdict(world, [change()], asked(), rules))
    answered = [change(confirmed=True, method=Method.DOUBLE_OPT_IN)]
    assert not isinstance(await verdict(world, answered, asked(), rules), Forbidden)


PAID = {"order": "1001", "notice": "checkout-v2", "categories": ["tea"]}


@pytest.mark.rule("E-1")
@pytest.mark.parametrize(
    ("evidence", "category", "legal", "says"),
    [
        (PAID, "tea", True, None),
        (PAID, "tea", False, "no consent"),
        (PAID, "shoes", True, "similar products"),
        (PAID, None, True, "name the job's category"),
        (PAID | {"order": None}, "tea", True, "paid order"),
        ({"order": "1001", "categories": ["tea"]}, "tea", True, "notice"),
        ({}, "tea", True, "paid order"),
    ],
)
async def test_being_a_customer_is_a_consent_to_similar_products_after_a_paid_order(
    world: World, evidence: dict[str, Any], category: str | None, legal: bool, says: str | None
) -> None:
    soft = [change(basis=Basis.SOFT_OPT_IN, evidence=evidence)]
    rules = ConsentRules(soft_opt_in=legal)
    answer = await verdict(world, soft, asked(category=category), rules)
    if says is None:
        assert not isinstance(answer, Forbidden)
    else:
        assert says in reason(answer)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([*Action]),
        st.sampled_from(["marketing", "marketing.offers", "marketing.cart", "all"]),
        st.integers(0, 20),
        st.sampled_from([Method.FORM, Method.IMPORT, Method.KEYWORD]),
    ),
    max_size=12,
)


@pytest.mark.rule("G-1")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(events=EVENTS)
async def test_no_history_lets_marketing_through_without_a_grant_that_nothing_ended(
    world: World, events: list[tuple[Action, str, int, Method]]
) -> None:
    """Told by a rule that is simpler and stricter than ours: the last of all is a grant."""
    changes = [
        change(action, purpose=purpose, at=START - timedelta(days=30 - day), method=method)
        for action, purpose, day, method in events
    ]
    answer = await verdict(world, changes, asked())
    if isinstance(answer, Forbidden):
        return
    about = [e for e in changes if e.event.purpose != "marketing.cart"]
    grants = [e.event for e in about if e.event.action is Action.GRANTED]
    assert grants
    noes = [
        e.event
        for e in about
        if e.event.action is Action.WITHDRAWN
        or (e.event.action in (Action.OBJECTED, Action.ERASED))
    ]
    newest = max(grant.at for grant in grants)
    assert all(no.at < newest for no in noes)


async def test_a_person_is_found_under_a_former_key(world: World) -> None:
    """COMPLIANCE.md G-11: the rotation of the key keeps who said no."""
    from gateway.consent.identity import Identities

    await world.allow(Action.WITHDRAWN)
    rotated = Identities([b"n" * 32, b"k" * 32])
    assert rotated.of(RECIPIENT) != IDENTITIES.of(RECIPIENT)
    found = await world.database.read(lambda c: events_of(c, ACME, rotated.all_of(RECIPIENT)))
    assert [one.event.action for one in found] == [Action.WITHDRAWN]
