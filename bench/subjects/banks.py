"""Many lines: how much of them is used where they are slow, and how much goes where they are not.

The queue is filled while no modem is there; then all of them are plugged in at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.aims import Figure
from bench.figures import share_of_ideal
from bench.harness import House, wait_for
from bench.house import (
    Spent,
    cpu_seconds,
    house,
    network_log,
    plug_in,
    publisher,
    unplug,
)
from bench.options import Options
from bench.record import Record, count_accepted, read_record

LINES: Final = 64
SECONDS: Final = 3.0
"""Of a message on a usual stick."""
ROUNDS: Final = 11
"""Messages of each line where lines are slow."""
MESSAGES: Final = 8000
"""Where they are not."""
SLOWEST: Final = 40
FEW: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class BankRun:
    """A run over a bank of modems."""

    record: Record
    gateway: Spent
    """While all lines were at work."""
    simulator: Spent
    messages: int
    """Taken meanwhile."""


def paced(options: Options) -> list[Figure]:
    """64 lines at 3 s a message."""
    rounds = 3 if options.quick else ROUNDS
    run = run_bank(options, LINES, LINES * rounds, SECONDS)
    record = run.record
    note = f"{record.messages:,} messages over {len(record.instants)} lines"
    share = share_of_ideal(record.instants, SECONDS) * len(record.instants) / LINES
    return [
        Figure(key="paced-share", value=100 * share, note=note),
        Figure(key="paced-core", value=100 * run.gateway.cores, note=note),
    ]


def full(options: Options) -> list[Figure]:
    """64 lines without latency."""
    messages = options.many(MESSAGES, LINES * 4)
    run = run_bank(options, LINES, messages)
    note = f"the middle of {messages:,} messages"
    return [
        Figure(key="full-rate", value=run.record.steady_per_second(), note=note),
        Figure(key="full-whole", value=run.record.per_second()),
        Figure(key="full-cpu", value=1000 * run.gateway.seconds / run.messages),
        Figure(key="full-simulator", value=1000 * run.simulator.seconds / run.messages),
    ]


def few(options: Options) -> list[Figure]:
    """8 lines without latency, for the comparison with others."""
    messages = options.many(MESSAGES // 4, FEW * 8)
    run = run_bank(options, FEW, messages)
    return [Figure(key="bank-rate", value=run.record.steady_per_second())]


def run_bank(options: Options, lines: int, messages: int, latency: float = 0) -> BankRun:
    """Fill the queue, plug the modems in, and watch while they are at work."""
    patience = options.patience(messages, SLOWEST) + latency * messages / lines
    with house(options.directory, lines, latency) as built:
        unplug(built)
        watched = _Watch(built, built.start().pid)
        with publisher(built, messages) as store:
            store.when("accepted", patience)
            plug_in(built)
            watched.between(lines, messages - lines, patience)
            store.when("delivered", patience)
        return BankRun(
            record=read_record(network_log(built), messages),
            gateway=watched.spent[0],
            simulator=watched.spent[1],
            messages=watched.messages,
        )


class _Watch:
    """What two processes use between two moments of a run."""

    def __init__(self, built: House, gateway: int) -> None:
        self._log: Path = network_log(built)
        self._processes = (gateway, built.bank.pid)
        self.spent: tuple[Spent, Spent]
        self.messages = 0

    def between(self, first: int, last: int, patience: float) -> None:
        """Wait for ``first`` messages, then for ``last``."""
        began, before, seen = self._look(first, patience)
        ended, after, then = self._look(last, patience)
        self.messages = max(1, then - seen)
        gateway, simulator = (
            Spent(seconds=late - early, wall=ended - began)
            for early, late in zip(before, after, strict=True)
        )
        self.spent = (gateway, simulator)

    def _look(self, messages: int, patience: float) -> tuple[float, list[float], int]:
        wait_for(
            lambda: count_accepted(self._log) >= messages, patience, f"{messages} messages sent"
        )
        used = [cpu_seconds(pid) for pid in self._processes]
        return time.monotonic(), used, count_accepted(self._log)
