"""A person as a buyer, added up from what the shop told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from support.shop import at, cart, checkout, happened, item, order, viewed
from support.world import ACME, IDENTITIES, RECIPIENT, World

from gateway.db.owned import Shopper
from gateway.db.shop.profiles import Profile, profiles_of, read_profile
from gateway.domain.shop import OrderReversed, Reversal

ADA = IDENTITIES.of(RECIPIENT)


async def profile(world: World) -> Profile | None:
    return await world.database.read(lambda c: read_profile(c, ACME, ADA, world.clock.now()))


def given_back(name: str, kind: Reversal, total: str) -> OrderReversed:
    return OrderReversed(order_id=name, kind=kind, total=Decimal(total), currency="EUR")


async def test_a_person_is_added_up_from_what_stands(world: World) -> None:
    lamps = (item("p2", "10", category="Lamps", quantity=3), item("p1", category=None))
    told = [
        happened(order("1", phone=RECIPIENT), 10),
        happened(order("2", phone=RECIPIENT, items=lamps, total=Decimal("61.10")), 20),
        happened(order("3", phone=RECIPIENT), 30),
        happened(given_back("2", Reversal.REFUNDED, "11.1001"), 40),
        happened(given_back("3", Reversal.CANCELLED, "28.80"), 40),
        happened(viewed("p9", phone=RECIPIENT), 50),
        happened(viewed("p1", phone=RECIPIENT), 51),
        happened(cart("k", phone=RECIPIENT, value=Decimal("23.90")), 60),
    ]
    assert set(await world.admit(*told)) == {None}
    assert await profile(world) == Profile(
        store=ACME,
        person=ADA,
        orders=2,
        spend=Decimal("28.80") + Decimal("61.10") - Decimal("11.1001"),
        refunded=Decimal("11.1001"),
        average_order=Decimal("39.3999"),
        currencies=("EUR",),
        first_order_at=at(10),
        last_order_at=at(20),
        categories=("Lamps", "Kitchen"),
        viewed=("p1", "p9"),
        cart_ids=("k",),
        cart_value=Decimal("23.90"),
        cart_active_at=at(60),
    )


async def test_a_cart_that_was_bought_or_cleared_is_open_no_more(world: World) -> None:
    told = [
        happened(cart("k", phone=RECIPIENT), 10),
        happened(checkout("c", "k", phone=RECIPIENT), 11),
        happened(order("1", checkout_id="c"), 12),
        happened(cart("k-2", phone=RECIPIENT), 20),
        happened(cart("k-2", phone=RECIPIENT, items=(), value=Decimal(0)), 21),
    ]
    assert set(await world.admit(*told)) == {None}
    found = await profile(world)
    assert found is not None
    assert (found.cart_ids, found.cart_value) == ((), Decimal(0))


async def test_nobody_is_who_is_not_known(world: World) -> None:
    assert await profile(world) is None
    await world.admit(happened(order("1", phone=RECIPIENT), 10))
    whose = Shopper(persons=IDENTITIES.all_of(RECIPIENT))
    now = datetime(2026, 11, 26, tzinfo=UTC)
    [found] = await world.database.read(lambda c: profiles_of(c, whose, now))
    assert found.orders == 1
