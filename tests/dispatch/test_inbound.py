"""Persons' messages: joined from parts on disk, told once, whatever the order and the restarts."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from support.deliver import concat, deliver, part
from support.inbox import LINE, come, texts
from support.world import START, World

from gateway.db import Database
from gateway.domain.ids import LineId
from gateway.domain.states import Stage
from gateway.sms import GAP
from hardware.simulator.address import encode_timestamp

FIRST, SECOND, THIRD = part(1, 3, "One "), part(2, 3, "two "), part(3, 3, "three.")


async def test_a_text_is_told_with_six_keys_and_no_other(world: World) -> None:
    await come(world, deliver("Yes please"))
    [told] = await world.said("inbound")
    assert told.pop("id")
    assert told == {
        "from": "+447700900123",
        "to_modem": LINE,
        "text": "Yes please",
        "received_at": "2026-11-23T09:00:00.000Z",
        "in_reply_to": None,
    }


@pytest.mark.parametrize("order", list(itertools.permutations([FIRST, SECOND, THIRD])))
async def test_parts_are_joined_in_whatever_order_they_come(
    world: World, order: tuple[str, ...]
) -> None:
    for pdu in order:
        assert await texts(world) == []
        await come(world, pdu)
    assert await texts(world) == ["One two three."]


async def test_parts_are_kept_across_restarts(database_url: str) -> None:
    """Each part is on disk when its hand-over returns; nothing else is needed to go on."""
    for pdu in (THIRD, FIRST, SECOND):
        async with Database.open(database_url) as database:
            await come(World(database), pdu)
    async with Database.open(database_url) as database:
        assert await texts(World(database)) == ["One two three."]


async def test_parts_may_come_hours_apart(world: World) -> None:
    await come(world, FIRST)
    await world.advance(hours=5)
    await come(world, SECOND)
    await world.advance(minutes=59)
    assert await texts(world) == []
    await come(world, THIRD)
    assert await texts(world) == ["One two three."]


async def test_a_surrogate_pair_that_was_cut_in_two_is_whole_again(world: World) -> None:
    whole = "📦 arrived".encode("utf-16-be")
    await come(
        world,
        deliver(whole[2:], coding=0x08, header=concat(2, 2)),
        deliver(whole[:2], coding=0x08, header=concat(1, 2)),
    )
    assert await texts(world) == ["📦 arrived"]


async def test_a_part_that_comes_twice_counts_once(world: World) -> None:
    await come(world, FIRST, FIRST, SECOND, SECOND, THIRD, THIRD, FIRST)
    assert await texts(world) == ["One two three."]
    assert world.dispatcher.fleet.count(LINE).received == 3


async def test_a_part_that_was_sent_again_with_another_time_counts_once(world: World) -> None:
    again = part(1, 3, "One ", at=START + timedelta(minutes=2))
    await come(world, FIRST, again, SECOND, THIRD, again)
    assert await texts(world) == ["One two three."]


@pytest.mark.parametrize(
    "header",
    [concat(1, 1), concat(0, 2), concat(3, 2), concat(1, 0)],
    ids=["one of one", "place 0", "place beyond the total", "total 0"],
)
async def test_a_place_that_makes_no_sense_is_a_message_by_itself(
    world: World, header: bytes
) -> None:
    await come(world, deliver("Hello", header=header))
    assert await texts(world) == ["Hello"]


async def test_a_reference_is_another_one_on_another_line_or_width_or_by_another_sender(
    world: World,
) -> None:
    await come(world, part(1, 2, "a"), line=LineId("another"))
    await come(
        world,
        part(1, 2, "b", sender="+447700900999"),
        deliver("c", header=concat(1, 2, width=16)),
        part(1, 2, "d", reference=8),
        part(1, 3, "e"),
        part(2, 2, "f"),
    )
    assert await texts(world) == []
    await world.advance(hours=6)
    assert sorted(filter(None, await texts(world))) == [
        "[…]f",
        "a[…]",
        "b[…]",
        "c[…]",
        "d[…]",
        "e[…]",
    ]


async def test_a_reference_that_is_used_again_begins_another_message(world: World) -> None:
    await come(world, part(1, 2, "Hello "), part(2, 2, "you."))
    await come(world, part(1, 2, "Good "), part(2, 2, "bye."))
    assert await texts(world) == ["Hello you.", "Good bye."]


async def test_a_place_with_other_content_begins_another_message(world: World) -> None:
    later = START + timedelta(minutes=5)
    await come(world, part(1, 2, "Lost "), part(1, 2, "Good ", at=later))
    await come(world, part(2, 2, "bye.", at=later))
    assert await texts(world) == ["Good bye."]
    await world.advance(hours=6)
    assert await texts(world) == ["Good bye.", "Lost […]"]


async def test_of_two_messages_that_lack_a_part_it_is_of_the_one_of_its_time(world: World) -> None:
    later = START + timedelta(minutes=5)
    await come(world, part(1, 2, "Hello "), part(1, 2, "Good ", at=later))
    await come(world, part(2, 2, "you.", at=START + timedelta(seconds=1)))
    await come(world, part(2, 2, "bye.", at=later))
    assert await texts(world) == ["Hello you.", "Good bye."]


async def test_what_never_comes_is_marked_and_what_came_is_told(world: World) -> None:
    await come(world, FIRST, THIRD)
    await world.advance(hours=5, minutes=59)
    assert await texts(world) == []
    await world.advance(minutes=1)
    assert await texts(world) == ["One […]three."]
    assert (await world.said("inbound"))[0]["received_at"] == "2026-11-23T09:00:00.000Z"
    await world.advance(days=1)
    assert len(await texts(world)) == 1


async def test_what_the_gateway_stumbles_over_holds_no_job_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ValueError("nobody thought of that")

    await come(world, FIRST)
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("gateway.dispatch.timekeeper.settle_due", stumble)
        broken.setattr("gateway.dispatch.timekeeper.AGAIN", 0.0)
        await world.accept(send_at=START + timedelta(hours=7))
        await world.advance(hours=7)
    assert (await world.job()).stage is Stage.READY
    assert [entry["event"] for entry in logs] == ["inbound_not_settled"]
    await world.advance(seconds=1)
    assert await texts(world) == [f"One {GAP}"]


async def test_the_operator_says_how_long_parts_are_waited_for(world: World) -> None:
    world.context.inbound.wait = timedelta(minutes=10)
    await come(world, SECOND)
    await world.advance(minutes=10)
    assert await texts(world) == ["[…]two […]"]


async def test_the_wait_goes_on_over_a_restart(database_url: str) -> None:
    async with Database.open(database_url) as database:
        await come(World(database), FIRST)
    async with Database.open(database_url) as database:
        world = World(database)
        await world.advance(hours=6)
        assert await texts(world) == ["One […]"]


async def test_a_part_that_comes_too_late_is_told_alone_and_marked(world: World) -> None:
    await come(world, FIRST, THIRD)
    await world.advance(hours=7)
    await come(world, SECOND, SECOND)
    assert await texts(world) == ["One […]three.", "[…]two […]"]
    ids = {told["id"] for told in await world.said("inbound")}
    assert len(ids) == 2


async def test_after_gaps_a_reference_may_still_be_used_again(world: World) -> None:
    await come(world, FIRST)
    await world.advance(hours=7)
    at = world.clock.now()
    await come(world, *(part(place, 3, f"{place}", at=at) for place in (1, 2, 3)))
    assert await texts(world) == ["One […]", "123"]


async def test_one_sender_cannot_fill_the_disk_with_halves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.inbound.joining.MOST_OPEN_OF_SENDER", 3)
    for reference in range(5):
        world.clock.instant += timedelta(seconds=1)
        await come(world, part(1, 2, f"{reference}", reference))
    await come(world, part(1, 2, "other", sender="+447700900999"))
    assert await texts(world) == ["0[…]", "1[…]"], "the oldest are told as they are"


async def test_all_senders_together_cannot_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.inbound.joining.MOST_OPEN", 3)
    for number in range(5):
        world.clock.instant += timedelta(seconds=1)
        await come(world, part(1, 2, f"{number}", sender=f"+44770090099{number}"))
    assert await texts(world) == ["0[…]", "1[…]"]


class TestACopy:
    """A routed and a stored one differ in the centre's address, in padding and in letters."""

    @pytest.mark.parametrize(
        "copy",
        [
            deliver(),
            deliver(centre="00"),
            deliver(centre="07914497000010F0"),
            deliver() + "FFFFFF",
            deliver().lower(),
        ],
    )
    async def test_is_told_once(self, world: World, copy: str) -> None:
        await come(world, deliver())
        await world.advance(hours=23)
        await come(world, copy)
        assert await texts(world) == ["Yes please"]
        assert world.dispatcher.fleet.count(LINE).received == 1

    async def test_of_a_modem_that_could_not_delete_it_is_told_once_for_ever(
        self, world: World
    ) -> None:
        await come(world, deliver())
        await world.advance(days=9)
        await come(world, deliver())
        assert await texts(world) == ["Yes please"]

    async def test_with_a_time_that_is_none_is_another_after_a_day(self, world: World) -> None:
        """Its centre writes no time, so that nothing but ours tells one "Yes" from the next."""
        timeless = deliver().replace(encode_timestamp(START).hex().upper(), "0" * 14)
        await come(world, timeless, timeless)
        assert len(await texts(world)) == 1
        await world.advance(hours=25)
        await come(world, timeless)
        assert len(await texts(world)) == 2

    async def test_the_same_text_sent_twice_is_two_messages(self, world: World) -> None:
        await come(world, deliver(), deliver(at=START + timedelta(seconds=1)))
        assert await texts(world) == ["Yes please"] * 2
        first, second = await world.said("inbound")
        assert first["id"] != second["id"]

    async def test_on_two_lines_is_two_messages(self, world: World) -> None:
        await come(world, deliver())
        await come(world, deliver(), line=LineId("another"))
        assert await texts(world) == ["Yes please"] * 2
