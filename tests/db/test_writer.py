"""The writer's four rules."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from gateway.db import Database
from gateway.db.engine import writing_engine
from gateway.db.tables import Outgoing
from gateway.db.writer import Writer
from gateway.domain.errors import StorageError


def posting(body: str) -> Callable[[Connection], str]:
    def change(connection: Connection) -> str:
        connection.execute(insert(Outgoing).values(store="acme", kind="status", body=body))
        return body

    return change


def bodies(connection: Connection) -> list[str]:
    return list(connection.scalars(select(Outgoing.body).order_by(Outgoing.key)))


async def test_a_change_is_there_when_write_returns_and_gives_its_result(
    database: Database,
) -> None:
    assert await database.write(posting("one")) == "one"
    assert await database.read(bodies) == ["one"]


async def test_all_that_wait_share_one_commit_in_the_order_of_their_asking(
    database: Database, behind: Any, brake: Any, commits: list[Connection]
) -> None:
    names = [str(number) for number in range(100)]
    held, *tasks = await behind(*map(posting, names))
    brake.release()
    assert await asyncio.gather(*tasks) == names
    await held
    assert len(commits) == 2, "one for the brake, one for the hundred behind it"
    assert await database.read(bodies) == names


async def test_a_group_wakes_the_loop_once(
    database: Database, behind: Any, brake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, *tasks = await behind(*map(posting, "abcdefgh"))
    loop, wakes = asyncio.get_running_loop(), []
    call = loop.call_soon_threadsafe

    def count(*arguments: Any, **options: Any) -> Any:
        wakes.append(arguments)
        return call(*arguments, **options)

    monkeypatch.setattr(loop, "call_soon_threadsafe", count)
    brake.release()
    await asyncio.gather(held, *tasks)
    assert len(wakes) == 2, "one for the brake, one for the eight behind it"


async def test_a_group_is_bounded(
    database: Database,
    behind: Any,
    brake: Any,
    commits: list[Connection],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.db.writer.GROUP", 10)
    tasks = await behind(*map(posting, "abcdefghijklmnopqrstuvwxy"))
    brake.release()
    await asyncio.gather(*tasks)
    assert len(commits) == 1 + 3


def broken(connection: Connection) -> None:
    connection.execute(insert(Outgoing).values(store="acme", kind="status", body="half"))
    raise LookupError("broken")


async def test_one_bad_change_fails_alone_and_leaves_nothing(
    database: Database, behind: Any, brake: Any
) -> None:
    tasks = await behind(posting("a"), broken, posting("b"))
    brake.release()
    _, first, bad, second = await asyncio.gather(*tasks, return_exceptions=True)
    assert (first, second) == ("a", "b")
    assert isinstance(bad, LookupError)
    assert await database.read(bodies) == ["a", "b"]


async def test_a_broken_constraint_is_the_callers_own_error(database: Database) -> None:
    def twice(connection: Connection) -> None:
        connection.execute(
            insert(Outgoing).values(key=1, store="a", kind="b", body="+447700900123")
        )
        connection.execute(
            insert(Outgoing).values(key=1, store="a", kind="b", body="+447700900123")
        )

    with pytest.raises(IntegrityError) as caught:
        await database.write(twice)
    assert "447700900123" not in str(caught.value), "messages end in logs"


async def test_stop_iteration_reaches_its_caller_as_a_fault(database: Database) -> None:
    """A future refuses to carry it; unchanged it would leave the whole group without an answer."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(database.write(lambda _: next(iter(()))), 5)


async def test_a_change_cancelled_before_its_group_begins_is_not_made(
    database: Database, behind: Any, brake: Any
) -> None:
    held, cancelled, other = await behind(posting("no"), posting("yes"))
    cancelled.cancel()
    await asyncio.sleep(0)
    brake.release()
    assert await other == "yes"
    await held
    assert await database.read(bodies) == ["yes"]


async def test_cancelling_one_while_its_group_is_committed_takes_no_other_with_it(
    database: Database, behind: Any, brake: Any
) -> None:
    inside = type(brake)()
    held, gone, stands, stays = await behind(posting("a"), inside, posting("b"))
    brake.release()
    await asyncio.to_thread(inside.reached.wait, 10)
    gone.cancel()
    inside.release()
    await asyncio.gather(held, stands)
    assert await stays == "b"
    assert await database.read(bodies) == ["a", "b"], "it had begun, so it was kept"


class _Death(BaseException):
    """What no change should raise, and no thread survives."""


async def test_nobody_waits_for_a_dead_writer(
    database: Database, behind: Any, brake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_connection: Connection) -> None:
        raise _Death("out of the blue")

    monkeypatch.setattr("gateway.db.writer.GROUP", 2)
    watching = asyncio.ensure_future(database.watch())
    _, *tasks = await behind(posting("in its group"), die, posting("behind it"))
    brake.release()
    answers = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [type(answer) for answer in answers] == [StorageError] * 3
    with pytest.raises(StorageError, match=r"died.*out of the blue"):
        await asyncio.wait_for(database.write(posting("after it")), 5)
    with pytest.raises(StorageError, match="died"):
        await asyncio.wait_for(watching, 5)
    assert await database.read(bodies) == []


async def test_what_was_kept_before_the_writer_died_is_not_told_to_be_lost(
    database: Database, behind: Any, brake: Any
) -> None:
    """The loop hears of the commit only after the death, for it stands still meanwhile."""

    def die(_connection: Connection) -> None:
        raise _Death

    _, kept, bad, last = await behind(posting("kept"), broken, die)
    writer = next(thread for thread in threading.enumerate() if thread.name == "db-writer")
    brake.release()
    writer.join(10)
    assert await kept == "kept"
    answers = await asyncio.gather(bad, last, return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError, StorageError]


async def test_closing_commits_what_was_handed_over(url: str, brake: Any) -> None:
    writer = Writer(writing_engine(url))
    held = asyncio.ensure_future(writer.write(brake))
    await asyncio.to_thread(brake.reached.wait, 10)
    waiting = asyncio.ensure_future(writer.write(lambda _: "kept"))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(writer.close())
    await asyncio.sleep(0)
    brake.release()
    await asyncio.wait_for(closing, 5)
    await held
    assert await waiting == "kept"
    with pytest.raises(StorageError, match="closed"):
        await writer.write(lambda _: "late")


@pytest.mark.sqlite_only("BEGIN IMMEDIATE")
async def test_every_writing_transaction_begins_as_a_writer(
    database: Database, statements: list[str]
) -> None:
    """One that reads first fails at once when another wrote meanwhile, whatever the time-out."""
    await database.write(posting("a"))
    assert statements[0] == "BEGIN IMMEDIATE"
    assert statements[1].startswith("INSERT")
