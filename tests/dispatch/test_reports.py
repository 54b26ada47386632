"""A report settles its part: early, late, doubled, in two steps, however the number is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.world import START, World

from gateway.dispatch.retry import GiveUp
from gateway.dispatch.settling import Handed, settle_not_sent
from gateway.domain.ids import AttemptKey, LineId
from gateway.domain.states import PartState, Stage
from tests.dispatch.deeds import (
    HOLDER,
    LINE,
    claim,
    come,
    hand,
    instant,
    lost,
    report,
    send,
    sent,
)


async def test_a_report_makes_its_job_delivered(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7))
    assert await world.states() == ["accepted", "sent", "delivered"]
    assert (await world.job()).stage is Stage.DONE


@pytest.mark.parametrize("number", ["07700900123", "447700900123", "+447700900123"])
async def test_any_writing_of_the_number_will_do(world: World, number: str) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, number=number))
    assert (await world.states())[-1] == "delivered"


@pytest.mark.parametrize(
    "pdu",
    [report(8), report(7, number="+447700900999")],
    ids=["another reference", "another number"],
)
async def test_a_report_of_something_else_changes_nothing(world: World, pdu: str) -> None:
    await send(world, "order-1", 7)
    await come(world, pdu)
    assert await world.states() == ["accepted", "sent"]


async def test_a_report_on_another_line_changes_nothing(world: World) -> None:
    await send(world, "order-1", 7)
    await world.dispatcher.report(LineId("another"), report(7), None)
    assert await world.states() == ["accepted", "sent"]


async def test_a_report_before_its_cmgs_is_kept_and_counts(world: World) -> None:
    await world.accept()
    await claim(world)
    attempt = await hand(world)
    await come(world, report(7))
    assert await world.states() == ["accepted"]
    await sent(world, attempt, 7)
    assert await world.states() == ["accepted", "sent", "delivered"]


async def test_a_report_before_its_cmgs_counts_also_where_none_was_early_before(
    world: World,
) -> None:
    """It is remembered of a line that no report waits, until one does."""
    await send(world, "first", 6)
    await world.accept("second")
    await claim(world)
    attempt = await hand(world, "second")
    await come(world, report(7))
    await sent(world, attempt, 7, "second")
    assert await world.states("second") == ["accepted", "sent", "delivered"]


async def test_an_old_unmatched_report_does_not_settle_a_new_part(world: World) -> None:
    """TP-MR comes round again after 256 messages."""
    await come(world, report(7))
    await world.advance(hours=1)
    await send(world, "order-1", 7)
    assert await world.states() == ["accepted", "sent"]


async def test_a_doubled_report_counts_once_and_settles_no_other_part(world: World) -> None:
    await send(world, "first", 7)
    await come(world, report(7))
    await world.advance(seconds=1)
    await send(world, "second", 7)
    await come(world, report(7))
    assert await world.states("second") == ["accepted", "sent"]
    assert world.dispatcher.fleet.count(LINE).reports == 1


async def test_of_two_parts_with_one_reference_the_newest_is_meant(world: World) -> None:
    await send(world, "old", 7)
    await world.advance(hours=1)
    await send(world, "new", 7)
    await come(world, report(7, at=world.clock.now()))
    assert await world.states("new") == ["accepted", "sent", "delivered"]
    assert await world.states("old") == ["accepted", "sent"]


async def test_still_trying_is_not_the_end(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, 0x30))
    assert await world.states() == ["accepted", "sent"]
    await come(world, report(7, 0x00))
    assert await world.states() == ["accepted", "sent", "delivered"]


async def test_the_networks_reason_is_told(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, 0x46))
    assert await world.states() == ["accepted", "sent", "undelivered"]
    assert "0x46" in (await world.said())[-1]["reason"]


async def test_a_job_is_delivered_when_all_its_parts_are(world: World) -> None:
    await world.accept(text="x" * 200)
    await claim(world)
    for number in (1, 2):
        await sent(world, await hand(world, number=number), 10 + number, number=number)
    await come(world, report(12))
    assert await world.states() == ["accepted", "sent"]
    await come(world, report(11))
    assert await world.states() == ["accepted", "sent", "delivered"]
    assert (await world.said())[-1]["parts"] == {"total": 2, "sent": 2, "delivered": 2}


async def test_a_report_between_the_parts_leaves_the_line_its_claim(world: World) -> None:
    await world.accept(text="x" * 200)
    await claim(world)
    await sent(world, await hand(world, number=1), 11, number=1)
    second = await hand(world, number=2)
    await come(world, report(11))
    assert (await world.job()).stage is Stage.CLAIMED
    await sent(world, second, 12, number=2)
    assert await world.states() == ["accepted", "sent"]


async def test_without_a_reference_the_number_decides(world: World) -> None:
    await send(world, "order-1", None)
    await come(world, report(99))
    assert await world.states() == ["accepted", "sent", "delivered"]


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (0x00, ["accepted", "unconfirmed", "delivered"]),
        (0x46, ["accepted", "unconfirmed", "undelivered"]),
        (0x30, ["accepted", "unconfirmed", "sent"]),
    ],
)
async def test_a_report_settles_what_was_in_doubt(
    world: World, status: int, states: list[str]
) -> None:
    await world.accept()
    await claim(world)
    await lost(world, await hand(world))
    await come(world, report(42, status))
    assert await world.states() == states
    await world.advance(days=1)
    assert (await world.job()).stage is not Stage.READY, "and it is not repeated"


async def test_a_report_that_came_before_the_doubt_settles_it(world: World) -> None:
    await world.accept()
    await claim(world)
    attempt = await hand(world)
    await come(world, report(42))
    await lost(world, attempt)
    assert (await world.states())[-1] == "delivered"


async def in_doubt_beside_one_at_the_modem(world: World) -> AttemptKey:
    """The first part of a message is in doubt, the second at the modem; return its attempt."""
    await world.accept(text="x" * 200)
    await claim(world)
    await lost(world, await hand(world, number=1), number=1)
    await claim(world)
    return await hand(world, number=2)


async def states_of_parts(world: World) -> list[PartState]:
    return [part.state for part in await world.parts()]


async def test_an_early_report_is_not_taken_for_one_of_what_is_in_doubt(world: World) -> None:
    second = await in_doubt_beside_one_at_the_modem(world)
    await come(world, report(8))
    await sent(world, second, 8, number=2)
    assert await states_of_parts(world) == [PartState.UNCONFIRMED, PartState.DELIVERED]


async def test_a_report_of_what_is_in_doubt_may_come_while_another_is_at_the_modem(
    world: World,
) -> None:
    second = await in_doubt_beside_one_at_the_modem(world)
    await come(world, report(7))
    await sent(world, second, 8, number=2)
    assert await states_of_parts(world) == [PartState.DELIVERED, PartState.SENT]


async def test_a_report_of_what_is_in_doubt_may_come_while_another_is_refused(
    world: World,
) -> None:
    await in_doubt_beside_one_at_the_modem(world)
    await come(world, report(7))
    first, second = await world.parts()
    waiting = replace(second, state=PartState.WAITING, handed_at=None)
    policy, now = world.context.policy, world.clock.now()
    handed = Handed(part=waiting, attempt=AttemptKey(2))
    await world.database.write(
        lambda c: settle_not_sent(
            c,
            [waiting],
            [handed],
            GiveUp(),
            holder=HOLDER,
            policy=policy,
            now=now,
            reason="refused",
        )
    )
    assert first.state is PartState.UNCONFIRMED
    assert await states_of_parts(world) == [PartState.DELIVERED, PartState.FAILED]


async def test_steps_of_one_report_that_all_came_early_count_in_their_order(world: World) -> None:
    await world.accept()
    await claim(world)
    attempt = await hand(world)
    await come(world, report(7, 0x30))
    await come(world, report(7, 0x00))
    await sent(world, attempt, 7)
    assert await world.states() == ["accepted", "sent", "delivered"]


async def test_an_early_report_settles_what_a_restart_finds_in_doubt(world: World) -> None:
    await world.accept()
    await claim(world)
    await hand(world)
    await come(world, report(7))
    await world.dispatcher.recover()
    assert await world.states() == ["accepted", "unconfirmed", "delivered"]


async def test_a_late_cmgs_counts_while_the_next_is_at_the_modem(world: World) -> None:
    await in_doubt_beside_one_at_the_modem(world)
    await world.dispatcher.late_reference(LINE, 42)
    assert await states_of_parts(world) == [PartState.SENT, PartState.HANDED]


async def test_a_late_cmgs_does_not_reach_behind_what_was_settled_since(world: World) -> None:
    second = await in_doubt_beside_one_at_the_modem(world)
    await sent(world, second, 8, number=2)
    await world.dispatcher.late_reference(LINE, 42)
    assert await states_of_parts(world) == [PartState.UNCONFIRMED, PartState.SENT]


async def test_a_late_cmgs_settles_the_doubt_and_its_report_is_then_matched(world: World) -> None:
    await world.accept()
    await claim(world)
    await lost(world, await hand(world))
    await world.dispatcher.late_reference(LINE, 42)
    assert await world.states() == ["accepted", "unconfirmed", "sent"]
    await come(world, report(42))
    assert (await world.states())[-1] == "delivered"


async def test_a_late_cmgs_after_the_report_takes_nothing_back(world: World) -> None:
    await world.accept()
    await claim(world)
    await lost(world, await hand(world))
    await come(world, report(42))
    await world.dispatcher.late_reference(LINE, 42)
    assert (await world.states())[-1] == "delivered"
    assert await states_of_parts(world) == [PartState.DELIVERED]


async def test_a_late_cmgs_of_nothing_in_doubt_changes_nothing(world: World) -> None:
    await send(world, "order-1", 7)
    await world.dispatcher.late_reference(LINE, 42)
    assert [(part.state, part.reference) for part in await world.parts()] == [(PartState.SENT, 7)]


async def test_what_cannot_be_read_is_no_error(world: World) -> None:
    await come(world, "0006")
    await come(world, "not hex")
    assert await world.said() == []


async def test_a_report_told_again_with_another_time_leaves_the_doubt(world: World) -> None:
    """It is another part's; taking it would lose a part that was never sent."""
    await send(world, "first", 7)
    await come(world, report(7))
    await world.accept("second")
    await claim(world)
    await lost(world, await hand(world, "second"), "second")
    await come(world, report(7, at=START + timedelta(seconds=9)))
    assert await world.states("second") == ["accepted", "unconfirmed"]
    await come(world, report(8))
    assert await world.states("second") == ["accepted", "unconfirmed", "delivered"]


