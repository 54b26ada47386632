"""What is due is decided once, whatever ends the process, and whoever else is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from support.events import CART, CUSTOMER, ORDER, PRODUCT
from support.flows import Flowing, Shop, failing, flows_of, make_flowing
from support.serving import served, until
from support.world import ACME, RECIPIENT

from gateway.commerce.deciding import Occasion
from gateway.commerce.flows import Flows
from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator
from gateway.consent.rulebook import Stated
from gateway.db import Database
from gateway.db.commerce.decisions import Decision
from gateway.domain.errors import ContentError, StorageError, StorageFullError

EVERYTHING = ("abandoned-cart", "order-placed", "back-in-stock", "birthday")
STATED = Stated(stores={ACME: StoreRules()}, operator=Operator())
WORDS = sorted(f"{name} for Ada" for name in EVERYTHING)


async def all_at_once(flowing: Flowing) -> None:
    """Set off one of each kind, all due at the same instant."""
    await flowing.happens(CUSTOMER, phone=RECIPIENT, preferences=["product:p2"], birthday="11-23")
    await flowing.happens(ORDER, at=flowing.now(minutes=-50), customer="8812")
    await flowing.happens(CART, at=flowing.now(minutes=-45))
    await flowing.happens(PRODUCT, product_id="p2")


@pytest.mark.parametrize("kept", [False, True], ids=["before a commit", "after a commit"])
@pytest.mark.parametrize("at", range(1, 8))
async def test_a_restart_at_any_step_leaves_nothing_out_and_doubles_nothing(
    shop: Shop, at: int, kept: bool
) -> None:
    flowing = await shop(*EVERYTHING)
    await all_at_once(flowing)
    with failing(flowing, at, kept=kept):
        try:
            await flowing.engine.tick()
        except StorageError:
            died = True
        else:
            died = False
    assert died == (at <= 5)  # the looks, what spreads, a lot of each of the two, the decisions
    flowing.restart()
    await flowing.passes(minutes=1)
    assert sorted(await flowing.sent()) == WORDS
    flowing.restart()
    await flowing.passes(minutes=1)
    assert sorted(await flowing.sent()) == WORDS


async def test_two_gateways_that_both_think_it_is_theirs_decide_once(database: Database) -> None:
    """The duty is one gateway's; where both have it for a moment, the database lets one decide."""
    one = make_flowing(database, flows_of(*EVERYTHING))
    await one.knows()
    await one.world.allow()
    await all_at_once(one)
    two = make_flowing(database, flows_of(*EVERYTHING))
    for _ in range(3):
        await one.engine.tick()
        await two.engine.tick()
    assert sorted(await one.sent()) == WORDS


async def test_two_gateways_at_the_same_instant_decide_once(postgres_url: str) -> None:
    async with Database.open(postgres_url) as first, Database.open(postgres_url) as second:
        one = make_flowing(first, flows_of("order-placed"))
        two = make_flowing(second, flows_of("order-placed"))
        await one.knows()
        for place in range(60):
            await one.happens(ORDER, order_id=f"o-{place}")
        for _ in range(3):
            await asyncio.gather(one.engine.tick(), two.engine.tick())
        assert await one.states() == [("decided", None)] * 60
        assert len(await one.sent()) == 60


