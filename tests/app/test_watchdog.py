"""The service manager hears that the gateway goes on only while it does."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.app.service import ServiceManager
from gateway.app.watchdog import DESK_LIMIT, WRITER_LIMIT, Pulse, Watchdog, judge
from gateway.db import Database
from gateway.db.retrial import BUSY_LIMIT

WELL = Pulse(writer=0.0, desk=0.0)


class Listener(ServiceManager):
    """Writes down what it is told, and when on the loop's clock."""

    def __init__(self) -> None:
        super().__init__(None)
        self.beats: list[float] = []
        self.said: list[str] = []

    def alive(self) -> None:
        self.beats.append(asyncio.get_running_loop().time())

    def status(self, text: str) -> None:
        self.said.append(text)


@pytest.mark.parametrize(
    ("pulse", "hangs"),
    [
        (WELL, ""),
        (Pulse(writer=BUSY_LIMIT + 10, desk=BUSY_LIMIT + 10), ""),
        (Pulse(writer=WRITER_LIMIT + 1, desk=0), "the database has not answered for 91 s"),
        (Pulse(writer=0, desk=DESK_LIMIT + 1), "the lines have not been served for 121 s"),
        (Pulse(writer=1, desk=DESK_LIMIT + 1), ""),
    ],
    ids=["well", "waits for another's lock", "hung disk", "stuck desk", "desk waits for a commit"],
)
def test_what_hangs_is_named_and_what_waits_does_not_hang(pulse: Pulse, hangs: str) -> None:
    assert judge(pulse) == hangs


@pytest.mark.looptime
async def test_the_word_is_given_three_times_in_the_time_there_is() -> None:
    heard = Listener()
    async with Watchdog(heard, lambda: WELL, lambda: "2 of 2 modems ready", 60):
        await asyncio.sleep(59)
    assert [round(at - heard.beats[0]) for at in heard.beats] == [0, 20, 40]
    assert set(heard.said) == {"2 of 2 modems ready"}


@pytest.mark.looptime
async def test_no_word_is_given_while_something_hangs_and_again_when_it_goes_on() -> None:
    heard, pulse = Listener(), Pulse(writer=WRITER_LIMIT + 1, desk=0)
    with capture_logs() as logged:
        async with Watchdog(heard, lambda: pulse, lambda: "well", 60):
            await asyncio.sleep(100)
            assert heard.beats == []
            pulse = WELL
            await asyncio.sleep(20)
    assert heard.beats
    assert heard.said[0].startswith("the database has not answered")
    assert heard.said[-1] == "well"
    assert logged[0]["event"] == "watchdog_not_told"


@pytest.mark.looptime
async def test_without_a_watchdog_the_status_alone_is_told() -> None:
    heard = Listener()
    async with Watchdog(heard, lambda: WELL, lambda: "well", None):
        await asyncio.sleep(100)
    assert (heard.beats, set(heard.said)) == ([], {"well"})


async def test_a_loop_that_stands_still_gives_no_word() -> None:
    """The wall clock's own time, since nothing else tells of a loop that is blocked."""
    heard = Listener()
    async with Watchdog(heard, lambda: WELL, lambda: "", 0.03):
        await asyncio.sleep(0.1)
        before = len(heard.beats)
        time.sleep(0.2)  # noqa: ASYNC251 -- it is what is tested
        assert len(heard.beats) == before >= 2
        await asyncio.sleep(0.05)
        assert len(heard.beats) > before


async def test_the_writer_tells_for_how_long_it_has_been_held(tmp_path: Path) -> None:
    release, begun = threading.Event(), threading.Event()

    def hold(_connection: object) -> None:
        begun.set()
        release.wait(20)

    async with Database.open(f"sqlite:///{tmp_path / 'a.db'}") as database:
        assert database.busy_for() == 0
        writing = asyncio.create_task(database.write(hold))
        await asyncio.to_thread(begun.wait, 20)
        assert database.busy_for() > 0
        release.set()
        await writing
        await database.write(lambda _: None)
        for _ in range(100):
            if not database.busy_for():
                break
            await asyncio.sleep(0.01)
        assert database.busy_for() == 0
