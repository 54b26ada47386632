"""What is sent while somebody looks: read once for all, and only what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.sse import ServerSentEvent
from support.consoling import Console, visiting

from gateway.access import Right, Role
from gateway.domain.errors import StorageError
from gateway.web.console import topic as topics
from gateway.web.console.live import BAR, BEAT, Live
from gateway.web.console.topic import Sight, Snapshot, Topic
from gateway.web.house import House

pytestmark = pytest.mark.looptime
ADMIN = Sight.of(visiting())
VIEWER = Sight.of(visiting(Role.VIEWER))


@dataclass
class Told:
    """A topic whose value a test sets."""

    value: str = "one"
    reads: int = 0
    at_once: int = 0
    most_at_once: int = 0
    broken: bool = False
    drawn: list[Sight] = field(default_factory=list)

    async def take(self, house: House, subject: str) -> Snapshot:
        self.reads += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.05)
        self.at_once -= 1
        if self.broken:
            raise StorageError("the disk is full")
        return {"said": self.value + subject}

    def draw(self, house: House, template: str, *, sight: Sight, said: str = "") -> str:
        self.drawn.append(sight)
        return said


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    made = Told()
    monkeypatch.setattr(topics, "render_part", made.draw)
    return made


@pytest.fixture
async def live(console: Console, told: Told) -> AsyncIterator[Live]:
    async def nothing(house: House, subject: str) -> Snapshot:
        return {}

    made = Live(
        console.house,
        [
            Topic(name="it", right=Right.READ, take=told.take, parts={"part": "it.html"}),
            Topic(name=BAR, right=Right.READ, take=nothing, parts={}, every=4),
        ],
    )
    yield made
    await made.close()


async def yes() -> bool:
    return True


def events(live: Live, sight: Sight = ADMIN, still: Any = yes) -> AsyncIterator[ServerSentEvent]:
    topic = live.topic("it")
    assert topic is not None
    return live.watch(topic, "", sight, still)


async def collect(live: Live, seconds: float, sight: Sight = ADMIN, still: Any = yes) -> list[str]:
    """Return the parts and beats that come in so many seconds."""
    found: list[str] = []

    async def take() -> None:
        async for event in events(live, sight, still):
            word = "beat" if event.event == "beat" else str(event.raw_data)
            found.append(word)

    task = asyncio.create_task(take())
    await asyncio.wait({task}, timeout=seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return [one for one in found if one != "None"]


async def test_fifty_viewers_cost_what_one_does(live: Live, told: Told) -> None:
    async with asyncio.TaskGroup() as group:
        looks = [group.create_task(collect(live, 9)) for _ in range(50)]
    assert told.reads <= 5
    assert told.most_at_once == 1
    assert len(told.drawn) == 1
    assert all(look.result().count("one") == 1 for look in looks)


async def test_it_is_drawn_once_for_each_set_of_rights(live: Live, told: Told) -> None:
    async with asyncio.TaskGroup() as group:
        for sight in (ADMIN, VIEWER, ADMIN, VIEWER):
            group.create_task(collect(live, 3, sight))
    assert sorted(told.drawn, key=hash) == sorted([ADMIN, VIEWER], key=hash)


async def test_what_has_changed_is_sent_and_nothing_else(live: Live, told: Told) -> None:
    look = asyncio.create_task(collect(live, 10))
    await asyncio.sleep(5)
    told.value = "two"
    assert [one for one in await look if one != "beat"] == ["one", "two"]


async def test_many_who_ask_at_once_cost_one_look(live: Live, told: Told) -> None:
    await asyncio.gather(*(live.latest("it") for _ in range(200)))
    assert told.reads == 1
    await asyncio.sleep(topics.KEPT)
    await live.latest("it")
    assert told.reads == 2


async def test_who_asks_while_others_look_is_shown_what_they_see(live: Live, told: Told) -> None:
    look = asyncio.create_task(collect(live, 10))
    await asyncio.sleep(1.9)
    before = told.reads
    await live.latest("it")
    assert told.reads == before
    live.forget()
    await live.latest("it")
    assert told.reads == before + 1
    await look


async def test_nothing_is_read_when_nobody_looks(live: Live, told: Told) -> None:
    await collect(live, 5)
    await asyncio.sleep(5)
    before = told.reads
    await asyncio.sleep(60)
    assert told.reads == before
    assert "one" in await collect(live, 1)


async def test_the_beat_stops_when_it_cannot_be_read(live: Live, told: Told) -> None:
    assert (await collect(live, 3 * BEAT)).count("beat") >= 2
    await asyncio.sleep(topics.KEPT + 2)
    told.broken = True
    assert "beat" not in await collect(live, 3 * BEAT)
    await asyncio.sleep(5)
    told.broken = False
    assert "beat" in await collect(live, 3 * BEAT)


async def test_who_is_let_in_no_more_looks_no_more(live: Live, told: Told) -> None:
    async def no() -> bool:
        return False

    look = asyncio.create_task(collect(live, 100, still=no))
    await asyncio.sleep(20)
    assert not look.done()
    await asyncio.sleep(15)
    assert look.done()


async def test_closing_ends_who_looks(live: Live, told: Told) -> None:
    look = asyncio.create_task(collect(live, 1000))
    await asyncio.sleep(5)
    await live.close()
    await asyncio.wait_for(look, 1)


async def test_who_may_not_is_not_sent_anything(console: Console) -> None:
    console.visitor = None
    assert (await console.browser.get("/live/bar")).status_code in (303, 401)
    console.visitor = visiting()
    assert (await console.browser.get("/live/nothing")).status_code == 404
