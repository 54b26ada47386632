"""A store with a watch: when it published each job, and when each status came."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

import paho.mqtt.client as mqtt

from bench.harness import Store, wait_for
from bench.numbers import number_of, text_of
from bench.record import UncleanRunError


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
            arrived = self.arrived[status["state"]]
            if status["id"] in self.published and status["id"] not in arrived:
                arrived[status["id"]] = now
                self.told[status["state"]] += 1

    @staticmethod
    def job(number: int) -> str:
        """Return the id of a job."""
        return f"timed-{number}"

    def order(self, number: int, **fields: str) -> None:
        """Publish the job of a number, with a text and a recipient of its own."""
        self.published[self.job(number)] = time.time()
        self.submit(self.job(number), **{"to": number_of(number), "text": text_of(number)} | fields)

    def await_told(self, state: str, count: int, seconds: float) -> None:
        """Wait until ``count`` jobs were told to be in ``state``."""
        wait_for(
            lambda: self.told[state] >= count or bool(self.rejected),
            seconds,
            f"{count} jobs {state}; told were {dict(self.told)}",
        )
        if self.rejected:
            raise UncleanRunError(f"rejected: {self.rejected[0]}")
