"""A store with a watch: when it published each job, and when each status came."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

import paho.mqtt.client as mqtt

from bench.figures import Distribution
from bench.harness import Store, wait_for
from bench.record import UncleanRunError

NUMBERS = 100_000
"""Recipients at most."""


class TimedStore(Store):
    """A store of the tests that also looks at the clock; instants are seconds since the epoch."""

    def __init__(self, port: int) -> None:
        self.published: dict[str, float] = {}
        self.arrived: dict[str, dict[str, float]] = defaultdict(dict)
        self.told: Counter[str] = Counter()
        super().__init__(port)

    def _on_message(self, client: mqtt.Client, data: object, message: mqtt.MQTTMessage) -> None:
        now = time.time()
        before = len(self.statuses)
        super()._on_message(client, data, message)
        for status in self.statuses[before:]:
            if status["id"] not in self.arrived[status["state"]]:
                self.arrived[status["state"]][status["id"]] = now
                self.told[status["state"]] += 1

    def order(self, number: int) -> None:
        """Publish the job of a number, with a text and a recipient of its own."""
        job = f"bench-{number}"
        self.published[job] = time.time()
        self.submit(job, to=f"+4477009{number % NUMBERS:05d}")

    def await_told(self, state: str, count: int, seconds: float) -> None:
        """Wait until ``count`` jobs were told to be in ``state``."""
        wait_for(
            lambda: self.told[state] >= count or bool(self.rejected),
            seconds,
            f"{count} jobs {state}; told were {dict(self.told)}",
        )
        if self.rejected:
            raise UncleanRunError(f"rejected: {self.rejected[0]}")

    def latency(self, state: str) -> Distribution | None:
        """Return the time from a job's publication to its first status of a kind."""
        arrived = self.arrived[state]
        return Distribution.of(arrived[job] - self.published[job] for job in arrived)
