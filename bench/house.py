"""A house on the bench: the whole gateway as processes, with what the machine says of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import ROOT, House, Process, wait_for

REPORT_DELAY = 0.05
"""Seconds from a message's acceptance to its delivery report; what a test network takes, so that
reports come in while further messages go out."""


def bank(latency: float = 0) -> tuple[str, ...]:
    """Return the simulator's options, the same for every program: seconds from Ctrl-Z on."""
    return ("--latency", str(latency), "--report-delay", str(REPORT_DELAY))


@contextmanager
def house(directory: Path, modems: int, latency: float = 0, **options: str) -> Iterator[House]:
    """Keep a house in a directory of its own; its gateway is not started yet."""
    with (
        TemporaryDirectory(dir=directory) as private,
        House(Path(private), modems=modems, simulator=bank(latency), **options) as built,
    ):
        yield built


def unplug(built: House) -> None:
    """Pull all modems out, so that what is published waits."""
    built.bank.ask(do="unplug")


def plug_in(built: House) -> None:
    """Put all of them back."""
    built.bank.ask(do="return")


def network_log(built: House) -> Path:
    """Where the simulated network writes what it sees."""
    return built.bank.directory / "log.jsonl"


def shopbell(built: House, config: Path, name: str) -> Process:
    """Start a gateway with a configuration of its own."""
    command = Path(sys.executable).with_name("shopbell")
    return Process([command, "run", "--config", config], built.directory, name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What a process used of the machine between two looks."""

    seconds: float
    wall: float

    @property
    def cores(self) -> float:
        """Share of one core."""
        return self.seconds / self.wall


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, user and system (proc(5), ``stat``)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Return the memory that a process has at most had in use (proc(5), ``VmHWM``), in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024 / 1e6


class Publisher:
    """`bench.quick`: a store in a process of its own."""

    def __init__(self, built: House, count: int, *words: str) -> None:
        module = [sys.executable, "-m", "bench.quick", str(built.broker.port), str(count)]
        self._process = Process(
            [*module, *words], built.directory, "quick", {"PYTHONPATH": str(ROOT)}
        )

    def when(self, what: str, patience: float) -> float:
        """Wait until it says something, and return the time that it says with it."""
        wait_for(lambda: self._process.ended or what in self._said(), patience, f"all {what}")
        if what not in self._said():
            raise AssertionError(f"the store ended: {self._process.stderr.read_text()[-500:]}")
        return self._said()[what]

    def _said(self) -> dict[str, float]:
        lines = self._process.stdout.read_text().splitlines()
        return {word: float(time) for word, _, time in (line.partition(" ") for line in lines)}

    def close(self) -> None:
        """End it."""
        self._process.close()


@contextmanager
def publisher(built: House, count: int, *words: str) -> Iterator[Publisher]:
    """Keep a store that publishes jobs until all is told or nobody asks any more."""
    store = Publisher(built, count, *words)
    try:
        yield store
    finally:
        store.close()
