"""Which store is told of a person's message, and of which job it is the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.claims import claim_job
from support.deliver import deliver, part
from support.inbox import LINE, come, told_to
from support.spending import free
from support.world import ACME, RECIPIENT, World

from gateway.db.lines import note_line
from gateway.db.parts import change_part, read_parts
from gateway.dispatch.settling import Holder, intend
from gateway.domain.consent import Scope
from gateway.domain.ids import LineId, ModemName, StoreName
from gateway.domain.states import PartState

BOOKS = StoreName("books")
OTHER_LINE = LineId("8944100000000000002")
HERE = ModemName("m0")


@pytest.fixture
def world(world: World) -> World:
    """Two stores use the box."""
    world.context.inbound.stores = (ACME, BOOKS)
    world.admission.countries = {ACME: "GB", BOOKS: "GB"}
    return world


async def hand(
    world: World,
    job: str,
    *,
    store: StoreName = ACME,
    line: LineId = LINE,
    to: str = RECIPIENT,
    state: PartState = PartState.SENT,
    scope: Scope | None = None,
) -> None:
    """Have a job's only part be handed to a modem."""
    await world.accept(job, store=store, to=to, scope=scope)
    now = world.clock.now()
    claimed = await world.database.write(
        lambda c: claim_job(c, node="box-1", line=line, modem=HERE, routes=(), now=now)
    )
    assert claimed is not None
    [handed] = await world.database.read(lambda c: read_parts(c, claimed.key))
    holder = Holder(node="box-1", line=line, modem=HERE)
    spending = free(now)
    await world.database.write(lambda c: intend(c, handed, holder, spending, now))
    await world.database.write(lambda c: change_part(c, handed.key, state=state))
    world.clock.instant += timedelta(minutes=1)


async def answered(world: World) -> list[tuple[str, str | None]]:
    """Return each store that was told, with the job that it was told of."""
    return [(store, told["in_reply_to"]) for store, told in await told_to(world)]


async def test_an_answer_goes_to_the_store_that_wrote_last(world: World) -> None:
    await hand(world, "first")
    await hand(world, "second", store=BOOKS)
    await hand(world, "to another", to="+447700900999")
    await come(world, deliver())
    assert await answered(world) == [("books", "second")]


async def test_the_line_that_was_written_to_is_preferred(world: World) -> None:
    await hand(world, "here")
    await hand(world, "elsewhere", store=BOOKS, line=OTHER_LINE)
    await come(world, deliver())
    assert await answered(world) == [("acme", "here")]


async def test_another_line_is_better_than_none(world: World) -> None:
    await hand(world, "elsewhere", store=BOOKS, line=OTHER_LINE)
    await come(world, deliver())
    assert await answered(world) == [("books", "elsewhere")]


@pytest.mark.parametrize("sender", ["07700900123", "447700900123", "+447700900123"])
async def test_however_the_number_is_written(world: World, sender: str) -> None:
    await hand(world, "first")
    await come(world, deliver(sender=sender))
    assert await answered(world) == [("acme", "first")]


async def test_a_number_that_only_ends_alike_will_do_where_there_is_no_better(
    world: World,
) -> None:
    """Networks add and leave out digits between the country and the subscriber."""
    await hand(world, "mexico", to="+525512345678")
    await come(world, deliver(sender="+5215512345678"))
    assert await answered(world) == [("acme", "mexico")]


async def test_the_very_number_is_preferred_to_one_that_ends_alike(world: World) -> None:
    await hand(world, "hers", to="+447700900123")
    await hand(world, "his", store=BOOKS, to="+447800900123")
    await come(world, deliver(sender="+447700900123"))
    assert await answered(world) == [("acme", "hers")]


@pytest.mark.parametrize("sender", ["60123", "Bank 900123", "900123"])
async def test_a_short_code_and_a_name_answer_nobody(world: World, sender: str) -> None:
    await hand(world, "first", to="+447700900123")
    await come(world, deliver(sender=sender))
    assert await answered(world) == [("acme", None), ("books", None)]


async def test_what_was_never_handed_over_is_not_answered(world: World) -> None:
    await world.accept("queued", store=BOOKS)
    await come(world, deliver())
    assert await answered(world) == [("acme", None), ("books", None)]


@pytest.mark.parametrize("state", [PartState.FAILED, PartState.WAITING])
async def test_what_was_refused_is_not_answered(world: World, state: PartState) -> None:
    await hand(world, "refused", state=state)
    await come(world, deliver())
    assert await answered(world) == [("acme", None), ("books", None)]


async def test_what_is_in_doubt_may_be_answered(world: World) -> None:
    await hand(world, "doubtful", state=PartState.UNCONFIRMED)
    await come(world, deliver())
    assert await answered(world) == [("acme", "doubtful")]


async def test_after_thirty_days_nothing_is_answered(world: World) -> None:
    await hand(world, "old")
    world.clock.instant += timedelta(days=30)
    await come(world, deliver())
    assert await answered(world) == [("acme", None), ("books", None)]


async def test_a_message_of_nobody_goes_to_all_under_one_id(world: World) -> None:
    await come(world, deliver())
    (first, told), (second, again) = await told_to(world)
    assert (first, second) == ("acme", "books")
    assert told == again


async def test_what_we_answered_for_a_store_is_not_told_as_its_own_job(world: World) -> None:
    """It knows no job `auto:stop:…`; a person goes on about what the store wrote."""
    await hand(world, "first")
    await hand(world, "auto", scope=Scope.REPLY)
    await come(world, deliver())
    assert await answered(world) == [(ACME, "first")]


async def test_an_answer_to_a_store_that_wrote_nothing_yet_is_its_own(world: World) -> None:
    await hand(world, "auto", scope=Scope.REPLY, store=BOOKS)
    await come(world, deliver())
    assert await answered(world) == [(BOOKS, None)]


@pytest.mark.rule("G-15")
async def test_where_stores_are_strangers_a_message_of_nobody_goes_to_none(world: World) -> None:
    world.context.inbound.strangers = True
    await come(world, deliver("hello"))
    assert await answered(world) == []
    world.context.inbound.stores = (ACME,)
    await come(world, deliver("hello again"))
    assert await answered(world) == [(ACME, None)]


async def test_what_answers_a_store_that_has_gone_is_not_lost(world: World) -> None:
    await hand(world, "first", store=BOOKS)
    world.context.inbound.stores = (ACME,)
    await come(world, deliver())
    assert await answered(world) == [("acme", None)]


async def test_without_a_store_messages_wait_until_one_appears(world: World) -> None:
    world.context.inbound.stores = ()
    await come(world, deliver("one"), part(1, 2, "two "))
    await world.advance(hours=6)
    assert await told_to(world) == []
    world.context.inbound.stores = (BOOKS,)
    await world.advance(seconds=1)
    await world.advance(seconds=1)
    assert [(store, told["text"]) for store, told in await told_to(world)] == [
        ("books", "one"),
        ("books", "two […]"),
    ]


async def test_the_modem_that_holds_the_line_is_named(world: World) -> None:
    await world.database.write(lambda c: note_line(c, LINE, HERE, world.clock.now()))
    await come(world, deliver())
    assert {told["to_modem"] for _, told in await told_to(world)} == {"m0"}
