"""A store as its own developer would write one: a paho client that this project has no part in."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from support.processes import wait_for

SESSION = 3600
"""Seconds for which the broker keeps what is published while the store is away."""


RESEND = 1.0
"""Seconds after which a job is published again of which nothing was heard."""


class Store:
    """Publishes jobs, and keeps all that it is told in the order of its arrival.

    With ``outbox`` it does what the contract asks of a store: until it has seen `accepted` for a
    job, or anything else, it publishes the same job again.
    """

    def __init__(
        self,
        port: int,
        *,
        name: str = "acme",
        username: str | None = None,
        password: str = "",
        outbox: bool = False,
    ) -> None:
        self.name = name
        self._unheard: dict[str, bytes] = {}
        self._closed = threading.Event()
        self._resender = threading.Thread(target=self._resend, name="store outbox", daemon=True)
        self.statuses: list[dict[str, Any]] = []
        self.rejected: list[dict[str, Any]] = []
        self.inbound: list[dict[str, Any]] = []
        self.consent: list[dict[str, Any]] = []
        self.clicks: list[dict[str, Any]] = []
        self.presence: list[dict[str, Any]] = []
        self.heard: list[tuple[str, dict[str, Any], bool]] = []
        """Everything as it came: topic, payload, and whether it was retained."""
        self._kept = {
            "status": self.statuses,
            "rejected": self.rejected,
            "inbound": self.inbound,
            "consent": self.consent,
            "clicks": self.clicks,
        }
        self._subscribed = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"store-{name}", protocol=mqtt.MQTTv5
        )
        self._client.max_inflight_messages_set(200)
        if username is not None:
            self._client.username_pw_set(username, password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION
        self._client.reconnect_delay_set(min_delay=1, max_delay=1)
        self._client.connect("127.0.0.1", port, clean_start=False, properties=properties)
        self._client.loop_start()
        assert self._subscribed.wait(10), "the broker did not answer the store"
        if outbox:
            self._resender.start()

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe(
            [
                (f"shopbell/v1/{self.name}/status", 1),
                (f"shopbell/v1/{self.name}/rejected", 1),
                (f"shopbell/v1/{self.name}/inbound", 1),
                (f"shopbell/v1/{self.name}/consent", 1),
                (f"shopbell/v1/{self.name}/clicks", 1),
                ("shopbell/v1/gateway/+", 1),
            ]
        )

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        kind = message.topic.rsplit("/", 1)[1]
        content = json.loads(message.payload)
        self._kept.get(kind, self.presence).append(content)
        self.heard.append((message.topic, content, message.retain))
        if kind in ("status", "rejected"):
            self._unheard.pop(content["id"], None)

    def _resend(self) -> None:
        while not self._closed.wait(RESEND):
            for payload in list(self._unheard.values()):
                self.publish(payload)

    def publish(self, payload: bytes, topic: str = "jobs", *, retain: bool = False) -> None:
        """Publish raw octets."""
        self._client.publish(f"shopbell/v1/{self.name}/{topic}", payload, qos=1, retain=retain)

    def submit(self, job: str, **fields: Any) -> dict[str, Any]:
        """Publish a job and return it."""
        content = {
            "id": job,
            "to": "+447700900123",
            "text": f"Your order {job} has shipped.",
            "purpose": "transactional",
        } | fields
        payload = json.dumps(content).encode()
        self._unheard[job] = payload
        self.publish(payload)
        return content

    def history(self) -> dict[str, list[dict[str, Any]]]:
        """Return the statuses of each job in the order of their first arrival, without repeats."""
        told: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for status in list(self.statuses):
            seen = told[status["id"]]
            if all(status["seq"] != other["seq"] for other in seen):
                seen.append(status)
        return told

    def states(self, job: str) -> list[str]:
        """Return the states that were told of a job, in order."""
        return [status["state"] for status in self.history()[job]]

    def messages(self) -> list[dict[str, Any]]:
        """Return what persons wrote in the order of its first arrival, without repeats."""
        return list({told["id"]: told for told in reversed(list(self.inbound))}.values())[::-1]

    def await_messages(self, count: int, seconds: float = 30.0) -> None:
        """Wait until ``count`` messages of persons have arrived."""
        wait_for(lambda: len(self.messages()) >= count, seconds, f"{count} in {self.inbound}")

    def await_state(self, job: str, state: str, seconds: float = 30.0) -> None:
        """Wait until a job was told to be in ``state``."""
        wait_for(
            lambda: state in self.states(job),
            seconds,
            f"{job} {state}; told were {self.states(job)}, rejected {self.rejected}",
        )

    def await_rejected(self, job: str, code: str, seconds: float = 30.0) -> None:
        """Wait until a job was refused with ``code``."""
        wait_for(
            lambda: (job, code) in [(one["id"], one["error"]["code"]) for one in self.rejected],
            seconds,
            f"{job} {code} in {self.rejected}",
        )

    def await_all(self, state: str, count: int, seconds: float) -> None:
        """Wait until ``count`` jobs were told to be in ``state``, one told twice counted once."""

        def reached() -> bool:
            told = {status["id"] for status in list(self.statuses) if status["state"] == state}
            return len(told) >= count

        wait_for(reached, seconds, f"{count} jobs {state}")

    def close(self) -> None:
        """Leave the broker; the session stays."""
        self._closed.set()
        if self._resender.is_alive():
            self._resender.join()
        self._client.disconnect()
        self._client.loop_stop()
