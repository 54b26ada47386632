"""The console's process: what it asks is done by the gateway, and neither hangs on the other."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from support.configuration import CONTRACT
from support.members import eventually
from support.world import World

from gateway.app.apart import parent
from gateway.app.apart.channel import Birth, Channel, Request
from gateway.app.apart.child import DistantDatabase, DistantOperations, Gateway
from gateway.app.apart.parent import Apart
from gateway.db import Reader
from gateway.domain.backoff import Backoff
from gateway.domain.errors import ContentError, RejectedError, ShopbellError, StorageError
from gateway.domain.measures import Counted
from gateway.meter import Tally
from gateway.settings import Settings, load


@dataclass
class Pair:
    """A gateway and what its console's process has of it, in one process."""

    apart: Apart
    gateway: Gateway
    database: DistantDatabase
    operations: DistantOperations
    tally: Tally
    settings: list[Settings]
    asked: list[str] = field(default_factory=list)

    async def ask(self, op: str, **fields: object) -> Any:
        return await self.operations[op](fields)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for secret in ("mqtt.password", "m0.pin"):
        (tmp_path / secret).write_text("1234\n")
        (tmp_path / secret).chmod(0o600)
    file = tmp_path / "shopbell.toml"
    file.write_text(CONTRACT)
    return load(file)


@asynccontextmanager
async def pair_of(world: World, url: str, settings: Settings) -> AsyncIterator[Pair]:
    """Join both ends over a pair of sockets, as they are between two processes."""
    current, tally, asked = [settings], Tally(), []

    async def modems(fields: Mapping[str, Any]) -> object:
        asked.append("modems")
        return [{"name": "m0"}]

    async def refuse(fields: Mapping[str, Any]) -> object:
        raise RejectedError("no_line", "there is no line", field=str(fields["field"]))

    async def fail(fields: Mapping[str, Any]) -> object:
        raise RuntimeError("a fault of ours")

    operations = {"modems": modems, "refuse": refuse, "fail": fail}
    serving = asyncio.Event()
    apart = Apart(lambda: current[-1], world.context, tally, operations, serving)
    ours, theirs = socket.socketpair()
    mine, channel = await Channel.over(ours), await Channel.over(theirs)
    async with asyncio.TaskGroup() as tasks:
        beat = tasks.create_task(apart._beat(mine), name="beat")
        answer = tasks.create_task(apart._answer_all(mine, tasks), name="answer")
        birth = await channel.receive()
        assert isinstance(birth, Birth)
        gateway = Gateway(channel, birth)
        listen = tasks.create_task(gateway.listen(), name="listen")
        async with Reader.open(url) as reader:
            yield Pair(
                apart,
                gateway,
                DistantDatabase(reader, gateway, birth),
                DistantOperations(gateway),
                tally,
                current,
                asked,
            )
        for task in (beat, answer, listen):
            task.cancel()
        await mine.close()
        await channel.close()


@pytest.fixture
async def pair(world: World, database_url: str, settings: Settings) -> AsyncIterator[Pair]:
    async with pair_of(world, database_url, settings) as made:
        yield made


def note(connection: Connection, subject: str) -> str:
    statement = "INSERT INTO notes (subject, facts, noted_at) VALUES (:subject, '{}', '2026-11-26')"
    connection.execute(text(statement), {"subject": subject})
    return subject.upper()


