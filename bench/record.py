"""What the simulated network wrote down: the ground truth, the same for every program measured."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import Distribution, gaps, rate, steady_rate


class UncleanRunError(Exception):
    """A message was lost, doubled or refused; the run's figures would mean nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The messages of one run that the network took.

    Attributes:
        instants: by modem, when it took each, in seconds since the epoch.
        reports: how many delivery reports the modems handed over.
    """

    instants: dict[str, list[float]]
    reports: int

    @property
    def all(self) -> list[float]:
        """When each was taken, over all lines."""
        return [instant for line in self.instants.values() for instant in line]

    @property
    def messages(self) -> int:
        """How many the network took."""
        return len(self.all)

    def per_second(self) -> float:
        """Return the messages a second over all lines, from the first to the last."""
        return rate(self.all)

    def steady_per_second(self) -> float:
        """Return the messages a second in the middle of the run, while all lines are at work."""
        return steady_rate(self.all)

    def interval(self) -> Distribution | None:
        """Return the time from one message to the next on the same line.

        While the queue is never empty and the modem has no latency, this is the program's own
        time a message and line, and the simulator's and the broker's share of the machine.
        """
        return Distribution.of(gap for line in self.instants.values() for gap in gaps(line))


def count_accepted(log: Path) -> int:
    """Count the messages taken so far; cheap enough to be asked while a run goes on."""
    return log.read_bytes().count(b'"event": "accepted"') if log.exists() else 0


def read_record(log: Path, expected: int) -> Record:
    """Read a simulator's log.

    Args:
        log: one JSON object a line.
        expected: messages, each with a text of its own, that were to be sent once.

    Raises:
        UncleanRunError: the network saw anything else.
    """
    events = list(read_events(log))
    seen = Counter(event["event"] for event in events)
    texts = Counter(event["text"] for event in events if event["event"] == "accepted")
    if len(texts) != expected or set(texts.values()) != {1}:
        raise UncleanRunError(f"{expected} messages were to go out once each; seen: {dict(seen)}")
    instants: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if event["event"] == "accepted":
            instants[event["modem"]].append(instant_of(event))
    return Record(instants=dict(instants), reports=seen["report"])


def read_events(log: Path) -> Iterator[dict[str, Any]]:
    """Yield what a simulator wrote; a line that is being written is left out."""
    for line in log.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def instant_of(event: dict[str, Any]) -> float:
    """Return when something happened, in seconds since the epoch."""
    return datetime.fromisoformat(event["at"]).timestamp()
