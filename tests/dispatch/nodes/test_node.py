"""Nodes on one database: who is there, who has what, and what becomes of what the dead left."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from support.members import LEASE, Join, Member, eventually
from support.world import World

from gateway.db.nodes import FencedError, end_dead, leave_lines, node_of, read_nodes
from gateway.dispatch.nodes import NodeInUseError
from gateway.domain.ids import LineId

LINE = LineId("8944000000000000001")


def nothing(_connection: Connection) -> None:
    """Change nothing."""


async def test_a_second_gateway_of_a_name_is_refused_while_the_first_beats(member: Join) -> None:
    await (await member("box-1")).start()
    with pytest.raises(NodeInUseError, match='as node "box-1"; give each gateway'):
        await (await member("box-1")).start()


async def test_a_name_is_free_again_at_once_when_its_gateway_has_died(member: Join) -> None:
    first = await (await member("box-1")).start()
    await first.die()
    await (await member("box-1")).start()


async def test_a_name_is_free_when_the_server_has_ended_a_silent_session(member: Join) -> None:
    """The box lost its power: nobody closes the connection, and the server waits for a lease."""
    first = await (await member("box-1")).start()
    await first.stop_beating()
    async with asyncio.timeout(3 * LEASE):
        await (await member("box-1")).start()


async def test_a_line_is_one_nodes_at_a_time_and_the_other_knows_whose(member: Join) -> None:
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    held = one.node.line(LINE)
    await eventually(held.held.is_set)
    waits = other.node.line(LINE)
    await asyncio.sleep(LEASE / 2)
    assert not waits.held.is_set()
    one.node.release(held)
    await eventually(waits.held.is_set)
    assert held.lost.is_set()


async def test_two_modems_of_one_node_may_want_one_line(member: Join) -> None:
    """The SIM moved; who of them has it is the node's own affair, and it keeps the line."""
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    older = one.node.line(LINE)
    await eventually(older.held.is_set)
    newer = one.node.line(LINE)
    assert newer.held.is_set()
    one.node.release(older)
    waits = other.node.line(LINE)
    await asyncio.sleep(LEASE / 2)
    assert newer.held.is_set()
    assert not waits.held.is_set()


async def test_a_dead_nodes_lines_are_free(member: Join) -> None:
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    held = one.node.line(LINE)
    await eventually(held.held.is_set)
    waits = other.node.line(LINE)
    await one.die()
    await eventually(waits.held.is_set)


async def test_a_seat_that_is_lost_loses_all_and_gets_it_back(member: Join) -> None:
    """As when the server is restarted."""
    one = await (await member("box-1")).start()
    claim = one.node.line(LINE)
    await eventually(claim.held.is_set)
    stands = claim.standing()
    await one.database.write(end_seats)
    await eventually(claim.lost.is_set)
    await eventually(claim.held.is_set)
    assert not stands(), "what was begun under the claim before may not go on"
    await one.database.write(nothing)


def end_seats(connection: Connection) -> None:
    """Have the server end every seat."""
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'shopbell seat%' AND datname = current_database()"
        )
    )


def seems_dead(other: Member) -> bool:
    """Whether a node sees one that was silent for longer than its lease."""
    return any(one.silent_for > timedelta(seconds=LEASE) for one in other.node.others)


async def make_old(member: Member) -> None:
    """Let a node's last beat be long ago."""
    await member.database.write(
        lambda c: c.execute(text("UPDATE nodes SET seen_at = seen_at - interval '1 hour'"))
    )


async def test_a_node_that_is_slow_and_lives_is_not_robbed(member: Join) -> None:
    slow, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    await make_old(slow)
    [record] = [one for one in await other.database.read(read_nodes) if one.name == "box-1"]
    assert not await other.database.write(
        lambda c: end_dead(c, "box-1", record.instance, timedelta(seconds=LEASE))
    )


async def test_a_dead_node_is_not_taken_over_before_its_lease_is_over(member: Join) -> None:
    """Its session ended, as by a restart of the server, and it is about to have another."""
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    await one.die()
    [record] = [each for each in await other.database.read(read_nodes) if each.name == "box-1"]
    assert not await other.database.write(
        lambda c: end_dead(c, "box-1", record.instance, timedelta(seconds=LEASE))
    )


async def test_one_that_was_taken_over_can_write_nothing_more(member: Join, world: World) -> None:
    dead, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    await dead.database.write(nothing)
    await dead.stop_beating()
    await eventually(
        lambda: any(one.silent_for > timedelta(seconds=1) for one in other.node.others)
    )
    await other.succession(world).look()
    with pytest.raises(FencedError, match="box-1 was taken for dead"):
        await dead.database.write(nothing)


async def test_what_the_dead_were_writing_is_undone(member: Join) -> None:
    """Else an intent could be committed behind the back of who settles what was intended."""
    dead, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    await dead.die()
    await make_old(other)
    loop, nodes = asyncio.get_running_loop(), await other.database.read(read_nodes)
    runs: list[bool] = []

    def be_taken_over(connection: Connection) -> None:
        """Have the node ended while its own transaction is open."""
        if not runs:
            runs.append(True)
            ending = other.database.write(
                lambda c: end_dead(c, "box-1", nodes[0].instance, timedelta(seconds=LEASE))
            )
            assert asyncio.run_coroutine_threadsafe(ending, loop).result(5)
        leave_lines(connection, None)

    with pytest.raises(FencedError):
        await dead.database.write(be_taken_over)


async def test_one_that_was_taken_over_comes_back_and_may_write_again(
    member: Join, world: World
) -> None:
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    claim = one.node.line(LINE)
    await eventually(claim.held.is_set)
    await one.stop_beating()
    stands = claim.standing()
    await eventually(
        lambda: any(each.silent_for > timedelta(seconds=1) for each in other.node.others)
    )
    await other.succession(world).look()
    one.beating = asyncio.create_task(one.node.run())
    await eventually(claim.lost.is_set)
    await eventually(claim.held.is_set)
    assert not stands()
    await one.database.write(nothing)


async def test_one_that_leaves_is_waited_for_by_nobody(member: Join, world: World) -> None:
    one, other = await (await member("box-1")).start(), await (await member("box-2")).start()
    claim = one.node.line(LINE)
    await eventually(claim.held.is_set)
    await one.stop_beating()
    await one.succession(world).leave()
    await one.node.close()
    waits = other.node.line(LINE)
    await eventually(waits.held.is_set)
    assert await other.database.read(lambda c: node_of(c, LINE)) is None
    assert [each.ended for each in await other.database.read(read_nodes)] == [True, False]


async def test_one_that_was_asleep_knows_it_before_it_has_noticed(member: Join) -> None:
    """By its own clock: its loop has not come to find out that its seat is gone."""
    one = await (await member("box-1")).start()
    claim = one.node.line(LINE)
    await eventually(claim.held.is_set)
    stands = claim.standing()
    assert stands()
    await one.stop_beating()
    await asyncio.sleep(LEASE)
    assert claim.held.is_set()
    assert not stands()
