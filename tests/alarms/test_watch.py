"""The watch: from facts to rows and messages, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from support.timed import Lines

from gateway.alarms.channels import Channel, ChannelError
from gateway.alarms.condition import Name
from gateway.alarms.due import TellingRules
from gateway.alarms.facts import Facts, LineFact
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.message import Message
from gateway.alarms.teller import Teller
from gateway.alarms.watch import LOOK, AlarmWatch
from gateway.control.alarms import AlarmDesk
from gateway.db.console.alarms import AlarmRecord, ended_alarms, open_alarms
from gateway.domain.errors import RejectedError, StorageError

pytestmark = pytest.mark.looptime
DOWN = LineFact(name="m1", ready=False, state="missing")


@dataclass
class Gathered:
    """What a test says how everything stands."""

    facts: Facts = field(default_factory=Facts)
    troubles: list[str] = field(default_factory=list)

    def note_trouble(self, reason: str) -> None:
        self.troubles.append(reason)

    async def gather(self, on: frozenset[Name]) -> Facts:
        return replace(self.facts, on=on)


@dataclass
class Told:
    """A channel that keeps what it is told, or fails."""

    name: str = "told"
    messages: list[Message] = field(default_factory=list)
    fails: bool = False
    broken: bool = False

    async def tell(self, message: Message) -> None:
        if self.broken:
            raise ZeroDivisionError
        if self.fails:
            raise ChannelError("nobody there")
        self.messages.append(message)


Pass = Callable[[float], Awaitable[None]]


@dataclass
class Scene:
    """A watch over what a test says."""

    lines: Lines
    gathered: Gathered = field(default_factory=Gathered)
    told: Told = field(default_factory=Told)

    def watch(self, *channels: Channel, most: int = 100) -> AlarmWatch:
        gathering: Any = self.gathered
        return AlarmWatch(
            context=self.lines.world.context,
            gathering=gathering,
            teller=Teller(channels or (self.told,), most),
            limits=AlarmLimits(line_down=timedelta(seconds=20)),
            rules=TellingRules(repeat=timedelta(hours=1)),
        )

    async def play(self, watch: AlarmWatch, seconds: float) -> None:
        """Have it look for so long."""
        for _ in range(int(seconds / LOOK)):
            await watch.look()
            await asyncio.sleep(LOOK)

    async def open(self) -> list[AlarmRecord]:
        return await self.lines.world.database.read(open_alarms)

    async def ended(self) -> list[AlarmRecord]:
        since = self.lines.world.clock.now() - timedelta(days=1)
        return await self.lines.world.database.read(lambda c: ended_alarms(c, since))


@pytest.fixture
def scene(lines: Lines) -> Scene:
    return Scene(lines)


async def test_a_line_that_is_down_is_told_once_again_and_over(scene: Scene) -> None:
    watch = scene.watch()
    scene.gathered.facts = Facts(lines=(DOWN,))
    await scene.play(watch, 3000)
    assert [len(one.due.new) for one in scene.told.messages] == [1]
    await scene.play(watch, 1200)
    assert [len(one.due.again) for one in scene.told.messages] == [0, 1]
    scene.gathered.facts = Facts()
    await scene.play(watch, 200)
    assert [len(one.due.over) for one in scene.told.messages] == [0, 0, 1]
    assert await scene.open() == []
    [row] = await scene.ended()
    assert (row.kind, row.subject, row.told_end_at is not None) == ("line_down", "m1", True)


async def test_eight_lines_of_one_hub_are_one_message(scene: Scene) -> None:
    hub = [replace(DOWN, name=f"m{place}") for place in range(8)]
    watch = scene.watch()
    for gone in (2, 4, 6, 8):
        scene.gathered.facts = Facts(lines=tuple(hub[:gone]))
        await scene.play(watch, 5)
    await scene.play(watch, 300)
    [message] = scene.told.messages
    assert len(message.due.new) == 8


async def test_what_one_channel_cannot_another_tells(scene: Scene) -> None:
    watch = scene.watch(Told(fails=True), Told(broken=True), scene.told)
    scene.gathered.facts = Facts(lines=(DOWN,))
    await scene.play(watch, 600)
    assert len(scene.told.messages) == 1


async def test_what_nobody_could_be_told_is_tried_again_at_longer_and_longer_times(
    scene: Scene,
) -> None:
    watch = scene.watch()
    scene.told.fails = True
    scene.gathered.facts = Facts(lines=(DOWN,))
    await scene.play(watch, 900)
    [row] = await scene.open()
    assert row.told_at is None
    scene.told.fails = False
    await scene.play(watch, 900)
    assert len(scene.told.messages) == 1


async def test_a_storm_is_told_together_in_the_end(scene: Scene) -> None:
    """One channel is not asked more often than allowed, and what waits is in the next message."""
    watch = scene.watch(most=2)
    down: list[LineFact] = []
    for place in range(12):
        down.append(replace(DOWN, name=f"m{place}"))
        scene.gathered.facts = Facts(lines=tuple(down))
        await scene.play(watch, 120)
    await scene.play(watch, 2400)
    assert len(scene.told.messages) <= 4
    new = [one.subject for message in scene.told.messages for one in message.due.new]
    assert sorted(new) == sorted(one.name for one in down), "each is new in one message"


async def test_a_restart_tells_nothing_again_and_does_not_forget_the_end(scene: Scene) -> None:
    scene.gathered.facts = Facts(lines=(DOWN,))
    await scene.play(scene.watch(), 300)
    again = scene.watch()
    await scene.play(again, 300)
    assert len(scene.told.messages) == 1
    scene.gathered.facts = Facts()
    await scene.play(scene.watch(), 300)
    assert [len(one.due.over) for one in scene.told.messages] == [0, 1]
    assert len(await scene.ended()) == 1


async def test_a_database_in_trouble_keeps_nobody_from_being_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = scene.lines.world.context.database

    async def fail(_query: object) -> None:
        raise StorageError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(database, "read", fail)
        broken.setattr(database, "write", fail)
        watch = scene.watch()
        scene.gathered.facts = Facts(database="the disk is gone")
        await scene.play(watch, 120)
        assert [one.kind for one in scene.told.messages[0].due.new] == ["database_trouble"]
        assert scene.gathered.troubles
    await scene.play(watch, 10)
    [row] = await scene.open()
    assert row.told_at is not None, "the row follows when it can"


async def test_one_that_was_acknowledged_is_not_told_again(scene: Scene) -> None:
    watch, world = scene.watch(), scene.lines.world
    scene.gathered.facts = Facts(lines=(DOWN,))
    await scene.play(watch, 120)
    operations = AlarmDesk(world.database, world.clock).operations()
    await operations["alarm_acknowledge"]({"kind": "line_down", "by": "user:ann"})
    answer: Any = await operations["alarms"]({})
    [shown] = answer["open"]
    assert (shown["acknowledged_by"], shown["subject"]) == ("user:ann", "m1")
    await scene.play(watch, 8000)
    assert len(scene.told.messages) == 1
    scene.gathered.facts = Facts()
    await scene.play(watch, 200)
    assert len(scene.told.messages) == 2, "its end is told"


async def test_a_test_message_says_of_every_channel_what_came_of_it(scene: Scene) -> None:
    watch = scene.watch(scene.told, Told(name="mute", fails=True))
    desk = AlarmDesk(scene.lines.world.database, scene.lines.world.clock, watch.test)
    answer = await desk.operations()["alarm_test"]({})
    assert answer == {"told": None, "mute": "nobody there"}
    assert scene.told.messages[0].test


@pytest.mark.parametrize(
    ("op", "fields", "code"),
    [
        ("alarm_acknowledge", {"kind": "line_up"}, "unknown_alarm"),
        ("alarm_acknowledge", {}, "unknown_alarm"),
        ("alarm_acknowledge", {"kind": "line_down"}, "not_on"),
        ("alarm_acknowledge", {"kind": "line_down", "subject": 7}, "malformed"),
        ("alarms", {"days": "many"}, "malformed"),
        ("alarms", {"days": -1}, "malformed"),
        ("alarm_test", {}, "no_gateway"),
    ],
)
async def test_what_cannot_be_is_refused(
    scene: Scene, op: str, fields: dict[str, object], code: str
) -> None:
    desk = AlarmDesk(scene.lines.world.database, scene.lines.world.clock)
    with pytest.raises(RejectedError) as caught:
        await desk.operations()[op](fields)
    assert caught.value.code == code


async def test_no_channel_goes_on_telling_behind_what_was_ended(message: Message) -> None:
    class Hanging:
        name = "hanging"
        over = False

        async def tell(self, message: Message) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                self.over = True

    channel = Hanging()
    telling = asyncio.create_task(Teller((channel,), 12).tell(message, lambda: None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    telling.cancel()
    await asyncio.wait({telling})
    assert channel.over