async def test_a_reference_that_comes_round_again_settles_a_doubt(world: World) -> None:
    await send(world, "first", 7)
    await come(world, report(7))
    await world.advance(minutes=59)
    await world.accept("second")
    await claim(world)
    await lost(world, await hand(world, "second"), "second")
    await world.advance(minutes=2)
    await come(world, report(7, at=world.clock.now()))
    assert await world.states("second") == ["accepted", "unconfirmed", "delivered"]


async def test_a_delivery_by_a_reserved_code_is_told_with_the_code(world: World) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, 0x05))
    status = (await world.said())[-1]
    assert (status["state"], status["reason"]) == ("delivered", "0x05 delivered, reserved")


async def test_a_report_under_a_short_code_is_believed_where_one_part_is_left(
    world: World,
) -> None:
    await send(world, "order-1", 7)
    await come(world, report(7, number="4477"))
    assert await world.states() == ["accepted", "sent", "delivered"]


async def test_an_empty_report_is_nobodys(world: World) -> None:
    """Some modems read an empty place as a report of reference 0 for nobody."""
    await send(world, "order-1", 0)
    await come(world, "000600" + "0081" + instant(START) * 2 + "00")
    assert await world.states() == ["accepted", "sent"]


async def test_a_reference_that_came_round_again_is_the_newer_parts(world: World) -> None:
    """The older one was never reported, and goes to the same person."""
    await send(world, "old", 7)
    await world.advance(minutes=11)
    await world.accept("new")
    await claim(world)
    attempt = await hand(world, "new")
    await come(world, report(7))
    assert await world.states("old") == ["accepted", "sent"], "it may be of the one at the modem"
    await sent(world, attempt, 7, "new")
    assert await world.states("new") == ["accepted", "sent", "delivered"]
    assert await world.states("old") == ["accepted", "sent"]


async def test_a_late_report_waits_for_what_is_at_the_modem_and_then_counts(world: World) -> None:
    await send(world, "old", 7)
    await world.advance(minutes=11)
    await world.accept("new")
    await claim(world)
    attempt = await hand(world, "new")
    await come(world, report(7))
    await sent(world, attempt, 8, "new")
    assert await world.states("old") == ["accepted", "sent", "delivered"]
    assert await world.states("new") == ["accepted", "sent"]