def notes(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT subject FROM notes")).scalars())


def refuse_change(connection: Connection) -> None:
    raise RejectedError("late", "it is too late", field="at")


async def test_it_reads_by_itself_and_has_the_gateway_write(pair: Pair) -> None:
    assert await pair.database.write(partial(note, subject="kept")) == "KEPT"
    assert "kept" in await pair.database.read(notes)


async def test_a_refusal_in_a_change_comes_back_whole_and_keeps_nothing(pair: Pair) -> None:
    with pytest.raises(RejectedError, match="too late") as caught:
        await pair.database.write(refuse_change)
    assert (caught.value.code, caught.value.field) == ("late", "at")


async def test_a_change_that_is_no_function_of_a_module_is_refused_here(pair: Pair) -> None:
    with pytest.raises(Exception, match=r"pickle|local object"):
        await pair.database.write(lambda connection: None)


async def test_what_is_asked_is_done_by_the_gateway(pair: Pair) -> None:
    with pytest.raises(RejectedError, match="no line") as caught:
        await pair.ask("refuse", field="to")
    assert caught.value.field == "to"
    with pytest.raises(RejectedError, match="cannot dance"):
        await pair.ask("dance")


async def test_a_fault_of_ours_is_no_answer_and_ends_nothing(pair: Pair) -> None:
    with pytest.raises(ShopbellError, match="its log says why"):
        await pair.ask("fail")
    assert await pair.ask("modems") == [{"name": "m0"}]


async def test_many_who_want_to_know_the_same_cost_one_question(pair: Pair) -> None:
    await asyncio.gather(*(pair.ask("modems") for _ in range(50)))
    assert pair.asked == ["modems"]


async def test_the_tally_is_that_of_the_gateway(pair: Pair) -> None:
    pair.tally.count(Counted.BROKER_CONNECTIONS)
    assert (await pair.gateway.tally()).counts == pair.tally.counts


async def test_settings_that_were_read_again_are_known_before_the_answer(pair: Pair) -> None:
    other = pair.settings[-1].model_copy()
    pair.settings.append(other)
    await pair.ask("modems", fresh=True)
    assert pair.gateway.settings == other


async def test_a_gateway_that_goes_answers_nobody_and_keeps_nobody_waiting(
    world: World, settings: Settings
) -> None:
    ours, theirs = socket.socketpair()
    channel = await Channel.over(theirs)
    birth = Birth(
        settings=settings, started_at=world.clock.now(), version="0", pid=1, exclusive=True
    )
    gateway = Gateway(channel, birth)
    listening = asyncio.create_task(gateway.listen(), name="listen")
    asking = asyncio.create_task(gateway.ask("modems", {}), name="ask")
    await asyncio.sleep(0)
    ours.close()
    with pytest.raises(StorageError, match="has stopped"):
        await asking
    await listening
    with pytest.raises(StorageError, match="has stopped"):
        await gateway.ask("modems", {})
    await channel.close()


@asynccontextmanager
async def kept(world: World, settings: Settings) -> AsyncIterator[None]:
    """Have a gateway keep its child, whatever `parent.PROGRAM` is."""
    apart = Apart(lambda: settings, world.context, Tally(), {}, asyncio.Event())
    running = asyncio.create_task(apart.run(), name="apart")
    yield
    running.cancel()
    await asyncio.wait({running})


async def test_a_child_that_ends_is_begun_again(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark = tmp_path / "begun"
    program = ("sh", "-c", f"echo begun >> {mark}; exit 3")
    monkeypatch.setattr(parent, "PROGRAM", program)
    async with kept(world, settings):
        await eventually(lambda: mark.exists() and mark.read_text().count("begun") >= 2, seconds=20)


async def test_what_a_child_asked_holds_up_no_other(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure takes minutes; a console that ended meanwhile comes back at once."""
    ended = asyncio.Event()

    async def erase(fields: Mapping[str, Any]) -> object:
        await ended.wait()
        return "erased"

    ours, theirs = socket.socketpair()
    mine, child = await Channel.over(ours), await Channel.over(theirs)
    apart = Apart(lambda: settings, world.context, Tally(), {"erase": erase}, asyncio.Event())
    async with asyncio.TaskGroup() as requests:
        answering = asyncio.create_task(apart._answer_all(mine, requests), name="answering")
        child.send(Request(number=1, what="erase", fields={}))
        await asyncio.sleep(0.05)
        await child.close()
        await asyncio.wait_for(answering, 5)
        assert len(requests._tasks) == 1
        ended.set()
    await mine.close()


async def test_a_child_that_cannot_be_told_anything_is_tried_again(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    async def fail(_self: Apart, _requests: asyncio.TaskGroup) -> int:
        nonlocal tried
        tried += 1
        raise ValueError("what nobody foresaw")

    monkeypatch.setattr(Apart, "_live", fail)
    monkeypatch.setattr(Backoff, "pause", lambda _self: 0.0)
    async with kept(world, settings):
        await eventually(lambda: tried >= 2, seconds=5)


async def test_a_child_that_does_not_end_is_ended(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    monkeypatch.setattr(parent, "PROGRAM", ("sh", "-c", f"echo $$ > {mark}; exec sleep 60"))
    monkeypatch.setattr(parent, "PATIENCE", 0.1)
    async with kept(world, settings):
        await eventually(lambda: mark.exists() and mark.read_text().strip(), seconds=20)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


async def test_a_child_that_hangs_is_ended_and_begun_again(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark = tmp_path / "pids"
    monkeypatch.setattr(parent, "PROGRAM", ("sh", "-c", f"echo $$ >> {mark}; exec sleep 60"))
    monkeypatch.setattr(parent, "PATIENCE", 0.1)
    monkeypatch.setattr(parent, "SILENCE", 0.1)
    monkeypatch.setattr(parent, "BEAT", 0.02)
    async with kept(world, settings):
        await eventually(lambda: mark.exists() and len(mark.read_text().split()) >= 2, seconds=20)
    for pid in mark.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


async def test_a_child_that_only_listens_is_heard_all_the_same(
    world: World, database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "BEAT", 0.02)
    async with pair_of(world, database_url, settings) as pair:
        before = pair.apart._heard_at
        await eventually(lambda: pair.apart._heard_at > before, seconds=20)


@pytest.mark.parametrize(
    "error",
    [
        RejectedError("late", "it is late", field="at", job="j"),
        ContentError("is empty", file=Path("a.toml"), place="where"),
        StorageError("the disk is full"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_go_from_a_process_to_another_with_all_they_say(error: ShopbellError) -> None:
    came = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own
    assert (type(came), str(came), vars(came)) == (type(error), str(error), vars(error))