async def test_a_full_disk_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What room is left is for the outcomes of what was sent."""
    flowing = await shop("order-placed")
    await flowing.happens(ORDER)

    def full() -> None:
        raise StorageFullError

    with monkeypatch.context() as patched:
        patched.setattr(flowing.world.database, "require_space", full)
        with pytest.raises(StorageFullError):
            await flowing.engine.tick()
    assert await flowing.states() == [("waiting", None)]
    await flowing.passes()
    assert await flowing.sent() == ["order-placed for Ada"]


async def test_one_that_cannot_be_decided_takes_no_other_with_it(shop: Shop) -> None:
    flowing = await shop("order-placed", "abandoned-cart")
    await flowing.happens(ORDER, at=flowing.now(minutes=-50), customer="8812")
    await flowing.happens(CART, at=flowing.now(minutes=-45))
    decide = flowing.deciding.decider.decide

    def stumbling(connection: Connection, occasion: Occasion, now: datetime) -> Decision:
        if occasion.campaign == "flow.abandoned-cart":
            raise ZeroDivisionError
        return decide(connection, occasion, now)

    flowing.deciding.decider.decide = stumbling  # type: ignore[method-assign]
    await flowing.passes()
    assert await flowing.sent() == ["order-placed for Ada"]
    flowing.deciding.decider.decide = decide  # type: ignore[method-assign]
    await flowing.passes(minutes=10)
    assert await flowing.sent() == ["order-placed for Ada", "abandoned-cart for Ada"]


async def test_a_template_that_is_mended_in_time_is_sent_after_all(shop: Shop) -> None:
    flowing = await shop("order-placed")
    words = flowing.deciding.library.texts
    lost = words.pop("order-placed")
    await flowing.happens(ORDER)
    await flowing.passes()
    assert await flowing.states() == [("waiting", None)]
    words["order-placed"] = lost
    await flowing.passes(minutes=10)
    assert await flowing.sent() == ["order-placed for Ada"]


async def test_a_template_that_is_never_mended_lets_go_in_the_end(shop: Shop) -> None:
    flowing = await shop("order-placed")
    flowing.deciding.library.texts.clear()
    await flowing.happens(ORDER)
    for _ in range(40):
        await flowing.passes(minutes=10)
    assert await flowing.states() == [("dropped", "too_late")]


async def test_a_flow_that_is_edited_while_runs_wait_is_asked_as_it_is_now(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    edited = replace(flowing.book.flows[ACME].known["abandoned-cart"], where="spend > 500")
    flowing.deciding.desk.members["spend > 500"] = set()
    flowing.book.flows = {ACME: Flows(known={"abandoned-cart": edited})}
    await flowing.passes(minutes=45)
    assert await flowing.states() == [("dropped", "not_in_segment")]


async def test_a_flow_that_is_for_something_else_by_now_lets_go_of_what_waits(shop: Shop) -> None:
    """Nothing of a cart is said in the words about an order, not even when it is handed over."""
    flowing = await shop("abandoned-cart", "back-in-stock")
    await flowing.happens(CUSTOMER, phone=RECIPIENT, preferences=["product:p1"])
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    await flowing.happens(CART, cart_id="k-2")
    await flowing.happens(PRODUCT)
    text = 'on = "order_placed"\ntemplate = "hello"'
    flowing.book.flows = {ACME: flows_of(**{"abandoned-cart": text, "back-in-stock": text})}
    await flowing.passes(minutes=45)
    dropped = [run.reason for run in await flowing.runs() if run.state == "dropped"]
    assert dropped == ["flow_changed", "flow_changed"]
    assert await handed_over(flowing) == (0, "flow_changed")


async def test_a_segment_that_cannot_be_read_is_waited_for(shop: Shop) -> None:
    flowing = await shop(vip='on = "order_placed"\ntemplate = "hello"\nwhere = "vip"')
    members = flowing.deciding.desk.members
    await flowing.happens(ORDER)
    with replaced(flowing, broken):
        await flowing.passes()
        assert await flowing.states() == [("waiting", None)]
    members["vip"] = {flowing.person(RECIPIENT)}
    await flowing.passes(minutes=10)
    [run] = await flowing.runs()
    job = (await flowing.decision(run)).job or ""

    async def told(state: str) -> bool:
        return state in await flowing.world.states(job)

    async with served(flowing.world) as modem:
        with replaced(flowing, broken):
            await until(lambda: told("deferred"))
        assert modem.written == []
        await flowing.passes(minutes=10)
        await until(lambda: told("sent"))


def broken(*_: object) -> bool:
    raise ContentError("is no condition on people")


@contextmanager
def replaced(flowing: Flowing, belongs: Callable[..., bool]) -> Iterator[None]:
    """Have something else tell who belongs to a segment."""
    desk = flowing.deciding.desk
    desk.belongs = belongs  # type: ignore[method-assign]
    flowing.restart()
    try:
        yield
    finally:
        del desk.belongs
        flowing.restart()


async def test_a_segment_is_asked_again_when_the_message_is_handed_over(shop: Shop) -> None:
    flowing = await shop(vip='on = "order_placed"\ntemplate = "hello"\nwhere = "vip"')
    members = flowing.deciding.desk.members
    members["vip"] = {flowing.person(RECIPIENT)}
    await flowing.happens(ORDER)
    await flowing.passes()
    assert await flowing.sent() == ["hello for Ada"]
    members["vip"] = set()
    assert await handed_over(flowing) == (0, "not_in_segment")


async def test_a_flow_that_is_removed_sends_nothing_any_more(shop: Shop) -> None:
    flowing = await shop("abandoned-cart", "order-placed")
    await flowing.happens(ORDER, customer="8812", at=flowing.now(minutes=-1))
    await flowing.happens(CART)
    await flowing.passes()
    flowing.book.flows = {ACME: Flows()}
    assert await handed_over(flowing) == (0, "flow_removed")
    await flowing.passes(minutes=45)
    assert ("dropped", "flow_removed") in await flowing.states("abandoned-cart")


async def test_a_flow_that_cannot_be_read_for_a_while_is_waited_for(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    known = flowing.book.flows
    await flowing.happens(CART)
    flowing.book.flows = {ACME: Flows(faulty=frozenset({"abandoned-cart"}))}
    await flowing.passes(minutes=45)
    assert await flowing.states() == [("waiting", None)]
    flowing.book.flows = known
    await flowing.passes(minutes=10)
    assert await flowing.sent() == ["abandoned-cart for Ada"]


async def test_who_is_held_out_is_counted_and_gets_nothing(database: Database) -> None:
    text = 'on = "order_placed"\ntemplate = "hello"\nholdout = 0.5'
    flowing = make_flowing(database, flows_of(hello=text))
    for place in range(40):
        number = f"+4477009{place:05d}"
        await flowing.knows(number, f"c{place}")
        await flowing.world.allow(number=number, person=flowing.person(number))
        await flowing.happens(ORDER, order_id=f"o{place}", customer=f"c{place}")
    await flowing.passes()
    states = await flowing.states()
    held = states.count(("decided", "held"))
    assert 0 < held < 40
    assert len(await flowing.sent()) == states.count(("decided", None)) == 40 - held


async def test_nights_put_a_reminder_off_and_never_beyond_two_days(database: Database) -> None:
    """Left at night, it waits for the morning; a line that is free in the second night only finds
    it put off beyond the two days, and so it ends."""
    flowing = make_flowing(database, flows_of("abandoned-cart"), stated=STATED)
    await flowing.knows()
    await flowing.world.allow()
    left = flowing.world.clock.instant = datetime(2026, 11, 23, 22, tzinfo=UTC)
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    [run] = await flowing.runs()
    job = (await flowing.decision(run)).job or ""
    assert (await flowing.world.job(job)).not_before == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert (await flowing.world.job(job)).expires_at == left + timedelta(hours=48)

    async def put_off() -> bool:
        return (await flowing.world.states(job)).count("deferred") == 2

    async with served(flowing.world) as modem:
        flowing.world.clock.instant = left + timedelta(hours=47)
        await flowing.passes()
        await until(put_off)
        await flowing.passes(hours=1)
    assert (await flowing.world.states(job))[-1] == "expired"
    assert modem.written == []


async def handed_over(flowing: Flowing) -> tuple[int, str | None]:
    """Let a line serve until the newest decided job is settled; return what went out and why."""
    run = next(run for run in await flowing.runs() if run.state == "decided")
    job = (await flowing.decision(run)).job or ""

    async def settled() -> bool:
        return {"sent", "cancelled"} & set(await flowing.world.states(job)) != set()

    async with served(flowing.world) as modem:
        await until(settled)
    return len(modem.written), (await flowing.decision(run)).reason
