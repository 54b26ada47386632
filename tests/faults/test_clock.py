"""The box's clock steps an hour, forth and back, while messages go out.

A library between the gateway and the kernel tells it another time of day; the monotonic clock goes
on as it does on a box whose time is set by the network.
"""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

HOUR = 3600
BATCH = 30


@pytest.fixture
def library() -> Path:
    """The library of Debian's package ``faketime``."""
    found = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if shutil.which("faketime") is None or not found:
        pytest.skip("the package faketime is not installed")
    return found[0]


class Clock:
    """The time of day that a gateway is told."""

    def __init__(self, directory: Path, library: Path) -> None:
        self._file = directory / "time-of-day"
        self.step(0)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, seconds: int) -> None:
        """Let it show so many seconds more than there are."""
        self._file.write_text(f"{seconds:+d}\n")
        self.ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def _publish(built: House, jobs: range, **fields: object) -> None:
    for number in jobs:
        built.store.submit(f"job-{number}", **fields)


def _until_sent(built: House, jobs: range) -> None:
    wait_for(
        lambda: all("sent" in built.store.states(f"job-{n}") for n in jobs),
        60,
        f"jobs {jobs} sent, whatever the clock shows",
    )


@pytest.mark.timeout(240)
def test_the_clock_steps_forth_and_back_under_load(
    house: Build, library: Path, tmp_path: Path
) -> None:
    clock = Clock(tmp_path, library)
    built = house(modems=3, simulator=("--report-delay", "0.2", "--latency", "0.05"))
    built.start(environment=clock.environment)
    began = time.monotonic()
    for step, ahead in enumerate((HOUR, 0, -HOUR, 0)):
        jobs = range(step * BATCH, (step + 1) * BATCH)
        _publish(built, jobs)
        clock.step(ahead)
        _until_sent(built, jobs)
    built.store.await_all("delivered", 4 * BATCH, seconds=60)
    assert set(built.submits().values()) == {1}
    assert len(built.submits()) == 4 * BATCH
    assert time.monotonic() - began < HOUR, "nothing waited for an hour to pass"


@pytest.mark.timeout(240)
def test_a_deadline_is_kept_by_the_clock_as_it_is(
    house: Build, library: Path, tmp_path: Path
) -> None:
    """What the step makes late expires and is not sent; what it makes early again still waits."""
    clock = Clock(tmp_path, library)
    built = house(modems=1, simulator=("--report-delay", "0.2"))
    built.start(environment=clock.environment)
    built.bank.ask(do="unplug")
    deadline = (clock.now() + timedelta(minutes=30)).isoformat()
    built.store.submit("late", expires_at=deadline)
    built.store.submit("patient")
    built.store.await_state("late", "accepted")
    clock.step(HOUR)
    built.store.await_state("late", "expired")
    clock.step(0)
    built.bank.ask(do="return")
    built.store.await_state("patient", "delivered", 40)
    assert [entry["text"] for entry in built.log()] == ["Your order patient has shipped."]
