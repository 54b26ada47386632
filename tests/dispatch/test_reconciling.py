"""What a store says that it told of a day is compared with what came, exactly."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.events import CUSTOMER, ORDER, RECONCILE, STATUS, event
from support.world import ACME, World

from gateway.db.shop.tallies import NOTHING, tallies_of, with_id
from gateway.domain.shop import Tally

DAY = "2026-11-23"


def told(*names: str) -> dict[str, Any]:
    """As a shop's developer would count, from the page for them."""
    firsts = [int(hashlib.sha256(name.encode()).hexdigest()[:16], 16) for name in names]
    return {"events": len(names), "digest": f"{sum(firsts) % 2**64:016x}"}


async def reconcile(world: World, name: str = "day", **types: dict[str, Any]) -> Any:
    [refused] = await world.admit(event(RECONCILE, name, day=DAY, types=types["types"]))
    return refused


async def test_a_day_of_which_everything_came_agrees(world: World) -> None:
    orders = [event(ORDER, f"o-{n}", order_id=f"{n}") for n in range(3)]
    assert await world.admit(*orders, event(STATUS, "s")) == [None] * 4
    types = {ORDER: told("o-2", "o-0", "o-1"), STATUS: told("s")}
    assert await reconcile(world, types=types) is None
    assert await world.said("rejected") == []


async def test_what_is_missing_is_named_by_type_day_and_numbers(world: World) -> None:
    await world.admit(event(ORDER, "o-1"))
    types = {ORDER: told("o-1", "o-2")}
    refused = await reconcile(world, types=types)
    assert (refused.code, refused.field) == ("events_missing", f"data.properties.types.{ORDER}")
    [rejected] = await world.said("rejected")
    assert (rejected["id"], rejected["source"]) == ("day", "//shop.example/main")
    for part in (ORDER, DAY, "1 came", "you told 2", "publish that day again"):
        assert part in rejected["error"]["message"]

    await world.admit(event(ORDER, "o-1"), event(ORDER, "o-2", order_id="1002"))
    assert await reconcile(world, types=types) is None, "the day was published again"


async def test_other_events_in_the_same_number_are_not_the_same(world: World) -> None:
    await world.admit(event(ORDER, "o-1"))
    refused = await reconcile(world, types={ORDER: told("o-9"), STATUS: told()})
    assert "not the same ones" in str(refused)
    assert STATUS not in str(refused)


async def test_all_that_differs_is_named_at_once(world: World) -> None:
    refused = await reconcile(world, types={ORDER: told("a"), STATUS: told("b", "c")})
    assert refused.field == "data.properties.types"
    assert ORDER in str(refused)
    assert STATUS in str(refused)


async def test_only_what_was_taken_counts_each_once_on_its_own_day(world: World) -> None:
    await world.admit(
        event(ORDER, "o-1"),
        event(ORDER, "o-1"),
        event(ORDER, "before", time="2026-11-22T23:59:59Z", order_id="1"),
        event(ORDER, "past", envelope={"history": True}, order_id="2"),
        event(CUSTOMER, "refused", phone="12"),
    )
    counted = await world.database.read(lambda c: tallies_of(c, ACME, date(2026, 11, 23)))
    assert counted == {ORDER: Tally(**told("o-1"))}
    other = await world.database.read(lambda c: tallies_of(c, ACME, date(2026, 11, 22)))
    assert other == {ORDER: Tally(**told("before"))}


@given(
    names=st.lists(st.text(st.characters(codec="utf-8"), max_size=8)).flatmap(
        lambda names: st.tuples(st.just(names), st.permutations(names))
    )
)
def test_the_digest_is_the_same_in_any_order(names: tuple[list[str], list[str]]) -> None:
    first, second = NOTHING, NOTHING
    for one, other in zip(*names, strict=True):
        first, second = with_id(first, one), with_id(second, other)
    assert first == second == Tally(**told(*names[0]))
