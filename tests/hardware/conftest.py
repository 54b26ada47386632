"""A modem on a bench: octets in, octets out, and a clock that the test moves."""

from __future__ import annotations

import heapq
import itertools
import json
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardware.simulator.control import ControlClient
from hardware.simulator.device import Device
from hardware.simulator.faults import Faults, parse_fault
from hardware.simulator.log import Event
from hardware.simulator.modem import Modem
from hardware.simulator.network import Line
from hardware.simulator.personality import Personality, load
from hardware.simulator.settings import ModemSettings
from hardware.simulator.sim import identity

with warnings.catch_warnings():
    # Its sources hold escapes that Python warns of when it compiles them; ours is only its verdict.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    import gsmmodem  # noqa: F401

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

HELLO = "0021000C91447700091032000005C8329BFD06"
"""SMS-SUBMIT to +447700900123: "Hello", with TP-SRR; the service centre address is empty."""

HELLO_LENGTH = 18


class _Timer:
    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class ManualTimers:
    """Calls back when the test moves the time."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int, _Timer]] = []

    def call_later(self, delay: float, callback: Callable[[], object]) -> _Timer:
        timer = _Timer(callback)
        heapq.heappush(self._due, (self.elapsed + delay, next(self._order), timer))
        return timer

    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    def advance(self, seconds: float) -> None:
        end = self.elapsed + seconds
        while self._due and self._due[0][0] <= end:
            self.elapsed, _, timer = heapq.heappop(self._due)
            if timer.callback is not None:
                timer.callback()
        self.elapsed = end


class ListJournal:
    """Keeps what was logged."""

    def __init__(self, timeline: list[bytes | str]) -> None:
        self.records: list[dict[str, Any]] = []
        self._timeline = timeline

    def write(self, modem: str, event: Event, **fields: object) -> None:
        self._timeline.append(event.value)
        self.records.append({"modem": modem, "event": event.value, **fields})


class Rig:
    """One modem without a port, and both its sides."""

    def __init__(self, profile: str | None = None, **settings: Any) -> None:
        self.timers = ManualTimers()
        self.timeline: list[bytes | str] = []
        """Lines said and events logged, in the order in which they came about."""
        self.journal = ListJournal(self.timeline)
        self.faults = Faults("seed")
        self.vanished: list[float | None] = []
        self._said = bytearray()
        self.line = Line(
            name="modem0",
            faults=self.faults,
            journal=self.journal,
            timers=self.timers,
            clock=self.timers.now,
        )
        self.device = Device(
            identity=identity(0),
            line=self.line,
            faults=self.faults,
            settings=ModemSettings(**settings),
            personality=load(profile) if profile else Personality(),
        )
        self.modem = Modem(
            name="modem0",
            device=self.device,
            journal=self.journal,
            timers=self.timers,
            cable=self,
        )

    # The cable

    def write(self, octets: bytes) -> None:
        self._said += octets
        self.timeline.extend(line for line in octets.split(b"\r\n") if line)

    def vanish(self, back_after: float | None) -> None:
        self.vanished.append(back_after)
        self.modem.power_off()

    # What a test does

    def arm(self, *faults: str) -> None:
        for fault in faults:
            self.faults.arm(parse_fault(fault))

    def change(self, **settings: Any) -> None:
        self.device.settings = replace(self.device.settings, **settings)

    def said(self) -> bytes:
        """Everything said since the last look, as octets."""
        said = bytes(self._said)
        self._said.clear()
        return said

    def lines(self) -> list[str]:
        """The same as lines, blank ones left out."""
        return [line for line in self.said().decode("latin-1").split("\r\n") if line]

    def ask(self, *commands: str) -> list[str]:
        """Send commands one by one; the lines that came, all together."""
        for command in commands:
            self.modem.receive(command.encode() + b"\r")
        return self.lines()

    def submit(self, pdu: str = HELLO, length: int = HELLO_LENGTH, end: str = "\x1a") -> list[str]:
        """Send one message; the lines from the prompt on."""
        self.modem.receive(f"AT+CMGS={length}\r".encode())
        self.modem.receive(pdu.encode())
        self.modem.receive(end.encode())
        return self.lines()

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """What was logged, or those of some kinds."""
        return [each for each in self.journal.records if not kinds or each["event"] in kinds]

    def kinds(self) -> list[str]:
        """The kinds of all that was logged, in order."""
        return [each["event"] for each in self.journal.records]


@pytest.fixture
def make_rig() -> Callable[..., Rig]:
    """Make a modem that is on and silent about it, echo off, reports routed."""

    def make(*commands: str, profile: str | None = None, **settings: Any) -> Rig:
        rig = Rig(profile, **settings)
        rig.modem.power_on()
        rig.ask("ATE0", *commands)
        return rig

    return make


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Iterator[Rig]:
    """The usual modem: reports routed, inbound announced."""
    return make_rig("AT+CNMI=2,1,0,1,0", "AT+CMEE=1")


class Process:
    """A bank in a process of its own."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        command = [sys.executable, "-m", "hardware.simulator", str(directory), *options]
        self.popen = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.popen.stdout is not None
        self.first_line = self.popen.stdout.readline()

    def port(self, index: int = 0) -> Path:
        return self.directory / f"modem{index}"

    def control(self) -> ControlClient:
        return ControlClient(self.directory / "control.sock")

    def log(self, event: str) -> list[dict[str, Any]]:
        lines = (self.directory / "log.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines]
        return [record for record in records if record["event"] == event]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
            self.popen.communicate(timeout=10)
        return self.popen.returncode


@pytest.fixture
def start_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Process]]:
    """Start banks as processes of their own; they end with the test."""
    with ExitStack() as stack:

        def start(*options: str) -> Process:
            process = Process(tmp_path_factory.mktemp("bank"), *options)
            stack.callback(process.stop)
            return process

        yield start
